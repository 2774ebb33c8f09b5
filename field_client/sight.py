"""An order as its technician sees it: the server's document with the tablet's own facts
on top, and the private values beside it.

May not enter: databases, clocks, screens.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from field_client.answers import read_document
from field_client.owed import Owned
from field_client.projection import Held
from sync.envelope import read
from sync.epochs import Lineage, basis_in
from sync.exchange import Outcome
from sync.facts import Fact, Kept, understand
from sync.fold import fold
from sync.order import Order
from sync.plain import typed
from sync.problems import Refused
from sync.settled import with_settled
from sync.timing import Anchor, assess, own_witness

NOWHERE_PARTED: Lineage = {}


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What is seen, and as of when: `rev` is the basis of what a person does next."""

    order: Order
    rev: int
    epoch: str
    values: Mapping[str, str] = field(default_factory=dict)  # by commitment
    held: frozenset[str] = frozenset()  # originals whose bytes the server has
    flaws: Mapping[str, str] = field(default_factory=dict)
    gone: str | None = None  # why the order is no longer this technician's

    def text(self, private: Mapping[str, str], name: str) -> str:
        """A private value by its name; empty if it was not given or is erased."""
        return self.values.get(private.get(name, ""), "")

    @property
    def name(self) -> str:
        """What people call the order."""
        return self.order.number or self.order.stream.removeprefix("order:")[:8]


def look(
    held: Held,
    own: Iterable[Owned],
    anchor: Callable[[str | None], Anchor | None],
    lineage: Lineage = NOWHERE_PARTED,
) -> Sight:
    """The document with the own facts that it does not include yet.

    `anchor` gives the contact behind a time token; `lineage` says how far the basis of
    a fact from another epoch counts beside this document (invariant 20). Refuses a
    document of a version that this tablet cannot read; nothing about it is lost.
    """
    try:
        document = read_document(held.document)
        order = typed(Order, dict(document.order))
    except Refused as why:
        raise Refused("document_unreadable", why=f"{why.code} {why.facts}") from None
    facts = list(own)
    included = {entry.id for entry in order.history}
    above = (one for one in facts if _is_above(one, held, included))
    fresh = [kept for one in above if (kept := _kept(one, anchor, held, lineage))]
    values = {name: pair[1] for name, pair in document.private.items()}
    values.update(_own_values(facts))
    folded = fold(fresh, onto=order) if fresh else order
    return Sight(
        order=with_settled(folded, held.gone.settled if held.gone else ()),
        rev=held.rev,
        epoch=held.epoch,
        values=values,
        held=frozenset(document.held),
        flaws=document.flaws,
        gone=held.gone.reason if held.gone else None,
    )


def _is_above(one: Owned, held: Held, included: set[str]) -> bool:
    """Whether the tablet still has to show this fact itself, so that nothing flickers
    between the receipt and the document that includes it."""
    if one.id in included:
        return False
    receipt = one.receipt
    if receipt is None or receipt.position is None or one.epoch != held.epoch:
        return True
    return receipt.outcome is Outcome.DEFERRED or receipt.position > held.rev


def _kept(
    one: Owned,
    anchor: Callable[[str | None], Anchor | None],
    held: Held,
    lineage: Lineage,
) -> Kept | None:
    """An own fact to be shown on top; None for one of a kind that only a newer version
    knows: it stays in the outbox and hides nothing else."""
    try:
        fact = understand(read(one.b))
    except Refused:
        return None
    witness = own_witness(anchor(fact.reading.token))
    said, basis = fact.head, None
    if lineage and said.epoch != held.epoch:
        basis = basis_in(held.epoch, said.epoch, said.basis, lineage)
    return Kept(fact=fact, moment=assess(fact.reading, witness), basis=basis)


def _own_values(facts: Iterable[Owned]) -> Mapping[str, str]:
    """Own private values by their commitments."""
    found: dict[str, str] = {}
    for one in facts:
        if one.x:
            promised = read(one.b).head.private
            found.update({promised[name]: pair[1] for name, pair in one.x.items()})
    return found


def describe(one: Owned) -> Fact:
    """What an own fact says."""
    return understand(read(one.b))
