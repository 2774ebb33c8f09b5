"""Who is asking: a device that signs its request, or staff with a token.

Nothing is readable without (X5). May not enter: what they may do (`sync/access.py`).
"""

import json
import re
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from server import losses
from server.database import new_or_same, reading, writing
from server.examine import Author
from server.keys import Keys
from server.prepared import Prepared
from server.tables import device, device_person, enrolment, person, staff_token
from sync.access import ROLES
from sync.envelope import ACTOR, digest
from sync.plain import Record
from sync.problems import Refused
from sync.signing import read_jwk, request_text, thumbprint, verifies

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 10
WRONG_CODES = 30  # in a minute, from everybody together; then enrolling waits
MINUTE_MS = 60_000
GRANT = "upload."  # how the leave to hand in bytes begins
GRANT_MS = 12 * 3_600_000
NO_TOKEN = "-"  # noqa: S105 - says that there is none
# Bounded: a long header without quotes must not be looked through again and again.
_FIELD = re.compile(r'(?<!\w)(\w{1,16})="([^"]{0,400})"')


_GRANTED = (
    select(device.c.revoked_ms, person.c.role)
    .join(device_person, device_person.c.device == device.c.id)
    .join(person, person.c.id == device_person.c.person)
    .where(device.c.id == bindparam("to"), person.c.id == bindparam("who"))
)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Somebody who proved who they are. `signature` is what the answer is sealed to.

    `grant`: no more than a device's leave to hand in bytes.
    """

    actor: str
    role: str
    signature: str
    grant: bool = False
    author: Author | None = None
    key: dict[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request, as far as proving who sent it goes."""

    method: str
    target: str
    body: bytes
    authorization: str


class Enrolled(Record, frozen=True, kw_only=True):
    """A device that was let in, and for whom."""

    device: str
    actor: str
    role: str


class Door:
    """Knows people, devices and codes."""

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        chance: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._chance = chance
        self._wrong_ms: deque[int] = deque(maxlen=WRONG_CODES)

    # proving

    def who(self, asked: Asked, *, token_needed: bool, now_ms: int) -> Caller:
        """The caller; refuses with 401 whoever cannot prove it."""
        scheme, _, rest = asked.authorization.partition(" ")
        if scheme == "Bearer" and rest.startswith(GRANT):
            return self._granted(rest.removeprefix(GRANT), now_ms)
        if scheme == "Bearer":
            return self._staff(rest.strip(), now_ms)
        if scheme == "Doorstep":
            return self._tablet(asked, dict(_FIELD.findall(rest)), token_needed)
        raise Refused("credentials_missing")

    def grant_uploads(self, author: Author, actor: str, now_ms: int) -> str:
        """A token with which this device hands in bytes for some hours, and no more.

        It can be weak, for a request that streams cannot be signed beforehand: bytes
        are named by their digest, mean nothing until a signed fact speaks of them, and
        are read through signed requests alone. A revoked device is given none.
        """
        if author.revoked:
            return ""
        said = json.dumps([author.device, actor, now_ms + GRANT_MS])
        return GRANT + self._keys.sealed("upload grant", said.encode())

    def _granted(self, token: str, now_ms: int) -> Caller:
        data = self._keys.unsealed("upload grant", token)
        name, actor, until_ms = json.loads(data) if data else ("", "", 0)
        with reading(self._engine) as connection:
            row = connection.execute(_GRANTED, {"to": name, "who": actor}).first()
        if row is None or row.revoked_ms is not None or until_ms <= now_ms:
            raise Refused("credentials_wrong")
        author = Author(device=name, people={actor: row.role}, revoked=False)
        return Caller(
            actor=actor, role=row.role, signature="", author=author, grant=True
        )

    def _staff(self, token: str, now_ms: int) -> Caller:
        with reading(self._engine) as connection:
            row = connection.execute(
                select(person.c.id, person.c.role)
                .join(staff_token, staff_token.c.person == person.c.id)
                .where(
                    staff_token.c.token == digest(token.encode()),
                    staff_token.c.expires_ms > now_ms,
                )
            ).first()
        if row is None:
            raise Refused("credentials_wrong")
        return Caller(actor=row.id, role=row.role, signature=token)

    def _tablet(self, asked: Asked, said: dict[str, str], token_needed: bool) -> Caller:
        name, actor = said.get("device", ""), said.get("actor", "")
        signature, nonce = said.get("signature", ""), said.get("nonce", "")
        with reading(self._engine) as connection:
            rows = [Known(*row) for row in _KNOWN.all(connection, {"device": name})]
        people = {row.id: row.role for row in rows}
        if actor not in people:
            raise Refused("credentials_wrong")
        text = request_text(asked.method, asked.target, nonce, actor, asked.body)
        if not verifies(_public_key(rows[0].key), text, signature):
            raise Refused("credentials_wrong")
        known = self._keys.token_ms(name, nonce) is not None
        if not known and (token_needed or nonce != NO_TOKEN):
            raise Refused("token_unknown")
        revoked = rows[0].revoked_ms is not None
        author = Author(device=name, people=people, revoked=revoked)
        return Caller(
            actor=actor, role=people[actor], signature=signature, author=author,
            key=json.loads(rows[0].key),
        )  # fmt: skip

    # letting in

    def add_person(self, name: str, shown: str, role: str, now_ms: int) -> None:
        """Somebody who works here; said again, name and role are brought up to date."""
        if not ACTOR.fullmatch(name):
            raise Refused("field_misshapen", field="id")
        if role not in ROLES:
            raise Refused("value_unknown", field="role", known=", ".join(sorted(ROLES)))
        row = {"id": name, "name": shown, "role": role}
        with writing(self._engine) as connection:
            connection.execute(
                new_or_same(connection, person).values(added_ms=now_ms, **row)
            )
            connection.execute(
                update(person).where(person.c.id == name).values(name=shown, role=role)
            )

    def role_of(self, name: str) -> str:
        """The role of somebody who works here."""
        with reading(self._engine) as connection:
            role = connection.execute(
                select(person.c.role).where(person.c.id == name)
            ).scalar()
        if role is None:
            raise Refused("person_unknown", person=name)
        return role

    def people(self) -> dict[str, tuple[str, str]]:
        """Everybody who works here: id -> (name, role)."""
        with reading(self._engine) as connection:
            return {
                row.id: (row.name, row.role)
                for row in connection.execute(select(person).order_by(person.c.id))
            }

    def people_of(self, name: str) -> dict[str, str]:
        """The people who use this device, with their roles."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(person.c.id, person.c.role)
                .join(device_person, device_person.c.person == person.c.id)
                .where(device_person.c.device == name)
            )
            return {row.id: row.role for row in rows}

    def issue_code(self, name: str, expires_ms: int) -> str:
        """A one-time code with which a device of this person enrols, and the name of
        the server's key, so that the device knows whom it met."""
        self.role_of(name)
        code = "".join(CODE_ALPHABET[b % 32] for b in self._chance(CODE_LENGTH))
        with writing(self._engine) as connection:
            connection.execute(insert(enrolment).values(
                code=digest(code.encode()), person=name, expires_ms=expires_ms,
            ))  # fmt: skip
        return f"{code}.{self._keys.name[:16]}"

    def issue_token(self, name: str, expires_ms: int) -> str:
        """A staff token; only its digest is kept."""
        self.role_of(name)
        token = self._chance(24).hex()
        with writing(self._engine) as connection:
            connection.execute(insert(staff_token).values(
                token=digest(token.encode()), person=name, expires_ms=expires_ms,
            ))  # fmt: skip
        return token

    def enrol(
        self, code: str, key: dict[str, str], shown: str, now_ms: int
    ) -> Enrolled:
        """Let a device in by its code, once; the same code with the same key again is
        the same device, for whoever lost the answer. Another person's code with a key
        that is known lets that person onto the same device: they share it in shifts.

        After many wrong codes in a minute nobody enrols until it is over (X17).
        """
        name = thumbprint_of(key)
        wrong = self._wrong_ms
        if len(wrong) == WRONG_CODES and wrong[0] > now_ms - MINUTE_MS:
            raise Refused("too_many_requests")
        try:
            return self._enrol(code, key, name, shown, now_ms)
        except Refused as refusal:
            if refusal.code == "code_wrong":
                wrong.append(now_ms)
            raise

    def _enrol(
        self, code: str, key: dict[str, str], name: str, shown: str, now_ms: int
    ) -> Enrolled:
        with writing(self._engine) as connection:
            chosen = enrolment.c.code == digest(code.encode())
            row = connection.execute(
                select(enrolment).where(chosen).with_for_update()
            ).first()
            if row is None or row.expires_ms <= now_ms:
                raise Refused("code_wrong")
            if row.key not in (None, name):
                raise Refused("code_wrong")
            shared = _with_key(connection, key)
            chosen_device = row.device or shared or f"t{self._chance(5).hex()}"
            if row.key is None:
                admit(connection, chosen_device, row.person, key, shown, now_ms)
                if shared is None:
                    losses.replaced_by(connection, chosen_device, now_ms)
                connection.execute(
                    update(enrolment).where(chosen)
                    .values(device=chosen_device, key=name)
                )  # fmt: skip
            role = connection.execute(
                select(person.c.role).where(person.c.id == row.person)
            ).scalar_one()
        return Enrolled(device=chosen_device, actor=row.person, role=role)

    def heard_from(
        self, name: str, client: str | None, unsent: int | None, now_ms: int
    ) -> None:
        """A device was in contact: what the desk sees of it. Nothing is written if
        within a minute it says the same again, so that greeting waits for no disk."""
        told = {"client": (client or "")[:80], "unsent": unsent}
        chosen = device.c.id == name
        with reading(self._engine) as connection:
            heard = _HEARD.first(connection, {"device": name})
        assert heard is not None
        contact_ms, *held = heard
        if 0 <= now_ms - (contact_ms or 0) < MINUTE_MS and held == [*told.values()]:
            return
        with writing(self._engine) as connection:
            said = update(device).where(chosen).values(contact_ms=now_ms, **told)
            connection.execute(said)

    def revoke(self, name: str, now_ms: int) -> None:
        """A device is lost or stolen: what it still hands in is set aside (F14)."""
        with writing(self._engine) as connection:
            found = connection.execute(
                update(device).where(device.c.id == name, device.c.revoked_ms.is_(None))
                .values(revoked_ms=now_ms)
            )  # fmt: skip
            if not found.rowcount:
                raise Refused("not_found")
            losses.put_before_the_desk(connection, name, now_ms)

    def devices(self) -> list[dict[str, Any]]:
        """Every device, with its last contact."""
        with reading(self._engine) as connection:
            wanted = select(device).order_by(device.c.id)
            return [dict(row) for row in connection.execute(wanted).mappings()]


def thumbprint_of(key: dict[str, str]) -> str:
    """The name of a public key that was handed in; refuses what is not one."""
    read_jwk(key)
    return thumbprint(key)


class Known(NamedTuple):
    """A device with one of the people who use it."""

    key: str
    revoked_ms: int | None
    id: str
    role: str


_HEARD = Prepared(
    select(device.c.contact_ms, device.c.client, device.c.unsent)
    .where(device.c.id == bindparam("device"))
)  # fmt: skip
_KNOWN = Prepared(
    select(device.c.key, device.c.revoked_ms, person.c.id, person.c.role)
    .join(device_person, device_person.c.device == device.c.id)
    .join(person, person.c.id == device_person.c.person)
    .where(device.c.id == bindparam("device"))
)


@lru_cache(maxsize=4096)
def _public_key(text: str) -> ec.EllipticCurvePublicKey:
    """The key in this JWK; the same devices ask again and again."""
    return read_jwk(json.loads(text))


def _with_key(connection: Connection, key: dict[str, str]) -> str | None:
    """The device with this key; refuses one that was revoked, whoever asks."""
    known = select(device.c.id, device.c.revoked_ms).where(device.c.key == _jwk(key))
    found = connection.execute(known).first()
    if found is not None and found.revoked_ms is not None:
        raise Refused("code_wrong")
    return None if found is None else str(found.id)


def _jwk(key: dict[str, str]) -> str:
    return json.dumps({member: key[member] for member in ("crv", "kty", "x", "y")})


def admit(
    connection: Connection,
    name: str,
    owner: str,
    key: dict[str, str],
    shown: str,
    now_ms: int,
) -> None:
    """A device with this key is known from now on, for this person too."""
    connection.execute(new_or_same(connection, device).values(
        id=name, name=shown[:200], key=_jwk(key), enrolled_ms=now_ms,
    ))  # fmt: skip
    connection.execute(
        new_or_same(connection, device_person).values(device=name, person=owner)
    )
