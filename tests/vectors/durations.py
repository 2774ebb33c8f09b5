"""Vectors of promises: what is due when, on which calendar, and whether it was kept.

One policy as a company might have it, and one in which everything is otherwise: west of
Greenwich, work at weekends, bands up to midnight. Policies stand here, so that what
ships may change.
"""

import json
from random import Random
from typing import Any

from sync.calendar import Calendar
from sync.moment import DAY_MS, MINUTE_MS, Grade, Moment, Span
from sync.order import Inspection, Order, Round, Verdict
from sync.plain import as_json, but, plain, typed
from sync.policy import Policy
from sync.problems import Refused
from sync.promises import Policy as Promises
from sync.standing import standing
from sync.verdicts import judge, minutes_left, split
from tests.vectors.histories import histories

FROM_MS, TO_MS = 1_766_700_000_000, 1_800_000_000_000  # about the year 2026
FAR = (0, -1, 951_782_400_000, -(2**50), 2**50, 253_402_300_800_000, 4_107_542_400_000)
TEN_MS = 1_790_820_000_000  # 2026-10-01, 10:00 in Shanghai: a holiday
OPENS_MS = 1_794_268_800_000  # 2026-11-10, 08:00 there
HOURS = (0, 240, 330, 570)  # it opens, and closes, twice
PLAIN_DAY = [[480, 720], [810, 1050]]


def _row(code: str, since: str = "2026-01-01", **terms: Any) -> dict[str, Any]:
    return {"code": code, "rule": "P4", "since": since, "starts": "a", "ends": "b",
            **terms}  # fmt: skip


USUAL: dict[str, Any] = {
    "calendar": {
        "source": "", "known_until": "2026-12-31", "offset_minutes": 480,
        "seasons": [
            {"starts": "10-01", "week": [PLAIN_DAY] * 5 + [[[480, 720]], []]},
            {"starts": "05-01", "week": [[[480, 720], [870, 1110]]] * 5 + [[], []]},
        ],
        "holidays": {"2026-01-01": "元旦", "2026-10-01": "国庆节", "2026-10-02": ""},
        "make_up": {"2026-01-04": 0, "2026-10-10": 6},
    },
    "promises": {
        "promises": [
            _row("arrival", minutes=60, bands=[{"hours": [480, 1050], "minutes": 20}]),
            _row("arrival", minutes=20, priority="emergency"),
            _row("arrival", "2026-07-01", minutes=45),
            _row("arrival", "2026-07-01", minutes=40),
            _row("survey", working_days=1),
            _row("repair", working_minutes=600),
            _row("agreed", working_days=0),
            _row("intake", minutes=1_440, rest_day_waits=True),
        ]
    },
}  # fmt: skip
ODD: dict[str, Any] = {
    "calendar": {
        "source": "", "known_until": "2024-02-29", "offset_minutes": -719,
        "seasons": [{"starts": "02-29", "week": [[], [], [], [], [], [[0, 1]],
                                                 [[0, 60], [60, 61], [600, 1440]]]}],
        "holidays": {}, "make_up": {"2026-02-28": 6, "2026-03-01": 0},
    },
    "promises": {
        "promises": [
            _row("arrival", minutes=0, priority="emergency",
                 bands=[{"hours": [1380, 1440], "minutes": 0},
                        {"hours": [0, 1], "minutes": 99}]),
            _row("repair", working_minutes=0),
            _row("survey", working_days=30),
            _row("intake", minutes=1_441, rest_day_waits=True,
                 bands=[{"hours": [0, 1440], "minutes": 5}]),
        ],
        "worth": ["A"],
    },
}  # fmt: skip
# What is no policy, by part and what is put into it.
MALFORMED: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("calendar", {"known_until": day}) for day in (
        "2026-02-29", "2026-13-01", "2026-1-01", "0000-01-01", "20260101", "2026-04-31",
        "1900-02-29", "2026-05-00", "２026-05-01", "")),
    ("calendar", {"seasons": []}),
    ("calendar", {"offset_minutes": 1440}),
    ("calendar", {"make_up": {"2026-01-04": 7}}),
    ("calendar", {"holidays": {"soon": ""}}),
    ("calendar", {"seasons": [{"starts": "02-30", "week": [PLAIN_DAY] * 7}]}),
    *(("calendar", {"seasons": [{"starts": "01-01", "week": week}]}) for week in (
        [], [[]] * 7, [PLAIN_DAY] * 6, [[[1]]] * 7, [[[1, 2, 3]]] * 7, [[[2, 2]]] * 7,
        [[[-1, 2]]] * 7, [[[1, 1441]]] * 7, [[[5, 9], [8, 10]]] * 7)),
    ("promises", {"worth": ["C"]}),
    *(("promises", {"promises": [_row("x", **terms)]}) for terms in (
        {}, {"minutes": 1, "working_days": 1}, {"minutes": -1}, {"working_days": 3661},
        {"minutes": 3660 * 1440 + 1}, {"minutes": 1439, "rest_day_waits": True},
        {"minutes": 1, "bands": [{"hours": [3, 2], "minutes": 1}]},
        {"minutes": 1, "since": "2026-06-31"})),
)  # fmt: skip
GOOD = ("2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31")


def durations() -> Any:
    """All that a tablet asks of promises."""
    return {
        "policies": [USUAL, ODD],
        "days": [
            *(_day(n, chance, _instant(chance)) for n, chance in _chances(30)),
            *(_day(n, Random(at), at) for n in (0, 1) for at in (TEN_MS, *FAR)),
            *(_day(0, Random(m), OPENS_MS + m * MINUTE_MS, 240) for m in HOURS),
        ],
        "rows": [_row_in_force(n, chance) for n, chance in _chances(40)],
        "dues": [_due(n, chance) for n, chance in _chances(80)],
        "stopped": [_stopped(n, chance) for n, chance in _chances(60)],
        "verdicts": [
            *(_verdict(n, chance) for n, chance in _chances(60)),
            *(_at_the_edge(late) for late in (-1, 0, 1)),
        ],
        "splits": [
            *(_split(chance, 4) for _, chance in _chances(12)),
            *(_split(chance, 5) for _, chance in _chances(12)),
        ],
        "mixed": as_json(_mixed()),
        "standings": [_standing(*one) for one in enumerate(_orders())],
        "refused": [
            {"part": part, "but": but, "field": _field(part, USUAL[part] | but)}
            for part, but in MALFORMED
        ],
        "days_that_are": list(GOOD),
    }


def _orders() -> list[Order]:
    """Those of the golden histories, and one more."""
    told = [typed(Order, json.loads(one["order"])) for one in histories()]
    return [*told, _mixed()]


def _chances(count: int) -> list[tuple[int, Random]]:
    return [(number % 2, Random(f"promises {number}")) for number in range(count)]


def _calendar(number: int) -> Calendar:
    return Calendar.parse((USUAL, ODD)[number]["calendar"])


def _promises(number: int) -> Promises:
    return Promises.parse((USUAL, ODD)[number]["promises"])


def _instant(chance: Random) -> int:
    if chance.random() < 0.1:
        return chance.choice(FAR)
    instant = chance.randint(FROM_MS, TO_MS)
    return instant - instant % MINUTE_MS if chance.random() < 0.5 else instant


def _day(number: int, chance: Random, instant: int, many: int | None = None) -> Any:
    calendar = _calendar(number)
    many = chance.randint(-1, 3_000) if many is None else many
    return {
        "policy": number, "instant_ms": instant, "day": calendar.day_name(instant),
        "hours": plain(calendar.hours(calendar.local(instant)[0])),
        "working": [calendar.is_working(instant), calendar.is_working_day(instant)],
        "minutes": many, "later_ms": calendar.add_working_minutes(instant, many),
        "next_ms": calendar.next_working_day_end(instant),
    }  # fmt: skip


def _row_in_force(number: int, chance: Random) -> Any:
    calendar, rows, instant = _calendar(number), _promises(number), _instant(chance)
    code = chance.choice(("arrival", "arrival", "survey", "none"))
    priority = chance.choice((None, "normal", "emergency"))
    found = rows.promise(code, instant, calendar, priority)
    return {
        "policy": number, "code": code, "instant_ms": instant, "priority": priority,
        "row": rows.promises.index(found) if found else None,
    }  # fmt: skip


def _due(number: int, chance: Random) -> Any:
    rows, first = _promises(number).promises, _instant(chance)
    row = chance.randrange(len(rows))
    width = chance.choice((1, MINUTE_MS, 60 * MINUTE_MS, DAY_MS + 7))
    due = rows[row].due(Span(first, first + width), _calendar(number))
    assert due is not None
    return {
        "policy": number, "row": row, "start_ms": [first, first + width],
        "due_ms": [due.earliest_ms, due.latest_ms],
        "instant_ms": rows[row].due_ms(first, _calendar(number)),
    }  # fmt: skip


def _stopped(number: int, chance: Random) -> Any:
    """Due after some time on hold, which may begin and end at an edge."""
    rows, first = _promises(number).promises, _instant(chance)
    row = chance.randrange(len(rows))
    start = Span(first, first + chance.choice((1, MINUTE_MS, DAY_MS + 7)))
    usual_ms = rows[row].due_ms(first, _calendar(number))
    near = (first, usual_ms - 1, usual_ms, first + chance.randint(0, 3 * DAY_MS))
    ends = sorted(
        {
            chance.choice(near),
            *(chance.choice(near) + DAY_MS * n for n in range(chance.randint(1, 3))),
        }
    )
    stops = tuple(Span(*pair) for pair in zip(ends[::2], ends[1::2], strict=False))
    runs_on = chance.random() < 0.1
    due = but(rows[row], runs_on=runs_on).due(start, _calendar(number), stops)
    assert due is not None
    return {
        "policy": number, "row": row, "runs_on": runs_on, "start_ms": [*start],
        "stops": plain(stops),
        "due_ms": [due.earliest_ms, due.latest_ms],
    }  # fmt: skip


def _moment(chance: Random, around_ms: int) -> Moment:
    """Known on some sides, at some hour after this."""
    ends = [around_ms + chance.randint(-20, 90) * MINUTE_MS for _ in range(4)]
    first, second, third, fourth = sorted(ends)
    return Moment(
        not_before_ms=first if chance.random() < 0.8 else None,
        not_after_ms=fourth if chance.random() < 0.8 else None,
        earliest_ms=second if chance.random() < 0.8 else None,
        latest_ms=third if chance.random() < 0.8 else None,
        grade=chance.choice([*Grade]),
    )


def _verdict(number: int, chance: Random) -> Any:
    rows, around = _promises(number), chance.randint(FROM_MS, TO_MS)
    row = chance.randrange(len(rows.promises))
    start = Moment.known(Span(around, around + MINUTE_MS))
    if chance.random() < 0.3:
        start = _moment(chance, around)
    done = _moment(chance, around) if chance.random() < 0.9 else None
    now = around + chance.randint(-(10**7), 10**7)
    return _judged(number, row, start, done, now)


def _at_the_edge(late_ms: int) -> Any:
    """Done just in time, or just not: twenty minutes after ten past eight."""
    start_ms = OPENS_MS + 10 * MINUTE_MS
    due_ms = start_ms + 40 * MINUTE_MS
    start = Moment.known(Span(start_ms, start_ms + 1))
    done = Moment.known(Span(due_ms - 1 + late_ms, due_ms + late_ms))
    return _judged(0, 3, start, done, due_ms)


def _judged(number: int, row: int, start: Moment, done: Moment | None, now: int) -> Any:
    rows = _promises(number)
    told = judge(rows.promises[row], start, done, _calendar(number), rows.worth)
    return {
        "policy": number, "row": row, "start": plain(start), "done": plain(done),
        "verdict": plain(told), "now_ms": now, "left": minutes_left(told, now),
    }  # fmt: skip


def _split(chance: Random, many: int) -> Any:
    moments = [
        _moment(chance, FROM_MS + n * chance.choice((0, 90)) * MINUTE_MS)
        if n == 0 or chance.random() < 0.8
        else None
        for n in range(many)
    ]
    first, *others = moments
    assert first is not None
    return {"moments": plain(moments), "shares": plain(split(first, *others))}


def _standing(place: int, order: Order) -> Any:
    """How this order stands; pictures are here or not."""
    taken = {photo.blob.sha256 for photo in order.photos}
    held = sorted(taken) if place % 2 else ["f" * 64]
    policy = Policy(promises=_promises(0), calendar=_calendar(0))
    return {"order": place, "held": held,
            "standing": plain(standing(order, held, policy))}  # fmt: skip


def _mixed() -> Order:
    """One item passed and one did not, and the owner agreed all the same."""
    words = tuple(
        Inspection(fact=f"{item}", item=item, passed=item == 1) for item in (1, 2)
    )
    said = Verdict(fact="3", answer="accepted", sheet="", covers=(), signature="s")
    return Order(rounds=(Round(inspections=words, verdicts=(said,)), Round()))


def _field(part: str, data: Any) -> str:
    try:
        {"calendar": Calendar.parse, "promises": Promises.parse}[part](data)
    except Refused as refused:
        return f"{refused.code} {refused.facts['field']}"
    raise AssertionError(data)
