"""A contact with the server while it lasts: hello, and what every stage of an exchange
needs at hand.

May not enter: which stages there are, what they do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from field_client import heads
from field_client.answers import read_welcome
from field_client.clocks import Clocks
from field_client.door import NO_TOKEN, UNSEALED, Door, come_in_again
from field_client.keys import CHANCE, Chance, new_log
from field_client.projection import Contact
from field_client.store import Store
from field_client.transport import Answered, NoAnswer
from sync.exchange import Limits, Welcome
from sync.heads import LogHead
from sync.plain import Record, plain
from sync.reading import Anchor, Reading

CLIENT = "field/0.1.0"
FORGOTTEN = "credentials_wrong"
MOST_HELLOS = 100  # with vouchers, after a restore
PROTOCOL = 1  # 1: 2026-11, the first; spoken by everybody

Watch = Callable[[str, int, int], None]  # what, how much is done, of how much


def quiet(what: str, done: int, of: int) -> None:
    """Nobody watches."""


class Trouble(Record, frozen=True, kw_only=True):
    """What held up a part of an exchange; nothing is lost by it."""

    stage: str
    code: str
    words: str = ""


@dataclass
class Report:
    """What one exchange did."""

    facts: int = 0  # came into custody
    documents: int = 0
    gone: int = 0
    originals: int = 0
    complete: bool = False  # everything was taken home
    poll_ms: int = 60_000
    retry_after_ms: int | None = None
    troubles: list[Trouble] = field(default_factory=list)
    flaws: dict[str, str] = field(default_factory=dict)  # original -> what is wrong

    def trouble(self, stage: str, code: str, words: str = "") -> None:
        """Note what held up a stage, once."""
        if (one := Trouble(stage=stage, code=code, words=words)) not in self.troubles:
            self.troubles.append(one)


class Exchanging:
    """One exchange under way."""

    def __init__(
        self,
        store: Store,
        door: Door,
        clocks: Clocks,
        watch: Watch = quiet,
        chance: Chance = CHANCE,
    ) -> None:
        self.chance = chance
        self.store = store
        self.door = door
        self.clocks = clocks
        self.watch = watch
        self.report = Report()
        self.welcome: Welcome | None = None
        self.head: LogHead | None = None  # the newest that was heard of

    def saw(self, head: LogHead | None) -> None:
        """The server says that its book has come so far."""
        if head is not None:
            self.head = head

    @property
    def limits(self) -> Limits:
        """What one push may hold."""
        return self.welcome.limits if self.welcome else Limits()

    @property
    def epoch(self) -> str:
        """The server's epoch at hello."""
        return self.welcome.epoch if self.welcome else ""

    def hello(self) -> Welcome:
        """Say how far every log has got and what was heard last; learn the server's
        time and epoch. The chain tips go first: they freeze everything behind them in
        time. A server that went back in time is shown its own vouchers at once, before
        anything else, so that nothing becomes later by it."""
        welcome = self._greeted()
        for _ in range(MOST_HELLOS):
            due = self.store.vouchers.due()
            if not due:
                break
            welcome = self._greet({"vouchers": list(due.values())})
            self.store.vouchers.shown(due, welcome.epoch)
        return welcome

    def _greeted(self) -> Welcome:
        """Hello, also to a server that has a new key, or has forgotten this device."""
        try:
            return self._greet({})
        except NoAnswer as lost:
            if str(lost) != UNSEALED or not heads.follow_keys(self.store, self.door):
                raise
            return self._greet({})
        except Answered as no:
            if no.code != FORGOTTEN or not self.door.who.certificate:
                raise
        come_in_again(self.door)
        return self._greet({})

    def _greet(self, more: Mapping[str, Any]) -> Welcome:
        self.door.token = NO_TOKEN
        sent, store = self.clocks.reading(), self.store
        claims = store.outbox.claims(sent.wire())
        knows = {
            "voucher": store.vouchers.newest(),
            "cursor": store.projection.cursor(),
            "head": plain(kept) if (kept := heads.read(store.folder).head) else None,
        }
        hello = {
            "claims": claims,
            "client": CLIENT,
            "protocol": PROTOCOL,
            "knows": {name: held for name, held in knows.items() if held},
            "epochs": [plain(one) for one in store.vouchers.epochs().values()],
            # Nothing tidies a folder away as a browser may its own.
            "storage": {"persisted": True, "free_bytes": store.free_bytes()},
            **more,
        }
        welcome = read_welcome(self.door.ask_json("POST", "/v1/sync/hello", hello))
        self._keep(welcome, sent, self.clocks.reading())
        store.remember(claims, sent.wall_ms)
        store.vouchers.learn(welcome.epochs)
        store.outbox.meet(welcome.epoch, welcome.durable_through)
        store.vouchers.keep(welcome.voucher, welcome.epoch, claims[-1])
        if welcome.new_instance:
            self._begin_log(claims[-1].log)
        self.saw(welcome.head)
        self.door.token = welcome.token
        self.welcome = welcome
        self.report.poll_ms = welcome.poll_ms
        return welcome

    def _begin_log(self, log: str) -> None:
        """The server knows more of this log than this tablet does: its data were put
        back, or it was copied. It goes on under a new name, and says so (F13)."""
        self.store.outbox.open_log(log, new_log(self.door.who.device, self.chance))
        self.report.trouble("hello", "tablet_went_back", log)

    def _keep(self, welcome: Welcome, sent: Reading, got: Reading) -> None:
        anchor = Anchor(
            server_ms=welcome.server_ms,
            wall_ms=got.wall_ms,
            boot_ms=got.boot_ms,
            boot=got.boot,
            rtt_ms=_elapsed_ms(sent, got),
        )
        self.store.projection.keep_contact(
            Contact(
                token=welcome.token,
                anchor=anchor,
                poll_ms=welcome.poll_ms,
                limits=plain(welcome.limits),
            )
        )
        self.store.projection.keep_note("welcome", plain(welcome))

    def note(self, name: str) -> Any:
        """What the projection holds under this name."""
        return self.store.projection.note(name)


def _elapsed_ms(sent: Reading, got: Reading) -> int:
    """How long the way took, by the clock that nobody can set where there is one."""
    if sent.boot_ms is not None and got.boot_ms is not None and sent.boot == got.boot:
        return got.boot_ms - sent.boot_ms
    return max(0, got.wall_ms - sent.wall_ms)
