"""The owner's own page: an address that nobody guesses, for one order.

The token is 128 bits that only this server can make, from its secret, the order and a
serial number; its digest is kept. So a message that is sent again names the same page,
and whoever reads the database has no way in. May not enter: HTTP, what the page shows.
"""

from sqlalchemy import Connection, Engine, func, insert, select, update

from server.database import reading, writing
from server.keys import Keys
from server.owner_tables import owner_link
from server.traces import note
from sync.envelope import digest
from sync.problems import Refused
from sync.signing import b64

LASTS_MS = 180 * 24 * 3_600_000


def token_of(keys: Keys, name: str, serial: int) -> str:
    """What opens the page of this order, the serial-th time that it was made."""
    return b64(keys.mac("owner link", f"{name} {serial}".encode()))


def address(public_url: str, token: str) -> str:
    """Where it leads."""
    return f"{public_url.rstrip('/')}/o/{token}"


def standing(
    connection: Connection, keys: Keys, name: str, now_ms: int, by: str = ""
) -> int:
    """The serial of this order's link; one is made where none is valid for another half
    of its time."""
    chosen = (
        select(owner_link.c.serial)
        .where(owner_link.c.stream == name, owner_link.c.revoked_ms.is_(None))
        .where(owner_link.c.expires_ms > now_ms + LASTS_MS // 2)
        .order_by(owner_link.c.serial.desc())
    )
    known: int | None = connection.execute(chosen).scalar()
    if known is not None:
        return known
    last = select(func.max(owner_link.c.serial)).where(owner_link.c.stream == name)
    serial = (connection.execute(last).scalar() or 0) + 1
    connection.execute(insert(owner_link).values(
        token=digest(token_of(keys, name, serial).encode()), stream=name,
        serial=serial, made_ms=now_ms, expires_ms=now_ms + LASTS_MS, made_by=by,
    ))  # fmt: skip
    if by:
        note(connection, by, "owner_link.make", name, now_ms)
    return serial


def until(connection: Connection, name: str, now_ms: int) -> int | None:
    """How long somebody can open this order's page; None if nobody can."""
    mine = (owner_link.c.stream == name) & owner_link.c.revoked_ms.is_(None)
    open_ = mine & (owner_link.c.expires_ms > now_ms)
    chosen = select(func.max(owner_link.c.expires_ms)).where(open_)
    found: int | None = connection.execute(chosen).scalar()
    return found


def made(engine: Engine, keys: Keys, name: str, by: str, now_ms: int) -> str:
    """The token of this order's link, for somebody at the desk to hand on."""
    with writing(engine) as connection:
        return token_of(keys, name, standing(connection, keys, name, now_ms, by))


def order_of(engine: Engine, token: str, now_ms: int) -> str:
    """Whose page this opens. Refused: `owner_link_over`, whatever is wrong with it."""
    chosen = (
        select(owner_link.c.stream)
        .where(owner_link.c.token == digest(token.encode()))
        .where(owner_link.c.revoked_ms.is_(None), owner_link.c.expires_ms > now_ms)
    )
    with reading(engine) as connection:
        name: str | None = connection.execute(chosen).scalar()
    if name is None:
        raise Refused("owner_link_over")
    return name


def revoke(engine: Engine, name: str, by: str, reason: str, now_ms: int) -> int:
    """Every link to this order is over; how many there were."""
    mine = (owner_link.c.stream == name) & owner_link.c.revoked_ms.is_(None)
    with writing(engine) as connection:
        over = update(owner_link).where(mine).values(revoked_ms=now_ms)
        many = connection.execute(over).rowcount
        note(connection, by, "owner_link.revoke", f"{name} {reason}", now_ms)
    return int(many)
