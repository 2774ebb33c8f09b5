"""`make demo` runs without a terminal and checks itself."""

import subprocess
import sys

import pytest

from tests.house.ground import ROOT

PATIENCE_S = 600


@pytest.mark.slow
def test_the_demonstration_agrees_with_its_own_truth() -> None:
    demo = subprocess.run(
        [sys.executable, "-m", "infra.demo"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        timeout=PATIENCE_S,
    )
    assert demo.returncode == 0, demo.stdout + demo.stderr
