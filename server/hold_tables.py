"""The tables of legal holds, and of erasures that wait for one to end.

Operational: who asked, why, until when. That something was held or let go is an event
of the book besides. May not enter: queries.
"""

from sqlalchemy import BigInteger, Column, String, Table, Text

from server.tables import metadata

# Nothing of this order is erased until then, or until somebody lets it go.
legal_hold = Table(
    "legal_hold", metadata,
    Column("id", String(64), primary_key=True),  # digest of what it says
    Column("stream", String(80), nullable=False, index=True),
    Column("by", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("held_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger),  # none: until it is let go
    Column("released_ms", BigInteger),
    Column("released_by", String(64)),
    Column("why_released", String(200)),
)  # fmt: skip

# What was asked for meanwhile; goes when it was done.
erasure_waiting = Table(
    "erasure_waiting", metadata,
    Column("stream", String(80), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("roles", Text, nullable=False),  # JSON: bytes in these roles go too
    Column("asked_ms", BigInteger, nullable=False),
)  # fmt: skip
