"""RxDB's own replication with the two handlers of examples/rxdb: in the end both sides
hold the same, whatever the line did."""

import json
from typing import Any

import httpx
import pytest

from infra.demo.network import BadNetwork, Fault, Weather
from server.auth import LEAVE_MS
from tests.others.strangers import Device, node
from tests.together.processes import ROOT, Served, given_to, office

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "examples" / "rxdb" / "technician.js"
NUMBERS = [f"DS20261100{number:02}" for number in range(1, 8)]
BAD = Weather(cut_request=0.1, cut_answer=0.1, lose_answer=0.1, delay=0.1, portal=0.05,
              send_twice=0.05)  # fmt: skip


@pytest.fixture
def orders(served: Served) -> list[str]:
    """Orders for Li."""
    with office(served.config) as parts:
        return [given_to(parts, number, "li") for number in NUMBERS]


def run(url: str, li: Device, seen: int) -> dict[str, Any]:
    """What the device holds at the end."""
    said = {"url": url, "device": li.device, "actor": li.actor, "jwk": li.jwk(),
            "seen": seen}  # fmt: skip
    held: dict[str, Any] = json.loads(node(EXAMPLE, said=json.dumps(said)))
    return held


def by_stream(documents: list[dict[str, Any]]) -> dict[str, Any]:
    return {one["stream"]: (one["rev"], one["order"]) for one in documents}


def facts_at(served: Served, stream: str, li: Device) -> list[str]:
    """The bodies that the server holds of what this device wrote about an order."""
    name = stream.partition(":")[2]
    held = li.ask("GET", f"/v1/orders/{name}/facts")
    return [one["b"] for one in held["facts"] if li.device in one["b"]]


def test_both_sides_hold_the_same_after_a_bad_line(
    served: Served, li: Device, orders: list[str]
):
    with BadNetwork("127.0.0.1", served.port, seed=3, weather=BAD) as line:
        line.next(
            Fault("lose_answer", on="/v1/sync/push"),
            Fault("cut_answer", 0.5, on="/v1/sync/pull"),
        )
        held = run(line.url, li, seen=len(orders))

    assert held["troubles"]["up"] > 0 and held["troubles"]["down"] > 0
    theirs = li.ask("GET", "/v1/sync/pull?limit=200")["documents"]
    assert by_stream(held["orders"]) == by_stream(theirs)
    written = {one["body"] for one in held["facts"]}
    assert written == {b for stream in orders for b in facts_at(served, stream, li)}
    assert len(written) == len(orders)


def test_every_fact_ends_with_its_outcome_kept(
    served: Served, li: Device, orders: list[str]
):
    held = run(served.url, li, seen=3)

    outcomes = {one["id"]: one for one in held["receipts"]}
    assert {one["id"] for one in held["facts"]} == outcomes.keys()
    assert all(one["custody"] and one["position"] > 0 for one in outcomes.values())


def test_a_grant_opens_nothing_but_uploads(served: Served, li: Device):
    said = {"Authorization": f"Bearer {li.grant}"}
    doors = ("/v1/sync/pull", "/v1/policy", "/v1/feed/facts", "/v1/blobs/" + "0" * 64)

    statuses = {
        httpx.get(served.url + door, headers=said).status_code for door in doors
    }

    assert statuses == {401} and LEAVE_MS <= 24 * 3_600_000
