"""The tables of sync/README.md say what the code says, row by row."""

import re
from collections.abc import Mapping

import pytest

from sync.access import WRITERS
from sync.envelope import _FRAME, MAX_BODY_BYTES, MOST_NESTING
from sync.exchange import IN_CUSTODY, OUTCOME_LABELS, Limits, Outcome
from sync.facts import DEVICE_KINDS, KINDS, OFFICE_KINDS
from sync.fold import MOST_LEAP
from sync.order import Stage
from sync.reconcile import SORTS
from sync.reviews import LABELS
from tests.house.ground import files, text_of

README = text_of("sync/README.md")
ROUTE = re.compile(r'@blp\.(\w+)\("([^"]+)"(?:, methods=\["(\w+)"\])?', re.MULTILINE)

Rows = dict[str, tuple[str, ...]]


def table(head: str, text: str = README) -> Rows:
    """The rows of the table whose first column is called so, by that column."""
    found = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found, f"no table of {head}"
    cells = [
        tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        for line in found[1].splitlines()
    ]
    names = [row[0] for row in cells]
    assert len(set(names)) == len(names), "a row stands twice"
    return {row[0].strip("`"): row[1:] for row in cells}


def yes(holds: bool) -> str:
    return "yes" if holds else ""


def kinds() -> Rows:
    return {
        name: (kind.label, ", ".join(sorted(WRITERS[name])), yes(kind.on_sheet))
        for name, kind in KINDS.items()
    }


def device_kinds() -> Rows:
    return {
        name: (kind.label, ", ".join(sorted(WRITERS[name])))
        for name, kind in DEVICE_KINDS.items()
    }


def office_kinds() -> Rows:
    return {name: (kind.label,) for name, kind in OFFICE_KINDS.items()}


def stages() -> Rows:
    """Which kinds lead to a stage in turn."""
    leading: dict[str, list[str]] = {stage.value: [] for stage in Stage}
    for name, kind in KINDS.items():
        for stage in set(kind.moves.values()):
            leading[stage].append(f"`{name}`")
    return {stage: (", ".join(names),) for stage, names in leading.items()}


def outcomes() -> Rows:
    return {
        one.value: (OUTCOME_LABELS[one], "yes" if one in IN_CUSTODY else "no")
        for one in Outcome
    }


def calls() -> set[str]:
    """Every route of the server, as it is written there."""
    return {
        f"{(verb or door).upper()} {path}"
        for module in files("server/api/*.py")
        for door, path, verb in ROUTE.findall(text_of(module))
    }


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Kind", kinds()),
        ("Device kind", device_kinds()),
        ("Office kind", office_kinds()),
        ("Stage", stages()),
        ("Outcome", outcomes()),
    ],
)
def test_a_table_says_what_the_code_says(head: str, said: Mapping[str, object]):
    assert table(head) == said


def test_every_difference_has_its_row():
    assert table("Difference") == {
        code: (one.label, one.severity.value, one.settles, one.cites)
        for code, one in SORTS.items()
    }


def test_every_review_has_its_row_and_its_label():
    told = {code: row[0] for code, row in table("Review").items()}
    assert told == LABELS


def test_every_review_says_when():
    assert all(row[1] for row in table("Review").values())


def test_every_field_of_a_body_has_its_row():
    assert table("Field").keys() == _FRAME


def test_every_call_has_its_row():
    assert len(calls()) > 10
    assert table("Call").keys() == calls()


@pytest.mark.parametrize(
    "sentence",
    [
        f"at most {MOST_NESTING} brackets deep",
        f"at most {MAX_BODY_BYTES // 1024} KiB",
        f"at most {MOST_LEAP:,} more",
        f"1–{Limits().facts} facts",
    ],
)
def test_a_number_in_the_prose_is_the_codes(sentence: str):
    assert sentence in README


@pytest.mark.parametrize("head", ["Kind", "Stage", "Outcome"])
def test_a_row_that_is_missing_or_wrong_is_noticed(head: str):
    """The tables are really read: any letter of a row counts."""
    for name, row in table(head).items():
        lines = [line for line in README.splitlines() if line.startswith(f"| `{name}`")]
        (line,) = [one for one in lines if row[0] in one]
        assert table(head, README.replace(line + "\n", "")) != table(head)
        assert table(head, README.replace(line, line[:-1] + "x |")) != table(head)
