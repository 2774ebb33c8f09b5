"""The demonstration holds, and it would not if anything were wrong.

One month is told once; then one thing at a time is put wrong, on the server's disk, on
a tablet or in the truth, and the check that must notice it does.
"""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import click
import pytest

from field_client.cli import field
from infra.demo import proof
from infra.demo.__main__ import show
from infra.demo.console import SeededConsole, doorstep_says, opened, seeded
from infra.demo.happenings import Lie
from infra.demo.play import Wanted, play
from infra.demo.proof import Case
from infra.demo.screens import (
    SCREENS,
    SHANGHAI,
    days_add_up,
    every_review_waits,
    look_over,
)
from infra.demo.witness import Witness
from server.cli import doorstep
from server.config import Config
from server.seed.books import CLOSED_AFTER_DAYS
from tests.house.ground import ROOT

pytestmark = pytest.mark.slow

THREE = Wanted(seed=1, orders=3)  # the first three hold the slow clock and the kill
Check = Callable[[Case], Iterator[str]]


def quiet(_name: str) -> Callable[[str, int, int], None]:
    return lambda *_: None


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with play(THREE, tmp_path_factory.mktemp("month"), quiet) as case:
        yield case


def asked_again(case: Case) -> Case:
    """The same month, everybody asked anew."""
    before = case.witness
    return replace(case, witness=Witness(before.stage, before.closed))


def wrong(check: Check, case: Case) -> list[str]:
    return list(check(asked_again(case)))


def test_every_check_of_a_month_holds(month: Case):
    assert [one for one in proof.prove(asked_again(month)) if not one.holds] == []


def test_a_photo_that_changed_on_the_servers_disk_is_found(month: Case):
    photo = next(one for one in month.witness.originals if one.role == "photo")
    (file,) = (month.witness.stage.folder / "server").rglob(f"{photo.sha256}*")
    file.chmod(0o600)
    file.write_bytes(photo.data[:-1] + b"!")

    found = wrong(proof.originals_match, month), wrong(proof.ledger_is_sound, month)
    file.write_bytes(photo.data)

    assert all(found)


def test_a_fact_that_stayed_on_a_tablet_is_found(month: Case):
    stage, home = month.witness.stage, month.truth.homes[0]
    stage.tablets[home.technician].run("leave", home.number)

    found = wrong(proof.facts_arrived_once, month), wrong(proof.outboxes_empty, month)
    stage.exchange(home.technician)

    assert all(found)


def test_a_fact_that_no_tablet_wrote_is_found(month: Case):
    case = asked_again(month)
    case.witness.written = case.witness.written[1:]

    assert len(list(proof.nothing_else_arrived(case))) == 1


def test_an_arrival_outside_its_interval_is_found(month: Case):
    first, *others = month.truth.homes
    (visit,) = first.visits
    late = replace(visit, arrived_ms=visit.arrived_ms + 40 * 60_000)
    truth = replace(month.truth, homes=(replace(first, visits=(late,)), *others))

    assert wrong(proof.arrivals_contain_the_truth, replace(month, truth=truth))


def test_a_difference_that_was_not_found_is_missed(month: Case):
    never = Lie(month.truth.homes[0].number, "result_differs", "pass", "fail")
    truth = replace(month.truth, lies=(*month.truth.lies, never))

    assert wrong(proof.differences_are_the_lies, replace(month, truth=truth))


def test_a_difference_that_nobody_made_is_noticed(month: Case):
    truth = replace(month.truth, lies=month.truth.lies[1:])

    assert wrong(proof.differences_are_the_lies, replace(month, truth=truth))


def test_a_board_that_somebody_edited_is_noticed(month: Case):
    database = month.witness.stage.folder / "server" / "doorstep.db"
    with closing(sqlite3.connect(database)) as board, board:
        edit = "UPDATE stream SET document = replace(document, ?, ?)"
        board.execute(edit, ('"stage":"accepted"', '"stage":"unsigned"'))

    assert wrong(proof.board_is_what_facts_say, month)
    assert not wrong(proof.board_is_what_facts_say, month)  # it is rebuilt now


def test_one_failed_check_is_counted_and_shown(
    month: Case, capsys: pytest.CaptureFixture[str]
):
    truth = replace(month.truth, lies=month.truth.lies[1:])

    failed = show(replace(asked_again(month), truth=truth))

    assert (failed, capsys.readouterr().out.count("✗")) == (1, 1)


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "infra.demo", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )


@pytest.mark.parametrize("seed", ["1", "2"])
def test_without_a_terminal_it_asks_nothing_and_ends_well(seed: str):
    told = demo("--seed", seed, "--orders", "2")

    assert told.returncode == 0, told.stdout + told.stderr
    assert [line for line in told.stdout.splitlines() if "doorstep s" in line] == [
        "  DOORSTEP_DATA=demo .venv/bin/doorstep seed demo --size s",
        "  DOORSTEP_DATA=demo .venv/bin/doorstep serve",
    ]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeededConsole]:
    """The console that the demonstration ends in, with its month."""
    folder = tmp_path_factory.mktemp("office") / "console"
    seeded(folder, 1)
    with opened(folder) as console:
        yield console


@pytest.mark.parametrize("sentence", dict(SCREENS))
def test_every_screen_has_something_to_show(office: SeededConsole, sentence: str):
    assert list(dict(SCREENS)[sentence](office)) == []


def test_a_technician_may_enrol_a_tablet_by_the_link(office: SeededConsole):
    link = office.link_for_a_tablet()

    assert re.fullmatch(rf"{office.url}/tablet/#/enrol/[\w-]+~[\w-]+", link)


def test_a_console_with_nobody_in_it_is_noticed(tmp_path: Path):
    doorstep_says(tmp_path, "init")
    with opened(tmp_path) as empty, pytest.raises(HTTPError, match="401"):
        list(look_over(empty))


def test_a_board_without_reviews_is_noticed(office: SeededConsole):
    """Chen decides about all of one sort, and it is missed."""
    for one in office.asked_by("chen").reviews:
        if one["review"]["code"] == "fork":
            decided(office, one)

    assert list(every_review_waits(office)) == ["fork"]


def test_a_closed_day_that_was_altered_is_noticed(office: SeededConsole):
    tang, today = office.asked_by("tang"), str(datetime.now(SHANGHAI).date())
    last = str(date.fromisoformat(today) - timedelta(days=CLOSED_AFTER_DAYS + 1))
    digest = tang.get(f"/v1/statements/{last}")["digest"]
    (file,) = office.folder.rglob(f"{digest}*")
    data = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(data.replace(b'"value":', b'"value":1', 1))

    found = list(days_add_up(office))
    file.write_bytes(data)

    assert f"{last}: records_altered" in found


def decided(office: SeededConsole, one: dict[str, Any]) -> None:
    """Chen has looked at it, at a terminal."""
    name, number = one["review"]["id"], one["order"]["number"]
    doorstep_says(
        office.folder, "resolve", number, name, "--by", "chen", "--reason", "seen"
    )


def test_a_register_that_nobody_can_read_ends_it(tmp_path: Path):
    register = tmp_path / "register.csv"
    register.write_text("统一编号,登记时间\n,someday\n", "utf-8")

    assert demo("--register", str(register)).returncode == 1


@pytest.mark.postgres
def test_the_same_month_holds_on_postgresql(postgresql_url: str, tmp_path: Path):
    wanted = Wanted(seed=2, orders=2, database_url=postgresql_url)

    with play(wanted, tmp_path, quiet) as case:
        assert [one for one in proof.prove(case) if not one.holds] == []


def parameters(group: click.Command, above: Sequence[str] = ()) -> Iterator[str]:
    """Every option and variable of a command and its own."""
    for option in group.params:
        yield from (*option.opts, *above, str(option.envvar or ""))
    for command in getattr(group, "commands", {}).values():
        yield from parameters(command)


def test_no_setting_of_the_product_moves_a_clock():
    names = {*parameters(doorstep), *parameters(field), *Config.__dataclass_fields__}

    assert not [name for name in names if "clock" in name.lower() or "now" in name]
    assert not [name for name in os.environ if name.startswith("DOORSTEP_CLOCK")]
