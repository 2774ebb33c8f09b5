"""What a process asked of the kernel, call by call, as strace wrote it down.

Bytes, paths, and when each call began and ended: a call of one thread may begin before
another's has ended. May not enter: what a disk makes of it (`disk.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FILES = (
    "openat,write,writev,pwrite64,pwritev,lseek,fsync,fdatasync,ftruncate,truncate,"
    "fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,"
    "rmdir,sendfile,copy_file_range"
)
LINES = "sendto,sendmsg,recvfrom,recvmsg"

_LINE = re.compile(r"(\d+) +(.*)")
_WHOLE = re.compile(r"(\w+)\((.*)\) += (-?\d+|\?).*", re.DOTALL)
_BEGUN = re.compile(r"(\w+)\((.*?) ?<unfinished \.\.\.>")
_ENDED = re.compile(r"<\.\.\. (\w+) resumed>(.*)\) += (-?\d+|\?).*")
_WORD = re.compile(
    r'\s*(?:(\d+|AT_FDCWD)<([^>]*)>(?:\(deleted\))?|"([^"]*)"|([^,"\s][^,"]*))'
)


def recording(log: Path) -> tuple[str, ...]:
    """Words for strace: write down everything that is asked for files and sockets."""
    words = ("-f", "-y", "-xx", "-s", "4000000", "-e", "signal=none")
    return (*words, "-o", str(log), "-e", f"trace={FILES},{LINES}")


@dataclass(eq=False)
class Call:
    """One system call. `paths` and `texts` are its words that are paths or bytes;
    `answer` is None until it has ended, -1 if it failed."""

    thread: int
    name: str
    handle: int | None = None
    path: str = ""
    texts: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    flags: str = ""
    answer: int | None = None
    returned: str = ""

    @property
    def failed(self) -> bool:
        """Did it end without having done anything?"""
        return self.answer is not None and self.answer < 0


Moment = tuple[str, Call]  # "begins" or "ends"


def read(log: Path) -> list[Moment]:
    """Everything in the order in which strace saw it."""
    return list(_moments(log.read_text("ascii", "replace").splitlines()))


def _moments(lines: list[str]) -> Iterator[Moment]:
    begun: dict[int, tuple[Call, str]] = {}
    for line in lines:
        if not (found := _LINE.match(line)):
            continue
        thread, said = int(found[1]), found[2]
        if whole := _WHOLE.fullmatch(said):
            call = _call(thread, whole[1], whole[2])
            yield "begins", call
            yield "ends", _answered(call, whole[3], said)
        elif part := _BEGUN.fullmatch(said):
            call = _call(thread, part[1], part[2])
            begun[thread] = call, part[2]
            yield "begins", call
        elif (rest := _ENDED.fullmatch(said)) and thread in begun:
            call, words = begun.pop(thread)
            full = _call(thread, call.name, words + rest[2])
            call.texts, call.numbers = full.texts, full.numbers
            yield "ends", _answered(call, rest[3], said)


def _answered(call: Call, answer: str, said: str) -> Call:
    call.answer = -1 if answer == "?" else int(answer)
    if found := re.search(r"= \d+<([^>]*)>$", said):
        call.returned = _bytes(found[1]).decode()
    return call


def _call(thread: int, name: str, words: str) -> Call:
    call = Call(thread, name)
    for handle, path, text, other in _WORD.findall(words):
        if handle:
            known = _bytes(path).decode("utf-8", "replace")
            if call.handle is None and handle != "AT_FDCWD":
                call.handle, call.path = int(handle), known
        elif other:
            _plain(call, other.strip())
        else:
            call.texts.append(_bytes(text))
    return call


def _plain(call: Call, word: str) -> None:
    if re.fullmatch(r"-?\d+", word):
        call.numbers.append(int(word))
    elif "O_" in word or "SEEK_" in word:
        call.flags = word


def _bytes(text: str) -> bytes:
    """A string as strace prints it, each byte in hexadecimal, as bytes."""
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else b""
