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
TOO_LARGE = "doorstep.body_too_large"

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Inflate:
    """WSGI middleware: requests with `Content-Encoding: gzip` become plain ones."""

    def __init__(self, app: App, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("HTTP_CONTENT_ENCODING", "").lower() != "gzip":
            return self._app(environ, start_response)
        raw = _read(environ, self._most + 1)
        environ[RAW] = raw
        plain, too_large = b"", len(raw) > self._most
        if not too_large:
            plain, too_large = unpack(raw, self._most * MOST_RATIO)
        environ[TOO_LARGE] = too_large
        environ["wsgi.input"] = BytesIO(plain)
        environ["CONTENT_LENGTH"] = str(len(plain))
        del environ["HTTP_CONTENT_ENCODING"]
        return self._app(environ, start_response)


def _read(environ: dict[str, Any], most: int) -> bytes:
    """The body up to `most` bytes, with a length or in chunks."""
    length = environ.get("CONTENT_LENGTH", "")
    if length.isdecimal():
        most = min(int(length), most)
    elif not environ.get("wsgi.input_terminated"):
        return b""
    body: bytes = environ["wsgi.input"].read(most)
    return body


def unpack(raw: bytes, most: int) -> tuple[bytes, bool]:
    """The unpacked bytes, and whether there are more than `most` (X18).

    Broken bytes come back as they are: whoever expects JSON says what is wrong.
    """
    machine = zlib.decompressobj(wbits=31)
    try:
        plain = machine.decompress(raw, most)
        more = not machine.eof and bool(machine.decompress(machine.unconsumed_tail, 1))
    except zlib.error:
        return raw, False
    return (plain if machine.eof else raw), more
