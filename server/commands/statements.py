"""statement: what a day or a month adds up to; closing it, opening it again."""

from pathlib import Path

import click

from server.commands.kit import (
    BROKEN,
    Office,
    as_json,
    by_whom,
    pass_office,
    put_json,
    put_table,
)
from server.statements import closing, files, paper
from server.statements.closing import Account
from server.statements.naming import STATES, label_of, shown
from server.words import speaking
from sync.problems import Refused
from sync.statements import ALL, SECTIONS
from sync.words import N_

LENGTHS = {"day": len("2026-11-20"), "month": len("2026-11")}
MOST_SHOWN = 20
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(help=N_("日结、月结报表：doorstep statement day 2026-11-20 [--close]"))
@click.argument("sort", type=click.Choice(sorted(LENGTHS)), metavar="day|month")
@click.argument("date")
@click.option("--project", default=ALL, help=N_("哪个项目；不写就是全部项目"))
@click.option("--close", "shut", is_flag=True, help=N_("结账"))
@click.option("--reason", default="", help=N_("未了事项的原因，逐项记入"))
@click.option("--reopen", default="", metavar="TEXT", help=N_("重新打开，写明原因"))
@click.option("--xlsx", type=_FILE, help=N_("写成 XLSX 文件"))
@click.option("--csv", type=_FILE, help=N_("写成 CSV 文件"))
@click.option("--pdf", type=_FILE, help=N_("写成 PDF 文件"))
@click.option("--yes", is_flag=True, help=N_("文件已存在时覆盖"))
@by_whom
@as_json
@pass_office
def statement(
    office: Office,
    sort: str,
    date: str,
    project: str,
    shut: bool,
    reason: str,
    reopen: str,
    xlsx: Path | None,
    csv: Path | None,
    pdf: Path | None,
    yes: bool,
    by: str,
    as_json: bool,
) -> int:
    """Whoever has the machine may close. Exit 6 if a closing does not hold."""
    if len(date) != LENGTHS[sort]:
        raise Refused("day_malformed", found=date)
    parts, wanted = office.parts, {"xlsx": xlsx, "csv": csv, "pdf": pdf}
    if reopen:
        closing.reopen(parts, date, project, words=reopen, by=by)
    if shut:
        _close(office, date, project, reason, by)
    found = closing.account(parts, date, project)
    for ending, file in wanted.items():
        if file is not None:
            _write(office, found, ending, file, yes=yes)
    _say(office, found, as_json=as_json)
    return BROKEN if found.findings else 0


def _close(office: Office, name: str, project: str, reason: str, by: str) -> None:
    """Close it on the figures as they stand."""
    found = closing.account(office.parts, name, project)
    if found.now.open and not reason:
        _tell_open(office, found)
    reasons = {one.name: reason for one in found.now.open} if reason else {}
    closing.close(
        office.parts, name, project, seen=found.digest, reasons=reasons, by=by
    )  # fmt: skip


def _tell_open(office: Office, found: Account) -> None:
    for one in found.now.open[:MOST_SHOWN]:
        office.tell(N_("未了：{number}　{name}　{about}"),
                    number=one.number, name=one.name, about=one.about)  # fmt: skip
    if len(found.now.open) > MOST_SHOWN:
        office.tell(N_("……共 {n} 项未了"), n=len(found.now.open))


def _write(
    office: Office, found: Account, ending: str, file: Path, *, yes: bool
) -> None:
    if file.exists() and not yes:
        raise Refused("file_exists", path=file)
    make = {"xlsx": files.as_xlsx, "csv": files.as_csv, "pdf": paper.as_pdf}[ending]
    with speaking(office.language):
        data = make(found, office.parts)
    file.write_bytes(data)
    office.tell(N_("已写入 {file}"), file=file)


def _say(office: Office, found: Account, *, as_json: bool) -> None:
    figures = {one.code: one.value for one in found.shown.figures}
    if as_json:
        put_json([{
            "period": found.period.name, "project": found.project,
            "state": found.state, "digest": found.shown_digest, "figures": figures,
            "open": len(found.shown.open), "changed": len(found.changes),
            "findings": list(found.findings),
        }])  # fmt: skip
        return
    rows = [
        [office.word(label), label_of(one.code, office.language),
         shown(one.code, one.value)]
        for code, label in SECTIONS.items()
        for one in files.of_section(found.shown, code)
    ]  # fmt: skip
    put_table([office.word(one) for one in (N_("部分"), N_("数字"), N_("数值"))], rows)
    office.tell(
        N_("{period}　{state}　未了 {open} 项　摘要 {digest}"),
        period=found.period.name, state=office.word(STATES[found.state]),
        open=len(found.shown.open), digest=found.shown_digest,
    )  # fmt: skip
    if found.changes:
        office.tell(N_("结账之后有 {n} 个数字因迟到的记录而不同"), n=len(found.changes))
    for one in found.findings:
        office.tell(N_("核对不上：{what}"), what=one)
