"""`doorstep`: the server's command line.

The clock is an argument of `main`; no option and no variable can move it.
"""

import sys
from collections.abc import Sequence

import click

from server import wall_clock_ms
from server.commands import COMMANDS
from server.commands.kit import Office, Spoken, run
from server.parts import Now
from server.words import LANGUAGES
from sync.words import N_


def _speak(ctx: click.Context, _param: click.Parameter, lang: str) -> None:
    ctx.ensure_object(Office).language = lang


@click.group(cls=Spoken, help=N_("上门：售后维修服务器"))
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGES[0],
              envvar="DOORSTEP_LOCALE", is_eager=True, expose_value=False,
              callback=_speak, help=N_("语言"))  # fmt: skip
@click.version_option(package_name="doorstep")
def doorstep() -> None:
    """Every command of the server."""


for _command in COMMANDS:
    doorstep.add_command(_command)


def main(argv: Sequence[str] | None = None, *, now: Now = wall_clock_ms) -> int:
    """Run one command; the exit code says how it went."""
    office = Office(now=now)
    arguments = list(sys.argv[1:] if argv is None else argv)
    code = run(
        lambda: doorstep.main(arguments, "doorstep", standalone_mode=False, obj=office),
        office,
    )
    if argv is None:
        sys.exit(code)
    return code
