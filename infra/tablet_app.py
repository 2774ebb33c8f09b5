"""`python -m infra.tablet_app`: the technicians' app, built if its sources changed.

It is built aside and put in place whole, so that whoever serves or tests meanwhile
finds the old one or the new one. May not enter: how (`field_client/web/` says that).
"""

import argparse
import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.node import node

ROOT = Path(__file__).parents[1]
WEB = ROOT / "field_client" / "web"
BUILT = ROOT / "server" / "built" / "tablet"
MARK = BUILT.with_name("tablet.made-of")  # the digest of what it was built from
PROJECTS = (ROOT / "tsconfig.json", WEB / "tsconfig.json", WEB / "tsconfig.worker.json")
MADE_OF = (
    ("package-lock.json", "tsconfig.json"),
    ("sync/**/*.ts", "sync/exported/*.json"),
    ("field_client/web/*.*", "field_client/web/src/**/*"),
    ("field_client/web/public/**/*",),
)  # fmt: skip


def made_of() -> str:
    """The digest of everything that the app is made of."""
    sum_ = hashlib.sha256()
    for patterns in MADE_OF:
        for path in sorted(one for name in patterns for one in ROOT.glob(name)):
            if path.is_file() and path.suffix != ".md":
                sum_.update(f"{path.relative_to(ROOT)}\0".encode())
                sum_.update(hashlib.sha256(path.read_bytes()).digest())
    return sum_.hexdigest()


def is_fresh() -> bool:
    """Was the app that lies there built from what lies here?"""
    there = (BUILT / "index.html").is_file() and MARK.is_file()
    return there and MARK.read_text() == made_of()


def bring_up_to_date() -> bool:
    """Build the app unless it is fresh; was there something to do?"""
    with _alone():
        if is_fresh():
            return False
        said = made_of()
        with tempfile.TemporaryDirectory(dir=BUILT.parent) as aside:
            build(Path(aside) / "new")
            _put_in_place(Path(aside) / "new", Path(aside) / "old")
        MARK.write_text(said)
        return True


def check() -> None:
    """tsc, strict, finds nothing wrong in `sync/` and in the app: the only judge."""
    for project in PROJECTS:
        _run("typescript/bin/tsc", "--noEmit", "--project", project)


def build(folder: Path, sources: Path = WEB) -> None:
    """The app into this folder."""
    _run("vite/bin/vite.js", "build", sources, "--outDir", folder, "--logLevel", "warn")


def _run(program: str, *words: str | Path) -> None:
    """One of our Node packages; what it says is shown if it fails."""
    script = ROOT / "node_modules" / program
    done = subprocess.run(
        [node(), script, *words], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def _put_in_place(new: Path, old: Path) -> None:
    if BUILT.exists():
        BUILT.rename(old)
    new.rename(BUILT)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[None]:
    """No two builds at once."""
    BUILT.parent.mkdir(exist_ok=True)
    with (BUILT.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Check on demand, build if needed."""
    parser = argparse.ArgumentParser(prog="make web", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="types only, build nothing"
    )
    if parser.parse_args().check:
        check()
        return
    if not is_fresh():
        check()
        bring_up_to_date()
        sys.stderr.write(f"built {BUILT.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
