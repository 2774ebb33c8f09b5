"""The server's voice: sentences in the reader's language.

Chinese is the source; the catalogues in `sync/words/` hold the others.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from flask import has_request_context, request

from sync.problems import fill
from sync.words.catalogue import Catalogue, read_catalogue

LANGUAGES = ("zh-CN", "zh-TW", "en")


@cache
def catalogue(language: str) -> Catalogue:
    """The sentences of a language; empty for the source language."""
    file = files("sync") / "words" / f"{language}.po"
    return read_catalogue(file.read_text("utf-8")) if file.is_file() else {}


def say(sentence: str, facts: Mapping[str, Any], language: str | None = None) -> str:
    """A sentence of the catalogue, translated and filled."""
    chosen = language or _asked_language()
    return fill(catalogue(chosen).get(sentence, sentence), facts)


def _asked_language() -> str:
    if not has_request_context():
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES, LANGUAGES[0]) or LANGUAGES[0]
