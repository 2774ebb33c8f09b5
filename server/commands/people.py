"""People, their tokens, their devices."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence

import click
import segno

from server import incidents, losses
from server.commands.kit import (
    Office,
    as_json,
    by_whom,
    pass_office,
    put_json,
    put_table,
)
from server.database import reading, writing
from server.devices import enrolment_link
from server.losses import LogReport, Report, Stretch
from server.purges import cleared
from sync.access import EVERY, ROLES, Grant
from sync.problems import Refused
from sync.words import N_

ADMINISTRATOR = Grant(role="administrator")
DEVICE_HEADINGS = (
    "ID",
    N_("名称"),
    N_("最后联系"),
    N_("未交"),
    N_("停用"),
    N_("已清除"),
)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@click.group(help=N_("人员"))
def people() -> None:
    """Who works here."""


@people.command("add", help=N_("登记或更新一名人员"))
@click.argument("person")
@click.option("--name", required=True, help=N_("姓名"))
@click.option("--role", required=True, type=click.Choice(sorted(ROLES)))
@pass_office
def add(office: Office, person: str, name: str, role: str) -> None:
    """Somebody works here."""
    office.parts.door.add_person(person, name, role, office.now())
    office.tell(N_("已登记 {person}（{name}）"), person=person, name=name)


@people.command("first", help=N_("登记第一位管理员，得到一次性口令"))
@click.argument("person")
@click.option("--name", required=True, help=N_("姓名"))
@pass_office
def first(office: Office, person: str, name: str) -> None:
    """Somebody who may let in everybody else; whoever has the machine says who."""
    everybody = office.parts.people.everybody()
    if any(one.active and ADMINISTRATOR in one.grants for one in everybody):
        raise Refused("administrator_exists")
    office.parts.people.add(person, name, [ADMINISTRATOR], office.now())
    _tell_code(office, person)


@people.command("grant", help=N_("给一名人员加一个角色，或收回"))
@click.argument("person")
@click.argument("role", type=click.Choice(sorted(ROLES)))
@click.option("--project", default=EVERY, help=N_("只在这个项目；不写就是全部项目"))
@click.option("--take-back", is_flag=True, help=N_("收回"))
@by_whom
@pass_office
def grant(
    office: Office, person: str, role: str, project: str, by: str, *, take_back: bool
) -> None:
    """One role more, or one less."""
    parts, one = office.parts, Grant(role=role, project=project)
    held = parts.people.grants_of(person)
    wanted = held - {one} if take_back else held | {one}
    parts.people.regrant(person, wanted, None, by, office.now())
    office.tell(
        N_("{person} 现在的角色：{grants}"), person=person,
        grants=_held(office, parts.people.one(person).grants),
    )  # fmt: skip


@people.command("passwd", help=N_("给一名人员一次性口令，凭它自己设密码"))
@click.argument("person")
@pass_office
def passwd(office: Office, person: str) -> None:
    """Nobody but its owner ever knows a password."""
    office.parts.people.called(person)
    _tell_code(office, person)


def _tell_code(office: Office, person: str) -> None:
    code, expires_ms = office.parts.passwords.issue_code(person, office.now())
    until = office.local(expires_ms)
    office.tell(N_("{person} 用它在控制台设密码，用到 {at} 为止，只显示这一次"),
                person=person, at=until)  # fmt: skip
    click.echo(code)


@people.command("list", help=N_("列出人员"))
@as_json
@pass_office
def list_(office: Office, as_json: bool) -> None:
    """Everybody who works here."""
    everybody = office.parts.people.everybody()
    if as_json:
        put_json(everybody)
        return
    put_table(
        tuple(map(office.word, ("ID", N_("姓名"), N_("角色")))),
        [(one.id, one.name, _held(office, one.grants)) for one in everybody],
    )


def _held(office: Office, grants: Iterable[Grant]) -> str:
    return _listed(
        office,
        (one.role if one.project == EVERY else f"{one.role}@{one.project}"
         for one in grants),
    )  # fmt: skip


@click.command(help=N_("给一名人员签发接口令牌（只显示这一次）"))
@click.argument("person")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 366))
@pass_office
def token(office: Office, person: str, days: int) -> None:
    """A staff token for the API."""
    expires_ms = office.now() + days * 86_400_000
    click.echo(office.parts.door.issue_token(person, expires_ms))


@click.group(help=N_("平板"))
def device() -> None:
    """The tablets."""


@device.command("enroll", help=N_("为一名人员签发一次性登记码"))
@click.argument("person")
@click.option(
    "--ttl", default="10m", show_default=True, help=N_("有效期，如 10m、2h、1d")
)
@click.option(
    "--url",
    help=N_("平板打开本服务用的网址，给出则同时显示二维码，如 https://door.example"),
)
@pass_office
def enroll(office: Office, person: str, ttl: str, url: str | None) -> None:
    """A one-time code; whoever enters it first has the device. With the address that
    tablets reach us at, also a QR code that opens the app with it."""
    expires_ms = office.now() + _seconds(ttl) * 1000
    code = office.parts.door.issue_code(person, expires_ms)
    if url:
        link = enrolment_link(url, code)
        segno.make(link, error="m").terminal(sys.stderr, compact=True)
        office.tell(N_("用平板的相机扫码，或打开 {link}"), link=link)
    click.echo(code)


@device.command("list", help=N_("列出平板及最后联系时间"))
@as_json
@pass_office
def devices(office: Office, as_json: bool) -> None:
    """Every device, with its last contact."""
    gone = cleared(office.parts.engine)
    rows = [
        row | {"cleared": gone.get(row["id"], 0)} for row in office.parts.door.devices()
    ]
    if as_json:
        put_json(rows)
        return
    put_table(
        tuple(map(office.word, DEVICE_HEADINGS)),
        [
            (row["id"], row["name"], office.local(row["contact_ms"]),
             row["unsent"] or 0, office.local(row["revoked_ms"]), row["cleared"])
            for row in rows
        ],
    )  # fmt: skip


@device.command("show", help=N_("一台平板：收到了什么，缺哪些，哪里分岔"))
@click.argument("name")
@as_json
@pass_office
def show(office: Office, name: str, as_json: bool) -> None:
    """What is here of a device, and what is known to be missing."""
    with reading(office.parts.engine) as connection:
        found = losses.report(connection, name)
    if as_json:
        put_json([found])
        return
    for line in _report_lines(office, found):
        click.echo(line)


def _report_lines(office: Office, one: Report) -> Iterator[str]:
    contact = N_("{device}（{name}，{people}）最后联系 {at}，当时未交 {unsent} 条")
    yield office.word(
        contact, device=one.device, name=one.name, people=_listed(office, one.people),
        at=office.local(one.contact_ms), unsent=one.unsent or 0,
    )  # fmt: skip
    if one.revoked_ms is not None:
        yield office.word(N_("已于 {at} 停用"), at=office.local(one.revoked_ms))
    for log in one.logs:
        yield from _log_lines(office, log)


def _log_lines(office: Office, log: LogReport) -> Iterator[str]:
    yield log.log
    for sentence, numbers in (
        (N_("  已收 {numbers}"), log.here),
        (N_("  已收，隔离中 {numbers}"), log.aside),
        (N_("  已声明而未到 {numbers}"), log.missing),
    ):
        if numbers:
            yield office.word(sentence, numbers=_stretches(office, numbers))
    yield office.word(N_("  {n} 之后是否还有记录，无从得知"), n=log.known_through)
    for fork in log.forks:
        sides = N_("  第 {n} 条有分岔：收到 {held}，另有声明而未到的 {claimed}")
        yield office.word(
            sides, n=fork.n, held=_listed(office, (one[:8] for one in fork.held)),
            claimed=_listed(office, (one[:8] for one in fork.claimed)),
        )  # fmt: skip
    for name in log.broken:
        yield office.word(N_("  {id} 与它前一条对不上"), id=name)


def _stretches(office: Office, numbers: Sequence[Stretch]) -> str:
    return _listed(
        office,
        (str(first) if first == last else f"{first}–{last}" for first, last in numbers),
    )


def _listed(office: Office, words: Iterable[str]) -> str:
    return office.word(N_("、")).join(words) or "—"


@device.command("settle", help=N_("说明一台平板所欠记录的处理，如宣告遗失"))
@click.argument("name")
@click.option("--reason", required=True, help=N_("如何处理的"))
@by_whom
@pass_office
def settle(office: Office, name: str, reason: str, by: str) -> None:
    """A person declares what is lost, or explains what does not fit; it stays named."""
    now_ms = office.now()
    with writing(office.parts.engine) as connection:
        incident = losses.put_before_the_desk(connection, name, now_ms)
        if incident is None:
            raise Refused("nothing_owed", device=name)
        incidents.close(connection, incident, by, reason, now_ms)
    office.tell(N_("{device} 已处理；所缺的仍会列出"), device=name)


@device.command("revoke", help=N_("停用一台丢失的平板"))
@click.argument("name")
@pass_office
def revoke(office: Office, name: str) -> None:
    """What it still hands in is kept apart."""
    office.parts.door.revoke(name, office.now())
    office.tell(N_("已停用 {name}；它再交来的记录会单独隔离"), name=name)


def _seconds(written: str) -> int:
    match = re.fullmatch(r"(\d{1,5})([smhd])", written)
    if match is None:
        raise Refused("setting_wrong", name="--ttl", why=written)
    return int(match[1]) * _UNITS[match[2]]
