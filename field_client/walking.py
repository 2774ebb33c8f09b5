"""Walking through a JSON text without losing sight of it: values, and the very letters
that they were written in.

May not enter: what the values mean.
"""

import json
from collections.abc import Iterator
from typing import Any

_DECODER = json.JSONDecoder()
_BLANK = " \t\n\r"


class Walk:
    """A place in a JSON text. Raises ValueError where the text is none."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def value(self) -> Any:
        """The value that stands here; goes on behind it."""
        self._blank()
        found, self.at = _DECODER.raw_decode(self.text, self.at)
        return found

    def written(self) -> tuple[Any, str]:
        """The value that stands here, and how it is written."""
        self._blank()
        start = self.at
        return self.value(), self.text[start : self.at]

    def members(self) -> Iterator[str]:
        """The names in the object that stands here; whoever asks takes each value
        before the next name."""
        for _ in self._between("{", "}"):
            name = self.value()
            self._expect(":")
            yield str(name)

    def items(self) -> Iterator[None]:
        """Stops at each item of the list that stands here; whoever asks takes it."""
        yield from self._between("[", "]")

    def _between(self, first: str, last: str) -> Iterator[None]:
        self._expect(first)
        self._blank()
        if self.text[self.at : self.at + 1] == last:
            self.at += 1
            return
        while True:
            yield
            if self._expect(f",{last}") == last:
                return

    def _expect(self, letters: str) -> str:
        self._blank()
        found = self.text[self.at : self.at + 1]
        if not found or found not in letters:
            raise ValueError(f"expected {letters} at {self.at}")
        self.at += 1
        return found

    def _blank(self) -> None:
        while self.text[self.at : self.at + 1] in _BLANK and self.at < len(self.text):
            self.at += 1
