"""`doorstep audit verify`: what it names, what it accuses of, and what it owns not to
know. On both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text, update

from server.cli import doorstep
from server.commands.kit import BROKEN, Office, run
from server.database import writing
from server.hold_notes import Hold
from server.holds import hold
from server.tables import claim, event
from sync.facts.visit import Arrived
from tests.together.conftest import worlds
from tests.world import World

Audit = Callable[[], tuple[int, str, str]]


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[World]:
    """Li arrived, without a word to anybody, and called in later; a head was kept."""
    with worlds(tmp_path) as begun:
        world = begun(database_url=database_url)
        li = world.tablet("li")
        name = world.asks_for("JA-1", "li")
        li.syncs()
        li.tells(name, Arrived())
        li.syncs()
        world.parts.heads.keep(world.config.data, world.ms)
        yield world


@pytest.fixture
def audit(world: World, capsys: pytest.CaptureFixture[str]) -> Audit:
    """How the command ends, what it lists and what it says besides."""
    office = Office(now=lambda: world.ms)
    vars(office).update(parts=world.parts, config=world.config)

    def looked() -> tuple[int, str, str]:
        argv = ["audit", "verify"]
        code = run(lambda: doorstep.main(
            argv, "doorstep", standalone_mode=False, obj=office
        ), office)  # fmt: skip
        return code, *capsys.readouterr()

    return looked


def appended(world: World) -> int:
    """An entry behind the newest head; nothing tells an honest one from another."""
    one = Hold(stream=world.streams[0], by="sun", reason="x", held_ms=world.ms)
    hold(world.parts.engine, world.config.data, one)
    with world.parts.engine.connect() as connection:
        last = connection.execute(text("SELECT max(seq) FROM event")).scalar_one()
    return int(last)


def test_an_entry_behind_the_newest_head_is_named_and_accuses_nobody(
    world: World, audit: Audit
):
    at = appended(world)
    code, listed, _ = audit()
    assert code == 0
    assert listed.startswith("entry_unsigned") and f"{at}–{at}" in listed


def test_once_a_head_stands_over_it_it_cannot_change(world: World, audit: Audit):
    at = appended(world)
    audit()
    with writing(world.parts.engine) as connection:
        connection.execute(update(event).where(event.c.seq == at).values(what="blob"))
    code, listed, _ = audit()
    assert code == BROKEN
    assert f"entry_altered  第 {at} 条" in listed


def test_an_honest_book_lists_nothing(audit: Audit):
    assert audit()[:2] == (0, "")


def test_it_says_that_no_signature_covers_when_a_tablet_called(audit: Audit):
    assert "签名不盖住" in audit()[2]


def test_a_call_that_was_moved_no_longer_fits_the_document(world: World, audit: Audit):
    with writing(world.parts.engine) as connection:
        earlier = claim.c.seen_ms - 3_600_000
        connection.execute(update(claim).values(seen_ms=earlier))
    code, listed, _ = audit()
    assert code == BROKEN and "document_altered" in listed
