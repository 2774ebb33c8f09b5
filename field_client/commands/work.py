"""The repair: photographs, parts, work records, done."""

from pathlib import Path

import click

from field_client.commands.kit import command, order
from field_client.commands.survey import PAYERS, price_line
from field_client.forms import YUAN
from field_client.guidance import (
    agreed_if_paid,
    both,
    known_item,
    photo_agreed,
)
from field_client.tablet import Tablet, pass_tablet
from field_client.words import _
from sync.facts.work import Completed, PartUsed, Photographed, Recorded
from sync.media import picture_type
from sync.order import Line, Order, Payer
from sync.problems import Refused
from sync.words import N_

MOMENTS = click.Choice(["before", "during", "after", "other"])
ITEM = click.IntRange(1, 99)


def read_file(path: Path) -> bytes:
    """The bytes of a file, exactly; refused if there are none."""
    try:
        data = path.read_bytes()
    except OSError as why:
        raise Refused("file_unreadable", path=path, why=why.strerror) from None
    if not data:
        raise Refused("file_unreadable", path=path, why=_(N_("空文件")))
    return data


@command(
    "photo", N_("照片：维修前 before、中 during、后 after（V4）。原件逐字节保存。")
)
@order
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--moment", required=True, type=MOMENTS, help=N_("何时"))
@click.option("--item", type=ITEM, help=N_("事项号"))
@click.option("--gallery", is_flag=True, help=N_("来自相册，不是现场拍摄"))
@click.option("--impersonal", is_flag=True, help=N_("不含人物和私人物品，无须同意"))
@pass_tablet
def photo(
    tablet: Tablet,
    order: str,
    file: Path,
    moment: str,
    item: int | None,
    gallery: bool,
    impersonal: bool,
) -> None:
    data = read_file(file)
    tablet.client.store.make_room(len(data))
    what = Photographed(
        moment=moment, item=item, source="gallery" if gallery else "camera"
    )
    known = known_item(item)
    check = known if impersonal else both(known, photo_agreed)
    tablet.tell(order, what, blobs={"photo": (data, picture_type(data))}, check=check)


@command("part", N_("用料：编码和数量，按本机价目表计价（V5）。"))
@order
@click.argument("code")
@click.argument("quantity", type=click.IntRange(1, 999_999))
@click.option("--item", type=ITEM, help=N_("事项号"))
@click.option("--payer", type=PAYERS, help=N_("责任类别；不给则同事项"))
@click.option("--name", help=N_("价目表没有的配件名称"))
@click.option("--price", type=YUAN, help=N_("价目表没有的配件单价（元）"))
@pass_tablet
def part(
    tablet: Tablet,
    order: str,
    code: str,
    quantity: int,
    item: int | None,
    payer: str | None,
    name: str | None,
    price: int | None,
) -> None:
    now = tablet.client.order(tablet.client.find(order)).order
    bearer = Payer(payer) if payer else None
    if name and price is not None:
        line = Line(
            code=code,
            quantity=quantity,
            price_fen=price,
            item=item,
            payer=bearer or bearer_of(now, item),
        )
        used = PartUsed(line=line, price_list="")
    else:
        prices = tablet.client.price_list()
        line = price_line(prices, now, code, quantity, item, bearer)
        used = PartUsed(line=line, price_list=prices.name)
    check = both(known_item(item), agreed_if_paid(line.payer))
    tablet.tell(order, used, {"name": name}, check=check)


def bearer_of(now: Order, item: int | None) -> Payer:
    """Who bears what belongs to this item; the owner if it belongs to none."""
    return next((one.payer for one in now.items if one.item == item), Payer.OWNER)


@command("work", N_("维修记录：事项 N 的原因、处理、工时（V5）。"))
@order
@click.argument("number", type=ITEM, metavar="N")
@click.option("--cause", required=True, help=N_("故障原因"))
@click.option("--remedy", required=True, help=N_("处理"))
@click.option(
    "--minutes", required=True, type=click.IntRange(0), help=N_("工时（分钟）")
)
@click.option("--labour", default=0, type=YUAN, help=N_("人工费（元）"))
@click.option("--words", help=N_("补充说明"))
@click.option("--remarks", help=N_("业主意见"))
@pass_tablet
def work(
    tablet: Tablet,
    order: str,
    number: int,
    cause: str,
    remedy: str,
    minutes: int,
    labour: int,
    words: str | None,
    remarks: str | None,
) -> None:
    now = tablet.client.order(tablet.client.find(order)).order
    record = Recorded(
        item=number,
        cause=cause,
        remedy=remedy,
        labour_minutes=minutes,
        labour_fen=labour,
    )
    private = {"words": words, "owner_remarks": remarks}
    check = both(known_item(number), agreed_if_paid(bearer_of(now, number)))
    tablet.tell(order, record, private, check=check)


@command("done", N_("完工：已清场，已请业主验收并询问其他需要（V7）。"))
@order
@click.option("--untidied", is_flag=True, help=N_("没有清场"))
@click.option("--not-asked", is_flag=True, help=N_("没有询问其他需要"))
@pass_tablet
def done(tablet: Tablet, order: str, untidied: bool, not_asked: bool) -> None:
    what = Completed(tidied=not untidied, asked_for_other_wishes=not not_asked)
    now = tablet.client.order(tablet.client.find(order)).order
    recorded = {record.item for record in now.records}
    for item in now.items:
        if item.item not in recorded:
            tablet.screen.say(
                _(N_("注意：事项 {item} 还没有维修记录。"), item=item.item)
            )
    tablet.tell(order, what)


COMMANDS = (photo, part, work, done)
