"""backup: copies are made, looked over, practised with, brought back."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import select

from server.audit import Finding
from server.backup.durable import durable_through, kept_here
from server.backup.keeper import MINUTE_MS
from server.backup.keepsake import load_keys, save_keys
from server.backup.manifest import backups, find_manifest
from server.backup.restoring import Target, restore
from server.backup.rounds import (
    Keeping,
    back_up,
    drill_is_due,
    drill_newest,
    drill_one,
    is_due,
    look_over,
)
from server.backup.where import ALONE, find_place, has_second, is_apart, places
from server.commands.kit import (
    BROKEN,
    Office,
    as_json,
    pass_office,
    put_json,
    put_table,
)
from server.database import reading
from server.keys import open_keys
from server.shelf import Cellar, open_shelf
from server.tables import backup as rows
from sync.problems import Refused
from sync.words import N_

LATEST = "latest"
in_place = click.option("--in", "address", help=N_("只用这个备份地点（默认全部）"))
COLUMNS = (N_("备份"), N_("地点"), N_("位置"), N_("另一块盘"), N_("核实"), N_("演练"))


@click.group(help=N_("备份、核实、演练、恢复"))
def backup() -> None:
    """Copies of the book."""


@backup.command(help=N_("在每个备份地点做一份备份并核实"))
@in_place
@click.option("--due", is_flag=True, help=N_("只做到期的，并做到期的演练"))
@as_json
@pass_office
def create(office: Office, address: str | None, due: bool, as_json: bool) -> int:
    """A round; exit 6 if anything is wrong anywhere."""
    keeping, now_ms = _keeping(office), office.now()
    chosen = find_place(office.config, address)
    if due:
        every_ms = office.config.backup_minutes * MINUTE_MS
        wanted = [
            one for one in chosen
            if is_due(keeping.engine, one.address, every_ms, now_ms)
        ]  # fmt: skip
    else:
        wanted = list(chosen)
    outcomes = back_up(keeping, wanted, now_ms)
    found = [one for outcome in outcomes for one in outcome.findings]
    if as_json:
        put_json(outcomes)
    else:
        for outcome in outcomes:
            _tell(office, outcome.place, outcome.name or "—", list(outcome.findings))
    for one in chosen if due else ():
        if drill_is_due(keeping.engine, one.address, now_ms):
            drilled = drill_newest(keeping, one, now_ms)
            found += drilled.findings if drilled else ()
    if not has_second(office.config):
        office.tell(ALONE)
    return BROKEN if found else 0


@backup.command(help=N_("核实备份：打开、逐页检查、重算根、逐个核对照片"))
@click.argument("name", default=LATEST)
@in_place
@click.option("--quick", is_flag=True, help=N_("照片只看在不在、长度对不对"))
@as_json
@pass_office
def verify(
    office: Office, name: str, address: str | None, quick: bool, as_json: bool
) -> int:
    """Look one backup over wherever it lies; exit 6 on any finding."""
    keeping = _keeping(office)
    found: list[Finding] = []
    for place, one in _found(office, name, address):
        outcome = look_over(keeping, place, one, office.now(), quick)
        found += outcome.findings
        if as_json:
            put_json([outcome])
        else:
            _tell(office, place.address, one, list(outcome.findings))
    return BROKEN if found else 0


@backup.command(help=N_("演练：恢复到临时地方，全面核对后删除"))
@click.argument("name", default=LATEST)
@in_place
@as_json
@pass_office
def drill(office: Office, name: str, address: str | None, as_json: bool) -> int:
    """Practise with one backup wherever it lies; exit 6 on any finding."""
    keeping = _keeping(office)
    found: list[Finding] = []
    for place, one in _found(office, name, address):
        done = drill_one(keeping, place, one, office.now())
        found += done.findings
        if as_json:
            put_json([done])
        else:
            _tell(office, place.address, one, list(done.findings))
            minutes = done.behind_ms // MINUTE_MS
            office.tell(N_("这份备份做于 {minutes} 分钟前"), minutes=minutes)
    return BROKEN if found else 0


@backup.command("restore", help=N_("把一份备份恢复成现行数据，原有数据移到一旁"))
@click.argument("name")
@click.option("--in", "address", help=N_("备份地点（默认在各地点里找）"))
@click.option("--to", help=N_("数据目录或数据库地址（默认现行设置）"))
@click.option("--force", is_flag=True, help=N_("即使那里有更新的记录也恢复"))
@as_json
@pass_office
def bring_back(
    office: Office, name: str, address: str | None, to: str | None, force: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """The server must not run. What stood there is set aside, never deleted."""
    place, one = next(iter(_found(office, name, address)))
    target = _target(office, to)
    new_keys = not (target.data / "signing-key.pem").exists()
    restored = restore(
        place, one, target, open_keys(target.data), office.now(),
        secrets.token_bytes, others=places(office.config), force=force,
    )  # fmt: skip
    if as_json:
        put_json([restored])
    office.tell(
        N_("已恢复到 {name}（位置 {seq}），新纪元 {epoch}；取回照片 {brought} 个"),
        name=one, seq=restored.manifest.seq, epoch=restored.epoch,
        brought=restored.brought,
    )  # fmt: skip
    if restored.aside:
        office.tell(N_("原有数据在 {aside}，确认无误后可删"), aside=restored.aside)
    if restored.lost:
        office.tell(N_("有 {n} 个文件备份里也没有"), n=len(restored.lost))
    if new_keys:
        office.tell(NEW_KEYS)


NEW_KEYS = N_(
    "服务器密钥不在备份里，这里用了新密钥：平板要重新登记才肯相信本服务器（未交的记录不受"
    "影响）。若存有密钥文件，请先删去新密钥，再用 doorstep backup keys --load 取回。"
)


def _target(office: Office, to: str | None) -> Target:
    config = office.config
    if to is None or "://" in to:
        return Target(data=config.data, database=to or config.database,
                      shelf=open_shelf(config.storage))  # fmt: skip
    folder = Path(to).absolute()
    return Target(data=folder, database=f"sqlite:///{folder}/doorstep.db",
                  shelf=open_shelf(f"file://{folder}/blobs"))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """A backup in the list."""

    name: str
    place: str
    seq: int | None
    apart: bool
    verified_ms: int | None
    drilled_ms: int | None
    state: str = "whole"  # or unseen, broken


@backup.command("list", help=N_("所有备份，以及平板可以放心删到哪里"))
@as_json
@pass_office
def listed(office: Office, as_json: bool) -> None:
    """Every backup in every place, and how far tablets may let go."""
    lines = [one for place in places(office.config) for one in _lines(office, place)]
    if as_json:
        put_json(lines)
        return
    put_table(
        tuple(map(office.word, COLUMNS)),
        [
            (one.name, one.place, one.seq if one.seq is not None else "—",
             "✓" if one.apart else "—", _verified(office, one),
             office.local(one.drilled_ms))
            for one in lines
        ],
    )  # fmt: skip
    with reading(office.parts.engine) as connection:
        office.tell(
            N_("平板可放心删到位置 {durable}；本机备份到位置 {here}"),
            durable=durable_through(connection), here=kept_here(connection),
        )  # fmt: skip
    if not has_second(office.config):
        office.tell(ALONE)


def _verified(office: Office, one: Line) -> str:
    if one.state == "broken":
        return office.word(N_("已损坏"))
    return office.local(one.verified_ms)


def _lines(office: Office, place: Cellar) -> Iterator[Line]:
    apart = is_apart(office.config, place)
    with reading(office.parts.engine) as connection:
        known = {
            row.name: row
            for row in connection.execute(
                select(rows).where(rows.c.place == place.address)
            )
        }
    for name in backups(place):
        row = known.get(name)
        state = "unseen" if row is None else "broken" if row.broken_ms else "whole"
        try:
            seq = find_manifest(place, name).seq
        except Refused:
            seq, state = None, "broken"
        yield Line(
            name=name, place=place.address, seq=seq, apart=apart, state=state,
            verified_ms=row.verified_ms if row else None,
            drilled_ms=row.drilled_ms if row else None,
        )  # fmt: skip


@backup.command(help=N_("把服务器密钥存成一个加密文件，或取回"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--load", is_flag=True, help=N_("取回到没有密钥的数据目录"))
@click.option("--phrase", prompt=True, hide_input=True, help=N_("口令，至少 12 个字"))
@pass_office
def keys(office: Office, file: Path, load: bool, phrase: str) -> None:
    """Keep the file where the backups are not."""
    if load:
        load_keys(office.config.data, file, phrase)
    else:
        open_keys(office.config.data)
        save_keys(office.config.data, file, phrase, secrets.token_bytes)
    office.tell(N_("已完成；请把 {file} 和口令放在备份以外的地方"), file=file)


def _keeping(office: Office) -> Keeping:
    parts = office.parts
    return Keeping(config=parts.config, engine=parts.engine, shelf=parts.shelf,
                   chance=parts.chance)  # fmt: skip


def _found(
    office: Office, name: str, address: str | None
) -> Iterator[tuple[Cellar, str]]:
    """Where a backup of this name lies; or the newest of each place, newest first."""
    held = [(one, place) for place in find_place(office.config, address)
            for one in backups(place)]  # fmt: skip
    if name == LATEST:
        newest = {place.address: (one, place) for one, place in held}
        chosen = sorted(newest.values(), key=lambda pair: pair[0], reverse=True)
    else:
        chosen = [pair for pair in held if pair[0] == name]
    if not chosen:
        raise Refused("backup_missing", name=name)
    for one, place in chosen:
        yield place, one


def _tell(office: Office, place: str, name: str, findings: list[Finding]) -> None:
    """One line for people; a line more for each thing found."""
    if findings:
        office.tell(
            N_("✗ {name}（{place}）：发现 {n} 处不符"),
            name=name, place=place, n=len(findings),
        )  # fmt: skip
    else:
        office.tell(N_("✓ {name}（{place}）完好"), name=name, place=place)
    for one in findings:
        click.echo(f"{one.code} {one.what}")
