"""Bytes go out: originals, previews and findings, through orders the caller may see.

Whatever the bytes are, a browser that meets them shows and runs nothing (X13).
"""

from typing import Any

from flask import Response, request
from marshmallow import Schema, fields
from marshmallow.validate import OneOf
from werkzeug.wsgi import FileWrapper

from server.asking import the_caller
from server.blueprint import Blueprint
from server.originals import SIDES, Original
from server.parts import the_parts
from server.shelf.contract import is_blob_name
from sync.access import projects
from sync.problems import Refused

blp = Blueprint("blobs", __name__, description="Photos, previews, findings")

STEP = 64 * 1024
ORIGIN = ("taken_local", "taken_utc_ms", "place")
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"})
INERT = {
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=3600",
    "Vary": "Authorization, Cookie",
}


class PreviewSchema(Schema):
    """How large, in pixels of the longer side."""

    side = fields.Integer(load_default=1024, validate=OneOf(SIDES))


class FindingSchema(Schema):
    """What the darkroom found. `claims`: what the camera says of time and place."""

    type = fields.String(required=True)
    bytes = fields.Integer(required=True)
    finding = fields.Dict(allow_none=True)
    claims = fields.Dict(allow_none=True)


@blp.get("/v1/blobs/<sha256>")
@blp.response(200)
def read(sha256: str) -> Response:
    """The bytes, whole or in part (`Range`); HEAD for the length alone."""
    original = _readable(sha256)
    tag = f'"{original.sha256}"'
    headers = INERT | {"ETag": tag, "Accept-Ranges": "bytes"}
    if request.if_none_match.contains(original.sha256):
        return Response(status=304, headers=headers)
    media = original.type if original.type in SHOWN else "application/octet-stream"
    start, end, status = _asked_range(original.bytes, tag)
    headers |= {"Content-Type": media, "Content-Length": str(end - start)}
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{original.bytes}"
    if request.method == "HEAD":
        return Response(status=status, headers=headers)
    body = FileWrapper(the_parts().shelf.open(original.sha256, start, end), STEP)
    return Response(body, status, headers, direct_passthrough=True)


@blp.get("/v1/blobs/<sha256>/preview")
@blp.arguments(PreviewSchema, location="query")
@blp.response(200)
def preview(asked: dict[str, Any], sha256: str) -> Response:
    """The picture upright, as JPEG without any metadata."""
    original = _visible(sha256)
    made = the_parts().originals.preview(original, asked["side"])
    return Response(made, headers=INERT | {"Content-Type": "image/jpeg"})


@blp.get("/v1/blobs/<sha256>/finding")
@blp.response(200, FindingSchema)
def finding(sha256: str) -> Any:
    """What is wrong with a picture; time and place for those who may know (X11)."""
    original = _seen(_visible(sha256))
    found = dict(original.finding) if original.finding else None
    claims = found.pop("claims", None) if found else None
    answer = {"type": original.type, "bytes": original.bytes, "finding": found}
    if _may_know_origin(sha256):
        answer["claims"] = claims
    return answer


def _readable(sha256: str) -> Original:
    """The same, if the caller may also learn when and where a camera says it was."""
    original = _visible(sha256)
    if not _may_know_origin(sha256):
        original = _seen(original)
    claims = (original.finding or {}).get("claims") or {}
    tells = any(claims.get(name) for name in ORIGIN)
    if tells and not _may_know_origin(sha256):
        raise Refused("original_reserved")
    return original


def _may_know_origin(sha256: str) -> bool:
    """May the caller know where and when a picture says it was taken (X11)?"""
    places = projects(the_caller().grants, "picture.origin")
    return the_parts().feed.speaks_of(places, sha256)


def _seen(original: Original) -> Original:
    """The same after it was looked at, now if need be: before, nobody knows what a
    camera says in it."""
    parts = the_parts()
    if original.unseen:
        parts.findings.look_at(original.sha256, parts.now())
        return parts.originals.held(original.sha256) or original
    return original


def _visible(sha256: str) -> Original:
    """The original, if an order in the caller's scope speaks of it; else as unknown."""
    caller, parts = the_caller(), the_parts()
    found = None
    if is_blob_name(sha256) and parts.feed.may_see_blob(
        caller.actor, caller.grants, sha256
    ):
        found = parts.originals.held(sha256)
    if found is None:
        raise Refused("not_found")
    return found


def _asked_range(length: int, tag: str) -> tuple[int, int, int]:
    """From, to (not included) and status. Several ranges at once: the whole."""
    wanted, condition = request.range, request.headers.get("If-Range", tag)
    if wanted is None or len(wanted.ranges) != 1 or condition != tag:
        return 0, length, 200
    found = wanted.range_for_length(length)
    if wanted.units != "bytes":
        return 0, length, 200
    if found is None:
        raise Refused("range_out_of_bounds", length=length)
    return found[0], found[1], 206
