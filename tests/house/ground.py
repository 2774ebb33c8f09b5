"""Where the house stands: its files as git sees them, and its documents taken apart.

Reads files only; judges nothing. The tests beside it judge.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("sync", "server", "field_client", "infra")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md")


@dataclass(frozen=True)
class Block:
    """A fenced block of a document: its language, its mark and what stands in it."""

    document: str
    line: int
    language: str
    mark: str
    text: str


def files(*patterns: str) -> tuple[Path, ...]:
    """The project's own files, committed or about to be; relative to ROOT."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-c", "-o", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    there = (Path(name) for name in listed.split("\0") if name)
    return tuple(sorted(path for path in there if (ROOT / path).is_file()))


def text_of(path: str | Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(document: str) -> Iterator[Block]:
    """The fenced blocks of one document."""
    text = text_of(document)
    fence = re.compile(r"^```(\w*)[ ]?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    for found in fence.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(document, line, *found.groups())


def prose(document: str) -> str:
    """A document without its fenced blocks."""
    return re.sub(
        r"^```.*?^```$", "", text_of(document), flags=re.MULTILINE | re.DOTALL
    )


def targets() -> dict[str, str]:
    """The Makefile's targets that a person types, and the sentence beside each."""
    rows = re.findall(r"^([a-z]+):([^\n]*)$", text_of("Makefile"), re.MULTILINE)
    return {name: rest.partition("## ")[2] for name, rest in rows}
