"""A statement as files for spreadsheets: figures, what is open, every record.

The figures and the digest are those of the API and of the paper; no cell is a formula
(X12). May not enter: HTTP, counting.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

from openpyxl import Workbook

from server.database import reading
from server.exports import Cell, add_sheet, bytes_of
from server.exports import as_csv as csv_of
from server.parts import Parts
from server.statements.closing import Account
from server.statements.naming import STATES, label_of, shown
from server.story import called
from server.words import say
from sync.facts.statement import StatementClosed
from sync.statements import BASES, FEN, ITEMS, OF, SECTIONS, Behind, Statement, Told
from sync.words import N_

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
Row = Sequence[Cell]

FIGURES = (N_("部分"), N_("代码"), N_("数字"), N_("数值"), N_("单位"), N_("显示"),
           N_("记录数"), N_("记录清单摘要"), N_("归日口径"))  # fmt: skip
OPEN = (N_("类别"), N_("编号"), N_("标识"), N_("内容"), N_("原因"), N_("接口"))
RECORDS = (N_("代码"), N_("数字"), N_("编号"), N_("标识"), N_("内容"), N_("数值"),
           N_("单位"), N_("接口"))  # fmt: skip
CHANGES = (N_("代码"), N_("数字"), N_("结账时"), N_("现在"), N_("单位"), N_("变化"),
           N_("编号"), N_("标识"), N_("内容"), N_("数值"))  # fmt: skip
ACTS = (N_("时间"), N_("做了什么"), N_("谁"), N_("原因"), N_("记录"))
ABOUT = (N_("项目"), N_("内容"))
ALL_IN_ONE = (
    N_("表"),
    N_("代码"),
    N_("名称"),
    N_("编号"),
    N_("标识"),
    N_("内容"),
    N_("数值"),
    N_("单位"),
    N_("显示"),
    N_("摘要"),
    N_("原因"),
    N_("接口"),
)
WIDE = {N_("数字"): 34, N_("记录清单摘要"): 46, N_("归日口径"): 60, N_("标识"): 38,
        N_("内容"): 48, N_("原因"): 48, N_("接口"): 58, N_("项目"): 22,
        N_("记录"): 46}  # fmt: skip
EVERY_PROJECT = N_("全部项目")


def of_section(one: Statement, code: str) -> list[Told]:
    """The figures of a section, those over sorts of difference behind it."""
    held = {told.code: told for told in one.figures}
    found = [held[name] for name in OF[code] if name in held]
    if code == "differences":
        found += [told for name, told in held.items() if ":" in name]
    return found


def as_xlsx(found: Account, parts: Parts) -> bytes:
    """A workbook: what it is, figures, what is open, records, what changed since."""
    book = Workbook(write_only=True)
    add_sheet(book, N_("说明"), ABOUT, about(found, parts), {N_("内容"): 100, **WIDE})
    add_sheet(book, N_("数字"), FIGURES, _figures(found), WIDE)
    add_sheet(book, N_("未了事项"), OPEN, _open(found), WIDE)
    add_sheet(book, N_("明细"), RECORDS, _records(found), WIDE)
    add_sheet(book, N_("结账后的变化"), CHANGES, _changes(found), WIDE)
    add_sheet(book, N_("经过"), ACTS, _acts(found, parts), WIDE)
    return bytes_of(book)


def as_csv(found: Account, parts: Parts) -> bytes:
    """The same in one table; the first column says what a row is."""
    return csv_of(_all(found, parts), ALL_IN_ONE)


def _all(found: Account, parts: Parts) -> Iterator[Row]:
    def row(what: str, **said: Cell) -> Row:
        names = ("code", "label", "number", "id", "about", "value", "unit", "shown",
                 "digest", "reason", "path")  # fmt: skip
        return (say(what, {}), *(said.get(name, "") for name in names))

    for name, text in about(found, parts):
        yield row(N_("说明"), label=name, about=text)
    for one in found.shown.figures:
        yield row(N_("数字"), code=one.code, label=label_of(one.code), value=one.value,
                  unit=unit(one.code), shown=shown(one.code, one.value),
                  digest=one.digest)  # fmt: skip
    for kind, number, name, about_, why, path in _open(found):
        yield row(N_("未了事项"), label=kind, number=number, id=name, about=about_,
                  reason=why, path=path)  # fmt: skip
    for code, label, number, name, text, value, of, path in _records(found):
        yield row(N_("明细"), code=code, label=label, number=number, id=name,
                  about=text, value=value, unit=of, path=path)  # fmt: skip


def about(found: Account, parts: Parts) -> list[tuple[str, str]]:
    """What it is, how it stands, and what proves it."""
    act = found.closing
    said = cast(StatementClosed, act.what) if act else None
    rows = [
        (N_("期间"), found.period.name),
        (N_("项目"), found.project or say(EVERY_PROJECT, {})),
        (N_("状态"), say(STATES[found.state], {})),
        (N_("报表摘要（SHA-256）"), found.shown_digest),
    ]
    if act and said:
        who = _names(parts, [act.by]).get(act.by, act.by)
        rows += [
            (N_("结账人"), who),
            (N_("结账时间"), f"{at(parts, act.at_ms):%Y-%m-%d %H:%M}"),
            (N_("依据总账前多少条"), str(said.head.size)),
            (N_("总账指纹"), said.head.root),
            (N_("签名密钥"), said.key),
            (N_("签名"), said.signature),
            (N_("结账记录"), act.id),
        ]
    if found.changes:
        rows.append((N_("结账后的变化"), str(len(found.changes))))
    return [(say(name, {}), value) for name, value in rows]


def unit(code: str) -> str:
    """What its value counts."""
    return say(N_("分") if code in FEN else N_("项"), {})


def _figures(found: Account) -> Iterator[Row]:
    for code, label in SECTIONS.items():
        for one in of_section(found.shown, code):
            yield (
                say(label, {}), one.code, label_of(one.code), one.value,
                unit(one.code), shown(one.code, one.value), len(one.records),
                one.digest, say(BASES[code], {}),
            )  # fmt: skip


def _open(found: Account) -> Iterator[tuple[str, str, str, str, str, str]]:
    reasons = (found.closing.reasons if found.closing else None) or {}
    for one in found.shown.open:
        of = "differences" if one.kind == "difference" else "orders"
        yield (
            say(ITEMS[one.kind], {}), one.number, one.id, one.about,
            reasons.get(one.name, ""), f"/v1/{of}/{one.id}",
        )  # fmt: skip


def _records(
    found: Account,
) -> Iterator[tuple[str, str, str, str, str, int, str, str]]:
    for one in found.shown.figures:
        label, of = label_of(one.code), unit(one.code)
        for record in one.records:
            yield (one.code, label, record.number, record.id, record.about,
                   record.value, of, path_of(one.code, record))  # fmt: skip


def path_of(code: str, record: Behind) -> str:
    """Where the record itself is found."""
    of = "differences" if code.startswith("difference") else "orders"
    return f"/v1/{of}/{record.id}"


def _changes(found: Account) -> Iterator[Row]:
    for one in found.changes:
        head = (one.code, label_of(one.code), one.was, one.now, unit(one.code))
        for what, records in ((N_("新增"), one.came), (N_("减少"), one.went)):
            for record in records:
                yield (*head, say(what, {}), record.number, record.id, record.about,
                       record.value)  # fmt: skip


def _acts(found: Account, parts: Parts) -> Iterator[Row]:
    names = _names(parts, [one.by for one in found.acts])
    for one in found.acts:
        shut = isinstance(one.what, StatementClosed)
        yield (at(parts, one.at_ms), say(N_("结账") if shut else N_("重新打开"), {}),
               names.get(one.by, one.by), one.words, one.id)  # fmt: skip


def _names(parts: Parts, people: Sequence[str]) -> dict[str, str]:
    with reading(parts.engine) as connection:
        return called(connection, people)


def at(parts: Parts, ms: int) -> datetime:
    """A time as the company's clocks show it."""
    there = datetime.fromtimestamp(ms // 1000, UTC)
    offset = timedelta(minutes=parts.policy.calendar.offset_minutes)
    return (there + offset).replace(tzinfo=None)
