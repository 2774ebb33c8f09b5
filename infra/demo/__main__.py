"""`make demo`: a month of repairs with two tablets and a bad network, which checks
itself against the truth that it made up. May not enter: anything a module here does.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from infra.demo.camera import take_pictures
from infra.demo.happenings import Truth
from infra.demo.look import look_around
from infra.demo.month import tell_month
from infra.demo.programme import WentWrong
from infra.demo.progress import Progress
from infra.demo.proof import Case, prove
from infra.demo.registers import CLOSED, OPENED, csv_register
from infra.demo.stage import Stage
from infra.demo.table import PLAIN_WIDTH, show_differences, show_orders
from infra.demo.truth import ORDERS, make_truth, truth_for_register
from infra.demo.witness import Witness
from infra.demo.words import LANGUAGES, _, speak
from server.register import read_register
from sync.problems import Refused
from sync.register import read_rows
from sync.words import N_

ZONE_MINUTES = 480
HOUR_MS = 3_600_000
MOST_SHOWN = 10  # of what speaks against a check
MONTH = N_("一个月")


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    seed: int
    orders: int
    register: Path | None
    photos: Path | None
    database_url: str


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(help=N_("演示：两台平板、一条坏网络、一个月的维修，并自己核对。"))
@click.option("--seed", default=1, show_default=True, help=N_("随机种子"))
@click.option(
    "--orders",
    default=ORDERS,
    show_default=True,
    type=click.IntRange(1),
    help=N_("张数"),
)
@click.option("--register", type=_FILE, help=N_("真实的登记表（月初）"))
@click.option("--photos", type=_FOLDER, help=N_("真实照片的目录"))
@click.option("--keep", type=click.Path(path_type=Path), help=N_("把全部文件留在这里"))
@click.option("--database-url", default="", help=N_("PostgreSQL；不给则用 SQLite"))
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGES[0])
def demonstrate(
    seed: int,
    orders: int,
    register: Path | None,
    photos: Path | None,
    keep: Path | None,
    database_url: str,
    lang: str,
) -> None:
    """Tell a month; exit 0 only if all checks hold."""
    speak(lang)
    wanted = Wanted(seed, orders, register, photos, database_url)
    try:
        with _folder(keep) as folder:
            failed = _tell(wanted, folder)
    except (WentWrong, Refused) as why:
        click.echo(_(N_("演示没有走完：{why}"), why=why), err=True)
        sys.exit(1)
    sys.exit(1 if failed else 0)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """An empty folder; afterwards it is gone unless somebody wants it."""
    if keep is not None:
        keep.mkdir(parents=True)
        yield keep.absolute()
        return
    folder = Path(tempfile.mkdtemp(prefix="doorstep-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tell(wanted: Wanted, folder: Path) -> int:
    """How many checks failed."""
    truth, register, closed = _prepare(wanted, folder)
    with ExitStack() as running:
        with Progress() as progress:
            drawing = progress.part(_(N_("照片")))
            paths = take_pictures(truth, folder / "camera", wanted.photos, drawing)
            progress.say(_(N_("启动服务器、调度台和两台平板")))
            stage = running.enter_context(_stage(truth, wanted, folder))
            told = tell_month(stage, truth, register, paths, progress.part(_(MONTH)))
        witness = Witness(stage, closed)
        failed = _show(Case(truth, told, paths, witness))
        if sys.stdin.isatty() and sys.stdout.isatty():
            look_around(stage, [home.number for home in truth.homes])
    return failed


def _prepare(wanted: Wanted, folder: Path) -> tuple[Truth, Path, Path]:
    """The truth, the register that is imported, and the one of the month's end."""
    register, closed = folder / "opened.csv", folder / "closed.csv"
    if wanted.register is None:
        truth = make_truth(wanted.seed, wanted.orders)
        register.write_bytes(csv_register(truth.opened, OPENED, wanted.seed))
    else:
        register = wanted.register
        read = read_rows(read_register(register, register.name), ZONE_MINUTES)
        if not read.rows:
            raise WentWrong(_(N_("登记表里没有一行读得懂：{file}"), file=register))
        truth = truth_for_register(read.rows, wanted.seed, wanted.orders)
    closed.write_bytes(csv_register(truth.closed, CLOSED, wanted.seed))
    return truth, register, closed


def _stage(truth: Truth, wanted: Wanted, folder: Path) -> Stage:
    return Stage(
        folder,
        technicians=truth.technicians,
        begin_ms=min(row.registered_ms for row in truth.opened) - HOUR_MS,
        seed=wanted.seed,
        database_url=wanted.database_url,
    )


def _show(case: Case) -> int:
    """The orders, the differences, and every check with its mark."""
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    console = Console(width=width, highlight=False)
    show_orders(console, case.truth, case.witness)
    console.print(f"\n{_(N_('月末登记表与现场记录的差异'))}")
    show_differences(console, case.witness)
    console.print(f"\n{_(N_('自证'))}")
    failed = 0
    for checked in prove(case):
        console.print(f"{'✓' if checked.holds else '✗'} {_(checked.sentence)}")
        for wrong in checked.wrong[:MOST_SHOWN]:
            console.print(f"    {wrong}", markup=False)
        failed += not checked.holds
    return failed


if __name__ == "__main__":
    demonstrate()
