"""An order that went as it should, and the register's row that says so.

May not enter: what is being tested.
"""

from sync.envelope import BlobRef
from sync.moment import MINUTE_MS, Grade, Moment, Span
from sync.order import (
    Entry,
    Inspection,
    Item,
    Order,
    Payer,
    Photo,
    Request,
    Round,
    Stage,
    Verdict,
    Visit,
    WorkRecord,
)
from sync.register import Register, RegisterRow

EIGHT = 1_793_491_200_000  # 1 November 2026, 08:00 in Shanghai
HOUR = 60 * MINUTE_MS
DAY = 24 * HOUR
NAMES = {"li": "李强", "wang": "王建军"}


def at(first_ms: int, width_ms: int = 30_000, grade: Grade = Grade.A) -> Moment:
    """It happened in this stretch, proven to ten minutes around it."""
    end_ms = first_ms + width_ms
    return Moment(
        earliest_ms=first_ms, latest_ms=end_ms, grade=grade,
        not_before_ms=first_ms - 10 * MINUTE_MS, not_after_ms=end_ms + 10 * MINUTE_MS,
    )  # fmt: skip


def came(first_ms: int, end_ms: int, by: str = "li", grade: Grade = Grade.A) -> Visit:
    """Somebody was there in this interval."""
    return Visit(fact="arrived", by=by, moment=at(first_ms, end_ms - first_ms, grade))


def verdict(
    answer: str = "accepted", signature: str | None = "strokes", at_ms: int = EIGHT
) -> Verdict:
    """The owner's word, an hour after the call."""
    return Verdict(
        fact="v", answer=answer, sheet="s", covers=(), signature=signature,
        moment=Moment.known(Span(at_ms + HOUR, at_ms + HOUR + 1_000)),
    )  # fmt: skip


def ended(*answers: Verdict, passed: bool = True) -> Round:
    """A round of inspection."""
    looked = Inspection(fact="i", item=1, passed=passed)
    return Round(inspections=(looked,), verdicts=answers)


def pictured(moment: str) -> Photo:
    """A picture of the first item."""
    blob = BlobRef(sha256=moment.ljust(64, "0"), bytes=1, type="image/jpeg", role="p")
    return Photo(fact=moment, blob=blob, moment=moment, item=1)


def done(at_ms: int) -> Entry:
    """The technician said then that it was done."""
    return Entry(id="c", kind="work.completed", by="li", log="l", n=1, lamport=1,
                 basis=0, moment=at(at_ms))  # fmt: skip


REPAIRED = Order(
    stream="order:1",
    stage=Stage.ACCEPTED,
    request=Request(number="1", registered_ms=EIGHT, trade="water", sort="repair"),
    visits=(came(EIGHT, EIGHT + 30_000),),
    items=(Item(item=1, trade="water", payer=Payer.OWNER, fact="item"),),
    records=(
        WorkRecord(
            fact="w", item=1, cause="worn", remedy="replaced", labour_minutes=30,
            labour_fen=8000,
        ),
    ),
    photos=(pictured("before"), pictured("after")),
    history=(done(EIGHT + HOUR // 2),),
    rounds=(ended(verdict()),),
)  # fmt: skip
TOLD = RegisterRow(
    number="1", registered_ms=EIGHT, technician="李强", arrived_ms=EIGHT,
    result="pass", signed=True, charged_fen=8000, trade="water",
    site="东苑", building="3", unit="2", room="1702",
)  # fmt: skip


def register(*rows: RegisterRow, **more: object) -> Register:
    """A register of these rows."""
    said = {"wrong": (), "twice": ()} | more
    return Register(name="r", columns=(), rows=rows, unknown_columns=(), **said)
