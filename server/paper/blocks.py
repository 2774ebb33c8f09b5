"""What a page is built of; `sheet.typ` knows how each of them looks.

May not enter: what is said in them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]

LEFT, RIGHT, MIDDLE = "left", "right", "center"


def pairs(rows: Iterable[tuple[str, str]], title: str = "") -> Block:
    """Names with what they are; what is empty is left out."""
    kept = [list(one) for one in rows if one[1]]
    return {"kind": "pairs", "title": title, "rows": kept}


def table(
    title: str,
    columns: Sequence[tuple[str, str, str]],
    rows: Iterable[Sequence[str]],
    sums: Iterable[tuple[str, str]] = (),
) -> Block:
    """A table; each column has a heading, a side and a width (`1fr`, `20mm`, `auto`).
    `sums` stand below, the last one strong."""
    return {
        "kind": "table",
        "title": title,
        "columns": [{"name": n, "align": a, "width": w} for n, a, w in columns],
        "rows": [list(one) for one in rows],
        "sums": [list(one) for one in sums],
    }


def lines(title: str, some: Iterable[str], mark: str = "·") -> Block:
    """Sentences, each with a mark before it."""
    return {"kind": "lines", "title": title, "lines": [one for one in some if one],
            "mark": mark}  # fmt: skip


def pictures(title: str, some: Iterable[Block]) -> Block:
    """Pictures in two columns, each with a caption or with why it is not here."""
    return {"kind": "pictures", "title": title, "pictures": list(some)}


def is_filled(block: Block) -> bool:
    """Has it anything to show?"""
    return any(block.get(part) for part in ("rows", "lines", "pictures", "file"))
