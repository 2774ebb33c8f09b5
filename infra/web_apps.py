"""`python -m infra.web_apps`: the technicians' app, the desk's console and the page
that checks papers, each built if its sources changed.

An app is built aside and put in place whole, so that whoever serves or tests meanwhile
finds the old one or the new one. May not enter: how (its `vite.config.ts` says that).
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
from dataclasses import dataclass
from pathlib import Path

from tests.node import node

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "server" / "built"
TABLET_WEB = ROOT / "field_client" / "web"
CONSOLE_WEB = ROOT / "server" / "console"
VERIFY_WEB = ROOT / "server" / "verify"
EVERYBODYS = (
    "package-lock.json", "tsconfig.json", "infra/packing.ts",
    "sync/**/*.ts", "sync/exported/*.json",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class App:
    """A face for browsers: where its sources lie, and what else it is made of."""

    name: str
    sources: Path
    projects: tuple[Path, ...]  # what tsc judges
    patterns: tuple[str, ...]

    @property
    def built(self) -> Path:
        """Where the server finds it."""
        return BUILT / self.name

    @property
    def mark(self) -> Path:
        """Holds the digest of what it was built from."""
        return BUILT / f"{self.name}.made-of"

    def made_of(self) -> str:
        """The digest of everything that the app is made of."""
        sum_ = hashlib.sha256()
        patterns = (*EVERYBODYS, *self.patterns)
        for path in sorted({one for name in patterns for one in ROOT.glob(name)}):
            if path.is_file() and path.suffix != ".md":
                sum_.update(f"{path.relative_to(ROOT)}\0".encode())
                sum_.update(hashlib.sha256(path.read_bytes()).digest())
        return sum_.hexdigest()

    def is_fresh(self) -> bool:
        """Was the app that lies there built from what lies here?"""
        there = (self.built / "index.html").is_file() and self.mark.is_file()
        return there and self.mark.read_text() == self.made_of()


TABLET = App(
    name="tablet",
    sources=TABLET_WEB,
    projects=(TABLET_WEB / "tsconfig.json", TABLET_WEB / "tsconfig.worker.json"),
    patterns=(
        "field_client/web/*.*", "field_client/web/src/**/*",
        "field_client/web/public/**/*",
    ),
)  # fmt: skip
CONSOLE = App(
    name="console",
    sources=CONSOLE_WEB,
    projects=(CONSOLE_WEB / "tsconfig.json",),
    patterns=(
        "server/console/*.*", "server/console/src/**/*",
        "field_client/web/src/shared/*", "field_client/web/public/icon.svg",
    ),
)  # fmt: skip
VERIFY = App(
    name="verify",
    sources=VERIFY_WEB,
    projects=(VERIFY_WEB / "tsconfig.json",),
    patterns=("server/verify/*.*", "server/verify/src/**/*", "package.json"),
)
APPS = (TABLET, CONSOLE, VERIFY)


def bring_up_to_date(*apps: App) -> tuple[App, ...]:
    """Build these apps, or all, unless they are fresh; those that were built."""
    with _alone():
        return tuple(one for one in apps or APPS if _renewed(one))


def _renewed(app: App) -> bool:
    if app.is_fresh():
        return False
    said = app.made_of()
    with tempfile.TemporaryDirectory(dir=BUILT) as aside:
        build(Path(aside) / "new", app.sources)
        _put_in_place(app.built, Path(aside) / "new", Path(aside) / "old")
    app.mark.write_text(said)
    return True


def check(*apps: App) -> None:
    """tsc, strict, finds nothing wrong in `sync/` and in these apps: the only judge."""
    everywhere = (ROOT / "tsconfig.json",)
    for project in (*everywhere, *(one for app in apps for one in app.projects)):
        _run("typescript/bin/tsc", "--noEmit", "--project", project)


def build(folder: Path, sources: Path) -> None:
    """The app with these sources into this folder."""
    _run("vite/bin/vite.js", "build", sources, "--outDir", folder, "--logLevel", "warn")


def _run(program: str, *words: str | Path) -> None:
    """One of our Node packages; what it says is shown if it fails."""
    script = ROOT / "node_modules" / program
    done = subprocess.run(
        [node(), script, *words], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def _put_in_place(place: Path, new: Path, old: Path) -> None:
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[None]:
    """No two builds at once."""
    BUILT.mkdir(exist_ok=True)
    with (BUILT / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Check on demand, build if needed."""
    parser = argparse.ArgumentParser(prog="make web", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="types only, build nothing"
    )
    if parser.parse_args().check:
        check(*APPS)
        return
    stale = [app for app in APPS if not app.is_fresh()]
    if stale:
        check(*stale)
    for app in bring_up_to_date(*stale) if stale else ():
        sys.stderr.write(f"built {app.built.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
