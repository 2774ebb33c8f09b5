"""How a paper speaks: the sheet's own language, money to the fen, times as on clocks.

May not enter: what is said.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server.words import say
from sync.moment import MINUTE_MS, Span
from sync.words import N_
from sync.words.catalogue import catalogue


@dataclass(frozen=True, kw_only=True)
class Speech:
    """A language, and how far the company's clocks are ahead of UTC."""

    language: str
    offset_minutes: int

    def __call__(self, sentence: str, /, **facts: object) -> str:
        """A sentence of ours, translated and filled."""
        return say(sentence, facts, self.language)

    def word(self, text: str) -> str:
        """What somebody picked or wrote: translated if it is a word of ours, and never
        filled."""
        return catalogue(self.language).get(text) or text

    def at(self, ms: int | None) -> str:
        """A time to the minute."""
        if ms is None:
            return self(N_("时间不详"))
        return f"{self._local(ms):%Y-%m-%d %H:%M}"

    def between(self, span: Span) -> str:
        """A stretch of time to the minute, never shorter than it is."""
        first, end = span
        if first is None and end is None:
            return self(N_("无法确定"))
        if end is None:
            return self(N_("不早于 {at}"), at=self.at(first))
        last = self.at(end + MINUTE_MS - 1 - (end - 1) % MINUTE_MS)
        if first is None:
            return self(N_("不晚于 {at}"), at=last)
        begun = self.at(first)
        last = last.removeprefix(begun[: len("2026-11-21 ")])
        if begun.endswith(last):
            return begun
        return self(N_("{first} 至 {last}"), first=begun, last=last)

    def _local(self, ms: int) -> datetime:
        there = datetime.fromtimestamp(ms // 1000, UTC)
        return there + timedelta(minutes=self.offset_minutes)


def yuan(fen: int) -> str:
    """An amount as the tablet shows it, with its sign."""
    whole = abs(fen)
    return f"{'-' if fen < 0 else ''}¥{whole // 100:,}.{whole % 100:02d}"
