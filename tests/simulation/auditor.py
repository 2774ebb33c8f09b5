"""What must be true, worked out from what people did and were told.

The auditor keeps sets and dictionaries of its own: every fact that somebody was told is
safe, every decision of the desk, every position that was ever seen, what wiped tablets
took with them. It reads the tables of server and tablets, and never asks the product
what they mean. Whatever does not hold is a `Broken` with the number of the invariant in
the protocol's list. May not enter: folding, outcomes, whatever makes things happen.
"""

import base64
import copy
import gzip
import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Any

from field_client.transport import Answered, NoAnswer, Reply
from tests.weather import FAIR

if TYPE_CHECKING:
    from tests.simulation.town import Tablet, Town

MOST_REQUESTS = 60  # until any cursor must have ended in `complete`
CANARY = re.compile(r"cn[0-9a-f]{12}")
DECISIONS = ("dispatch.dispatched", "dispatch.cancelled")
PERMITTED = (429, 503, 507)
SERVER_HOLDS = (
    "SELECT * FROM fact ORDER BY seq", "SELECT * FROM event ORDER BY seq",
    "SELECT * FROM private ORDER BY stream, commitment",
    "SELECT * FROM quarantine ORDER BY id, device",
    "SELECT * FROM stream ORDER BY id", "SELECT * FROM member ORDER BY actor, stream",
    "SELECT * FROM claim ORDER BY log, n, tip", "SELECT * FROM blob ORDER BY sha256",
)  # fmt: skip
TABLET_HOLDS = (
    "SELECT * FROM fact ORDER BY seq", "SELECT * FROM blob ORDER BY seq",
    "SELECT * FROM document ORDER BY stream",
)  # fmt: skip


class Broken(AssertionError):
    """An invariant does not hold."""

    def __init__(self, invariant: str, words: str) -> None:
        super().__init__(f"invariant {invariant}: {words}")
        self.invariant = invariant


def hold(truth: object, invariant: str, words: str) -> None:
    """This must be so."""
    if not truth:
        raise Broken(invariant, words)


def digest(text: str) -> str:
    """SHA-256 of a text as base64url without padding; written here once more, so that
    the product's own is not what it is checked with."""
    raw = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True)
class Telling:
    """A fact that a person was told is on disk."""

    id: str
    who: str
    log: str
    n: int
    stream: str
    kind: str
    body: str
    private: Mapping[str, tuple[str, str]]
    blobs: tuple[str, ...]
    true_ms: int | None
    honest: bool  # nobody had moved the clock
    seen: frozenset[str] = frozenset()  # facts that were on the screen
    assigned: bool | None = None  # was it this person's then, and did the tablet know?


@dataclass
class Book:
    """What a server in this state must hold; goes back with it."""

    rows: list[tuple[int, str]] = field(default_factory=list)  # every position
    custody: dict[str, set[int]] = field(default_factory=dict)  # id -> positions
    facts: dict[str, tuple[int, str, str, int]] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)  # quarantined: id -> reason
    seen_ms: dict[str, int] = field(default_factory=dict)  # first receipt
    blobs: dict[str, int] = field(default_factory=dict)  # where its receipt lies
    desk: dict[str, list[tuple[str, tuple[str, ...]]]] = field(default_factory=dict)
    exits: dict[tuple[str, str], int] = field(default_factory=dict)
    left: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    durable: int = 0  # what lies in backups that were seen to be whole
    erased: set[str] = field(default_factory=set)  # facts whose words are forgotten

    def scope(self, who: str) -> set[str]:
        """The orders that are this person's now."""
        return {name for name in self.desk if who in self.people(name)}

    def people(self, stream: str) -> tuple[str, ...]:
        """Whose order it is now."""
        said = self.desk.get(stream, [])
        if any(what == "cancelled" for what, _ in said):
            return ()
        given = [people for what, people in said if what == "given"]
        return given[-1] if given else ()


@dataclass
class Stand:
    """What lay on a tablet at some moment."""

    facts: dict[str, tuple[str | None, int | None, bool]]  # id -> epoch, position, said
    blobs: dict[str, tuple[bool, bool]]  # sha256 -> has bytes, has receipt
    documents: dict[str, tuple[int, str, bool]]  # stream -> rev, epoch, gone
    cursor: str | None
    epoch: str | None


class Auditor:
    """One world's account."""

    def __init__(self, town: "Town") -> None:
        self.town = town
        self.book = Book()
        self.tellings: dict[str, Telling] = {}
        self.injected: dict[str, str] = {}  # what no person ever told
        self.bytes: dict[str, bytes] = {}
        self.lost: set[str] = set()  # what nobody can bring back any more
        self.ever: set[tuple[str, str]] = set()
        self.numbers: dict[str, int] = {}  # the highest number of each log
        self.reviews: dict[tuple[str, tuple[str, ...]], str] = {}
        self.restored = False
        self.lost_bytes: set[str] = set()  # the same of originals
        self.reading: sqlite3.Connection | None = None
        self.before: Stand | None = None
        self.pages: list[dict[str, Any]] = []
        self.said_hello = False
        self.desk_changed = False
        self.checks = 0

    # what happened

    def canary(self, stream: str) -> str:
        """A word that only those may ever read who were given this order."""
        return "cn" + hashlib.sha256(stream.encode()).hexdigest()[:12]

    def enrolled(self, one: "Tablet") -> None:
        """A tablet was handed to its person."""

    def told(self, one: "Tablet", made: Any, said: Any, blobs: Any) -> None:
        """A person was told that a fact is on disk."""
        assert one.clocks is not None
        self._remember(one, said.id, said.body, said.private, self.town.ms)
        self._note_what_was_seen(one, said.id)
        for data, _type in (blobs or {}).values():
            self.bytes[hashlib.sha256(data).hexdigest()] = data
        hold(digest(said.body) == said.id, "8", f"{said.id} is not its own digest")
        hold(made.id == said.id, "8", "another fact was kept than was told")

    def _remember(
        self, one: "Tablet", name: str, body: str, private: Any, ms: int | None
    ) -> None:
        assert one.clocks is not None
        said = json.loads(body)
        self.tellings[name] = Telling(
            name, one.who, said["log"], said["n"], said["st"], said["t"], body,
            {key: (held[0], held[1]) for key, held in private.items()},
            tuple(blob["sha256"] for blob in said.get("bl", ())), ms, one.clocks.honest,
        )  # fmt: skip
        self.numbers[said["log"]] = max(self.numbers.get(said["log"], 0), said["n"])

    def _note_what_was_seen(self, one: "Tablet", name: str) -> None:
        """What the author could know: the document on the tablet, and whether the desk
        had meant something else for some time."""
        said = self.tellings[name]
        row = (
            one.disks[1]
            .db.execute("SELECT * FROM document WHERE stream = ?", (said.stream,))
            .fetchone()
        )
        if row is None:
            return
        order = _order_in(row)
        mine = said.who in self.book.people(said.stream)
        given = order.get("assignments") or [{}]
        people = (given[-1].get("technician"), *given[-1].get("helpers", ()))
        fresh = row["epoch"] == self._epoch() and not order.get("cancelled")
        known = fresh and said.who in people
        seen = frozenset(entry["id"] for entry in order.get("history", ()))
        assigned = mine if mine == known or not mine else None
        self.tellings[name] = replace(said, seen=seen, assigned=assigned)

    def dispatched(self, stream: str, people: tuple[str, ...]) -> None:
        """The desk gave an order to these people."""
        for who in set(self.book.people(stream)) - set(people):
            self._left(who, stream)
        self.book.desk.setdefault(stream, []).append(("given", people))
        self.ever |= {(who, stream) for who in people}
        self.desk_changed = True
        self.observe()

    def cancelled(self, stream: str) -> None:
        """The desk cancelled an order."""
        for who in self.book.people(stream):
            self._left(who, stream)
        self.book.desk.setdefault(stream, []).append(("cancelled", ()))
        self.desk_changed = True
        self.observe()

    def _left(self, who: str, stream: str) -> None:
        key = who, stream
        self.book.exits[key] = self.book.exits.get(key, 0) + 1

    def desk_was_refused(self, stream: str, code: str) -> None:
        """The desk was told no."""
        cancelled = ("cancelled", ()) in self.book.desk.get(stream, [])
        hold(cancelled == (code == "order_cancelled"), "26", f"{stream}: {code}")

    def imported(self, again: Any) -> None:
        """The register was imported; importing it once more would change nothing."""
        hold(not again.new and not again.changed, "3", "an import is not idempotent")
        self.observe()

    def revoked(self, one: "Tablet") -> None:
        """A tablet was reported stolen."""
        self.book.revoked.add(one.client.who.device)

    def wiped(self, one: "Tablet") -> None:
        """A tablet took with it what nobody else has."""
        held = set(self.stand(one).facts)
        self.lost |= held - self.custody() - self._held_by_others(one)
        mine = self.stand(one).blobs
        self.lost_bytes |= set(mine) - set(self.book.blobs) - self._bytes_at_others(one)

    def cloned(self, one: "Tablet", twin: "Tablet") -> None:
        """Two tablets hold the same from here on."""
        hold(self.stand(one).facts.keys() == self.stand(twin).facts.keys(), "21",
             "the copy is none")  # fmt: skip

    def forgot(self, one: "Tablet") -> None:
        """A tablet lost what it had taken home; what it owes is still there."""
        hold(not self.stand(one).documents, "7", "nothing was forgotten")

    def server_state(self) -> Book:
        """What a server must hold that is as it is now."""
        self.observe()
        return copy.deepcopy(self.book)

    def went_back(self, known: Book, *, said: bool) -> None:
        """The server is as it was once. What only it had is gone, nobody can help it;
        what a tablet still holds must come back; what was erased stays so. `said`: by
        its own command."""
        before, erased = set(self.book.custody), self.book.erased
        bytes_before = set(self.book.blobs)
        self.restored = True
        self.book = copy.deepcopy(known)
        if said:
            self.book.durable = 0
        self.book.erased |= erased
        self.lost |= before - set(self.book.custody) - self._held_by_others(None)
        gone = bytes_before - set(self.book.blobs)
        self.lost_bytes |= gone - self._bytes_at_others(None)

    def backed_up(self, made: Any) -> None:
        """A backup was made, and seen to be whole or not."""
        if made.name and not made.findings:
            self.book.durable = self.book.rows[-1][0] if self.book.rows else 0
        self.observe()

    def erased(self, stream: str) -> None:
        """The words of an order's facts are forgotten for ever (35); whoever it has
        left is told once more, because its date has come."""
        for who, of in self.book.left:
            if of == stream:
                self._left(who, stream)
        self.observe()
        self.book.erased |= {
            name for name, (_, at, _, _) in self.book.facts.items() if at == stream
        }
        self.words_are_gone()

    def words_are_gone(self) -> None:
        """No word of an erased fact is anywhere in the book (35)."""
        kept = {value for (value,) in self.server("SELECT value FROM private")}
        for name in self.book.erased & self.tellings.keys():
            for _salt, value in self.tellings[name].private.values():
                hold(value not in kept or _common(value), "35", f"{value} is back")

    def _bytes_at_others(self, but: "Tablet | None") -> set[str]:
        tablets = map(self.town.tablet_named, self.town.tablets)
        stands = [self.stand(one) for one in tablets if one is not but]
        return {n for one in stands for n, (has, _) in one.blobs.items() if has}

    def _held_by_others(self, but: "Tablet | None") -> set[str]:
        found: set[str] = set()
        for name in self.town.tablets:
            one = self.town.tablet_named(name)
            if one is not but:
                found |= set(self.stand(one).facts)
        return found

    def unread(self) -> dict[str, int]:
        """What lies in quarantine because its kind was unknown, and since when."""
        rows = self.server(
            "SELECT id, received_ms FROM quarantine"
            " WHERE reason = 'kind_unknown' AND settled_ms IS NULL"
        )
        return {name: ms for name, ms in rows if name in self.tellings}

    def upgraded(self, known: Mapping[str, int]) -> None:
        """The server knows today's kinds again: what it could not read has become facts
        with the time of their first receipt (38)."""
        self.observe()
        for name, ms in known.items():
            said = self.tellings[name]
            mine = (said.who, said.stream) in self.ever
            device = said.log.partition(".")[0]
            if not mine or device in self.book.revoked:
                continue
            rows = self.server("SELECT received_ms FROM fact WHERE id = ?", name)
            hold(rows or self._was_stranger(said), "38", f"{name} stays unread")
            hold(not rows or rows[0][0] == ms, "38", f"{name} is received later")

    def _was_stranger(self, said: Telling) -> bool:
        """Does the book know nothing of the order being this person's (any more)?"""
        given = [people for _, people in self.book.desk.get(said.stream, [])]
        return not any(said.who in people for people in given)

    def any_of_kind(self, kind: str) -> bool:
        """Has anybody stated a fact of this kind yet?"""
        return any(one.kind == kind for one in self.tellings.values())

    # reading tables

    def server(self, query: str, *values: Any) -> list[Any]:
        """Rows of the server's database."""
        if self.reading is None:
            self.reading = sqlite3.connect(self.town.config.data / "doorstep.db")
        return self.reading.execute(query, values).fetchall()

    def hang_up(self) -> None:
        """The server's files are about to change, or to go."""
        if self.reading is not None:
            self.reading.close()
            self.reading = None

    def stand(self, one: "Tablet") -> Stand:
        """What lies on this tablet."""
        outbox, projection = (disk.db for disk in one.disks)
        pull = projection.execute("SELECT value FROM note WHERE name = 'pull'")
        row = pull.fetchone()
        bytes_of = "EXISTS (SELECT 1 FROM original WHERE original.seq = blob.seq)"
        epoch = outbox.execute("SELECT epoch FROM server").fetchone()
        return Stand(
            facts={r["id"]: (r["epoch"], r["position"], r["receipt"] is not None)
                   for r in outbox.execute("SELECT * FROM fact")},
            blobs={r[0]: (bool(r[1]), r[2] is not None) for r in outbox.execute(
                   f"SELECT sha256, {bytes_of}, receipt FROM blob")},
            documents={r["stream"]: (r["rev"], r["epoch"], r["gone"] is not None)
                       for r in projection.execute("SELECT * FROM document")},
            cursor=json.loads(row["value"]).get("cursor") if row else None,
            epoch=epoch["epoch"] if epoch else None,
        )  # fmt: skip

    def custody(self) -> set[str]:
        """Everything that the server has taken responsibility for."""
        self.observe()
        return set(self.book.custody)

    def observe(self) -> None:
        """Read what took place since the last look. Positions go up one by one and no
        earlier one ever changes (9, 10)."""
        book = self.book
        last = book.rows[-1][0] if book.rows else 0
        news = self.server(
            "SELECT seq, 'fact', id, stream, body, log, n, received_ms FROM fact"
            " WHERE seq > ?1 UNION ALL SELECT seq, what, id, stream, NULL, NULL, NULL,"
            " received_ms FROM event WHERE seq > ?1 ORDER BY 1", last)  # fmt: skip
        for seq, what, name, stream, body, log, n, ms in news:
            last += 1
            hold(seq == last, "10", f"position {seq} where {last} was due")
            book.rows.append((seq, name))
            if what == "fact":
                self._sees_fact(name, seq, stream, body, log, n, ms)
            elif what == "quarantine":
                hold(name not in book.facts, "3", f"{name} is known and set aside")
                book.custody.setdefault(name, set()).add(seq)
                book.seen_ms.setdefault(name, ms)
                book.aside[name] = "?"
            elif what == "blob":
                book.blobs.setdefault(name, seq)
        self._sees_exits()

    def _sees_fact(
        self, name: str, seq: int, stream: str, body: str, log: str, n: int, ms: int
    ) -> None:
        book = self.book
        hold(name not in book.facts, "3", f"{name} is there twice")
        hold(digest(body) == name, "8", f"{name} holds other bytes")
        said = self.tellings.get(name)
        if said is None:
            own = log.startswith("server.") or name in self.injected
            hold(own, "8", f"{name} was told by nobody")
        else:
            hold((said.body, said.log, said.n, said.stream) == (body, log, n, stream),
                 "8", f"{name} is another's")  # fmt: skip
        if name in book.aside:
            hold(ms == book.seen_ms[name], "38", f"{name} has a later receipt time")
            del book.aside[name]
        book.custody.setdefault(name, set()).add(seq)
        book.seen_ms.setdefault(name, ms)
        book.facts[name] = (seq, stream, log, n)

    def _sees_exits(self) -> None:
        """One exit, one word that it is gone (15), and one when it is erased."""
        rows = self.server("SELECT actor, stream, pos FROM member WHERE state = 'out'")
        for who, stream, pos in rows:
            exits = self.book.exits.get((who, stream), 0)
            before = self.book.left.get((who, stream))
            if before is not None and before[0] == exits:
                hold(before[1] == pos, "15", f"{who} is told twice that it is gone")
            self.book.left[(who, stream)] = (exits, pos)

    # what is said on the air

    def served(
        self,
        asking: str,
        method: str,
        target: str,
        body: bytes,
        reply: Reply,
        *,
        hurt: bool,
    ) -> None:
        """The server answered."""
        if reply.status >= 500:
            hold(hurt or reply.status in PERMITTED, "39",
                 f"{method} {target}: {reply.status}")  # fmt: skip
        if not asking or reply.status != 200 or asking not in self.town.tablets:
            return
        one = self.town.tablet_named(asking)
        who = one.who
        if target.startswith(("/v1/sync/pull", "/v1/orders", "/v1/blobs")):
            gone = one.client.who.device in self.book.revoked
            hold(not gone, "16", f"{asking} is revoked and still reads")
        for word in set(CANARY.findall(reply.body.decode("utf-8", "replace"))):
            mine = {self.canary(stream) for name, stream in self.ever if name == who}
            hold(word in mine, "16", f"{who} reads of a stranger's order")
        if target.startswith("/v1/sync/pull"):
            self._page(who, json.loads(reply.body))
        elif target == "/v1/sync/push":
            self._adopt(self.town.tablet_named(asking))
            self._outcomes(body, json.loads(reply.body))
        elif target == "/v1/sync/hello":
            self.said_hello = True

    def _page(self, who: str, page: dict[str, Any]) -> None:
        names = [
            one["stream"] for one in (*page.get("documents", ()), *page.get("gone", ()))
        ]
        orders = [name for name in names if name.startswith("order:")]
        hold(len(orders) == len(set(orders)), "15", "one order twice on a page")
        for name in orders:
            hold((who, name) in self.ever, "16", f"{who} is shown {name}")
        self.pages.append(page)

    def _adopt(self, one: "Tablet") -> None:
        """What a tablet states by itself about itself is owed as well."""
        query = "SELECT id, b, x FROM fact WHERE stream LIKE 'device:%'"
        for row in one.disks[0].db.execute(query).fetchall():
            if row["id"] not in self.tellings:
                self._remember(one, row["id"], row["b"], json.loads(row["x"]), None)

    def _outcomes(self, body: bytes, answer: dict[str, Any]) -> None:
        """Each fact that was handed in has one result, and custody is custody."""
        sent = [digest(one["b"]) for one in json.loads(gzip.decompress(body))["facts"]]
        got = [one["id"] for one in answer["receipts"]]
        hold(sorted(got) == sorted(sent), "5", f"{len(sent)} sent, {len(got)} answered")
        self.observe()
        for one in answer["receipts"]:
            if one["outcome"] == "refused":
                continue
            held = self.book.custody.get(one["id"], set())
            hold(
                one["position"] in held,
                "2",
                f"{one['id']} is acknowledged at {one['position']}, lies at {held}",
            )

    def digest(self) -> str:
        """Everything that server and tablets hold, and all that the air did."""
        made = hashlib.sha256()
        for query in SERVER_HOLDS:
            made.update(repr([tuple(row) for row in self.server(query)]).encode())
        for name in sorted(self.town.tablets):
            one = self.town.tablet_named(name)
            for disk, query in zip((0, 0, 1), TABLET_HOLDS, strict=True):
                rows = one.disks[disk].db.execute(query).fetchall()
                made.update(repr([tuple(row) for row in rows]).encode())
            made.update(repr(one.air.trace).encode())
        return made.hexdigest()

    # around an exchange

    def before_exchange(self, one: "Tablet") -> None:
        """Note what lies on the tablet."""
        self.before = self.stand(one)
        self.pages, self.said_hello, self.desk_changed = [], False, False

    def after_exchange(self, one: "Tablet", *, whole: bool) -> None:
        """Look at both sides."""
        self.checks += 1
        self.observe()
        before, now = self.before, self.stand(one)
        assert before is not None
        self._nothing_let_go_too_early(one, before, now)
        self._monotone(before, now)
        if self.said_hello and now.epoch == self._epoch():
            self._receipts_are_true(one, now)
        device = one.client.who.device
        if whole and not self.desk_changed and device not in self.book.revoked:
            self._scope_is_here(one, now)

    def _epoch(self) -> str:
        return str(self.server("SELECT epoch FROM head")[0][0])

    def _durable(self) -> int:
        """What the server may call backed up: what lies in a copy that was seen to be
        whole."""
        return self.book.durable

    def _nothing_let_go_too_early(
        self, one: "Tablet", before: Stand, now: Stand
    ) -> None:
        safe = self._durable()
        for name in before.facts.keys() - now.facts.keys():
            at = self.book.custody.get(name, set())
            hold(any(p <= safe for p in at), "7", f"{one.name} let {name} go")
        for name, (has, receipt) in before.blobs.items():
            if has and not now.blobs.get(name, (False, False))[0]:
                hold(
                    receipt or now.blobs[name][1], "36", f"{name} let go, not receipted"
                )
                hold(name in self.book.blobs, "36", f"{name} let go, not here")
                hold(self.book.blobs[name] <= safe, "7", f"{name} is not backed up")
        for has, receipt in now.blobs.values():
            hold(has or receipt, "36", f"{one.name}: a waiting original is gone")

    def _monotone(self, before: Stand, now: Stand) -> None:
        for name, (rev, epoch, _gone) in now.documents.items():
            old = before.documents.get(name)
            if old is not None and old[1] == epoch:
                hold(rev >= old[0], "13", f"{name} went back from {old[0]} to {rev}")

    def _receipts_are_true(self, one: "Tablet", now: Stand) -> None:
        """Whatever the tablet calls handed over, the server has, where it said."""
        for name, (epoch, position, said) in now.facts.items():
            if said and epoch == now.epoch and position is not None:
                held = self.book.custody.get(name, set())
                hold(
                    position in held,
                    "40",
                    f"{one.name} believes {name} at {position}, the server has {held}",
                )
        for name, (_has, receipt) in now.blobs.items():
            if receipt and name not in self.book.blobs:
                counted = self._blob_epoch(one, name) == now.epoch
                hold(not counted, "40", f"{one.name} believes {name[:8]} is received")

    def _blob_epoch(self, one: "Tablet", name: str) -> str | None:
        row = one.disks[0].db.execute(
            "SELECT epoch FROM blob WHERE sha256 = ?", (name,)
        )
        found = row.fetchone()
        return found[0] if found else None

    def _scope_is_here(self, one: "Tablet", now: Stand) -> None:
        """A complete pull equals the scope (11, 12, 14)."""
        here = {name for name, (_, _, gone) in now.documents.items() if not gone}
        due = self.book.scope(one.who)
        orders = {name for name in here if name.startswith("order:")}
        hold(orders >= due, "12", f"{one.name} lacks {sorted(due - orders)}")
        extra = {name for name in orders - due if now.documents[name][1] == now.epoch}
        hold(not extra, "15", f"{one.name} still has {sorted(extra)}")

    def died(self, one: "Tablet") -> None:
        """A tablet died in an exchange: it took home whole pages (18)."""
        before, now = self.before, self.stand(one)
        assert before is not None
        reached = [page for page in self.pages if page["cursor"] == now.cursor]
        if now.cursor == before.cursor:
            reached = reached or [{"documents": []}]
        hold(reached or now.cursor is None, "18", "a cursor that nobody handed out")
        for page in reached[-1:]:
            for held in page.get("documents", ()):
                rev = now.documents.get(held["stream"], (-1, "", False))[0]
                hold(rev >= held["rev"], "18", f"{held['stream']} is missing")
        hold(before.facts.keys() <= now.facts.keys() or self._durable(), "7",
             "facts are gone with the crash")  # fmt: skip

    def died_writing(self, one: "Tablet") -> None:
        """A fact is wholly there or wholly absent (F12); one that nobody was told of
        counts from now on."""
        outbox = one.disks[0].db
        rows = outbox.execute("SELECT id, b, x FROM fact").fetchall()
        fresh = [row for row in rows if row["id"] not in self.tellings]
        hold(len(fresh) <= 1, "1", f"{len(fresh)} facts of one act")
        for row in fresh:
            self._remember(one, row["id"], row["b"], json.loads(row["x"]), self.town.ms)
            for sha256 in self.tellings[row["id"]].blobs:
                found = outbox.execute(
                    "SELECT bytes FROM original JOIN blob USING (seq) WHERE sha256 = ?",
                    (sha256,)).fetchone()  # fmt: skip
                hold(found, "36", "a fact without its original")
                self.bytes[sha256] = found["bytes"]
        here = {row["id"] for row in rows}
        mine = {held.id for held in one.told} - here
        hold(all(self.book.custody.get(name) for name in mine), "1", "told, and gone")

    def looks(self, one: "Tablet") -> None:
        """Own facts are on the screen, whatever has arrived of them (20)."""
        hidden = one.flickers()
        hold(not hidden, "20", f"{one.name} does not show {hidden}")

    def pushed_again(self, old: Any, known: set[str]) -> None:
        """The same again changes nothing (3)."""
        facts = json.loads(gzip.decompress(old.body))["facts"]
        if {digest(held["b"]) for held in facts} <= known:
            hold(
                self.custody() == known, "3", "a repetition was taken for something new"
            )

    # asking what no tablet would

    def _door(self, one: "Tablet") -> Any:
        one.air.chances, one.air.dice = FAIR, Random(1)
        return one.door()

    def _walk(self, one: "Tablet", cursor: str | None, limit: int) -> Any:
        """Everything from here to the end; None if the server would not talk."""
        door, found = self._door(one), {}
        for _ in range(MOST_REQUESTS):
            query = f"limit={limit}" + (f"&cursor={cursor}" if cursor else "")
            try:
                page = door.ask_json("GET", f"/v1/sync/pull?{query}")
            except (Answered, NoAnswer):
                return None
            if page.get("reset") is not None:
                found = {}
            for held in page.get("documents", ()):
                found[held["stream"]] = held
            for gone in page.get("gone", ()):
                found.pop(gone["stream"], None)
            if page["complete"]:
                return found
            cursor = page["cursor"]
        raise Broken("17", f"no end after {MOST_REQUESTS} requests")

    def walks(self, one: "Tablet", luck: Random) -> None:
        """Any cursor ends in `complete`, and tells nothing that is not one's own."""
        others = [
            self.stand(self.town.tablet_named(n)).cursor for n in self.town.tablets
        ]
        real = luck.choice(others) or "AAAA"
        place = luck.randrange(len(real))
        broken = real[:place] + luck.choice("AZaz09_-") + real[place + 1 :]
        self._walk(
            one, luck.choice((real, broken, "x", real[:-3])), luck.choice((1, 5))
        )

    def takes_everything_home(self, one: "Tablet", luck: Random) -> None:
        """From nothing, in pages of any size: exactly the scope, as it is now."""
        found = self._walk(one, None, luck.choice((1, 2, 3, 100)))
        if found is None or one.client.who.device in self.book.revoked:
            return
        due = self.book.scope(one.who)
        orders = {name for name in found if name.startswith("order:")}
        hold(orders == due, "11", f"{sorted(orders ^ due)} too many or too few")

    def hands_in_bad_facts(self, one: "Tablet", luck: Random) -> None:
        """Among bad ones each good fact has its own outcome (5)."""
        rows = one.disks[0].db.execute(
            "SELECT id, b, x FROM fact WHERE receipt IS NULL ORDER BY seq LIMIT 5"
        )
        good = [{"b": row["b"], "x": json.loads(row["x"])} for row in rows]
        sample = good[0]["b"] if good else '{"v": 1}'
        bad = [{"b": text, "x": {}} for text in _bad_bodies(sample, luck)]
        for held in bad:
            self.injected[digest(held["b"])] = held["b"]
        batch = [*good, *bad]
        luck.shuffle(batch)
        text = json.dumps({"facts": batch, "signature": ""}).encode()
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        try:
            reply = self._door(one).ask(
                "POST", "/v1/sync/push", gzip.compress(text, mtime=0), headers
            )
        except (NoAnswer, Answered):
            return
        said = {
            held["id"]: held["outcome"] for held in json.loads(reply.body)["receipts"]
        }
        self.observe()
        for held in good:
            hold(said[digest(held["b"])] != "refused", "5", "a good fact was refused")
        for held in bad:
            hold(said[digest(held["b"])] in ("quarantined", "duplicate"), "5",
                 f"{held['b'][:60]} was taken for a fact")  # fmt: skip

    def speaks_of_strange_order(self, one: "Tablet", luck: Random) -> None:
        """What a stranger says is set aside, and tells him nothing."""
        mine = {stream for who, stream in self.ever if who == one.who}
        others = [name for name in self.town.streams if name not in mine]
        if not others:
            return
        stream = luck.choice(others)
        device = one.client.who.device
        body = json.dumps({
            "v": 1, "t": "visit.left", "tv": 1, "st": stream,
            "log": f"{device}.s{luck.getrandbits(40):010x}", "n": 1, "p": None,
            "e": self._epoch(), "bs": 0, "l": 1, "by": one.who,
            "at": {"w": self.town.ms, "z": 480}, "pl": {},
        }, separators=(",", ":"))  # fmt: skip
        self.injected[digest(body)] = body
        text = json.dumps({"facts": [{"b": body, "x": {}}], "signature": ""}).encode()
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        try:
            reply = self._door(one).ask(
                "POST", "/v1/sync/push", gzip.compress(text, mtime=0), headers
            )
        except (NoAnswer, Answered):
            return
        (said,) = json.loads(reply.body)["receipts"]
        hold(said["outcome"] == "quarantined", "16", f"a stranger's: {said}")

    def claims_falsely(self, one: "Tablet", luck: Random) -> None:
        """What a tablet says of another's log is worth nothing (22)."""
        other = luck.choice(sorted(self.numbers) or [f"{one.client.who.device}.x"])
        claim = {
            "log": other,
            "n": self.numbers.get(other, 0) + luck.randint(1, 50),
            "tip": digest(str(luck.random())),
            "at": {"w": 0, "z": 0},
            "unsent": 9,
        }
        if other.partition(".")[0] == one.client.who.device:
            return
        hello = {"claims": [claim], "client": "field/0.1.0", "protocol": 1}
        try:
            self._door(one).ask_json("POST", "/v1/sync/hello", hello)
        except (NoAnswer, Answered):
            return
        self._claims_are_true()

    def _claims_are_true(self) -> None:
        for log, n in self.server("SELECT log, max(n) FROM claim GROUP BY log"):
            hold(
                n <= self.numbers.get(log, 0),
                "22",
                f"{log} is said to have come to {n}",
            )


def _order_in(row: sqlite3.Row) -> dict[str, Any]:
    """The order in a document on a tablet, whichever way it is kept there."""
    if "text" in row.keys():  # noqa: SIM118 - a row's own `in` looks at its values
        order: dict[str, Any] = json.loads(row["text"])
        return order
    held: dict[str, Any] = json.loads(row["document"])
    return dict(held["order"])


def _common(value: str) -> bool:
    """Words that many facts share name nobody."""
    return not CANARY.search(value)


def _bad_bodies(sample: str, luck: Random) -> Iterable[str]:
    """Bodies that look nearly like facts."""
    mark = f"{luck.getrandbits(64):016x}"
    yield f"{{{mark}"
    yield sample[: luck.randrange(1, len(sample))] + mark
    yield sample[:-1] + f',"{mark}":1}}'
    yield sample[:-1] + ',"v":1}'
    yield sample.replace(
        '"tv":1', f'"tv":{luck.randint(2, 9)}', 1
    ) + " " * luck.randint(1, 99)
    yield '{"v":1,"n":1e5,"' + mark + '":0}'
    yield "[" * 40 + mark
