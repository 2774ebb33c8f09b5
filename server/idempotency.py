"""A post that was sent twice is done once: the second gets the first one's answer.

Whoever posts names it with an Idempotency-Key. The answer is kept in the very
transaction that does what was asked (`keep`, and `kept_with` for decisions): a server
that died in between has done nothing, and the same post may be sent again. So does one
that was so slow that the post was taken over. May not enter: what is posted.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import orjson
from flask import Response, g, make_response, request
from sqlalchemy import Connection, Engine, delete, select, update
from werkzeug.exceptions import HTTPException

from server.asking import the_caller
from server.board_tables import posted
from server.database import new_or_same, writing
from server.ledger import Also
from server.parts import the_parts
from sync.envelope import digest
from sync.exchange import Receipt
from sync.plain import plain
from sync.problems import Refused

HEADER = "Idempotency-Key"
DAY_MS = 86_400_000
KEPT_MS = 30 * DAY_MS  # tablets come back late
STALE_MS = 60_000  # nobody is still answering: whoever did has died
_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,200})"?')


@dataclass
class Post:
    """A post that has a name, taken at `now_ms`; `settled`: its answer is kept."""

    engine: Engine
    person: str
    key: str
    digest: str
    now_ms: int
    settled: bool = False

    @property
    def _mine(self) -> Any:
        return (posted.c.person == self.person) & (posted.c.key == self.key)

    @property
    def _still(self) -> Any:
        """Mine, not answered yet, and not taken over by anybody."""
        since = posted.c.begun_ms == self.now_ms
        return self._mine & since & posted.c.status.is_(None)

    def begin(self) -> Any:
        """Take the name; the row of whoever had it before, if its answer is kept."""
        with writing(self.engine) as connection:
            old = posted.c.begun_ms < self.now_ms - KEPT_MS
            connection.execute(delete(posted).where(old))
            row = {"person": self.person, "key": self.key, "digest": self.digest,
                   "begun_ms": self.now_ms}  # fmt: skip
            taken = new_or_same(connection, posted).values(row)
            if connection.execute(taken.returning(posted.c.key)).first():
                return None
            held = connection.execute(
                select(posted).where(self._mine).with_for_update()
            ).one()
            return self._taken_over(connection, held)

    def _taken_over(self, connection: Connection, held: Any) -> Any:
        if held.digest != self.digest:
            raise Refused("key_reused")
        if held.status is not None:
            return held
        if held.begun_ms > self.now_ms - STALE_MS:
            raise Refused("key_busy")
        again = update(posted).where(self._mine).values(begun_ms=self.now_ms)
        connection.execute(again)
        return None

    def settle(self, connection: Connection, status: int, answer: str) -> None:
        """Keep the answer, in the transaction that makes it true. That comes to nothing
        if somebody else has taken the post over."""
        said = {"status": status, "answer": answer}
        kept = connection.execute(update(posted).where(self._still).values(said))
        if not kept.rowcount:
            raise Refused("key_busy")
        self.settled = True

    def give_up(self) -> None:
        """Nothing was done: the name is free again."""
        with writing(self.engine) as connection:
            connection.execute(delete(posted).where(self._still))


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a post with a name once, and then with the same answer again."""

    @wraps(view)
    def answered(*args: Any, **said: Any) -> Any:
        post = _the_post()
        if post is None:
            return view(*args, **said)
        if held := post.begin():
            return _again(held)
        g.post = post
        try:
            made = make_response(view(*args, **said))
        except (Refused, HTTPException):
            post.give_up()
            raise
        if not post.settled:
            with writing(post.engine) as connection:
                post.settle(connection, made.status_code, made.get_data(as_text=True))
        return made

    return answered


def kept_with(
    answer_of: Callable[[list[Receipt]], Mapping[str, Any]] | None = None,
    status: int = 200,
) -> Also:
    """For `ledger.decide`: keep the answer with the decisions, if the post has a name.
    Said nothing else, the answer is the first receipt."""
    tell = answer_of or (lambda receipts: plain(receipts[0]))

    def also(connection: Connection, receipts: list[Receipt]) -> None:
        keep(connection, tell(receipts), status)

    return also


def keep(connection: Connection, said: Mapping[str, Any], status: int) -> None:
    """Keep this answer, in the transaction that makes it true, if anybody named the
    post."""
    post: Post | None = g.get("post")
    if post is not None:
        post.settle(connection, status, orjson.dumps(said).decode())


def _the_post() -> Post | None:
    said = request.headers.get(HEADER)
    if said is None:
        return None
    found = _KEY.fullmatch(said.strip())
    if found is None:
        raise Refused("key_misshapen")
    parts = the_parts()
    asked = f"{request.method}\n{request.full_path}\n".encode() + request.get_data()
    return Post(
        engine=parts.engine, person=the_caller().actor, key=found[1],
        digest=digest(asked), now_ms=parts.now(),
    )  # fmt: skip


def _again(held: Any) -> Response:
    """The answer that was given before."""
    return Response(
        held.answer,
        held.status,
        {"Idempotency-Replayed": "true"},
        content_type="application/json",
    )
