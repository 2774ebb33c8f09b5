"""The server's voice: sentences in the reader's language.

Chinese is the source; the catalogues in `sync/words/` hold the others.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import has_request_context, request

from sync.problems import fill
from sync.words import LANGUAGES, SOURCE, language_for
from sync.words.catalogue import catalogue

__all__ = ["LANGUAGES", "asked_language", "say", "speaking"]

_SPOKEN: ContextVar[str] = ContextVar("spoken", default=SOURCE)


def say(sentence: str, facts: Mapping[str, Any], language: str | None = None) -> str:
    """A sentence of the catalogue, translated and filled."""
    chosen = language or asked_language()
    return fill(catalogue(chosen).get(sentence, sentence), facts)


def asked_language() -> str:
    """What the request prefers among the languages we speak; where nobody requests
    anything, what is being spoken; else Chinese."""
    if not has_request_context():
        return _SPOKEN.get()
    asked = request.accept_languages
    wanted = (language_for(tag) for tag, quality in asked if quality > 0)
    return next(filter(None, wanted), SOURCE)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is written meanwhile, outside any request, is in this language."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)
