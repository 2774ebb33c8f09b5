"""Break the product on purpose, one line at a time, and see whether the audit notices.

    python -m tests.simulation.sabotage            every break
    python -m tests.simulation.sabotage cursor     those whose name holds the word

Works on a copy of the tree in a folder of its own, never on this one. Writes a table
to stdout. A break that is not caught is a hole in the audit, or is another test's to
find. May not enter: which breaks there are.
"""

# ruff: noqa: T201 - it speaks to a terminal

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.simulation.breaks import BREAKS, Break
from tests.simulation.run import FAST
from tests.simulation.steps import FIXED, FIXED_STEPS

ROOT = Path(__file__).parents[2]
COPIED = ("server", "sync", "field_client", "tests")
SEEDS = int(os.environ.get("SEEDS", str(len(FIXED))))  # of the fixed set
LONGEST_S = 900

PLAY = """
import sys
from tests.simulation.run import play
from tests.simulation.steps import draw
for seed in map(int, sys.argv[1].split(",")):
    one = play(draw(seed, int(sys.argv[2])))
    if one.broken:
        print(f"{seed}|{one.broken}|{one.words}")
        break
"""


def broken(one: Break, tree: Path) -> str:
    """Break this tree; what is in the way, if anything."""
    file = tree / one.file
    text = file.read_text("utf-8")
    if (found := text.count(one.was)) != 1:
        return f"its line is found {found} times"
    file.write_text(text.replace(one.was, one.becomes), "utf-8")
    return ""


def tried(one: Break) -> tuple[str, str]:
    """Whether it was caught, and by what."""
    base = FAST if FAST.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="sabotage-", dir=base) as folder:
        tree = Path(folder)
        for name in COPIED:
            without = shutil.ignore_patterns("__pycache__", "web")
            shutil.copytree(ROOT / name, tree / name, ignore=without)
        if why := broken(one, tree):
            return "outdated", why
        environment = {**os.environ, "PYTHONPATH": str(tree)}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PLAY, _seeds(), str(FIXED_STEPS)],
            cwd=tree, env=environment, capture_output=True, text=True,
            timeout=LONGEST_S, check=False,
        )  # fmt: skip
    return _told(done)


def _seeds() -> str:
    return ",".join(map(str, FIXED[:SEEDS]))


def _told(done: subprocess.CompletedProcess[str]) -> tuple[str, str]:
    seed, _, said = done.stdout.strip().partition("|")
    if not said:
        last = done.stderr.strip().splitlines()[-1:] or [f"{SEEDS} seeds held"]
        return ("caught", last[0][:90]) if done.returncode else ("NOT CAUGHT", last[0])
    invariant, _, words = said.partition("|")
    short = " ".join(words.split())[:70].replace("|", "/")
    return "caught", f"seed {seed}, {invariant}: {short}"


def rows(wanted: str) -> Iterator[str]:
    """The table, line by line."""
    yield "| Broken on purpose | Where | Result | Seed, invariant |"
    yield "|---|---|---|---|"
    for one in BREAKS:
        if wanted in one.name:
            result, by = tried(one)
            yield f"| {one.name} | `{one.file}` | {result} | {by} |"


def main() -> int:
    """Print the table; the exit code says whether everything was caught."""
    bad = 0
    for row in rows(" ".join(sys.argv[1:])):
        print(row, flush=True)
        bad += "NOT CAUGHT" in row or "outdated" in row
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
