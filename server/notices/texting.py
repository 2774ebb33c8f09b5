"""Text messages: posted to a gateway, or written to a file that somebody else reads.

May not enter: what a message says.
"""

import fcntl
import json
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from server.notices.reach import Reach
from server.notices.robots import must_be_well

MOST_LETTERS = 300
FILE = "sms.jsonl"  # in the data folder, where there is no gateway


@dataclass(frozen=True)
class Gateway:
    """Where text messages go: an address of the operator's, or a file."""

    reach: Reach
    url: str
    file: Path

    def send(self, name: str, to: str, text: str, now_ms: int) -> None:
        """One message to one telephone; `Unreachable` if it was not taken."""
        said = {"id": name, "to": to, "text": text[:MOST_LETTERS], "at_ms": now_ms}
        line = json.dumps(said, ensure_ascii=False).encode()
        if not self.url:
            self._note(line)
            return
        headers = {"Content-Type": "application/json", "Idempotency-Key": name}
        must_be_well(self.reach.post(self.url, line, headers))

    def _note(self, line: bytes) -> None:
        """A line that is whole and on the disk, whoever else writes."""
        handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())


def forget_texts(folder: Path, phones: Collection[str]) -> None:
    """Messages to these telephones leave the file, if that is where they went."""
    file = folder / FILE
    if not phones or not file.exists():
        return
    with file.open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        kept = b"".join(_lines_without(iter(held.readlines()), phones))
        held.seek(0)
        held.write(kept)
        held.truncate()
        held.flush()
        os.fsync(held.fileno())


def _lines_without(lines: Iterator[bytes], telling: Collection[str]) -> Iterator[bytes]:
    """Lines of JSON, without those that were sent to one of these."""
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        if not isinstance(said, dict) or said.get("to") not in telling:
            yield line
