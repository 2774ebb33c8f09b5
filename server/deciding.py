"""Who decides about which order, having seen what: read from a request.

May not enter: what is decided.
"""

import re
from typing import Any

from flask import request

from server.asking import must_order
from server.parts import the_parts
from sync.problems import Refused

_REV = re.compile(r'"[0-9]{1,16}"')


def how_decided(action: str, order: Any, words: str) -> dict[str, Any]:
    """Of which order, by whom, when, having seen which `rev` of it."""
    name = f"order:{order}"
    return {
        "stream": name, "by": must_order(action, name).actor, "words": words,
        "now_ms": the_parts().now(), "seen": _seen(),
    }  # fmt: skip


def _seen() -> int | None:
    """The `rev` that the caller had on the screen, if they say so."""
    said = request.headers.get("If-Match")
    if said is None or said.strip() == "*":
        return None
    if not _REV.fullmatch(said.strip()):
        raise Refused("request_malformed", why="If-Match")
    return int(said.strip().strip('"'))
