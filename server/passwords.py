"""Passwords: kept as Argon2id, guessed slowly.

Whoever guesses waits longer each time, by the name that was typed and by the address it
came from; a name that nobody has is answered, counted and timed like any other (X17).
May not enter: sessions, HTTP.
"""

import threading
from collections.abc import Callable

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Connection, Engine, delete, select, update

from server.database import new_or_same, reading, writing
from server.people_tables import account, attempt, password_code
from server.people_tables import session as session_table
from sync.envelope import digest
from sync.problems import Refused

MEMORY_KIB = 46 * 1024
PASSES = 2
AT_ONCE = 4  # so many are worked out at the same time: memory is bounded by that

SHORTEST = 10
LONGEST = 200
FEWEST = 5  # different characters

WRONG_BY_NAME = 5  # from the fifth wrong one on, the next one waits
WRONG_BY_ADDRESS = 30  # an office shares one address
WAIT_MS = 30_000  # doubled with every further one
MOST_WAIT_MS = 15 * 60_000
FORGOTTEN_MS = 86_400_000

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 12
CODE_MS = 86_400_000

Chance = Callable[[int], bytes]

_turns = threading.BoundedSemaphore(AT_ONCE)


def hashed(password: str, salt: bytes) -> str:
    """What is kept of a password, as a PHC string."""
    with _turns:
        return _machine(salt).derive_phc_encoded(password.encode())


def fits(password: str, kept: str) -> bool:
    """Is this the password that was kept so?"""
    with _turns:
        try:
            Argon2id.verify_phc_encoded(password.encode(), kept)
        except InvalidKey:
            return False
    return True


def _machine(salt: bytes) -> Argon2id:
    return Argon2id(
        salt=salt, length=32, iterations=PASSES, lanes=1, memory_cost=MEMORY_KIB
    )


# What nobody's password is; worked out for names that nobody has, to take as long.
_NOBODYS = hashed("", b"nobody's salt 16")


class Passwords:
    """Knows whose password is which."""

    def __init__(self, engine: Engine, chance: Chance) -> None:
        self._engine = engine
        self._chance = chance

    def prove(self, name: str, password: str, address: str, now_ms: int) -> None:
        """Refuses unless this is the password of somebody who works here, in the same
        words whatever is wrong."""
        by_name, by_address = f"person {name}", f"address {address}"
        with writing(self._engine) as connection:
            _count(connection, by_address, WRONG_BY_ADDRESS, now_ms)
            _count(connection, by_name, WRONG_BY_NAME, now_ms)
            chosen = (account.c.person == name) & account.c.left_ms.is_(None)
            kept = connection.execute(select(account.c.password).where(chosen)).scalar()
        if not fits(password, kept or _NOBODYS) or kept is None:
            raise Refused("password_wrong")
        with writing(self._engine) as connection:
            forgive(connection, by_name)
            _take_back(connection, by_address)

    def issue_code(self, name: str, now_ms: int) -> tuple[str, int]:
        """A one-time code with which this person chooses a password, and until when."""
        code = "".join(CODE_ALPHABET[b % 32] for b in self._chance(CODE_LENGTH))
        expires_ms = now_ms + CODE_MS
        with writing(self._engine) as connection:
            over = password_code.c.expires_ms <= now_ms
            connection.execute(delete(password_code).where(
                over | (password_code.c.person == name)
            ))  # fmt: skip
            connection.execute(password_code.insert().values(
                code=digest(code.encode()), person=name, expires_ms=expires_ms,
            ))  # fmt: skip
        return code, expires_ms

    def choose(self, code: str, password: str, address: str, now_ms: int) -> str:
        """Whoever has a code chooses a password, once; who it was. Every session of
        theirs ends."""
        by_address = f"address {address}"
        with writing(self._engine) as connection:
            _count(connection, by_address, WRONG_BY_ADDRESS, now_ms)
        spelt = digest("".join(code.upper().split()).replace("-", "").encode())
        chosen = password_code.c.code == spelt
        with reading(self._engine) as connection:
            row = connection.execute(select(password_code).where(chosen)).first()
        if row is None or row.expires_ms <= now_ms:
            raise Refused("code_wrong")
        kept = self.kept(row.person, password)
        with writing(self._engine) as connection:
            used = connection.execute(delete(password_code).where(chosen))
            if not used.rowcount:
                raise Refused("code_wrong")
            keep(connection, row.person, kept)
            forgive(connection, f"person {row.person}")
            _take_back(connection, by_address)
        return str(row.person)

    def kept(self, name: str, password: str) -> str:
        """What is kept of this password; refuses one that is guessed too soon."""
        enough = SHORTEST <= len(password) <= LONGEST
        if not enough or len(set(password)) < FEWEST or name in password.lower():
            raise Refused("password_weak", letters=SHORTEST)
        return hashed(password, self._chance(16))


def keep(connection: Connection, name: str, kept: str) -> None:
    """This is the person's password from now on; wherever they are logged in, they
    have to log in again."""
    connection.execute(new_or_same(connection, account).values(person=name))
    mine = account.c.person == name
    connection.execute(update(account).where(mine).values(password=kept))
    connection.execute(delete(session_table).where(session_table.c.person == name))


def forgive(connection: Connection, whom: str) -> None:
    """What was wrong before counts no more."""
    mine = attempt.c.id == digest(whom.encode())
    connection.execute(delete(attempt).where(mine))


def _count(connection: Connection, whom: str, most: int, now_ms: int) -> None:
    """Count a try before it is looked at, so that many at once are many; refuses while
    the last wrong ones are waited out."""
    mine = attempt.c.id == digest(whom.encode())
    connection.execute(
        delete(attempt).where(attempt.c.last_ms <= now_ms - FORGOTTEN_MS)
    )
    connection.execute(new_or_same(connection, attempt).values(
        id=digest(whom.encode()), wrong=0, last_ms=now_ms, until_ms=0,
    ))  # fmt: skip
    row = connection.execute(select(attempt).where(mine).with_for_update()).one()
    if row.until_ms > now_ms:
        raise Refused("login_slow", seconds=-(-(row.until_ms - now_ms) // 1000))
    wrong = row.wrong + 1
    wait = 0
    if wrong >= most:
        wait = min(WAIT_MS << min(wrong - most, 10), MOST_WAIT_MS)
    connection.execute(
        update(attempt).where(mine)
        .values(wrong=wrong, last_ms=now_ms, until_ms=now_ms + wait if wait else 0)
    )  # fmt: skip


def _take_back(connection: Connection, whom: str) -> None:
    """This try was right: an office is not locked out by those who log in."""
    mine = attempt.c.id == digest(whom.encode())
    connection.execute(
        update(attempt).where(mine, attempt.c.wrong > 0)
        .values(wrong=attempt.c.wrong - 1, until_ms=0)
    )  # fmt: skip
