"""What a notice says, put together as it goes out: in the reader's language, with as
much of where and who as its way out may know.

A group of robots is outside of the house: no room, no name, no telephone (S1). May not
enter: sending.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from server.asked_codes import code_for
from server.board_tables import order_row, order_words
from server.keys import Keys
from server.notices.occasions import (
    COPY,
    LEFT,
    OVER,
    PAGE,
    PRIORITY,
    PROMISES,
    SENTENCES,
    SOMEBODY,
    TITLES,
)
from server.notices.outbox import Notice
from server.owner_links import address, token_of
from server.people_tables import account
from server.tables import person
from server.words import say
from sync.card import HOME, home_of
from sync.moment import MINUTE_MS
from sync.sheet import short_code
from sync.words import SOURCE, language_for


@dataclass(frozen=True)
class Voice:
    """Speaks for one server: its clock's offset, its address."""

    offset_minutes: int
    public_url: str
    keys: Keys

    def title(self, one: Notice, language: str) -> str:
        """In a few words, for a subject."""
        return say(TITLES.get(one.kind, one.kind), {}, language)

    def text(
        self, connection: Connection, one: Notice, language: str, now_ms: int
    ) -> str:
        """The whole sentence."""
        figures = one.facts
        values: dict[str, Any] = {
            **_order(connection, one.stream, language),
            "person": called(connection, one.person) or say(SOMEBODY, {}, language),
            "technician": called(connection, str(figures.get("technician", ""))),
            "window": self._window(figures),
            "copy": self._copy(one, language),
            "code": self._code(figures),
            "short": short_code(str(figures.get("sheet") or "")),
            "page": self._page(one, language),
            "promise": say(PROMISES.get(str(figures.get("code")), ""), {}, language),
            "left": _left(figures, language, now_ms),
        }
        return say(SENTENCES.get(one.kind, one.kind), values, language)

    def _window(self, figures: Mapping[str, Any]) -> str:
        if "start_ms" not in figures:
            return ""
        start, end = (self._local(int(figures[n])) for n in ("start_ms", "end_ms"))
        return f"{start:%m-%d %H:%M}–{end:%H:%M}"

    def _local(self, instant_ms: int) -> datetime:
        shift = timedelta(milliseconds=instant_ms, minutes=self.offset_minutes)
        return datetime(1970, 1, 1, tzinfo=UTC) + shift

    def _copy(self, one: Notice, language: str) -> str:
        link = self._link(one)
        return say(COPY, {"link": link}, language) if link else ""

    def _page(self, one: Notice, language: str) -> str:
        link = self._link(one)
        return say(PAGE, {"link": link}, language) if link else ""

    def _link(self, one: Notice) -> str:
        """The owner's own page; made anew from its number, and kept nowhere."""
        serial = one.facts.get("link")
        if not serial or not self.public_url:
            return ""
        token = token_of(self.keys, one.stream, int(serial))
        return address(self.public_url, token)

    def _code(self, figures: Mapping[str, Any]) -> str:
        if "asked" not in figures:
            return ""
        return code_for(self.keys, str(figures["asked"]), str(figures["sheet"]))


def _order(connection: Connection, name: str, language: str) -> dict[str, Any]:
    row = connection.execute(
        select(order_row).where(order_row.c.stream == name)
    ).first()
    if row is None:
        return {}
    chosen = select(order_words.c.field, order_words.c.value).where(
        order_words.c.stream == name, order_words.c.field.in_(HOME)
    )
    words = {row.field: row.value for row in connection.execute(chosen)}
    priority = PRIORITY.get(row.priority, row.priority)
    return {
        "number": row.number or "",
        "project": row.project,
        "trade": row.trade,
        "priority": say(priority, {}, language),
        "home": home_of(*(words.get(one, "") for one in HOME), whole=False),
    }


def _left(figures: Mapping[str, Any], language: str, now_ms: int) -> str:
    due_ms = figures.get("due_ms")
    if due_ms is None:
        return ""
    minutes = (int(due_ms) - now_ms) // MINUTE_MS
    sentence = LEFT if minutes >= 0 else OVER
    return say(sentence, {"minutes": abs(minutes)}, language)


def called(connection: Connection, name: str) -> str:
    """What somebody is called."""
    chosen = select(person.c.name).where(person.c.id == name)
    return connection.execute(chosen).scalar() or ""


def language_of(connection: Connection, name: str) -> str:
    """What somebody reads; Chinese if nothing is known."""
    chosen = select(account.c.language).where(account.c.person == name)
    tag = connection.execute(chosen).scalar() if name else None
    return language_for(tag or SOURCE) or SOURCE
