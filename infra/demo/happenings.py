"""What the demonstration is about: the shapes of what happens in a month.

Times are milliseconds UTC, money is fen. `technician` is an id ("li", "wang"); the
register writes names. May not enter: chance (it is drawn in `town`, `homes`, `lies`).
"""

from dataclasses import dataclass

from sync.register import RegisterRow


@dataclass(frozen=True)
class Technician:
    id: str
    name: str
    clock_off_ms: int = 0  # how far the tablet's wall clock is from the truth


@dataclass(frozen=True)
class Fitted:
    """A part fitted or labour done, from the price list of the day."""

    code: str
    name: str
    unit: str
    price_fen: int
    quantity: int

    @property
    def cost_fen(self) -> int:
        return self.price_fen * self.quantity


@dataclass(frozen=True)
class Photo:
    """A photo to take: of which item, when in the work (V4), the n-th of its kind."""

    item: str
    moment: str  # before, during, after
    n: int
    taken_ms: int
    round: int = 1


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing to repair, as the survey sheet says (V3, L1)."""

    ref: str
    place: str
    fault: str
    cause: str
    method: str
    payer: str  # A, B, paid
    minutes: int  # as told to the owner
    parts: tuple[Fitted, ...]
    labour: tuple[Fitted, ...]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One trip to the home (V1), all of it but its ends without a network."""

    set_off_ms: int
    offline_from_ms: int  # still on the way
    arrived_ms: int
    left_ms: int
    back_ms: int  # in coverage again
    nobody_home: bool = False
    door_ok: bool = True
    consent: bool = True  # to start, and to photos and place being recorded (V4a)


@dataclass(frozen=True)
class Result:
    """The owner's word on one item (A1)."""

    item: str
    passed: bool
    reason: str = ""


@dataclass(frozen=True)
class Signature:
    by: str
    relation: str  # owner, family, tenant (A0)
    at_ms: int


@dataclass(frozen=True)
class SignatureRefused:
    """The owner will not sign (A3). Never an acceptance."""

    reason: str
    witness: str
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class Round:
    """Work and inspection once through; a failed one leads to the next."""

    n: int
    begun_ms: int
    completed_ms: int
    inspected_ms: int
    results: tuple[Result, ...]
    signature: Signature | None = None
    signature_refused: SignatureRefused | None = None

    @property
    def passed(self) -> bool:
        return all(result.passed for result in self.results)


@dataclass(frozen=True)
class Reassigned:
    to: str
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class Home:
    """What really happens around one order. `incidents`: names from `homes.ROLES`."""

    number: str
    technician: str  # who stands at the door and does the work
    dispatched_ms: int
    pulled_ms: int  # the tablet learns of it
    surveyed_ms: int
    visits: tuple[Visit, ...]
    items: tuple[Item, ...]
    rounds: tuple[Round, ...]
    photos: tuple[Photo, ...]
    incidents: frozenset[str] = frozenset()
    reassigned: Reassigned | None = None
    cancelled_ms: int | None = None
    killed_photo: int | None = None  # the client dies while sending this one

    @property
    def arrived_ms(self) -> int:
        """First arrival, whether or not somebody opened: the promise is kept by it."""
        return self.visits[0].arrived_ms

    @property
    def material_fen(self) -> int:
        return sum(part.cost_fen for item in self.items for part in item.parts)

    @property
    def labour_fen(self) -> int:
        return sum(work.cost_fen for item in self.items for work in item.labour)

    @property
    def charged_fen(self) -> int:
        """What the owner pays: only paid items, by the price list."""
        return sum(
            fitted.cost_fen
            for item in self.items
            if item.payer == "paid"
            for fitted in item.parts + item.labour
        )

    @property
    def signed(self) -> bool:
        return self.rounds[-1].signature is not None

    @property
    def result(self) -> str | None:
        """The last word of the inspections; a pass is one that was signed (A3)."""
        last = self.rounds[-1]
        if not last.passed:
            return "fail"
        return "pass" if self.signed else None


@dataclass(frozen=True)
class Lie:
    """One thing the month-end register says differently, by its discrepancy code."""

    number: str
    code: str
    happened: str
    told: str
    also: tuple[str, ...] = ()  # what else does not fit then


@dataclass(frozen=True, kw_only=True)
class Truth:
    """A month: what was asked, what happened, what the register says at its end."""

    seed: int
    technicians: tuple[Technician, ...]
    opened: tuple[RegisterRow, ...]
    homes: tuple[Home, ...]
    closed: tuple[RegisterRow, ...]  # with the row that stands there twice
    lies: tuple[Lie, ...]

    @property
    def expected_differences(self) -> frozenset[tuple[str, str]]:
        """What reconciling the field's records with `closed` must find, no more."""
        return frozenset(
            (lie.number, code) for lie in self.lies for code in (lie.code, *lie.also)
        )
