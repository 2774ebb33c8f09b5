"""Signed heads: how far the server's book has come, in words that it cannot take back.

Everything that takes a position (a fact, bytes that arrived, an epoch …) is one leaf of
one RFC 6962 tree; the leaf at index `position - 1` says what lies there and when it
came in. Whoever holds a head can later be shown that nothing up to there was changed,
removed or moved (X7, X8). The tree goes on through a change of epoch from the fork
position. May not enter: databases, where heads are kept, transport.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.envelope import SHA256_HEX
from sync.epochs import Lineage, shared
from sync.log import consistent, leaf_hash
from sync.plain import Record
from sync.problems import Refused
from sync.signing import read_jwk, thumbprint, verifies

FACT = "fact"  # what a leaf begins with that is a fact; all others are events
MOST_KEYS = 100  # in one line of keys
ANOTHER_HISTORY = "another_history"  # the code under which a tablet objects


class LogHead(Record, frozen=True, kw_only=True):
    """The server's word: at this time, in this epoch, its book had this many positions
    and this root (hex). `key`: the thumbprint of the key that signed it."""

    epoch: str
    size: int
    root: str
    at_ms: int
    key: str
    signature: str = ""


class KeyWord(Record, frozen=True, kw_only=True):
    """One key of the server in the sequence in which they were used, oldest first. A
    key that follows another carries two signatures over the same words: the one before
    it let it in, and it owns up to the one before."""

    key: Mapping[str, str]  # public JWK
    since_ms: int = 0
    before: str | None = None  # thumbprint of the key before
    signature: str = ""  # of the key before
    answer: str = ""  # of this key


def fact_leaf(name: str, received_ms: int) -> bytes:
    """The leaf of a fact; the name is the digest of its exact bytes."""
    return leaf_hash(f"{FACT}\n{name}\n{received_ms}".encode())


def event_leaf(what: str, name: str, stream: str | None, received_ms: int) -> bytes:
    """The leaf of anything else that took a position."""
    return leaf_hash(f"{what}\n{name}\n{stream or '-'}\n{received_ms}".encode())


def head_text(one: LogHead) -> bytes:
    """What the server signs as a head."""
    lines = ("doorstep head", one.epoch, one.size, one.root, one.at_ms, one.key)
    return "\n".join(map(str, lines)).encode()


def key_text(one: KeyWord) -> bytes:
    """What both keys sign when one follows the other."""
    name = thumbprint(dict(one.key))
    lines = ("doorstep key", name, one.before or "-", one.since_ms)
    return "\n".join(map(str, lines)).encode()


@dataclass(frozen=True)
class Trusted:
    """Keys of one server, by thumbprint."""

    keys: Mapping[str, Mapping[str, str]]

    def signed(self, key: str, text: bytes, signature: str) -> bool:
        """Did this key of theirs sign this text?"""
        jwk = self.keys.get(key)
        return jwk is not None and verifies(read_jwk(jwk), text, signature)

    def head(self, one: LogHead) -> bool:
        """Is it a head of this server?"""
        return self.signed(one.key, head_text(one), one.signature)


def line_of_keys(words: Iterable[KeyWord], known: str) -> Trusted:
    """The keys of a server of which one is known (its thumbprint), as far as an
    unbroken line of pairs of signatures leads from that one, to either side. What does
    not belong there is left out; no key at all if the known one is not in it."""
    line = list(words)[:MOST_KEYS]
    names = [_name_of(one) for one in line]
    if known not in names:
        return Trusted({})
    first = last = names.index(known)
    while first > 0 and _follows(line[first - 1], line[first]):
        first -= 1
    while last + 1 < len(line) and _follows(line[last], line[last + 1]):
        last += 1
    return Trusted({names[n]: line[n].key for n in range(first, last + 1)})


def _name_of(one: KeyWord) -> str:
    try:
        return thumbprint(dict(one.key))
    except KeyError:
        return ""


def _follows(before: KeyWord, after: KeyWord) -> bool:
    text = key_text(after)
    try:
        old, new = read_jwk(before.key), read_jwk(after.key)
    except Refused:
        return False
    return (
        after.before == _name_of(before)
        and verifies(old, text, after.signature)
        and verifies(new, text, after.answer)
    )


def hashes_in(path: Sequence[str]) -> list[bytes]:
    """A proof as it travels, in hex; one that is none proves nothing."""
    return [bytes.fromhex(one) if SHA256_HEX.fullmatch(one) else b"" for one in path]


def goes_on(old: LogHead, new: LogHead, path: Sequence[str], lineage: Lineage) -> bool:
    """Does the history under the new head begin with the one under the old?

    Where the old head lies beyond the fork of an epoch that the server owned up to
    (`epoch.opened`, signed), the two histories part, and everybody knows it.
    """
    if old.epoch != new.epoch and old.size > shared(old.epoch, new.epoch, lineage):
        return new.epoch in lineage
    roots = hashes_in([old.root, new.root])
    return consistent(old.size, roots[0], new.size, roots[1], hashes_in(path))
