"""What a desk has before it: requests that came in, people in every role, lists.

May not enter: what is being tested.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from server.ledger import Decision
from sync.access import Grant
from sync.exchange import Receipt
from sync.facts import What
from sync.facts.dispatch import Dispatched
from sync.facts.intake import Logged
from sync.order import order_id, order_stream
from tests.server.callers import HOUR, NOON, Staff, Tablet, parts_of

EAST, WEST = "东苑", "西苑"
ZHAO = {"owner": "赵敏", "phone": "13800138000", "building": "3", "unit": "2",
        "room": "1702", "fault": "水槽下渗水"}  # fmt: skip


def decide(
    app: Flask, number: str, what: What, private: Mapping[str, str] | None = None
) -> Receipt:
    """Chen states this about an order."""
    parts = parts_of(app)
    one = Decision(stream=order_stream(number), what=what, private=private or {})
    return parts.ledger.decide([one], "chen", parts.now())[0]


def asked_for(app: Flask, number: str, site: str = EAST, **more: Any) -> str:
    """Zhao asks for a repair; the order's id."""
    said: dict[str, Any] = {
        "registered_ms": NOON - HOUR,
        "sort": "repair",
        "trade": "water",
    } | more
    decide(app, number, Logged(number=number, site=site, **said), ZHAO)
    return order_id(number)


def given(app: Flask, number: str, technician: str, site: str = EAST) -> str:
    """The same, and given to this technician."""
    asked_for(app, number, site)
    decide(app, number, Dispatched(technician=technician))
    return order_id(number)


def hired(app: Flask, name: str, role: str, *sites: str) -> Staff:
    """Somebody in this role, in these projects or in every one."""
    parts = parts_of(app)
    grants = [Grant(role=role, project=site) for site in sites or ("*",)]
    parts.people.add(name, name.title(), grants, parts.now())
    return Staff(app=app, actor=name, token=parts.door.issue_token(name, NOON + HOUR))


def got(staff: Staff | Tablet, target: str) -> Any:
    """What this door answers."""
    answer = staff.ask("GET", target)
    assert answer.status_code == 200, answer.text
    return answer.json


def cards(staff: Staff | Tablet, query: str = "") -> dict[str, Any]:
    """A list's cards, by number."""
    found = got(staff, f"/v1/orders{query}")["orders"]
    return {one["number"]: one for one in found}


def numbers(staff: Staff | Tablet, query: str = "") -> list[str]:
    """The numbers on a list, in its sequence."""
    return [one["number"] for one in got(staff, f"/v1/orders{query}")["orders"]]
