"""The demonstration's voice: Chinese is the source, catalogues hold the others.

May not enter: what is said when.
"""

from sync.problems import fill
from sync.words import LANGUAGES
from sync.words.catalogue import Catalogue, catalogue

__all__ = ["LANGUAGES", "_", "speak"]

_spoken: dict[str, Catalogue] = {}


def speak(language: str) -> None:
    """From now on say everything in this language."""
    _spoken["now"] = catalogue(language)


def _(sentence: str, **facts: object) -> str:
    """The sentence in the language that is spoken, with these values in it."""
    return fill(_spoken.get("now", {}).get(sentence, sentence), facts)
