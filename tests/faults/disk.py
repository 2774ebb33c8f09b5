"""A disk whose power may be cut: what lies on it for sure, and what only might.

Bytes are there for sure once a sync of their file has ended that began after they were
written; a name, once its folder was synced. Until then each write may be there, or not,
or some of its sectors; each change of a name may be there or not. After a sync that
failed, what it was for is never there unless written again, though the running system
reads it as if it were. May not enter: SQLite, the product.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from random import Random

from tests.faults.recording import Call, Moment

SECTOR = 512
WHOLE = 0.7  # of the writes that got through are not torn
FORGOTTEN = ("-shm",)  # shared memory; SQLite makes it anew after a cut


@dataclass(eq=False)
class Change:
    """A change of a file's bytes: `data` at `at`, or cut off there if it is None."""

    at: int
    data: bytes | None
    ended: bool = False


@dataclass(eq=False)
class File:
    """One file, whatever its names are."""

    sure: bytearray = field(default_factory=bytearray)
    maybe: list[Change] = field(default_factory=list)

    def settle(self, changes: Iterable[Change]) -> None:
        """These are on the medium now."""
        known = set(changes)
        for one in [c for c in self.maybe if c in known]:
            _apply(self.sure, one)
        self.maybe = [c for c in self.maybe if c not in known]

    def as_found(self, dice: Random | None, luck: float) -> bytes:
        """The bytes after a cut; without dice, only what is sure."""
        found = bytearray(self.sure)
        for one in self.maybe if dice else ():
            assert dice is not None
            if dice.random() < luck:
                whole = one.data is None or dice.random() < WHOLE
                for change in [one] if whole else _torn(one, dice):
                    _apply(found, change)
        return bytes(found)


def _apply(to: bytearray, change: Change) -> None:
    if change.data is None:
        del to[change.at :]
        return
    if len(to) < change.at:
        to.extend(bytes(change.at - len(to)))
    to[change.at : change.at + len(change.data)] = change.data


def _torn(change: Change, dice: Random) -> Iterator[Change]:
    """Those of its sectors that reached the medium."""
    for start in range(0, len(change.data or b""), SECTOR):
        if dice.getrandbits(1):
            assert change.data is not None
            yield Change(change.at + start, change.data[start : start + SECTOR])


@dataclass(eq=False)
class Renaming:
    """What names came to mean: (name, file or None), all at once or not at all."""

    says: list[tuple[str, File | None]]
    ended: bool = False


class Disk:
    """The files below one folder, from a copy of how they lay when it all began."""

    def __init__(self, began: Path, root: Path) -> None:
        self.root = str(root)
        self.folders = {
            str(p.relative_to(began)) for p in began.rglob("*") if p.is_dir()
        } | {"."}  # fmt: skip
        self.names: dict[str, File] = {}
        for path in began.rglob("*"):
            if path.is_file() and not path.name.endswith(FORGOTTEN):
                name = str(path.relative_to(began))
                self.names[name] = File(bytearray(path.read_bytes()))
        self.sure_names = dict(self.names)
        self.renamings: list[Renaming] = []
        self._at: dict[tuple[int, str], int] = {}
        self._under_way: dict[Call, list[object]] = {}
        self.syncs = 0

    # what happens to it

    def witness(self, moment: Moment) -> None:
        """One moment of a recording."""
        when, call = moment
        if when == "begins":
            self._under_way[call] = list(self._begin(call))
        else:
            self._end(call, self._under_way.pop(call))

    def _begin(self, call: Call) -> Iterator[object]:
        name = self._name(call.path)
        if call.name in ("pwrite64", "write", "ftruncate") and name in self.names:
            file = self.names[name]
            yield file
            if call.name == "ftruncate":
                change = Change(call.numbers[-1], None)
            else:
                change = Change(self._where(call, name), call.texts[0])
            file.maybe.append(change)
            yield change
        elif call.name in ("fsync", "fdatasync"):
            file = self.names.get(name or "")
            yield file or name
            if file:
                yield from [c for c in file.maybe if c.ended]
            else:
                yield from [one for one in self.renamings if one.ended]
        elif says := self._says(call):
            yield Renaming(says)
        elif call.name in UNKNOWN and name in self.names:
            raise AssertionError(f"this disk knows no {call.name} on {name}")

    def _end(self, call: Call, held: list[object]) -> None:
        if call.name == "openat":
            self._opened(call)
        elif call.name == "mkdir" and (made := self._name(_text(call))):
            self.folders.add(made)  # an empty folder too many does no harm
        elif call.name == "lseek" and call.handle is not None:
            self._at[call.handle, call.path] = call.answer or 0
        for one in held:
            if isinstance(one, Change) and call.name in WRITES:
                self._written(call, held[0], one)
            elif isinstance(one, Renaming) and call.name in NAMES and not call.failed:
                one.ended = True
                self._rename(one)
        if call.name in ("fsync", "fdatasync") and held:
            self._synced(call, held)

    def _written(self, call: Call, file: object, change: Change) -> None:
        assert isinstance(file, File)
        if call.failed:
            file.maybe.remove(change)
            return
        if change.data is not None:
            change.data = change.data[: call.answer]
            if call.name == "write" and call.handle is not None:
                self._at[call.handle, call.path] = change.at + len(change.data)
        change.ended = True

    def _synced(self, call: Call, held: list[object]) -> None:
        first, *covered = held
        if isinstance(first, File):
            changes = [c for c in covered if isinstance(c, Change)]
            if call.failed:  # they are called clean and never written
                first.maybe = [c for c in first.maybe if c not in set(changes)]
            else:
                self.syncs += 1
                first.settle(changes)
        elif isinstance(first, str) and not call.failed:
            self._settle_names(first, [r for r in covered if isinstance(r, Renaming)])

    def _settle_names(self, folder: str, covered: list[Renaming]) -> None:
        for one in covered:
            for name, file in list(one.says):
                if str(PurePath(name).parent) == folder:
                    one.says.remove((name, file))
                    _put(self.sure_names, name, file)
        self.renamings = [one for one in self.renamings if one.says]

    def _opened(self, call: Call) -> None:
        name = self._name(call.returned or _text(call))
        if name is None or call.failed or name.endswith(FORGOTTEN):
            return
        if "O_CREAT" in call.flags and name not in self.names:
            made = Renaming([(name, File())], ended=True)
            self._rename(made)
        if name in self.names and call.answer is not None:
            file = self.names[name]
            if "O_TRUNC" in call.flags and self._length(file):
                file.maybe.append(Change(0, None, ended=True))
            at = self._length(file) if "O_APPEND" in call.flags else 0
            self._at[call.answer, call.returned] = at

    def _says(self, call: Call) -> list[tuple[str, File | None]]:
        names = [self._name(text.decode("utf-8", "replace")) for text in call.texts]
        inside = [one for one in names if one is not None]
        if call.name in ("unlink", "unlinkat") and inside:
            return [(inside[0], None)]
        if call.name in ("rename", "renameat", "renameat2") and inside:
            assert len(inside) == 2, call
            return [(inside[1], self.names.get(inside[0])), (inside[0], None)]
        if call.name in ("link", "linkat") and len(inside) == 2:
            return [(inside[1], self.names.get(inside[0]))]
        return []

    def _rename(self, one: Renaming) -> None:
        for name, file in one.says:
            _put(self.names, name, file)
        self.renamings.append(one)

    # where things are

    def _name(self, path: str) -> str | None:
        if path == self.root:
            return "."
        inside = path.startswith(self.root + "/") and not path.endswith(FORGOTTEN)
        return path[len(self.root) + 1 :] if inside else None

    def _where(self, call: Call, name: str | None) -> int:
        if call.name == "pwrite64":
            return call.numbers[-1]
        assert call.handle is not None and name is not None
        return self._at.get((call.handle, call.path), 0)

    def _length(self, file: File) -> int:
        whole = bytearray(file.sure)
        for one in file.maybe:
            _apply(whole, one)
        return len(whole)

    # what is found after a cut

    def lay_out(self, to: Path, dice: Random | None, only: str = "") -> None:
        """The files as they are found after the power was cut now. Without dice the
        worst: nothing but what is sure. `only`: what lies below this folder."""
        names = dict(self.sure_names)
        luck = dice.choice((0.0, 0.2, 0.5, 0.8, 1.0)) if dice else 0.0
        for one in self.renamings if dice else ():
            assert dice is not None
            if dice.random() < luck:
                for name, file in one.says:
                    _put(names, name, file)
        for folder in sorted(self.folders):
            if folder.startswith(only):
                (to / folder).mkdir(parents=True, exist_ok=True)
        for name, file in sorted(names.items()):
            if name.startswith(only):
                (to / name).write_bytes(file.as_found(dice, luck))


WRITES = ("pwrite64", "write", "ftruncate")
NAMES = (
    "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat",
)  # fmt: skip
UNKNOWN = (
    "writev", "pwritev", "truncate", "fallocate", "sendfile", "copy_file_range",
)  # fmt: skip


def _put(names: dict[str, File], name: str, file: File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def _text(call: Call) -> str:
    return call.texts[-1].decode("utf-8", "replace") if call.texts else ""
