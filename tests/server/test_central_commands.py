"""`doorstep import log` and `doorstep reconcile`, as a desk or a schedule uses them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.cli import main
from tests.server.books import HOUR, NOON
from tests.server.central_logs import HEAD, log_of, row

OPENED = f"{HEAD}\nN1,2025-12-14 11:00,东苑,3,2,1702,赵敏,13800138000,water,滴水\n"

Run = Callable[..., tuple[int, list[Any], str]]


@pytest.fixture
def doorstep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Exit code, data as JSON lines, words."""
    monkeypatch.setenv("DOORSTEP_DATA", str(tmp_path / "data"))

    def run(*arguments: str) -> tuple[int, list[Any], str]:
        code = main((*arguments, "--json"), now=lambda: NOON + HOUR)
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines()], said.err

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the hotline leaves its exports."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "monday.csv").write_text(log_of(row("N1"), row("N2")), "utf-8")
    return tmp_path / "in"


def test_a_look_comes_first(doorstep: Run, folder: Path):
    code, (counts,), words = doorstep("import", "log", str(folder / "monday.csv"))

    assert (code, counts["new"], counts["applied"]) == (0, 2, False)
    assert "--apply" in words


def test_a_folder_brings_what_has_not_come_yet(doorstep: Run, folder: Path):
    """What a schedule runs every night."""
    doorstep("import", "log", str(folder), "--apply")
    (folder / "tuesday.csv").write_text(log_of(row("N2"), row("N3")), "utf-8")

    _, files, _ = doorstep("import", "log", str(folder), "--apply")

    assert [(one["file"], one["new"], one["same"]) for one in files] == [
        ("monday.csv", 0, 2), ("tuesday.csv", 1, 1),
    ]  # fmt: skip


def test_headings_are_said_once(doorstep: Run, folder: Path):
    theirs = log_of(row("N8")).replace("统一编号", "单据").replace("登记时间", "日期")
    (folder / "odd.csv").write_text(theirs, "utf-8")
    one = str(folder / "odd.csv")
    says = ("--map", "单据=统一编号", "--map", "日期=登记时间", "--mapping", "hotline")
    doorstep("import", "log", one, *says)

    code, (counts,), _ = doorstep("import", "log", one, "--mapping", "hotline")

    assert (code, counts["new"]) == (0, 1)


def test_a_wrong_row_is_told_and_handed_back(
    doorstep: Run, folder: Path, tmp_path: Path
):
    """Exit 3; the others are in."""
    (folder / "bad.csv").write_text(log_of(row("N1", ",昨天,,,,"), row("N2")), "utf-8")
    back = tmp_path / "wrong.csv"

    code, (counts,), words = doorstep(
        "import", "log", str(folder / "bad.csv"), "--apply", "--wrong-rows", str(back)
    )

    assert (code, counts["new"], counts["wrong"]) == (3, 1, 1)
    assert "昨天" in words and "昨天" in back.read_text("utf-8")


def test_a_pass_says_how_much_waits(doorstep: Run, folder: Path, tmp_path: Path):
    """Exit 5 as long as anything does; a second pass has nothing to compare."""
    opened = tmp_path / "opened.csv"
    opened.write_text(OPENED, "utf-8")
    doorstep("import", "register", str(opened), "--apply")
    doorstep("import", "log", str(folder), "--apply")

    code, (said,), _ = doorstep("reconcile")
    _, (again,), _ = doorstep("reconcile")

    assert (code, said["open"]) == (5, {"unknown_number": 1})
    assert (again["compared"], again["opened"]) == (0, 0)
