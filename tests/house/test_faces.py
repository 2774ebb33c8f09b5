"""The two faces share words, controls and tokens, and nothing that one keeps."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.ground import ROOT

TABLET = ROOT / "field_client" / "web" / "src"
SHARED = TABLET / "shared"
CONSOLE = ROOT / "server" / "console" / "src"
SYNC = ROOT / "sync"
NAMED = {"#shared/": SHARED, "#sync/": SYNC}  # as package.json has it
ASKED_FOR = re.compile(r'(?:from|import)\s*\(?\s*"([^"]+)"|@import "([^"]+)"')


def asked_for(path: Path) -> Iterator[Path]:
    """The files of this checkout that this one asks for."""
    for found in ASKED_FOR.finditer(path.read_text("utf-8")):
        name = found[1] or found[2]
        for prefix, folder in NAMED.items():
            if name.startswith(prefix):
                yield folder / name.removeprefix(prefix)
        if name.startswith("."):
            yield (path.parent / name).resolve()


def sources(folder: Path) -> list[Path]:
    return [
        one
        for one in sorted(folder.rglob("*.*"))
        if one.suffix in (".ts", ".tsx", ".css")
    ]


@pytest.mark.parametrize(
    ("face", "known"),
    [(SHARED, (SHARED, SYNC)), (CONSOLE, (CONSOLE, SHARED, SYNC)),
     (TABLET, (TABLET, SYNC))],
    ids=["shared", "console", "tablet"],
)  # fmt: skip
def test_a_face_knows_what_it_may_and_no_more(face: Path, known: tuple[Path, ...]):
    """What is shared knows no store, no exchange and no screen; no face the other."""
    odd = [
        f"{path.relative_to(ROOT)} -> {there.relative_to(ROOT)}"
        for path in sources(face)
        for there in asked_for(path)
        if not any(there.is_relative_to(one) for one in known)
    ]

    assert len(sources(face)) > 5
    assert odd == []


def test_the_names_of_shared_folders_are_those_of_package_json():
    held = (ROOT / "package.json").read_text("utf-8")

    assert '"#shared/*": "./field_client/web/src/shared/*"' in held
    assert '"#sync/*": "./sync/*"' in held
