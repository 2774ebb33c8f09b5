"""What an order and a sheet look like in a terminal: lines of text.

The sheet is printed from the very bytes that are signed, not from the order. May not
enter: databases, decisions.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from field_client.forms import clock_text, yuan_text
from field_client.sight import Sight
from field_client.words import _
from sync.moment import Moment
from sync.order import Order, Payer, Stage
from sync.problems import SENTENCES
from sync.reconcile import LABELS as DIFFERENCES
from sync.reconcile.deciding import CHOICE_LABELS
from sync.reviews import LABELS as REVIEWS
from sync.sheet import short_code, shown_hash
from sync.words import N_

STAGES: dict[Stage, str] = {
    Stage.UNKNOWN: N_("未知"),
    Stage.LOGGED: N_("已登记"),
    Stage.DISPATCHED: N_("已派单"),
    Stage.ON_SITE: N_("已到场"),
    Stage.SURVEYED: N_("已勘察"),
    Stage.AGREED: N_("方案已同意"),
    Stage.COMPLETED: N_("已完工"),
    Stage.REWORK: N_("二次整改"),
    Stage.UNSIGNED: N_("业主拒签"),
    Stage.ACCEPTED: N_("已验收"),
}

PAYERS: dict[Payer, str] = {
    Payer.CONTRACTOR: N_("A 类（施工方）"),
    Payer.COMPANY: N_("B 类（公司）"),
    Payer.OWNER: N_("有偿（业主）"),
}

MOMENTS = {
    "before": N_("维修前"),
    "during": N_("维修过程中"),
    "after": N_("维修后"),
    "other": N_("其他"),
}

ANSWERS = {
    "accepted": N_("验收合格"),
    "rejected": N_("验收不通过"),
    "signature_refused": N_("业主拒签"),
}


def stage_text(order: Order) -> str:
    """Where the work stands, in words."""
    text = _(STAGES[order.stage])
    return _(N_("{stage}（已取消）"), stage=text) if order.cancelled else text


def where(sight: Sight) -> str:
    """Site, building, unit and room."""
    if (request := sight.order.request) is None:
        return ""
    names = ("building", "unit", "room")
    parts = [sight.text(request.private, name) for name in names]
    return " ".join(one for one in (request.site, *parts) if one)


def job_line(sight: Sight) -> str:
    """One order in a list."""
    request = sight.order.request
    fault = sight.text(request.private, "fault") if request else ""
    return "  ".join((sight.name, stage_text(sight.order), where(sight), fault))


def moment_text(moment: Moment, offset: int) -> str:
    """A time that can be defended: interval and grade, and what was claimed (V2)."""
    claimed = clock_text(moment.claimed_ms, offset)
    if moment.earliest_ms is None and moment.latest_ms is None:
        return _(
            N_("本机钟 {claimed}（无旁证，{grade} 级）"),
            claimed=claimed,
            grade=moment.grade,
        )
    return _(
        N_("{first} 至 {end}（{grade} 级；本机钟 {claimed}）"),
        first=clock_text(moment.earliest_ms, offset),
        end=clock_text(moment.latest_ms, offset),
        grade=moment.grade,
        claimed=claimed,
    )


def order_lines(sight: Sight, offset: int) -> Iterator[str]:
    """The whole order."""
    order = sight.order
    yield f"{sight.name}  {stage_text(order)}"
    yield from _request_lines(sight)
    for visit in order.visits:
        yield f"{_(N_('到场'))}  {visit.by}  {moment_text(visit.moment, offset)}"
    if order.survey:
        yield f"{_(N_('勘察'))}  {order.survey.cause} → {order.survey.method}"
    for item in order.items:
        what = sight.text(item.private, "what")
        yield f"{_(N_('事项'))} {item.item}  {what}  {_(PAYERS[item.payer])}"
    for photo in order.photos:
        state = N_("已收") if photo.blob.sha256 in sight.held else N_("未收")
        flaw = sight.flaws.get(photo.blob.sha256, "")
        why = _(SENTENCES.get(flaw, flaw))
        name = photo.blob.sha256[:8]
        when = _(MOMENTS.get(photo.moment, photo.moment))
        about = f"{when} {photo.item or ''} {name}"
        yield f"{_(N_('照片'))}  {about} {_(state)} {why}"
    for part in order.parts:
        line = part.line
        cost = yuan_text(line.quantity * line.price_fen)
        yield f"{_(N_('用料'))}  {line.code} × {line.quantity}  {cost}"
    for record in order.records:
        yield f"{_(N_('维修记录'))} {record.item}  {record.cause} → {record.remedy}"
    yield from _beside_lines(sight)
    for number, round_ in enumerate(order.rounds, 1):
        for verdict in round_.verdicts:
            yield f"{_(N_('第 {n} 轮'), n=number)}  {_(ANSWERS[verdict.answer])}"
    for review in order.reviews:
        yield f"{_(N_('待核对'))}  {_(REVIEWS.get(review.code, review.code))}"
    yield from _settled_lines(sight)


def _settled_lines(sight: Sight) -> Iterator[str]:
    """What the desk decided where the central log said something else."""
    for one in sight.order.settlements:
        about = _(DIFFERENCES.get(one.code, one.code))
        choice = _(CHOICE_LABELS.get(one.choice, one.choice))
        words = sight.text(one.private, "words")
        gone = _(N_("已更正或撤回")) if one.undone else ""
        told = "  ".join(filter(None, (about, choice, words, gone)))
        yield f"{_(N_('对账裁定'))}  {told}"


def _beside_lines(sight: Sight) -> Iterator[str]:
    """What somebody else stated about the same, not knowing of what is shown above;
    whoever states it once more has settled it."""
    beside = sight.order.beside
    told = [
        *(f"{one.cause} → {one.method}" for one in beside.survey),
        *(f"{one.item}  {sight.text(one.private, 'what')}" for one in beside.items),
        *(f"{one.item}  {one.cause} → {one.remedy}" for one in beside.records),
        *(f"{one.line.code} × {one.line.quantity}" for one in beside.parts),
    ]
    for text in told:
        yield f"{_(N_('另有人填写'))}  {text}"


def _request_lines(sight: Sight) -> Iterator[str]:
    if (request := sight.order.request) is None:
        return
    yield where(sight)
    for name, label in (
        ("owner", N_("业主")),
        ("phone", N_("电话")),
        ("fault", N_("报修")),
        ("remark", N_("备注")),
    ):
        if text := sight.text(request.private, name):
            yield f"{_(label)}  {text}"


def sheet_lines(sheet: bytes, sight: Sight, offset: int) -> Iterator[str]:
    """The sheet that is signed, and what it is recognised by. A text that was erased
    leaves its commitment to be seen."""
    said = json.loads(sheet)
    digest = shown_hash(sheet)
    yield _(N_("验收单  {number}  第 {n} 轮"), number=said["number"], n=said["round"])
    for visit in said["visits"]:
        at = clock_text(visit["claimed_ms"], offset)
        yield f"{_(N_('到场'))}  {visit['by']}  {at}"
    yield from _sheet_work(said, sight)
    yield from _sheet_money(said, sight)
    yield _(N_("照片 {count} 张"), count=len(said["photos"]))
    for photo in said["photos"]:
        when = _(MOMENTS.get(photo["moment"], photo["moment"]))
        yield f"  {when} {photo['item'] or ''} {photo['sha256'][:16]}"
    for gone in said["taken_away"]:
        back = _(N_("已归还") if gone.get("returned") else N_("未归还"))
        what = _text(gone, "what", sight)
        yield f"{_(N_('取件'))}  {gone['receipt']}  {what}  {back}"
    yield said["consent"]
    yield f"{_(N_('短码'))}  {short_code(digest)}"
    yield f"SHA-256  {digest}"


def _sheet_work(said: Mapping[str, Any], sight: Sight) -> Iterator[str]:
    if survey := said["survey"]:
        yield f"{_(N_('勘察'))}  {survey['cause']} → {survey['method']}"
    results = {word["item"]: word for word in said["inspections"]}
    for item in said["items"]:
        number = item["item"]
        yield (
            f"{_(N_('事项'))} {number}  {_text(item, 'what', sight)}"
            f"  {_text(item, 'where', sight)}  {_(PAYERS[Payer(item['payer'])])}"
            f"  {_result(results.get(number))}"
        )
    for agreed in said["agreements"]:
        reason = agreed.get("reason") or ""
        total = yuan_text(agreed.get("total_fen", 0))
        yield f"{_(N_('业主同意'))}  {total}  {reason}"
    for record in said["records"]:
        minutes = _(N_("{minutes} 分钟"), minutes=record["labour_minutes"])
        yield (
            f"{_(N_('维修记录'))} {record['item']}  {record['cause']} →"
            f" {record['remedy']}  {minutes}"
        )


def _sheet_money(said: Mapping[str, Any], sight: Sight) -> Iterator[str]:
    for part in said["parts"]:
        line = part["line"]
        name, unit = said["goods"].get(line["code"], (line["code"], ""))
        name = _text(part, "name", sight) or name
        each = yuan_text(line["price_fen"])
        cost = yuan_text(line["quantity"] * line["price_fen"])
        yield f"{_(N_('用料'))}  {name}  {each} × {line['quantity']}{unit}  {cost}"
    bill = said["bill"]
    yield _(
        N_("材料 {material}  人工 {labour}  业主应付 {owner}"),
        material=yuan_text(bill["material_fen"]),
        labour=yuan_text(bill["labour_fen"]),
        owner=yuan_text(bill["owner_fen"]),
    )


def _result(word: Mapping[str, Any] | None) -> str:
    if word is None:
        return _(N_("未验"))
    if word["passed"]:
        return _(N_("合格"))
    return _(N_("不合格：{reason}"), reason=word.get("reason") or "")


def _text(record: Mapping[str, Any], name: str, sight: Sight) -> str:
    promised = record.get("private", {}).get(name)
    if promised is None:
        return ""
    return sight.values.get(promised, f"[{promised[:8]}]")
