"""Bytes that are in custody: kept, looked at, receipted, shown.

Bytes are kept whatever is wrong with them; what was found is a remark for people.
May not enter: how they got here (`uploads`), who may see them (`feed`), HTTP.
"""

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from server.database import reading
from server.erasures import is_erased
from server.ledger import Ledger
from server.pictures import FLAWS, Darkroom
from server.shelf import Shelf
from server.tables import blob
from sync.problems import Refused

NOTHING_TO_SEE = ""  # the finding of bytes that are no picture; None: not looked at
SIDES = (256, 1024, 2048)  # of a preview; any number would let strangers fill the shelf


@dataclass(frozen=True, kw_only=True)
class Original:
    """Bytes with a receipt. `finding` is what the darkroom said of a picture; a
    picture that nobody has looked at yet is `unseen`."""

    sha256: str
    bytes: int
    type: str
    finding: dict[str, Any] | None
    unseen: bool = False


@dataclass(frozen=True)
class Originals:
    """Takes bytes into custody and hands them out; free to repeat.

    `unseen` is set when a picture has come that nobody has looked at yet.
    """

    engine: Engine
    shelf: Shelf
    ledger: Ledger
    darkroom: Darkroom = field(default_factory=Darkroom)
    unseen: threading.Event = field(default_factory=threading.Event)

    def take_in(
        self, file: Path, sha256: str, length: int, media: str, now_ms: int
    ) -> None:
        """Shelf first, receipt last: a crash in between leaves work to be repeated,
        never a receipt for bytes that are not there. Nobody looks at a picture before
        its receipt (`findings`)."""
        erased = self._is_erased(sha256)
        if not erased:
            self.shelf.keep_file(sha256, file, length)
        picture = media.startswith("image/") and not erased
        finding = None if picture else NOTHING_TO_SEE
        self.ledger.blob_arrived(sha256, length, media, finding, now_ms)
        if picture:
            self.unseen.set()

    def held(self, sha256: str) -> Original | None:
        """The original with this digest, if it was receipted."""
        with reading(self.engine) as connection:
            row = connection.execute(
                select(blob).where(blob.c.sha256 == sha256)
            ).first()
        if row is None:
            return None
        return Original(
            sha256=sha256,
            bytes=row.bytes,
            type=row.type,
            finding=json.loads(row.finding) if row.finding else None,
            unseen=row.finding is None,
        )

    def is_kept(self, sha256: str) -> bool:
        """Are bytes with a receipt still on the shelf? A far shelf is believed: to ask
        it would take longer than a request may."""
        if not self.shelf.near or self.shelf.has(sha256):
            return True
        return self._is_erased(sha256)

    def _is_erased(self, sha256: str) -> bool:
        """At a person's wish: the receipt stands, the bytes are not taken again."""
        with reading(self.engine) as connection:
            return is_erased(connection, sha256)

    def preview(self, original: Original, side: int) -> bytes:
        """The picture upright, small and without metadata; made once (X11)."""
        name = f"preview-{side}"
        kept = self.shelf.derived(original.sha256, name)
        if kept is not None:
            return kept
        made = self._develop(original, side)
        self.shelf.put_derived(original.sha256, name, made)
        return made

    def _develop(self, original: Original, side: int) -> bytes:
        with self.shelf.open(original.sha256) as source:
            data = source.read()
        try:
            return self.darkroom.preview(data, side)
        except Refused as refusal:
            if refusal.code in FLAWS:
                raise Refused("picture_not_shown", flaw=refusal.code) from refusal
            raise
