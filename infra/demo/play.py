"""One whole month on one stage, from a seed or from a real register.

May not enter: how it is shown, what is said about it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.demo.camera import take_pictures
from infra.demo.happenings import Truth
from infra.demo.month import tell_month
from infra.demo.programme import WentWrong
from infra.demo.proof import Case
from infra.demo.registers import CLOSED, OPENED, csv_register
from infra.demo.stage import Stage
from infra.demo.truth import ORDERS, make_truth, truth_for_register
from infra.demo.witness import Witness
from infra.demo.words import _
from server.register import read_register
from sync.register import read_rows
from sync.words import N_

ZONE_MINUTES = 480
HOUR_MS = 3_600_000
PHOTOS, START, MONTH = N_("照片"), N_("启动服务器和平板"), N_("一个月")

Watch = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which month. `register` and `photos` take real ones instead of made-up ones."""

    seed: int = 1
    orders: int = ORDERS
    register: Path | None = None
    photos: Path | None = None
    database_url: str = ""


@contextmanager
def play(wanted: Wanted, folder: Path, part: Callable[[str], Watch]) -> Iterator[Case]:
    """The month when it is over; server and tablets run until it is left."""
    truth, register = _truth(wanted, folder)
    closed = folder / "closed.csv"
    closed.write_bytes(csv_register(truth.closed, CLOSED, wanted.seed))
    watch = part(_(PHOTOS))
    paths = take_pictures(truth, folder / "camera", wanted.photos, watch)
    started = part(_(START))
    stage = Stage(
        folder,
        technicians=truth.technicians,
        begin_ms=min(row.registered_ms for row in truth.opened) - HOUR_MS,
        seed=wanted.seed,
        database_url=wanted.database_url,
    )
    with stage:
        started("", 1, 1)
        told = tell_month(stage, truth, register, paths, part(_(MONTH)))
        yield Case(truth, told, paths, Witness(stage, closed))


def _truth(wanted: Wanted, folder: Path) -> tuple[Truth, Path]:
    """What happens, and the register that is imported."""
    if wanted.register is None:
        truth = make_truth(wanted.seed, wanted.orders)
        register = folder / "opened.csv"
        register.write_bytes(csv_register(truth.opened, OPENED, wanted.seed))
        return truth, register
    read = read_rows(read_register(wanted.register, wanted.register.name), ZONE_MINUTES)
    if not read.rows:
        why = N_("登记表里没有一行读得懂：{file}")
        raise WentWrong(_(why, file=wanted.register))
    truth = truth_for_register(read.rows, wanted.seed, wanted.orders)
    return truth, wanted.register
