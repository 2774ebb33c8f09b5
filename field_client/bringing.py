"""Bringing a colleague's rescue bundle to the server, under this tablet's own leave.

What is in it nobody here can read; the server's answer says what became of it. May not
enter: how a bundle is made.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from field_client.contact import Exchanging
from field_client.transport import NoAnswer
from sync.problems import Refused

PIECE_BYTES = 1 << 18


def bring_bundle(exchange: Exchanging, path: Path) -> Mapping[str, Any]:
    """Hello, then the whole file at once; a line that breaks means: all over again,
    which is free to do."""
    welcome = exchange.hello()
    try:
        size = path.stat().st_size
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size),
        }
        pieces = _pieces(path)
        reply = exchange.door.carry(
            "POST", "/v1/bundles", welcome.uploads, headers, pieces
        )
    except OSError as why:
        raise Refused("file_unreadable", path=path, why=why.strerror) from None
    answer = json.loads(reply.body)
    if not isinstance(answer, dict):
        raise NoAnswer("not an object")
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece
