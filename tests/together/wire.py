"""One HTTP exchange over a real socket, byte by byte, that may be cut at any of them.

It takes what came as it came: an answer that was cut is handed on as far as it got, as
the worst of proxies would. May not enter: what is asked.
"""

import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from field_client.transport import NoAnswer, Reply

AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close with RST instead of FIN


@dataclass
class Cut:
    """Where the line breaks: so many bytes of the `request` or the `answer` of the
    first exchange whose `METHOD /target` begins like this still get through."""

    way: str
    after: int
    on: str


class Wire:
    """A `Call` to one server, a new connection for each exchange."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cut: Cut | None = None
        self.lengths: dict[tuple[str, str], int] = {}
        self.whole = False  # the answer was shorter than the cut: nothing was cut off

    def __call__(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        name, request = f"{method} {target}", rendered(method, target, headers, body)
        cut = self.cut if self.cut and name.startswith(self.cut.on) else None
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            if cut and cut.after % 2:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            if cut and cut.way == "request":
                self.lengths["request", cut.on] = len(request)
                line.sendall(request[: cut.after])
                raise NoAnswer("cut on the way there")
            line.sendall(request)
            answer = self._read(line, cut)
        if cut is None:
            for on in KNOWN:
                if name.startswith(on):
                    self.lengths["answer", on] = len(answer)
        return parsed(answer)

    def _read(self, line: socket.socket, cut: Cut | None) -> bytes:
        """The answer, to its end or to the cut; its first byte is always waited for, so
        that the server has done what it was asked."""
        self.whole = False
        if cut is not None and cut.after == 0:
            line.recv(1, socket.MSG_PEEK)
            return b""
        got = b""
        while cut is None or len(got) < cut.after:
            left = 65536 if cut is None else cut.after - len(got)
            if not (piece := line.recv(left)):
                break
            got += piece
        self.whole = not line.recv(1, socket.MSG_PEEK)
        return got


HELLO, PUSH, PULL = "POST /v1/sync/hello", "POST /v1/sync/push", "GET /v1/sync/pull"
ENROL, BEGIN, PATCH = "POST /v1/devices", "POST /v1/uploads", "PATCH /v1/uploads"
KNOWN = (HELLO, PUSH, PULL, ENROL, BEGIN, PATCH)


def rendered(
    method: str, target: str, headers: Mapping[str, str], body: bytes
) -> bytes:
    """The request as bytes on the line, with as few headers as will do."""
    said = {"Host": "x", "Connection": "close", **headers}
    if body or method in ("POST", "PATCH"):
        said["Content-Length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + body


def parsed(answer: bytes) -> Reply:
    """Whatever of an answer is here; no answer if not even its head is whole."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        raise NoAnswer("cut on the way back")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if headers.get("transfer-encoding") == "chunked":
        raise AssertionError("this line does not read chunks")
    return Reply(status=int(first.split()[1]), headers=headers, body=body)
