"""The order as it stands: what an order's facts add up to.

Only records in here; the one place where an order changes is `sync/fold.py`. Texts,
names, phones and places appear as commitments, never as values (S1): whoever may read
them is handed the values beside the document.
"""

import enum
import hashlib
from collections.abc import Mapping

from msgspec import field

from sync.envelope import BlobRef
from sync.moment import Moment
from sync.plain import Record, settle

MOST_FEN = 10**12  # on one line

# Our own name space for order ids (RFC 9562, version 5).
_NAMESPACE = bytes.fromhex("9b2f6c1e5d0a5e1b8f4c1a0d6e7b3c52")


def order_id(number: str) -> str:
    """The order's id, derived from its unified number (I1): importing again, also after
    a restore, finds the same order."""
    name = hashlib.sha1(_NAMESPACE + number.encode(), usedforsecurity=False)
    raw = bytearray(name.digest()[:16])
    raw[6] = (raw[6] & 0x0F) | 0x50
    raw[8] = (raw[8] & 0x3F) | 0x80
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def order_stream(number: str) -> str:
    """The stream that holds the facts of the order with this unified number."""
    return f"order:{order_id(number)}"


class Stage(enum.StrEnum):
    """Where the work stands. Whether the order is cancelled is a matter of its own."""

    UNKNOWN = "unknown"  # the request is not here, and no work is known of
    LOGGED = "logged"
    DISPATCHED = "dispatched"
    ON_SITE = "on_site"
    SURVEYED = "surveyed"
    AGREED = "agreed"
    COMPLETED = "completed"
    REWORK = "rework"
    UNSIGNED = "unsigned"  # shown to the owner, signature refused (A3)
    ACCEPTED = "accepted"


class Payer(enum.StrEnum):
    """Who bears an item's cost (L1)."""

    CONTRACTOR = "A"
    COMPANY = "B"
    OWNER = "paid"


class Request(Record, frozen=True, kw_only=True):
    """What was asked for, as the register has it (I1)."""

    number: str | None = None
    registered_ms: int
    registered_width_ms: int = 60_000  # the register notes minutes: an interval
    channel: str = ""
    sort: str = ""  # repair, complaint, enquiry, suggestion
    site: str = ""
    trade: str = ""
    priority: str = "normal"  # normal, urgent, emergency (P4a)
    private: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settle(self)


class Taking(Record, frozen=True, kw_only=True):
    """Whose request it is to see through, from then on (I2)."""

    person: str
    fact: str
    by: str
    moment: Moment
    repeats: str | None = None  # the order whose repair did not last (I5)


class Found(Record, frozen=True, kw_only=True):
    """Who came upon the fault and goes on with it, as long as it `stands`: the desk has
    neither asked for it nor given it to anybody."""

    fact: str
    by: str
    stands: bool = True


class Entry(Record, frozen=True, kw_only=True):
    """One fact in the order's history: who, when, from where, knowing what."""

    id: str
    kind: str
    by: str
    log: str
    n: int
    lamport: int
    basis: int
    position: int | None = None  # None while only its own tablet has it
    moment: Moment | None = None
    about: str = ""  # what it takes the place of when it is said again
    replaced_by: str = ""  # the fact that took its place: it counts no more

    def knew(self, other: "Entry") -> bool:
        """Had its author seen the other one? Never by a clock."""
        if other.log == self.log:
            return other.n < self.n
        return other.position is not None and other.position <= self.basis


class Assignment(Record, frozen=True, kw_only=True):
    technician: str
    helpers: tuple[str, ...] = ()
    fact: str = ""

    @property
    def people(self) -> frozenset[str]:
        """Everybody who is given the order, lead and helpers."""
        return frozenset((self.technician, *self.helpers))


class Cancellation(Record, frozen=True, kw_only=True):
    reason: str
    fact: str


class Closing(Record, frozen=True, kw_only=True):
    """Nothing more will happen (结案), unless the desk opens the order again."""

    reason: str
    fact: str


class Halt(Record, frozen=True, kw_only=True):
    """The order is put on hold (挂起): what is promised about it does not count on
    until the desk resumes it."""

    fact: str
    reason: str  # parts, owner, approval, weather, contractor, other
    until_ms: int | None = None  # when the desk expects it to go on
    moment: Moment
    resumed: Moment | None = None
    private: Mapping[str, str] = field(default_factory=dict)


class Appointment(Record, frozen=True, kw_only=True):
    """When somebody will come, as agreed with the owner (P3)."""

    fact: str
    by: str
    start_ms: int
    end_ms: int
    reason: str = ""  # why another time had to be found


class Departure(Record, frozen=True, kw_only=True):
    """Somebody set off for the home (出发)."""

    fact: str
    by: str
    moment: Moment


class Visit(Record, frozen=True, kw_only=True):
    """A trip to the home: one person's arrival, and what the door showed (V1, V2)."""

    fact: str
    by: str
    moment: Moment
    place: str | None = None  # commitment
    door: tuple[str, ...] = ()
    photo_consent: bool | None = None
    place_consent: bool | None = None
    start_consent: bool | None = None
    outcome: str | None = None  # nobody_home, turned_away
    left: Moment | None = None

    @property
    def under_way(self) -> bool:
        """Is this person still in the home, as far as anybody said?"""
        return self.left is None and self.outcome is None


class Item(Record, frozen=True, kw_only=True):
    """One thing to put right, who bears it, and whether the owner passed it (A1)."""

    item: int
    trade: str
    payer: Payer
    fact: str
    private: Mapping[str, str] = field(default_factory=dict)  # what, where, cause


class Survey(Record, frozen=True, kw_only=True):
    """What the technician found and offered (V3)."""

    fact: str
    cause: str
    method: str
    present: tuple[str, ...] = ()
    estimate_minutes: int = 0
    estimate_fen: int = 0
    promised_ms: int | None = None
    private: Mapping[str, str] = field(default_factory=dict)


class Countersignature(Record, frozen=True, kw_only=True):
    """Somebody else who was there put a hand to the survey (P5, A0)."""

    fact: str
    survey: str  # the fact that was signed
    role: str
    signature: str | None = None  # SHA-256 of the strokes
    private: Mapping[str, str] = field(default_factory=dict)


class MadeSafe(Record, frozen=True, kw_only=True):
    """Water, gas or current shut off before anything was priced or approved (P4a)."""

    fact: str
    by: str
    measures: tuple[str, ...]
    moment: Moment


class Hold(Record, frozen=True, kw_only=True):
    """Work that waits until its cost is approved (L4)."""

    fact: str
    estimate_fen: int
    limit_fen: int
    owner_told: bool
    released: str | None = None  # the desk's fact that approved it
    up_to_fen: int | None = None  # and how much it approved


class Agreement(Record, frozen=True, kw_only=True):
    """The owner's yes to the plan, or to a change of it (V3, V6)."""

    fact: str
    relation: str
    total_fen: int
    promised_ms: int | None = None
    reason: str | None = None  # why the plan changed
    private: Mapping[str, str] = field(default_factory=dict)


class Line(Record, frozen=True, kw_only=True):
    """One line of a bill: price times quantity, in fen (L3)."""

    code: str
    quantity: int
    price_fen: int
    item: int | None = None
    payer: Payer = Payer.OWNER

    @property
    def sane(self) -> bool:
        """Does it add up exactly in every language, with thousands of others? A line
        that takes an earlier one back has a negative quantity."""
        return self.price_fen >= 0 and abs(self.quantity * self.price_fen) <= MOST_FEN


class Quote(Record, frozen=True, kw_only=True):
    fact: str
    lines: tuple[Line, ...]
    price_list: str


class Photo(Record, frozen=True, kw_only=True):
    """A picture tied to its item and moment (V4); bytes may come later."""

    fact: str
    blob: BlobRef
    moment: str  # before, during, after, sheet, other
    item: int | None = None
    by: str = ""


class Part(Record, frozen=True, kw_only=True):
    """What was fitted, and for what price (V5)."""

    fact: str
    line: Line
    price_list: str
    private: Mapping[str, str] = field(default_factory=dict)


class WorkRecord(Record, frozen=True, kw_only=True):
    """Cause, remedy and hours for one item (V5)."""

    fact: str
    item: int
    cause: str
    remedy: str
    labour_minutes: int
    labour_fen: int
    private: Mapping[str, str] = field(default_factory=dict)


class TakenAway(Record, frozen=True, kw_only=True):
    """Something that left the home, until it is back (V3)."""

    fact: str
    receipt: str
    private: Mapping[str, str] = field(default_factory=dict)
    returned: str | None = None  # the fact that brought it back


class Inspection(Record, frozen=True, kw_only=True):
    """The owner's word on one item in one round (A1)."""

    fact: str
    item: int
    passed: bool
    reason: str | None = None
    private: Mapping[str, str] = field(default_factory=dict)


class Verdict(Record, frozen=True, kw_only=True):
    """How a round ended: what was shown, and who put a hand to it (A1–A3)."""

    fact: str
    answer: str  # accepted, rejected, signature_refused
    sheet: str  # SHA-256 of exactly the sheet that was shown
    covers: tuple[str, ...]  # tags of the facts that the sheet speaks of
    relation: str | None = None
    signature: str | None = None  # SHA-256 of the strokes
    reason: str | None = None
    responsible: str | None = None
    due_ms: int | None = None
    private: Mapping[str, str] = field(default_factory=dict)
    moment: Moment | None = None


class Round(Record, frozen=True, kw_only=True):
    """One inspection by the owner, with its own sheet and signature (A1)."""

    inspections: tuple[Inspection, ...] = ()
    verdicts: tuple[Verdict, ...] = ()  # more than one only if people disagreed


class Payment(Record, frozen=True, kw_only=True):
    """What the owner paid at the door, or will pay later (L6)."""

    fact: str
    amount_fen: int
    means: str  # cash, qr, later
    invoice: str = ""


class Rating(Record, frozen=True, kw_only=True):
    """How content the owner is with a round, from 1 to 5 (R2)."""

    fact: str
    round: int
    stars: int


class Beside(Record, frozen=True, kw_only=True):
    """Values that others stated about the same, not knowing of what the order shows: a
    person decides, by stating it once more."""

    survey: tuple[Survey, ...] = ()
    items: tuple[Item, ...] = ()
    quote: tuple[Quote, ...] = ()
    records: tuple[WorkRecord, ...] = ()
    photos: tuple[Photo, ...] = ()
    parts: tuple[Part, ...] = ()


NOTHING_BESIDE = Beside()


class Review(Record, frozen=True, kw_only=True):
    """Something that a person must look at; its id never changes (invariant 28)."""

    id: str
    code: str
    facts: tuple[str, ...]


class Remark(Record, frozen=True, kw_only=True):
    """A word of the desk about the order; what it says travels beside it."""

    fact: str
    by: str
    private: Mapping[str, str] = field(default_factory=dict)


class Resolution(Record, frozen=True, kw_only=True):
    """A person of the desk has looked at it; it is never opened again."""

    review: str  # its id
    reason: str
    fact: str
    private: Mapping[str, str] = field(default_factory=dict)


class Settlement(Record, frozen=True, kw_only=True):
    """What a person decided about a difference from the central service log (对账),
    and both sides as they were then."""

    fact: str
    by: str
    moment: Moment
    number: str
    code: str
    choice: str  # field, log, correct, waive
    reason: str
    private: Mapping[str, str] = field(default_factory=dict)
    register: str = ""
    field: str = ""
    other: str = ""
    undone: str = ""  # the fact that took it back


class Handling(Record, frozen=True, kw_only=True):
    """Who sees to a difference; nobody, if the person is empty."""

    fact: str
    number: str
    code: str
    person: str = ""


class Enquiry(Record, frozen=True, kw_only=True):
    """The owner was asked to confirm a sheet from a phone of their own."""

    fact: str
    by: str
    sheet: str
    moment: Moment


class Confirmation(Record, frozen=True, kw_only=True):
    """Whoever holds the owner's phone confirmed a sheet."""

    fact: str
    sheet: str
    asked: str  # the fact that asked
    means: str
    private: Mapping[str, str] = field(default_factory=dict)
    moment: Moment


class Mark(Record, frozen=True, kw_only=True):
    """How content the owner is, told through their own link (R2)."""

    fact: str
    stars: int
    chips: tuple[str, ...] = ()
    private: Mapping[str, str] = field(default_factory=dict)


class Complaint(Record, frozen=True, kw_only=True):
    """The owner complains about the work."""

    fact: str
    subject: str
    private: Mapping[str, str] = field(default_factory=dict)


class Dispute(Record, frozen=True, kw_only=True):
    """The owner disagrees with the acceptance on this sheet."""

    fact: str
    sheet: str
    reason: str
    private: Mapping[str, str] = field(default_factory=dict)


class Revocation(Record, frozen=True, kw_only=True):
    """The desk took the certificate of this sheet back."""

    fact: str
    sheet: str
    reason: str
    private: Mapping[str, str] = field(default_factory=dict)
    moment: Moment


class Seen(Record, frozen=True, kw_only=True):
    by: str
    fact: str
    basis: int
    moment: Moment


class Order(Record, frozen=True, kw_only=True):
    """Everything about one order."""

    stream: str = ""
    request: Request | None = None
    found: Found | None = None  # the request is a technician's own (现场加单)
    takings: tuple[Taking, ...] = ()  # the last one counts
    stage: Stage = Stage.UNKNOWN
    assignments: tuple[Assignment, ...] = ()
    cancelled: Cancellation | None = None
    closed: Closing | None = None
    merged_into: str | None = None  # the order that goes on in place of this one
    duplicates: tuple[str, ...] = ()  # orders that this one goes on for
    seen: tuple[Seen, ...] = ()
    halts: tuple[Halt, ...] = ()  # only the last one can be without an end
    reported: tuple[Photo, ...] = ()  # the owner's own pictures of the fault
    appointments: tuple[Appointment, ...] = ()  # the last one counts
    departures: tuple[Departure, ...] = ()
    visits: tuple[Visit, ...] = ()
    made_safe: tuple[MadeSafe, ...] = ()
    survey: Survey | None = None
    countersigned: tuple[Countersignature, ...] = ()
    items: tuple[Item, ...] = ()
    quote: Quote | None = None
    holds: tuple[Hold, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    photos: tuple[Photo, ...] = ()
    parts: tuple[Part, ...] = ()
    records: tuple[WorkRecord, ...] = ()
    taken_away: tuple[TakenAway, ...] = ()
    rounds: tuple[Round, ...] = ()
    payments: tuple[Payment, ...] = ()
    ratings: tuple[Rating, ...] = ()
    beside: Beside = NOTHING_BESIDE
    reviews: tuple[Review, ...] = ()  # what waits for a person
    resolved: tuple[Review, ...] = ()  # what a person has looked at
    resolutions: tuple[Resolution, ...] = ()
    remarks: tuple[Remark, ...] = ()
    asked: tuple[Enquiry, ...] = ()  # no answer is none, and never a yes
    confirmed: tuple[Confirmation, ...] = ()
    marks: tuple[Mark, ...] = ()  # the last one counts
    complaints: tuple[Complaint, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    revoked: tuple[Revocation, ...] = ()
    settlements: tuple[Settlement, ...] = ()  # of differences from the central log
    handlings: tuple[Handling, ...] = ()  # of one number and code the last one counts
    history: tuple[Entry, ...] = ()
    lamport: int = 0

    def __post_init__(self) -> None:
        if self.beside is not NOTHING_BESIDE:  # at every step of a fold
            settle(self)

    @property
    def assignment(self) -> Assignment | None:
        """To whom the order is given now."""
        return self.assignments[-1] if self.assignments else None

    @property
    def people(self) -> frozenset[str]:
        """Everybody whose order it is now: as the desk gave it, or whoever found it."""
        if self.assignment is None and self.found and self.found.stands:
            return frozenset({self.found.by})
        return self.assignment.people if self.assignment else frozenset()

    @property
    def owned_by(self) -> str | None:
        """Who at the desk sees the request through (首问责任人, I2)."""
        return self.takings[-1].person if self.takings else None

    @property
    def repeats(self) -> str | None:
        """The order whose repair did not last, as the desk last said (重复报修, I5)."""
        return next((one.repeats for one in self.takings[::-1] if one.repeats), None)

    @property
    def number(self) -> str | None:
        """The unified number, if the register gave one (I1)."""
        return self.request.number if self.request else None

    @property
    def rework_rounds(self) -> int:
        """How many rounds the owner sent back (返修)."""
        return sum(any(v.answer == "rejected" for v in r.verdicts) for r in self.rounds)

    @property
    def round_due(self) -> int:
        """The round of inspection that the work is in, from 1 (A1)."""
        last = self.rounds[-1].verdicts if self.rounds else ()
        over = any(verdict.answer == "rejected" for verdict in last)
        return max(1, len(self.rounds) + over)

    @property
    def open(self) -> bool:
        """Does anybody still have to go: neither cancelled nor closed?"""
        return self.cancelled is None and self.closed is None

    @property
    def held(self) -> bool:
        """Is it on hold (挂起)?"""
        return bool(self.halts) and self.halts[-1].resumed is None

    @property
    def on_the_way(self) -> tuple[Departure, ...]:
        """Who set off and has told nothing else about the order since, as long as
        anybody has to go."""
        if not self.departures or not self.open or self.stage is Stage.ACCEPTED:
            return ()
        told = {one.by: one for one in self.history if one.kind != "dispatch.seen"}
        newest = {one.id for one in told.values()}
        return tuple(one for one in self.departures if one.fact in newest)

    def entries(self) -> dict[str, Entry]:
        """Every fact's place in the history, by its id; to be asked for once and kept
        by whoever looks up many."""
        return {entry.id: entry for entry in self.history}
