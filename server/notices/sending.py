"""Takes what is due out of the outbox and to where it belongs, one target after the
other.

A target that fails holds up itself alone. Nothing is on the way within a transaction:
rows are leased, sent, settled; who dies in between is done again under the same id. May
not enter: what happened, how each way out works.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, Engine

from server.database import reading, writing
from server.notices import outbox, rate, robots, webhooks
from server.notices.mail import Post
from server.notices.occasions import MORE, TOGETHER
from server.notices.outbox import Notice
from server.notices.reach import Reach, Unreachable
from server.notices.targets import OWN, ROBOTS, WEBHOOK, Target, allowed, secrets
from server.notices.texting import Gateway
from server.notices.watching import is_over, own_address
from server.notices.wording import Voice, language_of
from server.words import say
from sync.telling import Telling
from sync.words import SOURCE

log_book = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """One message that is ready to go: everything that a way out needs."""

    target: Target
    notices: tuple[Notice, ...]
    to: str
    title: str
    text: str
    secrets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Sends what is due."""

    engine: Engine
    rules: Telling
    voice: Voice
    reach: Reach
    post: Post
    gateway: Gateway
    now: Callable[[], int]

    def send_due(self) -> int:
        """Everything that may go out now; how many notices arrived."""
        with reading(self.engine) as connection:
            due = outbox.due(connection, self.now())
        by_target = sorted(due, key=attrgetter("target"))
        return sum(
            self._to_target(name, list(some))
            for name, some in groupby(by_target, key=attrgetter("target"))
        )

    def _to_target(self, name: str, due: Sequence[Notice]) -> int:
        """Until all are out, or one fails, or no more may go for now."""
        arrived = 0
        with reading(self.engine) as connection:
            target = allowed(connection, name)
        for some in _parcels(target, due):
            if not self._take(target, some):
                break
            try:
                self._deliver(self._letter(name, some))
            except Unreachable as why:
                self._failed(some, why)
                if target is not None and not why.lasting:
                    break
                continue
            with writing(self.engine) as connection:
                outbox.sent(connection, some, self.now())
            arrived += len(some)
        return arrived

    def _take(self, target: Target | None, some: Sequence[Notice]) -> bool:
        """Lease them, and a message of the robot's; no if it is not their turn."""
        now_ms = self.now()
        with writing(self.engine) as connection:
            if target is not None and target.kind in ROBOTS:
                rates = self.rules.per_minute
                later_ms = rate.take(connection, target.id, rates, now_ms)
                if later_ms is not None:
                    outbox.postponed(connection, some, later_ms)
                    return False
            return outbox.lease(connection, some, now_ms)

    def _letter(self, name: str, some: Sequence[Notice]) -> Letter:
        """Put together from what is known at this moment: the list above all."""
        now_ms, first = self.now(), some[0]
        with reading(self.engine) as connection:
            target = allowed(connection, name)
            if target is None:
                raise Unreachable("target_not_allowed", lasting=True)
            to = target.address
            if to == OWN:
                to = own_address(connection, target, first.stream, first.person)
            if not to:
                raise Unreachable("no_address", lasting=True)
            still = [one for one in some if not is_over(connection, one, now_ms)]
            if not still:
                raise Unreachable("too_late", lasting=True)
            language = SOURCE
            if target.address == OWN:
                language = language_of(connection, first.person)
            return Letter(
                target=target, notices=tuple(still), to=to,
                title=self._title(still, language),
                text=self._text(connection, still, language, now_ms),
                secrets=tuple(secrets(connection, name, now_ms)),
            )  # fmt: skip

    def _title(self, some: Sequence[Notice], language: str) -> str:
        if len(some) > 1:
            return say(TOGETHER, {"many": len(some)}, language)
        return self.voice.title(some[0], language)

    def _text(
        self,
        connection: Connection,
        some: Sequence[Notice],
        language: str,
        now_ms: int,
    ) -> str:
        if some[0].kind == "event":
            return ""
        most = self.rules.together
        lines = [
            self.voice.text(connection, one, language, now_ms) for one in some[:most]
        ]
        if len(some) > 1:
            lines.insert(0, self._title(some, language))
        if len(some) > most:
            lines.append(say(MORE, {"many": len(some) - most}, language))
        return "\n".join(lines)

    def _deliver(self, letter: Letter) -> None:
        """By the way out of its kind."""
        target, first, now_ms = letter.target, letter.notices[0], self.now()
        if target.kind == WEBHOOK:
            webhooks.tell(self.reach, letter.to, first, letter.secrets, now_ms)
        elif target.kind in ROBOTS:
            secret = letter.secrets[0] if letter.secrets else None
            robots.tell(self.reach, target.kind, letter.to, letter.text, secret, now_ms)
        elif target.kind == "email":
            self.post.send(first.id, letter.to, letter.title, letter.text, now_ms)
        else:
            self.gateway.send(first.id, letter.to, letter.text, now_ms)

    def _failed(self, some: Sequence[Notice], why: Unreachable) -> None:
        log_book.info("%d notices did not arrive: %s", len(some), why.code)
        with writing(self.engine) as connection:
            outbox.failed(
                connection, some, self.rules, self.now(), why.code,
                lasting=why.lasting, after_s=why.after_s,
            )  # fmt: skip


def _parcels(target: Target | None, due: Iterable[Notice]) -> list[list[Notice]]:
    """What goes in one message: an emergency singly, the rest of a group's together;
    everybody else gets each by itself."""
    urgent = [[one] for one in due if one.urgent]
    others = [one for one in due if not one.urgent]
    if target is None or not target.is_shared:
        return urgent + [[one] for one in others]
    return urgent + ([others] if others else [])
