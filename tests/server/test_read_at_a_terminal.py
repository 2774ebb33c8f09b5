"""Whoever has the machine may read all at its terminal. What lists orders there says
nothing of an owner (S1); what says it notes who read it (S2)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sync.order import order_stream
from tests.server.signed import Job
from tests.server.test_forgotten_everywhere import ALONE, HERS, OWN, hers
from tests.server.test_privacy import NUMBER, PHONE, ZHAO, doorstep, job, world
from tests.world import World

__all__ = ["doorstep", "hers", "job", "world"]

Said = Callable[..., int]
JSON = ("", "--json")
LISTS = (
    "differences list", "differences list --state decided",
    "differences list --state gone", "notices list", "orders", "reviews",
    "reviews --resolved", "quarantine list", "incidents",
    "statement day 2026-11-10", "statement month 2026-11", "privacy waiting",
)  # fmt: skip


def readers(world: World, number: str = NUMBER) -> list[str]:
    """Who is known to have read what is the owner's of this order."""
    told = world.parts.traces.of_order(order_stream(number))
    return [one["person"] for one in told if one["action"] == "owner.read"]


def test_no_list_says_anything_of_an_owner(
    world: World, hers: Job, doorstep: Said, capfd: pytest.CaptureFixture[str]
):
    """Neither as a table nor as JSON; nor does a reader of lists leave a trace."""
    for listed in LISTS:
        for form in JSON:
            capfd.readouterr()
            assert doorstep(*f"{listed} {form}".split()) == 0, listed
            said = "".join(capfd.readouterr())
            assert [words for words in HERS if words in said] == [], listed
    assert readers(world) == []


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_who_shows_an_order_is_noted(
    world: World,
    job: Job,
    doorstep: Said,
    capfd: pytest.CaptureFixture[str],
    form: tuple[str, ...],
):
    assert doorstep("show", NUMBER, "--by", "sun", *form) == 0
    said = capfd.readouterr().out
    assert ZHAO in said and PHONE in said
    assert readers(world) == ["sun"]


def test_who_prints_a_certificate_is_noted(
    world: World, job: Job, doorstep: Said, tmp_path: Path
):
    file = str(tmp_path / "paper.pdf")
    assert doorstep("certificate", NUMBER, "-o", file, "--by", "sun") == 0
    assert readers(world) == ["sun"]


def test_who_reads_what_owners_report_is_noted(
    world: World, hers: Job, doorstep: Said, capfd: pytest.CaptureFixture[str]
):
    assert doorstep("owner", "reports", "--by", "sun") == 0
    assert OWN in capfd.readouterr().out
    assert readers(world) == ["sun"] and readers(world, ALONE) == []


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_why_a_notice_failed_is_told_without_the_telephone(
    job: Job,
    doorstep: Said,
    capfd: pytest.CaptureFixture[str],
    form: tuple[str, ...],
):
    """A gateway may have answered with it."""
    assert doorstep("notices", "list", *form) == 0
    said = capfd.readouterr().out
    assert "did not answer" in said and PHONE not in said
