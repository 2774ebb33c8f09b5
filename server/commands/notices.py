"""notices: what was told and could not be, and to whom anything may go."""

import click

from server.commands.kit import Office, as_json, pass_office, put_json, put_table
from server.notices.outbox import STATES, shown
from server.notices.targets import AUDIENCES, OWN, PEOPLE, WEBHOOK
from sync.access import EVERY
from sync.words import N_

MOST = 200
COLUMNS = ("id", "kind", "state", "tries", "error")


@click.group("notices", help=N_("通知：发给谁、发了没有"))
def notices() -> None:
    """What people outside are told."""


@notices.command("list", help=N_("列出通知，新的在前"))
@click.option("--state", type=click.Choice(STATES), default=None)
@as_json
@pass_office
def listing(office: Office, state: str | None, *, as_json: bool) -> None:
    """The newest of them."""
    listed = office.parts.notices.outbox.list(None, MOST, state=state)
    found = [shown(one) for one in listed]
    if as_json:
        put_json(found)
        return
    head = (N_("通知"), N_("内容"), N_("状态"), N_("次数"), N_("原因"))
    rows = [
        [str("" if one[name] is None else one[name]) for name in COLUMNS]
        for one in found
    ]
    put_table(tuple(office.word(one) for one in head), rows)


@notices.command("replay", help=N_("把没送达的再发一次"))
@click.argument("notice")
@pass_office
def replay(office: Office, notice: str) -> None:
    """Try again what was given up."""
    parts = office.parts
    parts.notices.outbox.replay(notice, parts.now())
    office.tell(N_("会再发一次"))


@notices.command("targets", help=N_("列出可以发给谁"))
@pass_office
def targets(office: Office) -> None:
    """The whole list, robots' keys cut off."""
    kept = office.parts.notices.targets
    found = [*kept.all(webhooks=False), *kept.all(webhooks=True)]
    head = (N_("编号"), N_("方式"), N_("名称"), N_("地址"))
    rows = [(one.id, one.kind, one.name, one.shown_address) for one in found]
    put_table(tuple(office.word(one) for one in head), rows)


@notices.command("allow", help=N_("允许发到这里：机器人地址、邮箱、手机号，* 为本人的"))
@click.argument("kind", type=click.Choice([*sorted(PEOPLE), WEBHOOK]))
@click.argument("address", default=OWN)
@click.option("--name", default="")
@click.option("--project", default=EVERY)
@click.option("--to", "audiences", multiple=True, type=click.Choice(sorted(AUDIENCES)))
@click.option("--secret", default=None, help=N_("机器人的加签密钥"))
@click.option("--by", required=True, help=N_("管理员"))
@pass_office
def allow(
    office: Office, kind: str, address: str, by: str, name: str, **more: object
) -> None:
    """Put one on the list."""
    parts, kept = office.parts, office.parts.notices.targets
    parts.people.called(by)
    if kind == WEBHOOK:
        made, secret = kept.add_webhook(address, by, parts.now())
        office.tell(N_("{name}：签名密钥 {secret}，只显示这一次"),
                    name=made.id, secret=secret)  # fmt: skip
        return
    made = kept.add(kind, name or kind, address, by, parts.now(), **more)  # type: ignore[arg-type]
    office.tell(N_("{name}：已加入"), name=made.id)


@notices.command("forbid", help=N_("不再发到这里"))
@click.argument("target")
@pass_office
def forbid(office: Office, target: str) -> None:
    """Take one off the list."""
    parts = office.parts
    kept = parts.notices.targets
    hooks = any(one.id == target for one in kept.all(webhooks=True))
    kept.remove(target, parts.now(), webhooks=hooks)
    office.tell(N_("{name}：已去掉"), name=target)
