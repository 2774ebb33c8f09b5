"""The other language: compiled once, then asked line by line."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

import pytest

from tests.node import node

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "build" / "ts" / "tests" / "twins"


class Twin:
    """The TypeScript side in a process of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [node(), "--no-warnings", BUILT / "answering.js"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self._questions = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)

    def understood(self, body: str) -> dict[str, Any]:
        """What it finds in this body, or why it finds nothing."""
        return self._asked(body)

    def asked(self, ask: str, question: Mapping[str, Any]) -> dict[str, Any]:
        """Its answer to a question about a whole push."""
        return self._asked({"ask": ask, **question})

    def _asked(self, question: Any) -> dict[str, Any]:
        self._questions.write(json.dumps(question) + "\n")
        self._questions.flush()
        answer: dict[str, Any] = json.loads(self._answers.readline() or "null")
        assert answer is not None, f"no answer to {question!r:.2000}"
        return answer

    def leave(self) -> int:
        """Let it end, and say how it did."""
        self._questions.close()
        self._answers.close()
        return self._process.wait()


@pytest.fixture(scope="session")
def compiled() -> Path:
    """Where the compiled modules lie; fails on any error of type."""
    compiler = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    run = subprocess.run(
        [node(), compiler, "--project", ROOT / "tsconfig.json"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return BUILT


@pytest.fixture(scope="session")
def twin(compiled: Path) -> Iterator[Twin]:
    """The twin, ready to answer."""
    assert compiled.is_dir()
    other = Twin()
    yield other
    assert other.leave() == 0
