"""Every check has its row in a table, and every row names tests that exist."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pytest

from tests.house.ground import files, text_of

PYTHON, NODE = r"^ *def (test_\w+)\(", r"\btest\([\"`]([^\"`$]+)"


@dataclass(frozen=True)
class Table:
    """A README's table of checks: what must be in it, where its tests lie."""

    path: str
    numbers: tuple[str, ...]
    patterns: tuple[str, ...]

    @cached_property
    def rows(self) -> dict[str, str]:
        """By its number, what shows a check."""
        row = r"^\| ([CRUX]\d\d[a-f]?) \|[^|\n]*\| ([^|\n]*) \|$"
        return dict(re.findall(row, text_of(self.path), re.MULTILINE))

    @property
    def named(self) -> Iterator[tuple[str, str]]:
        """Each number with each test that its row names."""
        for number, said in self.rows.items():
            for name in re.findall(r"`([^`]+)`", said):
                yield number, name

    @cached_property
    def tests(self) -> frozenset[str]:
        """The names of all tests that may be named here."""
        return frozenset(self._found())

    def _found(self) -> Iterator[str]:
        for path in files(*self.patterns):
            form = PYTHON if path.suffix == ".py" else NODE
            for name in re.findall(form, text_of(path), re.MULTILINE):
                yield name.rstrip(": ")  # what is drawn in comes after it


TABLES = (
    Table(
        "tests/web/README.md",
        tuple(f"U{number:02}" for number in range(1, 30)),
        ("tests/web/test_*.py", "tests/twins/*.test.ts"),
    ),
    Table(
        "tests/console/README.md",
        (
            *(f"C{number:02}" for number in range(1, 14)),
            "U15", "U29", *(f"U30{letter}" for letter in "abcdef"),
            *(f"X{number}" for number in range(12, 17)),
        ),
        ("tests/console/test_*.py", "tests/web/test_*.py", "tests/server/test_*.py",
         "tests/sync/test_*.py"),
    ),
    Table(
        "tests/together/README.md",
        tuple(f"R{number:02}" for number in range(1, 13)),
        ("tests/*/test_*.py",),
    ),
)  # fmt: skip
CHECKS = [(table, number) for table in TABLES for number in table.numbers]
NAMED = [(table, *one) for table in TABLES for one in table.named]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_every_check_has_one_row(table: Table) -> None:
    assert tuple(table.rows) == table.numbers


@pytest.mark.parametrize(("table", "number"), CHECKS)
def test_every_check_is_shown_by_a_test(table: Table, number: str) -> None:
    assert any(one == number for one, _ in table.named)


@pytest.mark.parametrize(("table", "number", "name"), NAMED)
def test_what_shows_a_check_exists(table: Table, number: str, name: str) -> None:
    assert name in table.tests, f"{table.path}: {number} names {name}"
