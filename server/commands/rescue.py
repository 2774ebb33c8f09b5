"""import bundle: a tablet's rescue bundle comes in."""

from pathlib import Path

import click

from server import bundles
from server.commands.kit import PARTLY, Office, as_json, pass_office, put_json
from sync.exchange import OUTCOME_LABELS, Outcome
from sync.words import N_


@click.command("bundle", help=N_("导入平板的救援包；重复导入不会重复入账"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@pass_office
def bundle(office: Office, file: Path, as_json: bool) -> int:
    """As if the tablet had handed it in; what it did not sign is taken on our word."""
    with file.open("rb") as data:
        brought = bundles.bring_in(office.parts, data, office.now(), unsigned_too=True)
    if as_json:
        put_json([{
            "device": brought.device,
            "facts": {one.value: count for one, count in brought.outcomes.items()},
            "originals": brought.originals,
            "damaged": brought.damaged,
            "unsigned": brought.unsigned,
        }])  # fmt: skip
    else:
        _say(office, brought)
    refused = brought.outcomes[Outcome.REFUSED]
    return PARTLY if refused or brought.damaged else 0


def _say(office: Office, brought: bundles.Brought) -> None:
    told = " · ".join(
        f"{office.word(OUTCOME_LABELS[one])} {count}"
        for one, count in sorted(brought.outcomes.items())
    )
    click.echo(office.word(
        N_("平板 {device}：记录 {count} 条（{told}），原件 {originals} 份"),
        device=brought.device, count=brought.outcomes.total(), told=told,
        originals=brought.originals,
    ))  # fmt: skip
    if brought.damaged:
        office.tell(
            N_("{count} 份原件与指纹不符，没有收下"), count=len(brought.damaged)
        )
    if brought.unsigned:
        office.tell(
            N_("{count} 条记录没有设备签名，照收，证据较弱"), count=brought.unsigned
        )
