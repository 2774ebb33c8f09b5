"""What owners say and what is decided about the log, as programs, groups and papers
outside learn it: that it happened, and nothing of whom it happened to (S1)."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from server.ledger import Decision
from server.owner_links import made
from sync.facts.owner import OWNER, OwnerAsked, OwnerConfirmed, OwnerDisputed
from sync.order import order_stream
from tests.server.callers import Staff, parts_of
from tests.server.conftest import Clock
from tests.server.desks import EAST, ZHAO, asked_for, got, hired
from tests.server.receivers import Receiver, listening
from tests.server.test_central_api import ROW, compared, pushed
from tests.server.test_notices import LOOPBACK, MINUTE, allow, hooked, tell

LIST = "/v1/differences"
SHEET = "a" * 64
SAID = "那天我不在家，请打 13911112222"
ASKED = "问过业主，电话 13911112222"  # why the desk decides is no secret, a number is
SECRETS = (
    ZHAO["owner"],
    ZHAO["phone"],
    ZHAO["room"],
    "水槽下",
    "不在家",
    "13911112222",
)
NUMBER = "SH-1"
AT_HOME = {"楼栋": "3", "单元": "2", "房号": ZHAO["room"], "报修内容": ZHAO["fault"]}
OWNERS_OWN = {"owner.asked", "owner.confirmed", "owner.rated", "owner.complained",
              "owner.disputed"}  # fmt: skip


@pytest.fixture
def robot() -> Iterator[Receiver]:
    """A program of somebody else's."""
    with listening() as receiver:
        yield receiver


@pytest.fixture
def inside(start: Callable[..., Flask]) -> Flask:
    """A server that may tell loopback, with one order of Zhao's that the log closed."""
    app = start(notices_inside=LOOPBACK)
    parts_of(app).notices.look()
    hotline = hired(app, "hotline", "service")
    asked_for(app, NUMBER, EAST)
    pushed(hotline, {**ROW, **AT_HOME, "状态": "已结案"})
    compared(app)
    return app


def settles(app: Flask, **more: str) -> tuple[str, str]:
    """Zhou decides that the field is right; the difference and the fact."""
    zhou = hired(app, "zhou", "manager")
    (one,) = got(zhou, f"{LIST}?code=closed_unaccepted")["differences"]
    why = {"choice": "field", "reason": "no_evidence", **more}
    answer = zhou.ask("POST", f"{LIST}/{one['id']}/settle", why)
    assert answer.status_code == 200, answer.text
    return one["id"], answer.json["id"]


def owner_says(app: Flask) -> None:
    """Zhao marks, complains, disagrees, and answers when asked."""
    parts, name = parts_of(app), order_stream(NUMBER)
    token = made(parts.engine, parts.keys, name, "chen", parts.now())
    for said in ({"do": "rate", "stars": "2"}, {"do": "complain", "subject": "time"}):
        answer = app.test_client().post(f"/o/{token}", data=said | {"words": SAID})
        assert answer.status_code == 303, answer.text
    states(app, OWNER, OwnerDisputed(sheet=SHEET, reason="amount"), words=SAID)
    asked = states(app, "chen", OwnerAsked(sheet=SHEET))
    confirmed = OwnerConfirmed(sheet=SHEET, asked=asked, means="sms")
    states(app, OWNER, confirmed, phone=ZHAO["phone"])


def states(app: Flask, who: str, what: Any, **private: str) -> str:
    """One fact about Zhao's order, as the server itself states it; its name."""
    parts = parts_of(app)
    one = Decision(stream=order_stream(NUMBER), what=what, private=private)
    return parts.ledger.decide([one], who, parts.now())[0].id


def test_a_program_is_told_that_a_difference_was_settled_and_taken_back(
    inside: Flask, clock: Clock, robot: Receiver
):
    hooked(inside, robot.url, "reconcile.settled", "reconcile.undone")
    name, fact = settles(inside)
    tell(inside, clock)
    zhou = Staff(app=inside, actor="zhou", token=token_of(inside, "zhou"))
    undone = zhou.ask("POST", f"{LIST}/{name}/undo", {"words": "看错了"})
    tell(inside, clock)

    told = [(one.json["type"], one.json["data"]["fact"]) for one in robot.got]
    assert told == [
        ("reconcile.settled", fact), ("reconcile.undone", undone.json["id"]),
    ]  # fmt: skip
    assert {one.json["data"]["number"] for one in robot.got} == {NUMBER}


def token_of(app: Flask, who: str) -> str:
    parts = parts_of(app)
    return parts.door.issue_token(who, parts.now() + 60 * MINUTE)


def test_no_program_and_no_group_learns_a_word_of_the_owners(
    inside: Flask, clock: Clock, robot: Receiver
):
    hooked(inside, robot.url)
    allow(inside, "wecom", robot.url)
    owner_says(inside)
    settles(inside, words=ASKED)
    tell(inside, clock)

    kinds = {one.json.get("type") for one in robot.got}
    assert OWNERS_OWN | {"reconcile.settled"} <= kinds
    everything = [one.body.decode() for one in robot.got]
    everything += [repr(parts_of(inside).notices.outbox.list())]
    assert found_in(*everything) == []


READ_BY_AUDITORS = (
    "/v1/orders/«order»", "/v1/orders/«order»/story",
    "/v1/orders/«order»/facts", "/v1/notices", LIST,
    f"{LIST}?state=decided", f"{LIST}/«difference»", "/v1/reviews",
    "/v1/export/orders.csv", "/v1/central/corrections?format=csv",
)  # fmt: skip


def test_whoever_may_not_know_the_owner_reads_none_of_it_anywhere(
    inside: Flask, clock: Clock
):
    """Neither from what owners said, nor from what was decided about the log."""
    allow(inside, "sms", "*")
    owner_says(inside)
    name, _ = settles(inside, words=ASKED)
    tell(inside, clock)
    sun = hired(inside, "sun", "auditor")
    held = {
        "«order»": order_stream(NUMBER).removeprefix("order:"),
        "«difference»": name,
    }

    read = {door: reads(sun, door, held) for door in READ_BY_AUDITORS}
    workbook = sun.ask("GET", "/v1/central/corrections?format=xlsx").data
    read["xlsx"] = cells(workbook)

    assert {
        door: found for door, text in read.items() if (found := found_in(text))
    } == {}
    assert NUMBER in read["xlsx"]


def reads(who: Staff, door: str, held: dict[str, str]) -> str:
    """What this door says, every letter as it is."""
    for one, value in held.items():
        door = door.replace(one, value)
    answer = who.ask("GET", door)
    assert answer.status_code == 200, f"{door}: {answer.text}"
    return (
        json.dumps(answer.json, ensure_ascii=False) if answer.is_json else answer.text
    )


def cells(workbook: bytes) -> str:
    """Everything in a workbook."""
    book = load_workbook(io.BytesIO(workbook), read_only=True)
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows())
    return " ".join(str(cell.value) for row in rows for cell in row)


def found_in(*texts: str) -> list[str]:
    """Which of what is the owner's stands there."""
    return [one for one in SECRETS if any(one in text for text in texts)]
