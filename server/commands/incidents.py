"""Incidents: what a restore lost, put before a person."""

from collections.abc import Mapping
from typing import Any

import click

from server import incidents, losses
from server.commands.kit import Office, as_json, by_whom, pass_office, put_json
from server.database import reading, writing
from server.incidents import Incident, Lost
from sync.facts import KINDS
from sync.words import N_

NOTICED = {
    "restored": N_("从备份恢复"),
    "marks_differ": N_("平板见过的内容不在账上"),
    "device_unknown": N_("平板登记过，账上却没有"),
    "epoch_unknown": N_("平板来自本服务器不知道的时期"),
}


@click.group("incidents", invoke_without_command=True,
             help=N_("列出恢复等事件，以及丢失的调度决定"))  # fmt: skip
@as_json
@click.option("--open", "only_open", is_flag=True, help=N_("只列未处理的"))
@pass_office
@click.pass_context
def listing(ctx: click.Context, office: Office, as_json: bool, only_open: bool) -> None:
    """Every incident, and what it lost."""
    if ctx.invoked_subcommand is not None:
        return
    with reading(office.parts.engine) as connection:
        found = incidents.incidents(connection, open_only=only_open)
    if as_json:
        put_json(found)
        return
    for one in found:
        for line in _lines(office, one):
            click.echo(line)


def _lines(office: Office, one: Incident) -> list[str]:
    lines = [_first_line(office, one)]
    lines += [f"  {_decision(office, lost)}" for lost in one.lost]
    if one.closed_ms is not None:
        closed = N_("  已处理：{by}，{reason}")
        lines.append(office.word(closed, by=one.closed_by, reason=one.reason))
    return lines


def _first_line(office: Office, one: Incident) -> str:
    """What happened: a restore, or a tablet that owes something."""
    if one.kind == losses.KIND:
        owes = N_("{id}  {at}  平板 {device} 有欠缺或分岔，见 doorstep device show")
        return office.word(
            owes, id=one.id, at=office.local(one.opened_ms), device=one.facts["device"]
        )
    noticed = office.word(NOTICED.get(str(one.facts.get("noticed")), ""))
    said: dict[str, Any] = {
        "id": one.id, "at": office.local(one.opened_ms), "noticed": noticed,
        "position": one.facts.get("fork_position"), "count": len(one.lost),
    }  # fmt: skip
    first = N_(
        "{id}  {at}  服务器回到过去（{noticed}）：位置 {position} 之后重新计；"
        "丢失的决定 {count} 项"
    )
    return office.word(first, **said)


def _decision(office: Office, lost: Lost) -> str:
    """One lost decision, in the trade's words."""
    said = lost.decision
    kind = KINDS.get(str(said["kind"]))
    other = N_("平板在备份之后登记，已凭证书恢复；若已丢失请停用")
    words = [
        str(said.get("number") or lost.stream),
        office.word(kind.label if kind else other),
        " ".join(said.get("people") or ()),
        _taken_from(office, said),
        str(said.get("reason") or ""),
        office.word(N_("经手 {by}"), by=said["by"]) if said["by"] else "",
    ]
    return "  ".join(one for one in words if one)


def _taken_from(office: Office, said: Mapping[str, Any]) -> str:
    who = said.get("taken_from")
    return office.word(N_("已告知 {who} 移出"), who=who) if who else ""


@listing.command("close", help=N_("处理完毕，写明如何处理的"))
@click.argument("name")
@click.option("--reason", required=True, help=N_("如何处理的"))
@by_whom
@pass_office
def close(office: Office, name: str, reason: str, by: str) -> None:
    """A person has seen to it."""
    with writing(office.parts.engine) as connection:
        incidents.close(connection, name, by, reason, office.now())
    office.tell(N_("事件 {name} 已处理"), name=name)
