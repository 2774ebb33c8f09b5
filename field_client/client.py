"""Write a fact, read an order, exchange once.

The one object that a screen or a script holds. It works without a network for every
order that was taken home; only `enrol` and the exchange know a server. May not enter:
screens, SQL, HTTP.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from field_client import keys
from field_client.bringing import bring_bundle
from field_client.clocks import DEVICE, Clocks
from field_client.contact import Exchanging, Report, Watch, quiet
from field_client.door import Door, enrol
from field_client.exchange import EVERYTHING, Stage, exchange_once
from field_client.heads import open_door
from field_client.owed import Enrolment, Place
from field_client.projection import Shown
from field_client.sight import Sight, look
from field_client.store import Store
from field_client.transport import Call, HttpCall
from sync.envelope import BlobRef, Head, committed
from sync.exchange import wait_ms
from sync.facts import Fact, What, write_fact
from sync.order import Order, order_stream
from sync.plain import typed
from sync.policy import Policy
from sync.prices import PriceList, list_in_force
from sync.problems import Refused
from sync.sheet import MEDIA_TYPE, draw_up, shown_hash

STROKES_TYPE = "application/vnd.doorstep.strokes+json"
MOST_PRIVATE_BYTES = 64 * 1024
NEEDED = ("price_lists", "demanded_steps", "rework_days")  # of the policy
Blob = tuple[bytes, str]  # bytes and media type
Check = Callable[[Sight], None]


def unchecked(sight: Sight) -> None:
    """Whatever is seen, the fact may be written."""


class Client:
    """One tablet folder. `call` reaches the server; without it, HTTP does."""

    def __init__(
        self,
        store: Store,
        clocks: Clocks = DEVICE,
        chance: keys.Chance = keys.CHANCE,
        call: Call | None = None,
    ) -> None:
        self.store = store
        self.clocks = clocks
        self.chance = chance
        self._call = call

    # who

    def enrol(self, code: str, server: str, name: str) -> Enrolment:
        """Become a known device. The key is on disk before anybody hears of it, so a
        lost answer is asked for again with the same code and the same key."""
        if self.store.outbox.enrolment() is not None:
            raise Refused("already_enrolled")
        key = keys.read_key(
            self.store.outbox.key(lambda: keys.key_text(keys.make_key()))
        )
        with self._reaching(server) as call:
            enrolment = enrol(call, server, code, key, name)
        self.store.outbox.enrol(enrolment, keys.new_log(enrolment.device, self.chance))
        return enrolment

    @property
    def who(self) -> Enrolment:
        """Who this tablet is."""
        if (enrolment := self.store.outbox.enrolment()) is None:
            raise Refused("not_enrolled")
        return enrolment

    @contextmanager
    def _reaching(self, server: str) -> Iterator[Call]:
        """The way to the server while it is needed."""
        if self._call is not None:
            yield self._call
            return
        with closing(HttpCall(server)) as call:
            yield call

    # reading

    def order(self, stream: str) -> Sight:
        """The order as it stands, own facts included."""
        if (held := self.store.projection.document(stream)) is None:
            raise Refused("order_unknown", name=stream)
        own = self.store.outbox.facts(stream)
        lineage = self.store.vouchers.epochs()
        return look(held, own, self.store.projection.anchor, lineage)

    def streams(self) -> Iterator[str]:
        """Every order that was taken home."""
        return (held.stream for held in self.store.projection.documents())

    def find(self, name: str) -> str:
        """The stream of the order with this unified number, or the only one whose
        number or id ends in it."""
        wanted = name.strip().upper()
        if self.store.projection.document(order_stream(wanted)):
            return order_stream(wanted)
        found = [
            held.stream
            for held in self.store.projection.documents()
            if any(known.upper().endswith(wanted) for known in _names(held.document))
        ]
        if len(found) > 1:
            raise Refused("order_ambiguous", name=name, count=len(found))
        if not found or not wanted:
            raise Refused("order_unknown", name=name)
        return found[0]

    @property
    def policy(self) -> Policy:
        """The policy that was taken home last, as far as a visit needs it; what ships
        before the first contact."""
        held = (self.store.projection.note("policy") or {}).get("policy", {})
        return typed(Policy, {name: held[name] for name in NEEDED if name in held})

    def price_list(self) -> PriceList:
        """The list that this tablet holds and that is in force (L3)."""
        found = list_in_force(self.policy.price_lists, self.clocks.wall_ms())
        if found is None:
            raise Refused("no_price_list")
        return found

    # writing

    def tell(
        self,
        stream: str,
        what: What,
        private: Mapping[str, str] | None = None,
        blobs: Mapping[str, Blob] | None = None,
        *,
        check: Check = unchecked,
        shown: Shown | None = None,
    ) -> Fact:
        """Write down what happened; it is on disk when this returns.

        `check` may refuse, looking at the order in the very transaction that keeps the
        fact. The basis is the document that is seen now, or the one that stood behind
        the sheet `shown`.
        """
        who, reading = self.who, self._reading()
        values = keys.salted(_bounded(private or {}), self.chance)
        refs = tuple(_ref(role, blob) for role, blob in (blobs or {}).items())

        def make(place: Place) -> tuple[Fact, Any, Mapping[str, bytes]]:
            sight = self.order(stream)
            check(sight)
            head = Head(
                stream=stream,
                log=place.log,
                n=place.n,
                prev=place.prev,
                epoch=shown.epoch if shown else sight.epoch,
                basis=shown.rev if shown else sight.rev,
                lamport=sight.order.lamport + 1,
                by=who.actor,
                at=reading,
                private=committed(values),
                blobs=refs,
            )
            fact = write_fact(what, head)
            return fact, values, {role: blob[0] for role, blob in (blobs or {}).items()}

        return self.store.outbox.write(make)

    def _reading(self) -> Mapping[str, int | str]:
        contact = self.store.projection.contact()
        if contact is None:
            return self.clocks.reading().wire()
        return self.clocks.reading(contact.anchor, contact.token).wire()

    # the sheet

    def show_sheet(self, stream: str, language: str, consent: str) -> Shown:
        """Draw up the sheet of the round that is due, and keep it as the one shown."""
        sight = self.order(stream)
        number = round_due(sight.order)
        shown = Shown(
            stream=stream,
            round=number,
            rev=sight.rev,
            epoch=sight.epoch,
            lamport=sight.order.lamport,
            sheet=draw_up(
                sight.order, number, language, consent, self.policy.price_lists
            ),
        )
        self.store.projection.keep_shown(shown)
        return shown

    def shown(self, stream: str) -> Shown:
        """The sheet on the screen."""
        if (shown := self.store.projection.shown(stream)) is None:
            raise Refused("sheet_not_shown")
        return shown

    def tell_on_sheet(
        self,
        shown: Shown,
        what: What,
        private: Mapping[str, str],
        strokes: bytes | None,
        check: Check = unchecked,
    ) -> Fact:
        """The owner's word on exactly the sheet that was shown (A2); refused if drawing
        it up now gives anything else."""
        lists = self.policy.price_lists

        def unchanged(sight: Sight) -> None:
            if _drawn_again(shown, sight.order, lists) != shown.sheet:
                raise Refused(
                    "sheet_changed", shown=shown_hash(shown.sheet)[:8].upper()
                )
            check(sight)

        blobs = {"sheet": (shown.sheet, MEDIA_TYPE)}
        if strokes is not None:
            blobs["signature"] = (strokes, STROKES_TYPE)
        return self.tell(
            shown.stream, what, private, blobs, check=unchanged, shown=shown
        )

    # the exchange

    def exchange_once(
        self,
        stages: tuple[Stage, ...] = EVERYTHING,
        *,
        again: bool = False,
        watch: Watch = quiet,
    ) -> Report:
        """Hello, then each stage as far as it gets; what fails stays for next time.

        `again`: people ask for what lies on a shelf or was refused to be tried anew.
        """
        who = self.who
        key = keys.read_key(self.store.outbox.key(_no_key))
        with self.store.exchanging(), self._reaching(who.server) as call:
            door = open_door(self.store, Door(call, who, key))
            exchange = Exchanging(self.store, door, self.clocks, watch, self.chance)
            return exchange_once(exchange, stages, again=again)

    def bring_bundle(self, path: Path) -> Mapping[str, Any]:
        """Hand a colleague's rescue bundle to the server; what became of it."""
        who = self.who
        key = keys.read_key(self.store.outbox.key(_no_key))
        with self.store.exchanging(), self._reaching(who.server) as call:
            door = open_door(self.store, Door(call, who, key))
            exchange = Exchanging(self.store, door, self.clocks, chance=self.chance)
            return bring_bundle(exchange, path)

    def wait_ms(self, failures: int, report: Report | None) -> int:
        """How long to wait before the next exchange (F25, F27)."""
        asked = report.retry_after_ms if report else None
        if failures == 0 and report is not None:
            return max(report.poll_ms, asked or 0)
        return wait_ms(failures, keys.share(self.chance), asked)


def _drawn_again(shown: Shown, order: Order, lists: Sequence[PriceList]) -> bytes:
    """The sheet as it would be shown now, in the same words."""
    said = json.loads(shown.sheet)
    language, consent = said["language"], said["consent"]
    return draw_up(order, round_due(order), language, consent, lists)


def _bounded(private: Mapping[str, str]) -> Mapping[str, str]:
    """Private values that fit into a push beside their body."""
    if sum(len(text.encode()) for text in private.values()) > MOST_PRIVATE_BYTES:
        raise Refused("words_too_long", limit=MOST_PRIVATE_BYTES)
    return private


def round_due(order: Order) -> int:
    """The round that the next sheet belongs to: a new one after a refusal to accept."""
    done = len(order.rounds)
    sent_back = done > 0 and any(
        verdict.answer == "rejected" for verdict in order.rounds[-1].verdicts
    )
    return max(1, done + sent_back)


def _names(document: Mapping[str, Any]) -> tuple[str, str]:
    request = document.get("order", {}).get("request") or {}
    return str(request.get("number") or ""), str(document.get("stream", ""))


def _ref(role: str, blob: Blob) -> BlobRef:
    data, media_type = blob
    return BlobRef(
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        type=media_type,
        role=role,
    )


def _no_key() -> str:
    raise Refused("not_enrolled")
