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
from sync.facts.visit import DOOR_STEPS
from sync.plain import Record, fields, plain, settle
from sync.prices import PriceList
from sync.promises import DEFAULT as PROMISES
from sync.promises import Policy as Promises


class Policy(Record, frozen=True, kw_only=True):
    """What a project has decided; every field has a default."""

    price_lists: tuple[PriceList, ...] = ()
    promises: Promises = PROMISES
    calendar: Calendar = WORKING_DAYS
    door_steps: tuple[str, ...] = tuple(DOOR_STEPS)
    demanded_steps: tuple[str, ...] = ()  # V1: which single steps must be attested
    rework_days: int = 3
    approval_fen: int = 100_000  # above it the work waits for the desk (L4)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: CHOICES)
    shots: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: SHOTS)

    def __post_init__(self) -> None:
        settle(self)


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
