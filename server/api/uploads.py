"""tus 1.0.0: bytes come in, a piece at a time, and go on where they were cut.

Core, creation, creation-with-upload, checksum, expiration, termination. With a grant
(from `hello`) a piece may be as long as the rest of the file, and of one that is cut
everything is kept that came. A piece that is signed or has a checksum counts as a
whole.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Response, request
from werkzeug.http import http_date

from server.asking import the_device, the_piece
from server.blueprint import Blueprint
from server.incoming import Incoming
from server.parts import Parts, the_parts
from server.shelf.contract import is_blob_name
from server.uploads import Upload
from sync.problems import Refused

blp = Blueprint("uploads", __name__, description="Photos and strokes come in (tus)")

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
PIECE = "application/offset+octet-stream"
ANYTHING = "application/octet-stream"
MIB = 1024 * 1024
HELD_BYTES = MIB  # of a piece with a checksum; more of it waits on the disk

_NUMBER = re.compile(r"[0-9]{1,15}")
_MEDIA = re.compile(r"[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,70}")


@blp.after_request
def _say_version(answer: Response) -> Response:
    answer.headers["Tus-Resumable"] = answer.headers["Tus-Version"] = VERSION
    return answer


@blp.route("/v1/uploads", methods=["OPTIONS"])
@blp.route("/v1/uploads/<name>", methods=["OPTIONS"])
@blp.response(204)
def abilities(name: str = "") -> Response:  # noqa: ARG001 - the same for every upload
    """What this server can do, as tus says it."""
    return Response(
        status=204,
        headers={
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(_most_bytes(the_parts())),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@blp.post("/v1/uploads")
@blp.response(201)
def begin() -> Response:
    """Begin an upload, or find the one begun before; bytes may come along, from the
    first one on.

    Bytes that the server already has need not be sent: `Upload-Offset` is the length.
    """
    parts, now, device = the_parts(), the_parts().now(), _device()
    length = _number("Upload-Length")
    if length > _most_bytes(parts):
        raise Refused("blob_too_large", limit=_most_bytes(parts))
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    sha256 = said.get("sha256", "")
    if not is_blob_name(sha256):
        raise Refused("field_misshapen", field="Upload-Metadata: sha256")
    one = parts.uploads.begin(device, sha256, length, _media(said), now)
    piece = the_piece()
    if piece.length == 0 or one.done:
        offset = parts.uploads.offset(one, now)
    else:
        with _sound(piece) as sound:
            offset = parts.uploads.append(one, 0, sound, now)
    where = {"Location": f"/v1/uploads/{one.id}"}
    return Response(status=201, headers=_standing(one, offset) | where)


@blp.route("/v1/uploads/<name>", methods=["HEAD"])
@blp.response(200)
def ask(name: str) -> Response:
    """How many bytes are here for good."""
    parts, now = the_parts(), the_parts().now()
    one = parts.uploads.find(name, _device(), now)
    return Response(headers=_standing(one, parts.uploads.offset(one, now)))


@blp.route("/v1/uploads/<name>", methods=["PATCH"])
@blp.response(204)
def go_on(name: str) -> Response:
    """Add a piece; after the last one the whole is verified and kept.

    Fewer bytes than were sent may be kept: `Upload-Offset` says how far it got.
    """
    parts, now = the_parts(), the_parts().now()
    one = parts.uploads.find(name, _device(), now)
    with _sound(the_piece()) as piece:
        offset = parts.uploads.append(one, _number("Upload-Offset"), piece, now)
    return Response(status=204, headers=_standing(one, offset))


@blp.delete("/v1/uploads/<name>")
@blp.response(204)
def drop(name: str) -> Response:
    """Give an upload up; bytes that arrived whole stay."""
    uploads = the_parts().uploads
    uploads.drop(uploads.find(name, _device(), the_parts().now()))
    return Response(status=204)


def _device() -> str:
    """Who uploads; refuses another protocol than ours first."""
    device = the_device().device
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Refused("tus_version_unknown", known=VERSION)
    return device


def _most_bytes(parts: Parts) -> int:
    return parts.config.upload_max_mb * MIB


def _standing(one: Upload, offset: int) -> dict[str, str]:
    said = {"sha256": one.sha256, "type": one.type}
    return {
        "Upload-Offset": str(offset),
        "Upload-Length": str(one.bytes),
        "Upload-Expires": http_date(one.expires_ms // 1000),
        "Upload-Metadata": ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}"
            for key, value in said.items()
        ),
    }


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not _NUMBER.fullmatch(text):
        raise Refused("field_misshapen", field=header)
    return int(text)


def _metadata(text: str) -> dict[str, str]:
    """Pairs of a key and a base64 value, with commas between (tus creation)."""
    found = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            raise Refused("field_misshapen", field="Upload-Metadata") from None
    return found


def _media(said: dict[str, Any]) -> str:
    """The type as the device says it; bytes of an odd type are bytes all the same."""
    media = said.get("type", "").lower()
    return media if _MEDIA.fullmatch(media) else ANYTHING


@contextmanager
def _sound(piece: Incoming) -> Iterator[Incoming]:
    """The piece, if it is one; with a checksum, if it arrived as that says."""
    if piece.length != 0 and request.mimetype != PIECE:
        raise Refused("upload_piece_type")
    text = request.headers.get("Upload-Checksum")
    if text is None:
        yield piece
        return
    with SpooledTemporaryFile(HELD_BYTES) as held:
        yield _checked(piece, text, cast("BinaryIO", held))


def _checked(piece: Incoming, text: str, held: BinaryIO) -> Incoming:
    """The whole piece, held until its checksum is known to be right."""
    algorithm, _, value = text.partition(" ")
    if algorithm not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise Refused("value_unknown", field="Upload-Checksum", known=known)
    digest = ALGORITHMS[algorithm]()
    for step in piece.steps(_most_bytes(the_parts())):
        digest.update(step)
        held.write(step)
    made = base64.b64encode(digest.digest())
    if not hmac.compare_digest(made, value.strip().encode()):
        raise Refused("upload_checksum_differs")
    length = held.tell()
    held.seek(0)
    return Incoming(held, length)
