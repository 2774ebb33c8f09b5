"""Answers that are JSON already, and a mark by which a reader knows them again.

For lists that are asked for again and again: an answer that was had is not sent twice.
May not enter: what is answered.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson
from flask import Response, request

from sync.signing import b64

JSON = "application/json"


def answer(
    said: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """This as JSON."""
    made = Response(orjson.dumps(said), content_type=JSON)
    made.headers.update(headers or {})
    return made


def answer_if_new(said: Mapping[str, Any], about: Mapping[str, Any]) -> Response:
    """This as JSON, or 304 if the reader has an answer that says the same `about` the
    matter: the time of asking is no news."""
    mark = b64(sha256(orjson.dumps(about, option=orjson.OPT_SORT_KEYS)).digest()[:12])
    if request.if_none_match.contains_weak(mark):
        made = Response(status=304)
    else:
        made = answer(said)
    made.set_etag(mark, weak=True)
    return made
