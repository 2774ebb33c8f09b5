"""After the month: how to look at it. On a terminal the servers stay up if wanted.

May not enter: anything that is checked.
"""

from collections.abc import Sequence
from pathlib import Path

import click

from infra.demo.console import DESK, PASSWORD, SIZE, TECHNICIAN, SeededConsole, opened
from infra.demo.stage import Stage
from infra.demo.words import _
from sync.words import N_

SETTINGS = ("DOORSTEP_DATA", "DOORSTEP_POLICY_FILE", "DOORSTEP_DATABASE_URL")
ROLES = {
    "dispatcher": N_("调度员"),
    "manager": N_("主管"),
    "auditor": N_("审计"),
    "administrator": N_("管理员"),
    "engineer": N_("物业工程师"),
}
SIGHTS = (
    ("board", N_("看板：超时的在最上面；按 ? 看快捷键")),
    ("timeline", N_("时间轴：今天谁在哪，明天约了谁")),
    ("reviews", N_("核对：断网改派、两种答复、缺签名……按 A、B 或 M 处理")),
    ("differences", N_("对账：与总台账不符的，按 A、B、M 或 W 裁定")),
    ("statements", N_("结账：哪几天已结、哪天待结，数字背后是哪几单")),
    ("devices", N_("平板：一台丢了，一台三天没有消息，两台时钟不准")),
    ("roster", N_("值班表和证书：明天有一处没排，一张证书已过期")),
    ("notices", N_("通知：送达的，和没有邮件服务器而送不出的")),
)
ELSEWHERE = "demo"  # the folder that is named where nobody is asked


def look_around(stage: Stage, numbers: Sequence[str], folder: Path) -> None:
    """Ask, show what can be tried, and wait."""
    if not click.confirm(_(N_("让服务器继续运行，四处看看吗？")), default=True):
        say_how()
        return
    with opened(folder) as console:
        _show_the_console(console)
        _show_the_month(stage, numbers)
        click.pause(_(N_("按任意键结束")))


def say_how(folder: Path | None = None) -> None:
    """The commands that open the console, for later: of this folder, if it stays."""
    data = f"DOORSTEP_DATA={folder or ELSEWHERE}"
    click.echo(f"\n{_(N_('用浏览器看一个月的工作台：'))}")
    if folder is None:
        click.echo(f"  {data} .venv/bin/doorstep seed demo --size {SIZE}")
    click.echo(f"  {data} .venv/bin/doorstep serve")
    _show_who_may(" http://127.0.0.1:8000/console/")


def _show_the_console(console: SeededConsole) -> None:
    _show_who_may(f" {console.url}/console/")
    click.echo(_(N_("平板上的师傅（{who}）十分钟内打开："), who=TECHNICIAN))
    click.echo(f"  {console.link_for_a_tablet()}")
    click.echo(_(N_("值得一看：")))
    for screen, words in SIGHTS:
        click.echo(f"  {console.url}/console/#/{screen}  {_(words)}")


def _show_who_may(where: str) -> None:
    click.echo(f"{_(N_('工作台：'))}{where}")
    click.echo(_(N_("可以登录的人，密码都是 {password}："), password=PASSWORD))
    for role, name in DESK.items():
        click.echo(f"  {name:<5} {_(ROLES[role])}")


def _show_the_month(stage: Stage, numbers: Sequence[str]) -> None:
    """The month that was played: its server, its tablets, from a terminal."""
    click.echo(
        _(N_("刚才那个月的服务器：{url}（接口说明 {url}/openapi.json）"), url=stage.url)
    )
    click.echo(_(N_("在另一个终端里可以试：")))
    for name in SETTINGS:
        if value := stage.environment.get(name):
            click.echo(f"  export {name}='{value}'")
    click.echo("  .venv/bin/doorstep orders")
    click.echo(f"  .venv/bin/doorstep show {numbers[0]}")
    for technician in stage.technicians:
        click.echo(f"  .venv/bin/field --home {stage.home_of(technician.id)} jobs")
