"""What is known of those who could be sent: where they were, what they have in hand."""

from collections.abc import Callable
from itertools import count

import pytest

from server.candidates import Candidate, candidates
from server.people import People
from server.qualifications import Qualifications
from server.roster import Duty, Rosters
from server.taking import Asked, Window, take
from sync.access import Grant
from sync.facts.dispatch import Dispatched
from sync.facts.visit import Arrived
from sync.plain import but
from sync.policy import DEFAULT
from sync.ranking import Known, reasons
from tests.server.books import HOUR, NOON, Book, Pad, book, pad

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]
DRIP = Asked(
    project="翠湖", building="3", unit="2", room="1702", phone="13800138000",
    trade="给排水", fault="龙头滴水",
)  # fmt: skip
TODAY = "2025-12-14"
HERE = "312300000,1214700000,8"
A_KILOMETRE_AWAY = "312389000,1214700000,8"

_numbers = count(1)


@pytest.fixture(autouse=True)
def _people(book: Book) -> None:
    """Li and Wang repair everywhere, Sun elsewhere."""
    people = People(book.engine)
    for name, project in (("li", "*"), ("wang", "翠湖"), ("sun", "云溪")):
        grant = Grant(role="technician", project=project)
        people.add(name, name.title(), [grant], NOON)


def taken(book: Book, asked: Asked = DRIP, to: str | None = None) -> str:
    """Chen takes a call, and sends somebody."""
    order = take(
        book.ledger, book.engine, DEFAULT, asked, by="chen", called="陈静",
        now_ms=book.now_ms, chance=lambda n: next(_numbers).to_bytes(n, "big"),
    ).stream  # fmt: skip
    if to:
        book.decide(Dispatched(technician=to), order)
    return order


def visited(book: Book, pad: Pads, who: str, place: str, asked: Asked = DRIP) -> None:
    """Somebody went there."""
    pad(who).tell(Arrived(), taken(book, asked, who), private={"place": place})


def whom(book: Book, order: str) -> dict[str, Candidate]:
    """Who could be sent, the first to think of first."""
    known = Qualifications(book.engine, DEFAULT)
    found = candidates(book.engine, DEFAULT, known, order, book.now_ms)
    return {one.known.person: one for one in found}


def test_who_is_near_comes_before_who_is_far(book: Book, pad: Pads):
    """Wang was here yesterday's way, Li a kilometre off; both have one order."""
    visited(book, pad, "li", A_KILOMETRE_AWAY, but(DRIP, building="9"))
    visited(book, pad, "wang", HERE, but(DRIP, unit="1"))

    wang, li, _ = whom(book, taken(book)).values()

    assert (wang.known.person, wang.known.distance_m) == ("wang", 0)
    assert (li.known.person, li.known.distance_m) == ("li", 1_000)


def test_who_knows_the_home_is_said(book: Book, pad: Pads):
    visited(book, pad, "li", HERE)

    found = whom(book, taken(book))

    assert [found[one].known.knows_home for one in ("li", "wang")] == [True, False]
    assert found["li"].near == "P251214-0001"


def test_nobodys_place_is_told_where_the_order_lies_nobody_knows_where(
    book: Book, pad: Pads
):
    visited(book, pad, "li", HERE, but(DRIP, project="云溪"))

    assert whom(book, taken(book))["li"].known.distance_m is None


def test_who_may_not_work_in_the_project_comes_last_and_says_so(book: Book, pad: Pads):
    """Sun works elsewhere: of that nothing is told here but the name."""
    visited(book, pad, "sun", HERE, but(DRIP, project="云溪"))

    *others, sun = whom(book, taken(book)).values()

    assert [one.known.person for one in others] == ["li", "wang"]
    assert (sun.fits, sun.known) == (False, Known(person="sun", here=False))
    assert [one.code for one in reasons(sun.known)] == ["elsewhere"]


def test_what_somebody_helps_with_counts_too(book: Book):
    book.decide(Dispatched(technician="li", helpers=("wang",)), taken(book))

    found = whom(book, taken(book, but(DRIP, room="9")))

    assert [found[one].known.open for one in ("li", "wang")] == [1, 1]


@pytest.mark.parametrize(("hours", "today"), [(11, 1), (12, 0), (-13, 0), (-12, 1)])
def test_todays_orders_are_those_agreed_for_the_local_day(
    book: Book, hours: int, today: int
):
    """It is noon in Shanghai."""
    start_ms = NOON + hours * HOUR
    agreed = Window(start_ms=start_ms, end_ms=start_ms + HOUR)
    taken(book, but(DRIP, appointment=agreed), to="li")

    assert whom(book, taken(book, but(DRIP, room="9")))["li"].known.today == today


def test_the_roster_that_counts_is_that_of_the_appointments_day(book: Book):
    rosters = Rosters(book.engine)
    for day, who in ((TODAY, "li"), ("2025-12-15", "wang")):
        said = Duty(project="翠湖", day=day, technicians=(who,))
        rosters.put(said, "chen", NOON, seen=None)
    tomorrow = Window(start_ms=NOON + 24 * HOUR, end_ms=NOON + 25 * HOUR)

    assert next(iter(whom(book, taken(book)))) == "li"
    order = taken(book, but(DRIP, appointment=tomorrow))
    found = whom(book, order)
    assert next(iter(found)) == "wang"
    assert [found[one].fits for one in ("wang", "li")] == [True, False]
