"""Notes that lie outside of the database: beside the data, and in every place for
backups. What they say is true also after an older book was put back.

A note is one JSON text under the name that its words give it, and is never altered. May
not enter: what it says.
"""

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from server.shelf import Cellar
from server.shelf.disk import sync_folder


def write_down(folder: Path, name: str, text: str) -> None:
    """Note this in a folder; once this returns it survives a power cut."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f"{name}.draft"
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / f"{name}.json")
    for one in (folder, folder.parent):
        sync_folder(one)


def written_down(folder: Path) -> Iterator[str]:
    """Every note in a folder."""
    for file in sorted(folder.glob("*.json")):
        yield file.read_text("utf-8")


def take_away(folder: Path, names: Collection[str]) -> None:
    """These notes are not needed any more."""
    for name in names:
        (folder / f"{name}.json").unlink(missing_ok=True)


def send(place: Cellar, folder: str, notes: Mapping[str, str], scratch: Path) -> None:
    """Note these (name -> text) in a place for backups, as far as it has them not."""
    there = set(place.files(folder))
    for name, text in notes.items():
        path = f"{folder}/{name}.json"
        if path not in there:
            with place.workplace(scratch) as work:
                (work / "note").write_text(text, "utf-8")
                place.keep(path, work / "note")


def notes_in(place: Cellar, folder: str) -> Iterator[str]:
    """Every note in a place for backups."""
    for path in place.files(folder):
        with place.read(path) as file:
            yield file.read().decode()
