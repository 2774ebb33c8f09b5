"""What the office states about a day or a month: closed (结账), opened again.

In a stream of its own, `statement:<period>-<project>`; written by the server alone for
a person who may close, folded into no order and sent to no tablet. May not enter: how
figures are counted (`sync/statements.py`).
"""

from sync.envelope import DIGEST, SHA256_HEX
from sync.facts.what import What
from sync.heads import LogHead
from sync.plain import Record
from sync.words import N_


class Figure(Record, frozen=True, kw_only=True):
    """A number of a statement, with the digest of the list of records behind it."""

    code: str
    value: int
    digest: str


class StatementClosed(What, frozen=True, kw_only=True):
    """Somebody closed a day or a month on these figures, as the book stood at `head`.

    The bytes with the role `statement` hold the records behind every figure; `open` of
    them were named as open, each with a reason (private, by name, as JSON).
    """

    kind = "statement.closed"
    label = N_("结账")
    private = ("reasons",)
    blobs = ("statement",)

    period: str
    project: str = ""  # of all projects, if none is named
    figures: tuple[Figure, ...]
    digest: str  # SHA-256 of the statement, in hex
    open: int = 0
    head: LogHead
    key: str
    signature: str

    def misfit(self) -> str | None:
        if not SHA256_HEX.fullmatch(self.digest):
            return "digest"
        right = all(DIGEST.fullmatch(one.digest) for one in self.figures)
        return None if right else "figures"


class StatementReopened(What, frozen=True, kw_only=True):
    """What was closed is open again, for a reason; what was closed stays readable."""

    kind = "statement.reopened"
    label = N_("重新打开结账")
    private = ("words",)

    closing: str  # the fact that closed it

    def misfit(self) -> str | None:
        return None if DIGEST.fullmatch(self.closing) else "closing"
