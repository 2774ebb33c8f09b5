"""On the way and at the door: setting off, arrival, the card of steps, nobody home,
turned away, leaving."""

import click

from field_client.commands.kit import command, order
from field_client.forms import LOCATION
from field_client.tablet import Tablet, pass_tablet
from field_client.words import _
from sync.facts.visit import (
    DOOR_STEPS,
    Arrived,
    DoorProtocol,
    Left,
    NobodyHome,
    SetOff,
    TurnedAway,
)
from sync.words import N_


@command("setoff", N_("出发：告诉调度和业主已在路上。不说也可以直接到场签到。"))
@order
@pass_tablet
def setoff(tablet: Tablet, order: str) -> None:
    tablet.tell(order, SetOff())


@command("arrive", N_("到场签到（V2）。位置可不给，从不等待定位。"))
@order
@click.option("--place", type=LOCATION, help=N_("纬度,经度,误差米数"))
@pass_tablet
def arrive(tablet: Tablet, order: str, place: str | None) -> None:
    visits = tablet.client.order(tablet.client.find(order)).order.visits
    if place and any(visit.place_consent is False for visit in visits):
        tablet.screen.say(_(N_("业主不同意记录位置，位置没有记下。")))
        place = None
    tablet.tell(order, Arrived(), {"place": place})


@command("door", N_("上门礼仪卡（V1），并记下业主同意什么（V4a）。"))
@order
@click.option(
    "--step",
    "steps",
    multiple=True,
    type=click.Choice(list(DOOR_STEPS)),
    help=N_("做到的步骤"),
)
@click.option("--all", "everything", is_flag=True, help=N_("全部做到"))
@click.option("--photos/--no-photos", required=True, help=N_("业主同意/不同意拍照"))
@click.option("--place/--no-place", required=True, help=N_("业主同意/不同意记录位置"))
@click.option("--start/--no-start", required=True, help=N_("业主同意/不同意开始"))
@pass_tablet
def door(
    tablet: Tablet,
    order: str,
    steps: tuple[str, ...],
    everything: bool,
    photos: bool,
    place: bool,
    start: bool,
) -> None:
    card = DoorProtocol(
        steps=tuple(DOOR_STEPS) if everything else steps,
        photo_consent=photos,
        place_consent=place,
        start_consent=start,
    )
    tablet.tell(order, card)
    for step in tablet.client.policy.demanded_steps:
        if step not in card.steps:
            words = _(DOOR_STEPS.get(step, step))
            tablet.screen.say(_(N_("注意：规定必须做到：{step}"), step=words))
    if not start:
        tablet.screen.say(
            _(N_("业主不同意开始：请用 field turned-away 记下并报中心。"))
        )


@command("nobody-home", N_("无人应答：按铃、等候、再按（V1）。"))
@order
@click.option("--words", help=N_("补充说明"))
@pass_tablet
def nobody_home(tablet: Tablet, order: str, words: str | None) -> None:
    tablet.tell(order, NobodyHome(), {"words": words})


@command("turned-away", N_("业主拒修（V1）。"))
@order
@click.option("--reason", required=True, help=N_("原因"))
@click.option("--words", help=N_("业主的话"))
@pass_tablet
def turned_away(tablet: Tablet, order: str, reason: str, words: str | None) -> None:
    tablet.tell(order, TurnedAway(reason=reason), {"words": words})


@command("leave", N_("离场（V7）。"))
@order
@pass_tablet
def leave(tablet: Tablet, order: str) -> None:
    tablet.tell(order, Left())


COMMANDS = (setoff, arrive, door, nobody_home, turned_away, leave)
