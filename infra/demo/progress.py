"""How far it has got: a bar on a terminal, a line every so often elsewhere.

May not enter: what is being done.
"""

import sys
from typing import Self

from rich import progress
from rich.console import Console

LINES = 5  # for each part, without a terminal


class Progress:
    """Parts one after the other, on stderr."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.bars: progress.Progress | None = None
        if sys.stderr.isatty():
            self.bars = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
                progress.MofNCompleteColumn(),
                progress.TextColumn("{task.fields[about]}"),
                console=self.console,
            )

    def __enter__(self) -> Self:
        if self.bars:
            self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bars:
            self.bars.stop()

    def part(self, name: str) -> "Part":
        """The next part."""
        return Part(self, name)


class Part:
    """One part; call it with what is at hand, and how far it is."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._name = name
        self._told = 0
        if bars := progress.bars:
            self._bar = bars.add_task(name, total=None, about="")
        else:
            progress.console.print(name)

    def __call__(self, about: str, done: int, of: int) -> None:
        if bars := self._progress.bars:
            bars.update(self._bar, completed=done, total=of, about=about)
        elif done * LINES // of > self._told:
            self._told = done * LINES // of
            self._progress.console.print(f"  {self._name} {done}/{of} {about}")
