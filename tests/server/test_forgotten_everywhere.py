"""What the desk, the owner's own page and the central log know of her goes too, and a
restore from before brings none of it back; what was counted and signed stays (S1)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from server import intake
from server.central import passes
from server.central.settling import By, Made, settle
from server.central_tables import difference
from server.commands.kit import NOT_FOUND
from server.database import open_engine, reading
from server.erasures import erase_again
from server.register import read_register
from server.statements import closing
from server.witness import Witness
from sync.access import EVERY
from sync.order import order_stream
from sync.register import read_rows
from tests.server.signed import HOME, Job
from tests.server.test_erasure import traces
from tests.server.test_owner_page import confirming, says
from tests.server.test_privacy import (
    NUMBER,
    PHONE,
    ZHAO,
    bring,
    doorstep,
    elsewhere,
    erase,
    found,
    job,
    world,
)
from tests.server.vaults import rows_in, rows_of
from tests.world import World

__all__ = ["doorstep", "job", "world"]

OWN = "孩子在睡觉请轻一点"  # her own words, on her own page
HERS = (ZHAO, PHONE, HOME["fault"], OWN)
ALONE = "R2611-0900"  # hers too; the central log alone knows of it
HEAD = "统一编号,登记时间,项目,房号,业主姓名,联系电话,报修内容\n"
DAY, MINUTE = 24 * 60, 60_000
SAID = f"{ZHAO}（{PHONE}）来电"  # by the desk
Said = Callable[..., int]


@pytest.fixture
def hers(world: World, job: Job) -> Job:
    """She spoke on her own page; the desk wrote of her wherever it may."""
    _on_her_page(job)
    _in_the_central_log(world)
    _decided(world)
    _closed(world)
    return job


def _on_her_page(job: Job) -> None:
    """She types a wrong code, rates, complains of the work and of Li, and disputes."""
    notices, ms = job.world.parts.notices, job.world.ms
    notices.targets.add("sms", "短信", "*", "zhou", ms)
    notices.look()
    confirming(job).ask(job.stream, "chen", ms)
    says(job, do="confirm", code="00000000")
    words = f"{OWN}，{ZHAO}，{PHONE}"
    says(job, do="rate", stars="2", words=words)
    for subject in ("person", "quality"):
        says(job, do="complain", subject=subject, words=words)
    says(job, do="dispute", reason="not_fixed", words=words)
    notices.look()
    job.world.later(2)
    notices.send()


def _in_the_central_log(world: World) -> None:
    """Her row, and one of which nobody here has an order."""
    lines = [f"{number},2026-11-02 09:02,东苑,1702,{ZHAO},{PHONE},{HOME['fault']}"
             for number in (NUMBER, ALONE)]  # fmt: skip
    bring(world, HEAD + "\n".join(lines) + "\n")
    list(passes.reconcile(world.parts.engine, world.parts.policy, world.ms))


def _decided(world: World) -> None:
    """Chen decides all differences: of her order, of the other number, of a row that
    cannot be read."""
    parts = world.parts
    with reading(parts.engine) as connection:
        names = connection.execute(select(difference.c.id)).scalars().all()
    who = By(person="chen", now_ms=world.ms, projects={EVERY}, may=lambda _row: True)
    made = Made(choice="waive", reason="unknowable", words=SAID)
    for name in names:
        settle(parts.ledger, parts.engine, [name], made, who, lambda *_: None)


def _closed(world: World) -> None:
    """Xu closes the day, opens it and closes it again, each time with words of her."""
    day = day_of(world)
    world.later(DAY)
    _closes(world, day)
    closing.reopen(world.parts, day, "", words=SAID, by="xu")
    _closes(world, day)


def _closes(world: World, day: str) -> None:
    seen = closing.account(world.parts, day, "")
    reasons = {one.name: SAID for one in seen.now.open}
    assert reasons
    closing.close(world.parts, day, "", seen=seen.digest, reasons=reasons, by="xu")


def day_of(world: World) -> str:
    return world.parts.policy.calendar.day_name(world.ms)


def erase_her(doorstep: Said) -> int:
    """Everything of hers, by her telephone."""
    return doorstep("privacy", "erase", "--owner", PHONE, "--reason", "no. 7",
                    "--apply")  # fmt: skip


def left(world: World) -> dict[str, list[str]]:
    """Where anything of hers still lies."""
    every = {words: found(world, words) for words in HERS}
    return {words: places for words, places in every.items() if places}


def codes(world: World) -> list[str]:
    """What does not hold of the book, its tree, its heads and what was erased."""
    parts, data = world.parts, world.config.data
    parts.heads.keep(data, world.ms)
    witness = Witness(engine=parts.engine, shelf=parts.shelf, keys=parts.keys,
                      folder=data)  # fmt: skip
    return [one.code for one in witness.findings()]


def test_a_restore_brings_back_nothing_that_desk_owner_or_log_said_of_her(
    world: World, hers: Job, doorstep: Said, tmp_path: Path
):
    """Decisions about differences, reasons of statements, her reports and objections,
    rows of the central log, messages; the backup held it all."""
    new = tmp_path / "new"
    elsewhere(world, doorstep, new, erase_her)
    rows = rows_in(new / "doorstep.db")
    assert [words for words in HERS if traces(new, words)] == []
    assert [
        one for one in ("owner_report", "owner_code", "owner_link") if rows[one]
    ] == []
    assert len(rows["central_row"]) == len(rows_of(world.parts.engine)["central_row"])


def test_nothing_that_desk_owner_or_log_said_of_her_is_found(
    world: World, hers: Job, doorstep: Said
):
    planted = {place for words in HERS for place in found(world, words)}
    assert {"private", "central_row", "central_version", "owner_report",
            "sms.jsonl"} <= planted  # fmt: skip
    assert erase_her(doorstep) == 0
    assert left(world) == {}


def test_what_names_her_in_a_statement_goes_with_her_order_alone(
    world: World, hers: Job, doorstep: Said
):
    """Erased by its number: what stays is the other request, as the log has it."""
    erase(doorstep)
    assert set(left(world)) == {ZHAO, PHONE, HOME["fault"]}
    assert {place for some in left(world).values() for place in some} == {
        "central_row", "central_version"
    }  # fmt: skip


def test_a_closed_statement_that_named_her_still_verifies(
    world: World, hers: Job, doorstep: Said
):
    """Its figures, its digest, its signature, the tree: the words alone are gone."""
    day = world.parts.policy.calendar.day_name(world.ms - DAY * MINUTE)
    was = closing.account(world.parts, day, "")
    erase_her(doorstep)
    now = closing.account(world.parts, day, "")
    assert (now.state, now.findings) == ("closed", ())
    assert (now.shown, now.shown_digest) == (was.shown, was.shown_digest)
    assert [one.words for one in now.acts] == ["", "", ""] and was.acts[1].words == SAID
    assert codes(world) == []


def test_a_restored_statement_that_named_her_still_verifies(
    world: World, hers: Job, doorstep: Said, tmp_path: Path
):
    day = world.parts.policy.calendar.day_name(world.ms - DAY * MINUTE)
    was = closing.account(world.parts, day, "")
    target, _ = elsewhere(world, doorstep, tmp_path / "new", erase_her)
    engine = open_engine(target.database)
    there = replace(world.parts, engine=engine, shelf=target.shelf)
    now = closing.account(there, day, "")
    engine.dispose()
    assert (now.state, now.findings) == ("closed", ())
    assert (now.shown_digest, now.closing.reasons) == (was.shown_digest, {})


def test_another_start_repeats_none_of_it(world: World, hers: Job, doorstep: Said):
    """What went in a statement is in the book once."""
    erase_her(doorstep)
    parts = world.parts
    again = (parts.engine, parts.shelf, parts.keys, world.config.data)
    assert erase_again(*again) == 0


def test_what_the_log_alone_knows_goes_by_its_number(
    world: World, job: Job, doorstep: Said
):
    """No order is here; and a later export brings nothing of it back."""
    erase(doorstep)
    _in_the_central_log(world)
    assert doorstep("privacy", "erase", ALONE, "--reason", "no. 8", "--apply") == 0
    line = f"{ALONE},2026-11-02 09:07,东苑,1702,{ZHAO},{PHONE},{HOME['fault']}"
    bring(world, f"{HEAD}{line}\n")
    assert left(world) == {}
    assert doorstep("privacy", "erase", "R2611-0999", "--reason", "x") == NOT_FOUND


def test_a_book_from_before_her_order_does_not_keep_what_the_log_said_of_her(
    world: World, doorstep: Said, tmp_path: Path
):
    """The central log knew of her before anybody here did; then came the backup."""
    lines = f"{NUMBER},2026-11-02 09:02,东苑,1702,{ZHAO},{PHONE},{HOME['fault']}"
    bring(world, f"{HEAD}{lines}\n")
    list(passes.reconcile(world.parts.engine, world.parts.policy, world.ms))

    def asks_and_is_forgotten(doorstep: Said) -> int:
        Job(world, number=NUMBER, home={**HOME, "owner": ZHAO, "phone": PHONE})
        return erase(doorstep)

    new = tmp_path / "new"
    elsewhere(world, doorstep, new, asks_and_is_forgotten)
    assert rows_in(new / "doorstep.db")["central_row"]
    assert [words for words in HERS if traces(new, words)] == []


def imports(world: World, site: str) -> None:
    """The register comes in with her row."""
    head = "统一编号,登记时间,项目,业主姓名,联系电话,报修内容\n"
    line = f"{NUMBER},2026-11-02 09:02,{site},{ZHAO},{PHONE},{HOME['fault']}\n"
    told = read_rows(read_register((head + line).encode(), "r.csv"))
    parts = world.parts
    planned = intake.plan(parts.engine, told)
    list(intake.carry_out(parts.ledger, planned, "r.csv", "chen", world.ms))


def test_a_later_row_of_the_register_brings_nothing_of_her_back(
    world: World, doorstep: Said
):
    """The row says something new; the order is amended without her."""
    imports(world, "东苑")
    erase(doorstep)
    imports(world, "西苑")
    assert left(world) == {}
    asked = world.order(order_stream(NUMBER)).request
    assert asked and asked.site == "西苑"
