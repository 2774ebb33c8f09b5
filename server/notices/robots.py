"""Groups of WeChat Work, DingTalk and Feishu: one text, in the shape that each wants.

All three answer 200 whatever happened, and say in the body whether they took it. May
not enter: what the text says, how often one is sent.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from server.notices.reach import Answer, Reach, Unreachable
from server.notices.signing import dingtalk_query, feishu_fields

MOST_BYTES = 2000  # of the text, in UTF-8: WeChat Work takes 2,048
TOO_FAST = frozenset({45009, 130101, 11232, 9499})  # each one's own code
AFTER_S = 60

Request = tuple[str, Mapping[str, Any]]  # address, body


def _wecom(address: str, text: str, secret: str | None, now_ms: int) -> Request:  # noqa: ARG001 - one shape
    return address, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(address: str, text: str, secret: str | None, now_ms: int) -> Request:
    signed = dingtalk_query(secret, now_ms) if secret else ""
    body = {"msgtype": "text", "text": {"content": text}, "at": {"isAtAll": False}}
    return address + signed, body


def _feishu(address: str, text: str, secret: str | None, now_ms: int) -> Request:
    signed = feishu_fields(secret, now_ms // 1000) if secret else {}
    return address, {**signed, "msg_type": "text", "content": {"text": text}}


SHAPES: Mapping[str, Callable[[str, str, str | None, int], Request]] = {
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
}


def tell(
    reach: Reach, kind: str, address: str, text: str, secret: str | None, now_ms: int
) -> None:
    """Say this in the group; `Unreachable` if the robot did not take it."""
    url, body = SHAPES[kind](address, _short(text), secret, now_ms)
    said = json.dumps(body, ensure_ascii=False).encode()
    _must_be_taken(reach.post(url, said, {"Content-Type": "application/json"}))


def _short(text: str) -> str:
    """As much of it as a robot takes, cut between two letters."""
    if len(text.encode()) <= MOST_BYTES:
        return text
    return text.encode()[:MOST_BYTES].decode(errors="ignore") + "…"


def _must_be_taken(answer: Answer) -> None:
    must_be_well(answer)
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unreachable("answer_unreadable")
    codes = [said[name] for name in ("errcode", "code", "StatusCode") if name in said]
    if not codes or any(code != 0 for code in codes):
        fast = any(code in TOO_FAST for code in codes)
        raise Unreachable(f"robot_{codes[0] if codes else 'silent'}"[:40],
                          after_s=AFTER_S if fast else None)  # fmt: skip


def must_be_well(answer: Answer) -> None:
    """A 2xx; a 4xx that repeating does not help is lasting."""
    status = answer.status
    if 200 <= status < 300:
        return
    lasting = 400 <= status < 500 and status not in (401, 403, 404, 408, 409, 425, 429)
    raise Unreachable(f"status_{status}", lasting=lasting, after_s=answer.after_s)
