"""`doorstep owner`: an owner's own page, and a question to the owner's own phone."""

import click

from server import desk, owner_links
from server.board import document
from server.commands.kit import Office, by_whom, pass_office
from server.confirming import Confirming
from server.database import reading
from server.owner_links import address
from server.owner_reports import reports
from server.paper.knowledge import latest
from sync.access import Grant
from sync.facts.owner import REVOCATIONS, CertificateRevoked
from sync.problems import Refused
from sync.words import N_


@click.group("owner", help=N_("业主：专用链接、请业主确认、撤销验收单"))
def owner() -> None:
    """Whoever has the machine does it in the name that is given."""


by = click.option("--by", required=True, help=N_("谁"))


@owner.command("link", help=N_("业主的专用链接；没有就新开一个"))
@click.argument("number")
@by
@pass_office
def link(office: Office, number: str, by: str) -> None:
    """The address on standard output."""
    parts, name = office.parts, office.stream(number)
    parts.people.called(by)
    token = owner_links.made(parts.engine, parts.keys, name, by, office.now())
    click.echo(address(parts.config.public_url, token))


@owner.command("stop", help=N_("停用业主的专用链接"))
@click.argument("number")
@by
@click.option("--reason", required=True, help=N_("缘由"))
@pass_office
def stop(office: Office, number: str, by: str, reason: str) -> None:
    """Every link to this order."""
    parts, name = office.parts, office.stream(number)
    parts.people.called(by)
    many = owner_links.revoke(parts.engine, name, by, reason, office.now())
    office.tell(N_("停用了 {many} 个链接"), many=many)


@owner.command("ask", help=N_("向业主的手机发确认码"))
@click.argument("number")
@by
@pass_office
def ask(office: Office, number: str, by: str) -> None:
    """The code goes out with the next notices."""
    parts = office.parts
    parts.people.called(by)
    asking = Confirming(parts.engine, parts.keys, parts.ledger)
    asking.ask(office.stream(number), by, office.now())
    office.tell(N_("已请业主确认；不回复不当作同意"))


@owner.command("revoke", help=N_("撤销现行的验收单"))
@click.argument("number")
@by
@click.option("--reason", required=True, type=click.Choice(sorted(REVOCATIONS)),
              help=N_("缘由"))  # fmt: skip
@click.option("--words", default="", help=N_("说明"))
@pass_office
def revoke(office: Office, number: str, by: str, reason: str, words: str) -> None:
    """Whoever checks it reads that from now on."""
    parts, name = office.parts, office.stream(number)
    parts.people.called(by)
    with reading(parts.engine) as connection:
        order = document(connection, name)
    now = latest(order) if order else None
    if now is None:
        raise Refused("not_accepted", number=number)
    what = CertificateRevoked(sheet=now.sheet, reason=reason)
    desk.decide(parts.ledger, what, stream=name, by=by, words=words,
                now_ms=office.now())  # fmt: skip
    office.tell(N_("已撤销"))


@owner.command("reports", help=N_("业主反映人员的内容（保密）"))
@by_whom
@pass_office
def reports_(office: Office, by: str) -> None:
    """One line each; who read them is noted."""
    found = reports(office.parts.engine, [Grant(role="manager")])
    streams = {one["stream"] for one in found}
    office.parts.traces.read_by(by, streams, office.now())
    for one in found:
        click.echo(f"{one['number'] or one['stream']}\t{one['words']}")
