"""import register, reconcile: the call register comes in, and is compared."""

from dataclasses import asdict
from pathlib import Path

import click
from rich.progress import track

from server import intake
from server.board import all_documents
from server.central import changed, passes, waiting
from server.commands.kit import (
    CONFLICT,
    PARTLY,
    Office,
    as_json,
    by_whom,
    pass_office,
    put_json,
    put_table,
)
from server.database import reading
from server.register import read_register, write_wrong_rows
from sync.access import EVERY
from sync.reconcile import LABELS, SEVERITIES, SORTS, reconcile
from sync.register import REASONS, Reason, Register, read_rows
from sync.words import N_

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_file = click.argument("file", type=_FILE)


@click.group("import", help=N_("导入"))
def importing() -> None:
    """Bring something in."""


@importing.command(
    "register", help=N_("导入来电来访登记表；默认只预览，--apply 才写入")
)
@_file
@click.option("--apply", is_flag=True, help=N_("真正导入"))
@click.option("--wrong-rows", type=click.Path(path_type=Path), help=N_("错误行另存为"))
@by_whom
@as_json
@pass_office
def register(
    office: Office,
    file: Path,
    apply: bool,
    wrong_rows: Path | None,
    by: str,
    as_json: bool,
) -> int:
    """New, changed, as it was, wrong; a dry run unless told otherwise."""
    read = _read(office, file)
    planned = intake.plan(office.parts.engine, read)
    if apply:
        _carry_out(office, planned, file.name, by)
    counts = {
        "rows": len(read.rows) + len(read.wrong),
        "new": len(planned.new),
        "changed": len(planned.changed),
        "same": len(planned.same),
        "wrong": len(read.wrong),
        "twice": len(read.twice),
        "unknown_columns": list(read.unknown_columns),
        "applied": apply,
    }
    if as_json:
        put_json([counts])
    else:
        click.echo(office.word(
            N_("新 {new} · 变更 {changed} · 未变 {same} · 错误 {wrong} · 重复 {twice}"),
            **counts,
        ))  # fmt: skip
    _show_wrong(office, read)
    if wrong_rows is not None and read.wrong:
        write_wrong_rows(wrong_rows, read, lambda reason: _why(office, reason))
        office.tell(N_("错误行已存到 {file}，改好后可再导入"), file=wrong_rows)
    if not apply and (planned.new or planned.changed):
        office.tell(N_("这是预览，什么都没有写入；确认后加 --apply 再运行。"))
    return PARTLY if read.wrong else 0


def _read(office: Office, file: Path) -> Register:
    return read_rows(read_register(file, file.name), office.config.utc_offset_minutes)


def _carry_out(office: Office, planned: intake.Plan, source: str, by: str) -> None:
    total = len(planned.new) + len(planned.changed)
    steps = intake.carry_out(office.parts.ledger, planned, source, by, office.now())
    for _ in track(
        steps,
        description=office.word(N_("导入")),
        total=-(-total // intake.CHUNK),
        disable=total < 5 * intake.CHUNK,
    ):
        pass


def _show_wrong(office: Office, read: Register) -> None:
    for wrong in read.wrong[:10]:
        for reason in wrong.reasons:
            why = _why(office, reason)
            office.tell(N_("第 {line} 行：{why}"), line=wrong.line, why=why)
    if len(read.wrong) > 10:
        office.tell(N_("……共 {n} 行有误"), n=len(read.wrong))


def _why(office: Office, reason: Reason) -> str:
    facts = asdict(reason) | {"instead": office.word(reason.instead)}
    return office.word(REASONS[reason.code], **facts)


@click.command(
    "reconcile", help=N_("对账：比较总台账与现场记录；给出文件则只比较该文件，不留存")
)
@click.argument("file", type=_FILE, required=False)
@as_json
@pass_office
def reconciling(office: Office, file: Path | None, as_json: bool) -> int:
    """Compare what changed since last time, and say how much waits; or every difference
    of one file, by number. Exit 5 if there are any."""
    if file is not None:
        return _compare(office, file, as_json)
    steps = passes.reconcile(office.parts.engine, office.parts.policy, office.now())
    done = next(steps)
    for _ in track(
        steps,
        description=office.word(N_("对账")),
        total=-(-done.total // changed.SOME),
        disable=done.total < 5 * changed.SOME,
    ):
        pass
    with reading(office.parts.engine) as connection:
        open_ = waiting.counts(connection, waiting.Wanted(projects={EVERY}))
    counts = {"compared": done.total, "opened": len(done.opened), "gone": done.gone}
    if as_json:
        put_json([{**counts, "open": open_}])
    else:
        put_table(
            tuple(map(office.word, (N_("差异"), N_("程度"), N_("处")))),
            [
                (office.word(one.label), office.word(SEVERITIES[one.severity]), n)
                for code, one in SORTS.items()
                if (n := open_.get(code))
            ],
        )
        office.tell(
            N_("比较 {compared} 个编号：新差异 {opened} 处，消失 {gone} 处"), **counts
        )
    return CONFLICT if open_ else 0


def _compare(office: Office, file: Path, as_json: bool) -> int:
    """The file against the field; nothing is kept."""
    read = _read(office, file)
    with reading(office.parts.engine) as connection:
        orders = {
            order.number: order
            for order in all_documents(connection)
            if order.number is not None
        }
    names = {one.id: one.name for one in office.parts.people.everybody()}
    found = reconcile(read, orders, names, office.parts.policy)
    if as_json:
        put_json(found)
    else:
        put_table(
            tuple(map(office.word, (N_("编号"), N_("差异"), N_("登记表"), N_("现场")))),
            [
                (
                    one.number,
                    office.word(LABELS[one.code]),
                    _side(office, one.code, one.register),
                    _side(office, one.code, one.field),
                )
                for one in found
            ],
        )
        office.tell(N_("共 {n} 处差异"), n=len(found))
    return CONFLICT if found else 0


def _side(office: Office, code: str, said: str) -> str:
    """One side of a difference as people write it: local time, yuan, words."""
    if not said:
        return "—"
    if code.startswith(("arrival", "completion", "call_missing")):
        ends = [int(one) if one.isdecimal() else None for one in said.split("–")]
        return office.span(ends[0], ends[-1])
    if code == "amount_differs":
        return f"{int(said) / 100:.2f}"
    return office.word(SPOKEN.get(said, said))


SPOKEN: dict[str, str] = {
    "True": N_("已签"),
    "False": N_("未签"),
    "pass": N_("合格"),
    "fail": N_("不合格"),
}
