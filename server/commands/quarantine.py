"""quarantine: what was handed in and could not be read, kept as it came."""

import click
from sqlalchemy import select

from server.commands.kit import Office, as_json, pass_office, put_json, put_table
from server.database import reading
from server.tables import quarantine as table
from sync.words import N_


@click.group(help=N_("隔离区：收到了但还读不懂的记录，原样保存"))
def quarantine() -> None:
    """What waits to be understood or judged."""


@quarantine.command("list", help=N_("列出隔离中的记录"))
@as_json
@pass_office
def list_(office: Office, as_json: bool) -> None:
    """One line for each, oldest first."""
    with reading(office.parts.engine) as connection:
        rows = connection.execute(
            select(table.c.id, table.c.device, table.c.reason, table.c.received_ms)
            .where(table.c.settled_ms.is_(None)).order_by(table.c.seq)
        ).mappings().all()  # fmt: skip
    if as_json:
        put_json([dict(row) for row in rows])
        return
    put_table(
        tuple(map(office.word, ("ID", N_("设备"), N_("原因"), N_("收到")))),
        [(row["id"], row["device"], row["reason"], office.local(row["received_ms"]))
         for row in rows],
    )  # fmt: skip


@quarantine.command("replay", help=N_("升级后重新读取隔离中的记录"))
@pass_office
def replay(office: Office) -> None:
    """Look again at what an older version could not read."""
    parts = office.parts
    found = parts.ledger.replay(parts.door.people_of, office.now())
    office.tell(N_("{count} 条记录已读懂并入账"), count=len(found))
