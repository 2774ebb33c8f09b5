"""worker: tell people and programs outside, apart from the server that answers."""

import signal
import threading

import click

from server.commands.kit import Office, pass_office
from server.notices import telling
from sync.words import N_


@click.command(help=N_("在服务器之外发送通知，按 Ctrl-C 停止"))
@click.option("--once", is_flag=True, help=N_("看一遍、发一遍就结束"))
@pass_office
def worker(office: Office, *, once: bool) -> None:
    """Until told to stop. A server tells by itself; this is for whoever wants that
    elsewhere as well: no notice goes out twice."""
    notices = office.parts.notices
    over = threading.Event()
    if not once:
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, lambda *_: over.set())
    while True:
        notices.look_at_clocks()
        for _ in range(1 if once else int(telling.CLOCKS_EVERY_S // telling.EVERY_S)):
            notices.once()
            if once or over.wait(telling.EVERY_S):
                return
