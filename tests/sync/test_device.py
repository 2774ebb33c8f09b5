"""What a tablet states about itself: in its own stream, and about nobody else."""

import pytest

from sync.access import may_write
from sync.envelope import Head
from sync.facts import What, write_fact
from sync.facts.device import MOST_ORDERS, PurgeDone
from sync.facts.visit import Arrived
from sync.order import order_stream
from sync.problems import Refused

ORDER = order_stream("1")


def stated(what: What, stream: str = "device:li") -> str:
    """What becomes of a fact in this stream: its kind, or the field that is wrong."""
    head = Head(stream=stream, log="li.a", n=1, prev=None, epoch="e", basis=0,
                lamport=1, by="li", at={"w": 1, "z": 0})  # fmt: skip
    try:
        return write_fact(what, head).what.kind
    except Refused as refusal:
        return str(refusal.facts["field"])


def test_a_device_states_what_it_purged():
    assert stated(PurgeDone(orders=(ORDER,))) == "purge.done"


@pytest.mark.parametrize("stream", ["device:wang", "device:l", ORDER, "catalog:li"])
def test_a_device_speaks_of_itself_alone(stream: str):
    assert stated(PurgeDone(orders=(ORDER,)), stream) == "st"


def test_what_happened_to_an_order_lies_in_no_devices_stream():
    assert stated(Arrived()) == "st"


@pytest.mark.parametrize(
    "orders",
    [(), (ORDER, ORDER), ("device:li",), ("order:1",),
     tuple(order_stream(str(n)) for n in range(MOST_ORDERS + 1))],
)  # fmt: skip
def test_only_orders_are_purged_and_each_once(orders: tuple[str, ...]):
    assert stated(PurgeDone(orders=orders)) == "orders"


def test_as_many_as_may_be_named_fit_into_one_fact():
    many = tuple(order_stream(str(n)) for n in range(MOST_ORDERS))

    assert stated(PurgeDone(orders=many)) == "purge.done"


def test_only_who_holds_a_tablet_states_it():
    assert [role for role in ("technician", "dispatcher", "auditor")
            if may_write({role}, "purge.done")] == ["technician"]  # fmt: skip
