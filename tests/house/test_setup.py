"""Two commands set up everything: what they stand on is in order."""

import re
import subprocess
import tomllib

import pytest

from tests.house.ground import ROOT, targets, text_of

LOCK = text_of("requirements.lock")
ROWS = re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", LOCK, re.MULTILINE)
LOCKED = dict(ROWS)  # of a package that is there for several Pythons, the newest
PROJECT = tomllib.loads(text_of("pyproject.toml"))["project"]
WANTED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]


def test_the_lock_names_no_host() -> None:
    assert not re.findall(r"://|--(?:extra-)?index-url|--find-links|-i ", LOCK)


def test_every_locked_package_has_its_digests() -> None:
    hashed = re.findall(r"^[a-z0-9-]+==.*\n    --hash=sha256:", LOCK, re.MULTILINE)
    assert len(hashed) == len(ROWS)


@pytest.mark.parametrize("wanted", WANTED)
def test_the_lock_is_in_step_with_pyproject(wanted: str) -> None:
    name, _, least = re.sub(r"\[.*?\]", "", wanted).partition(">=")
    assert _version(LOCKED[name]) >= _version(least)


@pytest.mark.parametrize("target", targets())
def test_help_lists_every_target(target: str) -> None:
    assert f"make {target} " in _make("help")


def test_help_comes_first() -> None:
    assert next(iter(targets())) == "help"


@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("demo", ".venv/bin/python -m infra.demo"),
        ("test", ".venv/bin/ruff format --check"),
        ("test", ".venv/bin/ruff check"),
        ("test", ".venv/bin/mypy"),
        ("test", ".venv/bin/lint-imports"),
        ("test", ".venv/bin/python -m pytest"),
        ("check", ".venv/bin/python -m pytest"),
        ("demo", ".venv/bin/python -m infra.web_apps"),
        ("test", ".venv/bin/python -m infra.web_apps --check"),
        ("check", ".venv/bin/python -m infra.web_apps"),
        ("demo", "infra/setup"),
        ("test", "infra/setup"),
    ],
)
def test_a_target_runs(target: str, command: str) -> None:
    assert command in _make("--dry-run", "--always-make", target)


def test_the_tests_come_last_in_make_test() -> None:
    last = _make("--dry-run", "--always-make", "test").strip().splitlines()[-1]
    assert last.startswith(".venv/bin/python -m pytest ")


def test_ci_ends_in_make_test() -> None:
    assert text_of(".ci/run").strip().splitlines()[-1] == "exec make test"


@pytest.mark.parametrize("script", [".ci/run", "infra/setup"])
def test_a_script_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111


def _make(*words: str) -> str:
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))
