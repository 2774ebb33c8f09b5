"""`python -m infra.bench`: what the exchange costs here, beside the floor, in one run.

Absolute figures move with the machine; the ratios are what counts. Prints a table and
writes it with all rows and a drawing to a folder. May not enter: measuring anything.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from infra.bench import (
    console,
    growth,
    photos,
    pulls,
    pushes,
    reconcile,
    reuse,
    shutter,
    tablet,
)
from infra.bench.drawing import draw
from infra.bench.office import open_office
from tests.databases import fresh_databases

Row = dict[str, Any]
PARTS = ("push", "pull", "growth", "reconcile", "photos", "reuse", "tablet",
         "shutter", "console")  # fmt: skip
ON_DATABASES = frozenset({"push", "pull", "growth", "reconcile"})


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS, help=", ".join(PARTS))
    parser.add_argument("--facts", type=int, default=9600, help="in each push run")
    parser.add_argument("--rounds", type=int, default=3, help="medians are shown")
    parser.add_argument("--held", type=int, default=1_000_000, help="for growth")
    parser.add_argument(
        "--pairs", type=int, default=100_000, help="for reconcile; 1000000 takes long"
    )
    parser.add_argument("--sqlite-only", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    asked = parser.parse_args()
    rows: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        kinds: dict[str, Iterator[str]] = {"SQLite": iter(lambda: "", None)}
        if ON_DATABASES & set(asked.parts) and not asked.sqlite_only:
            kinds["PostgreSQL"] = stack.enter_context(fresh_databases())
        for kind, urls in kinds.items():
            for part, measure in (("push", _pushes), ("pull", _pulls),
                                  ("growth", _growth),
                                  ("reconcile", _reconciles)):  # fmt: skip
                if part in asked.parts:
                    place = folder / f"{kind}-{part}"
                    rows += [row | {"on": kind} for row in measure(place, urls, asked)]
                    _show(rows)
        if "photos" in asked.parts:
            rows += [row | {"on": "disk"} for row in photos.measure()]
        if "reuse" in asked.parts:
            rows += [row | {"on": "SQLite"} for row in reuse.measure(folder)]
        for name, face in (("tablet", tablet), ("shutter", shutter),
                           ("console", console)):  # fmt: skip
            if name in asked.parts:
                rows += [row | {"on": "Chromium"} for row in face.measure()]
    _show(rows)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "rows.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    (asked.out / "ratios.svg").write_text(draw(rows))
    Console().print(f"{asked.out}/rows.json, {asked.out}/ratios.svg")


def _pushes(folder: Path, urls: Iterator[str], asked: Any) -> Iterator[Row]:
    for clients, size in ((1, 100), (8, 100), (1, 1)):
        facts = asked.facts if size > 1 else max(240, asked.facts // 20)
        runs = [
            (pushes.ours(folder / f"o{clients}{size}{n}", next(urls), clients, facts,
                         size),
             pushes.floor(folder / f"f{clients}{size}{n}", next(urls), clients, facts,
                          size))
            for n in range(asked.rounds)
        ]  # fmt: skip
        name = f"push, {clients} client{'s' * (clients > 1)}, batches of {size}"
        yield _row(name, "facts/s", [(o.rate, f.rate) for o, f in runs])
        yield _row(f"{name}: server CPU", "s/10,000 facts",
                   [(o.cpu_10k, f.cpu_10k) for o, f in runs])  # fmt: skip
        yield _row(f"{name}: memory", "MiB",
                   [(o.memory_mb, f.memory_mb) for o, f in runs])  # fmt: skip
        if clients == 1:
            yield _row(
                f"{name}: up", "bytes/fact", [(o.up_bytes, None) for o, _ in runs]
            )
            yield _row(
                f"{name}: down", "bytes/fact", [(o.down_bytes, None) for o, _ in runs]
            )


def _pulls(folder: Path, urls: Iterator[str], asked: Any) -> Iterator[Row]:
    del asked
    for row in pulls.measure(open_office(folder, next(urls))):
        yield from _figures(row)


def _growth(folder: Path, urls: Iterator[str], asked: Any) -> Iterator[Row]:
    """The floor of growth is our own figure with little held."""
    office = open_office(folder, next(urls))
    growth.fill(office, 10_000)
    few = pushes.pushed_to(office, 1, asked.facts, 100, first=1)
    growth.fill(office, asked.held)
    many = pushes.pushed_to(office, 1, asked.facts, 100, first=11)
    name = f"push with {asked.held:,} facts held, beside 10,000"
    yield _row(name, "facts/s", [(many.rate, few.rate)])
    yield _row(f"{name}: memory", "MiB", [(many.memory_mb, few.memory_mb)])
    for row in pulls.measure(office, seed=901):
        for one in _figures(row):
            yield one | {"measure": f"{one['measure']}, {asked.held:,} facts held"}


def _reconciles(folder: Path, urls: Iterator[str], asked: Any) -> Iterator[Row]:
    """The floor is the same join in another engine, over the same files."""
    yield from reconcile.measure(folder, next(urls), asked.pairs)


def _figures(row: Row) -> Iterator[Row]:
    """One row for each figure of something that was looked at in several ways."""
    for unit, value in row.items():
        if unit not in ("measure", "kb_floor"):
            floor = row["kb_floor"] if unit == "kb_gzip" else None
            name = str(row["measure"])
            yield {"measure": name, "unit": unit, "ours": value, "floor": floor}


def _row(measure: str, unit: str, runs: list[tuple[float, float | None]]) -> Row:
    """Medians over the rounds; ours beside the floor of the same round."""
    floors = [floor for _, floor in runs if floor is not None]
    ratios = [ours / floor for ours, floor in runs if floor]
    return {
        "measure": measure, "unit": unit, "ours": median(ours for ours, _ in runs),
        "floor": median(floors) if floors else None,
        "ratio": median(ratios) if ratios else None,
    }  # fmt: skip


def _show(rows: list[Row]) -> None:
    table = Table("on", "measure", "ours", "floor", "other", "unit", "ours : floor")
    for row in rows:
        ratio = row.get("ratio")
        if ratio is None and row.get("floor"):
            ratio = row["ours"] / row["floor"]
        table.add_row(
            row.get("on", ""), row["measure"],
            *(_short(row.get(name)) for name in ("ours", "floor", "other")),
            row["unit"], _short(ratio),
        )  # fmt: skip
    Console(width=150).print(table)


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
