"""The tablet speaks the language of whoever holds it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from field_client.cli import field, main
from field_client.client import Client
from field_client.words import language_of, speak
from tests.field_client.desk import Desk, SetClocks

CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")

Typed = Callable[..., str]


@pytest.fixture
def typed(
    li: Client,
    folder: Path,
    desk: Desk,
    clocks: SetClocks,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Typed:
    """Type a command; all that the terminal shows."""
    monkeypatch.setenv("LC_ALL", "C")

    def run(*command: str) -> str:
        capsys.readouterr()
        main(command, clocks=clocks, home=folder, call=desk)
        shown = capsys.readouterr()
        return shown.out + shown.err

    yield run
    speak("zh-CN")


def test_a_job_is_told_in_english(typed: Typed) -> None:
    assert typed("--lang", "en", "jobs").split()[:2] == ["R2611-0187", "Dispatched"]


def test_a_job_is_told_as_in_taiwan(typed: Typed) -> None:
    assert "已派工" in typed("--lang", "zh-TW", "jobs")


def test_a_refusal_says_in_english_what_to_do(typed: Typed) -> None:
    said = typed("--lang", "en", "show", "9999")
    assert "Order 9999 is not on this tablet; check the number" in said


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("--lang", "en", "--help"), "The orders on this tablet"),
        (("--lang", "en", "door", "--help"), "All steps were done"),
        (("--lang", "zh-TW", "door", "--help"), "屋主同意"),
    ],
)
def test_help_is_in_the_readers_language(
    typed: Typed, command: tuple[str, ...], said: str
) -> None:
    assert said in typed(*command)


def commands(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    """The words that reach each command."""
    yield path
    for name, one in getattr(command, "commands", {}).items():
        yield from commands(one, *path, name)


@pytest.mark.parametrize("path", tuple(commands(field)), ids=" ".join)
def test_no_help_leaves_an_english_reader_alone(
    typed: Typed, path: tuple[str, ...]
) -> None:
    assert not CHINESE.search(typed("--lang", "en", *path, "--help"))


def test_the_next_reader_has_help_in_another_language(typed: Typed) -> None:
    typed("--lang", "en", "door", "--help")
    assert "全部做到" in typed("door", "--help")


def test_the_owner_signs_a_sentence_in_their_language(typed: Typed) -> None:
    for command in ("arrive", "done"):
        typed(command, "0187")
    assert "By signing you confirm" in typed("--lang", "en", "sheet", "0187")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh_CN.UTF-8", "zh-CN"),
        ("zh_TW.UTF-8", "zh-TW"),
        ("zh_HK", "zh-TW"),
        ("zh-Hant", "zh-TW"),
        ("en_GB.UTF-8", "en"),
        ("C", "zh-CN"),
        ("", "zh-CN"),
    ],
)
def test_the_locale_decides_where_nobody_does(locale: str, language: str) -> None:
    assert language_of({"LANG": locale}) == language
