"""What the office does with its books in the sample month: brings in the central log,
compares it, decides what differs, closes days, and opens one again.

All of it by the code that operators use. May not enter: what the log says (`log.py`),
what happens to an order.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from server.board import all_documents
from server.central import passes, waiting
from server.central.rows import Bringing, Source
from server.central.settling import By, Made, settle
from server.central.waiting import Wanted
from server.database import reading
from server.parts import Parts
from server.register import read_register
from server.seed.hours import Days
from server.seed.jobs import Job
from server.seed.log import Log
from server.seed.town import Town
from server.seed.words import DECIDED, LOG_FILE, OPEN_FOR, RECOUNTED
from server.statements import closing
from sync.access import EVERY
from sync.facts.reconciling import FIELD
from sync.moment import DAY_MS, MINUTE_MS
from sync.order import Order
from sync.reconcile import SORTS
from sync.statements import ALL, Item

EXPORTS_DAYS = (21, 14, 7)  # so many days ago the log came in; and it does so now
AT_EIGHT, AT_TEN, AT_NINE = (one * MINUTE_MS for one in (8 * 60 + 30, 10 * 60, 9 * 60))
CLOSED_AFTER_DAYS = 2  # when most of what was asked on a day is over
REOPENED_DAYS = 8  # so many days ago the day that was opened again
MOST = 200  # that are decided at once

Errand = tuple[int, Callable[[int], None]]


class Books:
    """Goes on with the month; what is due is done at its own instant."""

    def __init__(
        self, town: Town, jobs: Sequence[Job], days: Days, begins_ms: int, until_ms: int
    ) -> None:
        self._town = town
        self._jobs = jobs
        self._days = days
        self._begins_ms = begins_ms
        calendar = town.parts.policy.calendar
        names = {one.id: one.name for one in town.technicians}
        self._log = Log(names, calendar.offset_minutes)
        self._day_name = calendar.day_name
        self._field_was_right: list[str] = []  # every other one is put right there
        self._errands = sorted(self._planned(until_ms), key=lambda one: one[0])

    def _planned(self, until_ms: int) -> Iterator[Errand]:
        today_ms = self._days.begins_ms(until_ms)
        for ago in EXPORTS_DAYS:
            yield today_ms - ago * DAY_MS + AT_EIGHT, self._bring
            yield today_ms - ago * DAY_MS + AT_TEN, self._decide
        for morning_ms in range(self._begins_ms, today_ms + 1, DAY_MS):
            yield morning_ms + AT_NINE, self._close_day
        reopened_ms = today_ms - (REOPENED_DAYS - CLOSED_AFTER_DAYS - 1) * DAY_MS
        yield reopened_ms + AT_TEN, self._reopen
        yield until_ms, self._bring

    def goes_on(self, at_ms: int) -> None:
        """Time has come so far."""
        while self._errands and self._errands[0][0] <= at_ms:
            then_ms, errand = self._errands.pop(0)
            errand(then_ms)

    def _parts(self, at_ms: int) -> Parts:
        """The parts at this instant, with what stays the same for the same seed."""
        return replace(self._town.parts, now=lambda: at_ms, ledger=self._town.ledger)

    # the central log

    def _bring(self, at_ms: int) -> None:
        """An export comes in and is compared."""
        parts = self._parts(at_ms)
        raw = self._log.export(self._told(parts), at_ms)
        name = LOG_FILE.format(day=self._day_name(at_ms))
        source = Source(name, hashlib.sha256(raw).hexdigest(), self._town.manager)
        offset = parts.policy.calendar.offset_minutes
        sheet = read_register(raw, name)
        for _ in Bringing(parts.engine, source, sheet, offset, at_ms, True).run():
            continue
        for _ in passes.reconcile(parts.engine, parts.policy, at_ms):
            continue

    def _told(self, parts: Parts) -> list[tuple[Job, Order]]:
        """Every call that has a number of the log, as its order stands."""
        with reading(parts.engine) as connection:
            held = {one.stream: one for one in all_documents(connection)}
        return [
            (job, held[job.stream])
            for job in self._jobs
            if job.stream in held and held[job.stream].number == job.number
            if not job.own
        ]

    def _decide(self, at_ms: int) -> None:
        """Whoever settles them decides those of each sort that are clear; of many one
        is left, as it happens."""
        parts = self._parts(at_ms)
        for code, (choice, reason, words) in DECIDED.items():
            with reading(parts.engine) as connection:
                wanted = Wanted(projects={EVERY}, code=code)
                rows = waiting.page(connection, wanted, None, MOST)
            chosen = rows[:-1] if len(rows) > 2 else rows
            if not chosen:
                continue
            town = self._town
            manager = SORTS[code].settles == "manager"
            by = By(
                person=town.manager if manager else town.dispatcher, now_ms=at_ms,
                projects={EVERY}, may=lambda _row: True,
            )  # fmt: skip
            names = [row.id for row in chosen]
            made = Made(choice=choice, reason=reason, words=words)
            settle(parts.ledger, parts.engine, names, made, by, lambda *_: None)
            if choice == FIELD:
                self._field_was_right += [row.number for row in chosen]
        self._log.mend(self._field_was_right[::2])

    # statements

    def _close_day(self, at_ms: int) -> None:
        """The day of some days ago; with the last of a month, the month."""
        closed_ms = at_ms - CLOSED_AFTER_DAYS * DAY_MS
        if closed_ms < self._begins_ms:
            return
        day = self._day_name(closed_ms)
        self._close(day, at_ms)
        if self._day_name(closed_ms + DAY_MS)[:7] != day[:7]:
            self._close(day[:7], at_ms)

    def _close(self, name: str, at_ms: int) -> None:
        parts = self._parts(at_ms)
        found = closing.account(parts, name, ALL)
        reasons = {one.name: _reason(n, one) for n, one in enumerate(found.now.open)}
        closing.close(
            parts, name, ALL, seen=found.digest, reasons=reasons, by=self._town.manager
        )

    def _reopen(self, at_ms: int) -> None:
        day = self._day_name(at_ms - (CLOSED_AFTER_DAYS + 1) * DAY_MS)
        closing.reopen(
            self._parts(at_ms), day, ALL, words=RECOUNTED, by=self._town.manager
        )


def _reason(n: int, item: Item) -> str:
    """Why it is still open."""
    words = OPEN_FOR[item.kind]
    return words[n % len(words)]
