"""Bytes on their way: each unfinished upload is a file whose length is the offset.

A length is told only after the bytes are on the medium, so whoever was cut goes on
from what is really here (F4). When all bytes are here they become an original; a crash
or a store that is down leaves the whole file, and the next contact or the sweep tries
again (F21). May not enter: HTTP, what becomes of the bytes (`originals`).
"""

import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine, delete, func, select, update

from server.database import new_or_same, reading, writing
from server.keys import Keys
from server.originals import Originals
from server.shelf.disk import space_left, sync_folder
from server.tables import upload
from sync.problems import Refused

KEPT_MS = 7 * 24 * 3600 * 1000
MOST_UNFINISHED = 500  # of one device
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


class Uploads:
    """The uploads under way in one folder; several processes may share it."""

    def __init__(
        self, folder: Path, engine: Engine, keys: Keys, originals: Originals
    ) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._engine = engine
        self._keys = keys
        self._originals = originals

    def begin(
        self, device: str, sha256: str, length: int, media: str, now_ms: int
    ) -> Upload:
        """A place for these bytes; asked again, the same place with what it holds.

        Bytes that are here already need not be sent: that upload is done.
        """
        said = f"{device} {sha256} {length}".encode()
        name = self._keys.mac("upload", said).hex()
        done = self._originals.is_here(sha256, length)
        row = {"id": name, "device": device, "sha256": sha256, "bytes": length,
               "type": media, "done": done, "expires_ms": now_ms + KEPT_MS}  # fmt: skip
        chosen = upload.c.id == name
        with writing(self._engine) as connection:
            if not done and _unfinished(connection, device, now_ms) >= MOST_UNFINISHED:
                raise Refused("too_many_requests")
            connection.execute(new_or_same(connection, upload).values(row))
            renewed = {"expires_ms": row["expires_ms"], "done": done}
            connection.execute(update(upload).where(chosen).values(renewed))
        return self.find(name, device, now_ms)

    def find(self, name: str, device: str, now_ms: int) -> Upload:
        """This device's upload; refuses others' and unknown ones alike."""
        found = self._row(name) if _NAME.fullmatch(name) else None
        if found is None or found.device != device or found.expires_ms <= now_ms:
            raise Refused("not_found")
        return found

    def offset(self, one: Upload, now_ms: int) -> int:
        """How many bytes are here for good."""
        return one.bytes if one.done else self._settle(one, now_ms)

    def _settle(self, one: Upload, now_ms: int) -> int:
        with space_left(), self._alone(one) as file:
            return self._finish(one, file, now_ms)

    def append(self, one: Upload, offset: int, piece: bytes, now_ms: int) -> int:
        """Add bytes behind those that are here; answers the new offset."""
        if one.done:
            _expect(one, one.bytes, offset, piece)
            return one.bytes
        with space_left(), self._alone(one) as file:
            here = os.fstat(file.fileno()).st_size
            _expect(one, here, offset, piece)
            _add(file, here, piece)
            if here == 0:
                sync_folder(self._folder)
            return self._finish(one, file, now_ms)

    def drop(self, one: Upload) -> None:
        """Forget the upload and what came of it so far; an original stays."""
        with writing(self._engine) as connection:
            connection.execute(delete(upload).where(upload.c.id == one.id))
        self._path(one.id).unlink(missing_ok=True)

    def finish_waiting(self, device: str, names: Sequence[str], now_ms: int) -> None:
        """Try again for complete uploads of these bytes; what cannot be now, waits."""
        wanted = (upload.c.device == device, upload.c.sha256.in_(names))
        self._try_to_finish(self._rows(*wanted, upload.c.done.is_(False)), now_ms)

    def sweep(self, now_ms: int) -> int:
        """Finish what is complete, remove what is over; how many files went away."""
        before = self._files()
        self._try_to_finish(self._rows(upload.c.done.is_(False)), now_ms)
        for one in self._rows(upload.c.expires_ms <= now_ms):
            if not self._is_whole(one):
                self.drop(one)
        for name in before - {one.id for one in self._rows(upload.c.done.is_(False))}:
            self._path(name).unlink(missing_ok=True)
        return len(before - self._files())

    def _is_whole(self, one: Upload) -> bool:
        """Whole files are kept until they are originals, however long that takes."""
        path = self._path(one.id)
        return not one.done and path.exists() and path.stat().st_size == one.bytes

    def _try_to_finish(self, waiting: Sequence[Upload], now_ms: int) -> None:
        """Up to the first that cannot be: a store that is down is not asked again."""
        with suppress(Refused):
            for one in waiting:
                if self._is_whole(one):
                    self._settle(one, now_ms)

    def _finish(self, one: Upload, file: BinaryIO, now_ms: int) -> int:
        """Hand a complete file on. Called by whoever holds it alone."""
        here = os.fstat(file.fileno()).st_size
        if here < one.bytes:
            return here
        try:
            self._originals.take_in(
                self._path(one.id), one.sha256, one.bytes, one.type, now_ms
            )
        except Refused as refusal:
            if refusal.code == "blob_digest_differs":
                self.drop(one)
            raise
        with writing(self._engine) as connection:
            connection.execute(
                update(upload).where(upload.c.id == one.id).values(done=True)
            )
        self._path(one.id).unlink(missing_ok=True)
        return one.bytes

    @contextmanager
    def _alone(self, one: Upload) -> Iterator[BinaryIO]:
        """The upload's file, while no other thread or process may touch it.

        A file that was finished or dropped while we reached for it is not ours to
        write to: the device asks again and is told how things stand now.
        """
        path = self._path(one.id)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused("upload_busy") from None
            try:
                self._check_ours(one, handle)
                yield file
            finally:  # closing alone is not enough while a child is being born
                fcntl.flock(file, fcntl.LOCK_UN)

    def _check_ours(self, one: Upload, handle: int) -> None:
        if os.fstat(handle).st_nlink == 0:
            raise Refused("upload_busy")
        now = self._row(one.id)
        if now is None or now.done:
            self._path(one.id).unlink(missing_ok=True)
            raise Refused("upload_busy")

    def _row(self, name: str) -> Upload | None:
        return next(iter(self._rows(upload.c.id == name)), None)

    def _rows(self, *wanted: Any) -> list[Upload]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(upload).where(*wanted)).mappings().all()
        return [Upload(**row) for row in rows]

    def _files(self) -> set[str]:
        return {path.name for path in self._folder.iterdir()}

    def _path(self, name: str) -> Path:
        return self._folder / name


def _unfinished(connection: Any, device: str, now_ms: int) -> int:
    count = select(func.count()).where(
        upload.c.device == device,
        upload.c.done.is_(False),
        upload.c.expires_ms > now_ms,
    )
    return int(connection.execute(count).scalar_one())


def _expect(one: Upload, here: int, offset: int, piece: bytes) -> None:
    if offset != here:
        raise Refused("upload_offset_differs", offset=here)
    if here + len(piece) > one.bytes:
        raise Refused("blob_too_large", limit=one.bytes)


def _add(file: BinaryIO, here: int, piece: bytes) -> None:
    """All of the piece on the medium, or the file as it was."""
    try:
        file.seek(here)
        left = memoryview(piece)
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    except OSError:
        file.truncate(here)
        raise
