"""The owner confirms a sheet from a phone of their own: a code, once, for that sheet.

The code is made from the server's secret, the fact that asked and the sheet's digest,
and is kept nowhere; how often it was tried is. What confirms is a fact by nobody who
works here. May not enter: HTTP, how the code travels (`server/notices`).
"""

import hmac
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select, update

from server.asked_codes import code_for
from server.board import document
from server.board_tables import order_words
from server.database import new_or_same, reading, writing
from server.keys import Keys
from server.ledger import Decision, Ledger
from server.notices.targets import standing as ways
from server.owner_tables import owner_code
from server.paper.knowledge import latest
from server.tables import fact
from sync.exchange import Receipt
from sync.facts.owner import OWNER, OwnerAsked, OwnerConfirmed
from sync.order import Enquiry, Order
from sync.problems import Refused
from sync.strength import confirmation, enquiries, revocation

VALID_MS = 30 * 60_000
MOST_WRONG = 5  # for one code
MOST_WRONG_ORDER = 15  # for all codes of an order together, ever
APART_MS = 60_000


@dataclass(frozen=True)
class Confirming:
    """Asks owners, and takes their answers."""

    engine: Engine
    keys: Keys
    ledger: Ledger

    def ask(self, name: str, by: str, now_ms: int) -> Receipt:
        """Have a code sent for the sheet that stands. Refused:
        `owner_asked_for_nothing`, `owner_phone_missing`, `owner_no_way`,
        `owner_asked_lately`."""
        with reading(self.engine) as connection:
            order = document(connection, name)
            sheet = asked_for(order)
            if not phone_of(connection, name):
                raise Refused("owner_phone_missing")
            site = order.request.site if order and order.request else ""
            if not any(one.takes("owner", site) for one in ways(connection)):
                raise Refused("owner_no_way")
            self._not_lately(connection, order, sheet, now_ms)

        def still(known: Order) -> None:
            if asked_for(known) != sheet:
                raise Refused("owner_asked_for_nothing")

        one = Decision(
            stream=name, what=OwnerAsked(sheet=sheet), private={}, guard=still
        )
        return self.ledger.decide([one], by, now_ms)[0]

    def _not_lately(
        self, connection: Connection, order: Order | None, sheet: str, now_ms: int
    ) -> None:
        if order is None or not (told := enquiries(order, sheet)):
            return
        since_ms = now_ms - received_ms(connection, told[-1].fact)
        if since_ms < APART_MS:
            seconds = (APART_MS - since_ms) // 1000 + 1
            raise Refused("owner_asked_lately", seconds=seconds)

    def waiting(self, order: Order, sheet: str, now_ms: int) -> Enquiry | None:
        """The question to which a code may be typed now; the newest one alone."""
        told = enquiries(order, sheet)
        now = latest(order)
        if not told or confirmation(order, sheet) or revocation(order, sheet):
            return None
        if now is None or now.sheet != sheet:
            return None
        with reading(self.engine) as connection:
            at_ms = received_ms(connection, told[-1].fact)
            wrong, everywhere, used = _tried(connection, told[-1].fact, order.stream)
        over = used or wrong >= MOST_WRONG or everywhere >= MOST_WRONG_ORDER
        return None if over or now_ms >= at_ms + VALID_MS else told[-1]

    def confirm(self, name: str, sheet: str, code: str, now_ms: int) -> Receipt:
        """The owner's code, for this sheet. Refused: `owner_code_over`,
        `owner_code_wrong`. A try is counted before it is looked at, so that no crash
        and no second process gives one more."""
        with reading(self.engine) as connection:
            order = document(connection, name) or Order()
            phone = phone_of(connection, name)
        asked = self.waiting(order, sheet, now_ms)
        if asked is None:
            raise Refused("owner_code_over")
        left = self._count(asked.fact, name)
        said = "".join(letter for letter in code if letter.isalnum())
        if not hmac.compare_digest(
            said.encode(), code_for(self.keys, asked.fact, sheet).encode()
        ):
            raise Refused("owner_code_wrong" if left else "owner_code_over", left=left)
        return self._confirmed(name, asked, phone, now_ms)

    def _count(self, asked: str, name: str) -> int:
        """One more try; how many are left after it."""
        with writing(self.engine) as connection:
            row = {"asked": asked, "stream": name, "wrong": 0}
            connection.execute(new_or_same(connection, owner_code), [row])
            mine = owner_code.c.asked == asked
            more = owner_code.c.wrong < MOST_WRONG
            tried = update(owner_code).where(mine, more, owner_code.c.used_ms.is_(None))
            counted = tried.values(wrong=owner_code.c.wrong + 1)
            if not connection.execute(counted).rowcount:
                raise Refused("owner_code_over")
            wrong, everywhere, _ = _tried(connection, asked, name)
            if everywhere > MOST_WRONG_ORDER:
                raise Refused("owner_code_over")
        return min(MOST_WRONG - wrong, MOST_WRONG_ORDER - everywhere)

    def _confirmed(self, name: str, asked: Enquiry, phone: str, now_ms: int) -> Receipt:
        """Used and stated in one transaction: once, whoever else types it now."""

        def guard(order: Order) -> None:
            if self._stale(order, asked):
                raise Refused("owner_code_over")

        def used(connection: Connection, _receipts: list[Receipt]) -> None:
            mine = owner_code.c.asked == asked.fact
            free = update(owner_code).where(mine, owner_code.c.used_ms.is_(None))
            if not connection.execute(free.values(used_ms=now_ms)).rowcount:
                raise Refused("owner_code_over")

        what = OwnerConfirmed(sheet=asked.sheet, asked=asked.fact, means="sms")
        one = Decision(stream=name, what=what, private={"phone": phone}, guard=guard)
        return self.ledger.decide([one], OWNER, now_ms, used)[0]

    def _stale(self, order: Order, asked: Enquiry) -> bool:
        """Did something come in meanwhile after which this answers nothing?"""
        now = latest(order)
        gone = now is None or now.sheet != asked.sheet
        return gone or confirmation(order, asked.sheet) is not None


def asked_for(order: Order | None) -> str:
    """The sheet that the owner may be asked about: signed, newest, and not taken back.
    Refused: `owner_asked_for_nothing`."""
    now = latest(order) if order is not None else None
    if order is None or now is None or revocation(order, now.sheet):
        raise Refused("owner_asked_for_nothing")
    if confirmation(order, now.sheet):
        raise Refused("owner_asked_for_nothing")
    return now.sheet


def phone_of(connection: Connection, name: str) -> str:
    """The owner's number, as the request has it, for as long as it has."""
    mine = (order_words.c.stream == name) & (order_words.c.field == "phone")
    return connection.execute(select(order_words.c.value).where(mine)).scalar() or ""


def received_ms(connection: Connection, name: str) -> int:
    """When this fact came in."""
    chosen = select(fact.c.received_ms).where(fact.c.id == name)
    return int(connection.execute(chosen).scalar() or 0)


def _tried(connection: Connection, asked: str, name: str) -> tuple[int, int, bool]:
    """How often this code was tried, how often all of the order, and was it used."""
    chosen = select(owner_code).where(owner_code.c.asked == asked)
    row = connection.execute(chosen).first()
    every = select(func.sum(owner_code.c.wrong)).where(owner_code.c.stream == name)
    everywhere = int(connection.execute(every).scalar() or 0)
    return (row.wrong if row else 0), everywhere, bool(row and row.used_ms)
