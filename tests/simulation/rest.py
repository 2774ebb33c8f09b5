"""What must be true when everybody has come to rest.

Reads tables and documents as JSON; what the product works out itself (its own folding,
its own audit) is only compared with what it keeps. May not enter: making things happen.
"""

import base64
import hashlib
import json
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

from server.audit import findings
from server.board import kept_facts
from server.database import reading
from sync.fold import fold
from sync.plain import plain
from tests.simulation.auditor import Auditor, hold

if TYPE_CHECKING:
    from tests.simulation.town import Town

SKEW_MS = 1_001


def at_rest(town: "Town") -> None:
    """Every invariant that can be seen at the end."""
    book = town.audit
    book.observe()
    documents = {
        name: json.loads(text)
        for name, text in book.server(
            "SELECT id, document FROM stream WHERE id LIKE 'order:%'")
    }  # fmt: skip
    _custody(town, book)
    _board(town, book, documents)
    _tablets(town, book)
    _times(book, documents)
    _originals(town, book, documents)
    _private(book)
    book._claims_are_true()
    _sound(town, documents)


def _custody(town: "Town", book: Auditor) -> None:
    """Everything that anybody was told is safe, is here, once, byte for byte (1, 3)."""
    here = set(book.book.custody)
    missing = set(book.tellings) - here - book.lost
    hold(not missing, "1", f"lost: {[_named(book, one) for one in sorted(missing)]}")
    for name, one in sorted(town.tablets.items()):
        hold(one.owes == 0, "6", f"{name} still owes {one.owes}")
    rows = book.server("SELECT seq, id FROM fact UNION ALL SELECT seq, id FROM event"
                       " ORDER BY 1")  # fmt: skip
    seq = book.server("SELECT seq FROM head")[0][0]
    hold([n for n, _ in rows] == list(range(1, seq + 1)), "10", "positions have gaps")
    hold([tuple(r) for r in rows] == book.book.rows, "9", "an old position changed")
    raw = book.server("SELECT id, body FROM quarantine WHERE settled_ms IS NULL")
    bodies = dict(book.server("SELECT id, body FROM fact")) | dict(raw)
    for name, said in book.tellings.items():
        if name in bodies:
            hold(bodies[name] == said.body, "8", f"{name} holds other bytes")


def _named(book: Auditor, name: str) -> str:
    one = book.tellings[name]
    return f"{one.kind} {one.log}/{one.n} {name[:8]}"


def _board(town: "Town", book: Auditor, documents: dict[str, Any]) -> None:
    """Every fact is in its document once; decisions are the desk's alone (26, 27)."""
    by_stream: dict[str, set[str]] = {}
    for name, (_, stream, _, _) in book.book.facts.items():
        by_stream.setdefault(stream, set()).add(name)
    for stream, order in documents.items():
        listed = [entry["id"] for entry in order.get("history", ())]
        hold(len(listed) == len(set(listed)), "27", f"{stream}: a fact twice")
        hold(
            set(listed) == by_stream.get(stream, set()),
            "27",
            f"{stream}: {sorted(set(listed) ^ by_stream.get(stream, set()))}",
        )
        _decisions(book, stream, order)
        _reviews(book, stream, order)
        _answers(book, order)
        _causes(book, order)
        _presence(book, stream, order)
    for stream in by_stream.keys() - documents.keys():
        hold(not stream.startswith("order:"), "27", f"{stream} has no document")


def _decisions(book: Auditor, stream: str, order: dict[str, Any]) -> None:
    said = book.book.desk.get(stream, [])
    given = [tuple(sorted(people)) for what, people in said if what == "given"]
    kept = [
        tuple(sorted((one["technician"], *one.get("helpers", ()))))
        for one in order.get("assignments", ())
    ]
    hold(kept == given, "26", f"{stream} is given to {kept}, the desk said {given}")
    cancelled = any(what == "cancelled" for what, _ in said)
    hold(bool(order.get("cancelled")) == cancelled, "26", f"{stream}: cancelled or not")


def _reviews(book: Auditor, stream: str, order: dict[str, Any]) -> None:
    """A review is made of its code and its facts (28); a fork is seen (21)."""
    found = order.get("reviews", ())
    for one in found:
        key = one["code"], tuple(one["facts"])
        text = "\n".join((key[0], *key[1]))
        raw = hashlib.sha256(text.encode()).digest()
        name = base64.urlsafe_b64encode(raw).decode()[:16]
        hold(one["id"] == name, "28", f"{key} is called {one['id']}")
    hold(len({one["id"] for one in found}) == len(found), "28", "a review twice")
    places: dict[tuple[str, int], list[str]] = {}
    for entry in order.get("history", ()):
        places.setdefault((entry["log"], entry["n"]), []).append(entry["id"])
    forks = {tuple(one["facts"]) for one in found if one["code"] == "fork"}
    for names in places.values():
        if len(names) == 2:
            hold(tuple(sorted(names)) in forks, "21", f"{stream}: a fork is not seen")


def _answers(book: Auditor, order: dict[str, Any]) -> None:
    """The owner's word stays what it was, whatever came later (29)."""
    kept_words = {
        kept["fact"]
        for one in order.get("rounds", ())
        for kept in one.get("verdicts", ())
    }
    for entry in order.get("history", ()):
        if entry["kind"] in ("acceptance.accepted", "acceptance.rejected"):
            hold(entry["id"] in kept_words, "29", f"{entry['id']} is not in its round")
    for round_ in order.get("rounds", ()):
        for kept in round_.get("verdicts", ()):
            said = book.tellings.get(kept["fact"])
            if said is None:
                continue
            body = json.loads(said.body)
            hold((kept["sheet"], tuple(kept["covers"]))
                 == (body["pl"]["sheet"], tuple(body["pl"]["covers"])), "29",
                 "an acceptance was altered")  # fmt: skip
            strokes = [b["sha256"] for b in body["bl"] if b["role"] == "signature"]
            hold([kept.get("signature")] == strokes, "29", "other strokes")


def _causes(book: Auditor, order: dict[str, Any]) -> None:
    """What an author had on the screen comes before what the author did (4, 23)."""
    place = {entry["id"]: n for n, entry in enumerate(order.get("history", ()))}
    for name, n in place.items():
        said = book.tellings.get(name)
        for seen in said.seen if said else ():
            hold(place.get(seen, -1) < n, "4", f"{name} comes before what it knew")


def _presence(book: Auditor, stream: str, order: dict[str, Any]) -> None:
    """Who came although the order was another's meanwhile is put before a person; who
    came to an order of theirs is not (F16)."""
    found = [one for one in order.get("reviews", ()) if one["code"] == "not_assigned"]
    named = {fact for one in found for fact in one["facts"]}
    for entry in order.get("history", ()):
        said = book.tellings.get(entry["id"])
        if said is None or said.kind != "visit.arrived" or book.restored:
            continue
        if said.assigned is False:
            hold(
                said.id in named or order.get("cancelled"),
                "F16",
                f"{said.who} came to another's order, nobody is told",
            )
        if said.assigned and len(order.get("assignments", ())) == 1:
            hold(said.id not in named, "F16", f"{said.who} came and is accused")


def _tablets(town: "Town", book: Auditor) -> None:
    """Tablets show what the server has, and all of their own (12, 14, 20)."""
    server = dict(book.server("SELECT id, rev FROM stream"))
    for name in sorted(town.tablets):
        one = town.tablet_named(name)
        if one.client.who.device in book.book.revoked:
            continue
        held = book.stand(one).documents
        now = book.stand(one).epoch
        here = {
            stream
            for stream, (_, epoch, gone) in held.items()
            if not gone and epoch == now
        }
        orders = {stream for stream in here if stream.startswith("order:")}
        due = book.book.scope(one.who)
        hold(orders == due, "12", f"{name}: {sorted(orders ^ due)} too many or few")
        for stream in orders:
            hold(
                held[stream][0] == server[stream],
                "14",
                f"{name} has {stream} at {held[stream][0]}, not {server[stream]}",
            )
        book.looks(one)
        book.takes_everything_home(one, Random(f"{town.seed}/{name}"))


def _times(book: Auditor, documents: dict[str, Any]) -> None:
    """The truth lies between what is proven, and in every estimate of a clock that
    nobody moved (30, 31)."""
    for order in documents.values():
        for entry in order.get("history", ()):
            said, moment = book.tellings.get(entry["id"]), entry.get("moment")
            if said is None or moment is None or said.true_ms is None:
                continue
            _bracket(entry, moment, said.true_ms, honest=said.honest)


def _bracket(
    entry: dict[str, Any], moment: dict[str, Any], true_ms: int, *, honest: bool
) -> None:
    low, high = moment.get("not_before_ms"), moment.get("not_after_ms")
    first, last = moment.get("earliest_ms"), moment.get("latest_ms")
    name = f"{entry['kind']} {entry['log']}/{entry['n']}"
    hold(low is None or low <= true_ms, "31", f"{name}: {true_ms} before {low}")
    hold(high is None or true_ms <= high, "31", f"{name}: {true_ms} after {high}")
    hold(high is not None, "31", f"{name}: no end although it was received")
    hold(low is None or first is None or low <= first, "30", f"{name}: {low} > {first}")
    hold(last is None or last <= high, "30", f"{name}: {last} > {high}")
    if honest and first is not None and last is not None:
        hold(first <= true_ms <= last, "31", f"{name}: {true_ms} not in {first}–{last}")


def _originals(town: "Town", book: Auditor, documents: dict[str, Any]) -> None:
    """Bytes are here exactly if they have a receipt, and are what they are called; a
    photo whose fact and bytes are here is shown as received (33, 34)."""
    shelf = town.parts.shelf
    held = {row[0] for row in book.server("SELECT sha256 FROM blob")}
    for name in sorted(held):
        hold(shelf.has(name) and shelf.check(name), "33", f"{name} is not on the shelf")
    for name in book.book.custody.keys() & book.tellings.keys():
        for sha256 in book.tellings[name].blobs:
            here = sha256 in held or sha256 in book.lost_bytes
            hold(here, "34", f"{sha256} did not come")


def _private(book: Auditor) -> None:
    """Private values arrived as they were written (8)."""
    kept = {
        (stream, value)
        for stream, value in book.server("SELECT stream, value FROM private")
    }
    book.words_are_gone()
    for name in (book.book.facts.keys() & book.tellings.keys()) - book.book.erased:
        said = book.tellings[name]
        for _salt, value in said.private.values():
            hold((said.stream, value) in kept, "8", f"{name} lost its words")


def _sound(town: "Town", documents: dict[str, Any]) -> None:
    """The server's own audit finds nothing; folding in any sequence, or anew, gives the
    documents that are kept (23, 24)."""
    parts = town.parts
    found = [f"{one.code} {one.what}" for one in findings(parts.engine, parts.shelf)]
    hold(not found, "10", f"the audit finds {found}")
    hold(
        not parts.ledger.rebuild_board(), "24", "the board was not what facts add up to"
    )
    luck = Random(town.seed)
    with reading(parts.engine) as connection:
        for stream, order in documents.items():
            facts = kept_facts(connection, parts.keys, stream)
            luck.shuffle(facts)
            again = json.loads(json.dumps(plain(fold([*facts, *facts[:3]]))))
            hold(
                _bare(again) == _bare(order), "23", f"{stream} folds to something else"
            )


def _bare(value: Any) -> Any:
    """Without defaults, which a document may leave out."""
    if isinstance(value, dict):
        held = {key: _bare(one) for key, one in value.items()}
        return {k: v for k, v in held.items() if v not in (None, "", [], {}, False, 0)}
    return [_bare(one) for one in value] if isinstance(value, list) else value


def kinds(town: "Town") -> Counter[str]:
    """How often each kind was told."""
    return Counter(one.kind for one in town.audit.tellings.values())
