"""Sessions: who is logged in where, until when. Only a digest of what a browser holds
is kept.

May not enter: passwords (`server/passwords.py`), cookies and headers
(`server/asking.py`).
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from server.database import reading, writing
from server.keys import Keys
from server.people import grants_of
from server.people_tables import account, session
from server.tables import person
from sync.access import Grants
from sync.envelope import digest
from sync.problems import Refused
from sync.signing import b64

LASTS_MS = 12 * 3_600_000  # a working day
SEEN_MS = 60_000  # how exactly the last use is known
MOST = 20  # of one person; the oldest one ends
LETTERS = 200  # of what a browser calls itself


@dataclass(frozen=True, kw_only=True)
class Whence:
    """From where somebody logs in."""

    address: str
    client: str


@dataclass(frozen=True, kw_only=True)
class Session:
    """Somebody who is logged in. `csrf`: what a page of ours proves itself with."""

    id: str
    person: str
    name: str
    grants: Grants
    csrf: str
    language: str
    expires_ms: int
    openid: bool


class Sessions:
    """Knows who is logged in."""

    def __init__(
        self, engine: Engine, keys: Keys, chance: Callable[[int], bytes]
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._chance = chance

    def begin(
        self, name: str, whence: Whence, now_ms: int, *, openid: bool = False
    ) -> str:
        """Somebody who has proved it is logged in; what their browser is to hold."""
        token = b64(self._chance(32))
        with writing(self._engine) as connection:
            over = session.c.expires_ms <= now_ms
            connection.execute(delete(session).where(over))
            mine = select(session.c.id).where(session.c.person == name)
            newest = mine.order_by(session.c.begun_ms.desc(), session.c.id)
            old = connection.execute(newest.offset(MOST - 1)).scalars().all()
            connection.execute(delete(session).where(session.c.id.in_(old)))
            connection.execute(insert(session).values(
                id=digest(token.encode()), person=name, begun_ms=now_ms, seen_ms=now_ms,
                expires_ms=now_ms + LASTS_MS, openid=openid,
                client=whence.client[:LETTERS], address=whence.address[:64],
            ))  # fmt: skip
        return token

    def of(self, token: str, now_ms: int) -> Session:
        """Whose session this is; refuses one that is over, whatever ended it."""
        chosen = session.c.id == digest(token.encode())
        with reading(self._engine) as connection:
            row = connection.execute(
                select(session, person.c.name, account.c.language)
                .join(person, person.c.id == session.c.person)
                .outerjoin(account, account.c.person == session.c.person)
                .where(chosen, session.c.expires_ms > now_ms)
                .where(account.c.left_ms.is_(None))
            ).first()
            if row is None:
                raise Refused("session_over")
            grants = grants_of(connection, row.person)
        if now_ms - row.seen_ms >= SEEN_MS:
            with writing(self._engine) as connection:
                connection.execute(update(session).where(chosen).values(seen_ms=now_ms))
        return Session(
            id=row.id, person=row.person, name=row.name, grants=grants,
            csrf=self.csrf(token), language=row.language or "zh",
            expires_ms=row.expires_ms, openid=row.openid,
        )  # fmt: skip

    def csrf(self, token: str) -> str:
        """What a page of ours can say, and nobody who cannot read our answers."""
        return b64(self._keys.mac("csrf", token.encode()))

    def is_ours(self, token: str, said: str) -> bool:
        """Does this come from a page of ours?"""
        return hmac.compare_digest(self.csrf(token).encode(), said.encode())

    def end(self, name: str, id_: str) -> None:
        """A person ends one of their sessions; another's is as if it were unknown."""
        mine = (session.c.id == id_) & (session.c.person == name)
        with writing(self._engine) as connection:
            if not connection.execute(delete(session).where(mine)).rowcount:
                raise Refused("not_found")

    def end_all(self, name: str) -> None:
        """A person is logged out everywhere."""
        with writing(self._engine) as connection:
            connection.execute(delete(session).where(session.c.person == name))

    def of_person(self, name: str, now_ms: int) -> list[dict[str, Any]]:
        """Where a person is logged in, the newest first."""
        wanted = (
            select(session)
            .where(session.c.person == name, session.c.expires_ms > now_ms)
            .order_by(session.c.begun_ms.desc(), session.c.id)
        )
        with reading(self._engine) as connection:
            return [dict(row) for row in connection.execute(wanted).mappings()]
