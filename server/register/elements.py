"""The elements of a long XML file, one after another.

The tree grows in C, without a call per element, and each element leaves it once it is
complete: what is held is a chunk of the file. May not enter: what an element means.
"""

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

CHUNK = 64 * 1024


def elements(file: IO[bytes], depth: int) -> Iterator[Element]:
    """Those so many levels below the root, complete, in their sequence. Raises
    ParseError for what is no XML and for a document type, with which entities come."""
    builder, opening = TreeBuilder(), _Opening()
    roof = builder.start("roof", {})  # the root will stand under it, within reach
    watch = XMLParser(target=opening)  # noqa: S314 - lets no document type pass
    parser = XMLParser(target=builder)  # noqa: S314
    while chunk := file.read(CHUNK):
        if not opening.over:
            watch.feed(chunk)
        parser.feed(chunk)
        yield from _complete(roof, depth + 1)
    parser.close()
    yield from _complete(roof, depth + 1, closed=True)


class _Opening:
    """What stands before the root."""

    over = False

    def doctype(self, *_: str | None) -> None:
        raise ParseError("a document type")

    def start(self, _tag: str, _attributes: dict[str, str]) -> None:
        self.over = True


def _complete(above: Element, depth: int, *, closed: bool = False) -> Iterator[Element]:
    """The complete elements so many levels below; all before the last one leave the
    tree. Of an open element the last child may still be open."""
    end = len(above) if closed else len(above) - 1
    whole, last = above[: max(end, 0)], above[max(end, 0) :]
    del above[: len(whole)]
    if depth == 1:
        yield from whole
        return
    for element in whole:
        yield from _complete(element, depth - 1, closed=True)
    for element in last:
        yield from _complete(element, depth - 1)
