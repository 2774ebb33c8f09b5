"""Which characters can be drawn, and by which font: names are written as they are.

The chain: a font that comes as a package, then fonts for rare names where the machine
has them. What none of them holds is spelled as its code point, in brackets, so that no
character is ever a blank. May not enter: what is written.
"""

import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

HANAZONO = Path("/usr/share/fonts/truetype/hanazono")  # Debian: fonts-hanazono
_MARKED = re.compile("[^\u0300-\u036f][\u0300-\u036f]+")
_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))  # which shape of the one before
_EMPTY = frozenset({0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800})  # letters without ink
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Me", "Mc"})
_WINDOWS, _WIDE, _NARROW = 3, 12, 4  # platform, formats of a `cmap`

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Fonts in the sequence in which they are asked for a character. `lacking` finds
    what none of them has ink for."""

    families: tuple[str, ...]
    folders: tuple[str, ...]
    lacking: re.Pattern[str]

    def drawable(self, text: str) -> str:
        """The text as it can be drawn: a letter with its marks as one letter where
        there is one, and what no font has by its number."""
        return self.lacking.sub(_spelled, _MARKED.sub(_composed, text))


def _spelled(found: re.Match[str]) -> str:
    return " " if found[0] in "\n\t" else f"[U+{ord(found[0]):04X}]"


def _composed(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[0])


@cache
def chain(rare: Path = HANAZONO) -> Chain:
    """The fonts of this machine; the first one is always there."""
    home = Path(str(files("noto_cjk_sans_otc")))
    known = [("Noto Sans CJK SC", home / "NotoSansCJK-Regular.ttc")] + [
        (name, rare / f"{name}.ttf") for name in ("HanaMinA", "HanaMinB")
    ]
    here = [(name, path) for name, path in known if path.exists()]
    spans = sorted(span for _, path in here for span in covered(path))
    return Chain(
        families=tuple(name for name, _ in here),
        folders=tuple(dict.fromkeys(str(path.parent) for _, path in here)),
        lacking=_all_but([*_visible(spans), *_SELECTORS]),
    )


def _all_but(spans: list[tuple[int, int]]) -> re.Pattern[str]:
    inside = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)
    return re.compile(f"[^{inside}]")


def _visible(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Without what nobody sees: fillers, controls, what turns the writing round."""
    codes = (code for first, last in _joined(spans) for code in range(first, last + 1))
    seen = [code for code in codes if code not in _EMPTY
            and unicodedata.category(chr(code)) not in _UNSEEN]  # fmt: skip
    return _joined([(code, code) for code in seen])


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    first, last = spans[0]
    for start, end in spans[1:]:
        if start > last + 1:
            yield first, last
            first, last = start, end
        last = max(last, end)
    yield first, last


def covered(path: Path) -> Ranges:
    """The characters that a font file has, as its `cmap` says (OpenType; of a
    collection the first font, which shares its table with the others)."""
    raw = path.read_bytes()
    start = struct.unpack_from(">I", raw, 12)[0] if raw[:4] == b"ttcf" else 0
    count = struct.unpack_from(">H", raw, start + 4)[0]
    tables = (struct.unpack_from(">4sIII", raw, start + 12 + 16 * n) for n in
              range(count))  # fmt: skip
    at = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    subtables = struct.unpack_from(">H", raw, at + 2)[0]
    found: dict[int, int] = {}
    for n in range(subtables):
        platform, _, offset = struct.unpack_from(">HHI", raw, at + 4 + 8 * n)
        if platform in (0, _WINDOWS):
            found[struct.unpack_from(">H", raw, at + offset)[0]] = at + offset
    if _WIDE in found:
        return tuple(_wide(raw, found[_WIDE]))
    return tuple(_narrow(raw, found[_NARROW]))


def _wide(raw: bytes, at: int) -> Iterator[tuple[int, int]]:
    for n in range(struct.unpack_from(">I", raw, at + 12)[0]):
        first, last, _ = struct.unpack_from(">III", raw, at + 16 + 12 * n)
        yield first, last


def _narrow(raw: bytes, at: int) -> Iterator[tuple[int, int]]:
    count = struct.unpack_from(">H", raw, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", raw, at + 14)
    starts = struct.unpack_from(f">{count}H", raw, at + 16 + 2 * count)
    for first, last in zip(starts, ends, strict=True):
        if first != 0xFFFF:
            yield first, last
