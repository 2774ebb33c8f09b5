"""orders, show, board, check: what stands, and the proof that it is so."""

import json
from collections.abc import Iterator
from typing import Any

import click

from server import audit
from server.backup.where import ALONE, has_second
from server.board import all_documents
from server.commands.kit import (
    BROKEN,
    Office,
    as_json,
    by_whom,
    pass_office,
    put_json,
    put_table,
)
from server.database import reading
from server.feed import held_blobs
from sync.access import Grant
from sync.card import STAGES
from sync.facts import KINDS
from sync.plain import plain
from sync.problems import Refused
from sync.reviews import LABELS
from sync.standing import Standing, standing
from sync.words import N_

VERDICTS: dict[str, str] = {
    "kept": N_("守时"),
    "missed": N_("超时"),
    "undetermined": N_("不能断定"),
}
BASES: dict[str | None, str] = {
    "proven": N_("（可证）"),
    "estimated": N_("（估计）"),
    None: "",
}
PRIVATE: dict[str, str] = {
    "owner": N_("业主姓名"),
    "phone": N_("联系电话"),
    "building": N_("楼栋"),
    "unit": N_("单元"),
    "room": N_("房号"),
    "fault": N_("报修内容"),
    "remark": N_("备注"),
    "first_asked": N_("首问责任人"),
}
OFFICE = frozenset({Grant(role="manager")})  # who has the machine reads all
HEADINGS = (
    N_("编号"), N_("进度"), N_("维修人员"), N_("到场（区间 等级）"), N_("到场时限"),
    N_("照片"), N_("轮次"), N_("签字"), N_("待核对"),
)  # fmt: skip


@click.command(help=N_("工单一览"))
@as_json
@pass_office
def orders(office: Office, as_json: bool) -> None:
    """A line for each order."""
    lines = list(_standings(office))
    if as_json:
        put_json(lines)
    else:
        put_table(
            tuple(map(office.word, HEADINGS)), [_row(office, one) for one in lines]
        )


def _standings(office: Office) -> Iterator[Standing]:
    with reading(office.parts.engine) as connection:
        held = held_blobs(connection)
        for order in all_documents(connection):
            yield standing(order, held, office.parts.policy)


def _row(office: Office, one: Standing) -> tuple[object, ...]:
    stage = office.word(STAGES[one.stage])
    if one.cancelled:
        stage = f"{stage} {office.word(N_('已取消'))}"
    if one.closed:
        stage = f"{stage} {office.word(N_('已结案'))}"
    verdict = one.arrival_verdict if one.visits else None
    kept = (
        office.word(VERDICTS[verdict.answer]) + office.word(BASES[verdict.basis])
        if verdict
        else "—"
    )
    return (
        one.number or one.stream, stage, one.technician or "—",
        office.interval(one.arrival), kept,
        f"{one.photos_received}/{one.photos_taken}", one.rounds,
        "✓" if one.signed else "—",
        office.word(N_("、")).join(
            office.word(LABELS[code]) for code in sorted(set(one.reviews))
        ) or "—",
    )  # fmt: skip


@click.command(help=N_("一张工单的全部记录"))
@click.argument("number")
@as_json
@by_whom
@pass_office
def show(office: Office, number: str, as_json: bool, by: str) -> None:
    """Everything about one order, in the order it happened; who read it is noted."""
    parts, name = office.parts, office.stream(number)
    document = parts.feed.document("desk", OFFICE, name)
    if document is None:
        raise Refused("not_found")
    parts.traces.read_by(by, [name], office.now())
    if as_json:
        put_json([document])
        return
    order: dict[str, Any] = dict(document.order)
    held = {name: value for name, (_, value) in document.private.items()}
    request = order.get("request", {})
    for name, commitment in sorted(request.get("private", {}).items()):
        label, text = office.word(PRIVATE[name]), held.get(commitment, "—")
        click.echo(office.word(N_("{label}：{text}"), label=label, text=text))
    put_table(
        tuple(map(office.word, (N_("时间"), N_("何事"), N_("何人"), N_("设备")))),
        [
            (
                office.local(_when(entry)),
                office.word(KINDS[entry["kind"]].label),
                entry["by"],
                entry["log"].partition(".")[0],
            )
            for entry in order.get("history", ())
        ],
    )


def _when(entry: dict[str, Any]) -> int | None:
    moment = entry.get("moment", {})
    found = moment.get("earliest_ms", moment.get("not_before_ms"))
    return None if found is None else int(found)


@click.group(help=N_("工单看板"))
def board() -> None:
    """The documents kept for searching."""


@board.command("rebuild", help=N_("由事实账重建看板，应当没有变化"))
@pass_office
def rebuild(office: Office) -> int:
    """Fold every order anew; exit 6 if one was not what its facts add up to."""
    changed = office.parts.ledger.rebuild_board()
    for name in changed:
        click.echo(name)
    if changed:
        office.tell(N_("{n} 张工单与事实账不符，已重建"), n=len(changed))
        return BROKEN
    office.tell(N_("已重建，没有变化"))
    return 0


@click.command(help=N_("核对事实账、链、位置和照片"))
@as_json
@pass_office
def check(office: Office, as_json: bool) -> int:
    """The proof; exit 6 on any finding."""
    findings = list(audit.findings(office.parts.engine, office.parts.shelf))
    if as_json:
        put_json(findings)
    else:
        for one in findings:
            click.echo(json.dumps(plain(one), ensure_ascii=False))
    if not has_second(office.config):
        office.tell(ALONE)
    if findings:
        office.tell(N_("发现 {n} 处不符"), n=len(findings))
        return BROKEN
    office.tell(N_("事实账、链、位置和照片全部相符"))
    return 0
