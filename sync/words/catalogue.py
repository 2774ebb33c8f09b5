"""The catalogues, sentence -> sentence, as the package was shipped with them.

A `.po` file here is part of the code, as a table in a module is: the same on every
machine, never written by a running program. So it is read as package data, and `sync/`
still knows no file of the world. May not enter: which language a reader wants.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import StringIO

from babel.messages.pofile import read_po

from sync.words import SOURCE

Catalogue = Mapping[str, str]


@cache
def catalogue(language: str) -> Catalogue:
    """The sentences of a language; empty for the source language."""
    if language == SOURCE:
        return {}
    text = (files("sync.words") / f"{language}.po").read_text("utf-8")
    return read_catalogue(text)


def read_catalogue(text: str) -> Catalogue:
    """The finished translations in the text of a `.po` file."""
    return {
        str(message.id): str(message.string)
        for message in read_po(StringIO(text))
        if message.id and message.string and not message.fuzzy
    }
