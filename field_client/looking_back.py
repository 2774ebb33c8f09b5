"""After the server went back in time: show it what the lost history had decided, and
ask which facts it still has. What it lacks is handed in as always (F17).

Originals and facts are kept until `durable_through`, so there is something to hand in.
May not enter: deciding anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from field_client.answers import read_receipts
from field_client.contact import Exchanging
from field_client.owed import Owned
from field_client.projection import Former
from sync.epochs import shared
from sync.plain import but

AT_ONCE = 200  # facts in one question
MOST_BYTES = 128 * 1024  # of documents in one request
NOTHING: Mapping[str, Any] = {"logs": [], "blobs": []}


def look_back(exchange: Exchanging) -> None:
    """Documents first: what people must know must not wait for the rest."""
    _show_again(exchange)
    _ask_receipts(exchange)


def _show_again(exchange: Exchanging) -> None:
    projection, epoch = exchange.store.projection, exchange.epoch
    former = projection.former(epoch)
    lost = [one for one in former if _may_be_lost(exchange, one)]
    projection.shown_again([one for one in former if one not in lost], epoch)
    for some in _portions(lost):
        question = {
            **NOTHING,
            "documents": [one.document for one in some],
            "gone": [one.gone for one in some if one.gone and one.gone.get("mac")],
        }
        exchange.door.ask_json("POST", "/v1/sync/have", question)
        projection.shown_again(some, epoch)


def _may_be_lost(exchange: Exchanging, one: Former) -> bool:
    """Does it speak of what came after the two histories parted?"""
    lineage = exchange.store.vouchers.epochs()
    upto = shared(one.epoch, exchange.epoch, lineage)
    return one.gone is not None or one.rev > upto


def _portions(documents: Sequence[Former]) -> Iterator[list[Former]]:
    some: list[Former] = []
    for one in documents:
        if some and sum(len(d.text.encode()) for d in (*some, one)) > MOST_BYTES:
            yield some
            some = []
        some.append(one)
    if some:
        yield some


def _ask_receipts(exchange: Exchanging) -> None:
    """Facts that the server still has need not travel again."""
    outbox = exchange.store.outbox
    outdated = outbox.outdated()
    for first in range(0, len(outdated), AT_ONCE):
        some = outdated[first : first + AT_ONCE]
        question = {**NOTHING, "facts": _by_log(some)}
        answer = exchange.door.ask_json("POST", "/v1/sync/have", question)
        held = {one.id: one for one in some}
        known = [
            but(was, position=now.position, received_ms=now.received_ms)
            for now in read_receipts(answer)
            if now.in_custody and now.id in held and (was := held[now.id].receipt)
        ]
        outbox.settle(known, exchange.epoch)


def _by_log(facts: Sequence[Owned]) -> Mapping[str, Any]:
    """Numbers and ids by log."""
    ordered = sorted(facts, key=lambda one: (one.log, one.n))
    return {
        log: [[one.n, one.id] for one in some]
        for log, some in groupby(ordered, key=lambda one: one.log)
    }
