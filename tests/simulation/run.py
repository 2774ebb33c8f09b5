"""Play a script and say what came of it; find the shortest script that fails the same.

May not enter: what steps do, what must hold.
"""

import hashlib
import json
import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.simulation.auditor import Broken
from tests.simulation.doing import DO
from tests.simulation.rest import at_rest
from tests.simulation.steps import Script
from tests.simulation.town import Town

FAST = Path("/dev/shm")  # noqa: S108 - memory, where there is such a folder
VECTORS = Path(__file__).with_name("vectors")


@dataclass
class Played:
    """What came of a script. `broken`: the invariant, empty if all held."""

    script: Script
    broken: str = ""
    words: str = ""
    at: int = -1  # the step after which it showed; -1: at rest
    trace: str = ""
    requests: int = 0
    facts: int = 0
    fired: Counter[str] = field(default_factory=Counter)

    @property
    def command(self) -> str:
        """What to type to see it again."""
        seed, count = self.script.seed, len(self.script.steps)
        return f"python -m tests.simulation.torture --seed {seed} --steps {count}"


def play(script: Script) -> Played:
    """Live through a script and audit it."""
    logging.getLogger("server").setLevel("CRITICAL")
    base = FAST if FAST.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="doorstep-", dir=base))
    played = Played(script)
    try:
        town = Town(folder / "town", script.seed)
        try:
            _live(town, script, played)
        finally:
            played.fired = town.fired
            played.requests, played.facts = town.requests, len(town.audit.tellings)
            town.audit.hang_up()
            town.close()
    finally:
        shutil.rmtree(folder)
        logging.getLogger("server").setLevel(logging.NOTSET)
    return played


def _live(town: Town, script: Script, played: Played) -> None:
    """Anything that goes wrong is a finding: also what nobody thought of."""
    try:
        for number, step in enumerate(script.steps):
            played.at = number
            town.fired[step.what] += 1
            DO[step.what](town, step)
        played.at = -1
        town.comes_to_rest()
        at_rest(town)
        played.trace = town.digest()
    except Broken as why:
        played.broken, played.words = why.invariant, str(why)
    except Exception as why:  # noqa: BLE001 - the outermost door of a simulation
        played.broken = type(why).__name__
        played.words = f"{type(why).__name__}: {why}"


def shrunk(script: Script, broken: str, plays: int = 150) -> Script:
    """A shorter script that breaks the same, by leaving out ever smaller pieces."""
    size = max(1, len(script.steps) // 2)
    while size and plays > 0:
        first, left_out = 0, False
        while first < len(script.steps) and plays > 0:
            shorter = script.without(first, size)
            plays -= 1
            if play(shorter).broken == broken:
                script, left_out = shorter, True
            else:
                first += size
        size = size if left_out and size > 1 else size // 2
    return script


def keep_vector(played: Played, why: str, folder: Path = VECTORS) -> Path:
    """Write a script that failed where `make test` plays it for ever."""
    text = json.dumps(played.script.plain(), ensure_ascii=False)
    name = hashlib.sha256(text.encode()).hexdigest()[:12]
    folder.mkdir(exist_ok=True)
    path = folder / f"{played.script.seed}-{name}.json"
    held = {"why": why, "invariant": played.broken, **played.script.plain()}
    rows = json.dumps(held, ensure_ascii=False, indent=None)
    path.write_text(rows.replace("], [", "],\n  [") + "\n", "utf-8")
    return path


def told(played: Played, say: Callable[[str], None] = print) -> None:
    """Say what is wrong, and how to see it again."""
    where = "at rest" if played.at < 0 else f"step {played.at}"
    say(f"seed {played.script.seed}, {where}: {played.words}\n  {played.command}")
