"""The server's voice: sentences in the reader's language.

Chinese is the source; the catalogues in `sync/words/` hold the others.
"""

from collections.abc import Mapping
from typing import Any

from flask import has_request_context, request

from sync.problems import fill
from sync.words import LANGUAGES, SOURCE, language_for
from sync.words.catalogue import catalogue

__all__ = ["LANGUAGES", "say"]


def say(sentence: str, facts: Mapping[str, Any], language: str | None = None) -> str:
    """A sentence of the catalogue, translated and filled."""
    chosen = language or _asked_language()
    return fill(catalogue(chosen).get(sentence, sentence), facts)


def _asked_language() -> str:
    """What the request prefers among the languages we speak; else Chinese."""
    asked = request.accept_languages if has_request_context() else ()
    wanted = (language_for(tag) for tag, quality in asked if quality > 0)
    return next(filter(None, wanted), SOURCE)
