"""privacy: what a person had a right to see forgotten goes, unless a legal hold keeps
it for a while; and is seen to be gone."""

from collections.abc import Collection
from datetime import date

import click

from server.board import find
from server.carrying_out import Late, carry_out, catch_up, meant, tell_places
from server.commands.kit import (
    Office,
    as_json,
    by_whom,
    pass_office,
    put_json,
    put_table,
)
from server.database import reading
from server.erasures import Act, in_the_log, owners_orders
from server.hold_notes import Hold, Waiting
from server.holds import (
    hold,
    holds_on,
    release,
    wait,
    waiting,
)
from sync.problems import Refused
from sync.words import N_

COLUMNS = (N_("工单"), N_("私密内容"), N_("文件"))
WAITS = (N_("工单"), N_("提出"), N_("缘由"), N_("提出人"))
ROLES = ("photo", "signature")  # bytes that show a home or a hand


@click.group(help=N_("业主的个人信息：抹去、暂缓抹去"))
def privacy() -> None:
    """Names, phones, places, free words, photos and strokes."""


said = click.option("--reason", required=True, help=N_("缘由（不要写姓名电话）"))
really = click.option("--apply", "sure", is_flag=True, help=N_("真的抹去"))


@privacy.command(
    "erase", help=N_("抹去一张工单，或一位业主的所有工单（链仍可核验，不可撤销）")
)
@click.argument("number", required=False)
@click.option("--owner", help=N_("按姓名、电话或房号查找这位业主的所有工单"))
@said
@click.option("--keep", multiple=True, type=click.Choice(ROLES),
              help=N_("留下这类文件"))  # fmt: skip
@really
@by_whom
@as_json
@pass_office
def erasing(
    office: Office, number: str | None, owner: str | None, reason: str,
    keep: tuple[str, ...], sure: bool, by: str, as_json: bool,
) -> None:  # fmt: skip
    """Says what would go; with --apply it goes."""
    roles = tuple(one for one in ROLES if one not in keep)
    asked = [
        Waiting(stream=name, by=by, reason=reason, roles=roles, asked_ms=office.now())
        for name in _meant(office, number, owner)
    ]
    with reading(office.parts.engine) as connection:
        names = [one.stream for one in asked]
        held = holds_on(connection, names, office.now())
    kept = {one.stream for one in held}
    if sure and kept:
        later = [one for one in asked if one.stream in kept]
        wait(office.parts.engine, office.config.data, later)
        _tell_late(office, tell_places(office.parts))
    now = [one for one in asked if one.stream not in kept]
    acts = meant(office.parts, now)
    if sure:
        _tell_late(office, carry_out(office.parts, acts))
    _show(office, acts, as_json)
    _tell_held(office, held)
    office.tell(DONE if sure else N_("以上尚未抹去；确认后加 --apply"))


def _meant(office: Office, number: str | None, owner: str | None) -> list[str]:
    if (number is None) == (owner is None):
        raise click.UsageError(office.word(N_("请写工单编号，或 --owner，二者取一")))
    with reading(office.parts.engine) as connection:
        if number is None:
            names = owners_orders(connection, owner or "")
        else:
            found = find(connection, number) or in_the_log(connection, number)
            names = [found] if found else []
    if not names:
        raise Refused("not_found")
    return names


@privacy.command("hold", help=N_("暂缓抹去（诉讼、仲裁、调查）：到期或解除之前都留着"))
@click.argument("number")
@said
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]),
              help=N_("到这一天为止；不写就到解除为止"))  # fmt: skip
@by_whom
@pass_office
def holding(
    office: Office, number: str, reason: str, until: date | None, by: str
) -> None:
    """Who, why, until when: an event of the book."""
    until_ms = None if until is None else _ends(office, until)
    one = Hold(stream=office.stream(number), by=by, reason=reason.strip()[:200],
               held_ms=office.now(), until_ms=until_ms)  # fmt: skip
    hold(office.parts.engine, office.config.data, one)
    _tell_late(office, tell_places(office.parts))
    office.tell(N_("已暂缓；期间提出的抹去会排队，解除时照办"))


def _ends(office: Office, day: date) -> int:
    """The end of this day, as the company's clocks have it."""
    days = day.toordinal() - date(1970, 1, 1).toordinal() + 1
    return days * 86_400_000 - office.config.utc_offset_minutes * 60_000


@privacy.command("release", help=N_("解除暂缓；排队的抹去随即照办"))
@click.argument("number")
@said
@by_whom
@pass_office
def releasing(office: Office, number: str, reason: str, by: str) -> None:
    """What waited is done at once."""
    release(
        office.parts.engine,
        office.config.data,
        office.stream(number),
        by,
        reason,
        office.now(),
    )
    _carry_out(office)


@privacy.command("waiting", help=N_("排队等候的抹去；暂缓已到期的，加 --apply 照办"))
@really
@as_json
@pass_office
def queue(office: Office, sure: bool, as_json: bool) -> None:
    """What was asked for, by whom, and which hold it waits for."""
    if sure:
        _carry_out(office)
    with reading(office.parts.engine) as connection:
        some = list(waiting(connection))
        held = holds_on(connection, [one.stream for one in some], office.now())
    if as_json:
        put_json(some)
        return
    put_table(
        tuple(map(office.word, WAITS)),
        [(one.stream, office.local(one.asked_ms), one.reason, one.by) for one in some],
    )
    _tell_held(office, held)


def _carry_out(office: Office) -> None:
    """Whatever waits for nothing any more."""
    acts, late = catch_up(office.parts)
    _tell_late(office, late)
    if acts:
        _show(office, acts, as_json=False)
        office.tell(DONE)


def _tell_held(office: Office, held: Collection[Hold]) -> None:
    for one in held:
        until = office.local(one.until_ms, "%Y-%m-%d %H:%M")
        office.tell(KEPT, stream=one.stream, by=one.by, until=until, reason=one.reason)


def _tell_late(office: Office, late: Collection[Late]) -> None:
    for one in late:
        why = office.word(one.why.sentence, **one.why.facts)
        office.tell(LATER, place=one.place, why=why)


LATER = N_("备份地点 {place} 现在连不上（{why}）；下次备份前会补记。")
DONE = N_("已抹去。较早的备份到期自行清除；从它们恢复时会再次抹去。")
KEPT = N_("{stream} 暂缓抹去，到 {until} 为止（{by}：{reason}）；已排队。")


def _show(office: Office, acts: list[Act], as_json: bool) -> None:
    if as_json:
        put_json(acts)
        return
    put_table(
        tuple(map(office.word, COLUMNS)),
        [(act.stream, len(act.commitments), len(act.blobs)) for act in acts],
    )
