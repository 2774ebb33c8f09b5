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
    "password_wrong": 401,
    "openid_stale": 403,
    "openid_failed": 502,
    "openid_stranger": 403,
    "session_over": 401,
    "csrf_wrong": 403,
    "code_wrong": 403,
    "forbidden": 403,
    "original_reserved": 403,
    "disclosure_reserved": 403,
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
    "already_held": 409,
    "not_held": 409,
    "erasure_held": 409,
    "erasure_not_held": 409,
    "order_over": 409,
    "difference_settled": 409,
    "difference_open": 409,
    "difference_over": 409,
    "difference_without_order": 409,
    "settlement_overtaken": 409,
    "settlement_in_statement": 409,
    "order_cancelled": 409,
    "order_accepted": 409,
    "version_changed": 412,
    "cursor_unknown": 410,
    "key_misshapen": 400,
    "key_busy": 409,
    "roster_changed": 412,
    "changed_meanwhile": 412,
    "person_exists": 409,
    "person_left": 409,
    "last_administrator": 409,
    "administrator_exists": 409,
    "project_exists": 409,
    "match_missing": 428,
    "number_given": 409,
    "notice_not_dead": 409,
    "targets_full": 409,
    "both_worked": 409,
    "reconcile_overtaken": 409,
    "statement_not_over": 409,
    "statement_closed": 409,
    "statement_not_closed": 409,
    "statement_moved": 412,
    "statement_open": 409,
    "figure_unknown": 404,
    "mapping_missing": 404,
    "another_history": 409,
    "log_silent": 409,
    "not_accepted": 409,
    "sheet_absent": 409,
    "copy_unknown": 404,
    "copy_not_here": 404,
    "owner_link_over": 404,
    "owner_asked_for_nothing": 409,
    "owner_phone_missing": 409,
    "owner_no_way": 409,
    "owner_asked_lately": 429,
    "owner_code_wrong": 403,
    "owner_code_over": 403,
    "owner_disputed_already": 409,
    "certificate_unknown": 404,
    "certificate_revoked": 409,
    "person_elsewhere": 409,
    "certificate_missing": 409,
    "certificate_expired": 409,
    "certificate_not_yet": 409,
    "trade_missing": 409,
    "tus_version_unknown": 412,
    "request_too_large": 413,
    "blob_too_large": 413,
    "upload_piece_type": 415,
    "range_out_of_bounds": 416,
    "upload_busy": 423,
    "too_many_requests": 429,
    "login_slow": 429,
    "upload_quota_reached": 429,
    "upload_checksum_differs": 460,
    "server_error": 500,
    "app_not_built": 503,
    "database_busy": 503,
    "storage_unavailable": 503,
    "pictures_busy": 503,
    "paper_busy": 503,
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
        answer.headers["Retry-After"] = str(facts.get("seconds", RETRY_S) + _spread())
    if status == 416:
        answer.headers["Content-Range"] = f"bytes */{facts.get('length', '*')}"
    return answer
