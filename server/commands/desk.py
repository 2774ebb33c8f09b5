"""dispatch, cancel: what the desk decides, from a terminal."""

import click

from server import desk
from server.commands.kit import Office, by_whom, pass_office
from sync.words import N_


@click.command(help=N_("派单或改派：doorstep dispatch 编号 --to li --helper wang"))
@click.argument("number")
@click.option("--to", "technician", required=True, help=N_("主修人员"))
@click.option("--helper", "helpers", multiple=True, help=N_("协助人员"))
@click.option("--words", default="", help=N_("说明"))
@by_whom
@pass_office
def dispatch(
    office: Office,
    number: str,
    technician: str,
    helpers: tuple[str, ...],
    words: str,
    by: str,
) -> None:
    """Give an order to somebody."""
    parts = office.parts
    desk.dispatch(
        parts.ledger,
        parts.door,
        stream=office.stream(number),
        technician=technician,
        helpers=helpers,
        by=by,
        words=words,
        now_ms=office.now(),
    )
    office.tell(
        N_("{number} 已派给 {technician}"), number=number, technician=technician
    )


@click.command(help=N_("取消工单"))
@click.argument("number")
@click.option(
    "--reason", required=True, help=N_("原因代码，如 duplicate、owner_withdrew")
)
@click.option("--words", default="", help=N_("说明"))
@by_whom
@pass_office
def cancel(office: Office, number: str, reason: str, words: str, by: str) -> None:
    """Nobody needs to go."""
    desk.cancel(
        office.parts.ledger,
        stream=office.stream(number),
        reason=reason,
        by=by,
        words=words,
        now_ms=office.now(),
    )
    office.tell(N_("{number} 已取消；路上的人下次联网时得知"), number=number)
