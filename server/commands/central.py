"""import log: the central service log comes in, by hand or by a schedule."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
from rich.progress import track

from server.central import mappings
from server.central.mappings import NONE, Headings
from server.central.rows import CHUNK, WHATS, Bringing, Outcome, Source
from server.commands.kit import (
    PARTLY,
    Office,
    as_json,
    by_whom,
    pass_office,
    put_json,
)
from server.register import read_register, write_wrong_rows
from sync.problems import Refused
from sync.register import REASONS, Reason, Register, Sheet, WrongRow
from sync.words import N_

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")
MOST_SHOWN = 10


@dataclass
class _Came:
    """What became of a file."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[Outcome] = field(default_factory=list)


@click.command(
    "log",
    help=N_(
        "导入总台账（来电来访登记表的完整导出）供对账；默认只预览，--apply 才写入。"
        "PATH 可以是文件夹：只读入还没有导入过的文件，适合由定时任务反复执行"
    ),
)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--apply", is_flag=True, help=N_("真正导入"))
@click.option("--map", "pairs", multiple=True, help=N_("他们的列名=我们的列名"))
@click.option("--mapping", help=N_("已保存的列对照；与 --map 同用则以此名保存"))
@click.option("--wrong-rows", type=click.Path(path_type=Path), help=N_("错误行另存为"))
@by_whom
@as_json
@pass_office
def log(
    office: Office,
    path: Path,
    apply: bool,
    pairs: tuple[str, ...],
    mapping: str | None,
    wrong_rows: Path | None,
    by: str,
    as_json: bool,
) -> int:
    """A file, or every file in a folder that has not come in yet; a dry run unless
    told otherwise. New, changed, as it was, wrong, twice."""
    headings = _headings(office, pairs, mapping, by)
    wrong = 0
    for file in _files(path):
        sheet, source = _read(file, headings, by)
        came = _bring(office, sheet, source, apply)
        _say(office, file, came, apply, as_json)
        _show_wrong(office, sheet, came, wrong_rows)
        wrong += len(came.wrong)
    if not apply:
        office.tell(N_("这是预览，什么都没有写入；确认后加 --apply 再运行。"))
    return PARTLY if wrong else 0


def _headings(
    office: Office, pairs: tuple[str, ...], name: str | None, by: str
) -> Headings:
    """What their headings mean; said anew and named, it is kept."""
    if not pairs:
        return mappings.saved(office.parts.engine, name) if name else NONE
    columns = {}
    for pair in pairs:
        theirs, equals, ours = pair.rpartition("=")
        if not (theirs.strip() and equals and ours.strip()):
            raise Refused("mapping_malformed", found=pair)
        columns[theirs.strip()] = ours.strip()
    made = Headings(name=name or "", columns=columns)
    if name:
        mappings.save(office.parts.engine, made, by, office.now())
    return made


def _files(path: Path) -> list[Path]:
    """The file; of a folder those that look like exports, by name."""
    if not path.is_dir():
        return [path]
    return sorted(
        one
        for one in path.iterdir()
        if one.is_file() and one.suffix.lower() in ENDINGS and one.name[0] not in ".~"
    )


def _read(file: Path, headings: Headings, by: str) -> tuple[Sheet, Source]:
    raw = file.read_bytes()
    sheet = headings.applied(read_register(raw, file.name, headings.known()))
    digest = hashlib.sha256(raw).hexdigest()
    return sheet, Source(file.name, digest, by, headings.name or None)


def _bring(office: Office, sheet: Sheet, source: Source, apply: bool) -> _Came:
    bringing = Bringing(
        office.parts.engine, source, sheet, office.config.utc_offset_minutes,
        office.now(), apply,
    )  # fmt: skip
    came = _Came()
    for some in _tracked(office, bringing):
        came.counts.update(one.what for one in some)
        came.wrong += [one for one in some if one.reasons]
    return came


def _tracked(office: Office, bringing: Bringing) -> Iterator[list[Outcome]]:
    total = len(bringing.sheet.rows)
    yield from track(
        bringing.run(), description=office.word(N_("导入")),
        total=-(-total // CHUNK), disable=total < 5 * CHUNK,
    )  # fmt: skip


def _say(office: Office, file: Path, came: _Came, apply: bool, as_json: bool) -> None:
    counts = {what: came.counts[what] for what in WHATS}
    if as_json:
        put_json([{"file": file.name, **counts, "applied": apply}])
        return
    said = N_("新 {new} · 变更 {changed} · 未变 {same} · 错误 {wrong} · 重复 {twice}")
    click.echo(f"{file.name}  {office.word(said, **counts)}")


def _show_wrong(office: Office, sheet: Sheet, came: _Came, to: Path | None) -> None:
    for one in came.wrong[:MOST_SHOWN]:
        for reason in one.reasons:
            why = _why(office, reason)
            office.tell(N_("第 {line} 行：{why}"), line=one.line, why=why)
    if len(came.wrong) > MOST_SHOWN:
        office.tell(N_("……共 {n} 行有误"), n=len(came.wrong))
    if to is None or not came.wrong:
        return
    cells = {row.line: row.cells for row in sheet.rows}
    told = Register(
        name=sheet.name, columns=sheet.columns, rows=(), twice=(), unknown_columns=(),
        wrong=tuple(WrongRow(one.line, cells[one.line], one.reasons)
                    for one in came.wrong),
    )  # fmt: skip
    write_wrong_rows(to, told, lambda reason: _why(office, reason))
    office.tell(N_("错误行已存到 {file}，改好后可再导入"), file=to)


def _why(office: Office, reason: Reason) -> str:
    facts = asdict(reason) | {"instead": office.word(reason.instead)}
    return office.word(REASONS[reason.code], **facts)
