"""erase: what a person had a right to see forgotten goes, and is seen to be gone."""

import click

from server.backup.where import places
from server.commands.kit import Office, as_json, pass_office, put_json, put_table
from server.database import reading
from server.erasures import Act, act_on, erase, owners_orders, send, write_down
from server.shelf import Cellar
from sync.problems import Refused
from sync.words import N_

COLUMNS = (N_("工单"), N_("私密内容"), N_("文件"))


@click.group("erase", help=N_("抹去业主的私密内容（链仍可核验，不可撤销）"))
def erasing() -> None:
    """Names, phones, places and free words; bytes only if asked."""


said = click.option("--reason", required=True, help=N_("缘由（不要写姓名电话）"))
bytes_too = click.option("--bytes", "roles", multiple=True, metavar="ROLE",
                         help=N_("连同这类文件，如 photo、signature"))  # fmt: skip
really = click.option("--apply", "sure", is_flag=True, help=N_("真的抹去"))


@erasing.command(help=N_("一张工单"))
@click.argument("number")
@said
@bytes_too
@really
@as_json
@pass_office
def order(
    office: Office, number: str, reason: str, roles: tuple[str, ...], sure: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Says what would go; with --apply it goes."""
    _do(office, [office.stream(number)], reason, roles, sure, as_json)


@erasing.command(help=N_("一位业主的所有工单（按姓名、电话或房号查找）"))
@click.argument("owner")
@said
@bytes_too
@really
@as_json
@pass_office
def owner(
    office: Office, owner: str, reason: str, roles: tuple[str, ...], sure: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Every order that holds exactly this name, phone or room."""
    with reading(office.parts.engine) as connection:
        names = owners_orders(connection, owner)
    if not names:
        raise Refused("not_found")
    _do(office, names, reason, roles, sure, as_json)


def _do(
    office: Office, names: list[str], reason: str, roles: tuple[str, ...],
    sure: bool, as_json: bool,
) -> None:  # fmt: skip
    parts, now_ms = office.parts, office.now()
    with reading(parts.engine) as connection:
        found = [act_on(connection, name, roles, reason, now_ms) for name in names]
    acts = [act for act in found if act.commitments or act.blobs]
    if sure:
        for act in acts:
            write_down(parts.config.data, act)
        for place in places(parts.config):
            _send(office, place, acts)
        for act in acts:
            erase(parts.engine, parts.shelf, parts.keys, act)
    _show(office, acts, as_json)
    office.tell(DONE if sure else N_("以上尚未抹去；确认后加 --apply"))


def _send(office: Office, place: Cellar, acts: list[Act]) -> None:
    """A place that cannot be reached hears of it before it gets its next backup."""
    try:
        send(place, acts, office.config.data / "scratch")
    except Refused as refusal:
        why = office.word(refusal.sentence, **refusal.facts)
        office.tell(LATER, place=place.address, why=why)


LATER = N_("备份地点 {place} 现在连不上（{why}）；下次备份前会补记。")
DONE = N_("已抹去。较早的备份到期自行清除；从它们恢复时会再次抹去。")


def _show(office: Office, acts: list[Act], as_json: bool) -> None:
    if as_json:
        put_json(acts)
        return
    put_table(
        tuple(map(office.word, COLUMNS)),
        [(act.stream, len(act.commitments), len(act.blobs)) for act in acts],
    )
