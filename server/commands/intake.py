"""intake number, intake handover: what becomes of requests that were taken here."""

import click

from server import numbering, taking
from server.commands.kit import Office, by_whom, pass_office
from sync.words import N_


@click.group(help=N_("受理"))
def intake() -> None:
    """Requests that were taken at this desk."""


@intake.command("number", help=N_("给在本系统受理的工单登记表上的统一编号"))
@click.argument("provisional")
@click.argument("number")
@by_whom
@pass_office
def number(office: Office, provisional: str, number: str, by: str) -> None:
    """The register's number for a provisional one."""
    parts = office.parts
    numbering.give_number(
        parts.ledger, parts.engine, order=office.stream(provisional), said=number,
        by=by, now_ms=office.now(),
    )  # fmt: skip
    office.tell(
        N_("{provisional} 的编号是 {number}"),
        provisional=provisional,
        number=numbering.unified(number),
    )


@intake.command("handover", help=N_("首问移交：由另一人负责到底"))
@click.argument("number")
@click.option("--to", required=True, help=N_("移交给谁"))
@click.option("--words", default="", help=N_("说明"))
@by_whom
@pass_office
def handover(office: Office, number: str, to: str, words: str, by: str) -> None:
    """From now on somebody else sees the request through."""
    parts = office.parts
    parts.people.called(to)
    taking.hand_over(
        parts.ledger, to=to, stream=office.stream(number), by=by, words=words,
        now_ms=office.now(),
    )  # fmt: skip
    office.tell(N_("{number} 已移交给 {to}"), number=number, to=to)
