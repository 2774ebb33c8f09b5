"""Answers packed for the way, for whoever reads gzip.

What is sealed and what is measured are the plain bytes; packing is only how they travel
(RFC 9110, 8.4). zlib-ng: packs as small as zlib's sixth level in half the time, and
every reader of gzip reads it. May not enter: what an answer says.
"""

from flask import Request, Response
from zlib_ng import zlib_ng

LEAST_BYTES = 1000  # below, a packed answer is hardly smaller than a plain one
LEVEL = 5
_GZIP = 31  # a window of 32 KiB, with the frame of gzip
JSON = "application/json"


def pack(request: Request, answer: Response) -> None:
    """Pack the body of this answer if its reader can unpack it and it is worth it."""
    if answer.mimetype != JSON or answer.status_code != 200 or answer.is_streamed:
        return
    if (answer.content_length or 0) < LEAST_BYTES:
        return
    answer.headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings.quality("gzip") > 0:
        answer.set_data(zlib_ng.compress(answer.get_data(), LEVEL, wbits=_GZIP))
        answer.headers["Content-Encoding"] = "gzip"
