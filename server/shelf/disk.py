"""A shelf in a directory.

    blobs/ab/abcd…       whole blobs, named by their digest
    derived/abcd…/name   previews; may be removed at any time
    incoming/            puts under way

A blob appears by one rename, after its bytes are on the medium and before its
directory is synced. A file that is kept gets a second name and is not copied. May not
enter: anything that reads meaning into the bytes.
"""

import errno
import io
import os
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from server import medium
from server.shelf.contract import (
    Stretch,
    blob_name,
    derived_name,
    is_blob_name,
    is_whole,
    stretch,
    verified,
)
from sync.problems import Refused

_STEP = 256 * 1024
_NO_SECOND_NAME = (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Disk:
    """A shelf in a directory, which is made if it is not there."""

    near = True

    def __init__(self, root: Path) -> None:
        self._blobs = root / "blobs"
        self._derived = root / "derived"
        self._incoming = root / "incoming"
        for folder in (self._derived, self._incoming, *self._drawers()):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made and synced now, so that a put has only its own drawer to sync.
        for folder in (self._blobs, root, root.parent):
            sync_folder(folder)

    def put(self, sha256: str, source: BinaryIO, length: int) -> None:
        """See `Shelf.put`."""
        target = self._path(sha256)
        self._settle(verified(source, sha256, length, _STEP), target)
        sync_folder(target.parent)

    def keep_file(self, sha256: str, file: Path, length: int) -> None:
        """See `Shelf.keep_file`. On another medium the bytes are copied."""
        target = self._path(sha256)
        second = self._incoming / f"{file.name}.{os.getpid()}.{threading.get_ident()}"
        try:
            with space_left():
                os.link(file, second)
        except OSError as error:
            if error.errno not in _NO_SECOND_NAME:
                raise
            with file.open("rb") as source:
                self.put(sha256, source, length)
            return
        second.replace(target)
        second.unlink(missing_ok=True)  # replace does nothing if they are one file
        sync_folder(target.parent)

    def has(self, sha256: str) -> bool:
        """See `Shelf.has`."""
        return self._path(sha256).is_file()

    def length(self, sha256: str) -> int:
        """See `Shelf.length`."""
        with _here(sha256):
            return self._path(sha256).stat().st_size

    def open(self, sha256: str, start: int = 0, end: int | None = None) -> BinaryIO:
        """See `Shelf.open`."""
        with _here(sha256):
            file = self._path(sha256).open("rb")
        try:
            start, end = stretch(os.fstat(file.fileno()).st_size, start, end)
        except Refused:
            file.close()
            raise
        file.seek(start)
        return io.BufferedReader(Stretch(file, end - start))

    def names(self) -> Iterator[str]:
        """See `Shelf.names`."""
        for drawer in self._drawers():
            yield from sorted(
                path.name for path in drawer.iterdir() if is_blob_name(path.name)
            )

    def check(self, sha256: str) -> bool:
        """See `Shelf.check`."""
        return is_whole(self.open(sha256), sha256)

    def delete(self, sha256: str) -> None:
        """See `Shelf.delete`."""
        self.drop_derived(sha256)
        path = self._path(sha256)
        path.unlink(missing_ok=True)
        sync_folder(path.parent)

    def put_derived(self, sha256: str, name: str, data: bytes) -> None:
        """See `Shelf.put_derived`."""
        folder = self._derived / blob_name(sha256)
        folder.mkdir(mode=0o700, exist_ok=True)
        self._settle([data], folder / derived_name(name))

    def derived(self, sha256: str, name: str) -> bytes | None:
        """See `Shelf.derived`."""
        path = self._derived / blob_name(sha256) / derived_name(name)
        return path.read_bytes() if path.is_file() else None

    def drop_derived(self, sha256: str) -> None:
        """See `Shelf.drop_derived`."""
        shutil.rmtree(self._derived / blob_name(sha256), ignore_errors=True)

    def sweep(self, before_ms: int) -> int:
        """See `Shelf.sweep`."""
        left_behind = [
            path
            for path in self._incoming.iterdir()
            if path.stat().st_mtime_ns < before_ms * 1_000_000
        ]
        for path in left_behind:
            path.unlink(missing_ok=True)
        return len(left_behind)

    def _drawers(self) -> list[Path]:
        return [self._blobs / f"{n:02x}" for n in range(256)]

    def _path(self, sha256: str) -> Path:
        return self._blobs / blob_name(sha256)[:2] / sha256

    def _settle(self, blocks: Iterable[bytes], target: Path) -> None:
        """Write, sync, and only then give the file its name."""
        with space_left():
            handle, incoming = tempfile.mkstemp(dir=self._incoming)
            try:
                with os.fdopen(handle, "wb") as file:
                    for block in blocks:
                        file.write(block)
                    file.flush()
                    os.fsync(file.fileno())
                Path(incoming).replace(target)
            except BaseException:
                Path(incoming).unlink(missing_ok=True)
                raise


def sync_folder(folder: Path) -> None:
    """Names that were added to or taken from this folder are on the medium."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with medium.trusted():
            os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _here(sha256: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise Refused("blob_missing", sha256=sha256) from error


@contextmanager
def space_left() -> Iterator[None]:
    """A full disk is a matter for the operator; one that loses things ends us (F9)."""
    try:
        with medium.trusted():
            yield
    except OSError as error:
        if error.errno in _FULL:
            raise Refused("storage_full") from error
        raise
