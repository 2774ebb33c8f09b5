"""The tables of what owners reach us by: links, one-time codes, confidential words.

No token and no code lies here: both are made anew from the server's secret. May not
enter: queries.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from server.tables import metadata

owner_link = Table(
    "owner_link", metadata,
    Column("token", String(43), primary_key=True),  # the digest of it
    Column("stream", String(80), nullable=False),
    Column("serial", Integer, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("revoked_ms", BigInteger),
    Index("owner_link_of_stream", "stream", "serial", unique=True),
)  # fmt: skip

# How often a code was tried, by the fact that asked for it.
owner_code = Table(
    "owner_code", metadata,
    Column("asked", String(43), primary_key=True),
    Column("stream", String(80), nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("used_ms", BigInteger),
    Index("owner_code_of_stream", "stream"),
)  # fmt: skip

# What an owner says of a person who works here: never a fact, for facts travel to the
# tablets of those they are about (C6).
owner_report = Table(
    "owner_report", metadata,
    Column("id", String(43), primary_key=True),
    Column("stream", String(80), nullable=False),
    Column("words", Text, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Index("owner_report_by_age", "made_ms"),
)  # fmt: skip
