"""How the terminal speaks: data on stdout, everything else on stderr.

May not enter: what a command does.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from field_client.words import _
from sync.words import N_

OK, FAILED, USAGE, PARTIAL, NOT_FOUND, CONFLICT, BROKEN = 0, 1, 2, 3, 4, 5, 6
TEMPORARY, NO_PERMISSION, CONFIG, INTERRUPTED = 75, 77, 78, 130

EXITS: Mapping[str, int] = {
    "order_unknown": NOT_FOUND,
    "item_unknown": NOT_FOUND,
    "part_unknown": NOT_FOUND,
    "receipt_unknown": NOT_FOUND,
    "file_unreadable": NOT_FOUND,
    "sheet_changed": CONFLICT,
    "sheet_not_shown": CONFLICT,
    "order_ambiguous": CONFLICT,
    "exchange_busy": TEMPORARY,
    "no_answer": TEMPORARY,
    "tablet_full": TEMPORARY,
    "tablet_nearly_full": TEMPORARY,
    "credentials_wrong": NO_PERMISSION,
    "credentials_missing": NO_PERMISSION,
    "code_wrong": NO_PERMISSION,
    "server_not_the_one": NO_PERMISSION,
    "not_enrolled": CONFIG,
    "layout_unknown": CONFIG,
    "store_unsafe": CONFIG,
    "outbox_lost": BROKEN,
    "another_history": BROKEN,
    "outbox_broken": BROKEN,
}  # fmt: skip

STAGES = {
    "hello": N_("问候"),
    "look_back": N_("恢复后核对"),
    "check_log": N_("账本核对"),
    "facts": N_("记录"),
    "documents": N_("工单"),
    "signatures": N_("签字"),
    "photos": N_("照片"),
    "bytes": N_("字节"),
}


def yield_exit(status: int) -> None:
    """End the command with this code, if it is not success."""
    if status != OK:
        raise click.exceptions.Exit(status)


class Screen:
    """Where a command speaks."""

    def __init__(self) -> None:
        self.json = False
        self.interactive = sys.stderr.isatty()

    def say(self, sentence: str) -> None:
        """A message for people; never data."""
        click.echo(sentence, err=True)

    def data(self, record: Mapping[str, Any], text: str) -> None:
        """One record: as JSON on one line if asked for, else its text."""
        line = json.dumps(record, ensure_ascii=False) if self.json else text
        click.echo(line)


class Watching:
    """Progress of an exchange: a bar on a terminal, plain lines elsewhere."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.bar: Progress | None = None
        self.tasks: dict[str, TaskID] = {}
        self.tenths: dict[str, int] = {}

    def __enter__(self) -> Self:
        if self.screen.interactive:
            console = Console(stderr=True)
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.completed}/{task.total}"),
            )
            self.bar = Progress(*columns, console=console, transient=True)
            self.bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self.bar:
            self.bar.stop()

    def __call__(self, what: str, done: int, of: int) -> None:
        """So much of it is done."""
        if self.bar:
            self._draw(self.bar, what, done, of)
        elif of and what != "bytes":
            self._tell(what, done, of)

    def _draw(self, bar: Progress, what: str, done: int, of: int) -> None:
        if what not in self.tasks:
            self.tasks[what] = bar.add_task(_(STAGES[what]), total=of or None)
        bar.update(self.tasks[what], completed=done, total=of or None)

    def _tell(self, what: str, done: int, of: int) -> None:
        tenth = done * 10 // of
        if done and tenth > self.tenths.get(what, 0):
            self.tenths[what] = tenth
            self.screen.say(f"{_(STAGES[what])} {done}/{of}")
