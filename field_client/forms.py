"""What people type: money in yuan, dates, places, lines of a bill.

May not enter: what becomes of it.
"""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from field_client.words import _
from sync.words import N_

E7 = Decimal(10_000_000)


class Yuan(click.ParamType):
    """Yuan with at most two decimals, as whole fen; never through a float."""

    name = "yuan"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        if isinstance(value, int):
            return value
        text = value.replace(",", "").strip().lstrip("¥￥").removesuffix("元")
        try:
            fen = Decimal(text) * 100
        except InvalidOperation:
            fen = Decimal("0.5")
        if fen != int(fen) or not 0 <= fen < 10**12:
            self.fail(_(N_("金额写成元，最多两位小数，例如 80 或 80.50")), param, ctx)
        return int(fen)


class Day(click.ParamType):
    """A day or a minute, without a zone; `moment_ms` makes a time of it."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        text = value.strip().replace(" ", "T")
        if _read(text) is None:
            hint = N_("日期写成 2026-11-05 或 2026-11-05T18:00")
            self.fail(_(hint), param, ctx)
        return str(text)


class Location(click.ParamType):
    """latitude,longitude[,metres] in degrees; kept as degrees × 10^7 and metres."""

    name = "lat,lon[,m]"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        numbers = value.split(",")
        try:
            latitude, longitude = (int(Decimal(one) * E7) for one in numbers[:2])
            metres = int(Decimal(numbers[2])) if len(numbers) == 3 else 0
        except (InvalidOperation, ValueError, OverflowError):
            self.fail(
                _(N_("位置写成 纬度,经度,米，例如 31.2304,121.4737,15")), param, ctx
            )
        return f"{latitude},{longitude},{metres}"


class BillLine(click.ParamType):
    """CODE:QUANTITY[:ITEM]."""

    name = "code:quantity[:item]"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, int, int | None]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"([^:]+):(\d{1,6})(?::(\d{1,3}))?", value)
        if not found:
            self.fail(_(N_("写成 编码:数量 或 编码:数量:事项号")), param, ctx)
        item = found[3] and int(found[3])
        return found[1], int(found[2]), item or None


YUAN, DAY, LOCATION, BILL_LINE = Yuan(), Day(), Location(), BillLine()
FORMS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M")


def _read(text: str) -> datetime | None:
    for form in FORMS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - zone comes later
        except ValueError:
            continue
    return None


def moment_ms(text: str | None, offset_minutes: int) -> int | None:
    """The instant that was typed; a day without an hour means its end."""
    if text is None or (read := _read(text)) is None:
        return None
    zone = timezone(timedelta(minutes=offset_minutes))
    at = read.replace(tzinfo=zone)
    if "T" not in text:
        at += timedelta(days=1)
    return int(at.timestamp()) * 1000


def clock_text(instant_ms: int | None, offset_minutes: int) -> str:
    """An instant as people here read it."""
    if instant_ms is None:
        return "—"
    zone = timezone(timedelta(minutes=offset_minutes))
    return datetime.fromtimestamp(instant_ms / 1000, zone).strftime("%m-%d %H:%M:%S")


def yuan_text(fen: int) -> str:
    """Fen as yuan, to the fen."""
    return f"¥{fen // 100:,}.{fen % 100:02d}"
