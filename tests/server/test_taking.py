"""A request is taken at the desk before the register knows it, and stays one order."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from server import board, intake
from server.database import reading
from server.numbering import give_number
from server.tables import fact, register_row
from server.taking import Asked, Entered, Window, compared, hand_over, take
from sync.envelope import BlobRef
from sync.facts.acceptance import Accepted
from sync.facts.dispatch import Closed, Dispatched
from sync.facts.visit import Arrived
from sync.facts.work import Completed
from sync.order import order_stream
from sync.plain import but
from sync.policy import DEFAULT
from sync.problems import Refused
from sync.register import Register, RegisterRow
from sync.reviews import tag
from tests.server.books import DAY, HOUR, NOON, Book, Pad, book, pad

__all__ = ["book", "pad"]

Pads = Callable[..., Pad]
FIRST = "P251214-0001"
DRIP = Asked(
    project="翠湖", building="3", unit="2", room="1702", owner="赵敏",
    phone="13800138000", trade="给排水", priority="urgent", fault="龙头滴水",
)  # fmt: skip

STROKES = BlobRef(sha256="1" * 64, bytes=1, type="application/json", role="signature")

_numbers = count(1)


def taken(book: Book, asked: Asked = DRIP, by: str = "chen") -> Entered:
    """Chen takes the call."""
    return take(
        book.ledger, book.engine, DEFAULT, asked, by=by, called="陈静",
        now_ms=book.now_ms, chance=lambda n: next(_numbers).to_bytes(n, "big"),
    )  # fmt: skip


def row(number: str = "SH1", **said: Any) -> RegisterRow:
    """What the register says of Zhao's call, a quarter of an hour later."""
    usual = {"registered_ms": NOON + HOUR // 4, "owner": "赵敏", "fault": "水龙头"}
    return RegisterRow(number=number, **{**usual, **said})


def imported(book: Book, *rows: RegisterRow) -> None:
    told = Register(
        name="r", columns=(), rows=rows, wrong=(), twice=(), unknown_columns=()
    )
    planned = intake.plan(book.engine, told)
    list(intake.carry_out(book.ledger, planned, "r", "chen", book.now_ms))


def numbered(book: Book, stream: str, number: str = "SH1") -> None:
    give_number(
        book.ledger, book.engine, order=stream, said=number, by="chen",
        now_ms=book.now_ms,
    )  # fmt: skip


def seen(book: Book, stream: str) -> Any:
    """The order's document as the desk sees it, with the words of its request."""
    found = book.document(stream)
    said = found.order["request"]["private"]
    words = {name: found.private[one][1] for name, one in said.items()}
    return found.order | {"words": words}


def streams(book: Book) -> list[str]:
    """Every order that there is."""
    with reading(book.engine) as connection:
        return board.names(connection)


def going_on(book: Book) -> list[str]:
    """The numbers of all orders that go on."""
    orders = (book.document(one).order for one in streams(book))
    return [one["request"]["number"] for one in orders if "closed" not in one]


# What the register's row comes to


def test_a_row_that_names_our_number_amends_the_order_taken_here(book: Book):
    """Nothing is doubled, and the order keeps its id."""
    mine = taken(book)

    imported(book, row(remark=f"来电，{FIRST}"))

    assert mine.number == FIRST
    assert going_on(book) == ["SH1"]
    assert seen(book, mine.stream)["words"]["fault"] == "水龙头"


def test_our_number_may_stand_in_a_column_of_its_own(book: Book):
    mine = taken(book)

    imported(book, row(aside=(("受理号", f"（{FIRST}）"),)))

    assert seen(book, mine.stream)["request"]["number"] == "SH1"


def test_what_a_row_leaves_open_stays_as_it_was_taken(book: Book):
    """The register's clerk wrote neither phone nor urgency, and wrote late."""
    mine = taken(book)

    imported(book, row(remark=FIRST))

    order = seen(book, mine.stream)
    assert order["words"]["phone"] == "13800138000"
    assert order["request"]["priority"] == "urgent"
    assert order["request"]["registered_ms"] == NOON


def test_importing_the_same_row_again_changes_nothing(book: Book):
    taken(book)
    imported(book, row(remark=FIRST))
    before = book.everything()

    imported(book, row(remark=FIRST))

    assert book.everything() == before


def test_a_row_that_changes_later_amends_the_same_order(book: Book):
    mine = taken(book)
    imported(book, row(remark=FIRST))

    imported(book, row(remark=FIRST, phone="13900139000"))

    assert seen(book, mine.stream)["words"]["phone"] == "13900139000"
    assert going_on(book) == ["SH1"]


def test_a_row_that_comes_after_the_desk_gave_its_number_amends(book: Book):
    mine = taken(book)
    numbered(book, mine.stream)

    imported(book, row())

    assert going_on(book) == ["SH1"]
    assert seen(book, mine.stream)["words"]["fault"] == "水龙头"


def test_a_number_that_the_register_brought_first_makes_one_of_two(book: Book):
    """Li was already on the way: Li's order goes on, the register's joins it."""
    mine = taken(book)
    book.decide(Dispatched(technician="li"), mine.stream)
    imported(book, row())

    numbered(book, mine.stream)

    assert book.order("SH1")["merged_into"] == mine.stream
    assert going_on(book) == ["SH1"]
    assert seen(book, mine.stream)["duplicates"] == [order_stream("SH1")]


def test_the_registers_order_goes_on_if_that_is_the_one_worked_on(book: Book):
    mine = taken(book)
    imported(book, row())
    book.dispatched("li", "SH1")

    numbered(book, mine.stream)

    assert book.document(mine.stream).order["merged_into"] == order_stream("SH1")
    assert going_on(book) == ["SH1"]


def test_two_orders_that_were_both_worked_on_wait_for_a_person(book: Book):
    mine = taken(book)
    book.decide(Dispatched(technician="wang"), mine.stream)
    imported(book, row())
    book.dispatched("li", "SH1")

    with pytest.raises(Refused, match="人工"):
        numbered(book, mine.stream)

    assert sorted(going_on(book)) == [FIRST, "SH1"]


def test_a_row_imported_before_that_names_our_number_later_makes_one_of_two(
    book: Book,
):
    """The clerk added the remark in the evening."""
    mine = taken(book)
    book.decide(Dispatched(technician="li"), mine.stream)
    imported(book, row())

    imported(book, row(remark=FIRST))

    assert book.order("SH1")["merged_into"] == mine.stream
    assert going_on(book) == ["SH1"]
    assert book.count(register_row) == 2


def test_what_a_tablet_noted_under_the_number_joins_the_order(book: Book, pad: Pads):
    """Li had the number from a slip of paper."""
    mine = taken(book)
    pad("li").tell(Arrived(), "SH1")

    imported(book, row(remark=FIRST))

    assert seen(book, mine.stream)["duplicates"] == [order_stream("SH1")]
    assert going_on(book) == ["SH1"]


def test_of_two_rows_with_our_number_the_second_is_another_request(book: Book):
    mine = taken(book)

    imported(book, row(remark=FIRST), row("SH2", remark=f"同 {FIRST}"))

    assert seen(book, mine.stream)["request"]["number"] == "SH1"
    assert sorted(going_on(book)) == ["SH1", "SH2"]


def test_a_plan_that_the_desk_overtook_is_made_again(book: Book):
    """The number was given while somebody looked at the preview."""
    mine = taken(book)
    told = Register(name="r", columns=(), rows=(row(),), wrong=(), twice=(),
                    unknown_columns=())  # fmt: skip
    stale = intake.plan(book.engine, told)
    numbered(book, mine.stream)

    with pytest.raises(Refused, match="另一次导入"):
        list(intake.carry_out(book.ledger, stale, "r", "chen", book.now_ms))

    assert going_on(book) == ["SH1"]


def test_a_number_is_given_once(book: Book):
    mine = taken(book)
    numbered(book, mine.stream)
    before = book.count(fact)
    numbered(book, mine.stream, "ｓｈ１")

    with pytest.raises(Refused, match="SH1"):
        numbered(book, mine.stream, "SH2")

    assert book.count(fact) == before


def test_one_number_is_not_given_to_two_orders(book: Book):
    first, second = taken(book), taken(book, but(DRIP, room="1801"))
    for one in (first, second):
        book.decide(Dispatched(technician="li"), one.stream)
    numbered(book, first.stream)

    with pytest.raises(Refused, match="人工"):
        numbered(book, second.stream)


@pytest.mark.parametrize("said", ["", FIRST, "2.02611E+11", "x" * 41])
def test_what_is_no_number_of_the_register_is_not_given(book: Book, said: str):
    mine = taken(book)

    with pytest.raises(Refused, match="编号"):
        numbered(book, mine.stream, said)


# Taking


def test_our_numbers_count_by_local_day(book: Book):
    first, second = taken(book), taken(book, but(DRIP, room="2"))
    book.later(12 * HOUR)  # midnight in Shanghai

    found = [first.number, second.number, taken(book, but(DRIP, room="4")).number]

    assert found == [FIRST, "P251214-0002", "P251215-0001"]


def test_who_took_the_call_sees_it_through_until_it_is_handed_over(book: Book):
    """I2."""
    mine = taken(book)
    hand_over(book.ledger, to="sun", stream=mine.stream, by="chen", words="交班",
              now_ms=book.now_ms)  # fmt: skip

    takings = seen(book, mine.stream)["takings"]

    assert [one["person"] for one in takings] == ["chen", "sun"]
    assert seen(book, mine.stream)["words"]["first_asked"] == "陈静"


def test_the_time_agreed_at_the_telephone_is_kept(book: Book):
    asked = but(DRIP, appointment=Window(start_ms=NOON + HOUR, end_ms=NOON + 2 * HOUR))

    (agreed,) = seen(book, taken(book, asked).stream)["appointments"]

    assert (agreed["by"], agreed["start_ms"]) == ("chen", NOON + HOUR)


@pytest.mark.parametrize("lacks", [{"fault": ""}, {"phone": "", "room": ""}])
def test_a_request_says_what_and_where(book: Book, lacks: dict[str, str]):
    with pytest.raises(Refused, match="报修什么"):
        taken(book, but(DRIP, **lacks))


def test_the_board_is_made_anew_as_it_is(book: Book):
    mine = taken(book)
    imported(book, row(remark=FIRST))
    hand_over(book.ledger, to="sun", stream=mine.stream, by="chen", words="",
              now_ms=book.now_ms)  # fmt: skip

    assert book.ledger.rebuild_board() == []


# The same again


@pytest.mark.parametrize(("days", "warned"), [(0, True), (7, True), (8, False)])
def test_the_same_home_and_trade_within_seven_days_is_a_duplicate(
    book: Book, days: int, warned: bool
):
    first = taken(book)
    book.later(days * DAY)

    assert (taken(book).duplicates == (first.stream,)) is warned


@pytest.mark.parametrize(
    "other", [{"trade": "电气"}, {"room": "1703"}, {"project": "云溪"}, {"room": ""}]
)
def test_another_home_or_trade_is_no_duplicate(book: Book, other: dict[str, str]):
    taken(book)

    assert taken(book, but(DRIP, **other)).duplicates == ()


def test_a_closed_order_is_no_duplicate(book: Book):
    book.decide(Closed(reason="done"), taken(book).stream)

    assert taken(book).duplicates == ()


@pytest.mark.parametrize(("days", "again"), [(90, True), (91, False)])
def test_a_repair_that_did_not_last_is_linked_within_ninety_days(
    book: Book, pad: Pads, days: int, again: bool
):
    """I5: 90 local days after acceptance, the last one included."""
    first = accepted(book, pad)
    book.later(days * DAY)

    mine = taken(book)

    taking = seen(book, mine.stream)["takings"][0]
    assert taking.get("repeats") == (first if again else None)


def test_an_accepted_order_is_a_repeat_and_no_duplicate(book: Book, pad: Pads):
    first = accepted(book, pad)

    found = compared(book.engine, DEFAULT, [DRIP.place], DRIP.trade, book.now_ms)

    assert (found.duplicates, found.repeats) == ((), (first,))


def accepted(book: Book, pad: Pads) -> str:
    """Li repaired it, Zhao accepted it today."""
    mine = taken(book)
    book.decide(Dispatched(technician="li"), mine.stream)
    numbered(book, mine.stream)
    li = pad("li")
    li.greet()
    li.tell(Arrived(), mine.stream)
    done = li.tell(Completed(), mine.stream)
    sheet: dict[str, Any] = {"round": 1, "sheet": "0" * 64, "covers": (tag(done.id),)}
    li.tell(Accepted(**sheet), mine.stream, blobs=(STROKES,))
    li.greet()
    return mine.stream
