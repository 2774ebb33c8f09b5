"""Look at pictures after they came, and tell whoever sees them what is wrong.

The book is the queue: bytes with a receipt and without a finding. So a picture that
nobody looked at before a crash is looked at after it. May not enter: when (`chores`).
"""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from server import board
from server.database import reading, writing
from server.likeness import note_print, unknown
from server.pictures import Darkroom, Limits, Looked
from server.places import Event, advance, place
from server.shelf import Shelf
from server.tables import blob, blob_link
from sync.problems import Refused

log_book = logging.getLogger(__name__)

AT_ONCE = 50
KINDLY = Limits(nice=10)  # whoever hands something in goes first


@dataclass(frozen=True)
class Findings:
    """Looks at what has come; free to repeat, also by several processes."""

    engine: Engine
    shelf: Shelf
    darkroom: Darkroom = field(default_factory=lambda: Darkroom(KINDLY))

    def look(self, now_ms: int) -> bool:
        """Look at every picture that nobody has looked at, oldest first. Was there
        none that has to be tried again later?"""
        after, all_seen = 0, True
        while rows := self._unseen(after):
            after, well = rows[-1][0], {}
            try:
                for _, sha256 in rows:
                    found = self._found(sha256)
                    all_seen = all_seen and found is not None
                    if found is not None and found.finding.flaw:
                        self._tell(sha256, found, now_ms)
                    elif found is not None:
                        well[sha256] = found
            except Refused as refusal:  # no darkroom, no shelf: not only for this one
                log_book.warning("pictures are looked at later: %s", refusal)
                return False
            finally:
                self._note_well(well)
        return all_seen

    def look_back(self) -> Iterator[int]:
        """Look once more at pictures of before anybody kept what they look like; yields
        how many. Those whose bytes are gone are left out."""
        after = 0
        while rows := unknown(self.engine, after):
            after = rows[-1][0]
            seen = [(sha256, self._found(sha256)) for _, sha256 in rows]
            with writing(self.engine) as connection:
                for sha256, found in seen:
                    if found is not None:
                        note_print(connection, sha256, found.grey)
            yield len(rows)

    def _found(self, sha256: str) -> Looked | None:
        """What a picture is; nothing if its bytes are gone."""
        try:
            with self.shelf.open(sha256, 0, self.darkroom.most_bytes + 1) as source:
                return self.darkroom.look(source.read())
        except Refused as refusal:
            if refusal.code == "blob_missing":
                return None
            raise

    def _unseen(self, after: int) -> list[tuple[int, str]]:
        wanted = (
            select(blob.c.seq, blob.c.sha256)
            .where(blob.c.finding.is_(None), blob.c.seq > after)
            .order_by(blob.c.seq).limit(AT_ONCE)
        )  # fmt: skip
        with reading(self.engine) as connection:
            return [(row.seq, row.sha256) for row in connection.execute(wanted)]

    def look_at(self, sha256: str, now_ms: int) -> None:
        """Look at this picture and write down what is wrong with it."""
        if (found := self._found(sha256)) is not None:
            self._tell(sha256, found, now_ms)

    def _note_well(self, found: Mapping[str, Looked]) -> None:
        """Nobody has to be told that nothing is wrong: these need no position."""
        if found:
            with writing(self.engine) as connection:
                for sha256, one in found.items():
                    _write(connection, sha256, one)

    def _tell(self, sha256: str, found: Looked, now_ms: int) -> None:
        while not self._note(sha256, found, now_ms):
            continue  # a fact about this picture was committed meanwhile

    def _note(self, sha256: str, found: Looked, now_ms: int) -> bool:
        """Write it down; a flaw brings every order with this picture to its readers."""
        with writing(self.engine) as connection:
            flaw = found.finding.flaw
            streams = _streams(connection, sha256) if flaw else frozenset()
            rows = board.lock(connection, streams)
            if flaw:
                advance(connection, 0)  # from here on nobody else commits
                if _streams(connection, sha256) != streams:
                    return False
            if _write(connection, sha256, found):
                _move(connection, rows, sha256, now_ms)
        return True


def _streams(connection: Connection, sha256: str) -> frozenset[str]:
    links = select(blob_link.c.stream).where(blob_link.c.sha256 == sha256)
    return frozenset(connection.execute(links).scalars())


def _write(connection: Connection, sha256: str, found: Looked) -> bool:
    """The first finding stays. Was this the first?"""
    first = (blob.c.sha256 == sha256, blob.c.finding.is_(None))
    text = json.dumps(asdict(found.finding))
    written = connection.execute(update(blob).where(*first).values(finding=text))
    if written.rowcount:
        note_print(connection, sha256, found.grey)
    return bool(written.rowcount)


def _move(
    connection: Connection, rows: Mapping[str, Any], sha256: str, now_ms: int
) -> None:
    names = sorted(rows)
    places = place(connection, [
        Event(what="finding", id=sha256, stream=name, received_ms=now_ms)
        for name in names
    ])  # fmt: skip
    for name, at in zip(names, places, strict=True):
        board.move(connection, rows[name], at, now_ms)
