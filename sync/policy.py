"""The company's numbers: prices, promises, door steps. Data, never constants in code.

A policy travels to the tablets as one JSON document named by its digest. May not
enter: what the numbers are used for.
"""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import field

from sync.calendar import DEFAULT as WORKING_DAYS
from sync.calendar import Calendar
from sync.choices import CHOICES, SHOTS
from sync.envelope import digest
from sync.escalation import DEFAULT as LADDER
from sync.escalation import Rung, rungs
from sync.facts.visit import DOOR_STEPS
from sync.plain import Record, fields, plain, settle
from sync.prices import PriceList
from sync.problems import Refused
from sync.promises import DEFAULT as PROMISES
from sync.promises import Policy as Promises
from sync.qualifications import DEMANDS
from sync.telling import Telling
from sync.tolerances import Tolerances
from sync.warranty import YEARS

MOST_DAYS = 365


class Policy(Record, frozen=True, kw_only=True):
    """What a project has decided; every field has a default."""

    price_lists: tuple[PriceList, ...] = ()
    promises: Promises = PROMISES
    calendar: Calendar = WORKING_DAYS
    door_steps: tuple[str, ...] = tuple(DOOR_STEPS)
    demanded_steps: tuple[str, ...] = ()  # V1: which single steps must be attested
    rework_days: int = 3
    escalation: tuple[Rung, ...] = LADDER  # who is told when a promise is in danger
    telling: Telling = Telling()
    duplicate_days: int = 7  # the same home and trade, still open: asked for twice
    repeat_days: int = 90  # the same after acceptance: a repeat repair (I5)
    demand_qualifications: str = "entered"  # when P2 is asked for: see DEMANDS
    # What a trade asks of its people; one that is not here: its own and safety (P2).
    certificates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warranty_years: Mapping[str, int] = field(default_factory=lambda: YEARS)  # L2
    tolerances: Tolerances = Tolerances()  # between the register and the field
    # How many working days a person has to decide about a difference of this severity.
    settle_days: Mapping[str, int] = field(
        default_factory=lambda: {"grave": 1, "serious": 3, "ordinary": 5}
    )
    approval_fen: int = 100_000  # above it the work waits for the desk (L4)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: CHOICES)
    shots: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: SHOTS)

    def __post_init__(self) -> None:
        settle(self)
        if self.demand_qualifications not in DEMANDS:
            raise Refused("policy_malformed", field="demand_qualifications")
        if not all(0 <= days <= MOST_DAYS for days in self.settle_days.values()):
            raise Refused("policy_malformed", field="settle_days")

    def ladder(self, code: str, priority: str | None) -> tuple[Rung, ...]:
        """Who is told of this promise, and when, lowest rung first."""
        return rungs(self.escalation, code, priority)


DEFAULT = Policy()


def whole(policy: Policy) -> dict[str, Any]:
    """Every part of the policy, also those that are as they ship."""
    return {one.name: plain(getattr(policy, one.name)) for one in fields(Policy)}


def as_text(policy: Policy) -> str:
    """The document as it travels."""
    return json.dumps(whole(policy), ensure_ascii=False, separators=(",", ":"))


def name_of(policy: Policy) -> str:
    """What a policy is called: the digest of its document."""
    return digest(as_text(policy).encode())
