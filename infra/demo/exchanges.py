"""One HTTP/1.1 message at a time, as bytes: enough to know where it ends.

Nothing is changed or understood beyond its length, so that a fault can be put at any
byte. May not enter: faults (they are in `network`), anything about Doorstep.
"""

from asyncio import IncompleteReadError, StreamReader

HEAD_END = b"\r\n\r\n"
BODILESS = {b"204", b"304"}


async def read_request(stream: StreamReader) -> bytes:
    """The next request, or b"" if the client has no more."""
    try:
        head = await stream.readuntil(HEAD_END)
    except IncompleteReadError:
        return b""
    return head + await _body(stream, head, rest=False)


async def read_answer(stream: StreamReader, request: bytes) -> bytes:
    """The answer to `request`, whole."""
    head = await stream.readuntil(HEAD_END)
    status = head.split(b" ", 2)[1]
    if status in BODILESS or request.startswith(b"HEAD "):
        return head
    return head + await _body(stream, head, rest=True)


def first_line(request: bytes) -> str:
    """Method and target: `POST /v1/sync/push`."""
    return " ".join(request.split(b"\r\n", 1)[0].decode("latin-1").split(" ")[:2])


async def _body(stream: StreamReader, head: bytes, *, rest: bool) -> bytes:
    """What follows `head`; without a length, `rest` says that all the rest does."""
    fields = _fields(head)
    if "chunked" in fields.get("transfer-encoding", ""):
        return await _chunks(stream)
    if "content-length" in fields:
        return await stream.readexactly(int(fields["content-length"]))
    return await stream.read() if rest else b""


async def _chunks(stream: StreamReader) -> bytes:
    """A chunked body with its framing (no trailers, as our two ends send none)."""
    body = b""
    while True:
        line = await stream.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        body += line + await stream.readexactly(size + 2)
        if size == 0:
            return body


def _fields(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return {name.strip().lower(): value.strip().lower() for name, value in pairs}
