"""Refusals over HTTP: RFC 9457 problems, and the one table of statuses."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from server.parts import the_parts
from server.words import say
from sync.problems import SENTENCES, Refused

log_book = logging.getLogger(__name__)

RETRY_S = 5
PROBLEM = "application/problem+json"

# Every status beyond 200/201/204 that a code has; whatever is not here is a 422.
STATUS: dict[str, int] = {
    "request_malformed": 400,
    "body_not_text": 400,
    "credentials_missing": 401,
    "credentials_wrong": 401,
    "token_unknown": 401,
    "code_wrong": 403,
    "forbidden": 403,
    "original_reserved": 403,
    "device_revoked": 403,
    "bundle_unsigned": 403,
    "not_found": 404,
    "blob_missing": 404,
    "upload_offset_differs": 409,
    "already_cancelled": 409,
    "already_closed": 409,
    "not_closed": 409,
    "nothing_held": 409,
    "contradiction_open": 409,
    "order_cancelled": 409,
    "order_accepted": 409,
    "version_changed": 412,
    "tus_version_unknown": 412,
    "request_too_large": 413,
    "blob_too_large": 413,
    "upload_piece_type": 415,
    "range_out_of_bounds": 416,
    "upload_busy": 423,
    "too_many_requests": 429,
    "upload_quota_reached": 429,
    "upload_checksum_differs": 460,
    "server_error": 500,
    "app_not_built": 503,
    "database_busy": 503,
    "storage_unavailable": 503,
    "pictures_busy": 503,
    "storage_full": 507,
}
_BY_STATUS = {404: "not_found", 413: "request_too_large", 429: "too_many_requests"}


def problem(refusal: Refused) -> Response:
    """The answer that says no, why, and what to do."""
    status = STATUS.get(refusal.code, 422)
    return _answer(
        status, refusal.code, say(refusal.sentence, refusal.facts), refusal.facts
    )


def register(app: Flask) -> None:
    """Make every error of this application a problem."""
    app.register_error_handler(Refused, problem)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _from_error)


def _from_http(error: HTTPException) -> Response:
    """Routing and shape errors; `Allow` and `Retry-After` are kept."""
    status = error.code or 500
    code = _BY_STATUS.get(status, "request_malformed")
    facts = {"why": _shape_errors(error) or error.description or error.name}
    if status == 413:
        facts["limit"] = request.max_content_length
    answer = _answer(status, code, say(SENTENCES[code], facts), facts)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _shape_errors(error: HTTPException) -> Any:
    return getattr(error, "data", {}).get("messages")


def _from_error(error: Exception) -> Response:
    """A mistake of ours: logged with a reference, told in one sentence."""
    reference = secrets.token_hex(4)
    log_book.error("reference %s", reference, exc_info=error)
    return problem(Refused("server_error", reference=reference))


def _spread() -> int:
    """Whole seconds up to RETRY_S: whoever was turned away at once comes back one after
    the other (F8, F27)."""
    return the_parts().chance(1)[0] % (RETRY_S + 1)


def _answer(status: int, code: str, detail: str, facts: dict[str, Any]) -> Response:
    body = {
        "type": f"urn:doorstep:problem:{code}",
        "title": code,
        "status": status,
        "code": code,
        "detail": detail,
        **{k: v for k, v in facts.items() if k not in ("status", "code")},
    }
    answer = Response(json.dumps(body, ensure_ascii=False, default=str), status)
    answer.content_type = PROBLEM
    if status in (423, 429, 503):
        answer.headers["Retry-After"] = str(RETRY_S + _spread())
    if status == 416:
        answer.headers["Content-Range"] = f"bytes */{facts.get('length', '*')}"
    return answer
