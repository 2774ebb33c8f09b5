"""Which version of something its changer had seen: If-Match and ETag.

A version is a word: a number that counts, or a digest of what is there. May not enter:
what is changed.
"""

import re

from flask import Response, request

from sync.problems import Refused

_MARK = re.compile(r'"([A-Za-z0-9_-]{1,64})"')


def seen_version() -> str | None:
    """The version that If-Match names; None if any will do (`*`). Whoever says nothing
    is asked to look first."""
    said = request.headers.get("If-Match")
    if said is None:
        raise Refused("match_missing")
    if said.strip() == "*":
        return None
    if found := _MARK.fullmatch(said.strip()):
        return found[1]
    raise Refused("request_malformed", why="If-Match")


def marked(answer: Response, version: str) -> Response:
    """The answer with its version as ETag."""
    answer.headers["ETag"] = f'"{version}"'
    return answer
