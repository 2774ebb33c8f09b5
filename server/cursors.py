"""Cursors: where a reader goes on. Opaque to others, and made by this server alone.

A cursor says in which epoch, for whom, how wide that reader sees, up to which position,
and what lay there (K1). Anything odd about it has a name, and the reader starts anew
(K6). May not enter: what lies behind a position.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from server.keys import Keys
from sync.access import EVERY, Grants, projects

FORMAT = 3  # 3: 2026-11, bytes instead of JSON, and where a first walk began
_MARK = 6  # bytes of a digest that stand for an epoch, a reader, an id
_PLACE = 6  # bytes of a position: 2^48 of them
_PARTS = (1, _MARK, _MARK, _MARK, _PLACE)
_LENGTHS = (sum(_PARTS), sum(_PARTS) + _PLACE)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads: what is given to them, and `reads` whole projects; in which of those
    they know the `owners`."""

    actor: str
    reads: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()

    @classmethod
    def of(cls, actor: str, grants: Grants) -> Self:
        """Whoever holds these."""
        reads = projects(grants, "order.read")
        owners = projects(grants, "owner.read") if reads else frozenset()
        return cls(actor=actor, reads=reads, owners=owners)

    @property
    def wide(self) -> bool:
        """Every order, whoever it was given to?"""
        return EVERY in self.reads

    @property
    def narrow(self) -> bool:
        """Nothing but what is given to them?"""
        return not self.reads

    @property
    def mark(self) -> str:
        """What a cursor is bound to: other grants open another world."""
        if self.narrow or self.reads == self.owners == {EVERY}:
            return f"{self.actor}\n{self.wide}"
        return "\n".join((self.actor, *sorted(self.reads), "", *sorted(self.owners)))


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a cursor says. Who began with nothing at position `since` needs no word of
    what had left by then."""

    at: int
    since: int
    tag: bytes
    era: bytes
    owner: bytes

    def odd(self, reader: Reader, epoch: str) -> str | None:
        """Why this reader may not go on from here in this epoch; None if nothing is
        odd."""
        if self.owner != _mark_of(reader):
            return "scope"
        return None if self.era == _mark(epoch) else "epoch"

    def saw(self, name: str) -> bool:
        """Did what has this id lie at its position?"""
        return self.tag == _mark(name)


class Cursors:
    """Makes cursors, and reads those that come back."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def made(self, reader: Reader, epoch: str, at: int, since: int, name: str) -> str:
        """The cursor at this position; `name` is the id of what lies there. A first
        walk that has come to where it began is like any other (`since` is left out)."""
        parts = [
            FORMAT.to_bytes(1, "big"), _mark(epoch), _mark_of(reader), _mark(name),
            at.to_bytes(_PLACE, "big"),
        ]  # fmt: skip
        if since > at:
            parts.append(since.to_bytes(_PLACE, "big"))
        return self._keys.sealed("cursor", b"".join(parts))

    def read(self, text: str) -> Held | None:
        """What it says; None if this server does not understand it."""
        data = self._keys.unsealed("cursor", text)
        if data is None or len(data) not in _LENGTHS or data[0] != FORMAT:
            return None
        _, era, owner, tag, at, since = _taken_apart(data)
        return Held(
            at=int.from_bytes(at, "big"), since=int.from_bytes(since, "big"),
            tag=tag, era=era, owner=owner,
        )  # fmt: skip


def _mark(text: str) -> bytes:
    return sha256(text.encode()).digest()[:_MARK]


def _mark_of(reader: Reader) -> bytes:
    return _mark(reader.mark)


def _taken_apart(data: bytes) -> list[bytes]:
    """Its parts, and what is left."""
    found, start = [], 0
    for length in _PARTS:
        found.append(data[start : start + length])
        start += length
    return [*found, data[start:]]
