"""One command per line: a process that starts once and is told what to run.

A line in is a JSON list of arguments; a line out says how the command went. Each line
is one whole run of the program on the same folder, as if typed into a terminal. May
not enter: which program.
"""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO


def obey(run: Callable[[list[str]], int]) -> None:
    """Run a command for each line until there are no more."""
    for line in sys.stdin:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = _code(run, json.loads(line))
        said = {"code": code, "out": out.getvalue(), "err": err.getvalue()}
        print(json.dumps(said), flush=True)


def _code(run: Callable[[list[str]], int], arguments: list[str]) -> int:
    try:
        return run(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
