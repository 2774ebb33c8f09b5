"""Numbers of our own after the book went back: none is told to two people."""

from itertools import count

from server.taking import Asked, take
from sync.policy import DEFAULT
from tests.server.books import Book, open_book
from tests.server.vaults import Vault, vault

__all__ = ["vault"]

MINUTE = 60_000
CALL = Asked(phone="13800138000", fault="龙头滴水")
_chances = count(1)


def told(book: Book, calls: int) -> list[str]:
    """The numbers that callers were told, one a minute."""
    found = []
    for _ in range(calls):
        book.later(MINUTE)
        made = take(
            book.ledger, book.engine, DEFAULT, CALL, by="chen", called="陈静",
            now_ms=book.now_ms, chance=lambda n: next(_chances).to_bytes(n, "big"),
        )  # fmt: skip
        found.append(made.number)
    return found


def went_back(vault: Vault, name: str, *, at_ms: int) -> Book:
    """The book as it was when the backup was made; what came later is lost."""
    vault.book.engine.dispose()
    vault.book.now_ms = at_ms
    vault.restored(name, vault.here, force=True)
    book = open_book(vault.here.database)
    book.now_ms = at_ms
    return book


def test_a_number_that_was_told_and_forgotten_is_not_told_again(vault: Vault):
    """Nor after it went back to the same backup twice in one day."""
    numbers = told(vault.book, 2)
    name = vault.backed_up().name or ""
    numbers += told(vault.book, 3)
    for _ in range(2):
        book = went_back(vault, name, at_ms=vault.book.now_ms + MINUTE)
        numbers += told(book, 3)
        vault.book.now_ms = book.now_ms
        book.engine.dispose()

    assert len(set(numbers)) == len(numbers) == 11


def test_the_day_after_numbers_begin_at_one_again(vault: Vault):
    name = vault.backed_up().name or ""
    book = went_back(vault, name, at_ms=vault.book.now_ms + MINUTE)
    book.later(24 * 60 * MINUTE)

    assert told(book, 1) == ["P251215-0001"]
    book.engine.dispose()
