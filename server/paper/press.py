"""The child process that lays a paper out: a script that imports nothing of ours.

One job, then it ends. Standard input: JSON (limits, fonts, the folder in which all that
goes onto the paper lies); standard output: the PDF. Whatever a sheet does to it, the
server lives. May not enter: networks, settings, any module of this project.
"""

import json
import os
import resource
import sys
from typing import Any, Literal

import typst

# PDF/A-3, level A: kept for good, with attachments, and can be read aloud
STANDARD: Literal["a-3a"] = "a-3a"
MISTAKE, DOES_NOT_FIT = 3, 4  # ours in the page; no room for it


def confine(job: dict[str, Any]) -> None:
    """From here on: so much memory and time, no file that grows, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (job["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (job["cpu_s"],) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(job["nice"])


def printed(job: dict[str, Any]) -> bytes:
    """The paper; the same job gives the same bytes."""
    made: bytes = typst.compile(
        str(job["main"]),
        format="pdf",
        root=str(job["root"]),
        font_paths=[str(one) for one in job["folders"]],
        ignore_system_fonts=True,
        pdf_standards=[STANDARD],
        timestamp=int(job["timestamp_s"]),
    )
    return made


def serve() -> int:
    """Read the job, do it, say how it went."""
    job = json.load(sys.stdin.buffer)
    confine(job)
    try:
        made = printed(job)
    except MemoryError:
        return DOES_NOT_FIT
    except typst.TypstError:
        return MISTAKE
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(serve())
