"""The only module that knows a network.

`Call` is all that the rest needs of it, so that a test may put a server in its place.
May not enter: what is said, who says it, whether an answer is to be believed.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

CONNECT_SECONDS = 10
ANSWER_SECONDS = 40  # longer than the longest poll
MOST_BYTES = 64 * 1024 * 1024  # of one answer, unpacked
NEEDLESS = ("Accept", "Connection", "User-Agent")  # whoever signs need not introduce


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back, believed or not. Header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class NoAnswer(Exception):
    """Nothing that could be believed came back; nobody knows what was done."""

    def __init__(self, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status  # of an answer that nobody has sealed


class Answered(Exception):
    """The server itself said no."""

    def __init__(
        self, status: int, problem: Mapping[str, Any], retry_after_ms: int | None
    ) -> None:
        super().__init__(status, problem.get("code"))
        self.status = status
        self.problem = problem
        self.retry_after_ms = retry_after_ms

    @property
    def code(self) -> str:
        """The problem's stable code; empty if there was none."""
        return str(self.problem.get("code", ""))


class Call(Protocol):
    """Send a request to the server and bring back what came; `NoAnswer` if nothing.

    A call that `streams` also takes a body piece by piece (`stream`).
    """

    def __call__(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Reply: ...


def send_pieces(
    call: Call,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: Iterable[bytes],
) -> Reply:
    """A body in pieces, as one where the call knows nothing better. None at all is an
    empty body: sent in pieces it would be one of unknown length."""
    stream = getattr(call, "stream", None)
    if stream is None or body == ():
        return call(method, target, headers, b"".join(body))
    reply: Reply = stream(method, target, headers, body)
    return reply


class HttpCall:
    """A `Call` over HTTP. It follows no redirect: a portal's is not the server's."""

    def __init__(self, server: str) -> None:
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        self.client = httpx.Client(base_url=server.rstrip("/"), timeout=timeout)
        for name in NEEDLESS:
            self.client.headers.pop(name, None)

    def close(self) -> None:
        """Hang up."""
        self.client.close()

    def __call__(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        """One request; httpx is told not to touch target, encoding or body."""
        return self.stream(method, target, headers, body)

    def stream(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | Iterable[bytes],
    ) -> Reply:
        """The same; in pieces it needs a Content-Length."""
        said = {"Accept-Encoding": "gzip", **headers}
        try:
            with self.client.stream(method, target, headers=said, content=body) as one:
                packed = one.headers.get("content-encoding", "") == "gzip"
                return Reply(
                    status=one.status_code,
                    headers={name.lower(): held for name, held in one.headers.items()},
                    body=_bounded(one.iter_raw(), packed),
                )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(type(error).__name__) from None


def _bounded(pieces: Iterable[bytes], packed: bool) -> bytes:
    """The plain body. Whoever sits in between may send anything, packed a thousand to
    one, and is not listened to without end (X10)."""
    machine = zlib.decompressobj(wbits=31) if packed else None
    body = bytearray()
    for piece in pieces:
        try:
            room = MOST_BYTES + 1 - len(body)
            body += machine.decompress(piece, room) if machine else piece
        except zlib.error:
            raise NoAnswer("not gzip") from None
        if len(body) > MOST_BYTES:
            raise NoAnswer("too long")
    if machine and not machine.eof:
        raise NoAnswer("cut")
    return bytes(body)
