"""The owner inspects item by item, sees the sheet, signs, sends back, or refuses."""

import json
from datetime import timedelta
from pathlib import Path

import click

from field_client.client import round_due
from field_client.commands.kit import command, order
from field_client.commands.survey import RELATIONS
from field_client.commands.work import ITEM, read_file
from field_client.forms import DAY, moment_ms
from field_client.guidance import (
    Check,
    all_passed,
    any_failed,
    both,
    completed,
    known_item,
)
from field_client.projection import Shown
from field_client.strokes import read_strokes
from field_client.tablet import SAVED, Tablet, pass_tablet
from field_client.view import sheet_lines
from field_client.words import _, spoken
from sync.facts.acceptance import Accepted, Inspected, Rejected, SignatureRefused
from sync.facts.what import What
from sync.sheet import CONSENT, short_code, shown_hash
from sync.words import N_

DAY_MS = int(timedelta(days=1).total_seconds()) * 1000


@command("inspect", N_("业主逐项验收：合格，或不合格并说明原因（A1）。"))
@order
@click.argument("number", type=ITEM, metavar="N")
@click.option("--pass/--fail", "passed", required=True, help=N_("合格/不合格"))
@click.option("--reason", help=N_("不合格的原因"))
@click.option("--words", help=N_("业主的话"))
@pass_tablet
def inspect(
    tablet: Tablet,
    order: str,
    number: int,
    passed: bool,
    reason: str | None,
    words: str | None,
) -> None:
    if not passed and not reason:
        raise click.UsageError(_(N_("不合格须说明原因：--reason")))
    now = tablet.client.order(tablet.client.find(order)).order
    word = Inspected(round=round_due(now), item=number, passed=passed, reason=reason)
    check = both(completed, known_item(number))
    tablet.tell(order, word, {"words": words}, check=check)


@command("sheet", N_("给业主看验收单：印出要签的全部内容和短码（A2）。"))
@order
@pass_tablet
def sheet(tablet: Tablet, order: str) -> None:
    stream = tablet.client.find(order)
    completed(tablet.client.order(stream))
    shown = tablet.client.show_sheet(stream, spoken(), _(CONSENT))
    sight = tablet.client.order(stream)
    digest = shown_hash(shown.sheet)
    record = {
        "sheet": shown.sheet.decode(),
        "sha256": digest,
        "code": short_code(digest),
        "round": shown.round,
        "stream": stream,
    }
    offset = tablet.clocks.offset_minutes()
    tablet.screen.data(record, "\n".join(sheet_lines(shown.sheet, sight, offset)))


def _say_on_sheet(
    tablet: Tablet,
    shown: Shown,
    what: What,
    private: dict[str, str | None],
    strokes: Path | None,
    check: Check,
) -> None:
    """Bind the owner's word to the sheet that was shown."""
    given = {name: text for name, text in private.items() if text}
    written = read_strokes(read_file(strokes)) if strokes else None
    tablet.warn(what, shown.stream)
    fact = tablet.client.tell_on_sheet(
        shown, what, given, written, both(completed, check)
    )
    record = {
        "fact": fact.id,
        "n": fact.head.n,
        "kind": what.kind,
        "stream": shown.stream,
        "sha256": shown_hash(shown.sheet),
        "code": short_code(shown_hash(shown.sheet)),
    }
    name = tablet.client.order(shown.stream).name
    text = f"{_(SAVED)}  {name}  {_(what.label)}  {record['code']}"
    tablet.screen.data(record, text)


def _on(shown: Shown) -> tuple[str, tuple[str, ...]]:
    """What the owner's word says of the sheet: its digest, and what it covers."""
    return shown_hash(shown.sheet), tuple(json.loads(shown.sheet)["covers"])


@command("sign", N_("业主在刚才给看的验收单上签字：验收合格（A1）。"))
@order
@click.option(
    "--strokes", required=True, type=click.Path(path_type=Path), help=N_("笔迹文件")
)
@click.option("--signer", help=N_("签字人姓名"))
@click.option("--relation", default="owner", type=RELATIONS, help=N_("与业主的关系"))
@pass_tablet
def sign(
    tablet: Tablet, order: str, strokes: Path, signer: str | None, relation: str
) -> None:
    shown = tablet.client.shown(tablet.client.find(order))
    digest, covered = _on(shown)
    what = Accepted(round=shown.round, sheet=digest, covers=covered, relation=relation)
    _say_on_sheet(tablet, shown, what, {"signer": signer}, strokes, all_passed)


@command("reject", N_("验收不通过：退回二次整改，定责任人和日期（A1）。"))
@order
@click.option("--responsible", help=N_("整改责任人；不给则为本人"))
@click.option("--due", type=DAY, help=N_("整改期限；不给则按规定天数"))
@click.option("--strokes", type=click.Path(path_type=Path), help=N_("笔迹文件"))
@click.option("--signer", help=N_("签字人姓名"))
@click.option("--relation", default="owner", type=RELATIONS, help=N_("与业主的关系"))
@click.option("--words", help=N_("业主的话"))
@pass_tablet
def reject(
    tablet: Tablet,
    order: str,
    responsible: str | None,
    due: str | None,
    strokes: Path | None,
    signer: str | None,
    relation: str,
    words: str | None,
) -> None:
    shown = tablet.client.shown(tablet.client.find(order))
    digest, covered = _on(shown)
    days = tablet.client.policy.rework_days
    due_ms = moment_ms(due, tablet.clocks.offset_minutes())
    what = Rejected(
        round=shown.round,
        sheet=digest,
        covers=covered,
        responsible=responsible or tablet.client.who.actor,
        due_ms=due_ms or tablet.clocks.wall_ms() + days * DAY_MS,
        relation=relation,
    )
    private = {"signer": signer, "words": words}
    _say_on_sheet(tablet, shown, what, private, strokes, any_failed)


@command("refuse", N_("业主拒签：记下原因和见证人，绝不算验收（A3）。"))
@order
@click.option("--reason", required=True, help=N_("原因"))
@click.option("--witness", required=True, help=N_("见证人"))
@click.option("--words", help=N_("业主的话"))
@pass_tablet
def refuse(
    tablet: Tablet, order: str, reason: str, witness: str, words: str | None
) -> None:
    shown = tablet.client.shown(tablet.client.find(order))
    digest, covered = _on(shown)
    what = SignatureRefused(
        round=shown.round, sheet=digest, covers=covered, reason=reason
    )
    private = {"witness": witness, "words": words}
    _say_on_sheet(tablet, shown, what, private, None, lambda _sight: None)


COMMANDS = (inspect, sheet, sign, reject, refuse)
