"""The TypeScript side compiles, meets the vectors, and is as pure as its originals."""

import re
import subprocess
from pathlib import Path

import pytest

from infra.export import HERE, exported
from tests.house.ground import ROOT, files, text_of
from tests.node import node

TESTS = files("tests/twins/*.test.ts")
TWINS = [path for path in files("sync/*.ts") if path.parent.name != "exported"]
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
# What belongs to doors and shelves: clocks, chance, network, storage, screens, Node.
IMPURE = re.compile(
    r"\b(Date|performance|random|getRandomValues|randomUUID|generateKey|fetch|WebSocket"
    r"|XMLHttpRequest|indexedDB|localStorage|sessionStorage|document|window|navigator"
    r"|setTimeout|setInterval|console|process|require|Buffer|any)\b(?!\s*:)"
)


@pytest.mark.parametrize("path", TESTS, ids=str)
def test_the_tests_in_typescript_pass(compiled: Path, path: Path):
    script = (compiled / path.name).with_suffix(".js")
    run = subprocess.run(
        [node(), "--no-warnings", "--test", "--test-reporter=tap", script],
        check=False,
        capture_output=True,
        text=True,
    )
    failed = re.findall(r"^not ok .*?^  \.\.\.$", run.stdout, re.MULTILINE | re.DOTALL)
    assert run.returncode == 0, "\n".join(failed)[:4000] or run.stdout + run.stderr
    assert "# fail 0" in run.stdout


TODAY = exported()  # before any test plays a version that knows fewer kinds


@pytest.mark.parametrize("name", TODAY)
def test_what_was_exported_is_what_would_be_exported_today(name: str):
    """If not: `python -m infra.export`, then see whether the twins still compile."""
    assert (HERE / name).read_text("utf-8") == TODAY[name]


def test_nothing_else_lies_among_what_was_exported():
    assert {path.name for path in HERE.iterdir()} == TODAY.keys() | {"api.ts"}


@pytest.mark.parametrize("path", TWINS, ids=str)
def test_a_twin_opens_with_what_it_is(path: Path):
    assert text_of(path).startswith("// ")


@pytest.mark.parametrize("path", TWINS, ids=str)
def test_a_twin_is_as_pure_as_its_original(path: Path):
    assert not IMPURE.findall(COMMENT.sub("", text_of(path)))


@pytest.mark.parametrize("path", files("sync/*.ts"), ids=str)
def test_a_twin_imports_nothing_from_elsewhere(path: Path):
    """It runs in a browser as it is: no package, nothing outside `sync/`."""
    named = re.findall(r'\bfrom "([^"]+)"|\bimport "([^"]+)"', text_of(path))
    for name in (one or other for one, other in named):
        assert name.startswith("."), name
        assert (ROOT / path.parent / name).resolve().is_relative_to(ROOT / "sync"), name


def test_the_lock_of_the_packages_names_no_registry():
    """Only pages about funding have addresses in it."""
    assert not re.findall(r'"resolved"|\.tgz', text_of("package-lock.json"))


def test_every_twin_has_its_row_and_every_row_is_true():
    rows = re.findall(
        r"^\| `([\w/*]+\.ts)` \| `([\w./]+)` \| (?:`([\w./]+)`|exported) \|$",
        text_of("sync/README.md"),
        re.MULTILINE,
    )
    told = {twin: [*(ROOT / "sync").glob(twin)] for twin, _, _ in rows}
    found = sorted(path for paths in told.values() for path in paths)
    assert found == [ROOT / path for path in TWINS]
    assert all(told.values())
    for _, original, met in rows:
        assert (ROOT / "sync" / original).exists(), original
        among = "tests/vectors" if met.endswith(".json") else "tests"
        assert not met or (ROOT / among / met).exists(), met
