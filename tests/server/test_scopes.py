"""What people of one project take home, what of it is the owner's, and what trace that
leaves (S1, S2)."""

import pytest
from flask import Flask

from field_client.answers import read_page
from server.ledger import Decision
from server.traces import HOUR_MS
from sync.access import EVERY, Grant
from sync.exchange import Page
from sync.facts.dispatch import Dispatched
from sync.facts.intake import Amended, Logged
from sync.order import order_stream
from tests.server.books import HOUR, NOON, Book, book, holding, picture
from tests.server.callers import Desk, Staff, Tablet, employ, parts_of, with_password
from tests.server.conftest import Clock

__all__ = ["book"]

HERE, THERE = "江岸花园", "滨江府"
OWNER = {"owner": "赵女士", "phone": "13800000000", "room": "1702"}


def log(book: Book, number: str, site: str) -> None:
    """Somebody of this project asks for a repair."""
    book.decide(_asked(number, site), number, OWNER)


def _asked(number: str, site: str) -> Logged:
    return Logged(number=number, registered_ms=NOON - HOUR, site=site)


def page_of(
    book: Book, *grants: Grant, cursor: str | None = None, actor: str = "chen"
) -> Page:
    return read_page(book.feed.pull(actor, frozenset(grants), cursor, 200).wire())


def numbers(page: Page) -> list[str]:
    return [one.order["request"]["number"] for one in page.documents]


def in_project(role: str, site: str = HERE) -> Grant:
    return Grant(role=role, project=site)


# whole projects


def test_people_of_a_project_take_home_its_orders_and_no_others(book: Book):
    """X9."""
    for number, site in (("1", HERE), ("2", THERE), ("3", HERE), ("4", "")):
        log(book, number, site)

    mine = frozenset({in_project("dispatcher")})
    page = book.feed.pull("chen", mine, None, 200).wire()

    assert numbers(read_page(page)) == ["1", "3"]
    assert THERE not in page.decode()


def test_another_projects_order_is_as_if_it_were_unknown(book: Book):
    """X9: its document, its facts, its photos."""
    log(book, "1", THERE)
    book.decide(Dispatched(technician="li"), "1")
    mine = frozenset({in_project("manager")})
    foreign, unknown = order_stream("1"), order_stream("none")

    for name in (foreign, unknown):
        assert book.feed.document("chen", mine, name) is None
        assert not book.feed.may_see("chen", mine, name)
    assert not book.feed.may_see_blob("chen", mine, picture("any").sha256)


def test_a_change_comes_to_people_of_its_project(book: Book):
    log(book, "1", HERE)
    log(book, "2", THERE)
    first = page_of(book, in_project("auditor"))
    book.dispatched("li", "2")
    book.dispatched("wang", "1")

    second = page_of(book, in_project("auditor"), cursor=first.cursor)
    third = page_of(book, in_project("auditor"), cursor=second.cursor)

    assert numbers(second) == ["1"]
    assert (numbers(third), third.gone, third.reset) == ([], (), None)


def test_pages_of_a_project_come_one_after_the_other(book: Book):
    for n in range(7):
        log(book, str(n), HERE if n % 2 else THERE)
    mine = frozenset({in_project("manager")})
    cursor, found = None, []
    for _ in range(4):
        page = read_page(book.feed.pull("chen", mine, cursor, 1).wire())
        cursor, found = page.cursor, [*found, *numbers(page)]

    assert found == ["1", "3", "5"]


def test_an_order_that_was_booked_on_the_wrong_project_leaves_it(book: Book):
    log(book, "1", HERE)
    here = page_of(book, in_project("manager"))
    book.decide(Amended(number="1", registered_ms=NOON - HOUR, site=THERE), "1", OWNER)

    left = page_of(book, in_project("manager"), cursor=here.cursor)
    there = page_of(book, in_project("manager", THERE))

    assert [one.stream for one in left.gone] == [order_stream("1")]
    assert (numbers(left), numbers(there)) == ([], ["1"])


def test_what_is_given_to_somebody_comes_from_any_project(book: Book):
    """Gao leads one project and helps out in another."""
    log(book, "1", HERE)
    log(book, "2", THERE)
    book.dispatched("gao", "2")
    grants = (in_project("manager"), Grant(role="technician"))

    assert numbers(page_of(book, *grants, actor="gao")) == ["1", "2"]


@pytest.mark.parametrize(
    "after",
    [in_project("manager", THERE), Grant(role="manager"), in_project("auditor")],
)
def test_other_grants_start_anew(book: Book, after: Grant):
    """Another world (K6): other projects, all of them, or the same without owners."""
    log(book, "1", HERE)
    before = page_of(book, in_project("manager"))

    assert page_of(book, after, cursor=before.cursor).reset == "scope"


# what is the owner's


@pytest.mark.parametrize("role", ["auditor", "service"])
@pytest.mark.parametrize("place", [EVERY, HERE])
def test_the_owners_data_stay_with_those_whose_work_needs_them(
    book: Book, role: str, place: str
):
    """S1: an auditor reads everything but who lives there."""
    log(book, "1", HERE)

    (one,) = page_of(book, in_project(role, place)).documents

    assert one.private == {}


@pytest.mark.parametrize("place", [EVERY, HERE])
def test_the_desk_knows_whom_to_ring(book: Book, place: str):
    log(book, "1", HERE)

    (one,) = page_of(book, in_project("dispatcher", place)).documents

    assert {value for _, value in one.private.values()} == set(OWNER.values())


def test_an_auditor_of_all_projects_who_dispatches_one_knows_its_owners_alone(
    book: Book,
):
    log(book, "1", HERE)
    log(book, "2", THERE)

    page = page_of(book, Grant(role="auditor"), in_project("dispatcher"))

    assert [bool(one.private) for one in page.documents] == [True, False]


def test_a_technician_knows_whom_he_goes_to(book: Book):
    log(book, "1", THERE)
    book.dispatched("li")

    page = read_page(book.feed.pull("li", holding("technician"), None, 200).wire())

    assert len(page.documents[0].private) == len(OWNER)


# traces


def asked_for(app: Flask, number: str, site: str) -> str:
    """A request of this project; the path of its order."""
    parts, name = parts_of(app), order_stream(number)
    one = Decision(stream=name, what=_asked(number, site), private=OWNER)
    parts.ledger.decide([one], "chen", parts.now())
    return f"/v1/orders/{name.removeprefix('order:')}"


@pytest.fixture
def sun(app: Flask) -> Desk:
    """Sun, who audits one project."""
    desk = with_password(app, "sun", in_project("auditor"))
    desk.log_in()
    return desk


def readers(desk: Desk, order: str) -> list[str]:
    told = desk.ask("GET", f"{order}/traces").json["traces"]
    return [one["person"] for one in told if one["action"] == "owner.read"]


def test_who_reads_what_is_the_owners_leaves_one_trace_an_hour(
    app: Flask, chen: Staff, sun: Desk, clock: Clock
):
    """S2."""
    order = asked_for(app, "1", HERE)
    asked_for(app, "2", HERE)
    for _ in range(3):
        assert OWNER["phone"] in chen.ask("GET", order).text
    assert readers(sun, order) == ["chen"]

    clock.ms += HOUR_MS
    chen.ask("GET", f"{order}/story")

    assert readers(sun, order) == ["chen", "chen"]


def test_whoever_takes_all_orders_home_is_noted_at_each(
    app: Flask, chen: Staff, sun: Desk
):
    orders = [asked_for(app, number, HERE) for number in "12"]

    chen.ask("GET", "/v1/sync/pull")

    assert [readers(sun, order) for order in orders] == [["chen"], ["chen"]]


def test_who_is_shown_nothing_of_the_owner_leaves_no_trace(app: Flask, sun: Desk):
    order = asked_for(app, "1", HERE)

    told = sun.ask("GET", f"{order}/story").text + sun.ask("GET", order).text

    assert not any(ascii(value)[1:-1] in told for value in OWNER.values())
    assert readers(sun, order) == []


def test_who_read_it_is_for_those_who_audit(app: Flask, chen: Staff):
    order = asked_for(app, "1", HERE)
    foreign = employ(app, "gao", "technician")

    assert chen.ask("GET", f"{order}/traces").status_code == 403
    assert foreign.ask("GET", f"{order}/traces").status_code == 404


def test_a_tablet_holds_what_is_given_to_its_user_also_if_they_run_a_project(
    app: Flask, li: Tablet
):
    """S1."""
    asked_for(app, "1", HERE)
    grants = [Grant(role="technician"), Grant(role="manager")]
    parts_of(app).people.add("li", "Li", grants, parts_of(app).now())

    assert "documents" not in li.ask("GET", "/v1/sync/pull").json
