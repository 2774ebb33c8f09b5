"""Messages to programs of others, by the Standard Webhooks convention.

What a message says is made of its row alone: sent again it is the same, letter by
letter, under the same id, so that a receiver knows it again. May not enter: private
values; whatever needs asking for is asked for at the API, by whoever may.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from server.notices.outbox import Notice
from server.notices.reach import Reach, Unreachable
from server.notices.robots import must_be_well
from server.notices.signing import webhook_headers

GONE = 410


def body_of(one: Notice) -> bytes:
    """The message: what happened, when it was received, to which order."""
    facts = one.facts
    at = datetime.fromtimestamp(facts["received_ms"] / 1000, UTC)
    said = {
        "type": facts["type"],
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {"order": one.stream.removeprefix("order:"), **facts},
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def tell(
    reach: Reach, url: str, one: Notice, secrets: Sequence[str], now_ms: int
) -> None:
    """Send it, signed over the very bytes that go out."""
    body = body_of(one)
    signed = webhook_headers(one.id, now_ms // 1000, body, secrets)
    answer = reach.post(url, body, {"Content-Type": "application/json", **signed})
    if answer.status == GONE:
        raise Unreachable("receiver_gone", lasting=True)
    must_be_well(answer)
