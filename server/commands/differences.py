"""differences: what differs from the central log, listed and decided at a terminal."""

import click

from server.central import showing
from server.central import waiting as waits
from server.central.settling import By, Made, settle
from server.central.waiting import STATES, Wanted
from server.commands.kit import (
    Office,
    Spoken,
    as_json,
    by_whom,
    pass_office,
    put_json,
    put_table,
)
from server.database import reading
from sync.access import EVERY
from sync.facts.reconciling import CHOICES
from sync.reconcile.deciding import REASONS
from sync.words import N_


@click.group(cls=Spoken, help=N_("与总台账的差异：列出、裁定"))
def differences() -> None:
    """What differs from the central log."""


@differences.command("list", help=N_("列出差异，旧的在前"))
@click.option("--state", type=click.Choice(tuple(STATES)), default="open",
              help=N_("open 待裁定，decided 已裁定，gone 已消失"))  # fmt: skip
@click.option("--code", help=N_("只看这种原因"))
@click.option("--number", help=N_("只看这个编号"))
@as_json
@pass_office
def listed(
    office: Office, state: str, code: str | None, number: str | None, as_json: bool
) -> None:
    """The oldest first, at most as many as fit into one page."""
    wanted = Wanted(projects={EVERY}, state=state, code=code, number=number)
    parts = office.parts
    with reading(parts.engine) as connection:
        rows = waits.page(connection, wanted, None, waits.MOST)
        found = showing.shown(
            connection, rows, parts.policy, lambda _row: True, {EVERY}
        )
    if as_json:
        put_json(found)
        return
    put_table(
        tuple(map(office.word, (
            N_("差异号"), N_("编号"), N_("原因"), N_("现场"), N_("台账"), N_("期限"),
        ))),
        [(one["id"], one["number"], one["code"], one["field_words"],
          one["register_words"], office.local(one["due_ms"])) for one in found],
    )  # fmt: skip


# A difference's name may begin as an option does.
@differences.command(
    "decide", help=N_("裁定一条或同因的几条：doorstep differences decide 差异号…"),
    context_settings={"ignore_unknown_options": True},
)  # fmt: skip
@click.argument("names", nargs=-1, required=True)
@click.option(
    "--choice",
    type=click.Choice(CHOICES),
    required=True,
    help=N_("field 以现场为准，log 以台账为准，correct 更正，waive 不作处理"),
)
@click.option(
    "--reason", type=click.Choice(tuple(REASONS)), required=True, help=N_("原因代码")
)
@click.option("--words", default="", help=N_("说明"))
@by_whom
@pass_office
def decide(
    office: Office, names: tuple[str, ...], choice: str, reason: str, words: str,
    by: str,
) -> None:  # fmt: skip
    """A person decides, all of these or none."""
    parts = office.parts
    who = By(person=by, now_ms=office.now(), projects={EVERY}, may=lambda _row: True)
    made = Made(choice=choice, reason=reason, words=words)
    kept = settle(parts.ledger, parts.engine, names, made, who, lambda *_: None)
    office.tell(N_("已裁定 {count} 条差异"), count=len(kept))
