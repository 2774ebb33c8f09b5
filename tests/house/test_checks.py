"""Each check of the tablet's app has its row, and each row names tests that exist."""

import re
from collections.abc import Iterator

import pytest

from tests.house.ground import files, text_of

TABLE = "tests/web/README.md"
NUMBERS = [f"U{number:02}" for number in range(1, 30)]
ROWS: dict[str, str] = dict(
    re.findall(r"^\| (U\d\d) \|[^|\n]*\| ([^|\n]*) \|$", text_of(TABLE), re.MULTILINE)
)
NAMED = [(row, name) for row, said in ROWS.items()
         for name in re.findall(r"`([^`]+)`", said)]  # fmt: skip


PYTHON, NODE = r"^def (test_\w+)\(", r"\btest\([\"`]([^\"`$]+)"


def there_are() -> Iterator[str]:
    """The names of all tests that a browser or Node has a part in."""
    for path in files("tests/web/test_*.py", "tests/twins/*.test.ts"):
        form = PYTHON if path.suffix == ".py" else NODE
        for name in re.findall(form, text_of(path), re.MULTILINE):
            yield name.rstrip(": ")  # what is drawn in comes after it


TESTS = frozenset(there_are())


def test_every_check_has_one_row() -> None:
    assert list(ROWS) == NUMBERS


@pytest.mark.parametrize("row", NUMBERS)
def test_every_check_is_shown_by_a_test(row: str) -> None:
    assert any(number == row for number, _ in NAMED)


@pytest.mark.parametrize(("row", "name"), NAMED)
def test_what_shows_a_check_exists(row: str, name: str) -> None:
    assert name in TESTS, f"{row} names {name}"
