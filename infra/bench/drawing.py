"""The ratios as bars: ours beside the floor, 1 being as good as the floor.

May not enter: numbers that were not measured.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

WIDTH, LINE, LEFT, UNIT = 900, 24, 430, 320  # pixels; UNIT is a ratio of 1


def draw(rows: Sequence[dict[str, Any]]) -> str:
    """An SVG with one bar for each row that has a floor."""
    shown = [(row, _ratio(row)) for row in rows]
    bars = [(row, ratio) for row, ratio in shown if ratio is not None]
    height = LINE * (len(bars) + 2)
    lines = [_bar(row, ratio, LINE * (at + 1)) for at, (row, ratio) in enumerate(bars)]
    one = f'<path d="M{LEFT + UNIT} {LINE // 2}V{height - LINE}" stroke="#888"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        ' font-family="sans-serif" font-size="13">'
        f"{''.join(lines)}{one}</svg>\n"
    )


def _bar(row: dict[str, Any], ratio: float, top: int) -> str:
    width = min(ratio, (WIDTH - LEFT - 60) / UNIT) * UNIT
    name = escape(f"{row.get('on', '')} {row['measure']} ({row['unit']})")
    return (
        f'<text x="{LEFT - 8}" y="{top + 13}" text-anchor="end">{name}</text>'
        f'<rect x="{LEFT}" y="{top}" width="{width:.0f}" height="{LINE - 8}"'
        ' fill="#37c"/>'
        f'<text x="{LEFT + width + 6:.0f}" y="{top + 13}">{ratio:.2f}</text>'
    )


def _ratio(row: dict[str, Any]) -> float | None:
    if row.get("ratio") is not None:
        return float(row["ratio"])
    return float(row["ours"] / row["floor"]) if row.get("floor") else None
