"""Pictures as evidence: what they are, what is wrong with them, how to show them.

The bytes of a picture are kept whatever is found here; a flaw is a remark for people,
who may still be on site and can take the photo again. Decoding runs in a child
process with limits (X10). May not enter: orders, facts, where bytes lie.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from server.pictures.claims import Claims, claims_of
from server.pictures.structure import shape_of
from sync.problems import Refused

FLAWS = (
    "not_a_picture",  # nothing that we take for a picture
    "too_many_bytes",
    "too_many_pixels",
    "too_costly",  # decoding it took more time or memory than any photo needs
    "polyglot",  # a page, archive, document or program shares the file
    "truncated",  # the end is missing
    "unreadable",  # it cannot be decoded
    "damaged",  # it can be decoded, but not all of it is what the camera wrote
    "animated",  # several pictures that replace each other
)
STILL_SHOWN = frozenset({"damaged", "animated"})
_UPRIGHT_SWAPS = range(5, 9)
READY = b"ready\n"
_LONGEST_LINE = 65536
_LONGEST_PREVIEW = 16 * 1024 * 1024

Answer = tuple[dict[str, Any], bytes]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost. A 50-megapixel photo of a phone fits."""

    max_bytes: int = 40 * 1024 * 1024
    max_pixels: int = 50_000_000
    memory_bytes: int = 640 * 1024 * 1024
    cpu_s: int = 10
    deadline_s: int = 30
    pictures_per_child: int = 200
    nice: int = 0  # how far it steps back for other processes


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, and a grey copy of `looks.SIDE` by `looks.SIDE` points; it is
    empty if the picture could not be decoded."""

    finding: "Finding"
    grey: bytes = b""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a picture is. Width and height are those of the upright picture."""

    format: str | None = None
    width: int | None = None
    height: int | None = None
    orientation: int = 1
    flaw: str | None = None
    claims: Claims = field(default_factory=Claims)


class Darkroom:
    """Looks at pictures and makes previews, one after another, for any thread.

    One child process decodes; it is replaced after a failure, after a number of
    pictures and in a forked server. Refused: `pictures_busy` (try later).
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._turn = threading.Lock()
        self._child: _Child | None = None

    @property
    def most_bytes(self) -> int:
        """Of a picture that is decoded; of a larger one, one more will do to tell."""
        return self._limits.max_bytes

    def inspect(self, source: Path | bytes) -> Finding:
        """What the picture is and what is wrong with it; never raises for its bytes."""
        return self.look(source).finding

    def look(self, source: Path | bytes) -> Looked:
        """The same, and what the picture looks like from afar."""
        data = self._read(source)
        if data is None:
            return Looked(Finding(flaw="too_many_bytes"))
        shape = shape_of(data)
        if shape.format is None or shape.flaw == "too_costly":
            return Looked(Finding(format=shape.format, flaw=shape.flaw))
        found, grey = self._ask(data, act="inspect")
        return Looked(_finding(shape.format, shape.flaw, found), grey)

    def preview(self, source: Path | bytes, longest_side: int) -> bytes:
        """An upright JPEG without any metadata, no side longer than this.

        Refused: with the picture's flaw, unless it is one of `STILL_SHOWN`.
        """
        data = self._read(source)
        flaw = "too_many_bytes" if data is None else shape_of(data).flaw
        if data is None or (flaw and flaw not in STILL_SHOWN):
            raise Refused(str(flaw))
        found, made = self._ask(data, act="preview", longest_side=longest_side)
        if found.get("failure"):
            raise Refused(str(found["failure"]))
        return made

    def close(self) -> None:
        """End the child."""
        with self._turn:
            self._dismiss()

    def _read(self, source: Path | bytes) -> bytes | None:
        """The bytes, if they are not too many."""
        if isinstance(source, bytes):
            return source if len(source) <= self._limits.max_bytes else None
        with source.open("rb") as file:
            data = file.read(self._limits.max_bytes + 1)
        return data if len(data) <= self._limits.max_bytes else None

    def _ask(self, data: bytes, **order: Any) -> Answer:
        if not self._turn.acquire(timeout=self._limits.deadline_s):
            raise Refused("pictures_busy")
        try:
            answer = self._try(data, order)
            # A child that was ended from outside says nothing about the picture.
            if answer[0].get("died") and answer[0]["failure"] == "unreadable":
                answer = self._try(data, order)
            return answer
        finally:
            self._turn.release()

    def _try(self, data: bytes, order: dict[str, Any]) -> Answer:
        if self._child is None or not self._child.is_mine():
            self._child = _Child(self._limits)
        answer = self._child.ask(data, order)
        used_up = self._child.asked >= self._limits.pictures_per_child
        if used_up or answer[0].get("failure") == "too_costly" or "died" in answer[0]:
            self._dismiss()
        return answer

    def _dismiss(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = None


def _finding(form: str, flaw: str | None, found: dict[str, Any]) -> Finding:
    tags = found.get("tags", {})
    orientation = tags.get("orientation")
    if orientation not in range(1, 9):
        orientation = 1
    width, height = found.get("width"), found.get("height")
    if orientation in _UPRIGHT_SWAPS:
        width, height = height, width
    flaws = {flaw, found.get("failure"), "animated" if found.get("moves") else None}
    return Finding(
        format=found.get("format", form),
        width=width,
        height=height,
        orientation=orientation,
        flaw=next((known for known in FLAWS if known in flaws), None),
        claims=claims_of(tags),
    )


class _Child:
    """The process that decodes. It has no settings, no secrets and no way to write."""

    def __init__(self, limits: Limits) -> None:
        self._owner = os.getpid()
        self._deadline_s = limits.deadline_s
        self.asked = 0
        self._process = _started(
            [
                sys.executable,
                "-I",
                str(Path(__file__).with_name("decoder.py")),
                json.dumps(asdict(limits)),
            ]
        )
        self._orders = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self.end = weakref.finalize(self, _end, self._process, self._owner)
        with self._watched():
            if self._answers.readline() != READY:
                self.end()
                raise Refused("pictures_busy")

    def is_mine(self) -> bool:
        """A server that forked must not talk through its parent's pipes."""
        return self._owner == os.getpid()

    def ask(self, data: bytes, order: dict[str, Any]) -> Answer:
        """The answer; `died` with what that says about the picture if there is none."""
        self.asked += 1
        with self._watched() as late:
            try:
                return self._converse(data, order)
            except (OSError, ValueError, KeyError):
                self._process.kill()
                costly = late.is_set() or self._process.wait() == -signal.SIGXCPU
        failure = "too_costly" if costly else "unreadable"
        return {"died": True, "failure": failure}, b""

    @contextmanager
    def _watched(self) -> Iterator[threading.Event]:
        """Past the deadline the child is killed, which ends every wait for it."""
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._process.kill()

        watch = threading.Timer(self._deadline_s, give_up)
        watch.start()
        try:
            yield late
        finally:
            watch.cancel()

    def _converse(self, data: bytes, order: dict[str, Any]) -> Answer:
        order = order | {"length": len(data)}
        self._orders.write(json.dumps(order).encode() + b"\n" + data)
        self._orders.flush()
        found: dict[str, Any] = json.loads(self._answers.readline(_LONGEST_LINE))
        length = int(found["length"])
        if not 0 <= length <= _LONGEST_PREVIEW:
            raise ValueError(length)
        made = self._answers.read(length)
        if len(made) != length:
            raise ValueError(length)
        return found, made


def _started(argv: Sequence[str]) -> subprocess.Popen[bytes]:
    """Refused: `pictures_busy` on a machine that has no room for another process."""
    try:
        return subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
        )
    except OSError as error:
        raise Refused("pictures_busy") from error


def _end(process: subprocess.Popen[bytes], owner: int) -> None:
    """Kill it and take its pipes away; a forked server leaves its parent's alone."""
    if owner != os.getpid():
        return
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
