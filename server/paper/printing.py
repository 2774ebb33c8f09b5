"""Have a paper printed by a child process with limits of memory and time (X10).

A monstrous sheet costs one paper and never the server. One at a time in a process: who
comes meanwhile is told to come again. May not enter: what stands on the paper.
"""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from server.paper.fonts import Chain, chain
from sync.problems import Refused

PRESS = Path(__file__).with_name("press.py")
LOOKS = Path(__file__).with_name("sheet.typ")
MAIN = "main.typ"
MISTAKE = 3  # what the press says of a page that is wrong, and not too large
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one paper may cost; sixty photos and two hundred lines fit."""

    memory_bytes: int = 1536 * 1024 * 1024  # of addresses: fonts and threads too
    cpu_s: int = 30
    deadline_s: int = 40
    nice: int = 5
    most_bytes: int = 64 * 1024 * 1024  # that go in
    most_words: int = 2 * 1024 * 1024  # bytes of them on the pages


LIMITS = Limits()


def printed(
    said: Mapping[str, Any],
    files: Mapping[str, bytes],
    at_ms: int,
    limits: Limits = LIMITS,
) -> bytes:
    """The PDF that says this, with these files in it, dated `at_ms`.

    Refused: `paper_busy` (try again), `paper_too_large`.
    """
    fonts = chain()
    spelled: list[str] = []
    page = _drawable(dict(said), fonts, spelled) | {"fonts": fonts.families}
    page["spelled"] = bool(spelled)
    given = {
        MAIN: LOOKS.read_bytes(),
        "said.json": json.dumps(page, ensure_ascii=False).encode(),
        **files,
    }
    many = sum(map(len, given.values()))
    if many > limits.most_bytes or len(given["said.json"]) > limits.most_words:
        raise Refused("paper_too_large")
    with tempfile.TemporaryDirectory(prefix="doorstep-paper-") as folder:
        for name, data in given.items():
            (Path(folder) / name).write_bytes(data)
        job = asdict(limits) | {
            "root": folder,
            "main": str(Path(folder) / MAIN),
            "folders": fonts.folders,
            "timestamp_s": at_ms // 1000,
        }
        return _pressed(job, limits)


def _pressed(job: Mapping[str, Any], limits: Limits) -> bytes:
    if not _ONE_AT_A_TIME.acquire(timeout=limits.deadline_s):
        raise Refused("paper_busy")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PRESS)],
            input=json.dumps(job).encode(),
            capture_output=True,
            env={},
            cwd="/",
            timeout=limits.deadline_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused("paper_too_large") from None
    except OSError as why:
        raise Refused("paper_busy") from why
    finally:
        _ONE_AT_A_TIME.release()
    if done.returncode == MISTAKE:
        raise RuntimeError("the page cannot be laid out")
    if done.returncode:
        raise Refused("paper_too_large")
    return done.stdout


def _drawable(value: Any, fonts: Chain, spelled: list[str]) -> Any:
    """The same with every text as it can be drawn; what had to be spelled is noted."""
    if isinstance(value, str):
        if (drawn := fonts.drawable(value)) != value and "[U+" in drawn:
            spelled.append(value)
        return drawn
    if isinstance(value, dict):
        return {key: _drawable(one, fonts, spelled) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(one, fonts, spelled) for one in value]
    return value
