"""What the owner's own page says: what was done, promised, paid, and what they may say.

The owner reads their own order whole; telephone numbers stay shortened, for a link is
forwarded sooner than one thinks (X6). May not enter: HTTP, looking anything up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.paper.evidence_words import ANSWERS
from server.paper.sheet_words import MOMENTS, PAYERS
from server.paper.speech import Speech, yuan
from server.public.check_words import confirmed, confirming_form
from server.public.codes import code_of
from server.public.page import (
    GOOD,
    PLAIN,
    WARN,
    Block,
    Page,
    area,
    chips,
    form,
    link,
    pairs,
)
from server.public.standing import Found
from sync.card import STAGES
from sync.facts.owner import CHIPS, COMPLAINTS, DISPUTES
from sync.moment import Span
from sync.order import Order
from sync.strength import open_dispute, revocation
from sync.words import N_

MOST_WORDS = 500
PERSON = "person"  # about somebody who works here: told to the manager alone (C6)
DONE = {
    "rated": N_("谢谢，评价已记下。"),
    "complained": N_("投诉已记下，物业会答复您。"),
    "reported": N_("已转交负责人，被反映的人看不到。"),
    "disputed": N_("异议已记下，验收单现在显示为“有争议”。"),
    "confirmed": N_("已确认。谢谢您。"),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What an owner's page is made of."""

    order: Order
    found: Found | None  # the acceptance that stands, if any
    texts: Mapping[str, str]
    people: Mapping[str, str]
    pictures: tuple[str, ...]  # digests of photos that are here
    asks: bool  # may a code be typed now?
    done: str = ""


def owner_page(shown: Shown, say: Speech) -> Page:
    """The owner's own page."""
    order = shown.order
    title, tone = _title(shown)
    done = [say(DONE[shown.done])] if shown.done in DONE else []
    number = order.number or order.stream.removeprefix("order:")[:8]
    return Page(
        title=say(title), tone=tone, language=say.language, alert=bool(done),
        lead=[*done, say(N_("报修 {number}"), number=number), *_lead(shown, say)],
        links=list(_links(shown, say)),
        blocks=[one for one in _blocks(shown, say) if _is_filled(one)],
        issuer=order.request.site if order.request else "Doorstep",
        footer=[say(N_("这是您自己的页面，请不要转发链接；如已外泄，请让物业停用。"))],
    )  # fmt: skip


def _is_filled(block: Block) -> bool:
    return bool(block.get("rows") or block.get("photos") or block["kind"] == "form")


def _title(shown: Shown) -> tuple[str, str]:
    found = shown.found
    if found is None:
        return N_("您的报修"), PLAIN
    sheet = found.verdict.sheet
    if revocation(shown.order, sheet):
        return N_("验收单已撤销"), WARN
    if open_dispute(shown.order, sheet):
        return N_("有争议，处理中"), WARN
    return N_("维修已验收"), GOOD


def _lead(shown: Shown, say: Speech) -> Iterator[str]:
    if shown.found is None:
        yield say(N_("进度：{stage}"), stage=say(STAGES[shown.order.stage.value]))


def _links(shown: Shown, say: Speech) -> Iterator[Block]:
    if shown.found is not None:
        sheet = shown.found.verdict.sheet
        yield link("?paper=pdf", say(N_("下载验收单 PDF（已签字）")))
        yield link(f"/v/{code_of(sheet)}?lang={say.language}", say(N_("核对真伪")))


def _blocks(shown: Shown, say: Speech) -> Iterator[Block]:
    if shown.asks:
        yield confirming_form(say)
    yield pairs(say(N_("报修")), _request(shown, say))
    yield pairs(say(N_("时间")), _times(shown, say))
    yield pairs(say(N_("做了什么")), _work(shown, say))
    yield pairs(say(N_("费用")), _money(shown, say))
    yield pairs(say(N_("您签字的验收单")), _signed(shown, say))
    yield {"kind": "photos", "title": say(N_("照片")), "photos": _photos(shown, say)}
    yield _rating(shown, say)
    if shown.found and not open_dispute(shown.order, shown.found.verdict.sheet):
        yield _disputing(say)
    yield _complaining(say)


def _text(shown: Shown, promised: Mapping[str, str], name: str) -> str:
    return shown.texts.get(promised.get(name, ""), "")


def _request(shown: Shown, say: Speech) -> Iterator[tuple[str, str]]:
    asked = shown.order.request
    if asked is None:
        return
    home = [_text(shown, asked.private, one) for one in ("building", "unit", "room")]
    yield say(N_("房屋")), " ".join(filter(None, (asked.site, *home)))
    yield say(N_("内容")), _text(shown, asked.private, "fault")
    names = [shown.people.get(one, one) for one in sorted(shown.order.people)]
    masters = [say(N_("{name}师傅"), name=one) for one in names]
    yield say(N_("维修人员")), say(N_("、")).join(masters)


def _times(shown: Shown, say: Speech) -> Iterator[tuple[str, str]]:
    order = shown.order
    if order.request:
        yield say(N_("登记")), say.at(order.request.registered_ms)
    if order.appointments:
        last = order.appointments[-1]
        window = Span(last.start_ms, last.end_ms)
        yield say(N_("约定上门")), say.between(window)
    for one in order.visits:
        yield say(N_("到场")), say.between(one.moment.estimate)
    promised = [one.promised_ms for one in order.agreements if one.promised_ms]
    if promised:
        yield say(N_("答应修好")), say.at(promised[-1])
    if shown.found and (moment := shown.found.verdict.moment):
        yield say(N_("签字")), say.between(moment.estimate)


def _work(shown: Shown, say: Speech) -> Iterator[tuple[str, str]]:
    sheet = shown.found.sheet if shown.found else None
    order = shown.order
    items = sheet.items if sheet else order.items
    done = {one.item: one for one in (sheet.records if sheet else order.records)}
    word = {one.item: one for one in (sheet.inspections if sheet else ())}
    for n in dict.fromkeys((*(one.item for one in items), *done)):
        item = next((one for one in items if one.item == n), None)
        where = (
            [_text(shown, item.private, k) for k in ("where", "what")] if item else []
        )
        told = [" ".join(filter(None, where))]
        if n in done:
            told.append(say.word(done[n].cause))
            told.append(say.word(done[n].remedy))
        if n in word:
            told.append(say(N_("合格") if word[n].passed else N_("不合格")))
        yield say(N_("第 {n} 项"), n=n), say(N_("；")).join(filter(None, told))


def _money(shown: Shown, say: Speech) -> Iterator[tuple[str, str]]:
    sheet = shown.found.sheet if shown.found else None
    if sheet is None:
        return
    bill = sheet.bill
    total = bill.material_fen + bill.labour_fen
    yield say(N_("材料")), yuan(bill.material_fen)
    yield say(N_("人工")), yuan(bill.labour_fen)
    yield say(N_("合计")), yuan(total)
    yield say(N_("您应付")), yuan(bill.owner_fen)
    payers = dict.fromkeys(say(PAYERS[one.payer.value]) for one in sheet.items)
    yield say(N_("费用承担")), say(N_("、")).join(payers)
    paid = sum(one.amount_fen for one in shown.order.payments if one.means != "later")
    yield say(N_("已付")), yuan(paid) if paid else ""
    until = shown.found.warranty_until if shown.found else ""
    yield say(N_("保修期至")), until


def _signed(shown: Shown, say: Speech) -> Iterator[tuple[str, str]]:
    if shown.found is None:
        return
    verdict = shown.found.verdict
    yield say(N_("结论")), say(ANSWERS[verdict.answer])
    yield say(N_("签字人")), _text(shown, verdict.private, "signer")
    yield say(N_("业主确认")), confirmed(shown.order, verdict.sheet, say)
    yield say(N_("内容指纹")), verdict.sheet


def _photos(shown: Shown, say: Speech) -> list[Block]:
    told = []
    for one in shown.order.photos:
        name = one.blob.sha256
        item = say(N_("第 {n} 项"), n=one.item) if one.item else ""
        caption = f"{item} {say(MOMENTS.get(one.moment, one.moment))}".strip()
        here = name in shown.pictures
        caption = caption if here else say(N_("{what}（还没有传到）"), what=caption)
        small = f"?photo={name}&small=1" if here else ""
        told.append({"caption": caption, "src": small, "whole": f"?photo={name}"})
    return told


def _rating(shown: Shown, say: Speech) -> Block:
    stars = [(str(n), say(N_("{n} 星"), n=n)) for n in range(5, 0, -1)]
    told = [(name, say(word)) for name, word in CHIPS.items()]
    given = shown.order.marks[-1].stars if shown.order.marks else None
    lead = [say(N_("您上次给了 {n} 星，可以再评。"), n=given)] if given else []
    return form(
        "rate", say(N_("评价这次维修")), say(N_("提交评价")),
        [chips("stars", say(N_("打几分")), stars, required=True),
         chips("chips", say(N_("可多选")), told, input="checkbox"),
         area("words", say(N_("想说的话（可不填）")), MOST_WORDS)],
        lead=lead, value=("do", "rate"), weight="second",
    )  # fmt: skip


def _disputing(say: Speech) -> Block:
    why = [(name, say(word)) for name, word in DISPUTES.items()]
    return form(
        "dispute", say(N_("对这份验收单有异议")), say(N_("提出异议")),
        [chips("reason", say(N_("原因")), why, required=True),
         area("words", say(N_("说明（可不填）")), MOST_WORDS)],
        value=("do", "dispute"), weight="danger",
    )  # fmt: skip


def _complaining(say: Speech) -> Block:
    about = [(name, say(word)) for name, word in COMPLAINTS.items()]
    about.append((PERSON, say(N_("反映人员（保密）"))))
    return form(
        "complain", say(N_("投诉")), say(N_("提交投诉")),
        [chips("subject", say(N_("关于")), about, required=True),
         area("words", say(N_("说明（可不填）")), MOST_WORDS)],
        lead=[say(N_("反映人员的内容只有负责人能看，不进工单，被反映的人看不到。"))],
        value=("do", "complain"), weight="second",
    )  # fmt: skip
