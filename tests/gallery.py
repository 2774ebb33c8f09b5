"""Pictures of screens and the paragraphs beside them: taken by a test, kept light, none
without words.

May not enter: which screens there are, how one comes to them.
"""

import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

COLOURS = {"png": 32, "webp": 128}
COMPLETE = """
() => Promise.all([document.fonts.ready, ...[...document.images]
  .filter((one) => one.getBoundingClientRect().top < innerHeight)
  .map((one) => one.decode())]).then(() => true)
"""
NO_DITHER = Image.Dither.NONE
PARAGRAPH = re.compile(
    r"^!\[[^\]]+\]\(pictures/([\w-]+)\.(?:png|webp)\)\n\n(\S.+)$", re.MULTILINE
)
asked_for = pytest.mark.skipif(
    os.environ.get("PICTURES") != "1", reason="PICTURES=1 takes pictures anew"
)


@dataclass(frozen=True)
class Gallery:
    """The pictures of one face, beside the README that shows them."""

    face: Path
    form: str = "png"  # or "webp", which is half as heavy where there is much text

    @property
    def folder(self) -> Path:
        """Where the pictures lie."""
        return self.face / "pictures"

    def clear(self) -> None:
        """Take down what hangs there."""
        self.folder.mkdir(exist_ok=True)
        for old in self.folder.glob(f"*.{self.form}"):
            old.unlink()

    def take(self, page: Page, name: str, part: str = "") -> None:
        """One picture of all or a part, with no more colours than its screen needs."""
        page.evaluate(COMPLETE)
        seen = page.locator(part) if part else page
        shot = Image.open(io.BytesIO(seen.screenshot(animations="disabled")))
        few = shot.convert("RGB").quantize(COLOURS[self.form], dither=NO_DITHER)
        more = {"lossless": True, "method": 6} if self.form == "webp" else {}
        few.save(self.folder / f"{name}.{self.form}", optimize=True, **more)

    @property
    def names(self) -> set[str]:
        """What hangs there."""
        return {path.stem for path in self.folder.iterdir()}

    @property
    def described(self) -> list[str]:
        """What has a paragraph in the README, each as often as it has one."""
        said = PARAGRAPH.findall((self.face / "README.md").read_text("utf-8"))
        return sorted(name for name, _words in said)

    @property
    def weight(self) -> int:
        """How many bytes everybody fetches who clones the project."""
        return sum(path.stat().st_size for path in self.folder.iterdir())
