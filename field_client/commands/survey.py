"""Survey, items, quotation and the owner's yes; things taken away and brought back."""

import click

from field_client.commands.kit import command, order
from field_client.forms import BILL_LINE, DAY, YUAN, moment_ms, yuan_text
from field_client.guidance import quoted_if_paid
from field_client.sight import Sight
from field_client.tablet import Tablet, pass_tablet
from sync.facts.survey import (
    ItemFound,
    PlanAgreed,
    PlanChanged,
    Quoted,
    Surveyed,
    ThingReturned,
    ThingTakenAway,
)
from sync.order import Line, Order, Payer
from sync.prices import PriceList, total_fen
from sync.problems import Refused
from sync.words import N_

PAYERS = click.Choice([one.value for one in Payer])
RELATIONS = click.Choice(["owner", "family", "tenant", "authorised"])


@command("survey", N_("现场勘察：原因、方法、估计（V3）。"))
@order
@click.option("--cause", required=True, help=N_("故障原因"))
@click.option("--method", required=True, help=N_("维修方法"))
@click.option("--present", multiple=True, help=N_("在场方，可多次"))
@click.option("--minutes", default=0, type=click.IntRange(0), help=N_("预计分钟"))
@click.option("--estimate", default=0, type=YUAN, help=N_("估价（元）"))
@click.option("--promise", type=DAY, help=N_("今天修不完时答应的日期"))
@click.option("--words", help=N_("补充说明"))
@pass_tablet
def survey(
    tablet: Tablet,
    order: str,
    cause: str,
    method: str,
    present: tuple[str, ...],
    minutes: int,
    estimate: int,
    promise: str | None,
    words: str | None,
) -> None:
    found = Surveyed(
        cause=cause,
        method=method,
        present=present,
        estimate_minutes=minutes,
        estimate_fen=estimate,
        promised_ms=moment_ms(promise, tablet.clocks.offset_minutes()),
    )
    tablet.tell(order, found, {"words": words})


@command("item", N_("维修事项 N 及其责任类别：A 施工方、B 公司、paid 业主（L1）。"))
@order
@click.argument("number", type=click.IntRange(1, 99), metavar="N")
@click.option("--trade", required=True, help=N_("专业"))
@click.option("--payer", required=True, type=PAYERS, help=N_("责任类别"))
@click.option("--what", required=True, help=N_("什么问题"))
@click.option("--where", help=N_("部位"))
@pass_tablet
def item(
    tablet: Tablet,
    order: str,
    number: int,
    trade: str,
    payer: str,
    what: str,
    where: str | None,
) -> None:
    found = ItemFound(item=number, trade=trade, payer=Payer(payer))
    tablet.tell(order, found, {"what": what, "where": where})


@command("quote", N_("按本机价目表报价（L3）。"))
@order
@click.option(
    "--line", "lines", multiple=True, required=True, type=BILL_LINE, help=N_("可多次")
)
@pass_tablet
def quote(
    tablet: Tablet, order: str, lines: tuple[tuple[str, int, int | None], ...]
) -> None:
    prices = tablet.client.price_list()
    sight = tablet.client.order(tablet.client.find(order))
    priced = tuple(price_line(prices, sight.order, *line) for line in lines)
    tablet.tell(order, Quoted(lines=priced, price_list=prices.name))
    tablet.screen.say(yuan_text(total_fen(priced)))


def price_line(
    prices: PriceList,
    order: Order,
    code: str,
    quantity: int,
    item: int | None,
    payer: Payer | None = None,
) -> Line:
    """A line at the list's price; whoever bears the item bears it too."""
    if (price := prices.price(code)) is None:
        raise Refused("part_unknown", part=code, list=prices.name)
    bearers = {one.item: one.payer for one in order.items}
    bearer = payer or bearers.get(item or 0, Payer.OWNER)
    return Line(
        code=code,
        quantity=quantity,
        price_fen=price.price_fen,
        item=item,
        payer=bearer,
    )


def offered_fen(sight: Sight) -> int:
    """What the owner is asked to pay by the last quotation."""
    if sight.order.quote is None:
        return 0
    lines = sight.order.quote.lines
    return total_fen(line for line in lines if line.payer is Payer.OWNER)


@command("agree", N_("业主同意方案和价格（V3）。"))
@order
@click.option("--owner", help=N_("同意人姓名"))
@click.option("--relation", default="owner", type=RELATIONS, help=N_("与业主的关系"))
@click.option("--total", type=YUAN, help=N_("业主应付（元）；不给则取报价"))
@click.option("--promise", type=DAY, help=N_("答应的日期"))
@pass_tablet
def agree(
    tablet: Tablet,
    order: str,
    owner: str | None,
    relation: str,
    total: int | None,
    promise: str | None,
) -> None:
    sight = tablet.client.order(tablet.client.find(order))
    yes = PlanAgreed(
        relation=relation,
        total_fen=offered_fen(sight) if total is None else total,
        promised_ms=moment_ms(promise, tablet.clocks.offset_minutes()),
    )
    tablet.tell(order, yes, {"owner": owner}, check=quoted_if_paid)


@command("change-plan", N_("变更方案或延期，须业主同意（V6）。"))
@order
@click.option("--reason", required=True, help=N_("变更原因"))
@click.option("--owner", help=N_("同意人姓名"))
@click.option("--relation", default="owner", type=RELATIONS, help=N_("与业主的关系"))
@click.option("--total", type=YUAN, help=N_("业主应付（元）；不给则取报价"))
@click.option("--promise", type=DAY, help=N_("新的日期"))
@click.option("--words", help=N_("补充说明"))
@pass_tablet
def change_plan(
    tablet: Tablet,
    order: str,
    reason: str,
    owner: str | None,
    relation: str,
    total: int | None,
    promise: str | None,
    words: str | None,
) -> None:
    sight = tablet.client.order(tablet.client.find(order))
    changed = PlanChanged(
        reason=reason,
        relation=relation,
        total_fen=offered_fen(sight) if total is None else total,
        promised_ms=moment_ms(promise, tablet.clocks.offset_minutes()),
    )
    tablet.tell(order, changed, {"owner": owner, "words": words})


@command("take-away", N_("取件交接：带走维修，开交接单（V3）。"))
@order
@click.option("--what", required=True, help=N_("什么东西"))
@click.option("--receipt", help=N_("交接单号；不给则自动编号"))
@pass_tablet
def take_away(tablet: Tablet, order: str, what: str, receipt: str | None) -> None:
    sight = tablet.client.order(tablet.client.find(order))
    count = len(sight.order.taken_away) + 1
    number = receipt or f"{tablet.client.who.device}-{sight.name}-{count}"
    tablet.tell(order, ThingTakenAway(receipt=number), {"what": what})
    tablet.screen.say(number)


@command("bring-back", N_("归还取走的东西，关闭交接单（V3）。"))
@order
@click.argument("receipt")
@pass_tablet
def bring_back(tablet: Tablet, order: str, receipt: str) -> None:
    def open_receipt(sight: Sight) -> None:
        if receipt not in {one.receipt for one in sight.order.taken_away}:
            raise Refused("receipt_unknown", receipt=receipt)

    tablet.tell(order, ThingReturned(receipt=receipt), check=open_receipt)


COMMANDS = (survey, item, quote, agree, change_plan, take_away, bring_back)
