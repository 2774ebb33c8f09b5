"""What a person reads, in every language.

Sentences are written in Chinese where they belong (`N_("…")` marks them) and the
catalogues `sync/words/*.po` hold the other languages. Doors translate; nothing in
`sync/` knows which language is spoken. May not enter: files, locale detection.
"""


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for marking
    """Mark a sentence for the catalogues; it stays as it is."""
    return sentence
