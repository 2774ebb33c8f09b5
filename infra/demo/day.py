"""The month as a list of steps: who does what at which moment.

A visit becomes the commands that a technician types; the desk and the network have
their own steps. Pure data from the truth. May not enter: processes, files' bytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.demo.happenings import Fitted, Home, Item, Photo, Round, Truth, Visit
from infra.demo.registers import local
from infra.demo.town import DAY, MINUTE, chance
from sync.register import RegisterRow

SECOND = 1000
Files = Mapping[tuple[str, Photo], Path]


@dataclass(frozen=True)
class Step:
    """At this moment `who` does it. `verb`: desk, field, offline, online, exchange,
    exchange_killed; `words` are a command's arguments."""

    at_ms: int
    who: str
    verb: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paths:
    """Files that commands speak of: photos, and a signature for each order."""

    photos: Files
    strokes: Path


def steps_of(truth: Truth, paths: Paths) -> tuple[Step, ...]:
    """Everything that happens, in the sequence in which it does."""
    rows = {row.number: row for row in truth.opened}
    told = [
        step
        for home in truth.homes
        for step in _Teller(home, rows[home.number], paths).tell()
    ]
    return tuple(sorted(told, key=lambda step: step.at_ms))


@dataclass(frozen=True)
class _Teller:
    """Tells one home."""

    home: Home
    row: RegisterRow
    paths: Paths

    def tell(self) -> Iterator[Step]:
        yield from self._desk()
        who, home = self.home.technician, self.home
        yield Step(home.pulled_ms, who, "exchange")
        yield self._field(home.pulled_ms + 20 * SECOND, "show")
        for visit in home.visits:
            yield from self._visit(visit)
        yield from self._survey()
        for photo in home.photos:
            yield self._photo(photo)
        for judged in home.rounds:
            yield from self._round(judged)

    def _field(self, at_ms: int, command: str, *words: str) -> Step:
        told = (command, self.home.number, *words)
        return Step(at_ms, self.home.technician, "field", told)

    def _desk(self) -> Iterator[Step]:
        home, by = self.home, ("--by", "chen")
        given = ("dispatch", home.number, "--to", home.technician, *by)
        yield Step(home.dispatched_ms, "chen", "desk", given)
        if home.reassigned:
            again = ("dispatch", home.number, "--to", home.reassigned.to, *by)
            yield Step(home.reassigned.at_ms, "chen", "desk", again)
        if home.cancelled_ms:
            gone = ("cancel", home.number, "--reason", "owner_withdrew", *by)
            yield Step(home.cancelled_ms, "chen", "desk", gone)

    def _visit(self, visit: Visit) -> Iterator[Step]:
        who = self.home.technician
        yield Step(visit.set_off_ms, who, "exchange")
        yield Step(visit.offline_from_ms, who, "offline")
        yield self._field(visit.arrived_ms, "arrive", "--place", self._place())
        if visit.nobody_home:
            yield self._field(visit.left_ms - 10 * SECOND, "nobody-home")
        else:
            yield self._door(visit)
        yield self._field(visit.left_ms, "leave")
        yield Step(visit.back_ms, who, "online")
        if self.home.killed_photo is not None and not visit.nobody_home:
            photo = self.home.photos[self.home.killed_photo]
            file = str(self.paths.photos[self.home.number, photo])
            yield Step(visit.back_ms + SECOND, who, "exchange_killed", (file,))
        yield Step(visit.back_ms + 2 * SECOND, who, "exchange")

    def _place(self) -> str:
        dice = chance("place", self.home.number)
        return f"31.{dice.randrange(10**6):06},121.{dice.randrange(10**6):06},15"

    def _door(self, visit: Visit) -> Step:
        words = (
            "--all" if visit.door_ok else "--step=uniform",
            "--photos" if visit.consent else "--no-photos",
            "--place" if visit.consent else "--no-place",
            "--start" if visit.consent else "--no-start",
        )
        return self._field(visit.arrived_ms + MINUTE, "door", *words)

    def _survey(self) -> Iterator[Step]:
        home, first, at_ms = self.home, self.home.items[0], self.home.surveyed_ms
        yield self._field(
            at_ms - 60 * SECOND,
            "survey",
            *("--cause", first.cause, "--method", first.method),
            *("--minutes", str(sum(item.minutes for item in home.items))),
            *("--estimate", yuan(home.charged_fen)),
        )
        for item in home.items:
            yield self._item(at_ms - 50 * SECOND, item)
        paid = [item for item in home.items if item.payer == "paid"]
        if paid:
            lines = (f"--line={_line(fitted, item)}" for item, fitted in _fitted(paid))
            yield self._field(at_ms - 40 * SECOND, "quote", *lines)
        yield self._field(at_ms - 10 * SECOND, "agree", "--owner", self.row.owner)

    def _item(self, at_ms: int, item: Item) -> Step:
        said = ("--what", item.fault, "--where", item.place)
        known = ("--trade", self.row.trade or "其他", "--payer", item.payer)
        return self._field(at_ms, "item", item.ref, *known, *said)

    def _photo(self, photo: Photo) -> Step:
        file = str(self.paths.photos[self.home.number, photo])
        about = ("--moment", photo.moment, "--item", photo.item)
        return self._field(photo.taken_ms, "photo", file, *about)

    def _round(self, judged: Round) -> Iterator[Step]:
        at_ms = judged.completed_ms - 30 * SECOND
        again = {} if judged.n == 1 else _failed(self.home.rounds[judged.n - 2])
        for item in self.home.items:
            if judged.n == 1 or item.ref in again:
                yield from self._work(at_ms, item, fit=judged.n == 1)
        yield self._field(judged.completed_ms, "done")
        for result in judged.results:
            word = (
                ("--pass",) if result.passed else ("--fail", "--reason", result.reason)
            )
            yield self._field(judged.inspected_ms, "inspect", result.item, *word)
        end = judged.signature or judged.signature_refused
        signed_ms = end.at_ms if end else judged.inspected_ms + MINUTE
        yield self._field(signed_ms - 20 * SECOND, "sheet")
        command, *words = self._verdict(judged)
        yield self._field(signed_ms, command, *words)

    def _work(self, at_ms: int, item: Item, *, fit: bool) -> Iterator[Step]:
        """The parts that were fitted, and the record; a second round fits no more."""
        for part in item.parts if fit else ():
            yield self._field(
                at_ms, "part", part.code, str(part.quantity), "--item", item.ref
            )
        yield self._field(
            at_ms,
            "work",
            item.ref,
            *("--cause", item.cause, "--remedy", item.method),
            *("--minutes", str(item.minutes)),
            *("--labour", yuan(sum(work.cost_fen for work in item.labour))),
        )

    def _verdict(self, judged: Round) -> tuple[str, ...]:
        if signature := judged.signature:
            by = ("--signer", signature.by, "--relation", signature.relation)
            return ("sign", "--strokes", str(self.paths.strokes), *by)
        if refused := judged.signature_refused:
            return ("refuse", "--reason", refused.reason, "--witness", refused.witness)
        due = f"{local(judged.inspected_ms + 3 * DAY):%Y-%m-%d}"
        return ("reject", "--responsible", self.home.technician, "--due", due)


def _failed(judged: Round) -> dict[str, str]:
    return {
        result.item: result.reason for result in judged.results if not result.passed
    }


def _fitted(items: list[Item]) -> Iterator[tuple[Item, Fitted]]:
    for item in items:
        for fitted in (*item.parts, *item.labour):
            yield item, fitted


def _line(fitted: Fitted, item: Item) -> str:
    return f"{fitted.code}:{fitted.quantity}:{item.ref}"


def yuan(fen: int) -> str:
    """Fen as people type them."""
    return f"{fen // 100}.{fen % 100:02}"
