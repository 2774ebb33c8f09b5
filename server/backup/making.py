"""A backup is made: the database, the bytes that the place lacks, the manifest last.

Whatever interrupts it leaves something without a manifest, which is no backup. May not
enter: when, where to, and whether it is whole.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from server.backup.contents import BlobRow, contents
from server.backup.copying import copy_out
from server.backup.manifest import (
    BLOBS,
    DATABASE,
    FORMAT,
    MANIFEST,
    Manifest,
    blob_lines,
    name_at,
    path_of,
    text_of,
)
from server.database import reading
from server.shelf import Cellar, Shelf
from server.shelf.disk import space_left
from sync.problems import Refused

RESERVE_BYTES = 1024**3  # a backup leaves the service at least this much room
_NOT_WHOLE = ("blob_missing", "blob_digest_differs", "blob_length_differs")
_STEP = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Source:
    """The live book: its database, its bytes, and a folder for work under way."""

    engine: Engine
    shelf: Shelf
    scratch: Path
    reserve: int = RESERVE_BYTES


def create(
    source: Source, place: Cellar, now_ms: int, chance: Callable[[int], bytes]
) -> Manifest:
    """A new backup in this place. Free to run twice at once, and beside writers.

    Refused: `storage_full` before the service lacks room, `storage_unavailable`,
    `backup_source_damaged`."""
    _make_room(place, source, _size(source.engine))
    name = name_at(now_ms, chance(4))
    with place.workplace(source.scratch) as work:
        database = work / DATABASE
        with space_left():
            copy_out(source.engine, database)
        try:
            held = contents(database)
        except sqlite3.DatabaseError as error:
            raise Refused("backup_source_damaged", why=str(error)) from error
        missing = copy_blobs(source, place, held.blobs)
        listed = work / BLOBS
        here = [one for one in held.blobs if one not in missing]
        listed.write_text(
            blob_lines([(one.sha256, one.bytes) for one in here]), "ascii"
        )
        made = Manifest(
            format=FORMAT, name=name, made_ms=now_ms, origin=source.engine.dialect.name,
            revision=held.revision, epoch=held.epoch, seq=held.seq,
            covers=min([held.seq, *(one.seq - 1 for one in missing)]),
            facts=held.facts, events=held.events, root=held.root, blobs=len(here),
            blob_bytes=sum(one.bytes for one in here),
            files={one.name: digest_of(one) for one in (database, listed)},
            sizes={one.name: one.stat().st_size for one in (database, listed)},
            missing=tuple(one.sha256 for one in missing),
        )  # fmt: skip
        for file in (database, listed):
            place.keep(path_of(name, file.name), file)
        manifest = work / MANIFEST
        manifest.write_text(text_of(made), "utf-8")
        place.keep(path_of(name, MANIFEST), manifest)
    return made


def copy_blobs(
    source: Source, place: Cellar, blobs: Iterable[BlobRow]
) -> list[BlobRow]:
    """Bring the bytes that the place lacks; those that are not whole on the shelf.

    Each is hashed on its way and on the medium before it counts."""
    there = place.sizes()
    lacking = [one for one in blobs if there.get(one.sha256) != one.bytes]
    _make_room(place, source, sum(one.bytes for one in lacking))
    return [one for one in lacking if not _bring(source.shelf, place, one)]


def _bring(shelf: Shelf, place: Cellar, one: BlobRow) -> bool:
    try:
        with shelf.open(one.sha256) as bytes_:
            place.put(one.sha256, bytes_, one.bytes)
    except Refused as refusal:
        if refusal.code not in _NOT_WHOLE:
            raise
        return False
    return True


def _make_room(place: Cellar, source: Source, size: int) -> None:
    free = place.free_bytes()
    if free is not None and free < size + source.reserve:
        raise Refused("storage_full")


def _size(engine: Engine) -> int:
    """About how large the copy of a database will be."""
    if engine.dialect.name == "sqlite":
        file = engine.url.database
        return Path(file).stat().st_size if file else 0
    with reading(engine) as connection:
        size = text("SELECT pg_database_size(current_database())")
        return int(connection.execute(size).scalar_one())


def digest_of(file: Path) -> str:
    """The SHA-256 of a file."""
    seen = hashlib.sha256()
    with file.open("rb") as source:
        while block := source.read(_STEP):
            seen.update(block)
    return seen.hexdigest()
