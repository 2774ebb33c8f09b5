"""Every kind of fact, one module for each part of an order's life.

KINDS is the one list: the wire, the fold and the property tests over all kinds read it.
What a device states about itself is in DEVICE_KINDS, what the office states about a
day or a month in OFFICE_KINDS; no order holds either.
May not enter: how facts are stored, sent or shown.
"""

from sync.envelope import Envelope, Head, fact_id, read, write
from sync.facts.acceptance import Accepted, Inspected, Rejected, SignatureRefused
from sync.facts.afterwards import Paid, Rated
from sync.facts.approval import Approved, Held
from sync.facts.device import ErasureDone, PurgeDone
from sync.facts.dispatch import (
    Cancelled,
    Closed,
    Commented,
    Dispatched,
    OrderSeen,
    PutOnHold,
    Reopened,
    Resumed,
    ReviewResolved,
)
from sync.facts.intake import (
    Amended,
    DuplicateFound,
    FoundOnSite,
    Logged,
    Merged,
    Pictured,
    Taken,
)
from sync.facts.owner import (
    CertificateRevoked,
    OwnerAsked,
    OwnerComplained,
    OwnerConfirmed,
    OwnerDisputed,
    OwnerRated,
)
from sync.facts.reconciling import (
    DifferenceSettled,
    DifferenceTaken,
    SettlementUndone,
)
from sync.facts.statement import StatementClosed, StatementReopened
from sync.facts.survey import (
    Countersigned,
    ItemFound,
    PlanAgreed,
    PlanChanged,
    Quoted,
    Surveyed,
    ThingReturned,
    ThingTakenAway,
)
from sync.facts.visit import (
    Appointed,
    Arrived,
    DoorProtocol,
    Left,
    NobodyHome,
    Placed,
    SetOff,
    TurnedAway,
)
from sync.facts.what import Fact, Kept, What
from sync.facts.work import (
    Completed,
    PartUsed,
    Photographed,
    Recorded,
    Retracted,
    SafeMade,
)
from sync.plain import plain, typed
from sync.problems import Refused
from sync.reading import Reading

__all__ = [
    "DEVICE_KINDS",
    "KINDS",
    "OFFICE_KINDS",
    "Fact",
    "Kept",
    "What",
    "fact_id",
    "understand",
    "write_fact",
]

KINDS: dict[str, type[What]] = {
    one.kind: one
    for one in (
        Logged, Amended, Taken, FoundOnSite, Pictured, Merged, DuplicateFound,
        Dispatched, Cancelled, Closed, Reopened, PutOnHold, Resumed,
        Commented, Approved, ReviewResolved, OrderSeen,
        DifferenceSettled, SettlementUndone, DifferenceTaken,
        Appointed, SetOff, Arrived, Placed, DoorProtocol, NobodyHome, TurnedAway, Left,
        SafeMade, Surveyed, Countersigned, ItemFound,
        Quoted, Held, PlanAgreed, PlanChanged, ThingTakenAway, ThingReturned,
        Photographed, PartUsed, Recorded, Retracted, Completed,
        Inspected, Accepted, Rejected, SignatureRefused, Paid, Rated,
        CertificateRevoked, OwnerAsked, OwnerConfirmed, OwnerRated, OwnerComplained,
        OwnerDisputed,
    )
}  # fmt: skip


DEVICE_KINDS: dict[str, type[What]] = {
    one.kind: one for one in (PurgeDone, ErasureDone)
}

# No tablet knows or writes these.
OFFICE_KINDS: dict[str, type[What]] = {
    one.kind: one for one in (StatementClosed, StatementReopened)
}


_ALL = (KINDS, DEVICE_KINDS, OFFICE_KINDS)


def understand(envelope: Envelope) -> Fact:
    """The fact in an envelope. Refused (and then quarantined by whoever keeps it) if
    this version does not know the kind or the payload does not fit it."""
    kind = next(
        (of[envelope.kind] for of in _ALL if envelope.kind in of), None
    )  # fmt: skip
    if kind is None or envelope.kind_version != kind.version:
        raise Refused("kind_unknown", kind=envelope.kind, version=envelope.kind_version)
    if not _belongs(envelope):
        raise Refused("field_misshapen", field="st")
    if surplus := envelope.head.private.keys() - set(kind.private):
        raise Refused("field_unknown", field=min(surplus))
    roles = [blob.role for blob in envelope.head.blobs]
    if surplus := set(roles).difference(kind.blobs):
        raise Refused("field_unknown", field=min(surplus))
    if len(set(roles)) < len(roles):
        raise Refused("field_misshapen", field="bl")  # the second would never be seen
    what = typed(kind, envelope.payload)
    if misfit := what.misfit():
        raise Refused("field_misshapen", field=misfit)
    return Fact(
        id=envelope.id, head=envelope.head, envelope=envelope, what=what,
        reading=Reading.parse(envelope.head.at),
    )  # fmt: skip


def _belongs(envelope: Envelope) -> bool:
    """Does it lie in a stream of its sort? A device speaks of itself alone, the office
    through the server."""
    sort, _, name = envelope.head.stream.partition(":")
    if envelope.kind in OFFICE_KINDS:
        return sort == "statement" and envelope.head.log.startswith("server.")
    if envelope.kind in DEVICE_KINDS:
        return sort == "device" and envelope.head.log.startswith(f"{name}.")
    return sort == "order"


def write_fact(what: What, head: Head) -> Fact:
    """A new fact; refuses what could not be read again."""
    return understand(read(write(what.kind, what.version, head, plain(what))))
