"""What the commands are made with: `--json` everywhere, help in the reader's language.

May not enter: single commands.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, TypeVar

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


class Group(click.Group):
    """All commands, each with its help in the language that is spoken."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, as the reader reads it."""
        found = super().get_command(ctx, cmd_name)
        return found and translated(found)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Help in the language that is spoken."""
        click.Group.format_help(translated(self), ctx, formatter)


Spoken = TypeVar("Spoken", click.Command, click.Group)


def translated(command: Spoken) -> Spoken:
    """A copy with the help of the command and its options translated. The command
    itself stays as it is: the next reader may speak another language."""
    told = copy(command)
    told.help = _(command.help or "")
    told.params = [copy(param) for param in command.params]
    for param in told.params:
        if isinstance(param, click.Option) and param.help:
            param.help = _(param.help)
    return told


def command(name: str, words: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of this name; `words` is its help."""
    return click.command(name, cls=Command, help=words)


order = click.argument("order", metavar="ORDER")
