"""Whom to send: the first difference that counts decides, and is said."""

import pytest

from sync.plain import but
from sync.qualifications import Lack
from sync.ranking import REASONS, Known, ranked, reasons

LI = Known(
    person="li", on_duty=True, open=1, today=1, distance_m=500, contact_minutes=5
)
NO_PAPER = Lack(code="certificate_missing", what="电气")


def codes(one: Known) -> list[str]:
    return [it.code for it in reasons(one)]


@pytest.mark.parametrize(
    "worse",
    [
        {"here": False}, {"lacks": (NO_PAPER,)}, {"trade_known": False},
        {"on_duty": False}, {"open": 2}, {"distance_m": 550}, {"distance_m": None},
        {"contact_minutes": 6}, {"contact_minutes": None}, {"person": "wang"},
    ],
)  # fmt: skip
def test_whoever_is_worse_in_one_thing_comes_later(worse: dict[str, object]):
    other = but(LI, **({"person": "a"} | worse))

    assert ranked([other, LI]) == [LI, other]


def test_a_missing_certificate_outweighs_everything():
    near = but(LI, person="a", lacks=(NO_PAPER,), open=0, knows_home=True, distance_m=0)

    assert ranked([near, but(LI, on_duty=False, open=9)])[-1] == near


def test_where_nobody_asks_for_certificates_none_is_missing():
    free = but(LI, checked=False, lacks=(NO_PAPER,), trade_known=False)

    assert free.qualified
    assert codes(free)[0] == "unchecked"


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"here": False}, "elsewhere"), ({"lacks": (NO_PAPER,)}, "certificate_missing"),
        ({"trade_known": False}, "trade_missing"),
        ({}, "qualified"),
        ({"expires_soon": True, "expires_day": "2025-12-31"}, "certificate_ends"),
        ({"leads": True}, "leads"), ({}, "on_duty"), ({"on_duty": False}, "off_duty"),
        ({}, "load"), ({"open": 0, "today": 0}, "idle"),
        ({"knows_home": True}, "knows_home"),
        ({}, "near"), ({"distance_m": None}, "place_unknown"),
        ({"contact_minutes": 30}, "contact"), ({"contact_minutes": 31}, "contact_old"),
        ({"contact_minutes": None}, "contact_never"),
    ],
)  # fmt: skip
def test_every_reason_is_said_where_it_holds(known: dict[str, object], code: str):
    assert code in codes(but(LI, **known))


def test_every_reason_has_its_sentence():
    said = list(reasons(but(LI, knows_home=True, lacks=(NO_PAPER,))))

    assert all(it.sentence == REASONS[it.code] for it in said)
