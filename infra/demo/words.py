"""The demonstration's voice: Chinese is the source, catalogues hold the others.

May not enter: what is said when.
"""

from importlib.resources import files

from sync.problems import fill
from sync.words.catalogue import Catalogue, read_catalogue

LANGUAGES = ("zh-CN", "zh-TW", "en")
_spoken: dict[str, str] = {}


def speak(language: str) -> None:
    """From now on say everything in this language."""
    file = files("sync") / "words" / f"{language}.po"
    found: Catalogue = read_catalogue(file.read_text("utf-8")) if file.is_file() else {}
    _spoken.clear()
    _spoken.update(found)


def _(sentence: str, **facts: object) -> str:
    """The sentence in the language that is spoken, with these values in it."""
    return fill(_spoken.get(sentence, sentence), facts)
