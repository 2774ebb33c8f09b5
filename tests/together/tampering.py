"""Somebody with the database and the disk in hand, and what they may do to a book.

Each kind is one function: it is given a copy of a server's data folder and chance, does
its harm in SQL or on the disk, and says at which position it did (None: it has none).
Some are careful: they mend ids, leaves, subtrees and the tree behind them. None has the
server's keys. May not enter: looking for it.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from server.erasures import WHAT as ERASED
from server.erasures import Act, write_down
from sync.envelope import fact_id
from sync.heads import LogHead, event_leaf, fact_leaf, head_text
from sync.log import Frontier, grown
from sync.signing import public_jwk, push_text, sign

STRANGER = ec.derive_private_key(0x7717, ec.SECP256R1())


@dataclass
class Hand:
    """In a data folder, with a database open."""

    data: Path
    db: sqlite3.Connection
    dice: Random

    def all(self, query: str, *said: Any) -> list[Any]:
        return self.db.execute(query, said).fetchall()

    def one_of(self, query: str, *said: Any) -> Any:
        """One row, by chance."""
        return self.dice.choice(self.all(query, *said))

    def do(self, statement: str, *said: Any) -> None:
        self.db.execute(statement, said)

    def photo(self) -> tuple[Path, int]:
        """The file of one original that is still there, and where its receipt lies."""
        row = self.one_of(
            "SELECT sha256, seq FROM blob"
            " WHERE sha256 NOT IN (SELECT sha256 FROM erased_blob)"
        )
        (file,) = [one for one in (self.data / "blobs").rglob(row["sha256"])
                   if one.is_file()]  # fmt: skip
        return file, row["seq"]

    def mend_tree(self) -> None:
        """Everything that is worked out from the entries, as if they had been so."""
        facts = self.all("SELECT seq, body, received_ms FROM fact")
        leaves = {
            r["seq"]: fact_leaf(fact_id(r["body"]), r["received_ms"]) for r in facts
        }
        for r in self.all("SELECT * FROM event"):
            leaves[r["seq"]] = event_leaf(
                r["what"], r["id"], r["stream"], r["received_ms"]
            )
        seq = self.all("SELECT seq FROM head")[0]["seq"]
        row = [leaves.get(at, bytes(32)) for at in range(1, seq + 1)]
        tree, nodes = grown(Frontier(), row)
        self.do("DELETE FROM log_leaf")
        self.do("DELETE FROM log_node")
        self.do("INSERT INTO log_leaf VALUES (1, ?)", b"".join(row))
        for one in nodes:
            self.do("INSERT INTO log_node VALUES (?, ?, ?)", *one)
        self.do("UPDATE head SET peaks = ?", b"".join(tree.peaks).hex())


Kind = Callable[[Hand], int | None]


def _fact(hand: Hand) -> Any:
    return hand.one_of("SELECT * FROM fact")


def _rewritten(hand: Hand) -> tuple[int, str, str]:
    """A fact whose payload says something else, still readable."""
    row = _fact(hand)
    said = json.loads(row["body"])
    said["by"] = "wu" if said["by"] != "wu" else "zheng"
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return row["seq"], row["id"], body


def body_changed(hand: Hand) -> int | None:
    seq, _, body = _rewritten(hand)
    hand.do("UPDATE fact SET body = ? WHERE seq = ?", body, seq)
    return seq


def body_and_id_changed(hand: Hand) -> int | None:
    seq, _, body = _rewritten(hand)
    hand.do("UPDATE fact SET body = ?, id = ? WHERE seq = ?", body, fact_id(body), seq)
    return seq


def one_letter_changed(hand: Hand) -> int | None:
    row = _fact(hand)
    at = hand.dice.randrange(len(row["body"]))
    other = "x" if row["body"][at] != "x" else "y"
    body = row["body"][:at] + other + row["body"][at + 1 :]
    hand.do("UPDATE fact SET body = ? WHERE seq = ?", body, row["seq"])
    return int(row["seq"])


def history_rewritten(hand: Hand) -> int | None:
    """Body, id and everything in the tree: only a signed head still tells."""
    body_and_id_changed(hand)
    hand.mend_tree()
    return None


def history_and_heads_rewritten(hand: Hand) -> int | None:
    """And the heads in the book are gone too: those outside tell."""
    history_rewritten(hand)
    hand.do("DELETE FROM log_head")
    return None


def received_earlier(hand: Hand) -> int | None:
    row = _fact(hand)
    ms = row["received_ms"] - hand.dice.randrange(1, 3_600_000)
    hand.do("UPDATE fact SET received_ms = ? WHERE seq = ?", ms, row["seq"])
    return int(row["seq"])


def fact_deleted(hand: Hand) -> int | None:
    row = _fact(hand)
    hand.do("DELETE FROM fact WHERE seq = ?", row["seq"])
    return int(row["seq"])


def fact_deleted_and_moved_up(hand: Hand) -> int | None:
    """One is taken out, the rest moves up, counter and tree are mended."""
    row = _fact(hand)
    hand.do("DELETE FROM fact WHERE seq = ?", row["seq"])
    for table in ("fact", "event"):
        later = hand.all(
            f"SELECT seq FROM {table} WHERE seq > ? ORDER BY seq",
            row["seq"],
        )
        for one in later:
            hand.do(f"UPDATE {table} SET seq = seq - 1 WHERE seq = ?", one["seq"])
    hand.do("UPDATE head SET seq = seq - 1")
    hand.mend_tree()
    return None


def two_swapped(hand: Hand) -> int | None:
    a, b = hand.dice.sample(hand.all("SELECT seq FROM fact"), 2)
    low, high = sorted((a["seq"], b["seq"]))
    for old, new in ((low, -1), (high, low), (-1, high)):
        hand.do("UPDATE fact SET seq = ? WHERE seq = ?", new, old)
    return low


def event_swapped_with_a_fact(hand: Hand) -> int | None:
    a, b = hand.one_of("SELECT seq FROM fact"), hand.one_of("SELECT seq FROM event")
    low, high = a["seq"], b["seq"]
    hand.do("UPDATE fact SET seq = -1 WHERE seq = ?", low)
    hand.do("UPDATE event SET seq = ? WHERE seq = ?", low, high)
    hand.do("UPDATE fact SET seq = ? WHERE seq = -1", high)
    return min(low, high)


def event_deleted(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM event")
    first = _first_that_leans_on(hand, row)
    hand.do("DELETE FROM event WHERE seq = ?", row["seq"])
    return first


def _first_that_leans_on(hand: Hand, event: Any) -> int:
    """Without its erasure's event a photo that went has no ground any more."""
    photos = hand.all(
        "SELECT seq FROM blob WHERE sha256 IN (SELECT sha256 FROM erased_blob)"
    )
    gone = [int(one["seq"]) for one in photos] if event["what"] == ERASED else []
    return min([*gone, int(event["seq"])])


def event_changed(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM event")
    leans = _first_that_leans_on(hand, row)
    column, value = hand.dice.choice(
        [("received_ms", row["received_ms"] + 1), ("what", "order2"), ("id", "x")]
    )
    hand.do(f"UPDATE event SET {column} = ? WHERE seq = ?", value, row["seq"])
    return int(row["seq"]) if column == "received_ms" else leans


def tail_cut(hand: Hand) -> int | None:
    """The last entries are gone, and the counter and tree stand as if they had never
    come."""
    seq = hand.all("SELECT seq FROM head")[0]["seq"]
    newest = hand.all("SELECT max(size) AS s FROM log_head")[0]["s"]
    keep = newest - hand.dice.randrange(1, min(20, newest))
    assert keep < seq
    for table in ("fact", "event"):
        hand.do(f"DELETE FROM {table} WHERE seq > ?", keep)
    hand.do("UPDATE head SET seq = ?", keep)
    hand.mend_tree()
    return None


def entry_appended(hand: Hand) -> int | None:
    """An entry behind the last one; counter and tree are mended."""
    seq = hand.all("SELECT seq FROM head")[0]["seq"] + 1
    ms = hand.all("SELECT max(received_ms) AS ms FROM event")[0]["ms"]
    name = hand.one_of("SELECT id FROM stream")["id"]
    hand.do("INSERT INTO event (seq, what, stream, id, received_ms)"
            " VALUES (?, 'order', ?, ?, ?)", seq, name, name[:64], ms)  # fmt: skip
    hand.do("UPDATE head SET seq = ?", seq)
    hand.mend_tree()
    return int(seq)


def entry_appended_under_a_head(hand: Hand) -> int | None:
    """And a stranger's head stands over it."""
    seq = entry_appended(hand)
    row = hand.all("SELECT * FROM head")[0]
    raw = bytes.fromhex(row["peaks"])
    peaks = tuple(raw[at : at + 32] for at in range(0, len(raw), 32))
    last = dict(hand.all("SELECT * FROM log_head ORDER BY size DESC")[0])
    root = Frontier(row["seq"], peaks).root.hex()
    one = LogHead(**last | {"size": row["seq"], "root": root})
    values = last | {"size": one.size, "root": root,
                     "signature": sign(STRANGER, head_text(one))}  # fmt: skip
    hand.do(f"INSERT INTO log_head ({', '.join(values)})"
            f" VALUES ({', '.join('?' * len(values))})", *values.values())  # fmt: skip
    assert seq is not None
    return None


def call_moved(hand: Hand) -> int | None:
    """A tablet is said to have called at another time: earlier, so that its records are
    older than they can be shown to be."""
    row = hand.one_of("SELECT * FROM claim WHERE confirmed")
    ms = row["seen_ms"] - hand.dice.randrange(1_000, 3_600_000)
    hand.do("UPDATE claim SET seen_ms = ? WHERE log = ? AND n = ? AND tip = ?",
            ms, row["log"], row["n"], row["tip"])  # fmt: skip
    return None


def signed_by_a_stranger(hand: Hand) -> int | None:
    """A device's evidence is signed anew with another key."""
    row = hand.one_of("SELECT * FROM push_evidence")
    signature = sign(STRANGER, push_text(row["log"], row["root"]))
    hand.do("UPDATE push_evidence SET signature = ? WHERE log = ? AND root = ?",
            signature, row["log"], row["root"])  # fmt: skip
    return None


def device_key_swapped(hand: Hand) -> int | None:
    """And so is the key itself; not all that it ever signed can be signed anew."""
    row = hand.one_of(
        "SELECT id FROM device WHERE id IN"
        " (SELECT substr(log, 1, instr(log, '.') - 1) FROM push_evidence)"
    )
    jwk = json.dumps(public_jwk(STRANGER.public_key()))
    hand.do("UPDATE device SET key = ? WHERE id = ?", jwk, row["id"])
    return None


def evidence_deleted(hand: Hand) -> int | None:
    """What a device signed is gone, as if nobody had ever signed."""
    row = hand.one_of("SELECT * FROM push_evidence WHERE ids LIKE '%' || "
                      "(SELECT id FROM fact WHERE log NOT LIKE 'server.%'"
                      " AND instr(push_evidence.ids, id) LIMIT 1) || '%'")  # fmt: skip
    hand.do("DELETE FROM push_evidence WHERE instr(ids, ?)", json.loads(row["ids"])[0])
    return None


def evidence_called_wrong(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM push_evidence")
    hand.do("UPDATE push_evidence SET valid = NOT valid WHERE log = ? AND root = ?",
            row["log"], row["root"])  # fmt: skip
    return None


def head_signed_anew(hand: Hand) -> int | None:
    """A head in the book, signed with another key."""
    row = dict(hand.one_of("SELECT * FROM log_head"))
    one = LogHead(**row)
    hand.do("UPDATE log_head SET root = ?, signature = ? WHERE size = ?", "ab" * 32,
            sign(STRANGER, head_text(one)), row["size"])  # fmt: skip
    return None


def photo_swapped(hand: Hand) -> int | None:
    file, seq = hand.photo()
    data = hand.dice.randbytes(file.stat().st_size)
    file.chmod(0o600)
    file.write_bytes(data)
    return seq


def photo_flipped_one_bit(hand: Hand) -> int | None:
    file, seq = hand.photo()
    data = bytearray(file.read_bytes())
    data[hand.dice.randrange(len(data))] ^= 1 << hand.dice.randrange(8)
    file.chmod(0o600)
    file.write_bytes(data)
    return seq


def photo_deleted(hand: Hand) -> int | None:
    file, seq = hand.photo()
    file.unlink()
    return seq


def photo_cut(hand: Hand) -> int | None:
    file, seq = hand.photo()
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1])
    return seq


def photo_and_receipt_swapped(hand: Hand) -> int | None:
    """Other bytes under their true name, and every row says that name."""
    file, seq = hand.photo()
    data = hand.dice.randbytes(100)
    name = hashlib.sha256(data).hexdigest()
    (file.parent / name).write_bytes(data)
    hand.do("UPDATE blob SET sha256 = ?, bytes = 100 WHERE seq = ?", name, seq)
    return seq


def photo_said_to_be_erased(hand: Hand) -> int | None:
    file, seq = hand.photo()
    file.unlink()
    stream = hand.one_of("SELECT id FROM stream")["id"]
    hand.do("INSERT INTO erased_blob VALUES (?, ?, ?, ?)", file.name, stream, 1, "")
    return seq


def photo_said_to_be_erased_outside_too(hand: Hand) -> int | None:
    """And the list of erasures beside the data says so."""
    file, seq = hand.photo()
    file.unlink()
    stream = hand.one_of("SELECT id FROM stream")["id"]
    act = Act(stream=stream, erased_ms=1, reason="", blobs=(file.name,))
    write_down(hand.data, act)
    hand.do("INSERT INTO erased_blob VALUES (?, ?, ?, ?)", file.name, stream, 1, "")
    return seq


def photo_put_into_an_erasure(hand: Hand) -> int | None:
    """An erasure that really was is said to have meant this photo too."""
    file, seq = hand.photo()
    file.unlink()
    one = hand.one_of("SELECT * FROM erased_blob")
    hand.do("INSERT INTO erased_blob VALUES (?, ?, ?, ?)",
            file.name, one["stream"], one["erased_ms"], one["reason"])  # fmt: skip
    return seq


def word_put_into_an_erasure(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM private")
    one = hand.one_of("SELECT * FROM erased_blob")
    hand.do("DELETE FROM private WHERE commitment = ?", row["commitment"])
    hand.do("INSERT INTO erasure (stream, commitment, erased_ms, reason)"
            " VALUES (?, ?, ?, ?)", row["stream"], row["commitment"],
            one["erased_ms"], one["reason"])  # fmt: skip
    return None


def receipt_earlier(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM blob")
    hand.do(
        "UPDATE blob SET received_ms = received_ms - 1000 WHERE seq = ?", row["seq"]
    )
    return int(row["seq"])


def receipt_deleted(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM blob")
    hand.do("DELETE FROM blob WHERE seq = ?", row["seq"])
    return None


def document_changed(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM stream WHERE document LIKE '%li%'")
    document = row["document"].replace('"li"', '"wu"', 1)
    if document == row["document"]:
        document = document.replace("li", "wu", 1)
    hand.do("UPDATE stream SET document = ? WHERE id = ?", document, row["id"])
    return None


def stage_changed(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM stream")
    stage = "accepted" if row["stage"] != "accepted" else "logged"
    hand.do("UPDATE stream SET stage = ? WHERE id = ?", stage, row["id"])
    return None


def reader_let_in(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM stream")
    hand.do("INSERT INTO member VALUES ('spy', ?, ?, 'in', 'assigned', NULL)",
            row["id"], row["head"])  # fmt: skip
    return None


def word_changed(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM private")
    hand.do("UPDATE private SET value = value || '.' WHERE commitment = ?",
            row["commitment"])  # fmt: skip
    return None


def word_deleted(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM private")
    hand.do("DELETE FROM private WHERE commitment = ?", row["commitment"])
    return None


def quarantined_changed(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM quarantine")
    hand.do("UPDATE quarantine SET body = body || ' ' WHERE id = ?", row["id"])
    return int(row["seq"])


def quarantined_deleted(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM quarantine")
    hand.do("DELETE FROM quarantine WHERE id = ?", row["id"])
    return int(row["seq"])


def leaf_changed(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM log_leaf")
    raw = bytearray(row["hashes"])
    at = hand.dice.randrange(len(raw))
    raw[at] ^= 1
    hand.do("UPDATE log_leaf SET hashes = ? WHERE first = ?", bytes(raw), row["first"])
    return int(row["first"]) + at // 32


def peaks_changed(hand: Hand) -> int | None:
    peaks = hand.all("SELECT peaks FROM head")[0]["peaks"]
    other = ("0" if peaks[0] != "0" else "1") + peaks[1:]
    hand.do("UPDATE head SET peaks = ?", other)
    return None


def subtree_changed(hand: Hand) -> int | None:
    row = hand.one_of("SELECT * FROM log_node")
    hand.do("UPDATE log_node SET hash = ? WHERE level = ? AND at = ?",
            hand.dice.randbytes(32), row["level"], row["at"])  # fmt: skip
    return None


def restore_signed_anew(hand: Hand) -> int | None:
    """What a restore owned up to, signed with another key."""
    row = hand.one_of("SELECT * FROM epoch WHERE parent IS NOT NULL")
    hand.do("UPDATE epoch SET signature = ? WHERE id = ?",
            sign(STRANGER, row["id"].encode()), row["id"])  # fmt: skip
    return None


def fork_moved(hand: Hand) -> int | None:
    """A restore is said to have lost less, or more, than it did."""
    hand.do("UPDATE epoch SET fork_position = fork_position - 1"
            " WHERE parent IS NOT NULL")  # fmt: skip
    return None


KINDS: tuple[Kind, ...] = (
    body_changed, body_and_id_changed, one_letter_changed, history_rewritten,
    history_and_heads_rewritten, received_earlier, fact_deleted,
    fact_deleted_and_moved_up, two_swapped, event_swapped_with_a_fact, event_deleted,
    event_changed, tail_cut, signed_by_a_stranger, device_key_swapped,
    evidence_deleted, evidence_called_wrong, head_signed_anew, photo_swapped,
    photo_flipped_one_bit,
    photo_deleted, photo_cut, photo_and_receipt_swapped, photo_said_to_be_erased,
    receipt_earlier, receipt_deleted, document_changed, stage_changed, reader_let_in,
    word_changed, word_deleted, quarantined_changed, quarantined_deleted, leaf_changed,
    peaks_changed, subtree_changed, fork_moved, entry_appended,
    entry_appended_under_a_head, call_moved, photo_put_into_an_erasure,
    word_put_into_an_erasure, restore_signed_anew, photo_said_to_be_erased_outside_too,
)  # fmt: skip


def tamper(data: Path, number: int) -> tuple[Kind, int | None]:
    """The harm with this number: which it was, and where."""
    kind = KINDS[number % len(KINDS)]
    with closing(sqlite3.connect(data / "doorstep.db")) as db:
        db.row_factory = sqlite3.Row
        at = kind(Hand(data, db, Random(f"tampering {number}")))
        db.commit()
    return kind, at
