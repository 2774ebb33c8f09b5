"""The tablet's voice: sentences in the language of whoever holds it.

Chinese is the source; the catalogues in `sync/words/` hold the others. May not enter:
what is said when.
"""

from collections.abc import Mapping
from contextvars import ContextVar

from sync.problems import Refused, fill
from sync.words import LANGUAGES, SOURCE, language_for
from sync.words.catalogue import catalogue

__all__ = ["LANGUAGES", "_", "explain", "language_of", "speak", "spoken"]

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
_spoken: ContextVar[str] = ContextVar("spoken", default=SOURCE)


def speak(language: str) -> None:
    """From now on say everything in this language."""
    _spoken.set(language)


def spoken() -> str:
    """The language that is spoken."""
    return _spoken.get()


def _(sentence: str, **facts: object) -> str:
    """The sentence in the language that is spoken, with these values in it."""
    return fill(catalogue(spoken()).get(sentence, sentence), facts)


def explain(why: Refused) -> str:
    """A refusal's sentence, in the language that is spoken."""
    return _(why.sentence, **why.facts)


def language_of(environment: Mapping[str, str]) -> str:
    """The language that the locale asks for; Chinese if it asks for none we speak."""
    named = next(filter(None, map(environment.get, _LOCALE)), "")
    return language_for(named.partition(".")[0]) or SOURCE
