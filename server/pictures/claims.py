"""What a picture claims about itself: when, where, with what camera.

EXIF is written by the camera and by whoever edits it: supporting evidence, never
truth. A claim that cannot be read is no claim. May not enter: Pillow, files, a clock.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

_LOCAL = "%Y:%m:%d %H:%M:%S"
_OFFSET = re.compile(r"[+-]\d\d:\d\d")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\u00a0-\uffff]")


@dataclass(frozen=True, slots=True)
class Claims:
    """`taken_local` as the camera's clock showed it, with an offset if it knew one."""

    taken_local: str | None = None
    taken_utc_ms: int | None = None
    place: tuple[int, int] | None = None
    camera: str | None = None


def claims_of(tags: Mapping[str, Any]) -> Claims:
    """The readable ones among a picture's claims."""
    local = _local_time(tags.get("taken"), tags.get("offset"))
    utc = _gps_time(tags.get("utc_date"), tags.get("utc_time"))
    if utc is None and local and local.tzinfo:
        utc = local
    return Claims(
        taken_local=local.isoformat() if local else None,
        taken_utc_ms=int(utc.timestamp()) * 1000 if utc else None,
        place=_place(tags),
        camera=_camera(tags.get("make"), tags.get("model")),
    )


def _local_time(taken: Any, offset: Any) -> datetime | None:
    """DateTimeOriginal, with OffsetTimeOriginal where that is one."""
    text, zone = str(taken).strip("\0 "), str(offset).strip("\0 ")
    try:
        local = datetime.strptime(text, _LOCAL)  # noqa: DTZ007 - it may know no zone
        if not _OFFSET.fullmatch(zone):
            return local
        return local.replace(tzinfo=datetime.strptime(zone, "%z").tzinfo)
    except ValueError:
        return None


def _gps_time(date: Any, time: Any) -> datetime | None:
    """The satellites' date and time, which are UTC; parts of a second are dropped."""
    parts = _fractions(time)
    try:
        day = datetime.strptime(str(date).strip("\0 "), "%Y:%m:%d").replace(tzinfo=UTC)
        hour, minute, second = (int(part) for part in parts or ())
        return day.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return None


def _place(tags: Mapping[str, Any]) -> tuple[int, int] | None:
    """Degrees × 10^7. Phones without a fix write 0, 0: that is no place."""
    lat = _degrees(tags.get("lat"), tags.get("ns"), "NS", 90)
    lon = _degrees(tags.get("lon"), tags.get("ew"), "EW", 180)
    if lat is None or lon is None or (lat, lon) == (0, 0):
        return None
    return lat, lon


def _degrees(parts: Any, side: Any, sides: str, most: int) -> int | None:
    values = _fractions(parts)
    side = str(side).strip("\0 ").upper()
    if not values or side not in tuple(sides):
        return None
    degrees = sum((v / 60**n for n, v in enumerate(values)), Fraction())
    if not 0 <= degrees <= most:
        return None
    return round(degrees * 10**7) * (1 if side == sides[0] else -1)


def _fractions(parts: Any) -> list[Fraction] | None:
    """Three numbers, whole or as numerator and denominator."""
    if not isinstance(parts, list) or len(parts) != 3:
        return None
    try:
        return [
            Fraction(*part) if isinstance(part, list) else Fraction(part)
            for part in parts
        ]
    except (TypeError, ValueError, ZeroDivisionError):
        return None


def _camera(make: Any, model: Any) -> str | None:
    words = [_UNPRINTABLE.sub("", w).strip() for w in (make, model) if _is_text(w)]
    if len(words) == 2 and words[1].startswith(words[0]):
        words = words[1:]
    return " ".join(word for word in words if word) or None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
