"""Notices what happened: reads the ledger from where it stopped, and looks at clocks.

What is to be told is entered in the same transaction as how far was read: nothing is
told twice, and nothing is left out, whenever a process ends. May not enter: sending.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from server import owner_links
from server.board import as_order
from server.board_tables import order_row, order_words
from server.database import new_or_same
from server.keys import Keys
from server.notice_tables import notice_mark
from server.notices.occasions import (
    ASKED,
    CODE_MS,
    EMERGENCY,
    ESCALATED,
    EVENT,
    LEAD,
    LINKED,
    MANAGER,
    OCCASIONS,
    ON_THE_WAY,
    OWNER,
    TECHNICIAN,
    fresh_until_ms,
    is_coming,
)
from server.notices.outbox import Notice, Told, enter, unknown
from server.notices.targets import OWN, WEBHOOK, Target, standing
from server.people_tables import account, grant
from server.roster import duty
from server.running import Promised
from server.tables import fact, head, stream
from sync.access import EVERY
from sync.deadlines import Deadline, standing_at
from sync.envelope import read
from sync.facts import Fact, understand
from sync.order import Order
from sync.plain import but
from sync.policy import Policy
from sync.problems import Refused

AT_ONCE = 500


class Happened(NamedTuple):
    """A fact as the ledger has it, and its order as it stands now."""

    position: int
    received_ms: int
    fact: Fact
    order: Order


def follow(connection: Connection, policy: Policy, keys: Keys, now_ms: int) -> int:
    """Enter what is to be told of the next facts; how many facts were read."""
    position = _mark(connection)
    found = _facts_after(connection, position)
    if not found:
        return 0
    targets = standing(connection)
    told = [
        one
        for happened in _understood(connection, found)
        for one in _occasions(connection, policy, targets, happened, now_ms)
    ]
    told = [_linked(connection, keys, one, now_ms) for one in told]
    enter(connection, told, policy.telling, now_ms)
    mark = update(notice_mark).values(position=found[-1].seq)
    connection.execute(mark)
    return len(found)


def is_behind(connection: Connection) -> bool:
    """Is there any fact in the ledger that was not looked at? Other events have places
    there too, and are nobody's news."""
    known = connection.execute(select(notice_mark.c.position)).scalar()
    if known is None:
        return True
    later = select(fact.c.seq).where(fact.c.seq > known).limit(1)
    return connection.execute(later).first() is not None


def _mark(connection: Connection) -> int:
    """How far the ledger was read. Who begins today tells nobody of yesterday."""
    chosen = select(notice_mark.c.position).with_for_update()
    known: int | None = connection.execute(chosen).scalar()
    if known is not None:
        return known
    newest: int = connection.execute(select(head.c.seq)).scalar() or 0
    connection.execute(
        new_or_same(connection, notice_mark), [{"id": 1, "position": newest}]
    )
    return connection.execute(chosen).scalar_one()


def _facts_after(connection: Connection, position: int) -> Sequence[Any]:
    chosen = (
        select(fact.c.seq, fact.c.stream, fact.c.body, fact.c.received_ms)
        .where(fact.c.seq > position)
        .order_by(fact.c.seq)
        .limit(AT_ONCE)
    )
    return connection.execute(chosen).all()


def _understood(connection: Connection, rows: Sequence[Any]) -> Iterator[Happened]:
    names = {row.stream for row in rows}
    chosen = select(stream.c.id, stream.c.document).where(stream.c.id.in_(names))
    orders = {one: as_order(text) for one, text in connection.execute(chosen)}
    for row in rows:
        try:
            known = understand(read(row.body))
        except Refused:
            continue  # of a version that is not ours; it is told of by that one
        if row.stream in orders:
            yield Happened(row.seq, row.received_ms, known, orders[row.stream])


def _occasions(
    connection: Connection,
    policy: Policy,
    targets: Sequence[Target],
    happened: Happened,
    now_ms: int,
) -> Iterator[Told]:
    yield from _events(targets, happened)
    order, one = happened.order, happened.fact
    project = order.request.site if order.request else ""
    urgent = order.request is not None and order.request.priority == EMERGENCY
    for occasion in OCCASIONS:
        if occasion.fact != one.what.kind:
            continue
        until_ms = fresh_until_ms(occasion, order, one, policy.telling)
        if until_ms is None or now_ms >= until_ms:
            continue
        for person, said in occasion.says(order, one):
            figures = said | _passing(occasion.name, until_ms)
            whom = person or _whom(
                connection, policy, occasion.audience, project, now_ms
            )
            for target in targets:
                if not target.takes(occasion.audience, project):
                    continue
                if not _has_address(connection, target, order.stream, whom):
                    continue
                yield Told(
                    about=f"{one.id} {whom}", kind=occasion.name, target=target.id,
                    stream=order.stream, person=whom, facts=figures, urgent=urgent,
                    gathered=target.is_shared and not urgent,
                )  # fmt: skip


def _linked(connection: Connection, keys: Keys, one: Told, now_ms: int) -> Told:
    """What leads to the owner's own page names it by its number alone."""
    if one.kind not in LINKED:
        return one
    serial = owner_links.standing(connection, keys, one.stream, now_ms)
    return but(one, facts=one.facts | {"link": serial})


def _passing(name: str, until_ms: int) -> dict[str, Any]:
    """What is worth telling only so long, says so: it may wait on its way, too."""
    return {"until_ms": until_ms} if name == ON_THE_WAY else {}


def _events(targets: Sequence[Target], happened: Happened) -> Iterator[Told]:
    """What programs are told: which fact of which order; never what stands in it."""
    one = happened.fact
    for target in targets:
        if target.kind != WEBHOOK:
            continue
        if target.kinds and one.what.kind not in target.kinds:
            continue
        figures = {
            "type": one.what.kind, "fact": one.id, "position": happened.position,
            "received_ms": happened.received_ms, "number": happened.order.number,
        }  # fmt: skip
        yield Told(
            about=one.id, kind=EVENT, target=target.id, stream=one.head.stream,
            facts=figures,
        )  # fmt: skip


def _whom(
    connection: Connection, policy: Policy, audience: str, project: str, now_ms: int
) -> str:
    """The person of this audience: the day's lead, or whoever manages there."""
    if audience == LEAD:
        day = policy.calendar.day_name(now_ms)
        return duty(connection, project, day).lead or _manager(connection, project)
    return _manager(connection, project) if audience == MANAGER else ""


def _manager(connection: Connection, project: str) -> str:
    chosen = (
        select(grant.c.person)
        .where(grant.c.role == "manager", grant.c.project.in_([project, EVERY]))
        .order_by(grant.c.project.desc(), grant.c.person)  # "*" sorts before a name
    )
    return connection.execute(chosen).scalar() or ""


def _has_address(connection: Connection, target: Target, name: str, whom: str) -> bool:
    """A target that writes to people's own addresses needs one."""
    return target.address != OWN or bool(own_address(connection, target, name, whom))


def own_address(connection: Connection, target: Target, name: str, whom: str) -> str:
    """Where this person can be reached; without a person: the owner, as the request
    has it, for as long as it has."""
    if whom:
        column = account.c.email if target.kind == "email" else account.c.phone
        chosen = select(column).where(account.c.person == whom)
        return connection.execute(chosen).scalar() or ""
    if target.kind == "email":
        return ""
    mine = (order_words.c.stream == name) & (order_words.c.field == "phone")
    return connection.execute(select(order_words.c.value).where(mine)).scalar() or ""


def is_over(connection: Connection, one: Notice, now_ms: int) -> bool:
    """Did this pass while it waited: too late to be told, or overtaken?"""
    if one.kind == ASKED:
        return now_ms >= one.made_ms + CODE_MS
    if one.kind != ON_THE_WAY:
        return False
    chosen = select(stream.c.document).where(stream.c.id == one.stream)
    text = connection.execute(chosen).scalar()
    coming = text is not None and is_coming(as_order(text), one.facts["set_off"])
    return not coming or now_ms >= one.facts["until_ms"]


# promises in danger


def in_danger(connection: Connection, policy: Policy, now_ms: int) -> list[Told]:
    """What is to be told of promises in danger, and is not in the outbox yet: each rung
    once for each due time, worked out anew."""
    targets = [one for one in standing(connection) if one.kind != WEBHOOK]
    if not targets:
        return []
    row = order_row.c
    chosen = select(row.stream, row.project, row.priority, row.technician)
    rows = connection.execute(chosen.where(row.open)).all()
    promised = Promised(connection, policy).of([one.stream for one in rows])
    told = [
        one
        for row in rows
        for held in promised.get(row.stream, ())
        for one in _climbed(
            connection, policy, targets, row, standing_at(held, now_ms), now_ms
        )
    ]
    return unknown(connection, told)


def _climbed(
    connection: Connection,
    policy: Policy,
    targets: Sequence[Target],
    row: Any,
    held: Deadline,
    now_ms: int,
) -> Iterator[Told]:
    """The highest rung that is reached: who stands below was told in time, or would be
    told of what is long past."""
    if held.to is None:
        return
    audience = held.to
    whom = _whom(connection, policy, audience, row.project, now_ms)
    if audience == TECHNICIAN:
        whom = row.technician or ""
    urgent = row.priority == EMERGENCY
    figures = {"code": held.code, "due_ms": held.due_first_ms, "level": held.level}
    for target in targets:
        if not target.takes(audience, row.project) or audience == OWNER:
            continue
        if not _has_address(connection, target, row.stream, whom):
            continue
        yield Told(
            about=f"{row.stream} {held.code} {held.due_first_ms} {held.level}",
            kind=ESCALATED, target=target.id, stream=row.stream, person=whom,
            facts=figures, urgent=urgent,
            gathered=target.is_shared and not urgent,
        )  # fmt: skip
