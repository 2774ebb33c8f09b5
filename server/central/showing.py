"""A difference as a person reads it: in words, with what it rests on.

May not enter: which differences (`server/central/waiting.py`), deciding.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Connection, select

from server.board import as_order
from server.central import waiting, wording
from server.central.pictures import BothSides, both_sides
from server.central.settled import home_stream
from server.documents import texts
from server.story import called
from server.tables import blob, stream
from server.words import say
from sync.order import Order, Settlement
from sync.policy import Policy
from sync.reconcile import LABELS, SEVERITIES, SORTS, believed
from sync.reconcile.deciding import (
    CHOICE_LABELS,
    OFFERED,
    REASONS,
    SUGGESTED,
    choices,
    due_ms,
)
from sync.standing import is_signed
from sync.words import N_


def shown(
    connection: Connection,
    rows: Sequence[Any],
    policy: Policy,
    may: Callable[[Any], bool],
    projects: Collection[str],
) -> list[dict[str, Any]]:
    """These differences in words, for whoever may see those of these projects."""
    named = {who for row in rows for who in (row.handler, row.settled_by) if who}
    people = called(connection, named)
    return [
        {**_shown(row, policy, both_sides(connection, row, projects)),
         "may_settle": may(row),
         "handler_name": people.get(row.handler, row.handler),
         "settled_name": people.get(row.settled_by, row.settled_by or "")}
        for row in rows
    ]  # fmt: skip


def _shown(row: Any, policy: Policy, both: BothSides) -> dict[str, Any]:
    sort, offset = SORTS[row.code], policy.calendar.offset_minutes
    about, register = ("", "") if both.elsewhere else (row.about, row.register)
    theirs, ours = wording.sides(row.code, register, row.field, offset)
    return {
        "id": row.id, "number": row.number, "project": row.project,
        "order": row.stream.removeprefix("order:") if row.stream else None,
        "code": row.code, "label": say(LABELS[row.code], {}),
        "happened": both.elsewhere or wording.happened(
            row.code, register, row.field, about, offset
        ),
        "pictures": both.pictures, "elsewhere": both.elsewhere,
        "severity": sort.severity.value,
        "severity_label": say(SEVERITIES[sort.severity], {}),
        "settles": sort.settles, "cites": sort.cites,
        "register": register, "register_words": theirs,
        "field": row.field, "field_words": ours, "about": about,
        "first_ms": row.first_ms, "due_ms": due_ms(policy, row.code, row.first_ms),
        "gone_ms": row.gone_ms, "open": row.open, "handler": row.handler,
        "suggested": suggested(row.code),
        "choices": [_choice(one) for one in choices(row.code)],
        "decision": row.decision, "choice": row.choice, "reason": row.reason,
        "choice_label": _label(CHOICE_LABELS, row.choice),
        "reason_label": _label(REASONS, row.reason),
        "settled_by": row.settled_by, "settled_ms": row.settled_ms,
    }  # fmt: skip


def suggested(code: str) -> dict[str, str]:
    """What the evidence speaks for, and why."""
    one = SUGGESTED[code]
    return {"choice": one.choice, "reason": one.reason, "why": say(one.why, {})}


def _choice(choice: str) -> dict[str, Any]:
    reasons = [
        {"reason": one, "label": say(REASONS[one], {})} for one in OFFERED[choice]
    ]
    return {
        "choice": choice, "label": say(CHOICE_LABELS[choice], {}), "reasons": reasons,
    }  # fmt: skip


def _label(table: Any, code: str | None) -> str:
    return say(table[code], {}) if code in table else code or ""


def around(
    connection: Connection, row: Any, policy: Policy, *, knows: bool
) -> dict[str, Any]:
    """What a difference rests on; owner's words only for whoever `knows` the owner."""
    offset = policy.calendar.offset_minutes
    versions = waiting.versions(connection, row.number, cells=knows)
    order = _order(connection, row)
    return {
        "versions": versions,
        "evidence": [*_of_log(versions), *_of_order(connection, order, offset)],
        "history": _history(connection, row, offset, knows=knows),
    }


def _order(connection: Connection, row: Any) -> Order | None:
    chosen = select(stream.c.document).where(stream.c.id == row.stream)
    text = connection.execute(chosen).scalar() if row.stream else None
    return as_order(text) if text else None


def _chip(code: str, sentence: str, **facts: Any) -> dict[str, str]:
    return {"code": code, "words": say(sentence, facts)}


def _of_log(versions: Sequence[Any]) -> list[dict[str, str]]:
    if not versions:
        return [_chip("log", N_("台账没有这一行"))]
    newest = versions[0]
    return [_chip("log", N_("台账 {file} 第 {line} 行"), file=newest["name"],
                  line=newest["line"])]  # fmt: skip


def _of_order(
    connection: Connection, order: Order | None, offset: int
) -> list[dict[str, str]]:
    if order is None or order.request is None:
        return [_chip("order", N_("没有工单"))]
    said = [_arrived(order, offset), _chip(
        "signature", N_("业主已签字") if is_signed(order) else N_("没有签字")
    )]  # fmt: skip
    taken = {one.blob.sha256 for one in order.photos}
    held = select(blob.c.sha256).where(blob.c.sha256.in_(sorted(taken)))
    here = len(set(connection.execute(held).scalars())) if taken else 0
    return [*said, _chip("photos", N_("照片 {here}/{all}"), here=here, all=len(taken))]


def _arrived(order: Order, offset: int) -> dict[str, str]:
    if not order.visits:
        return _chip("arrival", N_("没有到场记录"))
    moment = order.visits[0].moment
    span = believed(moment)
    when = wording.sides("arrival_missing", "", f"{span.first_ms}–{span.end_ms}",
                         offset)[1]  # fmt: skip
    return _chip("arrival", N_("到场 {when}（时间可信度 {grade}）"), when=when,
                 grade=moment.grade.value)  # fmt: skip


def _history(
    connection: Connection, row: Any, offset: int, *, knows: bool
) -> list[dict[str, Any]]:
    """What was decided about this number and cause, the newest first."""
    names = list(dict.fromkeys(
        one for one in (row.stream, home_stream(row.number, None)) if one
    ))  # fmt: skip
    found = [
        (one, held.private if knows else {})
        for held in texts(connection, names).values()
        for one in as_order(held.text).settlements
        if (one.number, one.code) == (row.number, row.code)
    ]
    people = called(connection, {one.by for one, _ in found})
    told = [_told(one, private, people, offset) for one, private in found]
    return sorted(told, key=lambda one: -(one["at_ms"] or 0))


def _told(
    one: Settlement, private: Any, people: Any, offset: int
) -> dict[str, Any]:  # fmt: skip
    theirs, ours = wording.sides(one.code, one.register, one.field, offset)
    words = private.get(one.private.get("words", ""), ("", ""))
    return {
        "fact": one.fact, "name": people.get(one.by, one.by),
        "at_ms": one.moment.not_before_ms, "choice": one.choice,
        "choice_label": _label(CHOICE_LABELS, one.choice),
        "reason_label": _label(REASONS, one.reason), "words": words[1],
        "register_words": theirs, "field_words": ours, "undone": bool(one.undone),
    }  # fmt: skip
