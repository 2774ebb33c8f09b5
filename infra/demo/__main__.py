"""`make demo`: a month of repairs with two tablets and a bad network, which checks
itself against the truth that it made up; then a console with a month behind it, which
is looked over too. May not enter: anything a module here does.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from rich.console import Console

from infra.demo.console import opened, seeded
from infra.demo.look import look_around, say_how
from infra.demo.play import Wanted, play
from infra.demo.programme import WentWrong
from infra.demo.progress import Progress
from infra.demo.proof import Case, Checked, prove
from infra.demo.screens import look_over
from infra.demo.table import PLAIN_WIDTH, show_differences, show_orders
from infra.demo.truth import ORDERS
from infra.demo.words import LANGUAGES, _, speak
from sync.problems import Refused
from sync.words import N_

MOST_SHOWN = 10  # of what speaks against a check
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
NEW = click.Path(path_type=Path)


@click.command(help=N_("演示：两台平板、一条坏网络、一个月的维修，并自己核对。"))
@click.option("--seed", default=1, show_default=True, help=N_("随机种子"))
@click.option(
    "--orders",
    default=ORDERS,
    show_default=True,
    type=click.IntRange(1),
    help=N_("讲前几张工单"),
)
@click.option("--register", type=FILE, help=N_("真实的登记表（报修时的）"))
@click.option("--photos", type=FOLDER, help=N_("真实照片的目录"))
@click.option(
    "--database-url", default="", help=N_("空的 PostgreSQL 库；不给则 SQLite")
)
@click.option("--keep", type=NEW, help=N_("把全部文件留在这个新目录"))
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGES[0])
def demonstrate(keep: Path | None, lang: str, **wanted: object) -> None:
    """Tell a month; exit 0 only if all checks hold."""
    speak(lang)
    try:
        with _folder(keep) as folder:
            told = Wanted(**wanted)  # type: ignore[arg-type]
            failed = _tell(told, folder, stays=keep is not None)
    except (WentWrong, Refused) as why:
        click.echo(_(N_("演示没有走完：{why}"), why=why), err=True)
        sys.exit(1)
    sys.exit(1 if failed else 0)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """An empty folder; afterwards it is gone unless somebody wants it."""
    if keep is not None:
        if keep.exists() and any(keep.iterdir()):
            raise WentWrong(_(N_("{folder} 不是空目录，请换一个"), folder=keep))
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    folder = Path(tempfile.mkdtemp(prefix="doorstep-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tell(wanted: Wanted, folder: Path, *, stays: bool) -> int:
    """How many checks failed; the folder `stays` or is about to go."""
    with ExitStack() as running:
        with Progress() as progress:
            case = running.enter_context(play(wanted, folder, progress.part))
        failed = show(case)
        office = folder / "console"
        failed += open_the_office(office, wanted.seed)
        if sys.stdin.isatty() and sys.stdout.isatty():
            numbers = [home.number for home in case.truth.homes]
            look_around(case.witness.stage, numbers, office)
        else:
            say_how(office if stays else None)
    return failed


def open_the_office(folder: Path, seed: int) -> int:
    """A console with a month behind it that ends now; how many checks of it failed."""
    with Progress() as progress:
        watch = progress.part(_(N_("工作台的一个月")))
        seeded(folder, seed)
        watch("", 1, 1)
        with opened(folder) as console:
            found = list(look_over(console))
    return show_checks(_console(), found)


def show(case: Case) -> int:
    """The orders, the differences, and every check with its mark; how many failed."""
    console = _console()
    show_orders(console, case.truth, case.witness)
    console.print(f"\n{_(N_('月末登记表与现场记录的差异'))}")
    show_differences(console, case.witness)
    console.print(f"\n{_(N_('自证'))}")
    return show_checks(console, prove(case))


def _console() -> Console:
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    return Console(width=width, highlight=False)


def show_checks(console: Console, found: Iterable[Checked]) -> int:
    """Each with its mark and what speaks against it; how many failed."""
    failed = 0
    for checked in found:
        console.print(f"{'✓' if checked.holds else '✗'} {_(checked.sentence)}")
        for wrong in checked.wrong[:MOST_SHOWN]:
            console.print(f"    {wrong}", markup=False)
        failed += not checked.holds
    return failed


if __name__ == "__main__":
    demonstrate()
