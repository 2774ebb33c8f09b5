"""The documents are true: what they name exists, what they promise is kept."""

import re

import pytest

from tests.house.ground import DOCUMENTS, PACKAGES, ROOT, files, prose, targets, text_of

FOLDERS = (*PACKAGES, "tests", ".ci")
PATH = re.compile(rf"`((?:{'|'.join(map(re.escape, FOLDERS))})(?:/[\w./*-]*)?)`")
FILE = re.compile(r"`([A-Z]{4,}(?:\.md)?|Makefile|pyproject\.toml|requirements\.lock)`")
LINES_OF_A_DECISION = 12

NAMED = [
    (document, path)
    for document in DOCUMENTS
    for pattern in (PATH, FILE)
    for path in pattern.findall(prose(document))
]
DECISIONS = re.split(r"^## ", text_of("DECISIONS.md"), flags=re.MULTILINE)[1:]
DATES = [re.match(r"\d{4}-\d\d-\d\d · ", decision) for decision in DECISIONS]


def test_documents_name_enough_to_be_worth_reading() -> None:
    assert len({path for _, path in NAMED}) > 10


@pytest.mark.parametrize(("document", "path"), NAMED)
def test_what_a_document_names_exists(document: str, path: str) -> None:
    assert list(ROOT.glob(path.rstrip("/"))), f"{document} names {path}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_command_in_a_document_is_a_target(document: str) -> None:
    said = set(re.findall(r"\bmake ([a-z]+)\b(?=[^\n]*`|\n)", text_of(document)))
    assert said <= targets().keys()


def test_every_folder_of_code_stands_in_the_readme() -> None:
    ours = {path.parts[0] for path in files("*.py") if len(path.parts) > 1}
    told = set(re.findall(r"^\| `(\w+)/` \|", text_of("README.md"), re.MULTILINE))
    assert told == ours


def test_decisions_are_dated_newest_first() -> None:
    assert all(DATES), "a decision without a date"
    dates = [date.group() for date in DATES if date]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda text: text.split("\n")[0])
def test_a_decision_is_short(decision: str) -> None:
    lines = decision.strip().split("\n")[1:]
    assert len([line for line in lines if line]) <= LINES_OF_A_DECISION


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda text: text.split("\n")[0])
def test_a_decision_says_what_would_change_our_mind(decision: str) -> None:
    assert "Would change our mind:" in decision
