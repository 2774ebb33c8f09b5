"""A backup is whole or it is none; what is wrong with one is found and named (F28)."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from server.backup.manifest import (
    MANIFEST,
    backups,
    find_manifest,
    halves,
    path_of,
    text_of,
)
from server.backup.rounds import back_up
from server.backup.thinning import DAY_MS, HOUR_MS, superfluous
from server.database import upgrade
from server.shelf import open_cellar
from sync.envelope import fact_id
from sync.facts.intake import Logged
from sync.log import root_of
from sync.plain import but
from tests.daemons import cannot_run_here
from tests.server.books import MINUTE, NOON
from tests.server.vaults import (
    Vault,
    change_byte,
    database_of,
    look,
    make_vault,
    other_disk,
    rot,
    rows_in,
    rows_of,
    small,
    sql_of,
    vault,
    where_is,
)

__all__ = ["other_disk", "small", "vault"]


def test_a_copy_holds_every_row_that_the_book_holds(vault: Vault):
    before = rows_of(vault.book.engine)
    name = vault.backed_up().name
    assert name
    assert rows_in(database_of(name, vault.config.data / "backups")) == before


def test_a_backup_is_seen_to_be_whole_as_soon_as_it_is_made(small: Vault):
    made = small.backed_up()
    assert made.findings == ()
    assert made.manifest and made.manifest.covers == made.manifest.seq == 6


def test_the_root_is_over_the_facts_in_the_sequence_of_their_positions(small: Vault):
    made = small.backed_up().manifest
    ids = [fact_id(one["b"]) for one in small.book.feed.facts(0, 100)]
    assert made and made.root == root_of(ids)


def test_a_second_backup_brings_only_the_bytes_that_are_new(small: Vault):
    small.backed_up()
    kept = small.config.data / "backups" / "blobs"
    before = {p: p.stat().st_ino for p in kept.rglob("*") if p.is_file()}
    new = small.photo("a third photo")
    small.backed_up()
    after = {p: p.stat().st_ino for p in kept.rglob("*") if p.is_file()}
    assert {p.name for p in after.keys() - before.keys()} == {new}
    assert {p: after[p] for p in before} == before


def test_the_server_goes_on_writing_while_its_book_is_copied(small: Vault):
    """The copy is of one moment: whatever comes meanwhile is in it whole or not."""
    place = small.place()
    number = iter(range(2, 100))

    class Busy:
        """A place at which somebody writes whenever it is asked for anything."""

        def __getattr__(self, name: str) -> object:
            if name not in ("address", "is_apart"):
                small.book.given("li", str(next(number)))
            return getattr(place, name)

    made = small.backed_up(Busy())  # type: ignore[arg-type]
    assert made.findings == ()


# what is broken is found


@pytest.mark.parametrize("spot", ["赵敏", "before", "CREATE TABLE fact"])
def test_one_changed_byte_in_the_copy_is_found(small: Vault, spot: str):
    small.book.decide(
        Logged(number="9", registered_ms=NOON), "9", private={"owner": "赵敏"}
    )
    name = small.backed_up().name or ""
    file = database_of(name, small.config.data / "backups")
    change_byte(file, where_is(file, spot))
    assert "file_damaged" in small.looked_over(name)


def test_a_damaged_page_is_named(small: Vault):
    name = small.backed_up().name or ""
    file = database_of(name, small.config.data / "backups")
    root = sql_of(file, "SELECT rootpage FROM sqlite_master WHERE name='fact'")[0][0]
    for at in range((root - 1) * 4096, (root - 1) * 4096 + 200):
        change_byte(file, at)
    found = [f"{one.code} {one.what}" for one in look(small, name)]
    assert any(
        said.startswith(("page_damaged", "copy_unreadable")) for said in found
    ), found


def test_a_fact_that_rotted_before_it_was_copied_is_named(small: Vault):
    """The manifest of such a copy fits it; only the fact's id does not."""
    ((name,),) = sql_of(Path(str(small.book.engine.url.database)),
                        "SELECT id FROM fact WHERE seq = 3")  # fmt: skip
    with small.book.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE fact SET body = replace(body, 'before', 'befrre') WHERE seq = 3"
        )
    made = small.backed_up()
    assert [(one.code, one.what) for one in made.findings] == [("fact_altered", name)]


def test_a_fact_that_is_missing_is_found(small: Vault):
    with small.book.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM fact WHERE seq = 3")
    codes = {one.code for one in small.backed_up().findings}
    assert "positions_torn" in codes


def test_a_photo_that_rotted_in_the_place_is_named_and_brought_anew(small: Vault):
    name = small.backed_up().name or ""
    ((photo,),) = sql_of(
        database_of(name, small.config.data / "backups"),
        "SELECT sha256 FROM blob LIMIT 1",
    )
    rot(small, photo)
    small.shelf.delete(photo)  # nobody has it whole any more
    assert [(o.code, o.what) for o in look(small, name)] == [("blob_damaged", photo)]


def test_a_photo_that_rotted_in_the_place_is_brought_anew_from_the_shelf(small: Vault):
    name = small.backed_up().name or ""
    (photo, *_rest) = small.shelf.names()
    rot(small, photo)
    assert small.looked_over(name) == set()
    assert small.place().check(photo)


def test_a_quick_look_does_not_read_photos(small: Vault):
    name = small.backed_up().name or ""
    (photo, *_rest) = small.shelf.names()
    rot(small, photo)
    assert look(small, name, quick=True) == []


@pytest.mark.parametrize("key", ["seq", "epoch", "facts", "root", "covers"])
def test_a_manifest_that_was_changed_is_no_manifest(small: Vault, key: str):
    name = small.backed_up().name or ""
    file = small.config.data / "backups" / path_of(name, MANIFEST)
    said = json.loads(file.read_text())
    said[key] = "0" if isinstance(said[key], str) else 0
    file.write_text(json.dumps(said))
    assert small.looked_over(name) == {"manifest_damaged"}


def test_a_manifest_that_lies_is_found_out(small: Vault):
    """Whoever changes it can work out its digest anew; the copy tells."""
    name = small.backed_up().name or ""
    place = small.place()
    true = find_manifest(place, name)
    file = small.config.data / "backups" / path_of(name, MANIFEST)
    changed = but(true, seq=true.seq + 5, root="0" * 64)
    file.write_text(text_of(changed))
    assert small.looked_over(name) == {"positions_torn", "root_differs"}


def test_what_was_found_is_before_the_desk_once_a_day(small: Vault):
    name = small.backed_up().name or ""
    file = database_of(name, small.config.data / "backups")
    change_byte(file, 5000)
    small.drilled(name)
    small.drilled(name)
    incidents = rows_of(small.book.engine)["incident"]
    assert [row[1] for row in incidents] == ["backup"]


def test_a_drill_restores_and_finds_nothing_wrong(vault: Vault):
    name = vault.backed_up().name or ""
    vault.book.later(30 * MINUTE)
    done = vault.drilled(name)
    assert (done.findings, done.behind_ms) == ((), 30 * MINUTE)


def test_a_drill_leaves_nothing_behind(small: Vault):
    name = small.backed_up().name or ""
    before = sorted(p.name for p in small.config.data.iterdir())
    small.drilled(name)
    assert sorted(p.name for p in small.config.data.iterdir()) == before


def test_a_drill_reads_every_photo(small: Vault):
    name = small.backed_up().name or ""
    (photo, *_rest) = small.shelf.names()
    rot(small, photo)
    found = [(one.code, one.what) for one in small.drilled(name).findings]
    assert found == [("blob_damaged", photo)]


# half a backup is none


def test_what_has_no_manifest_is_no_backup(small: Vault):
    name = small.backed_up().name or ""
    (small.config.data / "backups" / path_of(name, MANIFEST)).unlink()
    assert (backups(small.place()), halves(small.place())) == ([], [name])


def test_a_half_made_backup_goes_when_it_is_old(small: Vault):
    half = small.backed_up().name or ""
    (small.config.data / "backups" / path_of(half, MANIFEST)).unlink()
    small.backed_up()
    assert halves(small.place()) == [half]
    small.book.later(2 * DAY_MS)
    small.backed_up()
    assert halves(small.place()) == []


def test_two_servers_back_up_at_once(small: Vault):
    with ThreadPoolExecutor(2) as servers:
        made = list(servers.map(lambda _: small.backed_up(), range(2)))
    names = {one.name for one in made}
    assert set(backups(small.place())) == names and len(names) == 2
    assert all(small.looked_over(str(name)) == set() for name in names)


def test_a_backup_stops_before_the_service_lacks_room(small: Vault):
    crowded = replace(small.keeping, reserve=1 << 62)
    (outcome,) = back_up(crowded, [small.place()], small.book.now_ms)
    assert [one.code for one in outcome.findings] == ["storage_full"]
    assert list((small.config.data / "backups" / "underway").iterdir()) == []
    small.book.given("li", "2")  # the service is up


# how far the book is backed up


def test_a_copy_beside_the_data_lets_nobody_forget(small: Vault):
    small.backed_up()
    assert (small.durable, small.here_only) == (0, 6)


def test_a_copy_on_another_disk_counts(small: Vault, other_disk: str):
    small.backed_up(open_cellar(other_disk))
    assert (small.durable, small.here_only) == (6, 6)


def test_the_operator_may_say_that_any_copy_is_enough(small: Vault):
    small.config = replace(small.config, backup_enough="any")
    small.backed_up()
    assert small.durable == 6


def test_a_copy_that_is_not_whole_counts_for_nothing(small: Vault, other_disk: str):
    with small.book.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE fact SET body = replace(body, 'before', 'befrre') WHERE seq = 3"
        )
    small.backed_up(open_cellar(other_disk))
    assert (small.durable, small.here_only) == (0, 0)


def test_bytes_that_are_not_in_the_copy_hold_back_what_came_after(
    small: Vault, other_disk: str
):
    """A receipt was given for them; tablets that have them must not let go."""
    lost = small.photo("lost on the shelf")
    small.photo("a later one")
    small.shelf.delete(lost)
    outcome = small.backed_up(open_cellar(other_disk))
    assert [(one.code, one.what) for one in outcome.findings] == [
        ("blob_missing", lost)
    ]
    assert small.durable == 7  # its fact is in the copy; its bytes took position 8


def test_how_far_never_goes_back(small: Vault, other_disk: str):
    place = open_cellar(other_disk)
    old = small.backed_up(place).name or ""
    small.photo("later")
    small.backed_up(place)
    highest = small.durable
    small.looked_over(old, place)
    assert small.durable == highest > 6


def test_a_copy_of_another_epoch_moves_nothing(small: Vault, other_disk: str):
    name = small.backed_up(open_cellar(other_disk)).name or ""
    with small.book.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE head SET epoch = 'after'")
    small.looked_over(name, open_cellar(other_disk))
    assert small.durable == 0


def test_noting_a_backup_takes_one_position(small: Vault):
    name = small.backed_up().name or ""
    small.looked_over(name)
    assert small.book.is_gapless()
    events = rows_of(small.book.engine)["event"]
    assert [row[1] for row in events].count("backup") == 1


# how many are kept


def test_hours_are_kept_for_a_day_and_days_for_two_weeks():
    made = {f"{n:04}": NOON - n * HOUR_MS // 2 for n in range(48 * 40)}
    gone = superfluous(made, set(made), NOON)
    kept = [NOON - made[name] for name in made.keys() - set(gone)]
    assert len([age for age in kept if age < DAY_MS]) <= 27
    assert 13 <= len([age for age in kept if age >= DAY_MS]) <= 15
    assert max(kept) < 14 * DAY_MS


def test_the_newest_whole_backup_stays_however_old():
    made = {"old": NOON - 99 * DAY_MS, "older": NOON - 100 * DAY_MS, "new": NOON}
    assert superfluous(made, {"old", "older"}, NOON) == ["older"]


def test_what_is_thinned_out_is_gone_and_the_rest_is_whole(small: Vault):
    first = small.backed_up().name or ""
    small.book.later(10 * MINUTE)
    second = small.backed_up().name or ""
    assert backups(small.place()) == [first, second]
    small.book.later(HOUR_MS)
    third = small.backed_up().name or ""
    assert backups(small.place()) == [second, third]
    assert small.looked_over(second) == set()


# a disk that is really full


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes, in memory."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "doorstep", str(disk)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        cannot_run_here("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("room", [0, 100, 300])
def test_a_disk_that_fills_up_meanwhile_stops_the_backup_and_nothing_else(
    crowded: Path, room: int
):
    """Whoever filled it did so after it was asked how much room there is."""
    upgrade(f"sqlite:///{crowded}/doorstep.db")
    vault = make_vault(f"sqlite:///{crowded}/doorstep.db", crowded)
    place = vault.place()
    place.free_bytes = lambda: None  # type: ignore[method-assign]
    free = shutil.disk_usage(crowded).free
    ballast = crowded / "ballast"
    ballast.write_bytes(b"x" * (free - room * 1024))
    outcome = vault.backed_up(place)
    assert [one.code for one in outcome.findings] == ["storage_full"]
    assert backups(place) == []
    assert list((crowded / "backups" / "underway").iterdir()) == []
    ballast.unlink()
    vault.book.given("li", "2")
    assert vault.backed_up(place).findings == ()
    vault.book.engine.dispose()
