"""What README and CONTRIBUTING tell a newcomer to type works.

A shell block carries a mark after its language, and the mark says how it is tried:

- ```` ```sh make ````  targets of the Makefile; `make demo` is run by its own test
- ```` ```sh walk ````  typed one after the other, all walks of one document in one
  shell, in a copy of the checkout with its `.venv`; the first that fails ends it. A
  program left running with `&` runs on to the end of the walk.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.house.ground import DOCUMENTS, ROOT, Block, blocks, files, targets

SHELL = [
    block
    for document in DOCUMENTS
    for block in blocks(document)
    if block.language in {"sh", "bash", "shell", "console", ""}
]
WALKS = {
    document: [b for b in SHELL if (b.document, b.mark) == (document, "walk")]
    for document in DOCUMENTS
}
PATIENCE_S = 600  # of a machine that has much else to do


def _where(block: Block) -> str:
    return f"{block.document}:{block.line}"


@pytest.mark.parametrize("block", SHELL, ids=_where)
def test_a_shell_block_says_how_it_is_tried(block: Block) -> None:
    assert (block.language, block.mark) in {("sh", "make"), ("sh", "walk")}


@pytest.mark.parametrize("block", [b for b in SHELL if b.mark == "make"], ids=_where)
def test_a_make_block_types_targets(block: Block) -> None:
    typed = [line.split()[:2] for line in block.text.splitlines() if line.strip()]
    assert all(w[0] == "make" and w[1] in targets() for w in typed), typed


@pytest.mark.parametrize("document", [d for d, walk in WALKS.items() if walk])
def test_a_walk_can_be_walked(document: str, tmp_path: Path) -> None:
    script = "\n".join(_step(block) for block in WALKS[document])
    said = tmp_path / "said"
    with said.open("w") as output:
        shell = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=_a_copy_of_the_checkout(tmp_path / "doorstep"),
            env=_a_newcomers_environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            ended = shell.wait(PATIENCE_S)
        finally:
            _end(shell.pid)
    assert ended == 0, said.read_text()


def _step(block: Block) -> str:
    """One block; whoever reads a failure sees which line of the document it was."""
    return f"""
        echo '== {_where(block)}'
        set -x
        {block.text}
        {{ set +x; }} 2>/dev/null
    """


def _a_newcomers_environment(home: Path) -> dict[str, str]:
    """An empty home and none of this shell's settings."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}


def _a_copy_of_the_checkout(folder: Path) -> Path:
    for path in files("*"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def _end(session: int) -> None:
    """Stop what a walk may have left running."""
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)
