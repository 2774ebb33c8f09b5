"""What there is to do: enrol, take home, list, look at one."""

import click

from field_client.commands.kit import command, order
from field_client.exchange import HOME
from field_client.screen import Watching, yield_exit
from field_client.sight import Sight
from field_client.tablet import Tablet, pass_tablet
from field_client.view import job_line, order_lines, stage_text
from field_client.words import _, explain
from sync.facts import KINDS
from sync.facts.dispatch import OrderSeen
from sync.order import Order
from sync.plain import plain
from sync.problems import Refused
from sync.words import N_


@command("enroll", N_("用一次性登记码登记本机：field enroll CODE --server URL"))
@click.argument("code")
@click.option("--server", required=True, metavar="URL", help=N_("服务器地址"))
@click.option("--name", default="field", help=N_("本机名称"))
@pass_tablet
def enroll(tablet: Tablet, code: str, server: str, name: str) -> None:
    who = tablet.client.enrol(code, server, name)
    record = {"device": who.device, "actor": who.actor, "role": who.role}
    done = _(N_("已登记：{actor}（设备 {device}）"), actor=who.actor, device=who.device)
    tablet.screen.data(record, done)


@command("pull", N_("取回派给本人的工单和价目表，不交记录。"))
@pass_tablet
def pull(tablet: Tablet) -> None:
    with Watching(tablet.screen) as watch:
        report = tablet.client.exchange_once(HOME, watch=watch)
    record = {"documents": report.documents, "gone": report.gone}
    say = N_("取回 {documents} 份工单，移出 {gone} 份")
    tablet.screen.data(record, _(say, **record))
    yield_exit(tablet.report(report))


@command("jobs", N_("本机上的工单，一行一单。"))
@pass_tablet
def jobs(tablet: Tablet) -> None:
    looks = [_look(tablet, stream) for stream in tablet.client.streams()]
    for sight in sorted((one for one in looks if one), key=lambda one: one.name):
        tablet.screen.data(_summary(sight), job_line(sight))


def _look(tablet: Tablet, stream: str) -> Sight | None:
    """The order; None, and a word about it, if this version cannot read it."""
    try:
        return tablet.client.order(stream)
    except Refused as why:
        tablet.screen.say(explain(why))
        return None


def _summary(sight: Sight) -> dict[str, object]:
    now = sight.order
    return {
        "stream": now.stream,
        "number": now.number,
        "stage": now.stage.value,
        "state": stage_text(now),
        "cancelled": now.cancelled is not None,
        "gone": sight.gone,
        "rev": sight.rev,
        "technician": now.assignment.technician if now.assignment else None,
    }


@command("show", N_("看一份工单；第一次打开会记“已查看”（P6）。"))
@order
@pass_tablet
def show(tablet: Tablet, order: str) -> None:
    stream = tablet.client.find(order)
    sight = tablet.client.order(stream)
    if _is_news(sight.order, tablet.client.who.actor):
        tablet.client.tell(stream, OrderSeen())
    record = {
        **_summary(sight),
        "order": plain(sight.order),
        "values": dict(sight.values),
        "held": sorted(sight.held),
    }
    lines = order_lines(sight, tablet.clocks.offset_minutes())
    tablet.screen.data(record, "\n".join(lines))


def _is_news(now: Order, actor: str) -> bool:
    """Did the desk decide anything that this person has not opened yet?"""
    decided = [
        entry.position or 0 for entry in now.history if KINDS[entry.kind].decides
    ]
    known = [seen.basis for seen in now.seen if seen.by == actor]
    return bool(decided) and max(decided) > max(known, default=-1)


COMMANDS = (enroll, pull, jobs, show)
