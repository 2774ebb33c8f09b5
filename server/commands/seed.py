"""seed demo: a believable month, for whoever looks at the system for the first time."""

import os
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import Engine, event, select

from server.commands.kit import Office, pass_office
from server.database import reading
from server.seed.month import SIZES, seed
from server.seed.town import PASSWORD
from server.seed.words import DESK
from server.tables import person, stream
from sync.moment import MINUTE_MS
from sync.problems import Refused
from sync.words import N_

DAY_AND_TIME = "%Y-%m-%d %H:%M"
ROLES = {
    "dispatcher": N_("调度员"),
    "manager": N_("主管"),
    "auditor": N_("审计"),
    "engineer": N_("物业工程师"),
    "administrator": N_("管理员"),
}


@click.group("seed", help=N_("示例数据"))
def seeding() -> None:
    """What fills an empty database."""


@seeding.command("demo", help=N_("写入一个月的示例数据（人员、工单、照片、争议）"))
@click.option("--size", type=click.Choice([*SIZES]), default="s", show_default=True,
              help=N_("多少：s 几十单，m 几百单，l 几千单"))  # fmt: skip
@click.option("--seed", "number", type=int, default=1, show_default=True,
              help=N_("同一个数、同一个结束时刻，得到同样的一个月"))  # fmt: skip
@click.option("--until", type=click.DateTime([DAY_AND_TIME]),
              help=N_("结束时刻，如 2026-11-20 15:20；不写就是现在"))  # fmt: skip
@click.option("--force", is_flag=True, help=N_("库里已有工单也写入"))
@pass_office
def demo(
    office: Office, size: str, number: int, until: datetime | None, force: bool
) -> None:
    """Refuses where there is anything already: made-up orders are never taken away."""
    parts = office.parts
    if not force:
        _must_be_empty(office)
        _hurry(parts.engine)
    now_ms = parts.now()
    until_ms = min(now_ms, _instant(office, until)) if until else now_ms
    orders = seed(parts, SIZES[size], number, until_ms)
    os.sync()
    office.tell(N_("已写入 {orders} 个工单"), orders=orders)
    for one in DESK:
        office.tell(
            N_("登录：{person}（{role} {name}），密码 {password}"), person=one.id,
            role=office.word(ROLES[one.role]), name=one.name, password=PASSWORD,
        )  # fmt: skip


def _instant(office: Office, local: datetime) -> int:
    """The instant of a time as clocks here show it."""
    minutes = int(local.replace(tzinfo=UTC).timestamp()) // 60
    return (minutes - office.parts.config.utc_offset_minutes) * MINUTE_MS


def _hurry(engine: Engine) -> None:
    """Nobody's work is in an empty database: if the power goes, it is begun anew, so
    nothing waits for the disk until the end."""
    if engine.url.get_backend_name() == "sqlite":
        engine.dispose()
        event.listen(engine, "connect", _without_waiting)


def _without_waiting(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def _must_be_empty(office: Office) -> None:
    with reading(office.parts.engine) as connection:
        for table in (stream, person):
            if connection.execute(select(table.c.id).limit(1)).first() is not None:
                raise Refused("seed_not_empty")
