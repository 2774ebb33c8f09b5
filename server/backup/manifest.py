"""What a backup says of itself. It is written last: without one nothing is a backup.

May not enter: looking whether it is true.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import field

from server.shelf import Cellar
from sync.plain import Record, plain, typed
from sync.problems import Refused

FORMAT = 1
ROOT = "backups"
MANIFEST = "manifest.json"
DATABASE = "database.sqlite"
BLOBS = "blobs.txt"


class Manifest(Record, frozen=True, kw_only=True):
    """A copy of the book at one moment.

    `covers`: the highest position up to which everything is in it; less than `seq` if
    bytes with a receipt were `missing` on the shelf. `root`: RFC 6962, over the ids of
    all facts in the sequence of their positions. `files`: SHA-256 of each."""

    format: int
    name: str
    made_ms: int
    origin: str  # sqlite, postgresql
    revision: str  # of the tables
    epoch: str
    seq: int
    covers: int
    facts: int
    events: int
    root: str
    blobs: int
    blob_bytes: int
    files: Mapping[str, str]
    sizes: Mapping[str, int]
    missing: tuple[str, ...] = field(default=())


def name_at(now_ms: int, chance: bytes) -> str:
    """A new name that sorts by time; two servers never choose the same."""
    moment = datetime.fromtimestamp(now_ms / 1000, UTC)
    return f"{moment:%Y%m%dT%H%M%SZ}-{chance.hex()}"


def text_of(manifest: Manifest) -> str:
    """The manifest as it is written, with the digest of all it says."""
    said = plain(manifest)
    return json.dumps(said | {"sha256": _digest(said)}, indent=1, sort_keys=True)


def _digest(said: Mapping[str, Any]) -> str:
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_manifest(text: bytes, name: str) -> Manifest:
    """What a manifest says; refuses one that is not as it was written."""
    try:
        said = json.loads(text)
        if said.pop("sha256") != _digest(said) or said["name"] != name:
            raise Refused("backup_damaged", name=name, what=MANIFEST)
        return typed(Manifest, said)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("backup_damaged", name=name, what=MANIFEST) from error


def find_manifest(place: Cellar, name: str) -> Manifest:
    """The manifest of a backup in this place. Refused: `backup_missing`,
    `backup_damaged`, `backup_newer` (made by a newer version)."""
    with place.read(path_of(name, MANIFEST)) as file:
        text = file.read()
    found = read_manifest(text, name)
    if found.format > FORMAT:
        raise Refused("backup_newer", name=name)
    return found


def path_of(name: str, file: str) -> str:
    """Where a file of a backup lies in its place."""
    return f"{ROOT}/{name}/{file}"


def backups(place: Cellar) -> list[str]:
    """The names of all backups here, oldest first. What has no manifest is none."""
    return sorted(
        path.split("/")[1]
        for path in place.files(ROOT)
        if path.endswith(f"/{MANIFEST}") and path.count("/") == 2
    )


def halves(place: Cellar) -> list[str]:
    """The names of what was begun and has no manifest: under way, or left over."""
    begun = {path.split("/")[1] for path in place.files(ROOT) if path.count("/") == 2}
    return sorted(begun - set(backups(place)))


def blob_lines(blobs: list[tuple[str, int]]) -> str:
    """The list of blobs as it is written: digest and length."""
    return "".join(f"{sha256} {size}\n" for sha256, size in sorted(blobs))


def read_blob_lines(file: Path) -> Iterator[tuple[str, int]]:
    """The list of blobs."""
    with file.open("r", encoding="ascii") as lines:
        for line in lines:
            sha256, _, size = line.strip().partition(" ")
            yield sha256, int(size)
