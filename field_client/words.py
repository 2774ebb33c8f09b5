"""The tablet's voice: sentences in the language of whoever holds it.

Chinese is the source; the catalogues in `sync/words/` hold the others. May not enter:
what is said when.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

from sync.problems import Refused, fill
from sync.words.catalogue import Catalogue, read_catalogue

LANGUAGES = ("zh-CN", "zh-TW", "en")
_spoken: ContextVar[str] = ContextVar("spoken", default=LANGUAGES[0])


@cache
def catalogue(language: str) -> Catalogue:
    """The sentences of a language; empty for the source language."""
    file = files("sync") / "words" / f"{language}.po"
    return read_catalogue(file.read_text("utf-8")) if file.is_file() else {}


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
    named = next(
        (
            environment[n]
            for n in ("LC_ALL", "LC_MESSAGES", "LANG")
            if environment.get(n)
        ),
        "",
    )
    wanted = named.split(".")[0].replace("_", "-")
    close = (one for one in LANGUAGES if wanted in (one, one.partition("-")[0]))
    if wanted in ("zh-HK", "zh-Hant"):
        return "zh-TW"
    if wanted.partition("-")[0] == "en":
        return "en"
    return next(close, LANGUAGES[0])
