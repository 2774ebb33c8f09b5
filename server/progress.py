"""What a process knows of the unfinished files that it has written to.

How far a file is hashed and on the medium, so that a resumed upload is not read again
from its beginning. Free to forget: the file itself can always be read anew. May not
enter: whose file it is, what becomes of it.
"""

import hashlib
import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import BinaryIO

MOST_KNOWN = 64
STEP = 256 * 1024


class Progress:
    """One file, up to `at`: those bytes are hashed and were synced. `settled`: so are
    its name and whose it is, and how far it got may be told.

    The handle is kept open, so that no other file can come by the same number.
    """

    def __init__(self, handle: int) -> None:
        self._kept = os.dup(handle)
        self.at = 0
        self.settled = False
        self.digest = hashlib.sha256()

    def is_of(self, handle: int) -> bool:
        """Is this still the same file, and no shorter?"""
        same = os.path.sameopenfile(self._kept, handle)
        return same and self.at <= os.fstat(handle).st_size

    def catch_up(self, file: BinaryIO) -> None:
        """Hash what another process, or an earlier life of ours, has written, and see
        to it that it is on the medium."""
        self.settled = False  # how much of it the other one saw to, nobody knows
        os.fsync(file.fileno())
        file.seek(self.at)
        digest = self.digest.copy()
        while block := file.read(STEP):
            digest.update(block)
        self.reached(file.tell(), digest)

    def reached(self, at: int, digest: "hashlib._Hash") -> None:
        """So much is hashed and on the medium."""
        self.at, self.digest = at, digest

    def forget(self) -> None:
        """Let go of the file."""
        os.close(self._kept)


class Known:
    """The files that this process remembers: the latest few, by name."""

    def __init__(self, most: int = MOST_KNOWN) -> None:
        self._most = most
        self._held: OrderedDict[str, Progress] = OrderedDict()
        self._turn = threading.Lock()

    def take(self, path: Path, file: BinaryIO) -> Progress:
        """What is known of this file; taken out, so that nobody else uses it."""
        with self._turn:
            found = self._held.pop(path.name, None)
        if found is not None and not found.is_of(file.fileno()):
            found.forget()
            found = None
        return found or Progress(file.fileno())

    def keep(self, path: Path, progress: Progress) -> None:
        """Remember it for the next piece; the oldest make room."""
        with self._turn:
            before = self._held.pop(path.name, None)
            self._held[path.name] = progress
            room = len(self._held) <= self._most
            oldest = None if room else self._held.popitem(last=False)[1]
        for one in (before, oldest):
            if one is not None:
                one.forget()
