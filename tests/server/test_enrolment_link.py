"""The desk shows a code as something that a tablet's camera can read."""

from pathlib import Path

import pytest

from server.cli import main
from server.devices import enrolment_link
from tests.server.books import NOON


def test_the_code_is_all_there_is_on_stdout_and_the_picture_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("DOORSTEP_DATA", str(tmp_path / "data"))
    run = ("people", "add", "li", "--name", "李强", "--role", "technician")
    assert main(run, now=lambda: NOON) == 0
    capsys.readouterr()

    asked = ("device", "enroll", "li", "--url", "https://door.example/")
    assert main(asked, now=lambda: NOON) == 0

    said = capsys.readouterr()
    code = said.out.strip()
    assert code.count(".") == 1
    assert enrolment_link("https://door.example", code) in said.err
    assert "█" in said.err


def test_the_code_stands_where_no_server_logs_it():
    link = enrolment_link("https://door.example/", "ABCDEFGHJK.0123456789abcdef")

    assert link == ("https://door.example/tablet/#/enrol/ABCDEFGHJK~0123456789abcdef")
