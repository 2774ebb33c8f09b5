"""A book with photos in it, and places where its backups lie.

May not enter: what is being tested.
"""

import hashlib
import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Any

import pytest
from sqlalchemy import Engine, select

from server.audit import Finding
from server.backup.drilling import Drilled
from server.backup.durable import durable_through, kept_here
from server.backup.manifest import DATABASE, path_of
from server.backup.restoring import Restored, Target, restore
from server.backup.rounds import Keeping, Outcome, back_up, drill_one, look_over
from server.config import Config
from server.database import open_engine, reading
from server.shelf import Cellar, Shelf, open_cellar, open_shelf
from server.tables import metadata
from tests.daemons import cannot_run_here
from tests.server.books import Book, Pad, open_book, photographed, picture

JPEG = "image/jpeg"


@dataclass
class Vault:
    """A server's data folder with its book, and the places of its backups."""

    book: Book
    config: Config
    shelf: Shelf
    chances: int = 0
    pads: dict[str, Pad] = field(default_factory=dict)

    @staticmethod
    def config_of(data: Path, url: str, storage: str = "") -> Config:
        """As it is set up here."""
        return Config(data=data, database_url=url, storage_url=storage)

    @property
    def keeping(self) -> Keeping:
        """As the server backs itself up."""
        return Keeping(config=self.config, engine=self.book.engine, shelf=self.shelf,
                       chance=self.chance, reserve=0)  # fmt: skip

    def chance(self, size: int) -> bytes:
        """Different each time, and the same in each run."""
        self.chances += 1
        return self.chances.to_bytes(size, "big")

    def place(self, url: str | None = None) -> Cellar:
        """The place beside the data, or the one at this address."""
        return open_cellar(url or f"file://{self.config.data}/backups")

    def backed_up(self, place: Cellar | None = None) -> Outcome:
        """A round in one place."""
        self.book.later(1000)
        return back_up(self.keeping, [place or self.place()], self.book.now_ms)[0]

    def looked_over(self, name: str, place: Cellar | None = None) -> set[str]:
        """What a full look at this backup finds, as codes."""
        where = place or self.place()
        seen = look_over(self.keeping, where, name, self.book.now_ms)
        return {one.code for one in seen.findings}

    def drilled(self, name: str, place: Cellar | None = None) -> Drilled:
        """Practise with this backup."""
        return drill_one(self.keeping, place or self.place(), name, self.book.now_ms)

    def restored(self, name: str, target: Target, **how: Any) -> Restored:
        """Bring it back there."""
        place = how.pop("place", None) or self.place()
        return restore(place, name, target, self.book.keys, self.book.now_ms,
                       self.chance, **how)  # fmt: skip

    @property
    def here(self) -> Target:
        """The book's own place."""
        url = self.book.engine.url.render_as_string(hide_password=False)
        return Target(data=self.config.data, database=url, shelf=self.shelf)

    def elsewhere(self, folder: Path) -> Target:
        """A machine with nothing on it."""
        folder.mkdir()
        return Target(data=folder, database=f"sqlite:///{folder}/doorstep.db",
                      shelf=open_shelf(f"file://{folder}/blobs"))  # fmt: skip

    def photo(self, name: str, number: str = "1") -> str:
        """Li takes a photo; fact and bytes reach the server. Its digest."""
        data = name.encode()
        digest = hashlib.sha256(data).hexdigest()
        ref = picture(name)
        self.pads["li"].tell(photographed(), number, blobs=[ref])
        self.shelf.put(digest, io.BytesIO(data), len(data))
        self.book.ledger.blob_arrived(digest, len(data), JPEG, None, self.book.now_ms)
        return digest

    @property
    def durable(self) -> int:
        """What tablets are told."""
        with reading(self.book.engine) as connection:
            return durable_through(connection)

    @property
    def here_only(self) -> int:
        """What people are shown."""
        with reading(self.book.engine) as connection:
            return kept_here(connection)


def rows_of(engine: Engine, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with reading(engine) as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in without
        }


def rows_in(file: Path, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """The same of a SQLite file."""
    engine = open_engine(f"sqlite:///{file}")
    try:
        return rows_of(engine, *without)
    finally:
        engine.dispose()


def database_of(name: str, folder: Path) -> Path:
    """Where the database of a backup lies in a folder of backups."""
    return folder / path_of(name, DATABASE)


def change_byte(file: Path, at: int) -> None:
    """One byte on the medium is not what it was."""
    data = bytearray(file.read_bytes())
    data[at] ^= 0x20
    file.write_bytes(data)


def where_is(file: Path, text: str) -> int:
    """Where these bytes stand in a file."""
    return file.read_bytes().index(text.encode())


def sql_of(file: Path, query: str) -> list[tuple[Any, ...]]:
    """What a SQLite file answers."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def make_vault(url: str, data: Path, storage: str = "") -> Vault:
    """A book in which Li has an order and has taken two photos."""
    data.mkdir(parents=True, exist_ok=True)
    book = open_book(url)
    config = Vault.config_of(data, url, storage)
    vault = Vault(book, config, open_shelf(config.storage))
    book.given("li", "1")
    vault.pads["li"] = Pad(book, "li", "t-li")
    vault.photo("before the repair")
    vault.photo("after the repair")
    return vault


@pytest.fixture
def vault(database_url: str, tmp_path: Path) -> Iterator[Vault]:
    """Li's order with two photos, on both databases, bytes on disk."""
    made = make_vault(database_url, tmp_path / "data")
    yield made
    made.book.engine.dispose()


@pytest.fixture
def small(sqlite_url: str, tmp_path: Path) -> Iterator[Vault]:
    """The same on SQLite alone, for what has nothing to do with the database."""
    made = make_vault(sqlite_url, tmp_path / "data")
    yield made
    made.book.engine.dispose()


@pytest.fixture
def other_disk() -> Iterator[str]:
    """The address of a folder on another disk than pytest's own: the one in memory."""
    shared = Path("/dev/shm")  # noqa: S108 - made private by mkdtemp
    if not shared.is_dir() or shared.stat().st_dev == Path(gettempdir()).stat().st_dev:
        cannot_run_here("no second file system to put a backup on")
    folder = mkdtemp(prefix="doorstep-", dir=shared)
    yield f"file://{folder}"
    shutil.rmtree(folder)


def look(vault: Vault, name: str, *, quick: bool = False) -> list[Finding]:
    """What a look at this backup finds."""
    seen = look_over(vault.keeping, vault.place(), name, vault.book.now_ms, quick)
    return list(seen.findings)


def rot(vault: Vault, photo: str) -> None:
    """A photo in the place beside the data is not what it was, and just as long."""
    folder = vault.config.data / "backups" / "blobs"
    change_byte(folder / photo[:2] / photo, 1)
