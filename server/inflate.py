"""gzip bodies, unpacked within bounds before anybody reads them.

The bytes as they came are what a device signed; they stay at hand. May not enter:
what the body means.
"""

import zlib
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

MOST_RATIO = 30  # a text of facts packs about ten to one
RAW = "doorstep.raw_body"

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Inflate:
    """WSGI middleware: requests with `Content-Encoding: gzip` become plain ones."""

    def __init__(self, app: App, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("HTTP_CONTENT_ENCODING", "").lower() != "gzip":
            return self._app(environ, start_response)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        raw = environ["wsgi.input"].read(min(length, self._most + 1))
        plain = unpack(raw, self._most * MOST_RATIO) if len(raw) <= self._most else None
        environ[RAW] = raw
        if plain is None:
            plain = raw  # not readable as JSON: answered as a malformed request
        environ["wsgi.input"] = BytesIO(plain)
        environ["CONTENT_LENGTH"] = str(len(plain))
        del environ["HTTP_CONTENT_ENCODING"]
        return self._app(environ, start_response)


def unpack(raw: bytes, most: int) -> bytes | None:
    """The unpacked bytes; None if they are broken or more than `most` (X18)."""
    machine = zlib.decompressobj(wbits=31)
    try:
        plain = machine.decompress(raw, most)
    except zlib.error:
        return None
    return plain if machine.eof and not machine.unconsumed_tail else None
