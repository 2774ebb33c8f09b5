"""`doorstep differences`, as somebody without a browser uses it."""

from pathlib import Path

import pytest

from server.cli import main
from tests.server.books import HOUR, NOON
from tests.server.test_central_commands import Run, doorstep, folder

__all__ = ["doorstep", "folder"]


@pytest.fixture
def names(doorstep: Run, folder: Path) -> list[str]:
    """Two numbers that the log has alone, by the names of their differences."""
    doorstep("import", "log", str(folder), "--apply", "--by", "chen")
    doorstep("reconcile")
    return [one["id"] for one in doorstep("differences", "list")[1]]


def decided(*arguments: str) -> int:
    """The exit code."""
    return main(("differences", "decide", *arguments, "--by", "chen"),
                now=lambda: NOON + HOUR)  # fmt: skip


def test_what_is_decided_at_a_terminal_waits_no_more(doorstep: Run, names: list[str]):
    code = decided(*names, "--choice", "waive", "--reason", "unknowable")

    _, waits, _ = doorstep("differences", "list")
    _, settled, _ = doorstep("differences", "list", "--state", "decided")
    assert (code, len(names), waits, len(settled)) == (0, 2, [], 2)


def test_a_reason_of_another_choice_is_refused(doorstep: Run, names: list[str]):
    assert decided(names[0], "--choice", "log", "--reason", "evidence") != 0
