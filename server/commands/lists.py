"""import homes, roster, qualifications: the desk's own lists; a dry run unless told."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from server import lists_in
from server.commands.kit import (
    PARTLY,
    Office,
    as_json,
    by_whom,
    pass_office,
    put_json,
)
from server.lists_in import Planned
from server.register import read_register, write_wrong_rows
from sync.desk_lists import (
    HOMES,
    QUALIFICATIONS,
    ROSTER,
    WHY,
    Listed,
    is_heading_of,
    read_list,
)
from sync.register import Reason, Register
from sync.register.columns import Column
from sync.words import N_

MOST_SHOWN = 10

_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
_apply = click.option("--apply", is_flag=True, help=N_("真正导入"))
_wrong_rows = click.option(
    "--wrong-rows", type=click.Path(path_type=Path), help=N_("错误行另存为")
)


def _importing(name: str, words: str) -> Callable[[Any], click.Command]:
    """A command that brings in one list."""

    def decorated(command: Any) -> click.Command:
        for wrap in (pass_office, as_json, by_whom, _wrong_rows, _apply, _file):
            command = wrap(command)
        return click.command(name, help=words)(command)

    return decorated


@_importing("homes", N_("导入房屋和住户（项目、房号、交付日期、姓名、电话…）"))
def homes(office: Office, file: Path, by: str, **how: Any) -> int:  # noqa: ARG001
    """Homes, when they were handed over, and who lives there."""
    listed = _read(file, HOMES)
    return _done(office, listed, lists_in.homes(office.parts, listed), **how)


@_importing("roster", N_("导入值班表（项目、日期、负责人、维修人员）"))
def roster(office: Office, file: Path, by: str, **how: Any) -> int:
    """Who is on duty on which days."""
    listed = _read(file, ROSTER)
    planned = lists_in.rosters(office.parts, listed, by, office.now())
    return _done(office, listed, planned, **how)


@_importing("qualifications", N_("导入资质证书（人员、资质、证号、有效期起止、单位）"))
def qualifications(office: Office, file: Path, by: str, **how: Any) -> int:  # noqa: ARG001
    """Who holds which certificate until when."""
    listed = _read(file, QUALIFICATIONS)
    return _done(office, listed, lists_in.qualifications(office.parts, listed), **how)


def _read(file: Path, columns: tuple[Column, ...]) -> Listed:
    known = is_heading_of(columns)
    return read_list(read_register(file, file.name, known), columns)


def _done(
    office: Office,
    listed: Listed,
    planned: Planned,
    *,
    apply: bool,
    wrong_rows: Path | None,
    as_json: bool,
) -> int:
    """Carry it out if told to, and say what it is."""
    if apply:
        planned.carry_out()
    counts = {
        "new": planned.new, "changed": planned.changed, "same": planned.same,
        "wrong": len(planned.wrong), "unknown_columns": list(listed.unknown_columns),
        "applied": apply,
    }  # fmt: skip
    if as_json:
        put_json([counts])
    else:
        click.echo(office.word(
            N_("新 {new} · 变更 {changed} · 未变 {same} · 错误 {wrong}"), **counts,
        ))  # fmt: skip
    _show_wrong(office, listed, planned, wrong_rows)
    if not apply and (planned.new or planned.changed):
        office.tell(N_("这是预览，什么都没有写入；确认后加 --apply 再运行。"))
    return PARTLY if planned.wrong else 0


def _show_wrong(
    office: Office, listed: Listed, planned: Planned, to: Path | None
) -> None:
    for row in planned.wrong[:MOST_SHOWN]:
        for reason in row.reasons:
            why = _why(office, reason)
            office.tell(N_("第 {line} 行：{why}"), line=row.line, why=why)
    if len(planned.wrong) > MOST_SHOWN:
        office.tell(N_("……共 {n} 行有误"), n=len(planned.wrong))
    if to is not None and planned.wrong:
        told = Register(
            name="", columns=listed.columns, rows=(), wrong=planned.wrong, twice=(),
            unknown_columns=(),
        )  # fmt: skip
        write_wrong_rows(to, told, lambda reason: _why(office, reason))
        office.tell(N_("错误行已存到 {file}，改好后可再导入"), file=to)


def _why(office: Office, reason: Reason) -> str:
    said = asdict(reason)
    facts = said | {name: office.word(said[name]) for name in ("instead", "column")}
    return office.word(WHY[reason.code], **facts)
