"""The way back (F17): whole, in a new epoch, and with nothing that was erased."""

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from server import audit
from server.backup.manifest import BLOBS, DATABASE, MANIFEST, backups, path_of
from server.backup.restoring import SERVING, Target
from server.database import open_engine, upgrade
from server.shelf import open_cellar, open_shelf
from sync.problems import Refused
from tests.server.books import open_book
from tests.server.vaults import (
    Vault,
    change_byte,
    make_vault,
    rows_in,
    rows_of,
    small,
    vault,
)

__all__ = ["small", "vault"]

OF_THE_RESTORE = ("epoch", "event", "head", "incident", "log_leaf")


def rows(target: Target, *without: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the book that stands there."""
    engine = open_engine(target.database)
    try:
        return rows_of(engine, *without)
    finally:
        engine.dispose()


def test_everything_comes_back_on_a_machine_with_nothing_on_it(
    vault: Vault, tmp_path: Path
):
    before = rows_of(vault.book.engine, *OF_THE_RESTORE)
    name = vault.backed_up().name or ""
    new = vault.elsewhere(tmp_path / "new")
    vault.restored(name, new)
    assert rows(new, *OF_THE_RESTORE) == before
    engine = open_engine(new.database)
    assert list(audit.findings(engine, new.shelf)) == []
    engine.dispose()


def test_it_comes_back_where_it_was(vault: Vault):
    """On PostgreSQL into the same database; what stood there is set aside."""
    before = rows_of(vault.book.engine, *OF_THE_RESTORE)
    name = vault.backed_up().name or ""
    vault.book.given("wang", "2")
    vault.book.engine.dispose()
    restored = vault.restored(name, vault.here, force=True)
    assert restored.aside
    assert rows(vault.here, *OF_THE_RESTORE) == before


def test_the_restored_book_goes_on_in_an_epoch_that_forks_where_the_backup_ends(
    vault: Vault,
):
    made = vault.backed_up().manifest
    vault.book.engine.dispose()
    assert made
    restored = vault.restored(made.name, vault.here, force=True)
    book = open_book(vault.here.database)
    ((_, parent, fork, *_rest),) = [
        row for row in rows_of(book.engine)["epoch"] if row[0] == restored.epoch
    ]
    assert (parent, fork) == (made.epoch, made.seq)
    assert book.ledger.epoch == restored.epoch
    book.given("wang", "3")
    assert book.is_gapless()
    book.engine.dispose()


def test_what_is_newer_than_the_backup_is_not_overwritten(vault: Vault):
    name = vault.backed_up().name or ""
    vault.book.given("wang", "2")
    before = rows_of(vault.book.engine)
    vault.book.engine.dispose()
    with pytest.raises(Refused, match="--force"):
        vault.restored(name, vault.here)
    assert rows_of(vault.book.engine) == before


def test_a_backup_of_this_very_state_may_come_back(small: Vault):
    name = small.backed_up().name or ""
    small.book.engine.dispose()
    assert small.restored(name, small.here).aside


def test_what_stood_there_is_set_aside_whole(small: Vault):
    name = small.backed_up().name or ""
    small.book.given("wang", "2")
    before = rows_of(small.book.engine)
    small.book.engine.dispose()
    aside = small.restored(name, small.here, force=True).aside or ""
    assert rows_in(small.config.data / aside / "doorstep.db") == before


def test_a_book_that_cannot_be_read_is_set_aside_as_it_is(small: Vault):
    name = small.backed_up().name or ""
    small.book.engine.dispose()
    file = small.here.file
    assert file
    file.write_bytes(b"not a database" * 500)
    with pytest.raises(Refused, match="--force"):
        small.restored(name, small.here)
    aside = small.restored(name, small.here, force=True).aside or ""
    assert (small.config.data / aside / file.name).read_bytes()[:3] == b"not"
    assert len(rows(small.here)["fact"]) == 4


def test_what_is_still_in_the_log_of_the_old_book_does_not_meet_the_new_one(
    small: Vault,
):
    """Somebody reads the old book, so its log cannot be taken into it. Left beside the
    new file it would be read into that."""
    name = small.backed_up().name or ""
    file = small.here.file
    assert file
    with closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM head").fetchall()
        small.book.given("wang", "2")
        small.book.engine.dispose()
        small.restored(name, small.here, force=True)
        assert len(rows(small.here)["fact"]) == 4


def test_nobody_restores_under_a_running_server(small: Vault):
    name = small.backed_up().name or ""
    with (small.config.data / SERVING).open("a") as server:
        fcntl.flock(server, fcntl.LOCK_SH)
        with pytest.raises(Refused, match="停止"):
            small.restored(name, small.here, force=True)


def test_nobody_restores_while_others_use_the_postgresql_database(
    postgresql_url: str, tmp_path: Path
):
    vault = make_vault(postgresql_url, tmp_path / "data")
    name = vault.backed_up().name or ""
    with pytest.raises(Refused, match="停止"):
        vault.restored(name, vault.here)
    vault.book.engine.dispose()


@pytest.mark.parametrize("what", [DATABASE, BLOBS, MANIFEST])
def test_a_damaged_backup_is_not_brought_back(small: Vault, what: str):
    name = small.backed_up().name or ""
    small.book.given("wang", "2")
    before = rows_of(small.book.engine)
    small.book.engine.dispose()
    change_byte(small.config.data / "backups" / path_of(name, what), 40)
    with pytest.raises(Refused, match=name):
        small.restored(name, small.here, force=True)
    assert rows_of(small.book.engine) == before


def test_photos_that_the_shelf_lost_come_back(small: Vault):
    name = small.backed_up().name or ""
    (photo, *_rest) = small.shelf.names()
    small.shelf.delete(photo)
    small.book.engine.dispose()
    assert small.restored(name, small.here, force=True).brought == 1
    assert small.shelf.check(photo)


def test_a_photo_that_nobody_has_holds_up_nothing_else(small: Vault):
    name = small.backed_up().name or ""
    (photo, *_rest) = small.shelf.names()
    small.shelf.delete(photo)
    small.place().delete(photo)
    small.book.engine.dispose()
    restored = small.restored(name, small.here, force=True)
    assert [one.what for one in restored.lost] == [photo]


def test_a_book_may_move_from_sqlite_to_postgresql(
    sqlite_url: str, postgresql_url: str, tmp_path: Path
):
    vault = make_vault(sqlite_url, tmp_path / "data")
    before = rows_of(vault.book.engine, *OF_THE_RESTORE)
    name = vault.backed_up().name or ""
    target = Target(data=tmp_path / "new", database=postgresql_url, shelf=vault.shelf)
    vault.restored(name, target)
    assert rows(target, *OF_THE_RESTORE) == before
    vault.book.engine.dispose()


def test_a_whole_server_lives_in_a_bucket(
    database_url: str, s3_url: str, tmp_path: Path
):
    """Photos in one bucket, backups under another name; round trip, byte by byte."""
    vault = make_vault(database_url, tmp_path / "data", s3_url)
    place = open_cellar(s3_url.replace("/kept?", "/backups?"))
    before = rows_of(vault.book.engine, *OF_THE_RESTORE)
    made = vault.backed_up(place)
    assert (made.findings, vault.durable) == ((), 6)
    assert vault.drilled(made.name or "", place).findings == ()
    new = vault.elsewhere(tmp_path / "new")
    vault.restored(made.name or "", new, place=place)
    assert rows(new, *OF_THE_RESTORE) == before
    assert list(new.shelf.names()) == list(vault.shelf.names())
    vault.book.engine.dispose()


def test_a_photo_that_rotted_in_a_bucket_is_named(
    sqlite_url: str, s3_url: str, tmp_path: Path
):
    vault = make_vault(sqlite_url, tmp_path / "data")
    place = open_cellar(s3_url)
    name = vault.backed_up(place).name or ""
    (photo, *_rest) = vault.shelf.names()
    place._put_object(place._key(photo), b"x" * place.length(photo))
    found = [(one.code, one.what) for one in vault.drilled(name, place).findings]
    assert found == [("blob_damaged", photo)]
    vault.book.engine.dispose()


# a backup is cut short

KILLED = """
import os, sys
from pathlib import Path
from tests.server.vaults import make_vault
from server.shelf.cellar import DiskCellar

left = int(sys.argv[2])

def count(event, arguments):
    global left
    if event in ("open", "os.rename", "os.mkdir") and ready:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)

ready = False
sys.addaudithook(count)
data = Path(sys.argv[1])
vault = make_vault(f"sqlite:///{data}/doorstep.db", data)
place = vault.place()
vault.backed_up(place)
vault.photo("a third photo")
ready = True
vault.book.later(60000)
vault.backed_up(place)
print("done")
"""


def killed_at(folder: Path, step: int) -> bool:
    """A backup that dies before its step; did it come to its end instead?"""
    folder.mkdir()
    upgrade(f"sqlite:///{folder}/doorstep.db")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(step)],
        check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode == 0


STEPS = range(0, 1000, 1) if os.environ.get("KILLS") else (0, 5, 10, 15)


@pytest.mark.slow
def test_a_backup_that_is_killed_is_never_taken_for_one(tmp_path: Path):
    """At whichever file it opens, renames or makes: every backup that is listed is
    whole, and the next one is."""
    for step in STEPS:
        folder = tmp_path / f"step{step}"
        finished = killed_at(folder, step)
        place = open_cellar(f"file://{folder}/backups")
        again = revisited(folder)
        assert all(again.looked_over(name) == set() for name in backups(place)), step
        assert again.backed_up().findings == (), step
        again.book.engine.dispose()
        if finished:
            break


def revisited(folder: Path) -> Vault:
    """The same data folder, by another process."""
    url = f"sqlite:///{folder}/doorstep.db"
    book = open_book(url)
    book.later(120_000)
    config = Vault.config_of(folder, url)
    found = Vault(book, config, open_shelf(config.storage))
    found.chances = 1000
    return found
