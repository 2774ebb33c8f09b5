"""The demonstration's voice: Chinese is the source, catalogues hold the others.

May not enter: what is said when.
"""

from sync.problems import fill
from sync.words import LANGUAGES, SOURCE
from sync.words.catalogue import catalogue

__all__ = ["LANGUAGES", "_", "speak", "spoken"]

_spoken = [SOURCE]


def speak(language: str) -> None:
    """From now on say everything in this language."""
    _spoken[:] = [language]


def spoken() -> str:
    """The language that is spoken."""
    return _spoken[0]


def _(sentence: str, **facts: object) -> str:
    """The sentence in the language that is spoken, with these values in it."""
    return fill(catalogue(spoken()).get(sentence, sentence), facts)
