"""What the commands are made with: `--json` everywhere, help in the reader's language.

May not enter: single commands.
"""

from collections.abc import Callable
from typing import Any

import click

from field_client.tablet import Tablet
from field_client.words import _


def _to_json(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(Tablet).screen.json = True


class Command(click.Command):
    """A command that can answer in JSON."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        option = click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_to_json,
            help="JSON",
        )
        self.params.append(option)

    def get_help(self, ctx: click.Context) -> str:
        """Help in the language that is spoken."""
        translate(self)
        return super().get_help(ctx)


class Group(click.Group):
    """All commands."""

    def get_help(self, ctx: click.Context) -> str:
        """Help in the language that is spoken."""
        for command in self.commands.values():
            translate(command)
        translate(self)
        return super().get_help(ctx)


def translate(command: click.Command) -> None:
    """Put the help of a command and its options into the language that is spoken."""
    command.help = _(command.help or "")
    for param in command.params:
        if isinstance(param, click.Option) and param.help:
            param.help = _(param.help)


def command(name: str, words: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of this name; `words` is its help."""
    return click.command(name, cls=Command, help=words)


order = click.argument("order", metavar="ORDER")
