"""Which Node the tests run: one on the PATH that is new enough, else the environment's.

`infra/setup` chooses in the same way.
"""

import functools
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 20  # as package.json says


@functools.cache
def node() -> str:
    """The program to run; fails loudly if there is none."""
    for found in (shutil.which("node"), Path(sys.executable).parent / "node"):
        if found and _new_enough(str(found)):
            return str(found)
    raise FileNotFoundError(f"no Node {OLDEST} or newer; run make setup")


def _new_enough(program: str) -> bool:
    try:
        said = subprocess.run(
            [program, "--version"], check=False, capture_output=True, text=True
        )
    except OSError:
        return False
    return int(said.stdout.strip().lstrip("v").partition(".")[0] or 0) >= OLDEST
