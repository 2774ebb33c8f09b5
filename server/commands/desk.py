"""What the desk decides, from a terminal: dispatch, cancel, close, reopen, merge, and
what facts disagree about."""

from pathlib import Path

import click

from server import desk
from server.board import all_documents, document
from server.commands.kit import (
    Office,
    as_json,
    by_whom,
    pass_office,
    put_json,
    put_table,
)
from server.database import reading
from sync.envelope import STREAM
from sync.facts import What
from sync.facts.approval import Approved
from sync.facts.dispatch import Cancelled, Closed, Reopened, ReviewResolved
from sync.order import Order
from sync.plain import plain
from sync.reviews import LABELS
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
        parts.people,
        parts.qualifications,
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
    _decide(office, number, Cancelled(reason=reason), words, by)
    office.tell(N_("{number} 已取消；路上的人下次联网时得知"), number=number)


@click.command(help=N_("结案：不会再有任何事"))
@click.argument("number")
@click.option("--reason", default="done", show_default=True, help=N_("原因代码"))
@click.option("--words", default="", help=N_("说明"))
@by_whom
@pass_office
def close(office: Office, number: str, reason: str, words: str, by: str) -> None:
    """Nothing more will happen."""
    _decide(office, number, Closed(reason=reason), words, by)
    office.tell(N_("{number} 已结案；之后才收到的记录会提请核对"), number=number)


@click.command(help=N_("重新打开已结案的工单"))
@click.argument("number")
@click.option("--reason", required=True, help=N_("原因代码"))
@click.option("--words", default="", help=N_("说明"))
@by_whom
@pass_office
def reopen(office: Office, number: str, reason: str, words: str, by: str) -> None:
    """Something is left to be done."""
    _decide(office, number, Reopened(reason=reason), words, by)
    office.tell(N_("{number} 已重新打开"), number=number)


@click.command(help=N_("批准超限费用：doorstep approve 编号 --up-to 1800"))
@click.argument("number")
@click.option(
    "--up-to",
    type=click.IntRange(0, 10**9),
    required=True,
    help=N_("批准到多少元（整数）"),
)
@click.option("--words", default="", help=N_("说明"))
@by_whom
@pass_office
def approve(office: Office, number: str, up_to: int, words: str, by: str) -> None:
    """Whoever may decide on so much lets the work go on."""
    with reading(office.parts.engine) as connection:
        order = document(connection, office.stream(number)) or Order()
    what = Approved(hold=desk.waiting_for_approval(order), up_to_fen=up_to * 100)
    _decide(office, number, what, words, by)
    office.tell(N_("{number} 的费用已批准；平板下次联网时得知"), number=number)


@click.command(help=N_("附上业主报修时的照片：doorstep attach 编号 文件…"))
@click.argument("number")
@click.argument(
    "files", nargs=-1, required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip
@by_whom
@pass_office
def attach(office: Office, number: str, files: tuple[Path, ...], by: str) -> None:
    """The owner's own pictures, for whoever goes there."""
    parts, stream = office.parts, office.stream(number)
    for file in files:
        desk.picture(
            parts.ledger, parts.originals, file.read_bytes(),
            stream=stream, by=by, words="", now_ms=office.now(),
        )  # fmt: skip
    office.tell(N_("{number} 附上了 {count} 张照片"), number=number, count=len(files))


@click.command(help=N_("把重复的工单并入另一张，由后者继续"))
@click.argument("number")
@click.option("--into", required=True, help=N_("继续办理的工单编号"))
@click.option("--words", default="", help=N_("说明"))
@by_whom
@pass_office
def merge(office: Office, number: str, into: str, words: str, by: str) -> None:
    """Two orders for one request."""
    desk.merge(
        office.parts.ledger,
        stream=_any_stream(office, number),
        into=office.stream(into),
        by=by,
        words=words,
        now_ms=office.now(),
    )
    office.tell(N_("{number} 已并入 {into}"), number=number, into=into)


@click.command(help=N_("列出待人工核对的事项"))
@click.option("--resolved", is_flag=True, help=N_("列出已核对的"))
@as_json
@pass_office
def reviews(office: Office, resolved: bool, as_json: bool) -> None:
    """What facts disagree about, order by order."""
    with reading(office.parts.engine) as connection:
        lines = [
            {"number": order.number or order.stream, **plain(one)}
            for order in all_documents(connection)
            for one in (order.resolved if resolved else order.reviews)
        ]
    if as_json:
        put_json(lines)
        return
    put_table(
        tuple(map(office.word, (N_("编号"), N_("核对号"), N_("事由")))),
        [(one["number"], one["id"], office.word(LABELS[one["code"]])) for one in lines],
    )


# One review in sixty-four has a name that begins as an option does.
@click.command(
    help=N_("核对完毕：doorstep resolve 编号 核对号 --reason 原因"),
    context_settings={"ignore_unknown_options": True},
)
@click.argument("number")
@click.argument("review")
@click.option("--reason", required=True, help=N_("原因代码"))
@click.option("--words", default="", help=N_("说明"))
@by_whom
@pass_office
def resolve(
    office: Office, number: str, review: str, reason: str, words: str, by: str
) -> None:
    """A person has looked at it."""
    what = ReviewResolved(review=review, reason=reason)
    _decide(office, number, what, words, by)
    office.tell(N_("{number} 的 {review} 已核对"), number=number, review=review)


def _decide(office: Office, number: str, what: What, words: str, by: str) -> None:
    desk.decide(
        office.parts.ledger,
        what,
        stream=office.stream(number),
        by=by,
        words=words,
        now_ms=office.now(),
    )


def _any_stream(office: Office, name: str) -> str:
    """An order by its number, or by its stream where it has none."""
    return name if STREAM.fullmatch(name) else office.stream(name)
