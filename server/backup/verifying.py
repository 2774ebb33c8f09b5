"""Is a backup whole? It is opened, and all that it says of itself worked out anew.

Reads only. May not enter: what to do about it.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.audit import Finding
from server.backup.contents import Contents, contents
from server.backup.copying import looking
from server.backup.making import digest_of
from server.backup.manifest import (
    BLOBS,
    DATABASE,
    Manifest,
    find_manifest,
    path_of,
    read_blob_lines,
)
from server.erasures import erased_blobs
from server.shelf import Cellar
from sync.problems import Refused

MOST_PAGES = 20  # that are named of a damaged file


def verify(
    place: Cellar, name: str, scratch: Path, quick: bool = False
) -> tuple[Manifest | None, list[Finding]]:
    """The backup's manifest, and everything that does not hold.

    `quick`: of blobs, which were hashed when they were brought, only presence and
    length. Refused: `backup_missing`, `storage_unavailable`."""
    try:
        manifest = find_manifest(place, name)
    except Refused as refusal:
        if refusal.code != "backup_damaged":
            raise
        return None, [Finding(code="manifest_damaged", what=name)]
    with fetched(place, manifest, scratch) as folder:
        found = [
            *_files(folder, manifest),
            *_database(folder / DATABASE, manifest),
            *_blobs(place, folder / BLOBS, quick),
        ]
    return manifest, found


@contextmanager
def fetched(place: Cellar, manifest: Manifest, scratch: Path) -> Iterator[Path]:
    """The files of a backup in a folder of their own; what is missing is empty."""
    with place.workplace(scratch) as folder:
        for name in (DATABASE, BLOBS):
            with (folder / name).open("wb") as out:
                try:
                    with place.read(path_of(manifest.name, name)) as source:
                        shutil.copyfileobj(source, out)
                except Refused as refusal:
                    if refusal.code != "backup_missing":
                        raise
        yield folder


def _files(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    for name in (DATABASE, BLOBS):
        if digest_of(folder / name) != manifest.files.get(name):
            yield Finding(code="file_damaged", what=f"{manifest.name}/{name}")


def _database(file: Path, manifest: Manifest) -> Iterator[Finding]:
    try:
        yield from _pages(file)
        held = contents(file)
    except (sqlite3.DatabaseError, TypeError, UnicodeError) as error:
        yield Finding(code="copy_unreadable", what=f"{manifest.name}: {error}")
        return
    yield from _numbers(held, manifest)


def _pages(file: Path) -> Iterator[Finding]:
    with looking(file) as connection:
        check = f"PRAGMA integrity_check({MOST_PAGES})"
        for row in connection.execute(check).fetchall():
            if row[0] != "ok":
                yield Finding(code="page_damaged", what=" ".join(row[0].split()))


def _numbers(held: Contents, manifest: Manifest) -> Iterator[Finding]:
    """Count, greatest and counter are one number; the root is the root."""
    count = held.facts + held.events
    if not count == held.greatest == held.seq == manifest.seq:
        said = f"{count}/{held.greatest}/{held.seq}/{manifest.seq}"
        yield Finding(code="positions_torn", what=said)
    if (held.epoch, held.facts) != (manifest.epoch, manifest.facts):
        yield Finding(code="manifest_differs", what=manifest.name)
    for name in held.altered:
        yield Finding(code="fact_altered", what=name)
    if held.root != manifest.root:
        yield Finding(code="root_differs", what=f"{held.root} / {manifest.root}")


def _blobs(place: Cellar, listed: Path, quick: bool) -> Iterator[Finding]:
    try:
        wanted = dict(read_blob_lines(listed))
    except (ValueError, UnicodeError):
        return  # the file was found damaged already
    there, erased = place.sizes(), erased_blobs(place)
    for name, size in wanted.items():
        if name in erased:
            continue
        if name not in there:
            yield Finding(code="blob_missing", what=name)
        elif there[name] != size or not (quick or place.check(name)):
            yield Finding(code="blob_damaged", what=name)
