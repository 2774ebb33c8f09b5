"""Send originals: signatures and sheets in one lane, photos in another.

tus 1.0.0, resumed where it was cut, also by another process. What the server says in
`have` is the only receipt (V4). One photo that fails holds up no other.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from field_client.answers import an_object
from field_client.contact import Exchanging
from field_client.owed import Original
from field_client.transport import Answered, NoAnswer, Reply
from sync.exchange import Lane

CHUNK_BYTES = 256 * 1024
MOST_STEPS = 3  # fresh starts of one upload in one exchange
ASK_AT_ONCE = 100
URGENT = frozenset({"signature", "sheet"})
TUS = {"Tus-Resumable": "1.0.0"}
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.FORBIDDEN})
THROTTLED = frozenset({401, 429, 503, 507})
FINAL = frozenset({400, 413, 415, 422})


def send_signatures(exchange: Exchanging) -> None:
    """What the owner signed, before any photo."""
    _send(exchange, "signatures", lambda one: one.role in URGENT)


def send_photos(exchange: Exchanging) -> None:
    """Everything else."""
    _send(exchange, "photos", lambda one: one.role not in URGENT)


def _send(exchange: Exchanging, name: str, belongs: Callable[[Original], bool]) -> None:
    projection, outbox = exchange.store.projection, exchange.store.outbox
    lane = projection.lane(name)

    def waiting() -> list[Original]:
        return [one for one in outbox.originals() if one.waiting and belongs(one)]

    ask_receipts(exchange, [one.sha256 for one in waiting()])
    todo = [one for one in waiting() if one.sha256 not in lane.shelf]
    for number, original in enumerate(todo):
        exchange.watch(name, number, len(todo))
        lane = _try_one(exchange, name, lane, original)
        projection.keep_lane(name, lane)
    if todo:
        exchange.watch(name, len(todo), len(todo))
        ask_receipts(exchange, [one.sha256 for one in todo])
    if shelved := [one for one in waiting() if one.sha256 in lane.shelf]:
        exchange.report.trouble(name, "shelved", str(len(shelved)))


def _try_one(exchange: Exchanging, name: str, lane: Lane, original: Original) -> Lane:
    """Send one; a no about these very bytes shelves them, other trouble does not."""
    try:
        send(exchange, original)
    except Answered as no:
        if no.status in THROTTLED:
            raise
        exchange.report.trouble(name, no.code or str(no.status), original.sha256[:8])
        return lane.failed([original.sha256], True) if no.status in FINAL else lane
    return lane.went_well([original.sha256])


def ask_receipts(exchange: Exchanging, names: Sequence[str]) -> None:
    """Keep the server's receipts for those of these bytes that it has."""
    outbox = exchange.store.outbox
    for first in range(0, len(names), ASK_AT_ONCE):
        asked = names[first : first + ASK_AT_ONCE]
        question = {"logs": [], "blobs": asked}
        answer = an_object(exchange.door.ask_json("POST", "/v1/sync/have", question))
        for sha256 in asked:
            receipt = (answer.get("blobs") or {}).get(sha256)
            if receipt and isinstance(receipt.get("position"), int):
                outbox.settle_original(
                    sha256, exchange.epoch, receipt["position"], receipt
                )
                exchange.report.originals += 1
                if flaw := receipt.get("flaw"):
                    exchange.report.flaws[sha256] = flaw


def send(exchange: Exchanging, original: Original) -> None:
    """Bring all bytes of one original to the server, from where it got to."""
    for _ in range(MOST_STEPS):
        offset, upload = _where(exchange, original)
        try:
            _send_rest(exchange, original, upload, offset)
        except Answered as no:
            if no.status == HTTPStatus.UNPROCESSABLE_ENTITY or no.status in GONE:
                exchange.store.outbox.note_upload(original.sha256, None)
                last = no
                continue
            if no.status in (HTTPStatus.CONFLICT, 460):
                last = no
                continue
            raise
        return
    raise last


def _where(exchange: Exchanging, original: Original) -> tuple[int, str]:
    """Where to go on: an upload that was begun, or a new one."""
    upload = _noted(exchange, original)
    if upload is not None:
        try:
            reply = exchange.door.ask("HEAD", upload, headers=TUS)
            return _offset(reply), upload
        except Answered as no:
            if no.status not in GONE:
                raise
    return 0, _begin(exchange, original)


def _noted(exchange: Exchanging, original: Original) -> str | None:
    found = [o for o in exchange.store.outbox.originals() if o.seq == original.seq]
    return found[0].upload


def _begin(exchange: Exchanging, original: Original) -> str:
    metadata = f"sha256 {_b64(original.sha256)},type {_b64(original.type)}"
    reply = exchange.door.ask(
        "POST",
        "/v1/uploads",
        headers={
            **TUS,
            "Upload-Length": str(original.size),
            "Upload-Metadata": metadata,
        },
    )
    upload = urlsplit(reply.headers.get("location", "")).path
    if not upload.startswith("/v1/uploads/"):
        raise NoAnswer("no upload")
    exchange.store.outbox.note_upload(original.sha256, upload)
    return upload


def _send_rest(
    exchange: Exchanging, original: Original, upload: str, offset: int
) -> None:
    while offset < original.size:
        piece = exchange.store.outbox.part(original.seq, offset, CHUNK_BYTES)
        reply = exchange.door.ask("PATCH", upload, piece, _patch_headers(offset, piece))
        reached = _offset(reply)
        if reached <= offset:
            raise NoAnswer("no progress")
        offset = reached
        exchange.watch("bytes", offset, original.size)


def _offset(reply: Reply) -> int:
    """How far the server says it got."""
    text = reply.headers.get("upload-offset", "")
    if not (text.isascii() and text.isdigit()):
        raise NoAnswer("no offset")
    return int(text)


def _patch_headers(offset: int, piece: bytes) -> dict[str, Any]:
    checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    return {
        **TUS,
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(offset),
        "Upload-Checksum": f"sha256 {checksum}",
    }


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
