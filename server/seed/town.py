"""The people and homes of the sample month, entered through the desk's own doors.

May not enter: what happens to an order.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec

from server.auth import Door
from server.board import document
from server.database import reading
from server.homes import Home, Homes, Place, Resident
from server.ledger import Ledger
from server.parts import Parts
from server.projects import Project
from server.qualifications import Qualifications
from server.roster import Duty, Rosters
from server.seed.tablets import Tablet
from server.seed.words import (
    AGENTS,
    CONTRACTOR,
    DESK,
    EXPIRED,
    GIVEN,
    PROJECTS,
    SURNAMES,
    Worker,
)
from sync.access import Grant
from sync.moment import DAY_MS
from sync.order import Order
from sync.qualifications import AGREEMENT, SAFETY, Certificate
from sync.signing import public_jwk

PASSWORD = "doorstep-demo-2026"  # noqa: S105 - of people who do not exist
HOUR_MS = 3_600_000
ORDER_OF_P256 = int(
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16
)


@dataclass(frozen=True)
class Household:
    """A home and who lives in it."""

    place: Place
    owner: str
    phone: str
    handed_over_day: str


@dataclass(kw_only=True)
class Town:
    """Everybody and everything that orders are about."""

    parts: Parts
    ledger: Ledger
    homes: tuple[Household, ...]
    technicians: tuple[Worker, ...]
    tablets: dict[str, Tablet]
    dispatcher: str = "chen"
    taker: str = "gu"
    manager: str = "tang"
    busy: dict[str, int] = field(default_factory=dict)
    silent: str = ""  # whom nobody can reach any more
    inside: dict[str, object] = field(default_factory=dict)  # who is in whose home
    # The first picture of mended work of each trade, and who took it.
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def fitting(self, trade: str, dice: Random, but: str = "") -> str:
        """Somebody whose certificates fit this trade, of those the one with the least
        to do."""
        able = [
            one.id
            for one in self.technicians
            if trade in one.trades and one.id not in (but, self.silent)
            if (one.id, trade) != EXPIRED
        ]
        dice.shuffle(able)
        least = min(able, key=lambda one: (one in self.inside, self.busy.get(one, 0)))
        self.busy[least] = self.busy.get(least, 0) + 1
        return least

    def empty_of(self, job: object) -> None:
        """Nobody is in that home any more."""
        for name in [one for one, where in self.inside.items() if where is job]:
            del self.inside[name]

    def agent(self, dice: Random) -> Worker:
        """Who took the call."""
        return dice.choice([one for one in DESK if one.name in AGENTS])

    def known(self, stream: str) -> Order | None:
        """An order as the server has it."""
        with reading(self.parts.engine) as connection:
            return document(connection, stream)


def build(
    parts: Parts,
    dice: Random,
    begins_ms: int,
    days: int,
    homes: int,
    workers: tuple[Worker, ...],
) -> Town:
    """Everybody works here from the first day on."""
    ledger = Ledger(parts.engine, parts.keys, dice.randbytes)
    _enlist(parts, workers, begins_ms)
    _certify(parts, workers, begins_ms)
    households = _houses(parts, dice, homes, begins_ms)
    _roster(parts, dice, workers, begins_ms, days)
    tablets = {
        one.id: new_tablet(parts, ledger, one, dice, begins_ms) for one in workers
    }
    return Town(
        parts=parts, ledger=ledger, homes=households, technicians=workers,
        tablets=tablets,
    )  # fmt: skip


def _enlist(parts: Parts, workers: tuple[Worker, ...], now_ms: int) -> None:
    for name in PROJECTS:
        parts.projects.enter(Project(id=name, name=name), "luo", now_ms)
    for n, one in enumerate((*DESK, *workers)):
        grants = [Grant(role=one.role)]
        if one.id == "he":
            grants = [Grant(role=one.role, project=name) for name in PROJECTS[:2]]
        parts.people.add(one.id, one.name, grants, now_ms)
        phone = {"phone": f"17000009{n:03}"}
        parts.people.change(one.id, phone, None, "luo", now_ms)
    for one in DESK:
        code, _ = parts.passwords.issue_code(one.id, now_ms)
        parts.passwords.choose(code, PASSWORD, "", now_ms)


def _certify(parts: Parts, workers: tuple[Worker, ...], now_ms: int) -> None:
    """Each their own trades, and safety; one certificate has run out, one will soon."""
    papers = Qualifications(parts.engine, parts.policy)
    firm, _, people = CONTRACTOR
    today = parts.policy.calendar.day_name(now_ms)
    first = date.fromisoformat(today)
    for place, one in enumerate(workers):
        held = [_paper(trade, one, first, 20 + 90 * place) for trade in one.trades]
        held.append(_paper(SAFETY, one, first, 400))
        if one.id in people:
            held.append(_paper(AGREEMENT, one, first, 300))
        papers.put(one.id, held, firm if one.id in people else "", None)


def _paper(what: str, one: Worker, first: date, days: int) -> Certificate:
    until = first + timedelta(days=-12 if (one.id, what) == EXPIRED else 35 + days)
    number = f"ZJ{abs(hash_of(one.id + what)) % 1_000_000:06}"
    return Certificate(
        what=what, number=number, valid_from=(first - timedelta(days=700)).isoformat(),
        valid_until=until.isoformat(),
    )  # fmt: skip


def hash_of(text: str) -> int:
    """A number for a text, the same in every process."""
    return int.from_bytes(text.encode(), "big") % 999_983


def _houses(
    parts: Parts, dice: Random, count: int, now_ms: int
) -> tuple[Household, ...]:
    phones = dice.sample(range(9_000), count)
    first = date.fromisoformat(parts.policy.calendar.day_name(now_ms))
    found: dict[Place, Household] = {}
    for phone in phones:
        place = Place(
            project=dice.choice(PROJECTS), building=f"{dice.randint(1, 16)}栋",
            unit=f"{dice.randint(1, 3)}单元",
            room=f"{dice.randint(1, 28):02}{dice.randint(1, 4):02}",
        )  # fmt: skip
        day = first - timedelta(days=dice.randint(90, 1_900))
        owner = dice.choice(SURNAMES) + dice.choice(GIVEN)
        found[place] = Household(place, owner, f"1700000{phone:04}", day.isoformat())
    Homes(parts.engine).keep(_home(one) for one in found.values())
    return tuple(found.values())


def _home(one: Household) -> Home:
    lives = Resident(name=one.owner, phone=one.phone, relation="owner",
                     since=one.handed_over_day)  # fmt: skip
    return Home(place=one.place, handed_over_day=one.handed_over_day,
                residents=(lives,))  # fmt: skip


def _roster(
    parts: Parts, dice: Random, workers: tuple[Worker, ...], begins_ms: int, days: int
) -> None:
    """Every day of the month and a week beyond; one project has none tomorrow."""
    rosters, names = Rosters(parts.engine), [one.id for one in workers]
    for n in range(days + 7):
        at_ms = begins_ms + n * DAY_MS
        day = parts.policy.calendar.day_name(at_ms)
        for place, project in enumerate(PROJECTS):
            if n == days + 1 and place == len(PROJECTS) - 1:
                continue
            on_duty = sorted(dice.sample(names, 4))
            lead = DESK[(n + place) % 2].id
            said = Duty(project=project, day=day, lead=lead, technicians=tuple(on_duty))
            rosters.put(said, "tang", begins_ms, seen=None)


def new_tablet(
    parts: Parts, ledger: Ledger, one: Worker, dice: Random, at_ms: int
) -> Tablet:
    """Somebody's tablet, enrolled now."""
    door = Door(parts.engine, parts.keys, dice.randbytes)
    number = int.from_bytes(dice.randbytes(40), "big") % (ORDER_OF_P256 - 1) + 1
    key = ec.derive_private_key(number, ec.SECP256R1())
    code = door.issue_code(one.id, at_ms + HOUR_MS).partition(".")[0]
    jwk = public_jwk(key.public_key())
    entered = door.enrol(code, jwk, f"{one.name}的平板", at_ms)
    return Tablet(
        parts=parts, ledger=ledger, device=entered.device, actor=one.id, key=key,
        drift_ms=one.drift_s * 1000, chance=dice.randbytes,
        booted_ms=at_ms - 5 * HOUR_MS,
        log=f"{entered.device}.{dice.randbytes(4).hex()}",
    )  # fmt: skip
