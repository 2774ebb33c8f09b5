"""Every door of the server and who may go through it: the table that
`test_every_door.py` walks. A door that is missing here fails that test.

`needs`: an action of `sync/access.py`, or one of the words below. `body`, `query`: what
is asked when it is asked rightly; «…» stands for something that is theirs.
"""

from dataclasses import dataclass, field
from typing import Any

ANYBODY = "anybody"  # no matter who
SOMEBODY = "somebody"  # whoever proves who they are
DEVICE = "device"  # a tablet, which signs
LEAVE = "leave"  # a tablet, also with no more than its leave to hand in bytes
SESSION = "session"  # whoever is logged in


@dataclass(frozen=True, kw_only=True)
class Door:
    """One door. `of`: what kind of thing its path names; `foreign`: the status for
    whoever asks for another project's."""

    needs: str
    of: str = ""
    body: Any = None
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    foreign: int = 404
    shut_out: bool = False  # does a revoked tablet still come in?
    bare: bool = False  # is there nothing behind it in the house that is walked?


ANY = {"If-Match": "*"}
WHY = {"reason": "other", "words": "因为"}
DAY = "2025-12-14"


def order(needs: str, body: Any = None, **more: Any) -> Door:
    """Something about one order."""
    return Door(needs=needs, of="order", body=body, **more)


def statement(needs: str, query: str = "?project=«project»", **more: Any) -> Door:
    """Something about one day of a project; whether the project exists is no secret
    that its figures are."""
    return Door(needs=needs, query=query, foreign=403, **more)


DOORS: dict[tuple[str, str], Door] = {
    # to anybody
    ("GET", "/"): Door(needs=ANYBODY),
    ("GET", "/<any(tablet,console,verify):app>/"): Door(needs=ANYBODY),
    ("GET", "/<any(tablet,console,verify):app>/<path:name>"): Door(needs=ANYBODY),
    ("GET", "/healthz"): Door(needs=ANYBODY),
    ("GET", "/v/"): Door(needs=ANYBODY),
    ("POST", "/v/"): Door(needs=ANYBODY),
    ("GET", "/v/<code>"): Door(needs=ANYBODY),
    ("POST", "/v/<code>"): Door(needs=ANYBODY),
    ("GET", "/c/<code>"): Door(needs=ANYBODY),
    ("GET", "/o/<token>"): Door(needs=ANYBODY),
    ("POST", "/o/<token>"): Door(needs=ANYBODY),
    ("GET", "/openapi.json"): Door(needs=ANYBODY),
    ("GET", "/v1/log/keys"): Door(needs=ANYBODY),
    ("GET", "/v1/session/ways"): Door(needs=ANYBODY),
    ("GET", "/v1/session/openid"): Door(needs=ANYBODY),
    ("GET", "/v1/session/openid/answer"): Door(needs=ANYBODY),
    ("POST", "/v1/session"): Door(
        needs=ANYBODY, body={"person": "nobody", "password": "no such thing"}
    ),
    ("POST", "/v1/password"): Door(
        needs=ANYBODY, body={"code": "wrong", "password": "no such thing"}
    ),
    ("POST", "/v1/devices"): Door(needs=ANYBODY, body={"code": "wrong", "key": {}}),
    # tablets
    ("POST", "/v1/sync/hello"): Door(needs=DEVICE, body={}, shut_out=True),
    ("POST", "/v1/sync/push"): Door(
        needs=DEVICE, body={"facts": [{"b": "{}"}]}, shut_out=True
    ),
    ("POST", "/v1/sync/have"): Door(needs=DEVICE, body={}, shut_out=True),
    ("POST", "/v1/uploads"): Door(needs=LEAVE, shut_out=True),
    ("PATCH", "/v1/uploads/<name>"): Door(needs=LEAVE, shut_out=True),
    ("DELETE", "/v1/uploads/<name>"): Door(needs=LEAVE, shut_out=True),
    # whoever proves who they are, and gets what is theirs
    ("GET", "/v1/sync/pull"): Door(needs=SOMEBODY),
    ("GET", "/v1/policy"): Door(needs=SOMEBODY),
    ("GET", "/v1/log/head"): Door(needs=SOMEBODY),
    ("GET", "/v1/log/consistency"): Door(
        needs=SOMEBODY, query="?old=1&new=1", shut_out=True
    ),
    ("GET", "/v1/log/entry"): Door(needs=SOMEBODY, query="?position=1"),
    ("GET", "/v1/orders"): Door(needs=SOMEBODY),
    ("GET", "/v1/orders/changes"): Door(needs=SOMEBODY, query="?cursor=odd"),
    ("GET", "/v1/export/orders.csv"): Door(needs=SOMEBODY),
    ("GET", "/v1/export/orders.xlsx"): Door(needs=SOMEBODY),
    ("GET", "/v1/reviews"): Door(needs=SOMEBODY),
    ("GET", "/v1/views"): Door(needs=SOMEBODY),
    ("PUT", "/v1/views/<name>"): Door(needs=SOMEBODY, body={"query": "open=1"}),
    ("DELETE", "/v1/views/<name>"): Door(needs=SOMEBODY),
    ("GET", "/v1/sessions"): Door(needs=SOMEBODY),
    ("DELETE", "/v1/sessions/<id_>"): Door(needs=SOMEBODY, of="session"),
    ("GET", "/v1/session"): Door(needs=SESSION),
    ("PATCH", "/v1/session"): Door(needs=SESSION, body={"language": "en"}),
    ("DELETE", "/v1/session"): Door(needs=SESSION),
    # orders
    ("GET", "/v1/orders/<uuid:order>"): order("order.read"),
    ("GET", "/v1/orders/<uuid:order>/facts"): order("order.read"),
    ("GET", "/v1/orders/<uuid:order>/story"): order("order.read"),
    ("GET", "/v1/orders/<uuid:order>/certificate.pdf"): order("order.read"),
    ("GET", "/v1/orders/<uuid:order>/traces"): order("audit.read"),
    ("GET", "/v1/orders/<uuid:order>/evidence.zip"): order("evidence.read"),
    ("GET", "/v1/orders/<uuid:order>/candidates"): order("order.dispatch"),
    ("POST", "/v1/orders/<uuid:order>/dispatch"): order(
        "order.dispatch", {"technician": "nobody"}
    ),
    ("POST", "/v1/orders/<uuid:order>/cancel"): order("order.decide", WHY),
    ("POST", "/v1/orders/<uuid:order>/close"): order("order.decide", WHY),
    ("POST", "/v1/orders/<uuid:order>/reopen"): order("order.decide", WHY),
    ("POST", "/v1/orders/<uuid:order>/owner/link"): order("order.decide"),
    ("DELETE", "/v1/orders/<uuid:order>/owner/link"): order(
        "order.decide", {"reason": "转发"}
    ),
    ("POST", "/v1/orders/<uuid:order>/owner/ask"): order("order.decide"),
    ("POST", "/v1/orders/<uuid:order>/owner/revoke"): order(
        "order.approve", {"sheet": "0" * 64, "reason": "other"}, bare=True
    ),
    ("GET", "/v1/owner/reports"): Door(needs="report.read"),
    ("POST", "/v1/orders/<uuid:order>/hold"): order("order.decide", WHY),
    ("POST", "/v1/orders/<uuid:order>/resume"): order("order.decide", {}),
    ("POST", "/v1/orders/<uuid:order>/comment"): order("order.decide", {"words": "x"}),
    ("POST", "/v1/orders/<uuid:order>/appoint"): order(
        "order.decide", {"start_ms": 2_000_000_000_000, "end_ms": 2_000_003_600_000}
    ),
    ("POST", "/v1/orders/<uuid:order>/correct"): order(
        "order.decide", {"trade": "plumbing"}
    ),
    ("POST", "/v1/orders/<uuid:order>/merge"): order(
        "order.decide", {"into": "«other»"}
    ),
    ("POST", "/v1/orders/<uuid:order>/approve"): order(
        "order.approve", {"up_to_fen": 1}
    ),
    ("POST", "/v1/orders/<uuid:order>/resolve"): order(
        "review.resolve", WHY | {"review": "A" * 16}, bare=True
    ),
    ("POST", "/v1/orders/<uuid:order>/number"): order(
        "intake.write", {"number": "SH-1"}
    ),
    ("POST", "/v1/orders/<uuid:order>/take"): order("intake.write", {}),
    ("GET", "/v1/feed/facts"): Door(needs="order.read everywhere"),
    ("GET", "/v1/blobs/<sha256>"): Door(needs="order.read", of="photo"),
    ("GET", "/v1/blobs/<sha256>/preview"): Door(needs="order.read", of="photo"),
    ("GET", "/v1/blobs/<sha256>/finding"): Door(needs="order.read", of="photo"),
    # the desk
    ("POST", "/v1/orders"): Door(
        needs="intake.write",
        body={
            "project": "«project»",
            "channel": "phone",
            "sort": "repair",
            "fault": "漏水",
        },
        foreign=403,
    ),
    ("GET", "/v1/intake/lookup"): Door(needs="intake.write", query="?q=1702"),
    ("GET", "/v1/homes"): Door(
        needs="intake.write",
        query="?project=«project»&building=3&unit=2&room=1702",
        foreign=403,
    ),
    ("PUT", "/v1/homes"): Door(
        needs="intake.write",
        headers=ANY,
        foreign=403,
        body={
            "project": "«project»",
            "building": "3",
            "unit": "2",
            "room": "1702",
            "residents": [],
        },
    ),
    ("GET", "/v1/roster"): Door(needs="roster.read", query=f"?from={DAY}&to={DAY}"),
    ("GET", "/v1/roster/<project>/<day>"): Door(
        needs="roster.read", of="project", foreign=403
    ),
    ("PUT", "/v1/roster/<project>/<day>"): Door(
        needs="roster.write",
        of="project",
        foreign=403,
        headers=ANY,
        body={"lead": "", "technicians": []},
    ),
    ("GET", "/v1/qualifications"): Door(needs="roster.read"),
    ("GET", "/v1/qualifications/<person>"): Door(needs="roster.read"),
    ("PUT", "/v1/qualifications/<person>"): Door(
        needs="roster.write everywhere", headers=ANY, body={"certificates": []}
    ),
    # people and tablets
    ("GET", "/v1/people"): Door(needs="people.read"),
    ("POST", "/v1/people"): Door(
        needs="people.write",
        foreign=403,
        body={
            "id": "«new»",
            "name": "新人",
            "grants": [{"role": "auditor", "project": "«project»"}],
        },
    ),
    ("GET", "/v1/people/<person>"): Door(needs="people.read"),
    ("PATCH", "/v1/people/<person>"): Door(
        needs="people.write", of="person", foreign=403, headers=ANY, body={"phone": "1"}
    ),
    ("PUT", "/v1/people/<person>/grants"): Door(
        needs="people.write", of="person", foreign=403, headers=ANY, body={"grants": []}
    ),
    ("POST", "/v1/people/<person>/password-code"): Door(
        needs="people.write", of="person", foreign=403, body={}
    ),
    ("GET", "/v1/projects"): Door(needs="project.read"),
    ("POST", "/v1/projects"): Door(
        needs="project.write everywhere", body={"id": "«new»", "name": "新项目"}
    ),
    ("GET", "/v1/projects/<path:project>"): Door(needs="project.read", of="project"),
    ("PATCH", "/v1/projects/<path:project>"): Door(
        needs="project.write", of="project", headers=ANY, body={"name": "新名字"}
    ),
    ("GET", "/v1/devices"): Door(needs="device.read"),
    ("GET", "/v1/devices/<device>"): Door(needs="device.read", of="device"),
    ("POST", "/v1/devices/codes"): Door(
        needs="device.manage", body={"person": "«technician»"}, foreign=403
    ),
    ("POST", "/v1/devices/<device>/revoke"): Door(
        needs="device.manage", of="device", body={"reason": "丢了"}
    ),
    ("POST", "/v1/bundles"): Door(needs="device.manage or leave"),
    # notices
    ("POST", "/v1/central/rows"): Door(
        needs="log.write everywhere",
        body={"rows": [{"统一编号": "SH-9", "登记时间": "2025-12-14 11:00"}]},
    ),
    ("GET", "/v1/central/mappings"): Door(needs="log.write everywhere"),
    ("PUT", "/v1/central/mappings/<name>"): Door(
        needs="log.write everywhere", body={"columns": {"单据": "统一编号"}}
    ),
    ("GET", "/v1/differences"): Door(needs="difference.read"),
    ("GET", "/v1/differences/<difference>"): Door(needs="difference.read", bare=True),
    ("POST", "/v1/differences/<difference>/settle"): Door(
        needs="difference.read",
        bare=True,
        body={"choice": "waive", "reason": "unknowable"},
    ),
    ("POST", "/v1/differences/settle"): Door(
        needs="difference.read",
        bare=True,
        body={
            "choice": "waive",
            "reason": "unknowable",
            "differences": ["A" * 43],
        },
    ),
    ("POST", "/v1/differences/<difference>/undo"): Door(
        needs="difference.read", bare=True, body={}
    ),
    ("POST", "/v1/differences/<difference>/take"): Door(
        needs="difference.read", bare=True, body={}
    ),
    ("GET", "/v1/central/corrections"): Door(needs="difference.read"),
    # statements of a day or a month
    ("GET", "/v1/statements"): Door(
        needs="statement.read", query=f"?month={DAY[:7]}&project=«project»", foreign=403
    ),
    ("GET", "/v1/statements/<period>"): statement("statement.read"),
    ("GET", "/v1/statements/<period>/records"): statement(
        "statement.read", query="?figure=asked&project=«project»"
    ),
    ("GET", "/v1/statements/<period>/statement.csv"): statement("statement.read"),
    ("GET", "/v1/statements/<period>/statement.xlsx"): statement("statement.read"),
    ("GET", "/v1/statements/<period>/statement.pdf"): statement("statement.read"),
    ("POST", "/v1/statements/<period>/close"): statement(
        "statement.close", query="", body={"project": "«project»", "digest": "0" * 64}
    ),
    ("POST", "/v1/statements/<period>/reopen"): statement(
        "statement.close", query="", body={"project": "«project»", "words": "补录"}
    ),
    ("GET", "/v1/notices"): Door(needs="notice.read"),
    ("POST", "/v1/notices/<notice>/replay"): Door(needs="notice.manage everywhere"),
    ("GET", "/v1/targets"): Door(needs="notice.read everywhere"),
    ("POST", "/v1/targets"): Door(
        needs="notice.manage everywhere",
        body={"kind": "email", "name": "值班", "address": "duty@example.com"},
    ),
    ("DELETE", "/v1/targets/<target>"): Door(needs="notice.manage everywhere"),
    ("GET", "/v1/webhooks"): Door(needs="notice.read everywhere"),
    ("POST", "/v1/webhooks"): Door(
        needs="notice.manage everywhere", body={"url": "https://example.com/hook"}
    ),
    ("DELETE", "/v1/webhooks/<webhook>"): Door(needs="notice.manage everywhere"),
    ("POST", "/v1/webhooks/<webhook>/rotate"): Door(needs="notice.manage everywhere"),
}
