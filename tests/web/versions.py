"""Another version of the app, really built: from the same sources, with a mark in them
and whatever else that version has changed.

May not enter: what a version does differently, what is asserted.
"""

import shutil
from pathlib import Path

from infra import web_apps
from tests.house.ground import ROOT

SOURCES = (
    "field_client/web", "infra/packing.ts", "sync", "package.json", "tsconfig.json"
)  # fmt: skip
MARK = '<meta name="version" content="{}" />'


Change = tuple[str, str, str]  # a source, what it says, what it will say


def build_marked(folder: Path, mark: str, *changes: Change) -> Path:
    """The app with this mark in its page and in one screen that is fetched later, and
    with these changes."""
    sources, built = folder / "sources", folder / "tablet"
    for name in SOURCES:
        here, there = ROOT / name, sources / name
        there.parent.mkdir(parents=True, exist_ok=True)
        if here.is_dir():
            shutil.copytree(here, there, ignore=shutil.ignore_patterns("*.py", "*.po"))
        else:
            shutil.copy(here, there)
    (sources / "node_modules").symlink_to(ROOT / "node_modules")
    web = sources / "field_client" / "web"
    _append(web / "src/screens/outbox.tsx", f'console.debug("version {mark}");\n')
    page = (web / "index.html").read_text()
    (web / "index.html").write_text(
        page.replace("<title>", MARK.format(mark) + "<title>")
    )
    for name, old, new in changes:
        said = (web / name).read_text()
        assert old in said, name
        (web / name).write_text(said.replace(old, new))
    web_apps.build(built, web)
    return built


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)
