"""Which backups may go: all are kept for an hour, one an hour for a day, one a day for
two weeks.

May not enter: removing them.
"""

from collections.abc import Collection, Mapping

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
HOURS = 24
DAYS = 14


def superfluous(
    made: Mapping[str, int], whole: Collection[str], now_ms: int
) -> list[str]:
    """Those of these backups (name -> when it was made) that nobody needs any more.

    The newest that was seen to be `whole` always stays, and the newest of all."""
    kept = {
        *(name for name, at in made.items() if at > now_ms - HOUR_MS),
        *_newest_of_each(made, now_ms - HOURS * HOUR_MS, HOUR_MS),
        *_newest_of_each(made, now_ms - DAYS * DAY_MS, DAY_MS),
        *_newest(made),
        *_newest({name: at for name, at in made.items() if name in whole}),
    }
    return sorted(made.keys() - kept)


def _newest(made: Mapping[str, int]) -> list[str]:
    return [max(made, key=lambda name: (made[name], name))] if made else []


def _newest_of_each(made: Mapping[str, int], since_ms: int, span_ms: int) -> list[str]:
    """The newest of each hour, or of each day."""
    best: dict[int, str] = {}
    for name in sorted(made, key=lambda name: (made[name], name)):
        if made[name] > since_ms:
            best[made[name] // span_ms] = name
    return list(best.values())
