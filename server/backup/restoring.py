"""The way back: a backup becomes the book again, in an epoch of its own.

Everything is prepared beside the book and takes its place in one step. What stood there
is set aside, never deleted; what was erased is erased again; the server's keys stay
where they are. May not enter: choosing a backup.
"""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, make_url, select, text
from sqlalchemy import func as sql
from sqlalchemy.exc import DBAPIError

from server import hold_notes
from server.audit import Finding
from server.backup.copying import opened, set_in_place
from server.backup.manifest import BLOBS, DATABASE, Manifest, read_blob_lines
from server.backup.verifying import fetched, verify
from server.database import open_engine, reading, upgrade, writing
from server.epochs import open_epoch
from server.erasures import (
    Act,
    acts_in,
    apply,
    not_in_the_book,
    note,
    write_down,
    written_down,
)
from server.hold_notes import Note
from server.holds import hold_again
from server.keys import Keys
from server.shelf import Cellar, Shelf
from server.shelf.disk import sync_folder
from server.tables import event, fact, head
from sync.problems import Refused

SERVING = "serving.lock"
MINE = ("backup", "epoch", "shown")  # events that nobody outside the server would miss
_ABOUT_BYTES = ("blob_missing", "blob_damaged")


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a backup is brought back to: a data folder, a database's URL, a shelf."""

    data: Path
    database: str
    shelf: Shelf

    @property
    def file(self) -> Path | None:
        """The SQLite file, if it is one."""
        url = make_url(self.database)
        if url.get_backend_name() != "sqlite":
            return None
        return Path(url.database or "")


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What became of it. `aside`: where the book lies that stood there; `lost`: bytes
    that neither the backup nor the shelf has."""

    manifest: Manifest
    epoch: str
    aside: str | None
    erased: int
    brought: int
    lost: tuple[Finding, ...] = ()


def restore(
    place: Cellar,
    name: str,
    target: Target,
    keys: Keys,
    now_ms: int,
    chance: Callable[[int], bytes],
    *,
    others: Sequence[Cellar] = (),
    force: bool = False,
) -> Restored:
    """Bring this backup back. `others`: places whose lists of erasures count too.

    Refused: `backup_damaged`; `server_running`; `restore_newer` if the book that stands
    there holds something the backup does not (`force` sets it aside)."""
    target.data.mkdir(parents=True, exist_ok=True)
    acts = list(erasures_known(target.data, [place, *others]))
    with (
        alone(target.data),
        tempfile.TemporaryDirectory(dir=target.data) as scratch,
        prepared(place, name, Path(scratch), acts) as ready,
    ):
        held = _stands(target, ready.manifest, force)
        holds = list(_holds_known(target.data, [place, *others], acts))
        epoch = _open_epoch(ready, keys, now_ms, chance, holds)
        brought, lost = _bring(place, target.shelf, ready.blobs, acts)
        aside = f"before-{now_ms // 1000}-{chance(2).hex()}" if held else None
        _take_its_place(ready.file, target, aside)
        for act in acts:
            write_down(target.data, act)
        for note in holds:
            hold_notes.write_down(target.data, note)
    return Restored(manifest=ready.manifest, epoch=epoch, aside=aside,
                    erased=len(ready.erased), brought=brought,
                    lost=tuple(lost))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A copy with today's tables and nothing in it that was erased."""

    file: Path
    manifest: Manifest
    blobs: dict[str, int]
    erased: tuple[Act, ...]


@contextmanager
def prepared(
    place: Cellar, name: str, scratch: Path, acts: Sequence[Act]
) -> Iterator[Ready]:
    """A backup as it would come back, in this folder. Refused: `backup_damaged`."""
    manifest, found = verify(place, name, scratch, quick=True)
    fatal = [one for one in found if one.code not in _ABOUT_BYTES]
    if manifest is None or fatal:
        said = "; ".join(f"{one.code} {one.what}" for one in fatal[:5])
        raise Refused("backup_damaged", name=name, what=said)
    file = scratch / DATABASE
    with fetched(place, manifest, scratch) as folder:
        shutil.copyfile(folder / DATABASE, file)
        blobs = dict(read_blob_lines(folder / BLOBS))
    upgrade(f"sqlite:///{file}")
    erased = _erase_again(file, acts)
    yield Ready(file=file, manifest=manifest, blobs=blobs, erased=erased)


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Nobody serves from this folder meanwhile."""
    with (data / SERVING).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused("server_running", folder=str(data)) from error
        yield


def _stands(target: Target, manifest: Manifest, force: bool) -> bool:
    """Does a book stand there already? Refuses one with newer things in it, and one
    that cannot be read: nobody can say what is in it."""
    if target.file is not None and not target.file.exists():
        return False
    engine = open_engine(target.database)
    try:
        if not force and target.file is None and _others(engine):
            raise Refused("server_running", folder=engine.url.database)
        newer = _newer(engine, manifest)
    except (DBAPIError, sqlite3.DatabaseError) as error:
        newer = True
        if not force:
            raise Refused("restore_newer", found=str(error)) from error
    finally:
        engine.dispose()
    if newer and not force:
        raise Refused("restore_newer", found="")
    return newer is not None


def _others(engine: Engine) -> bool:
    """Is anybody else connected to this PostgreSQL database?"""
    with reading(engine) as connection:
        return bool(connection.execute(text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )).scalar_one())  # fmt: skip


def _newer(engine: Engine, manifest: Manifest) -> bool | None:
    """Does this book hold what the backup does not? None: there is no book."""
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, head.name):
            return None
        row = connection.execute(select(head)).first()
        if row is None or row.seq == 0:
            return None
        facts = select(sql.count()).where(fact.c.seq > manifest.seq)
        events = select(sql.count()).where(
            event.c.seq > manifest.seq, event.c.what.not_in(MINE)
        )
        more = connection.execute(facts).scalar_one()
        more += connection.execute(events).scalar_one()
    return bool(more) or row.epoch != manifest.epoch


def erasures_known(data: Path, places: Iterable[Cellar]) -> Iterator[Act]:
    """Everything that was ever erased, as far as any list says."""
    known = {act.name: act for act in written_down(data)}
    for place in places:
        known |= {act.name: act for act in acts_in(place)}
    yield from known.values()


def _erase_again(file: Path, acts: Sequence[Act]) -> tuple[Act, ...]:
    """Nothing that was ever erased comes back; the acts that the copy did not know."""
    with opened(file) as engine:
        with writing(engine) as connection:
            late = not_in_the_book(connection, acts)
            for act in late:
                apply(connection, act)
        if late:
            lent = engine.raw_connection()
            lent.cursor().execute("VACUUM")
            lent.close()
    return tuple(late)


def _holds_known(
    data: Path, places: Iterable[Cellar], acts: Sequence[Act]
) -> Iterator[Note]:
    """Everything that was ever held, and what waited and was not erased since."""
    known = {one.name: one for one in hold_notes.written_down(data)}
    for place in places:
        known |= {one.name: one for one in hold_notes.notes_in(place)}
    for one in known.values():
        asked = one.asked
        if asked is None or not any(
            act.stream == asked.stream and act.erased_ms >= asked.asked_ms
            for act in acts
        ):
            yield one


def _open_epoch(
    ready: Ready, keys: Keys, now_ms: int, chance: Callable[[int], bytes],
    holds: Sequence[Note],
) -> str:  # fmt: skip
    """The fork lies where the backup ends: up to there the two histories are one. What
    was held since is held in the new epoch, and what was erased is noted there."""
    with opened(ready.file) as engine, writing(engine) as connection:
        name = open_epoch(
            connection, keys, known=ready.manifest.epoch,
            fork_position=ready.manifest.seq, now_ms=now_ms, noticed="restored",
            chance=chance,
        )  # fmt: skip
        for act in ready.erased:
            note(connection, act)
        hold_again(connection, holds, now_ms)
        return name


def _bring(
    place: Cellar, shelf: Shelf, blobs: dict[str, int], acts: Iterable[Act]
) -> tuple[int, list[Finding]]:
    """Bytes that the shelf lacks, from the place; what was erased goes again."""
    erased = {name for act in acts for name in act.blobs}
    for name in erased:
        shelf.delete(name)
    there = set(shelf.names())
    brought, lost = 0, []
    for name, size in blobs.items():
        if name in erased or name in there:
            continue
        try:
            with place.open(name) as source:
                shelf.put(name, source, size)
            brought += 1
        except Refused as refusal:
            if not refusal.code.startswith("blob_"):
                raise
            lost.append(Finding(code=refusal.code, what=name))
    return brought, lost


def _take_its_place(file: Path, target: Target, aside: str | None) -> None:
    """In one step: before it the old book stands whole, after it the new one."""
    if target.file is None:
        set_in_place(file, target.database, aside)
        return
    with file.open("rb") as written:
        os.fsync(written.fileno())
    if aside:
        _set_file_aside(target.file, target.data / aside)
    file.replace(target.file)
    sync_folder(target.file.parent)


def _set_file_aside(file: Path, folder: Path) -> None:
    """The old file gets a second name. Its log must not meet the new file: it is taken
    into the old one if that can be read, else it goes along."""
    try:
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    except sqlite3.DatabaseError:
        pass  # a damaged book goes aside as it is
    folder.mkdir(mode=0o700)
    os.link(file, folder / file.name)
    for ending in ("-wal", "-shm"):
        beside = Path(f"{file}{ending}")
        if beside.exists():
            beside.replace(folder / beside.name)
    sync_folder(folder)
