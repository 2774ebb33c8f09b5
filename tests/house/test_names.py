"""Names and openings: a module says what it is, and its name says it first."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.ground import PACKAGES, files, text_of

MODULES = [p for p in files("*.py") if p.parts[0] in PACKAGES]
PURE = [path for path in MODULES if path.parts[0] == "sync"]
NAMES_THAT_SAY_NOTHING = {
    *("util", "utils", "helper", "helpers", "common", "base", "manager", "managers"),
    *("service", "services", "misc", "stuff", "core", "lib"),
}
UNOWNED = re.compile(r"\b(TODO|FIXME|XXX)\b(?!\([A-Z]\w+, \d{4}-\d\d-\d\d\))")


def test_there_are_modules_to_judge() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("path", files("*"), ids=str)
def test_a_files_name_says_what_is_in_it(path: Path) -> None:
    words = {part.partition(".")[0].strip("_").lower() for part in path.parts}
    assert not words & NAMES_THAT_SAY_NOTHING


@pytest.mark.parametrize("path", [*MODULES, *files("tests/*.py")], ids=str)
def test_a_module_opens_with_what_it_is(path: Path) -> None:
    if "versions" not in path.parts:  # Alembic's files are named for what they do
        assert ast.get_docstring(ast.parse(text_of(path)))


@pytest.mark.parametrize("path", PURE, ids=str)
def test_sync_asks_for_no_time_and_no_file(path: Path) -> None:
    asked = {
        node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
        for call in ast.walk(ast.parse(text_of(path)))
        if isinstance(call, ast.Call)
        for node in [call.func]
    }
    assert not asked & {"now", "utcnow", "today", "open", "print", "input"}


@pytest.mark.parametrize("path", files("*.py", "*.md", "Makefile", "infra/*"), ids=str)
def test_a_leftover_has_a_name_and_a_date(path: Path) -> None:
    if path.name != Path(__file__).name:
        assert not UNOWNED.findall(text_of(path))
