"""One round: in every place a new backup, seen to be whole, the old ones thinned out.

What goes wrong in one place holds up no other, and nobody can overlook it: an error in
the log, an incident before the desk, an exit code. May not enter: when (`keeper`).
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select, update
from sqlalchemy import func as sql

from server import hold_notes, incidents
from server.audit import Finding
from server.backup.contents import BlobRow
from server.backup.drilling import Drilled, drill
from server.backup.durable import Copy, note_broken, note_gone, note_verified
from server.backup.making import RESERVE_BYTES, Source, copy_blobs, create
from server.backup.manifest import (
    BLOBS,
    DATABASE,
    MANIFEST,
    Manifest,
    backups,
    find_manifest,
    halves,
    path_of,
)
from server.backup.thinning import DAY_MS, superfluous
from server.backup.verifying import verify
from server.backup.where import is_apart, one_is_enough
from server.config import Config
from server.database import reading, writing
from server.erasures import in_the_book, send, written_down
from server.holds import in_the_book as holds_in_the_book
from server.shelf import Cellar, Shelf
from server.tables import backup
from sync.problems import Refused

log_book = logging.getLogger(__name__)

INCIDENT = "backup"
LEFT_OVER_MS = DAY_MS  # what was begun and has no manifest after so long was cut short


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """The live book and how it is backed up."""

    config: Config
    engine: Engine
    shelf: Shelf
    chance: Callable[[int], bytes]
    reserve: int = RESERVE_BYTES

    @property
    def source(self) -> Source:
        """What is copied."""
        scratch = self.config.data / "scratch"
        return Source(
            engine=self.engine, shelf=self.shelf, scratch=scratch, reserve=self.reserve
        )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one backup in one place; it is whole if nothing was found."""

    place: str
    name: str | None = None
    manifest: Manifest | None = None
    findings: tuple[Finding, ...] = ()


def back_up(keeping: Keeping, places: Iterable[Cellar], now_ms: int) -> list[Outcome]:
    """A round. An outcome for each place; the service goes on whatever they are."""
    return [_in_one_place(keeping, place, now_ms) for place in places]


def _in_one_place(keeping: Keeping, place: Cellar, now_ms: int) -> Outcome:
    try:
        place.sweep(now_ms - LEFT_OVER_MS)
        tell_erasures(keeping, place)
        made = create(keeping.source, place, now_ms, keeping.chance)
        seen = look_over(keeping, place, made.name, now_ms, quick=True)
        missing = [Finding(code="blob_missing", what=one) for one in made.missing]
        outcome = Outcome(place=place.address, name=made.name, manifest=made,
                          findings=(*missing, *seen.findings))  # fmt: skip
        if not seen.findings:
            thin(keeping, place, now_ms)
    except Refused as refusal:
        found = Finding(code=refusal.code, what=str(refusal))
        outcome = Outcome(place=place.address, findings=(found,))
    alarm(keeping.engine, outcome.place, outcome.findings, now_ms)
    return outcome


def tell_erasures(keeping: Keeping, place: Cellar) -> None:
    """The place knows of everything that was erased, or held and asked for meanwhile,
    before it gets another copy."""
    data = keeping.config.data
    with reading(keeping.engine) as connection:
        held, holds = in_the_book(connection), holds_in_the_book(connection)
    known = {act.name: act for act in [*held, *written_down(data)]}
    send(place, known.values(), data / "scratch")
    hold_notes.send(place, [*holds, *hold_notes.written_down(data)], data / "scratch")


def look_over(
    keeping: Keeping, place: Cellar, name: str, now_ms: int, quick: bool = False
) -> Outcome:
    """Verify, bring damaged bytes anew where the shelf has them whole, note the result.

    Only what is whole now is noted as seen; positions then count as backed up."""
    scratch = keeping.config.data / "scratch"
    manifest, found = verify(place, name, scratch, quick)
    if manifest and any(one.code.startswith("blob_") for one in found):
        _mend(keeping, place, found)
        manifest, found = verify(place, name, scratch, quick)
    with writing(keeping.engine) as connection:
        if manifest is None or found:
            note_broken(connection, name, place.address, now_ms)
        else:
            apart = is_apart(keeping.config, place)
            copy = Copy(
                name=name, place=place.address, epoch=manifest.epoch, seq=manifest.seq,
                covers=manifest.covers, apart=apart, root=manifest.root,
                made_ms=manifest.made_ms,
            )  # fmt: skip
            note_verified(connection, copy, now_ms, one_is_enough(keeping.config))
    return Outcome(
        place=place.address, name=name, manifest=manifest, findings=tuple(found)
    )


def _mend(keeping: Keeping, place: Cellar, found: Sequence[Finding]) -> None:
    """Bytes that rotted in a place are brought again, if the shelf has them whole."""
    for one in found:
        if one.code == "blob_damaged" and _whole(keeping.shelf, one.what):
            place.delete(one.what)
    rows = [
        BlobRow(sha256=one.what, bytes=keeping.shelf.length(one.what), seq=0)
        for one in found
        if one.code.startswith("blob_") and keeping.shelf.has(one.what)
    ]
    copy_blobs(keeping.source, place, rows)
    names = [one.what for one in found if one.code.startswith("blob_")]
    log_book.warning("%s: bytes brought anew: %s", place.address, ", ".join(names))


def _whole(shelf: Shelf, sha256: str) -> bool:
    return shelf.has(sha256) and shelf.check(sha256)


def thin(keeping: Keeping, place: Cellar, now_ms: int) -> list[str]:
    """Take away what nobody needs any more, the manifest first: a backup is whole or
    it is none. What was cut short goes when it is old."""
    made = {}
    for name in backups(place):
        try:
            made[name] = find_manifest(place, name).made_ms
        except Refused:
            continue  # damaged: it stays, for a person to look at
    gone = superfluous(made, _seen_whole(keeping.engine, place.address), now_ms)
    oldest_ms = now_ms - LEFT_OVER_MS
    left = [name for name in halves(place) if _begun_before(name, oldest_ms, made)]
    for name in [*gone, *left]:
        for file in (MANIFEST, BLOBS, DATABASE):
            place.remove(path_of(name, file))
    with writing(keeping.engine) as connection:
        for name in gone:
            note_gone(connection, name, place.address)
    return gone


def _begun_before(name: str, at_ms: int, made: dict[str, int]) -> bool:
    """Names sort by time: is this older than some whole backup that is old enough?"""
    return any(name < one for one, made_ms in made.items() if made_ms < at_ms)


def _seen_whole(engine: Engine, place: str) -> set[str]:
    chosen = select(backup.c.name).where(
        backup.c.place == place, backup.c.broken_ms.is_(None)
    )
    with reading(engine) as connection:
        return set(connection.execute(chosen).scalars())


def drill_newest(keeping: Keeping, place: Cellar, now_ms: int) -> Drilled | None:
    """The newest backup of a place, for practice; None if there is none."""
    names = backups(place)
    return drill_one(keeping, place, names[-1], now_ms) if names else None


def drill_one(keeping: Keeping, place: Cellar, name: str, now_ms: int) -> Drilled:
    """Practise with this backup; what goes wrong is an alarm."""
    done = drill(place, name, keeping.config.data, now_ms)
    chosen = (backup.c.name == name) & (backup.c.place == place.address)
    with writing(keeping.engine) as connection:
        if done.findings:
            note_broken(connection, name, place.address, now_ms)
        connection.execute(update(backup).where(chosen).values(drilled_ms=now_ms))
    alarm(keeping.engine, place.address, done.findings, now_ms)
    return done


def alarm(engine: Engine, place: str, findings: Sequence[Finding], now_ms: int) -> None:
    """Nobody overlooks it: the log, and one incident a day for each place."""
    if not findings:
        return
    said = [f"{one.code} {one.what}" for one in findings[:20]]
    log_book.error("backup in %s: %s", place, "; ".join(said))
    day = f"{place} {now_ms // DAY_MS}"
    name = f"backup-{hashlib.sha256(day.encode()).hexdigest()[:16]}"
    facts = {"place": place, "found": said, "count": len(findings)}
    try:
        with writing(engine) as connection:
            incidents.report(connection, name, INCIDENT, facts, now_ms)
    except Refused as refusal:
        log_book.error("no incident was written: %s", refusal)  # noqa: TRY400


def is_due(engine: Engine, place: str, every_ms: int, now_ms: int) -> bool:
    """Has this place had no whole backup for so long?"""
    newest = select(sql.max(backup.c.made_ms)).where(
        backup.c.place == place, backup.c.broken_ms.is_(None)
    )
    with reading(engine) as connection:
        made_ms = connection.execute(newest).scalar()
    return made_ms is None or made_ms <= now_ms - every_ms


def drill_is_due(engine: Engine, place: str, now_ms: int) -> bool:
    """Was no backup of this place practised with for a day?"""
    newest = select(sql.max(backup.c.drilled_ms)).where(backup.c.place == place)
    with reading(engine) as connection:
        drilled_ms = connection.execute(newest).scalar()
    return drilled_ms is None or drilled_ms <= now_ms - DAY_MS
