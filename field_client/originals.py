"""Send originals: signatures and sheets in one lane, photos in another.

tus 1.0.0, resumed where it was cut, also by another process. What the server says in
`have` is the only receipt (V4). One photo that fails holds up no other.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from field_client.answers import an_object
from field_client.contact import Exchanging
from field_client.owed import Original
from field_client.transport import Answered, NoAnswer, Reply
from sync.exchange import Lane

CHUNK_BYTES = 256 * 1024  # of a piece that is signed
STEP_BYTES = 64 * 1024
MOST_STEPS = 3  # fresh starts of one upload in one exchange
ASK_AT_ONCE = 100
URGENT = frozenset({"signature", "sheet"})
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"}
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
            return _offset(_ask(exchange, "HEAD", upload, TUS)), upload
        except Answered as no:
            if no.status not in GONE:
                raise
    return _begin(exchange, original)


def _ask(
    exchange: Exchanging, method: str, target: str, headers: Mapping[str, str]
) -> Reply:
    """A request without a body, under the grant if there is one."""
    if grant := _grant(exchange):
        return exchange.door.carry(method, target, grant, headers)
    return exchange.door.ask(method, target, headers=headers)


def _grant(exchange: Exchanging) -> str:
    """The leave to hand in bytes; a revoked tablet has none and signs each piece."""
    return exchange.welcome.uploads if exchange.welcome else ""


def _noted(exchange: Exchanging, original: Original) -> str | None:
    found = [o for o in exchange.store.outbox.originals() if o.seq == original.seq]
    return found[0].upload


def _begin(exchange: Exchanging, original: Original) -> tuple[int, str]:
    """A new upload, or the one that was begun before the answer was lost."""
    metadata = f"sha256 {_b64(original.sha256)},type {_b64(original.type)}"
    headers = {"Upload-Length": str(original.size), "Upload-Metadata": metadata}
    reply = _ask(exchange, "POST", "/v1/uploads", TUS | headers)
    upload = urlsplit(reply.headers.get("location", "")).path
    if not upload.startswith("/v1/uploads/"):
        raise NoAnswer("no upload")
    exchange.store.outbox.note_upload(original.sha256, upload)
    return _offset(reply), upload


def _send_rest(
    exchange: Exchanging, original: Original, upload: str, offset: int
) -> None:
    """All of the rest at once; the server may have reasons to keep less of it."""
    send_some = _stream if _grant(exchange) else _sign
    while offset < original.size:
        reached = _offset(send_some(exchange, original, upload, offset))
        if reached <= offset:
            raise NoAnswer("no progress")
        offset = reached
        exchange.watch("bytes", offset, original.size)


def _stream(
    exchange: Exchanging, original: Original, upload: str, offset: int
) -> Reply:
    headers = TUS | PIECE | {
        "Upload-Offset": str(offset),
        "Content-Length": str(original.size - offset),
    }  # fmt: skip
    body = _rest(exchange, original, offset)
    return exchange.door.carry("PATCH", upload, _grant(exchange), headers, body)


def _rest(exchange: Exchanging, original: Original, offset: int) -> Iterator[bytes]:
    """The bytes from here on, read from the store while they are sent."""
    for at in range(offset, original.size, STEP_BYTES):
        exchange.watch("bytes", at, original.size)
        yield exchange.store.outbox.part(original.seq, at, STEP_BYTES)


def _sign(exchange: Exchanging, original: Original, upload: str, offset: int) -> Reply:
    piece = exchange.store.outbox.part(original.seq, offset, CHUNK_BYTES)
    return exchange.door.ask("PATCH", upload, piece, _patch_headers(offset, piece))


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
        **PIECE,
        "Upload-Offset": str(offset),
        "Upload-Checksum": f"sha256 {checksum}",
    }


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
