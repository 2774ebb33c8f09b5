"""The central service log as files that come to a book, and passes over it.

May not enter: what is being tested.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select

from server.central import passes
from server.central.rows import Bringing, Outcome, Source
from server.central_tables import central_row, central_version, difference
from server.database import reading
from server.register import read_register
from sync.policy import DEFAULT, Policy
from tests.server.books import Book

HEAD = "统一编号,登记时间,项目,楼栋,单元,房号,业主姓名,联系电话,专业,报修内容"
CLOSED = f"{HEAD},维修人员,到场时间,验收结果,业主签字,收费金额,状态"
WHERE = "东苑,3,2,1702,赵敏,13800138000,water,滴水"


def row(number: str, rest: str = ",,,,,", where: str = WHERE) -> str:
    """One line: asked for at 11:00; `rest` from the technician on."""
    return f"{number},2025-12-14 11:00,{where},{rest}"


def log_of(*rows: str, head: str = CLOSED) -> str:
    """A file of these rows."""
    return "\n".join((head, *rows)) + "\n"


def brought(
    book: Book, text: str, encoding: str = "utf-8", apply: bool = True
) -> list[Outcome]:
    """This file comes in; what became of each row."""
    return [one for some in bringing(book, text, encoding, apply).run() for one in some]


def bringing(
    book: Book, text: str, encoding: str = "utf-8", apply: bool = True
) -> Bringing:
    """This file, on its way in."""
    raw = text.encode(encoding)
    source = Source("log.csv", hashlib.sha256(raw).hexdigest(), "chen")
    sheet = read_register(raw, "log.csv")
    return Bringing(book.engine, source, sheet, 480, book.now_ms, apply)


def counted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many rows became what."""
    return dict(Counter(one.what for one in outcomes))


def compared(book: Book, policy: Policy = DEFAULT) -> passes.Done:
    """One whole pass."""
    *_, done = passes.reconcile(book.engine, policy, book.now_ms)
    return done


def waiting(book: Book) -> set[tuple[str, str]]:
    """Number and code of what is open."""
    asked = select(difference.c.number, difference.c.code).where(difference.c.open)
    with reading(book.engine) as connection:
        return {(number, code) for number, code in connection.execute(asked)}


def stored(book: Book) -> list[tuple[object, ...]]:
    """Everything that the central log left here."""
    with reading(book.engine) as connection:
        return [
            tuple(row)
            for table in (central_row, central_version)
            for row in connection.execute(select(table).order_by(table.c.number))
        ]
