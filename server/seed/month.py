"""Plays the sample month: every story at its time, one after the other, until now.

May not enter: what happens in a story (`scripts.py`).
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from server import desk, taking, views
from server.parts import Parts
from server.seed.books import Books
from server.seed.hours import BY_DAY, AtTheDoor, Days
from server.seed.jobs import Job
from server.seed.scripts import (
    SAID_AFTERWARDS,
    SHOWN_AT_THE_END,
    STORIES,
    UNDER_WAY,
    Story,
    not_a_repair,
    sees_to_it,
    shows_an_old_picture,
    usual,
)
from server.seed.tablets import Tablet
from server.seed.telling import Telling
from server.seed.town import Household, Town, build, new_tablet
from server.seed.words import (
    FAULTS,
    FROM_ABOVE,
    MERGED,
    MORE_TECHNICIANS,
    NOT_REPAIRS,
    PIPE_BURST,
    TAP_DRIPS,
    TECHNICIANS,
    WALL_CRACK,
    Fault,
    Worker,
)
from sync.moment import DAY_MS, MINUTE_MS
from sync.order import Stage
from sync.problems import Refused

DAYS = 30
OPENS, CLOSES = 8 * 60, 17 * 60 + 30  # minutes of the day in which most people call
SILENT, AWAY_DAYS = "fan", 3  # whose tablet is not heard of any more
LAST_LOOK_MS = 8 * MINUTE_MS
LOSER, LOST_DAYS = "ma", 9  # who lost one, and has another since
AGAIN_DAYS = 4  # so many days ago somebody showed an old picture
EMERGENCIES = tuple(one for one in FAULTS if one.priority == "emergency")
EMERGENCY = "emergency"
# What the desk is told when somebody else was quicker.
TOO_LATE = frozenset({"already_cancelled", "already_closed", "order_cancelled",
                      "order_accepted", "contradiction_open", "nothing_held",
                      "not_held", "already_held", "certificate_missing",
                      "certificate_expired"})  # fmt: skip
# What a dispatcher looks at again and again: a name, and the board's filters.
VIEWS = (
    ("dispatcher", "超时的", "late=1"),
    ("dispatcher", "望江府待核对", "project=望江府&review=1"),
    ("manager", "特急", "priority=emergency"),
)


@dataclass(frozen=True)
class Size:
    """How much there is of a month."""

    orders: int
    homes: int
    taken_here: int
    workers: tuple[Worker, ...] = TECHNICIANS


SIZES = {
    "s": Size(80, 60, 4),
    "m": Size(360, 220, 8),
    "l": Size(2_600, 1_200, 20, (*TECHNICIANS, *MORE_TECHNICIANS)),
}


Script = Callable[[Job], Story]
Tick = Callable[[int, int], None]
Call = tuple[int, Script, Fault, str]


def seed(
    parts: Parts,
    size: Size,
    number: int,
    until_ms: int,
    tick: Tick = lambda _done, _all: None,
) -> int:
    """A month that ends then; the same number tells the same month. `tick` hears how
    many of the orders have begun. How many there were."""
    dice = Random(f"doorstep demo {number}")  # noqa: S311 - of a sample
    days = Days(parts.policy.calendar)
    begins_ms = days.begins_ms(until_ms) - DAYS * DAY_MS
    town = build(parts, dice, begins_ms, DAYS, size.homes, size.workers)
    play = _Play(town, dice, days, begins_ms, until_ms)
    for at_ms, script, fault, sort in _calls(dice, size, days, begins_ms, until_ms):
        play.call(at_ms, script, fault, sort)
    for minutes in (55, 900):
        at_ms = days.ago(until_ms, minutes)
        play.begin(at_ms, play.asked_twice, dice.choice(town.homes), FROM_ABOVE)
    for _ in range(size.taken_here):
        at_ms = days.ago(until_ms, dice.randrange(10, 150))
        play.begin(at_ms, play.taken_here, dice.choice(town.homes), _fault(dice))
    lost_ms = until_ms - LOST_DAYS * DAY_MS
    play.begin(lost_ms, play.loses_a_tablet, town.homes[0], PIPE_BURST)
    silent_ms = until_ms - AWAY_DAYS * DAY_MS
    play.begin(silent_ms, play.not_heard_of, dice.choice(town.homes), WALL_CRACK)
    again_ms = days.begins_ms(until_ms) - AGAIN_DAYS * DAY_MS + OPENS * MINUTE_MS
    play.begin(again_ms, shows_an_old_picture, dice.choice(town.homes), TAP_DRIPS)
    for script, minutes in SAID_AFTERWARDS:
        at_ms = days.ago(until_ms, minutes)
        play.begin(at_ms, script, dice.choice(town.homes), TAP_DRIPS)
    play.through(tick)
    for role, name, query in VIEWS:
        views.keep(parts.engine, getattr(town, role), name, query, "")
    return len(play.jobs)


def _calls(
    dice: Random, size: Size, days: Days, begins_ms: int, until_ms: int
) -> Iterator[Call]:
    """When somebody calls, about what, and what will come of it."""
    for _ in range(size.orders - len(SHOWN_AT_THE_END) - len(UNDER_WAY)):
        script = dice.choices([*STORIES], [*STORIES.values()])[0]
        at_ms = begins_ms + dice.randrange(DAYS) * DAY_MS + _minute(dice) * MINUTE_MS
        yield at_ms, script, _fault(dice), "repair"
    for script, minutes in SHOWN_AT_THE_END:
        ago_ms = days.ago(until_ms, minutes) - dice.randrange(MINUTE_MS)
        yield ago_ms, script, _fault(dice, EMERGENCY), "repair"
    faults = EMERGENCIES if days.by_night(until_ms) else FAULTS
    for script, minutes in UNDER_WAY:
        at_ms = until_ms - minutes * MINUTE_MS - dice.randrange(MINUTE_MS)
        usually = EMERGENCIES if script is usual else faults
        yield at_ms, script, dice.choice(usually), "repair"
    for n in range(max(len(NOT_REPAIRS), size.orders // 25)):
        sort, trade, said = NOT_REPAIRS[n % len(NOT_REPAIRS)]
        at_ms = begins_ms + dice.randrange(DAYS * DAY_MS)
        yield at_ms, not_a_repair, Fault(trade, said, "", "", "", "", 0), sort


def _fault(dice: Random, but: str = "") -> Fault:
    return dice.choice([one for one in FAULTS if one.priority != but])


def _minute(dice: Random) -> int:
    """By day mostly, sometimes at night."""
    return dice.randint(OPENS, CLOSES) if dice.random() < 0.94 else dice.randrange(1440)


class _Play:
    """Lets time pass, and each story go on at its instant."""

    def __init__(
        self, town: Town, dice: Random, days: Days, begins_ms: int, until_ms: int
    ) -> None:
        self._town = town
        self._days = days
        self._telling = Telling(town.parts, until_ms)
        self._everybody_looks_ms = until_ms - LAST_LOOK_MS
        self._dice = dice
        self._until_ms = until_ms
        self._sequence = count()
        self._waiting: list[tuple[int, int, Job, Script]] = []
        self._running: list[tuple[int, int, Job, Story, bool]] = []
        self.jobs: list[Job] = []
        self._books = Books(town, self.jobs, days, begins_ms, until_ms)

    def call(self, at_ms: int, script: Script, fault: Fault, sort: str) -> None:
        """Somebody will call then."""
        home = self._dice.choice(self._town.homes)
        self.begin(at_ms, script, home, fault, sort)

    def begin(
        self, at_ms: int, script: Script, home: Household, fault: Fault, sort: str = ""
    ) -> None:
        """This story will begin then."""
        job = Job(
            town=self._town, dice=Random(self._dice.getrandbits(64)),  # noqa: S311
            number="", home=home, fault=fault, sort=sort or "repair", now_ms=at_ms,
        )  # fmt: skip
        heapq.heappush(self._waiting, (at_ms, next(self._sequence), job, script))

    def through(self, tick: Tick) -> None:
        """From the first call until now."""
        calls = len(self._waiting)
        while self._waiting or self._running:
            if self._next_is_a_call():
                at_ms, n, job, script = heapq.heappop(self._waiting)
                self._goes_on(at_ms)
                self._number(job, at_ms)
                tick(len(self.jobs), calls)
                story = script(job)
            else:
                at_ms, n, job, story, rings = heapq.heappop(self._running)
                self._goes_on(at_ms)
                if rings and self._in_another_home(job):
                    later_ms = at_ms + job.minutes(8, 25)
                    self._wait(AtTheDoor(later_ms), n, job, story)
                    continue
            job.now_ms = max(job.now_ms, at_ms)
            self._go_on(n, job, story)
        self._goes_on(self._until_ms)

    def _goes_on(self, at_ms: int) -> None:
        """Time has come so far. Tablets that have a network look of themselves."""
        self._telling.goes_on(at_ms)
        self._books.goes_on(at_ms)
        if at_ms >= self._everybody_looks_ms:
            for tablet in self._town.tablets.values():
                tablet.exchange(self._everybody_looks_ms)
            self._everybody_looks_ms = self._until_ms + DAY_MS

    def _in_another_home(self, job: Job) -> bool:
        inside = self._town.inside
        return any(inside.get(one, job) is not job for one in job.crew)

    def _next_is_a_call(self) -> bool:
        if not (self._waiting and self._running):
            return bool(self._waiting)
        return self._waiting[0][0] <= self._running[0][0]

    def _number(self, job: Job, at_ms: int) -> None:
        """The register numbers calls as they come, by the month."""
        self.jobs.append(job)
        month = self._town.parts.policy.calendar.day_name(at_ms)[:7]
        job.take_number(f"SH{month.replace('-', '')}{len(self.jobs):04}")

    def _go_on(self, n: int, job: Job, story: Story) -> None:
        try:
            next_ms = next(story, None)
        except Refused as refused:
            if refused.code not in TOO_LATE:
                raise
            next_ms = None  # the desk, or another tablet, was quicker
        if next_ms is None:
            self._town.empty_of(job)
        else:
            self._wait(next_ms, n, job, story)

    def _wait(self, next_ms: int, n: int, job: Job, story: Story) -> None:
        """It goes on then; people sleep at night, unless it is an emergency."""
        at_ms = int(max(next_ms, job.now_ms))
        if isinstance(next_ms, BY_DAY) and job.fault.priority != EMERGENCY:
            at_ms = self._days.by_day(at_ms, job.dice)
        if at_ms < self._until_ms:
            rings = isinstance(next_ms, AtTheDoor)
            heapq.heappush(self._running, (at_ms, n, job, story, rings))

    # what belongs to no single order

    def asked_twice(self, job: Job) -> Story:
        """The same home calls again about the same, and the desk sees it."""
        job.logged()
        yield job.now_ms + 20 * MINUTE_MS
        again = replace(job, number="", stream="")
        self._number(again, job.now_ms)
        again.now_ms = job.now_ms
        again.logged()
        yield job.now_ms + 6 * MINUTE_MS
        desk.merge(
            self._town.ledger, stream=again.stream, into=job.stream,
            by=self._town.dispatcher, words=MERGED, now_ms=job.now_ms,
        )  # fmt: skip
        yield from sees_to_it(job)

    def taken_here(self, job: Job) -> Story:
        """By telephone at this desk, under a number of our own; some for a home where
        the same was repaired before (I5)."""
        home, fault = job.home, job.fault
        done = [one for one in self.jobs if self._is_accepted(one)]
        if done and job.dice.random() < 0.6:
            home, fault = (one := job.dice.choice(done)).home, one.fault
        asked = taking.Asked.tidy(
            channel="phone", project=home.place.project, building=home.place.building,
            unit=home.place.unit, room=home.place.room, owner=home.owner,
            phone=home.phone, trade=fault.trade, priority=fault.priority,
            fault=fault.said, remark="",
        )  # fmt: skip
        made = taking.take(
            self._town.ledger, self._town.parts.engine, self._town.parts.policy, asked,
            by=self._town.taker, called="顾小北", now_ms=job.now_ms,
            chance=job.dice.randbytes,
        )  # fmt: skip
        job.home, job.fault, job.own = home, fault, True
        job.stream, job.number = made.stream, made.number
        yield job.now_ms + job.minutes(4, 25)
        job.dispatched()
        yield job.now_ms + job.minutes(1, 6)
        job.handed_in()
        job.seen()
        job.handed_in()

    def _is_accepted(self, job: Job) -> bool:
        order = self._town.known(job.stream)
        return order is not None and order.stage is Stage.ACCEPTED

    def loses_a_tablet(self, job: Job) -> Story:
        """Left in a taxi with an order on it; the desk takes it off, and its person
        gets another."""
        town, (worker,) = self._town, [one for one in TECHNICIANS if one.id == LOSER]
        lost = town.tablets[LOSER]
        if lost.home:
            lost.exchange(job.now_ms)
            self._write_down(job, lost)
            lost.claim(job.now_ms)
        yield job.now_ms + job.minutes(60, 200)
        town.parts.door.revoke(lost.device, job.now_ms, "tang", "落在出租车上")
        new = new_tablet(town.parts, town.ledger, worker, job.dice, job.now_ms)
        new.exchange(job.now_ms, *lost.home)
        town.tablets[LOSER] = new

    def _write_down(self, job: Job, pad: Tablet) -> None:
        """On the way home, about the newest order: a picture and the place."""
        job.tablet, job.stream = pad, next(reversed(pad.home))
        job.photographed("after")

    def not_heard_of(self, job: Job) -> Story:
        """A tablet goes into a home with an order, says how much it has, is cut off,
        and nobody hears of it again."""
        town, worker = self._town, next(one for one in TECHNICIANS if one.id == SILENT)
        job.logged()
        yield job.now_ms + job.minutes(3, 9)
        job.dispatched(worker.id)
        town.silent = SILENT
        yield AtTheDoor(job.now_ms + job.minutes(9, 20))
        tablet = town.tablets[SILENT]
        job.handed_in()
        tablet.away_until_ms = self._until_ms + DAY_MS
        job.at_the_door()
        job.photographed("before")
        job.surveyed()
        job.agreed()
        job.left()
        tablet.claim(job.now_ms)
