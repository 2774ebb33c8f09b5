"""What the tablet took home: documents, cursor, the newest contact, the policy.

All of it may be dropped at any time and is pulled again; nothing in here is the only
copy of anything that a person recorded. May not enter: facts of this tablet.
"""

import dataclasses
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from field_client.database import writing
from field_client.layout import PROJECTION, PROJECTION_VERSION
from sync.exchange import Document, Gone, Lane, Page
from sync.plain import plain, typed
from sync.reading import Anchor

MOST_ANCHORS = 1000


@dataclass(frozen=True, kw_only=True)
class Held:
    """A document as it was taken home; `document` is not yet understood."""

    stream: str
    rev: int
    epoch: str
    document: Mapping[str, Any]
    gone: Gone | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The sheet that was shown last, and what the tablet knew when it was."""

    stream: str
    round: int
    rev: int
    epoch: str
    lamport: int
    sheet: bytes


@dataclass(frozen=True, kw_only=True)
class Contact:
    """The newest contact with the server, as far as the next facts need it."""

    token: str
    anchor: Anchor
    poll_ms: int
    limits: Mapping[str, int] = field(default_factory=dict)


class Projection:
    """The projection in one open database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        db.row_factory = sqlite3.Row

    def fits(self) -> bool:
        """Whether what lies there is of this version; an empty one is filled."""
        with writing(self.db):
            version = self.db.execute("PRAGMA user_version").fetchone()[0]
            tables = self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if version == 0 and tables[0] == 0:
                for statement in PROJECTION.split(";")[:-1]:
                    self.db.execute(statement)
                self.db.execute(f"PRAGMA user_version = {PROJECTION_VERSION}")
                version = PROJECTION_VERSION
        return bool(version == PROJECTION_VERSION)

    # small things, each under its name

    def note(self, name: str) -> Any:
        """What was noted under this name, or None."""
        row = self.db.execute("SELECT value FROM note WHERE name = ?", (name,))
        found = row.fetchone()
        return json.loads(found["value"]) if found else None

    def keep_note(self, name: str, value: Any) -> None:
        """Note something under a name, in place of what was noted there."""
        with writing(self.db):
            self._note(name, value)

    def _note(self, name: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False)
        self.db.execute("REPLACE INTO note VALUES (?, ?)", (name, text))

    def lane(self, name: str) -> Lane:
        """What this lane remembers."""
        held = self.note(f"lane:{name}")
        if held is None:
            return Lane()
        shelf, aside = frozenset(held["shelf"]), tuple(held["aside"])
        return Lane(held["most"], held["failures"], shelf, aside, held["healthy"])

    def keep_lane(self, name: str, lane: Lane) -> None:
        """Remember the lane for the next attempt, maybe of another process."""
        held = {**dataclasses.asdict(lane), "shelf": sorted(lane.shelf)}
        held["aside"] = list(lane.aside)
        if self.note(f"lane:{name}") != held:
            self.keep_note(f"lane:{name}", held)

    # contacts

    def contact(self) -> Contact | None:
        """The newest contact; None before the first."""
        held = self.note("contact")
        return None if held is None else typed(Contact, held)

    def keep_contact(self, contact: Contact) -> None:
        """Keep a contact, and its anchor for showing when own facts happened."""
        with writing(self.db):
            self._note("contact", plain(contact))
            anchor = json.dumps(plain(contact.anchor))
            self.db.execute(
                "REPLACE INTO anchor VALUES (?, ?)", (contact.token, anchor)
            )
            self.db.execute(
                "DELETE FROM anchor WHERE rowid <= (SELECT max(rowid) FROM anchor) - ?",
                (MOST_ANCHORS,),
            )

    def anchor(self, token: str | None) -> Anchor | None:
        """The contact that gave this token, if it is still remembered."""
        row = self.db.execute("SELECT anchor FROM anchor WHERE token = ?", (token,))
        found = row.fetchone()
        return typed(Anchor, json.loads(found["anchor"])) if found else None

    # documents

    def take_home(self, page: Page, keep: frozenset[str]) -> None:
        """A page with its cursor, in one transaction (K3).

        After a reset, what the server did not send again goes once the last page is in;
        orders in `keep` (there is something unsent) stay to their end (K7).
        """
        with writing(self.db):
            pull = self.note("pull") or {"round": 0, "resetting": False}
            if page.reset is not None:
                pull = {"round": pull["round"] + 1, "resetting": True}
            for document in page.documents:
                self._put(document, page.epoch, pull["round"])
            for gone in page.gone:
                self._mark_gone(gone)
            if pull["resetting"] and page.complete:
                self._drop_older(pull["round"], keep)
                pull["resetting"] = False
            pull["cursor"] = page.cursor
            self._note("pull", pull)

    def cursor(self) -> str | None:
        """Where the next pull goes on."""
        return (self.note("pull") or {}).get("cursor")

    def _put(self, document: Document, epoch: str, round_: int) -> None:
        text = json.dumps(plain(document), ensure_ascii=False)
        self.db.execute(
            "REPLACE INTO document VALUES (?, ?, ?, ?, ?, NULL)",
            (document.stream, document.rev, epoch, round_, text),
        )

    def _mark_gone(self, gone: Gone) -> None:
        self.db.execute(
            "UPDATE document SET gone = ? WHERE stream = ?",
            (json.dumps(plain(gone)), gone.stream),
        )

    def _drop_older(self, round_: int, keep: frozenset[str]) -> None:
        old = self.db.execute("SELECT stream FROM document WHERE round < ?", (round_,))
        for row in old.fetchall():
            if row["stream"] not in keep:
                self._drop(row["stream"])

    def drop(self, stream: str) -> None:
        """Drop an order and everything personal about it."""
        with writing(self.db):
            self._drop(stream)

    def wipe(self) -> None:
        """Drop everything that was taken home: this tablet may read no more (F14)."""
        with writing(self.db):
            self.db.execute("DELETE FROM document")
            self.db.execute("DELETE FROM shown")
            self._note("pull", {})

    def _drop(self, stream: str) -> None:
        self.db.execute("DELETE FROM document WHERE stream = ?", (stream,))
        self.db.execute("DELETE FROM shown WHERE stream = ?", (stream,))

    def document(self, stream: str) -> Held | None:
        """One order's document."""
        row = self.db.execute("SELECT * FROM document WHERE stream = ?", (stream,))
        found = row.fetchone()
        return _held(found) if found else None

    def documents(self) -> Iterator[Held]:
        """All documents that were taken home."""
        rows = self.db.execute("SELECT * FROM document ORDER BY stream").fetchall()
        return (_held(row) for row in rows)

    # what was shown for signing

    def keep_shown(self, shown: Shown) -> None:
        """Keep the sheet that is on the screen now."""
        with writing(self.db):
            self.db.execute(
                "REPLACE INTO shown VALUES (?, ?, ?, ?, ?, ?)",
                (
                    shown.stream,
                    shown.round,
                    shown.rev,
                    shown.epoch,
                    shown.lamport,
                    shown.sheet,
                ),
            )

    def shown(self, stream: str) -> Shown | None:
        """The sheet of this order that was shown last."""
        row = self.db.execute("SELECT * FROM shown WHERE stream = ?", (stream,))
        found = row.fetchone()
        return Shown(**dict(found)) if found else None


def _held(row: sqlite3.Row) -> Held:
    return Held(
        stream=row["stream"],
        rev=row["rev"],
        epoch=row["epoch"],
        document=json.loads(row["document"]),
        gone=typed(Gone, json.loads(row["gone"])) if row["gone"] else None,
    )
