"""The desk that a tablet in a browser works with: a real server process on fresh data.

Chen gives orders, Li and Wang have tablets. May not enter: what is asserted, browsers.
"""

import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import web_apps
from infra.demo.prices import PRICES
from server.board import document
from server.database import reading
from server.ledger import Decision
from server.parts import Parts
from sync.envelope import read
from sync.facts import Fact, What, understand
from sync.facts.dispatch import Cancelled, Dispatched
from sync.facts.intake import Logged
from sync.order import Order, order_stream
from sync.policy import Policy, as_text
from sync.prices import Price, PriceList
from tests.together.processes import Served, office
from tests.web.serve import Forked

PEOPLE = {"li": "technician", "wang": "technician", "chen": "dispatcher"}
SHOWN = {"li": "李强", "wang": "王军", "chen": "陈晓"}
NUMBER = "DS2026110001"
HOUR_MS = 3_600_000
LIST = PriceList(
    name="2026",
    from_ms=0,
    prices=tuple(
        Price(code=code, name=name, unit=unit, price_fen=fen)
        for code, name, unit, fen in PRICES
    ),
)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that came in: what the register would say of it."""

    site: str = "望江府"
    trade: str = "给排水"
    priority: str = "normal"
    building: str = "3栋"
    unit: str = "1单元"
    room: str = "1702"
    owner: str = "赵敏"
    phone: str = "17000000117"
    fault: str = "厨房角阀渗水"
    remark: str = ""


class Desk(Served):
    """A server on one data folder, and Chen, who decides there.

    `app` is where the tablet's app lies that it hands out; `deploy` replaces it.
    """

    console = web_apps.CONSOLE.built

    def __init__(self, folder: Path, app: Path, **settings: str) -> None:
        super().__init__(folder)
        self.app = folder / "app"
        self.deploy(app)
        self._settings = settings
        self._policy = folder / "policy.json"
        self._policy.write_text(as_text(Policy(price_lists=(LIST,))), "utf-8")

    def begin(self, words: Sequence[str]) -> Forked:
        """`doorstep` with apps of our own."""
        apps = {"tablet": self.app, "console": self.console}
        return Forked(words, self.environment, self.log, apps)

    @property
    def environment(self) -> dict[str, str]:
        """The settings, as the process gets them."""
        ours = {"DOORSTEP_POLICY_FILE": str(self._policy), "DOORSTEP_POLL_S": "1",
                "DOORSTEP_RESERVE_MB": "1"}  # fmt: skip
        return super().environment | ours | self._settings

    @property
    def parts(self) -> Parts:
        """The server's parts in this process, beside the one that serves."""
        return self._parts

    @contextmanager
    def at_work(self) -> Iterator["Desk"]:
        """Open as long as this lasts."""
        with office(self.config) as self._parts:
            for who, role in PEOPLE.items():
                now = self._parts.now()
                self._parts.door.add_person(who, SHOWN[who], role, now)
            try:
                self.start()
                yield self
            finally:
                self.kill()

    def stop(self) -> None:
        """Ask it to end; nobody answers any more until `start`."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def deploy(self, app: Path) -> None:
        """Hand out this version of the app from now on."""
        aside = self.app.with_name("replaced")
        if self.app.exists():
            self.app.rename(aside)
        shutil.copytree(app, self.app)
        shutil.rmtree(aside, ignore_errors=True)

    def code(self, who: str = "li") -> str:
        """A one-time code for a tablet of this person."""
        return self.parts.door.issue_code(who, self.parts.now() + HOUR_MS)

    def order(
        self, number: str = NUMBER, to: str = "li", call: Call | None = None
    ) -> str:
        """A call that came in an hour ago and was given to somebody; its stream."""
        self.calls_in(number, call)
        return self.decide(number, Dispatched(technician=to))

    def calls_in(self, number: str = NUMBER, call: Call | None = None) -> str:
        """A call that came in an hour ago; its stream."""
        said = call or Call()
        logged = Logged(
            number=number, registered_ms=self.parts.now() - HOUR_MS, site=said.site,
            trade=said.trade, priority=said.priority,
        )  # fmt: skip
        names = ("building", "unit", "room", "owner", "phone", "fault", "remark")
        private = {name: getattr(said, name) for name in names if getattr(said, name)}
        return self.decide(number, logged, **private)

    def cancel(self, number: str = NUMBER, reason: str = "业主取消") -> str:
        """Nobody needs to go any more."""
        return self.decide(number, Cancelled(reason=reason))

    def decide(self, number: str, what: What, **private: str) -> str:
        """A decision of Chen's; the order's stream."""
        return self.states("chen", what, number, **private)

    def states(self, who: str, what: What, number: str = NUMBER, **private: str) -> str:
        """What somebody states at the server itself; the order's stream."""
        stream = order_stream(number)
        decision = Decision(stream=stream, what=what, private=private)
        self.parts.ledger.decide([decision], who, self.parts.now())
        return stream

    def facts(self, number: str = NUMBER) -> list[Fact]:
        """What happened to this order, in commit order, as the server has it."""
        stream = order_stream(number)
        return [fact for fact in self.every_fact() if fact.head.stream == stream]

    def every_fact(self) -> list[Fact]:
        """What happened to all orders, in commit order."""
        return [understand(read(one["b"])) for one in self.bodies()]

    def bodies(self) -> list[dict[str, Any]]:
        """Every fact in the ledger as it went out to services."""
        return list(self.parts.feed.facts(0, 1000))

    def document(self, number: str = NUMBER) -> Order:
        """The order as it stands on the server."""
        with reading(self.parts.engine) as connection:
            held = document(connection, order_stream(number))
        assert held is not None
        return held

    def has(self, sha256: str) -> bool:
        """Does the server hold these bytes?"""
        return self.parts.shelf.has(sha256)
