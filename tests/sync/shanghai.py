"""Instants as people in the tests write them: Shanghai's time."""

from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))


def at(written: str) -> int:
    """An instant, written 2026-11-23 08:00 with seconds if they matter."""
    when = datetime.fromisoformat(written).replace(tzinfo=SHANGHAI)
    return round(when.timestamp() * 1000)
