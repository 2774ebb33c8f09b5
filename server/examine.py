"""Reading what a device hands in, before any transaction: understood, or set aside.

What cannot be understood, or may not be stated by this device, is kept as raw bytes
with its reason (quarantine). May not enter: the database.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import field

from sync.access import may_write
from sync.envelope import Envelope, fact_id, matches, read
from sync.facts import Fact, understand
from sync.plain import Record
from sync.problems import Refused


@dataclass(frozen=True, kw_only=True)
class Author:
    """A device that hands in facts, and the people who use it with their roles."""

    device: str
    people: Mapping[str, Collection[str]]
    revoked: bool = False


class Offer(Record, frozen=True, kw_only=True):
    """A fact as handed in: exact body, private values as they came."""

    body: str
    private: Mapping[str, Any] = field(default_factory=dict)

    @property
    def raw_private(self) -> str:
        """The private values as text, for keeping what nobody understood."""
        return json.dumps(self.private, ensure_ascii=True)

    @property
    def weight(self) -> int:
        """What keeping it as it is takes, in characters."""
        return len(self.body) + sum(len(str(held)) for held in self.private.values())


class Examined(Record, frozen=True, kw_only=True):
    """An offer, taken apart. `reason` says why it goes to quarantine, if it does."""

    id: str
    offer: Offer
    fact: Fact | None = None
    reason: str | None = None


def name_of(offer: Offer) -> str:
    """The id of what was offered, whatever it is."""
    try:
        return fact_id(offer.body)
    except UnicodeEncodeError:  # no bytes, so no name of its own either
        return fact_id(_escaped(offer.body))


def examine(offer: Offer, author: Author, name: str | None = None) -> Examined:
    """Take one offer apart; never fails, whatever it holds. `name`: its own, as
    `name_of` found it."""
    try:
        fact = understand(read(offer.body, name))
    except Refused as refusal:
        return aside(offer, refusal.code)
    reason = _objection(fact.envelope, offer, author)
    return Examined(id=fact.id, offer=offer, fact=fact, reason=reason)


def _objection(envelope: Envelope, offer: Offer, author: Author) -> str | None:
    head = envelope.head
    if author.revoked:
        return "device_revoked"
    if head.log.partition(".")[0] != author.device:
        return "not_your_log"
    if head.by not in author.people:
        return "not_your_name"
    if not may_write(author.people[head.by], envelope.kind):
        return "not_allowed"
    for name, held in offer.private.items():
        if not matches(name, held, head.private.get(name)):
            return "private_differs"
    return None


def aside(offer: Offer, reason: str) -> Examined:
    """What nobody can read. Text that no database can hold (a NUL, half a surrogate
    pair) is kept as the JSON string that it was handed in as."""
    kept = offer
    if _UNCLEAN.search(offer.body):
        kept = Offer(body=_escaped(offer.body), private=offer.private)
    return Examined(id=name_of(offer), offer=kept, reason=reason)


_UNCLEAN = re.compile("[\0\ud800-\udfff]")


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)
