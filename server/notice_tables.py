"""The tables of notices: to whom they may go, what is on its way, how far we looked.

A notice holds no words of an owner: what it says is put together when it goes out. May
not enter: queries.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from server.tables import metadata

# The allow-list: nothing is ever sent to what has no row here, or a removed one.
target = Table(
    "target", metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(12), nullable=False),  # wecom … sms, webhook
    Column("name", String(100), nullable=False),
    Column("address", String(500), nullable=False),  # "*": people's own
    Column("project", String(100), nullable=False),  # "*": of every project
    Column("audiences", Text, nullable=False),  # JSON: lead, technician, owner …
    Column("kinds", Text, nullable=False),  # JSON: kinds of facts; none: all
    Column("secret", Text),
    Column("former_secret", Text),
    Column("former_until_ms", BigInteger),
    Column("made_ms", BigInteger, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("removed_ms", BigInteger),
)  # fmt: skip

notice = Table(
    "notice", metadata,
    Column("id", String(40), primary_key=True),
    Column("once", String(43), nullable=False, unique=True),  # what it is about
    Column("kind", String(40), nullable=False),  # the occasion
    Column("target", String(32), nullable=False),
    Column("stream", String(80), nullable=False),
    Column("person", String(64), nullable=False),  # whom it is for; "": the owner
    Column("facts", Text, nullable=False),  # JSON: numbers and codes, no words
    Column("urgent", Boolean, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("next_ms", BigInteger, nullable=False),
    Column("leased_ms", BigInteger, nullable=False),  # until then somebody is at it
    Column("tries", Integer, nullable=False),
    Column("state", String(8), nullable=False),  # waiting, failed, sent, dead
    Column("error", Text),
    Column("sent_ms", BigInteger),
    Index("notice_due", "state", "next_ms"),
    Index("notice_by_age", "made_ms"),
)  # fmt: skip

# How many messages a target may have at once, in thousandths, as of an instant.
bucket = Table(
    "bucket", metadata,
    Column("target", String(32), primary_key=True),
    Column("left", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)  # fmt: skip

# Up to which position of the ledger occasions were looked for.
notice_mark = Table(
    "notice_mark", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("position", BigInteger, nullable=False),
)  # fmt: skip
