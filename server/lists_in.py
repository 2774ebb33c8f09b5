"""The desk's lists come in: homes, rosters, certificates, from sheets people keep.

A plan says what would be new, changed or as it was, and writes nothing; carrying it out
writes all of it or none. May not enter: reading files, what cells mean
(`sync/desk_lists.py`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from server.database import writing
from server.homes import Home, Place, Resident, keep_home
from server.parts import Parts
from server.people import Person
from server.qualifications import belongs, keep
from server.roster import Duty, put
from sync.access import may
from sync.desk_lists import Listed, ListRow, wrong
from sync.plain import but
from sync.qualifications import Certificate
from sync.register import WrongRow
from sync.words import N_

T = TypeVar("T")
Held = tuple[str, Certificate, str | None]  # who, what, whose they are if that is said

AGAIN = N_("请写人员的编号或全名（doorstep people list）；同名的请写编号")


@dataclass(frozen=True)
class Planned:
    """What importing a list would do; `carry_out` does it."""

    new: int
    changed: int
    same: int
    wrong: tuple[WrongRow, ...]
    carry_out: Callable[[], None]


class Staff:
    """People by what a list calls them: an id, or a name that only one of them has."""

    def __init__(self, everybody: Iterable[Person]) -> None:
        self._people = {one.id: one for one in everybody}
        names: dict[str, list[str]] = {}
        for one in self._people.values():
            names.setdefault(one.name, []).append(one.id)
        self._named = {name: ids[0] for name, ids in names.items() if len(ids) == 1}

    def id_of(self, called: str) -> str | None:
        """Whom this means; None if nobody, or not only one."""
        return called if called in self._people else self._named.get(called)

    def works(self, name: str, project: str) -> bool:
        """May this person be given orders of the project?"""
        return may(self._people[name].grants, "order.work", project)


def homes(parts: Parts, listed: Listed) -> Planned:
    """Homes and their residents. What the sheet has no column for stays as it is."""
    told: dict[Place, list[ListRow]] = {}
    for row in listed.rows:
        place = Place(project=row.word("project"), building=row.word("building"),
                      unit=row.word("unit"), room=row.word("room"))  # fmt: skip
        told.setdefault(place, []).append(row)
    held = parts.homes.known(told)
    wanted = [
        _home(place, rows, held.get(place), listed) for place, rows in told.items()
    ]

    def write(connection: Connection, one: Home) -> None:
        keep_home(connection, one)

    return _planned(parts, wanted, lambda one: held.get(one.place), write, listed.wrong)


def _home(
    place: Place, rows: Sequence[ListRow], held: Home | None, listed: Listed
) -> Home:
    was = held or Home(place=place)
    people = dict.fromkeys(
        Resident(name=row.word("name"), phone=row.word("phone"),
                 relation=row.word("relation") or "owner", since=row.word("since"))
        for row in rows
        if row.word("name") or row.word("phone")
    )  # fmt: skip
    newest = sorted(people, key=lambda one: (one.name, one.phone))
    newest.sort(key=lambda one: one.since, reverse=True)
    named = bool(listed.fields & {"name", "phone"})
    return but(
        was,
        handed_over_day=_last(rows, "handed_over_day") or was.handed_over_day,
        note=_last(rows, "note") or was.note,
        residents=tuple(newest) if named else was.residents,
    )


def rosters(parts: Parts, listed: Listed, by: str, now_ms: int) -> Planned:
    """Who is on duty on which days; several rows of a day are one."""
    staff, bad = Staff(parts.people.everybody()), list(listed.wrong)
    told: dict[tuple[str, str], Duty] = {}
    for row in listed.rows:
        key = row.word("project"), row.word("day")
        before = told.get(key, Duty(project=key[0], day=key[1]))
        found = _on_duty(before, row, staff)
        if isinstance(found, WrongRow):
            bad.append(found)
        else:
            told[key] = found
    held = {key: parts.rosters.on(*key) for key in told}

    def known(one: Duty) -> Duty | None:
        was = held[one.project, one.day]
        return but(was, rev=0) if was.rev else None

    def write(connection: Connection, one: Duty) -> None:
        seen = str(held[one.project, one.day].rev)
        put(connection, one, by, now_ms, seen=seen)

    return _planned(parts, told.values(), known, write, bad)


def _on_duty(before: Duty, row: ListRow, staff: Staff) -> Duty | WrongRow:
    lead = row.word("lead")
    leads = staff.id_of(lead) if lead else ""
    if leads is None:
        return wrong(row, "person_not_known", N_("负责人"), lead, AGAIN)
    if before.lead and leads and leads != before.lead:
        only_one = N_("一天一个项目只写一位负责人")
        return wrong(row, "two_leads", N_("负责人"), lead, only_one)
    found = list(before.technicians)
    called = row.said.get("technicians", ())
    for name in called if isinstance(called, tuple) else ():
        who = staff.id_of(name)
        if who is None:
            return wrong(row, "person_not_known", N_("维修人员"), name, AGAIN)
        if not staff.works(who, before.project):
            first = N_("请先给这个项目的维修人员权限（doorstep people grant）")
            return wrong(row, "person_no_technician", N_("维修人员"), name, first)
        found.append(who)
    people = tuple(dict.fromkeys(found))
    return but(before, lead=leads or before.lead, technicians=people)


def qualifications(parts: Parts, listed: Listed) -> Planned:
    """Certificates, one a row; whoever has a firm beside the name is the firm's."""
    staff, bad = Staff(parts.people.everybody()), list(listed.wrong)
    told: dict[tuple[str, str, str], Held] = {}
    for row in listed.rows:
        found = _held(row, staff, listed)
        if isinstance(found, WrongRow):
            bad.append(found)
        else:
            who, one, _ = found
            told[who, one.what, one.number] = found
    known = parts.qualifications.papers({who for who, _, _ in told})

    def was(
        one: Held,
    ) -> Held | None:
        who, certificate, firm = one
        same = (certificate.what, certificate.number)
        held = [it for it in known.of(who) if (it.what, it.number) == same]
        now = known.firms.get(who, "") if firm is not None else None
        return (who, held[0], now) if held else None

    def write(connection: Connection, one: Held) -> None:
        who, certificate, firm = one
        keep(connection, who, certificate)
        if firm is not None:
            belongs(connection, who, firm)

    return _planned(parts, told.values(), was, write, bad)


def _held(row: ListRow, staff: Staff, listed: Listed) -> Held | WrongRow:
    who = staff.id_of(row.word("person"))
    if who is None:
        called = row.word("person")
        return wrong(row, "person_not_known", N_("人员"), called, AGAIN)
    one = Certificate(
        what=row.word("what"), number=row.word("number"),
        valid_from=row.word("valid_from"), valid_until=row.word("valid_until"),
    )  # fmt: skip
    if one.valid_until and one.valid_until < one.valid_from:
        again = N_("请核对起止日期")
        return wrong(row, "day_backwards", N_("有效期止"), one.valid_until, again)
    firm = row.word("contractor") if "contractor" in listed.fields else None
    return who, one, firm


def _planned(
    parts: Parts,
    wanted: Iterable[T],
    held: Callable[[T], T | None],
    write: Callable[[Connection, T], None],
    bad: Sequence[WrongRow],
) -> Planned:
    """What is new, changed or the same, and how it would be written: all or nothing."""
    rows = list(wanted)
    before = [held(one) for one in rows]
    moved = [one for one, was in zip(rows, before, strict=True) if one != was]

    def carry_out() -> None:
        with writing(parts.engine) as connection:
            for one in moved:
                write(connection, one)

    new = sum(was is None for was in before)
    return Planned(
        new=new,
        changed=len(moved) - new,
        same=len(rows) - len(moved),
        wrong=tuple(sorted(bad, key=lambda one: one.line)),
        carry_out=carry_out,
    )


def _last(rows: Sequence[ListRow], field: str) -> str:
    """What the last row that says anything says."""
    return next((row.word(field) for row in rows[::-1] if row.word(field)), "")
