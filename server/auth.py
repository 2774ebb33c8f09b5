"""Who is asking: a device that signs its request, or staff with a token.

Nothing is readable without (X5). May not enter: what they may do (`sync/access.py`).
"""

import json
import re
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from server import losses
from server.database import new_or_same, reading, writing
from server.examine import Author
from server.keys import Keys
from server.people import People, grants_of, known_as
from server.people_tables import account, device_state, grant
from server.prepared import Prepared, Row
from server.tables import device, device_person, enrolment, person, staff_token
from server.traces import note
from sync.access import FIELD, Grant, Grants, may, roles_of
from sync.envelope import digest
from sync.plain import Record
from sync.problems import Refused
from sync.signing import read_jwk, request_text, thumbprint, verifies

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 10
WRONG_CODES = 30  # in a minute, from everybody together; then enrolling waits
MINUTE_MS = 60_000
LEAVE = "upload."  # how the leave to hand in bytes begins
LEAVE_MS = 12 * 3_600_000
NO_TOKEN = "-"  # noqa: S105 - says that there is none
# Bounded: a long header without quotes must not be looked through again and again.
_FIELD = re.compile(r'(?<!\w)(\w{1,16})="([^"]{0,400})"')


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Somebody who proved who they are. `signature` is what the answer is sealed to.

    `leave`: no more than a device's leave to hand in bytes.
    """

    actor: str
    grants: Grants
    signature: str
    leave: bool = False
    session: str = ""  # the id of one, if they are logged in
    author: Author | None = None
    key: dict[str, str] | None = None

    def may(self, action: str, project: str | None = None) -> bool:
        """May they do this in this project, or anywhere at all?"""
        return may(self.grants, action, project)


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
        self._people = People(engine)

    # proving

    def who(self, asked: Asked, *, token_needed: bool, now_ms: int) -> Caller:
        """The caller; refuses with 401 whoever cannot prove it."""
        scheme, _, rest = asked.authorization.partition(" ")
        if scheme == "Bearer" and rest.startswith(LEAVE):
            return self._granted(rest.removeprefix(LEAVE), now_ms)
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
        said = json.dumps([author.device, actor, now_ms + LEAVE_MS])
        return LEAVE + self._keys.sealed("upload grant", said.encode())

    def _granted(self, token: str, now_ms: int) -> Caller:
        data = self._keys.unsealed("upload grant", token)
        name, actor, until_ms = json.loads(data) if data else ("", "", 0)
        known = self._known(name)
        if until_ms <= now_ms or actor not in known.people or known.is_out(actor):
            raise Refused("credentials_wrong")
        held = known.people[actor]
        author = Author(device=name, people={actor: roles_of(held)}, revoked=False)
        return Caller(actor=actor, grants=held, signature="", author=author, leave=True)

    def _staff(self, token: str, now_ms: int) -> Caller:
        with reading(self._engine) as connection:
            name = connection.execute(
                select(staff_token.c.person)
                .outerjoin(account, account.c.person == staff_token.c.person)
                .where(
                    staff_token.c.token == digest(token.encode()),
                    staff_token.c.expires_ms > now_ms,
                    account.c.left_ms.is_(None),
                )
            ).scalar()
            if name is None:
                raise Refused("credentials_wrong")
            held = grants_of(connection, name)
        return Caller(actor=name, grants=held, signature=token)

    def _tablet(self, asked: Asked, said: dict[str, str], token_needed: bool) -> Caller:
        """A tablet is for the field: whoever works there too takes home what is given
        to them, and reads no project whole (S1)."""
        name, actor = said.get("device", ""), said.get("actor", "")
        signature, nonce = said.get("signature", ""), said.get("nonce", "")
        device = self._known(name)
        if actor not in device.people:
            raise Refused("credentials_wrong")
        text = request_text(asked.method, asked.target, nonce, actor, asked.body)
        if not verifies(_public_key(device.key), text, signature):
            raise Refused("credentials_wrong")
        known = self._keys.token_ms(name, nonce) is not None
        if not known and (token_needed or nonce != NO_TOKEN):
            raise Refused("token_unknown")
        roles = {one: roles_of(held) for one, held in device.people.items()}
        held = device.people[actor]
        field = frozenset(one for one in held if one.role in FIELD)
        author = Author(device=name, people=roles, revoked=device.is_out(actor))
        return Caller(
            actor=actor, grants=field or held, signature=signature,
            author=author, key=json.loads(device.key),
        )  # fmt: skip

    def _known(self, name: str) -> "Known":
        with reading(self._engine) as connection:
            return Known.of(_KNOWN.all(connection, {"device": name}))

    # letting in

    def add_person(self, name: str, shown: str, role: str, now_ms: int) -> None:
        """Somebody who works here, in this role everywhere; said again, name and role
        are brought up to date."""
        self._people.add(name, shown, [Grant(role=role)], now_ms)

    def people_of(self, name: str) -> dict[str, frozenset[str]]:
        """The people who use this device, with their roles."""
        held = self._known(name).people
        return {one: roles_of(grants) for one, grants in held.items()}

    def issue_code(self, name: str, expires_ms: int) -> str:
        """A one-time code with which a device of this person enrols, and the name of
        the server's key, so that the device knows whom it met."""
        self._people.called(name)
        code = "".join(CODE_ALPHABET[b % 32] for b in self._chance(CODE_LENGTH))
        with writing(self._engine) as connection:
            connection.execute(insert(enrolment).values(
                code=digest(code.encode()), person=name, expires_ms=expires_ms,
            ))  # fmt: skip
        return f"{code}.{self._keys.name[:16]}"

    def issue_token(self, name: str, expires_ms: int) -> str:
        """A staff token; only its digest is kept."""
        self._people.called(name)
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
            held = grants_of(connection, row.person)
        return Enrolled(device=chosen_device, actor=row.person, role=known_as(held))

    def heard_from(
        self,
        name: str,
        client: str | None,
        unsent: int | None,
        now_ms: int,
        state: Mapping[str, Any] = {},
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
            if state:
                _note_state(connection, name, told_ms=now_ms, **state)

    def revoke(self, name: str, now_ms: int, by: str = "", reason: str = "") -> None:
        """A device is lost or stolen: what it still hands in is set aside (F14)."""
        with writing(self._engine) as connection:
            found = connection.execute(
                update(device).where(device.c.id == name, device.c.revoked_ms.is_(None))
                .values(revoked_ms=now_ms)
            )  # fmt: skip
            if not found.rowcount:
                raise Refused("not_found")
            losses.put_before_the_desk(connection, name, now_ms)
            _note_state(connection, name, revoked_by=by, reason=reason)
            note(connection, by, "device.revoke", f"{name} {reason}", now_ms)

    def devices(self) -> list[dict[str, Any]]:
        """Every device, with its last contact."""
        with reading(self._engine) as connection:
            wanted = select(device).order_by(device.c.id)
            return [dict(row) for row in connection.execute(wanted).mappings()]


def thumbprint_of(key: dict[str, str]) -> str:
    """The name of a public key that was handed in; refuses what is not one."""
    read_jwk(key)
    return thumbprint(key)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A device, and everybody who uses it with what they may do."""

    key: str
    revoked: bool
    people: Mapping[str, Grants]
    left: frozenset[str]  # those of them who work here no more

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Known":
        """From rows of key, end of the device, person, end of the person, grant."""
        held: dict[str, set[Grant]] = {}
        for _, _, name, _, role, project in rows:
            mine = held.setdefault(name, set())
            if role is not None:
                mine.add(Grant(role=role, project=project))
        return cls(
            key=rows[0][0] if rows else "",
            revoked=any(row[1] is not None for row in rows),
            people={name: frozenset(mine) for name, mine in held.items()},
            left=frozenset(row[2] for row in rows if row[3] is not None),
        )

    def is_out(self, actor: str) -> bool:
        """Does it, in these hands, learn nothing any more (F14)?"""
        return self.revoked or actor in self.left


_HEARD = Prepared(
    select(device.c.contact_ms, device.c.client, device.c.unsent)
    .where(device.c.id == bindparam("device"))
)  # fmt: skip
_KNOWN = Prepared(
    select(
        device.c.key, device.c.revoked_ms, person.c.id, account.c.left_ms,
        grant.c.role, grant.c.project,
    )
    .join(device_person, device_person.c.device == device.c.id)
    .join(person, person.c.id == device_person.c.person)
    .outerjoin(account, account.c.person == person.c.id)
    .outerjoin(grant, grant.c.person == person.c.id)
    .where(device.c.id == bindparam("device"))
)  # fmt: skip


def _note_state(connection: Connection, name: str, **said: Any) -> None:
    connection.execute(new_or_same(connection, device_state).values(device=name))
    chosen = device_state.c.device == name
    connection.execute(update(device_state).where(chosen).values(**said))


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
