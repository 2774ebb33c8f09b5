"""What this process has in hand, so that whoever comes after it knows what killed it.

A fact that hangs or kills the worker which folds it must not do so for ever (F20). Each
process notes the ids it is folding in a file of its own; the kernel keeps that when the
process is gone. What was in hand at a death is suspect: it is taken in alone from then
on, and set aside unread after it was alone in hand at DEATHS of them. Once is no proof:
whoever is killed from outside may have anything in hand. To be found hanging counts
twice. A power cut may lose these notes; then it takes as many deaths again. May not
enter: what becomes of suspects (`server/ledger.py`).
"""

import faulthandler
import fcntl
import json
import logging
import os
import secrets
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

log_book = logging.getLogger(__name__)

VERSION = version("doorstep")
DEATHS = 3
LIMIT_S = 20.0
_END = b"\0"
_HUNG = "!"


class Underway:
    """The notes of one process in a folder that several share. Without a folder nothing
    is noted: there is nobody who could come after."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._hands: dict[int, tuple[float, str]] = {}  # by thread: since when, ids
        self._alone = threading.Lock()
        self._notes: int | None = None
        self._known: tuple[object, Mapping[str, int]] = (None, {})
        if folder is not None:
            folder.mkdir(mode=0o700, exist_ok=True)
            bury(folder)

    @contextmanager
    def in_hand(self, ids: Iterable[str]) -> Iterator[None]:
        """This thread folds these, and nothing else that could hold it up."""
        me = threading.get_ident()
        self._hands[me] = time.monotonic(), " ".join(ids)
        self._note()
        try:
            yield
        finally:
            self._hands.pop(me, None)
            self._note()

    def longest_s(self) -> float:
        """How long the slowest thread has had the same in its hand."""
        now = time.monotonic()
        return max((now - since for since, _ in list(self._hands.values())), default=0)

    def accuse(self, limit_s: float) -> None:
        """Note that whatever was in a hand for longer is what this process dies of."""
        now = time.monotonic()
        for thread, (since, ids) in list(self._hands.items()):
            if now - since >= limit_s:
                self._hands[thread] = since, f"{_HUNG} {ids}"
        self._note()

    def deaths(self, ids: Collection[str]) -> dict[str, int]:
        """The suspects among these: at how many deaths each was alone in hand."""
        known = self._suspects()
        return {one: known[one] for one in ids if one in known} if known else {}

    def cleared(self, ids: Collection[str]) -> None:
        """These did no harm."""
        if self._folder is not None and self.deaths(ids):
            with _changing(self._folder) as suspects:
                for one in ids:
                    suspects.pop(one, None)

    def _note(self) -> None:
        if self._folder is None:
            return
        with self._alone:
            if self._notes is None:
                self._notes = _own_notes(self._folder)
            hands = "\n".join(ids for _, ids in list(self._hands.values()))
            with suppress(OSError):  # a full disk; the fact is taken in all the same
                os.pwrite(self._notes, hands.encode() + _END, 0)

    def _suspects(self) -> Mapping[str, int]:
        if self._folder is None:
            return {}
        try:
            stat = _list_of(self._folder).stat()
        except FileNotFoundError:
            return {}
        version = stat.st_mtime_ns, stat.st_ino
        if self._known[0] != version:
            self._known = version, _read(self._folder)
        return self._known[1]


class Watch:
    """Ends a process that has the same in hand for too long: whatever that is, it holds
    the lock that everybody needs. If not even this thread gets to run, faulthandler's
    own ends the process. What every thread was doing goes to stderr."""

    def __init__(self, underway: Underway, limit_s: float | None = None) -> None:
        self._underway = underway
        self._limit_s = limit_s or LIMIT_S

    def start(self) -> None:
        """Begin, in a thread of its own, for as long as the process lives."""
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while self._underway.longest_s() < self._limit_s:
            faulthandler.dump_traceback_later(self._limit_s, exit=True)
            time.sleep(self._limit_s / 30)
        self._underway.accuse(self._limit_s)
        log_book.critical("a fact is not folded after %s s; ending", self._limit_s)
        faulthandler.dump_traceback(all_threads=True)
        os._exit(os.EX_SOFTWARE)


def bury(folder: Path) -> None:
    """Suspect what processes had in hand that are no more."""
    for notes in folder.glob("*.hand"):
        if not notes.name.startswith(f"{os.getpid()}."):
            with suppress(OSError), notes.open("r+b") as file:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody's any more
                if os.fstat(file.fileno()).st_nlink:
                    _suspect(folder, file.read().partition(_END)[0].decode())
                    notes.unlink()


def _suspect(folder: Path, hands: str) -> None:
    held = [line.split() for line in hands.splitlines() if line]
    if not held:
        return
    log_book.error("a process died with these in hand: %s", held)
    with _changing(folder) as suspects:
        for said in held:
            hung = said[0] == _HUNG
            ids = said[hung:]
            for one in ids:
                suspects[one] = suspects.get(one, 0) + (len(ids) == 1) * (1 + hung)


def _own_notes(folder: Path) -> int:
    """A file that is locked as long as this process lives, and by it alone: such a lock
    is not inherited by children."""
    new = folder / f"{os.getpid()}.{secrets.token_hex(4)}.new"
    handle = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.lockf(handle, fcntl.LOCK_EX)
    new.rename(new.with_suffix(".hand"))
    return handle


@contextmanager
def _changing(folder: Path) -> Iterator[dict[str, int]]:
    """The list of suspects, to be changed by one process at a time."""
    with (folder / "suspects.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        suspects = _read(folder)
        yield suspects
        new = folder / "suspects.new"
        new.write_text(json.dumps(suspects))
        new.replace(_list_of(folder))
        fcntl.flock(turn, fcntl.LOCK_UN)


def _read(folder: Path) -> dict[str, int]:
    with suppress(FileNotFoundError, ValueError):
        found: dict[str, int] = json.loads(_list_of(folder).read_text())
        return found
    return {}


def _list_of(folder: Path) -> Path:
    """What is suspect to this version; the next one is given a fresh start."""
    return folder / f"suspects-{VERSION}.json"
