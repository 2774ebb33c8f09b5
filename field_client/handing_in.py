"""Hand in facts until none waits: the first lane.

Batches are halved when they fail, a single fact that still fails goes to a shelf where
people see it, and the rest goes on (F20). May not enter: documents, photos.
"""

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace

from field_client.answers import read_outcomes
from field_client.contact import Exchanging
from field_client.door import JSON, read_json
from field_client.keys import new_log
from field_client.owed import Owned
from field_client.transport import Answered, NoAnswer
from sync.exchange import Lane, Limits, receipts_for
from sync.log import root_of
from sync.plain import plain
from sync.signing import push_text, sign

LANE = "facts"
FRAME_BYTES = 4096  # what a push weighs without its facts
MOST_FAILURES = 24  # in one exchange, without any success between
MOST_SHELF_FAILURES = 3
NOT_THE_BATCH = frozenset({401, 403, 429, 503, 507})


def hand_in(exchange: Exchanging) -> None:
    """Push until nothing waits but the shelf."""
    projection = exchange.store.projection
    lane, failures = projection.lane(LANE), 0
    total = left = len(exchange.store.outbox.waiting())
    while failures < MOST_FAILURES and (batch := _next(exchange, lane)):
        ids = [one.id for one in batch]
        try:
            _push(exchange, batch)
            lane, failures = lane.went_well(ids), 0
            before, left = left, len(exchange.store.outbox.waiting())
            exchange.watch(LANE, total - left, total)
            if left >= before:  # an answer that settles nothing is not asked for again
                failures = MOST_FAILURES
        except Answered as no:
            if no.status in NOT_THE_BATCH:
                projection.keep_lane(LANE, lane.lost(ids))
                raise
            failures += 1
            lane = lane.failed(ids, no.status == 413)
        except NoAnswer as lost:
            if lost.status != 413:
                projection.keep_lane(LANE, lane.lost(ids))
                raise
            failures += 1  # said by something in between; it takes no custody either
            lane = lane.failed(ids, too_large=True)
        projection.keep_lane(LANE, lane)
    if failures < MOST_FAILURES:
        lane = _try_shelf(exchange, lane)
    _report_shelf(exchange, lane)


def _try_shelf(exchange: Exchanging, lane: Lane) -> Lane:
    """Once everything else is in: each fact on the shelf once more, alone. What only
    the weather put there is in at once, and no fact waits for a person to ask (M6)."""
    waiting = {one.id: one for one in exchange.store.outbox.waiting()}
    failures = 0
    for name in sorted(lane.shelf):
        if failures == MOST_SHELF_FAILURES:
            break
        try:
            if name in waiting:
                _push(exchange, [waiting[name]])
            lane = replace(lane, shelf=lane.shelf - {name})
            exchange.store.projection.keep_lane(LANE, lane)
        except Answered as no:
            if no.status in NOT_THE_BATCH:
                raise
            failures += 1
        except NoAnswer as lost:
            if lost.status != 413:
                raise
            failures += 1
    return lane


def _next(exchange: Exchanging, lane: Lane) -> list[Owned]:
    """The next facts, all of one log."""
    free = [one for one in exchange.store.outbox.waiting() if one.id not in lane.shelf]
    batch = [one for one in free if one.log == free[0].log]
    limits = exchange.limits
    room = Limits(facts=limits.facts, bytes=limits.bytes - FRAME_BYTES)
    chosen = set(lane.batch([(one.id, _weight(one)) for one in batch], room))
    return [one for one in batch if one.id in chosen]


def _weight(one: Owned) -> int:
    return len(json.dumps(one.wire, ensure_ascii=False).encode()) + 2


def _push(exchange: Exchanging, batch: Sequence[Owned]) -> None:
    """Hand in one batch and keep what the server said of each fact."""
    outbox, log = exchange.store.outbox, batch[0].log
    ids = [one.id for one in batch]
    claim = outbox.claim(log, exchange.clocks.reading().wire())
    offer = {
        "claim": plain(claim),
        "facts": [one.wire for one in batch],
        "signature": sign(exchange.door.key, push_text(log, root_of(ids))),
    }
    text = json.dumps(offer, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {**JSON, "Content-Encoding": "gzip"}
    reply = exchange.door.ask(
        "POST", "/v1/sync/push", gzip.compress(text, mtime=0), headers
    )
    answer = read_outcomes(read_json(reply))
    outbox.meet(answer.epoch, answer.durable_through)
    receipts = receipts_for(ids, answer)
    outbox.settle(receipts.values(), answer.epoch)
    exchange.saw(answer.head)
    exchange.store.vouchers.keep(answer.voucher, answer.epoch, claim)
    if answer.new_instance:
        outbox.open_log(log, new_log(exchange.door.who.device, exchange.chance))
    exchange.report.facts += sum(one.in_custody for one in receipts.values())


def _report_shelf(exchange: Exchanging, lane: Lane) -> None:
    shelved = [o for o in exchange.store.outbox.waiting() if o.id in lane.shelf]
    if shelved:
        exchange.report.trouble(LANE, "shelved", str(len(shelved)))
