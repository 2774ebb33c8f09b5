"""To whom anything may be sent at all: a list that administrators keep.

A target is taken off by a mark, so that what was sent to it can still be read. May not
enter: HTTP, sending.
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, insert, select, update

from server.database import reading, writing
from server.notice_tables import target
from server.notices.reach import Reach, Unreachable
from server.notices.signing import new_secret
from sync.access import EVERY
from sync.envelope import digest
from sync.facts import KINDS
from sync.plain import Record
from sync.problems import Refused

ROBOTS = frozenset({"wecom", "dingtalk", "feishu"})
PEOPLE = ROBOTS | {"email", "sms"}
WEBHOOK = "webhook"
OWN = "*"  # the address of whom it is for: as the people list or the request has it
USUAL: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(ROBOTS, ("lead", "manager", "technician")),
    "email": ("lead", "manager"),
    "sms": ("owner",),
    WEBHOOK: (),
}
AUDIENCES = frozenset({"lead", "manager", "technician", "owner"})
MOST_TARGETS = 200
OVERLAP_MS = 24 * 3600 * 1000  # in which a former secret signs as well

NAME = r"^[A-Za-z0-9_-]{1,40}$"  # how targets and notices are named
MAIL = re.compile(r"[^@\s<>,;]{1,64}@[A-Za-z0-9.-]{1,190}")
PHONE = re.compile(r"\+?[0-9][0-9 -]{4,24}")


class Target(Record, frozen=True, kw_only=True):
    """Where messages may go: those of a project ("*": of every one), for these."""

    id: str
    kind: str
    name: str
    address: str
    project: str = EVERY
    audiences: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    made_ms: int = 0

    @property
    def shown_address(self) -> str:
        """As people see it: a robot's key stays hidden."""
        if self.kind not in ROBOTS:
            return self.address
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}/…"

    @property
    def is_shared(self) -> bool:
        """Do several people read it? Then what is not urgent is told together."""
        return self.kind in ROBOTS or (self.kind == "email" and self.address != OWN)

    def takes(self, audience: str, project: str) -> bool:
        """Is it for these people of this project?"""
        return audience in self.audiences and self.project in (EVERY, project)


def _nothing(*_: object) -> None:
    """Nothing is written besides."""


class Targets:
    """Keeps the list."""

    def __init__(
        self, engine: Engine, reach: Reach, chance: Callable[[int], bytes]
    ) -> None:
        self._engine = engine
        self._reach = reach
        self._chance = chance

    def all(self, *, webhooks: bool) -> list[Target]:
        """Those that stand, by name; webhooks of programs or ways to people."""
        with reading(self._engine) as connection:
            found = standing(connection)
        wanted = (one for one in found if (one.kind == WEBHOOK) is webhooks)
        return sorted(wanted, key=lambda one: (one.name, one.id))

    def add(
        self,
        kind: str,
        name: str,
        address: str,
        by: str,
        now_ms: int,
        *,
        project: str = EVERY,
        audiences: Iterable[str] = (),
        secret: str | None = None,
        also: Callable[[Connection, Target], None] = _nothing,
    ) -> Target:
        """From now on messages may go there; said again, nothing changes. `also` is
        written with it."""
        self._must_be_address(kind, address)
        wanted = tuple(sorted(set(audiences))) or USUAL[kind]
        if not AUDIENCES.issuperset(wanted):
            raise Refused("field_misshapen", field="audiences")
        made = Target(
            id=_id(kind, address, project), kind=kind, name=name, address=address,
            project=project, audiences=wanted, made_ms=now_ms,
        )  # fmt: skip
        self._keep(made, by, secret, lambda connection: also(connection, made))
        return made

    def add_webhook(
        self,
        url: str,
        by: str,
        now_ms: int,
        kinds: Iterable[str] = (),
        also: Callable[[Connection, Target, str], None] = _nothing,
    ) -> tuple[Target, str]:
        """A program is told of facts from now on; its secret is shown this once. `also`
        is written with both."""
        self._must_be_address(WEBHOOK, url)
        wanted = tuple(sorted(set(kinds)))
        if not KINDS.keys() >= set(wanted):
            raise Refused("field_misshapen", field="kinds")
        made = Target(
            id=_id(WEBHOOK, url, self._chance(8).hex()), kind=WEBHOOK, name=url[:100],
            address=url, kinds=wanted, made_ms=now_ms,
        )  # fmt: skip
        secret = new_secret(self._chance)
        self._keep(made, by, secret, lambda connection: also(connection, made, secret))
        return made, secret

    def _keep(
        self,
        made: Target,
        by: str,
        secret: str | None,
        also: Callable[[Connection], None],
    ) -> None:
        row = _row(made) | {"secret": secret, "made_by": by, "removed_ms": None}
        with writing(self._engine) as connection:
            known = [one.id for one in standing(connection)]
            if made.id not in known and len(known) >= MOST_TARGETS:
                raise Refused("targets_full", most=MOST_TARGETS)
            mine = target.c.id == made.id
            if connection.execute(update(target).where(mine).values(row)).rowcount == 0:
                connection.execute(insert(target).values(row))
            also(connection)

    def _must_be_address(self, kind: str, address: str) -> None:
        if kind in ROBOTS or kind == WEBHOOK:
            try:
                self._reach.check(address)
            except Unreachable as wrong:
                raise Refused("target_address_wrong", why=wrong.code) from None
            return
        shape = {"email": MAIL, "sms": PHONE}.get(kind)
        if shape is None:
            raise Refused("field_misshapen", field="kind")
        if address != OWN and not shape.fullmatch(address):
            raise Refused("target_address_wrong", why=address)

    def remove(self, name: str, now_ms: int, *, webhooks: bool) -> None:
        """Nothing goes there any more, not even what is on its way."""
        with writing(self._engine) as connection:
            mine = (target.c.id == name) & target.c.removed_ms.is_(None)
            sort = (target.c.kind == WEBHOOK) if webhooks else target.c.kind != WEBHOOK
            gone = update(target).where(mine & sort).values(removed_ms=now_ms)
            if connection.execute(gone).rowcount == 0:
                raise Refused("not_found")

    def rotate(self, name: str, now_ms: int) -> str:
        """A new secret, shown this once; for a day the former one signs as well."""
        secret = new_secret(self._chance)
        with writing(self._engine) as connection:
            mine = (target.c.id == name) & target.c.removed_ms.is_(None)
            held = connection.execute(
                select(target.c.secret).where(mine, target.c.kind == WEBHOOK)
            ).first()
            if held is None:
                raise Refused("not_found")
            values = {"secret": secret, "former_secret": held.secret,
                      "former_until_ms": now_ms + OVERLAP_MS}  # fmt: skip
            connection.execute(update(target).where(mine).values(values))
        return secret


def standing(connection: Connection) -> list[Target]:
    """Every target on the list."""
    chosen = select(target).where(target.c.removed_ms.is_(None))
    return [_target(row) for row in connection.execute(chosen)]


def allowed(connection: Connection, name: str) -> Target | None:
    """The target as it is on the list now; None if it is not, or no more."""
    chosen = select(target).where(target.c.id == name, target.c.removed_ms.is_(None))
    row = connection.execute(chosen).first()
    return None if row is None else _target(row)


def secrets(connection: Connection, name: str, now_ms: int) -> list[str]:
    """The secrets that hold now, the newest first."""
    row = connection.execute(select(target).where(target.c.id == name)).first()
    if row is None or row.secret is None:
        return []
    former = row.former_secret if (row.former_until_ms or 0) > now_ms else None
    return [row.secret, former] if former else [row.secret]


def _id(kind: str, address: str, project: str) -> str:
    return digest(f"{kind}\n{address}\n{project}".encode())[:16]


def _row(made: Target) -> dict[str, Any]:
    return {
        "id": made.id, "kind": made.kind, "name": made.name, "address": made.address,
        "project": made.project, "audiences": json.dumps(made.audiences),
        "kinds": json.dumps(made.kinds), "made_ms": made.made_ms,
    }  # fmt: skip


def _target(row: Any) -> Target:
    return Target(
        id=row.id, kind=row.kind, name=row.name, address=row.address,
        project=row.project, audiences=tuple(json.loads(row.audiences)),
        kinds=tuple(json.loads(row.kinds)), made_ms=row.made_ms,
    )  # fmt: skip
