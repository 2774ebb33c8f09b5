"""Bytes on their way: each unfinished upload is a file whose length is the offset.

A length is told only after the bytes are on the medium, so whoever was cut goes on
from what is really here (F4). Whole files become originals: at once where the shelf is
near, else by and by, and until then they wait here (F21). May not enter: HTTP, what
becomes of the bytes (`originals`).
"""

import fcntl
import os
import re
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from server.allowance import Allowance, Used
from server.announcing import announcing, engine_beside
from server.database import reading, writing
from server.incoming import Incoming
from server.keys import Keys
from server.originals import Originals
from server.progress import Known, Progress
from server.shelf.disk import space_left, sync_folder
from server.tables import blob, upload
from sync.problems import Refused

KEPT_MS = 7 * 24 * 3600 * 1000
MOST_UNFINISHED = 500  # of one device
PATIENCE_S = 3.0  # for another request that is asked to let go of the same upload
GLANCE_S = 0.02
MIB = 1024 * 1024
ASKED = ".asked"  # beside a file: somebody waits for it
_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What a device promised to send. `done`: it is an original with a receipt."""

    id: str
    device: str
    sha256: str
    bytes: int
    type: str
    expires_ms: int
    done: bool


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What one device may send within a week, and what stays free on the disk (F7)."""

    device_bytes: int = 10 * 1024 * MIB
    reserve_bytes: int = 512 * MIB


@dataclass
class _Held:
    """An upload's file in the hands of one request alone."""

    file: BinaryIO
    path: Path
    progress: Progress

    def wanted(self) -> bool:
        """Does somebody else wait for it?"""
        return self.path.with_suffix(ASKED).exists()


class Uploads:
    """The uploads under way in one folder; several processes may share it."""

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        keys: Keys,
        originals: Originals,
        bounds: Bounds | None = None,
    ) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._engine = engine
        self._beside = engine_beside(engine)
        self._keys = keys
        self._originals = originals
        self._bounds = bounds or Bounds()
        self._allowance = Allowance()
        self._known = Known()
        self._never = threading.Event()
        self.patience_s = PATIENCE_S
        self.waiting = threading.Event()  # something whole waits to be carried away

    def begin(
        self, device: str, sha256: str, length: int, media: str, now_ms: int
    ) -> Upload:
        """A place for these bytes; asked again, the same place with what it holds.

        Bytes that are here already need not be sent: that upload is done. The place is
        on the medium before any byte in it is acknowledged (`_settle`); a power cut
        before that leaves nothing but an unknown name, and nothing is lost by it.
        """
        said = f"{device} {sha256} {length}".encode()
        name = self._keys.mac("upload", said).hex()
        row: dict[str, Any] = {
            "id": name, "device": device, "sha256": sha256, "bytes": length,
            "type": media, "expires_ms": now_ms + KEPT_MS,
        }  # fmt: skip
        self._check_room(length)
        self._check_quota(device, name, length, now_ms)
        with announcing(self._beside) as connection:
            here = connection.execute(_RECEIPT, {"digest": sha256}).scalar()
            connection.execute(_BEGUN[connection.dialect.name], row)
        return Upload(**row, done=here == length and self._originals.is_kept(sha256))

    def find(self, name: str, device: str, now_ms: int) -> Upload:
        """This device's upload; refuses others' and unknown ones alike."""
        found = self._row(name) if _NAME.fullmatch(name) else None
        if found is None or found.device != device or found.expires_ms <= now_ms:
            raise Refused("not_found")
        return found

    def offset(self, one: Upload, now_ms: int) -> int:
        """How many bytes are here for good."""
        if one.done:
            return one.bytes
        if one.bytes and not self._path(one.id).exists():
            return 0
        with space_left(), self._alone(one) as held:
            return self._finish(one, held, now_ms)

    def append(self, one: Upload, offset: int, piece: Incoming, now_ms: int) -> int:
        """Add bytes behind those that are here; answers the new offset.

        Of a piece that is cut, everything that came is kept.
        """
        if one.done:
            _expect(one, one.bytes, offset, piece)
            return one.bytes
        with space_left(), self._alone(one) as held:
            _expect(one, held.progress.at, offset, piece)
            self._check_room(one.bytes - offset)
            steps = piece.steps(one.bytes - offset, lambda: not held.wanted())
            self._write(held, _up_to(one.bytes - offset, steps))
            return self._finish(one, held, now_ms)

    def _write(self, held: _Held, steps: Iterable[bytes]) -> None:
        """All that comes is hashed and on the medium, or the file is as it was."""
        progress = held.progress
        at, digest = progress.at, progress.digest.copy()
        held.file.seek(at)
        try:
            for step in steps:
                digest.update(step)
                _write_all(held.file, step)
                at += len(step)
            os.fsync(held.file.fileno())
        except BaseException:
            held.file.truncate(progress.at)
            raise
        progress.reached(at, digest)

    def drop(self, one: Upload) -> None:
        """Forget the upload and what came of it so far; an original stays."""
        if one.done:
            self._forget(one)
            return
        with self._alone(one) as held:
            self._forget(one)
            held.path.unlink(missing_ok=True)

    def _forget(self, one: Upload) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(upload).where(upload.c.id == one.id))

    def finish_waiting(self, device: str, names: Sequence[str], now_ms: int) -> None:
        """Try again for whole uploads of these bytes, if the shelf is near; if it is
        not, whoever carries them there is told."""
        if not self._originals.shelf.near:
            self.waiting.set()
            return
        wanted = (upload.c.device == device, upload.c.sha256.in_(names))
        self._bring(self._rows(*wanted, blob.c.sha256.is_(None)), now_ms)

    def carry(self, now_ms: int) -> bool:
        """Bring every whole upload to the shelf; did nothing have to stay behind?"""
        return self._bring(self._begun(self._files()), now_ms)

    def sweep(self, now_ms: int) -> int:
        """Finish what is whole, remove what is over; how many files went away."""
        before = self._files()
        self.carry(now_ms)
        over = self._rows(upload.c.expires_ms <= now_ms)
        for one in over:
            if not self._is_whole(one):
                self._forget(one)
        for name in before - {one.id for one in self._begun(before) if not one.done}:
            self._remove(self._path(name))
        return len(before - self._files())

    def _begun(self, names: Iterable[str]) -> list[Upload]:
        """The uploads that these files belong to."""
        todo, found = sorted(names), []
        for first in range(0, len(todo), 500):
            found += self._rows(upload.c.id.in_(todo[first : first + 500]))
        return found

    def _is_whole(self, one: Upload) -> bool:
        """Whole files are kept until they are originals, however long that takes."""
        with suppress(FileNotFoundError):
            return not one.done and self._path(one.id).stat().st_size == one.bytes
        return False

    def _bring(self, waiting: Sequence[Upload], now_ms: int) -> bool:
        """Up to the first that cannot be: a store that is down is not asked again."""
        for one in filter(self._is_whole, waiting):
            try:
                self._bring_one(one, now_ms)
            except Refused as refusal:
                if refusal.code not in ("upload_busy", "blob_digest_differs"):
                    return False
        return True

    def _bring_one(self, one: Upload, now_ms: int) -> None:
        """A far shelf looks at every byte itself, so nobody is kept waiting for it."""
        with space_left(), self._alone(one) as held:
            self._check_digest(one, held)
            if self._originals.shelf.near:
                self._hand_on(one, held, now_ms)
                return
        with suppress(FileNotFoundError):
            self._take_in(one, now_ms)
            self._remove(self._path(one.id))

    def _finish(self, one: Upload, held: _Held, now_ms: int) -> int:
        """Hand a whole file on, or leave it to whoever carries it to a far shelf. How
        far it got may be told afterwards: a receipt is on the medium, or the place."""
        whole = held.progress.at == one.bytes
        if whole:
            self._check_digest(one, held)
        if whole and self._originals.shelf.near:
            self._hand_on(one, held, now_ms)
            return held.progress.at
        self._settle(one, held)
        if whole:
            self.waiting.set()
        return held.progress.at

    def _settle(self, one: Upload, held: _Held) -> None:
        """The file's name and the row that says whose it is are on the medium too, and
        only then may anybody be told of bytes in it."""
        progress = held.progress
        if progress.settled or progress.at == 0:
            return
        sync_folder(self._folder)
        row = {name: getattr(one, name) for name in _COLUMNS}
        with writing(self._engine) as connection:  # a row that stays writes nothing
            connection.execute(delete(upload).where(upload.c.id == one.id))
            connection.execute(_BEGUN[connection.dialect.name], row)
        progress.settled = True

    def _check_digest(self, one: Upload, held: _Held) -> None:
        """Nothing but what was announced goes on (F23)."""
        if held.progress.digest.hexdigest() != one.sha256:
            self._forget(one)
            held.path.unlink(missing_ok=True)
            raise Refused("blob_digest_differs", sha256=one.sha256)

    def _hand_on(self, one: Upload, held: _Held, now_ms: int) -> None:
        """The receipt is written before the file goes away."""
        self._take_in(one, now_ms)
        held.path.unlink(missing_ok=True)

    def _take_in(self, one: Upload, now_ms: int) -> None:
        path = self._path(one.id)
        self._originals.take_in(path, one.sha256, one.bytes, one.type, now_ms)

    def _remove(self, path: Path) -> None:
        """Only whoever has a file alone may take it away."""
        with suppress(FileNotFoundError):
            handle = os.open(path, os.O_RDWR)
            try:
                if _locked(handle):
                    path.unlink(missing_ok=True)
            finally:
                os.close(handle)

    @contextmanager
    def _alone(self, one: Upload) -> Iterator[_Held]:
        """The upload's file, while no other thread or process may touch it."""
        path = self._path(one.id)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            self._reach(path, handle)
            try:
                self._check_ours(path, handle)
                held = _Held(file, path, self._known.take(path, file))
                try:
                    if held.progress.at != os.fstat(handle).st_size:
                        self._catch_up(held)
                    yield held
                finally:
                    self._known.keep(path, held.progress)
            finally:  # closing alone is not enough while a child is being born
                fcntl.flock(file, fcntl.LOCK_UN)

    def _catch_up(self, held: _Held) -> None:
        held.progress.catch_up(held.file)

    def _reach(self, path: Path, handle: int) -> None:
        """Whoever holds the file is asked to let go, and does so at the next step."""
        asked, left = path.with_suffix(ASKED), self.patience_s
        try:
            while not _locked(handle):
                asked.touch()
                left -= GLANCE_S
                if left <= 0:
                    raise Refused("upload_busy")
                self._never.wait(GLANCE_S)
        finally:
            if left < self.patience_s:
                asked.unlink(missing_ok=True)

    def _check_ours(self, path: Path, handle: int) -> None:
        """A file that was finished or dropped while we reached for it is not ours to
        write to: the device asks again and is told how things stand now."""
        try:
            same = os.path.samestat(path.stat(), os.fstat(handle))
        except FileNotFoundError:
            same = False
        if not same:
            raise Refused("upload_busy")

    def _check_room(self, length: int) -> None:
        """Refuses before the disk is full: what is here must still be workable (F7)."""
        free = shutil.disk_usage(self._folder).free - length
        if free < self._bounds.reserve_bytes:
            raise Refused("storage_full")

    def _check_quota(self, device: str, name: str, length: int, now_ms: int) -> None:
        """No device, and nobody who stole a grant, fills the disk alone."""
        most = self._bounds.device_bytes
        asked = {"mine": device, "named": name, "now": now_ms}

        def fits(used: Used) -> bool:
            return used[0] + length <= most and used[1] < MOST_UNFINISHED

        def count() -> Used:
            with reading(self._engine) as connection:
                promised, unfinished = connection.execute(_USED, asked).one()
                return promised, unfinished

        used = self._allowance.take(device, length, fits, count)
        if used is not None:
            over = used[0] + length > most
            raise Refused("upload_quota_reached" if over else "too_many_requests")

    def _row(self, name: str) -> Upload | None:
        with reading(self._engine) as connection:
            found = connection.execute(_ONE, {"named": name}).mappings().all()
        return next(iter(self._uploads(found)), None)

    def _rows(self, *wanted: Any) -> list[Upload]:
        with reading(self._engine) as connection:
            found = connection.execute(_ROWS.where(*wanted)).mappings().all()
        return self._uploads(found)

    def _uploads(self, found: Sequence[Any]) -> list[Upload]:
        return [
            Upload(
                **{name: row[name] for name in _COLUMNS},
                done=row["receipt"] is not None
                and self._originals.is_kept(row["sha256"]),
            )
            for row in found
        ]

    def _files(self) -> set[str]:
        return {path.name for path in self._folder.iterdir() if path.suffix != ASKED}

    def _path(self, name: str) -> Path:
        return self._folder / name


_COLUMNS = tuple(column.name for column in upload.columns)
_WITH_RECEIPT = upload.outerjoin(
    blob, (blob.c.sha256 == upload.c.sha256) & (blob.c.bytes == upload.c.bytes)
)

# Made once: to make them anew costs as much as to run them.
_ROWS = select(upload, blob.c.sha256.label("receipt")).select_from(_WITH_RECEIPT)
_ONE = _ROWS.where(upload.c.id == bindparam("named"))
_RECEIPT = select(blob.c.bytes).where(blob.c.sha256 == bindparam("digest"))
_USED = (
    select(
        func.coalesce(func.sum(upload.c.bytes), 0),
        func.count(upload.c.id) - func.count(blob.c.sha256),
    )
    .select_from(_WITH_RECEIPT)
    .where(
        upload.c.device == bindparam("mine"),
        upload.c.id != bindparam("named"),
        upload.c.expires_ms > bindparam("now"),
    )
)

_BEGUN = {
    dialect: (new := insert(upload)).on_conflict_do_update(
        index_elements=[upload.c.id],
        set_={"expires_ms": new.excluded.expires_ms, "type": new.excluded.type},
    )
    for dialect, insert in (
        ("sqlite", sqlite.insert),
        ("postgresql", postgresql.insert),
    )
}


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _expect(one: Upload, here: int, offset: int, piece: Incoming) -> None:
    if offset != here:
        raise Refused("upload_offset_differs", offset=here)
    if here + (piece.length or 0) > one.bytes:
        raise Refused("blob_too_large", limit=one.bytes)


def _up_to(most: int, steps: Iterable[bytes]) -> Iterator[bytes]:
    """The steps; refuses the one with which there are more than so many bytes."""
    left = most
    for step in steps:
        left -= len(step)
        if left < 0:
            raise Refused("blob_too_large", limit=most)
        yield step


def _write_all(file: BinaryIO, block: bytes) -> None:
    left = memoryview(block)
    while left:
        left = left[file.write(left) :]
