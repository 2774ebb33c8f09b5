"""What a person reads, in every language.

Sentences are written in Chinese where they belong (`N_("…")` marks them); the
catalogues beside this file hold the other languages. Doors translate; nothing else in
`sync/` knows which language is spoken. May not enter: files, locale detection.
"""

LANGUAGES = ("zh-CN", "zh-TW", "en")
SOURCE = LANGUAGES[0]

_TRADITIONAL = frozenset({"zh-tw", "zh-hk", "zh-mo", "zh-hant"})


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for marking
    """Mark a sentence for the catalogues; it stays as it is."""
    return sentence


def language_for(tag: str) -> str | None:
    """Our language for a reader's language tag (RFC 5646, or a locale's name without
    its encoding); None if we speak nothing that they read."""
    parts = tag.replace("_", "-").lower().split("-")
    if parts[0] == "zh":
        return "zh-TW" if "-".join(parts[:2]) in _TRADITIONAL else SOURCE
    return "en" if parts[0] == "en" else None
