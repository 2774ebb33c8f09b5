"""The server speaks the language of whoever asks: over HTTP and on its command line."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from server.cli import doorstep, main
from tests.server.callers import NOON

CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")

ASKED = (
    ("en-GB,en;q=0.8", "Not found; check the number."),
    ("fr, en;q=0.5", "Not found; check the number."),
    ("zh-Hant-HK", "沒有找到，請核對編號。"),
    ("zh-TW, en;q=0.9", "沒有找到，請核對編號。"),
    ("zh", "没有找到，请核对编号。"),
    ("en;q=0, fr", "没有找到，请核对编号。"),
    ("", "没有找到，请核对编号。"),
)


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_DATA", str(tmp_path / "office"))
    monkeypatch.setenv("COLUMNS", "200")


def typed(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """All that the terminal shows."""
    capsys.readouterr()
    main(command, now=lambda: NOON)
    shown = capsys.readouterr()
    return shown.out + shown.err


@pytest.mark.parametrize(("asked", "said"), ASKED)
def test_a_problem_is_told_in_the_language_asked_for(
    app: Flask, asked: str, said: str
) -> None:
    answer = app.test_client().get("/nowhere", headers={"Accept-Language": asked})
    assert answer.get_json()["detail"] == said


def test_the_desk_reads_its_orders_in_english(
    capsys: pytest.CaptureFixture[str],
) -> None:
    headings = typed(capsys, "--lang", "en", "orders").splitlines()[-1]
    assert headings.split()[:3] == ["Number", "Stage", "Technician"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("--lang", "en", "--help"), "List the orders"),
        (("--lang", "zh-TW", "--help"), "匯入"),
        (("--lang", "en", "dispatch", "--help"), "Lead technician"),
        (("--lang", "en", "people", "--help"), "List the people"),
        (("--lang", "en", "people", "add", "--help"), "Name"),
    ],
)
def test_help_is_in_the_readers_language(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...], said: str
) -> None:
    assert said in typed(capsys, *command)


def commands(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    """The words that reach each command."""
    yield path
    for name, one in getattr(command, "commands", {}).items():
        yield from commands(one, *path, name)


@pytest.mark.parametrize("path", tuple(commands(doorstep)), ids=" ".join)
def test_no_help_leaves_an_english_reader_alone(
    capsys: pytest.CaptureFixture[str], path: tuple[str, ...]
) -> None:
    assert not CHINESE.search(typed(capsys, "--lang", "en", *path, "--help"))


def test_the_next_reader_has_help_in_another_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed(capsys, "--lang", "en", "dispatch", "--help")
    assert "主修人员" in typed(capsys, "dispatch", "--help")


def test_a_refusal_is_told_in_the_readers_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = typed(capsys, "--lang", "zh-TW", "dispatch", "X", "--to", "li")
    assert said.splitlines()[-1] == "錯誤 not_found：沒有找到，請核對編號。"
