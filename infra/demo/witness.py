"""What the tablets wrote and what the server has, gathered from outside.

A tablet's outbox has a layout that is frozen for life, so it may be read; the server
is asked over HTTP with an auditor's token and through its commands. May not enter:
judgement (`proof`).
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from infra.demo.stage import Stage
from infra.demo.words import spoken
from sync.exchange import Document
from sync.order import Order, order_stream
from sync.plain import typed
from sync.standing import Standing

PAGE = 1000
DIFFERENT = 5


@dataclass(frozen=True)
class Written:
    """A fact as it lies on a tablet, or on the server."""

    id: str
    b: str


@dataclass(frozen=True)
class Original:
    """Bytes as they lie on a tablet."""

    sha256: str
    role: str
    data: bytes


class Witness:
    """Asks every party once and remembers what it said."""

    def __init__(self, stage: Stage, closed: Path) -> None:
        self.stage = stage
        self.closed = closed

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Every fact that any tablet ever wrote."""
        asked = "SELECT id, b FROM fact ORDER BY seq"
        return tuple(Written(*row) for row in self._outboxes(asked))

    @cached_property
    def waiting(self) -> int:
        """How much on the tablets has no receipt."""
        asked = "SELECT receipt IS NULL FROM {} WHERE receipt IS NULL"
        return sum(
            len(list(self._outboxes(asked.format(name)))) for name in ("fact", "blob")
        )

    @cached_property
    def originals(self) -> tuple[Original, ...]:
        """Every photo, sheet and signature that any tablet ever kept."""
        asked = "SELECT sha256, role, bytes FROM blob JOIN original USING (seq)"
        return tuple(Original(*row) for row in self._outboxes(asked))

    def _outboxes(self, asked: str) -> Iterator[Any]:
        for technician in self.stage.technicians:
            file = self.stage.home_of(technician.id) / "outbox.db"
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as outbox:
                yield from outbox.execute(asked).fetchall()

    @cached_property
    def kept(self) -> tuple[Written, ...]:
        """Every fact on the server, its own decisions included."""
        found: list[Written] = []
        after = 0
        while page := self._facts(after):
            found += [Written(one["id"], one["b"]) for one in page]
            after = page[-1]["position"]
        return tuple(found)

    def _facts(self, after: int) -> list[dict[str, Any]]:
        page = json.loads(self._get(f"/v1/feed/facts?after={after}&limit={PAGE}"))
        facts: list[dict[str, Any]] = page["facts"]
        return facts

    def blob(self, sha256: str) -> bytes:
        """The server's bytes of this name; empty if it gives none."""
        try:
            return self._get(f"/v1/blobs/{sha256}")
        except HTTPError:
            return b""

    def _get(self, target: str) -> bytes:
        bearer = {"Authorization": f"Bearer {self._token}"}
        asked = Request(self.stage.url + target, headers=bearer)  # noqa: S310
        with urlopen(asked, timeout=60) as answer:  # noqa: S310
            data: bytes = answer.read()
        return data

    @cached_property
    def _token(self) -> str:
        return self.stage.desk.run("token", "proof").out.strip()

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """The board: a line for each order."""
        lines = self.stage.desk.run("orders", "--json").records
        read = (typed(Standing, line) for line in lines)
        return {one.number: one for one in read if one.number}

    def document(self, number: str) -> Document:
        """The order with this number, as the server gives it to who may read all."""
        name = order_stream(number).removeprefix("order:")
        return typed(Document, json.loads(self._get(f"/v1/orders/{name}")))

    def order(self, number: str) -> Order:
        """The order itself."""
        return typed(Order, self.document(number).order)

    @cached_property
    def differences(self) -> tuple[Mapping[str, str], ...]:
        """What the month-end register says otherwise than the field."""
        command = ("reconcile", str(self.closed), "--json")
        return tuple(self.stage.desk.run(*command, fine=(0, DIFFERENT)).records)

    @property
    def told_differences(self) -> str:
        """The same, as people are told."""
        command = ("--lang", spoken(), "reconcile", str(self.closed))
        return self.stage.desk.run(*command, fine=(0, DIFFERENT)).out
