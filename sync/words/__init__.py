"""What a person reads, in every language.

Sentences are written in Chinese where they belong (`N_("…")` marks them); the
catalogues beside this file hold the other languages. Doors translate; nothing else in
`sync/` knows which language is spoken. May not enter: files, locale detection.
"""


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for marking
    """Mark a sentence for the catalogues; it stays as it is."""
    return sentence
