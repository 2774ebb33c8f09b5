"""A statement on paper: figures, what is open and why, what proves it (PDF/A-3).

The bytes that its digest is over lie in it as an attachment. The same statement gives
the same bytes. May not enter: HTTP, counting.
"""

from server.paper import TAGS
from server.paper.attachments import Attached
from server.paper.blocks import LEFT, RIGHT, lines, table
from server.paper.drawing import qr
from server.paper.printing import printed
from server.parts import Parts
from server.statements import files
from server.statements.closing import MEDIA_TYPE, Account
from server.statements.counting import as_bytes
from server.statements.naming import STATES, label_of, shown
from server.words import asked_language, say
from sync.statements import BASES, ITEMS, SECTIONS
from sync.words import N_

MOST_OPEN = 500  # on paper; all of them are in the attachment
NAME = "statement.json"


def as_pdf(found: Account, parts: Parts) -> bytes:
    """The PDF. Refused: `paper_busy`, `paper_too_large`."""
    records = Attached(
        name=NAME, data=as_bytes(found.shown), type=MEDIA_TYPE, relationship="source",
        description=say(N_("报表摘要所指的原文：全部数字和记录"), {}),
    )  # fmt: skip
    day = found.period.is_day
    lang, region = TAGS[asked_language()]
    said = {
        "title": say(N_("日结报表") if day else N_("月结报表"), {}),
        "number": found.period.name, "issuer": "Doorstep",
        "lang": lang, "region": region,
        "site": found.project or say(files.EVERY_PROJECT, {}),
        "heading": found.period.name,
        "answer": say(STATES[found.state], {}),
        "tone": "good" if found.closing and not found.findings else "bad",
        "scan": say(N_("二维码是本报表的摘要"), {}),
        "notices": _notices(found),
        "blocks": [*_figures(found), *_open(found), *_proof(found, parts)],
        "footer": say(N_("{period}　摘要 {digest}"), {
            "period": found.period.name, "digest": found.shown_digest[:16],
        }),
        "page": say(N_("第 {n} 页，共 {all} 页"), {"n": "{n}", "all": "{all}"}),
        "spelled_note": say(
            N_("方括号内的 U+ 编码代表字库里没有的字，原字见附件。"), {}
        ),
        "attached": [records.listed],
    }  # fmt: skip
    drawn = {"qr.svg": qr(f"sha256:{found.shown_digest}"), NAME: records.data}
    return printed(said, drawn, _dated(found))


def _dated(found: Account) -> int:
    """When it was closed; what is open is dated by its period, not by the clock."""
    return found.closing.at_ms if found.closing else found.period.end_ms


def _notices(found: Account) -> list[str]:
    said = []
    if found.findings:
        said.append(say(N_("这份报表核对不上：{what}"), {
            "what": ", ".join(found.findings),
        }))  # fmt: skip
    if found.changes:
        said.append(say(
            N_("结账之后有 {n} 个数字因迟到的记录而不同；这里仍是结账时的数字。"),
            {"n": len(found.changes)},
        ))  # fmt: skip
    if found.closing is None:
        said.append(say(N_("还没有结账：数字会随新的记录变化。"), {}))
    return said


def _figures(found: Account) -> list[dict[str, object]]:
    columns = [(say(N_("数字"), {}), LEFT, "1fr"), (say(N_("数值"), {}), RIGHT, "34mm")]
    blocks: list[dict[str, object]] = []
    for code, label in SECTIONS.items():
        rows = [(label_of(one.code), shown(one.code, one.value))
                for one in files.of_section(found.shown, code)]  # fmt: skip
        blocks.append(table(say(label, {}), columns, rows))
        blocks.append(lines("", [say(BASES[code], {})], mark=""))
    return blocks


def _open(found: Account) -> list[dict[str, object]]:
    reasons = (found.closing.reasons if found.closing else None) or {}
    some = found.shown.open[:MOST_OPEN]
    if not some:
        return [lines(say(N_("未了事项"), {}), [say(N_("没有"), {})], mark="")]
    columns = [
        (say(N_("类别"), {}), LEFT, "26mm"), (say(N_("编号"), {}), LEFT, "44mm"),
        (say(N_("内容"), {}), LEFT, "34mm"), (say(N_("原因"), {}), LEFT, "1fr"),
    ]  # fmt: skip
    rows = [(say(ITEMS[one.kind], {}), one.number or one.id, one.about,
             reasons.get(one.name, "")) for one in some]  # fmt: skip
    return [table(say(N_("未了事项"), {}), columns, rows)]


def _proof(found: Account, parts: Parts) -> list[dict[str, object]]:
    rows = [*files.about(found, parts)]
    rows += [(label_of(one.code), one.digest) for one in found.shown.figures
             if one.records]  # fmt: skip
    return [{
        "kind": "digests", "title": say(N_("凭据和记录清单摘要"), {}),
        "rows": [list(one) for one in rows],
    }]  # fmt: skip
