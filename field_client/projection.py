"""What the tablet took home: documents, cursor, the newest contact, the policy.

All of it may be dropped at any time and is pulled again; nothing in here is the only
copy of anything that a person recorded. May not enter: facts of this tablet.
"""

# ruff: noqa: S608 - only names of this module's tables are put into its queries

import dataclasses
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from field_client.database import writing
from field_client.layout import PROJECTION, PROJECTION_VERSION
from sync.exchange import Document, Gone, Lane, Page
from sync.plain import Record, but, plain, typed
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


@dataclass(frozen=True)
class Former:
    """A document of an earlier epoch, exactly as it came, with the server's mark; and
    its word that the order had left, if it was given."""

    stream: str
    rev: int
    epoch: str
    text: str
    mac: str
    gone: Mapping[str, Any] | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The document, as it is handed back."""
        return {name: getattr(self, name)
                for name in ("stream", "rev", "epoch", "text", "mac")}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The sheet that was shown last, and what the tablet knew when it was."""

    stream: str
    round: int
    rev: int
    epoch: str
    lamport: int
    sheet: bytes


class Contact(Record, frozen=True, kw_only=True):
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

        After a reset, what the server did not send again goes once the last page is in.
        Orders in `keep` (there is something unsafe) stay to their end, and so does work
        that nobody ended: leaving scope is said, never inferred (K7).
        """
        with writing(self.db):
            pull = self.note("pull") or {"round": 0, "resetting": None}
            if page.reset is not None:
                pull = {"round": pull["round"] + 1, "resetting": page.reset}
            for document in page.documents:
                self._put(document, page.epoch, pull["round"])
            for gone in page.gone:
                self._mark_gone(gone, page.epoch)
            if pull["resetting"] and page.complete:
                self._drop_older(pull, keep, page.epoch)
                pull["resetting"] = None
            pull["cursor"] = page.cursor
            self._note("pull", pull)

    def cursor(self) -> str | None:
        """Where the next pull goes on."""
        return (self.note("pull") or {}).get("cursor")

    def _put(self, document: Document, epoch: str, round_: int) -> None:
        self._keep_former(document.stream, epoch)
        rest = but(document, text="", mac="", order={})
        self.db.execute(
            "REPLACE INTO document VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            (
                document.stream,
                document.rev,
                epoch,
                round_,
                json.dumps(plain(rest), ensure_ascii=False),
                document.text or as_text(document.order),
                document.mac,
            ),
        )

    def _mark_gone(self, gone: Gone, epoch: str) -> None:
        self._keep_former(gone.stream, epoch)
        self.db.execute(
            "UPDATE document SET gone = ? WHERE stream = ?",
            (json.dumps({**plain(gone), "epoch": epoch}), gone.stream),
        )

    def _drop_older(
        self, pull: Mapping[str, Any], keep: frozenset[str], epoch: str
    ) -> None:
        older = "SELECT stream, text FROM document WHERE round < ?"
        for row in self.db.execute(older, (pull["round"],)).fetchall():
            stream, order = row["stream"], json.loads(row["text"])
            if stream not in keep and not _goes_on(order, pull["resetting"]):
                self._keep_former(stream, epoch)
                for table in ("document", "shown"):
                    self.db.execute(f"DELETE FROM {table} WHERE stream = ?", (stream,))

    def drop(self, stream: str) -> None:
        """Drop an order and everything personal about it."""
        with writing(self.db):
            for table in ("document", "shown", "former"):
                self.db.execute(f"DELETE FROM {table} WHERE stream = ?", (stream,))

    def wipe(self) -> None:
        """Drop everything that was taken home: this tablet may read no more (F14)."""
        with writing(self.db):
            for table in ("document", "shown", "former"):
                self.db.execute(f"DELETE FROM {table}")
            self._note("pull", {})

    # what an earlier epoch had shown

    def _keep_former(self, stream: str, epoch: str) -> None:
        """Keep what another epoch's document said, before it is replaced or dropped:
        decisions in it may be lost to the server."""
        self.db.execute(
            "INSERT OR REPLACE INTO former (stream, rev, epoch, text, mac, gone)"
            " SELECT stream, rev, epoch, text, mac, gone FROM document"
            " WHERE stream = ? AND epoch <> ? AND mac <> ''",
            (stream, epoch),
        )

    def former(self, epoch: str) -> list[Former]:
        """Documents of other epochs that this one has not been shown."""
        with writing(self.db):
            streams = self.db.execute(
                "SELECT stream FROM document WHERE epoch <> ? AND mac <> ''"
                " AND NOT EXISTS (SELECT 1 FROM former WHERE"
                " former.stream = document.stream AND former.epoch = document.epoch)",
                (epoch,),
            )
            for row in streams.fetchall():
                self._keep_former(row["stream"], epoch)
        rows = self.db.execute(
            "SELECT * FROM former WHERE shown_to IS NOT ? ORDER BY stream, epoch",
            (epoch,),
        )
        return [
            Former(
                row["stream"],
                row["rev"],
                row["epoch"],
                row["text"],
                row["mac"],
                json.loads(row["gone"]) if row["gone"] else None,
            )
            for row in rows
        ]

    def shown_again(self, documents: Iterable[Former], epoch: str) -> None:
        """The server of this epoch has been shown these."""
        with writing(self.db):
            self.db.executemany(
                "UPDATE former SET shown_to = ? WHERE stream = ? AND epoch = ?",
                [(epoch, one.stream, one.epoch) for one in documents],
            )

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
    document = json.loads(row["document"])
    return Held(
        stream=row["stream"],
        rev=row["rev"],
        epoch=row["epoch"],
        document=document | {"order": json.loads(row["text"])},
        gone=_gone(json.loads(row["gone"])) if row["gone"] else None,
    )


def _gone(said: Mapping[str, Any]) -> Gone:
    return typed(Gone, {name: held for name, held in said.items() if name != "epoch"})


def as_text(order: Mapping[str, Any]) -> str:
    """An order as text, where it did not come as one."""
    return json.dumps(order, ensure_ascii=False, separators=(",", ":"))


AT_WORK = frozenset(
    {"on_site", "surveyed", "agreed", "rework", "completed", "unsigned"}
)
TO_DO = AT_WORK | {"dispatched"}


def _goes_on(order: Mapping[str, Any], why: str) -> bool:
    """Does anybody still have to go there, or are they there already? A server that
    went back in time may have forgotten giving the order to them; one that narrowed a
    scope has said so, and only work that was begun goes on."""
    ended = order.get("cancelled") or order.get("closed")
    stages = TO_DO if why == "epoch" else AT_WORK
    return not ended and order.get("stage") in stages
