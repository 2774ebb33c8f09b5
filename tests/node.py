"""Which Node the tests run: one on the PATH that is new enough, else the environment's.

`infra/setup` chooses in the same way.
"""

import functools
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = {20: 19, 22: 12}  # by major version, as package.json says


@functools.cache
def node() -> str:
    """The program to run; fails loudly if there is none."""
    for found in (shutil.which("node"), Path(sys.executable).parent / "node"):
        if found and _new_enough(str(found)):
            return str(found)
    raise FileNotFoundError("no Node 20.19 or 22.12 or newer; run make setup")


def _new_enough(program: str) -> bool:
    try:
        said = subprocess.run(
            [program, "--version"], check=False, capture_output=True, text=True
        )
    except OSError:
        return False
    found = re.match(r"v(\d+)\.(\d+)", said.stdout)
    major, minor = map(int, found.groups()) if found else (0, 0)
    return major > max(OLDEST) or minor >= OLDEST.get(major, 1_000)
