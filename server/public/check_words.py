"""What a certificate's check page says: verdict, money, warranty, evidence, state.

Whatever a person is called, and where, is masked before it comes here. May not enter:
HTTP, looking anything up.
"""

from collections.abc import Iterator

from server.keys import Keys
from server.paper.evidence_words import ANSWERS, GRADES
from server.paper.sheet_words import PAYERS, RELATIONS
from server.paper.speech import Speech, yuan
from server.public.codes import code_of, grouped
from server.public.page import (
    BAD,
    GOOD,
    WARN,
    Block,
    Page,
    entry,
    form,
    lines,
    link,
    pairs,
)
from server.public.standing import (
    DISPUTED,
    NOT_PASSED,
    REVOKED,
    SUPERSEDED,
    TORN,
    VALID,
    Found,
)
from sync.facts.owner import REVOCATIONS
from sync.masking import surname
from sync.order import Order
from sync.sheet import short_code
from sync.strength import CONFIRMED, STRENGTHS, confirmation, revocation, strength
from sync.words import N_

TITLES = {
    VALID: N_("记录属实，现行有效"),
    SUPERSEDED: N_("已被新的验收单取代"),
    DISPUTED: N_("有争议，处理中"),
    REVOKED: N_("已撤销"),
    TORN: N_("服务器的记录对不上"),
    NOT_PASSED: N_("记录属实：业主没有通过验收"),
}
TONES = {
    VALID: GOOD,
    SUPERSEDED: WARN,
    DISPUTED: WARN,
    REVOKED: BAD,
    TORN: BAD,
    NOT_PASSED: WARN,
}
LEADS = {
    VALID: N_("这张验收单由业主签字，内容自签字起没有变过。"),
    SUPERSEDED: N_("这张验收单确实签过，但之后又有新的验收单，以新的为准。"),
    DISPUTED: N_("这张验收单确实签过，但业主提出了异议或结论互相矛盾，物业正在核对。"),
    TORN: N_("签字记录不在服务器签名的总账里，本页的内容不能采信，请联系公司。"),
    REVOKED: N_("这张验收单确实签过，但公司已经撤销，不能再作为凭据。"),
    NOT_PASSED: N_("这是一张退回返修或拒签的记录，不是验收合格的证明。"),
}
CHECK = N_("核对验收单")
NOT_PROVEN = N_("本页不能证明的")


def check_page(
    found: Found, keys: Keys, say: Speech, now_ms: int, *, asks: bool = False
) -> Page:
    """What is known of this sheet, to whoever holds a paper of it; `asks`: its owner
    was asked to confirm it, and may do so here."""
    state = found.state
    return Page(
        title=say(TITLES[state]), tone=TONES[state],
        lead=[say(N_("维修验收单 {number}"), number=found.number), *_lead(found, say)],
        links=_links(found, say),
        blocks=[
            *([confirming_form(say)] if asks else []),
            pairs(say(N_("验收")), _acceptance(found, say)),
            pairs(say(N_("费用")), _money(found, say)),
            pairs(say(N_("凭据")), _evidence(found, keys, say)),
            lines(say(NOT_PROVEN), _unproven(found, say)),
            *comparing(say),
        ],
        footer=[say(N_("查询时间 {at}"), at=say.at(now_ms))], language=say.language,
        issuer=found.order.request.site if found.order.request else "Doorstep",
    )  # fmt: skip


def _lead(found: Found, say: Speech) -> Iterator[str]:
    yield say(LEADS[found.state])
    gone = revocation(found.order, found.verdict.sheet)
    if gone is not None:
        reason = say(REVOCATIONS.get(gone.reason, REVOCATIONS["other"]))
        at = say.between(gone.moment.estimate)
        yield say(N_("撤销原因：{reason}；时间：{at}"), reason=reason, at=at)


def _links(found: Found, say: Speech) -> list[Block]:
    if found.successor is None:
        return []
    href = f"/v/{code_of(found.successor.sheet)}?lang={say.language}"
    return [link(href, say(N_("查看现行的验收单")))]


def _acceptance(found: Found, say: Speech) -> Iterator[tuple[str, str]]:
    order, verdict = found.order, found.verdict
    asked = order.request
    if asked is not None:
        home = [found.text(asked.private, name) for name in ("building", "unit")]
        room = found.text(asked.private, "room")
        yield say(N_("房屋")), " ".join(filter(None, (asked.site, *home, room)))
        yield say(N_("业主")), found.text(asked.private, "owner")
    people = [found.people.get(name, name) for name in _came(found)]
    masters = [say(N_("{name}师傅"), name=surname(one)[:1]) for one in people]
    yield say(N_("维修人员")), say(N_("、")).join(dict.fromkeys(masters))
    yield say(N_("维修项目")), say(N_("；")).join(_work(found, say))
    yield say(N_("结论")), say(ANSWERS[verdict.answer])
    yield say(N_("第几轮")), say(N_("第 {n} 轮"), n=found.round)
    yield say(N_("签字人")), _signer(found, say)
    moment = verdict.moment
    yield say(N_("签字时间")), say.between(moment.estimate) if moment else ""
    yield say(N_("业主确认")), confirmed(found.order, verdict.sheet, say)
    yield say(N_("时间可靠程度")), say(GRADES[moment.grade]) if moment else ""


def _came(found: Found) -> list[str]:
    if found.sheet is not None and found.sheet.visits:
        return [one.by for one in found.sheet.visits]
    return sorted(found.order.people)


def _work(found: Found, say: Speech) -> Iterator[str]:
    """Trade and remedy, item by item; where in the home is nobody else's business."""
    if found.sheet is None:
        return
    done = {one.item: say.word(one.remedy) for one in found.sheet.records}
    for one in found.sheet.items:
        yield " ".join(filter(None, (say.word(one.trade), done.pop(one.item, ""))))
    yield from filter(None, done.values())


def _signer(found: Found, say: Speech) -> str:
    verdict = found.verdict
    name = found.text(verdict.private, "signer")
    role = say(RELATIONS.get(verdict.relation or "", verdict.relation or ""))
    if verdict.signature is None:
        return say(N_("没有签字"))
    kept = say(N_("签名已留存"))
    named = say(N_("{name}（{role}）"), name=name, role=role) if role else name
    return say(N_("，")).join(filter(None, (named, kept)))


def _money(found: Found, say: Speech) -> Iterator[tuple[str, str]]:
    sheet = found.sheet
    if sheet is None:
        yield say(N_("金额")), say(N_("签字时所示的内容还没有传到，金额暂时看不到"))
    else:
        bill = sheet.bill
        total = bill.material_fen + bill.labour_fen
        yield say(N_("材料")), yuan(bill.material_fen)
        yield say(N_("人工")), yuan(bill.labour_fen)
        yield say(N_("合计")), yuan(total)
        yield say(N_("由施工单位或公司承担")), yuan(total - bill.owner_fen)
        yield say(N_("业主应付")), yuan(bill.owner_fen)
        payers = dict.fromkeys(say(PAYERS[one.payer.value]) for one in sheet.items)
        yield say(N_("费用承担")), say(N_("、")).join(payers)
    yield say(N_("保修期至")), found.warranty_until or say(N_("没有登记交付日期"))


def _evidence(found: Found, keys: Keys, say: Speech) -> Iterator[tuple[str, str]]:
    digest, held = found.verdict.sheet, found.custody
    yield say(N_("核对短码")), short_code(digest)
    yield say(N_("内容指纹")), grouped(digest)
    yield say(N_("签发密钥")), say(N_("{name}…（有效）"), name=keys.name[:12])
    if (many := len(keys.words)) > 1:
        yield say(N_("密钥更换")), say(N_("第 {n} 把，旧的仍可核对"), n=many)
    yield (
        say(N_("总账位置")),
        say(N_("第 {n} 条，共 {size} 条"), n=held.position, size=held.size),
    )
    whole = N_("完整：这一条就在服务器签名的总账里") if held.whole else N_("不完整")
    yield say(N_("总账核对")), say(whole)
    yield say(N_("服务器收到")), say.at(held.received_ms)


def _unproven(found: Found, say: Speech) -> Iterator[str]:
    yield say(N_("签字人是谁：笔迹写在维修人员的平板上，没有核对证件。"))
    said = strength(found.order, found.verdict.sheet)
    if said == CONFIRMED:
        yield say(N_("持有业主手机的人是谁：确认码只证明收到了短信。"))
    else:
        yield say(
            N_("业主本人是否同意：没有收到业主自己手机的确认，没有答复不当作同意。")
        )


def confirmed(order: Order, sheet: str, say: Speech) -> str:
    """Did the owner confirm from a phone of their own? No answer is said to be none."""
    answer = confirmation(order, sheet)
    if answer is None:
        return say(N_("未确认：{why}"), why=say(STRENGTHS[strength(order, sheet)]))
    at = say.between(answer.moment.estimate)
    return say(N_("已确认（短信确认码，{at}）"), at=at)


def confirming_form(say: Speech) -> Block:
    """Where the code from the owner's phone is typed."""
    code = entry("code", say(N_("短信里的 6 位确认码")), most=12, numbers=True)
    return form(
        "confirm", say(N_("用您自己的手机确认")), say(N_("确认这份验收单")), [code],
        lead=[say(N_("只有看过下面的内容、同意是这样做的，才请输入；不输入不当作同意。"))],
        value=("do", "confirm"),
    )  # fmt: skip


def comparing(say: Speech) -> list[Block]:
    """Does what the reader holds agree with what we hold?"""
    file = entry("file", say(N_("PDF 文件")), input="file", accept="application/pdf")
    digest = entry("digest", say(N_("指纹或网址里的代码")), most=200)
    return [
        form("file", say(N_("我有这份 PDF，核对是否被改")), say(N_("上传核对")), [file],
             lead=[say(N_("文件核对完随即丢弃，不保存。"))],
             upload=True, folded=True, value=("do", "file")),
        form("digest", say(N_("我有一串指纹，核对是否一致")), say(N_("核对指纹")),
             [digest], folded=True, value=("do", "digest")),
    ]  # fmt: skip


def asking_page(say: Speech) -> Page:
    """Where whoever has no QR code to scan begins."""
    number = entry("number", say(N_("工单编号")), most=64)
    code = entry("code", say(N_("核对短码（8 位）")), most=12)
    whole = entry("whole", say(N_("内容指纹（64 位）或网址里的代码")), most=200)
    return Page(
        title=say(CHECK), tone="plain", language=say.language,
        lead=[say(N_("请扫验收单上的二维码；没有二维码，可以在这里填写。"))],
        blocks=[
            form("short", say(N_("按编号和短码")), say(N_("查询")), [number, code],
                 value=("do", "short")),
            form("whole", say(N_("按完整的指纹")), say(N_("查询")), [whole],
                 weight="second", value=("do", "whole")),
        ],
    )  # fmt: skip


REFUSALS = {
    "copy_unknown": (N_("未找到"), BAD),
    "copy_not_here": (N_("还没有传到服务器"), WARN),
    "too_many_requests": (N_("请稍后再试"), WARN),
}
FAILED = N_("没有办成")


def refusal_page(code: str, sentence: str, say: Speech) -> Page:
    """No, why, and what to do."""
    title, tone = REFUSALS.get(code, (FAILED, WARN))
    again = [link(f"/v/?lang={say.language}", say(N_("另查一份")))]
    return Page(title=say(title), tone=tone, lead=[sentence], links=again, alert=True,
                language=say.language)  # fmt: skip
