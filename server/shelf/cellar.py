"""A shelf that also keeps files under names of our own choosing: a place for backups.

A file appears under its name whole or not at all. Beside the files lie blobs, as on any
shelf, each once however many backups speak of it. May not enter: what the files mean.
"""

import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from server.shelf.contract import Shelf, blob_name
from server.shelf.disk import Disk, space_left, sync_folder
from server.shelf.s3 import Bucket, _Body, _store
from sync.problems import Refused

_NAME = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}(/[A-Za-z0-9][A-Za-z0-9_.-]{0,99})*"
)
_AT_ONCE = 16 * 1024 * 1024
_STEP = 8 * 1024 * 1024


def _named(name: str) -> str:
    """The name itself, if it cannot lead out of the place."""
    if not _NAME.fullmatch(name):
        raise Refused("backup_missing", name=name)
    return name


class Cellar(Shelf, Protocol):
    """A place for backups. Refused besides a shelf's own: `backup_missing`."""

    address: str
    """Where it is, for people and for rows about it; holds no secrets."""

    def keep(self, name: str, file: Path) -> None:
        """Take this file in under a name; once this returns it survives a power cut."""

    def read(self, name: str) -> BinaryIO:
        """The file of this name; the caller closes."""

    def files(self, under: str) -> Iterator[str]:
        """Names of the files in this folder and below, in ascending sequence."""

    def remove(self, name: str) -> None:
        """Take the file away; free to repeat."""

    def sizes(self) -> dict[str, int]:
        """Every blob here and its length."""

    def workplace(self, otherwise: Path, /) -> AbstractContextManager[Path]:
        """A context: a folder to make files in, near to where they will lie."""

    def free_bytes(self) -> int | None:
        """The room that is left; None where nobody can say."""

    def is_apart(self, *data: Path) -> bool:
        """Does it lie on another disk than all of these?"""


class DiskCellar(Disk):
    """A place for backups in a directory."""

    def __init__(self, root: Path, address: str) -> None:
        super().__init__(root)
        self.address = address
        self._root = root
        self._work = root / "underway"
        self._work.mkdir(mode=0o700, exist_ok=True)

    def keep(self, name: str, file: Path) -> None:
        """See `Cellar.keep`."""
        target = self._root / _named(name)
        with space_left():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self._work)
            try:
                with os.fdopen(handle, "wb") as out, file.open("rb") as source:
                    shutil.copyfileobj(source, out, _STEP)
                    out.flush()
                    os.fsync(out.fileno())
                Path(draft).replace(target)
            except BaseException:
                Path(draft).unlink(missing_ok=True)
                raise
        for folder in (target.parent, *target.parent.parents):
            sync_folder(folder)
            if folder == self._root:
                break

    def read(self, name: str) -> BinaryIO:
        """See `Cellar.read`."""
        try:
            return (self._root / _named(name)).open("rb")
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Refused("backup_missing", name=name) from error

    def files(self, under: str) -> Iterator[str]:
        """See `Cellar.files`."""
        folder = self._root / _named(under)
        found = (path for path in folder.rglob("*") if path.is_file())
        yield from sorted(path.relative_to(self._root).as_posix() for path in found)

    def remove(self, name: str) -> None:
        """See `Cellar.remove`."""
        path = self._root / _named(name)
        path.unlink(missing_ok=True)
        folder = path.parent
        if folder != self._root and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    def sizes(self) -> dict[str, int]:
        """See `Cellar.sizes`."""
        return {name: self._path(name).stat().st_size for name in self.names()}

    @contextmanager
    def workplace(self, _otherwise: Path, /) -> Iterator[Path]:
        """See `Cellar.workplace`. What a killed process left goes when it is old."""
        with tempfile.TemporaryDirectory(dir=self._work) as folder:
            yield Path(folder)

    def sweep(self, before_ms: int) -> int:
        """See `Shelf.sweep`; here also what killed backups left behind."""
        swept = super().sweep(before_ms)
        for path in self._work.iterdir():
            if path.stat().st_mtime_ns < before_ms * 1_000_000:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
                swept += 1
        return swept

    def free_bytes(self) -> int | None:
        """See `Cellar.free_bytes`."""
        return shutil.disk_usage(self._root).free

    def is_apart(self, *data: Path) -> bool:
        """See `Cellar.is_apart`; a folder of the same file system is not."""
        own = self._root.stat().st_dev
        return all(path.stat().st_dev != own for path in data if path.exists())


class BucketCellar(Bucket):
    """A place for backups in a bucket of an S3 store."""

    address: str = ""

    def keep(self, name: str, file: Path) -> None:
        """See `Cellar.keep`; an object appears when its upload completes."""
        key = self._prefix + _named(name)
        with _store(), file.open("rb") as source:
            if file.stat().st_size <= _AT_ONCE:
                self._put_object(key, source.read())
            else:
                self._put_in_parts(key, iter(lambda: source.read(_STEP), b""))

    def read(self, name: str) -> BinaryIO:
        """See `Cellar.read`."""
        try:
            with _store():
                found = self._s3.get_object(
                    Bucket=self._bucket, Key=self._prefix + _named(name)
                )
        except Refused as refusal:
            if refusal.code == "blob_missing":
                raise Refused("backup_missing", name=name) from refusal
            raise
        return io.BufferedReader(_Body(found["Body"], found["ContentLength"]))

    def files(self, under: str) -> Iterator[str]:
        """See `Cellar.files`."""
        for key in self._keys(f"{_named(under)}/"):
            yield key.removeprefix(self._prefix)

    def remove(self, name: str) -> None:
        """See `Cellar.remove`."""
        with _store():
            self._s3.delete_object(Bucket=self._bucket, Key=self._prefix + _named(name))

    def sizes(self) -> dict[str, int]:
        """See `Cellar.sizes`."""
        return {
            blob_name(entry["Key"].rpartition("/")[2]): entry["Size"]
            for page in self._pages("list_objects_v2", "blobs/")
            for entry in page.get("Contents", ())
        }

    @contextmanager
    def workplace(self, otherwise: Path, /) -> Iterator[Path]:
        """See `Cellar.workplace`."""
        otherwise.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=otherwise) as folder:
            yield Path(folder)

    def free_bytes(self) -> int | None:
        """See `Cellar.free_bytes`."""
        return None

    def is_apart(self, *_data: Path) -> bool:
        """See `Cellar.is_apart`."""
        return True
