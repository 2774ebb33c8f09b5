"""After the month, on a terminal only: the server stays up to look around.

May not enter: anything that runs without a person.
"""

from collections.abc import Sequence

import click

from infra.demo.stage import Stage
from infra.demo.words import _
from sync.words import N_

SETTINGS = ("DOORSTEP_DATA", "DOORSTEP_POLICY_FILE", "DOORSTEP_DATABASE_URL")


def look_around(stage: Stage, numbers: Sequence[str]) -> None:
    """Ask, show what can be tried, and wait."""
    if not click.confirm(_(N_("让服务器继续运行，四处看看吗？")), default=False):
        return
    click.echo(_(N_("服务器：{url}（接口说明 {url}/openapi.json）"), url=stage.url))
    click.echo(_(N_("在另一个终端里可以试：")))
    for name in SETTINGS:
        if value := stage.environment.get(name):
            click.echo(f"  export {name}='{value}'")
    click.echo("  .venv/bin/doorstep orders")
    click.echo(f"  .venv/bin/doorstep show {numbers[0]}")
    for technician in stage.technicians:
        click.echo(f"  .venv/bin/field --home {stage.home_of(technician.id)} jobs")
    click.pause(_(N_("按任意键结束")))
