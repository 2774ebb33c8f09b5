"""Legal holds, and the erasures that wait for them, as they are noted outside of the
backups: an older book that is put back holds again what was held, and still owes what
was asked for meanwhile.

May not enter: the book (`server/holds.py`).
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from pathlib import Path

from server import outside
from server.shelf import Cellar
from sync.plain import Record, plain, typed

FOLDER = "holds"


class Hold(Record, frozen=True, kw_only=True):
    """Nothing of this order is erased, because `by` said so; `until_ms` None: until it
    is let go. The reason says nothing personal."""

    stream: str
    by: str
    reason: str
    held_ms: int
    until_ms: int | None = None

    @property
    def name(self) -> str:
        """The digest of what it says; the event in the book bears it."""
        said = [self.stream, self.by, self.reason, self.held_ms, self.until_ms]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class Waiting(Record, frozen=True, kw_only=True):
    """An erasure that was asked for while a hold stood."""

    stream: str
    by: str
    reason: str
    roles: tuple[str, ...]
    asked_ms: int


class Release(Record, frozen=True, kw_only=True):
    """A hold was let go."""

    by: str
    reason: str
    at_ms: int


class Note(Record, frozen=True, kw_only=True):
    """A hold, and perhaps that it was let go; or an erasure that waits."""

    hold: Hold | None = None
    release: Release | None = None
    asked: Waiting | None = None

    @property
    def text(self) -> str:
        """The note as it is written down."""
        return json.dumps(plain(self), ensure_ascii=False, sort_keys=True)

    @property
    def name(self) -> str:
        """What names it, wherever it is written down."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def write_down(folder: Path, note: Note) -> None:
    """Note this beside the data; once this returns it survives a power cut."""
    outside.write_down(folder / FOLDER, note.name, note.text)


def written_down(folder: Path) -> list[Note]:
    """Everything that is noted beside the data."""
    return [_read(text) for text in outside.written_down(folder / FOLDER)]


def asks_no_more(folder: Path, streams: Collection[str]) -> None:
    """Nothing of these orders waits any more."""
    gone = [one.name for one in written_down(folder)
            if one.asked is not None and one.asked.stream in streams]  # fmt: skip
    outside.take_away(folder / FOLDER, gone)


def send(place: Cellar, notes: Iterable[Note], scratch: Path) -> None:
    """Note these in a place for backups."""
    outside.send(place, FOLDER, {one.name: one.text for one in notes}, scratch)


def notes_in(place: Cellar) -> list[Note]:
    """Everything that is noted in a place for backups."""
    return [_read(text) for text in outside.notes_in(place, FOLDER)]


def _read(text: str) -> Note:
    return typed(Note, json.loads(text))
