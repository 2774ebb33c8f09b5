"""What every command of `doorstep` is handed, and how it speaks.

Data goes to stdout, everything said to people to stderr; exit codes are a table.
"""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from server import put_together
from server.board import find
from server.config import Config
from server.database import reading
from server.parts import Now, Parts
from server.words import say
from sync.moment import Moment
from sync.plain import plain
from sync.problems import Refused
from sync.words import N_

OK, FAILED, USAGE, PARTLY, NOT_FOUND, CONFLICT, BROKEN = range(7)
TEMPORARY, NO_PERMISSION, WRONG_SETTING = 75, 77, 78

EXIT: dict[str, int] = {
    "not_found": NOT_FOUND,
    "order_ambiguous": NOT_FOUND,
    "person_unknown": NOT_FOUND,
    "backup_missing": NOT_FOUND,
    "backup_damaged": BROKEN,
    "backup_source_damaged": BROKEN,
    "restore_newer": CONFLICT,
    "server_running": CONFLICT,
    "file_kept": CONFLICT,
    "order_cancelled": CONFLICT,
    "order_accepted": CONFLICT,
    "already_cancelled": CONFLICT,
    "already_closed": CONFLICT,
    "not_closed": CONFLICT,
    "nothing_held": CONFLICT,
    "contradiction_open": CONFLICT,
    "already_merged": CONFLICT,
    "not_accepted": CONFLICT,
    "erasure_held": CONFLICT,
    "erasure_not_held": CONFLICT,
    "sheet_absent": TEMPORARY,
    "paper_busy": TEMPORARY,
    "order_not_open": CONFLICT,
    "statement_not_over": CONFLICT,
    "statement_closed": CONFLICT,
    "statement_not_closed": CONFLICT,
    "statement_moved": TEMPORARY,
    "statement_open": CONFLICT,
    "register_moved": TEMPORARY,
    "database_busy": TEMPORARY,
    "storage_unavailable": TEMPORARY,
    "storage_full": TEMPORARY,
    "forbidden": NO_PERMISSION,
    "setting_wrong": WRONG_SETTING,
    "database_unsafe": WRONG_SETTING,
    "storage_url_malformed": WRONG_SETTING,
}


@dataclass
class Office:
    """Settings, clock and language of one run; the parts are opened when needed."""

    now: Now
    language: str = "zh-CN"

    @cached_property
    def config(self) -> Config:
        """The settings."""
        return Config.read()

    @cached_property
    def parts(self) -> Parts:
        """The server's parts, opened on first use."""
        return put_together(self.config, self.now)

    def word(self, sentence: str, /, **facts: Any) -> str:
        """A sentence in the reader's language."""
        return say(sentence, facts, self.language)

    def tell(self, sentence: str, /, **facts: Any) -> None:
        """Say something to the person at the terminal."""
        click.echo(self.word(sentence, **facts), err=True)

    def stream(self, number: str) -> str:
        """The order with this unified number, or the only one whose number ends so."""
        with reading(self.parts.engine) as connection:
            found = find(connection, number) if number else None
        if found is None:
            raise Refused("not_found")
        return found

    def local(self, at_ms: int | None, form: str = "%m-%d %H:%M") -> str:
        """A time as the company's clocks show it."""
        if at_ms is None:
            return "—"
        zone = timezone(timedelta(minutes=self.config.utc_offset_minutes))
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).strftime(form)

    def span(self, first_ms: int | None, end_ms: int | None) -> str:
        """An interval to the minute; a stretch within one minute is that minute."""
        first, last = self.local(first_ms), self.local(end_ms, "%H:%M")
        return first if first[-5:] == last else f"{first}–{last}"

    def interval(self, moment: Moment | None) -> str:
        """An estimate with its grade, or the bracket."""
        if moment is None:
            return "—"
        span = moment.estimate if moment.earliest_ms is not None else moment.bracket
        return f"{self.span(span.first_ms, span.end_ms)} {moment.grade}"


class Spoken(click.Group):
    """All commands, each with its help in the reader's language."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, as the reader reads it."""
        found = super().get_command(ctx, cmd_name)
        return found and translated(found, ctx.ensure_object(Office))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Help in the reader's language."""
        told = translated(self, ctx.ensure_object(Office))
        click.Command.format_help(told, ctx, formatter)


def translated(command: click.Command, office: Office) -> click.Command:
    """A copy whose help, options and commands are translated. The command itself stays
    as it is: the next reader may speak another language."""
    told = copy(command)
    told.help = office.word(command.help or "")
    told.params = [copy(param) for param in command.params]
    for param in told.params:
        if isinstance(param, click.Option) and param.help:
            param.help = office.word(param.help)
    if isinstance(told, click.Group):
        told.commands = {
            name: translated(one, office) for name, one in told.commands.items()
        }
    return told


pass_office = click.make_pass_decorator(Office)
as_json = click.option("--json", "as_json", is_flag=True, help=N_("输出 JSON"))
by_whom = click.option("--by", default="desk", show_default=True, help=N_("经手人"))


def put_json(rows: Iterable[Any]) -> None:
    """Records as JSON lines."""
    for row in rows:
        click.echo(json.dumps(plain(row), ensure_ascii=False))


def put_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; as wide as it needs to be where nobody's terminal limits it."""
    width = None if sys.stdout.isatty() else 200
    table = Table(*headings, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console(width=width, highlight=False).print(table)


def run(command: Callable[[], Any], office: Office) -> int:
    """Run a command; refusals become a sentence, a code and an exit code."""
    try:
        found = command()
    except Refused as refusal:
        office.tell(
            N_("错误 {code}：{sentence}"),
            code=refusal.code,
            sentence=office.word(refusal.sentence, **refusal.facts),
        )
        return EXIT.get(refusal.code, FAILED)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    return found if isinstance(found, int) else OK
