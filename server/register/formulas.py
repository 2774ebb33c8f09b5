"""No cell that we write is a formula (X12).

A spreadsheet runs what begins with = + - @, also behind blanks, full-width signs
included, and some split a cell at its newlines first. An apostrophe before it makes
it text. May not enter: files.
"""

import re

# Blanks are all but the ends of lines; tab and CR are dangerous on their own.
_RUNS = "(?=[\t\r]|[^\\S\r\n]*[=+\\-@＝＋－＠﹢﹣﹦﹫−])"
_FORMULA = re.compile(f"(^|[\r\n]){_RUNS}")
_NEUTRALISED = re.compile(f"(^|[\r\n])'{_RUNS}")


def neutral(cell: str) -> str:
    """The cell as text that no spreadsheet runs."""
    return _FORMULA.sub(r"\1'", cell)


def unneutral(cell: str) -> str:
    """The cell as it was before `neutral`: a file of wrong rows comes back mended."""
    return _NEUTRALISED.sub(r"\1", cell)
