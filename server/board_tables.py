"""The tables of the board: what lists of orders are searched and sorted by.

`order_row` and `order_words` hold nothing that the ledger does not, and can be made
anew from it; the rest is the desk's own. May not enter: queries.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from server.tables import metadata

# One order in lists. The card is what a board shows, without the owner's data.
order_row = Table(
    "order_row", metadata,
    Column("stream", String(80), primary_key=True),
    Column("number", String(64)),
    Column("project", String(200), nullable=False),
    Column("former", Text, nullable=False),  # JSON: projects that it was in before
    Column("sort", String(40), nullable=False),
    Column("trade", String(100), nullable=False),
    Column("priority", String(20), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("technician", String(64)),
    Column("registered_ms", BigInteger, nullable=False),
    Column("appointment_start_ms", BigInteger),
    Column("appointment_end_ms", BigInteger),
    Column("reviews", Integer, nullable=False),  # how many wait for a person
    Column("rework", Integer, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("card", Text, nullable=False),
    Index("order_row_by_stage", "open", "stage"),
    Index("order_row_by_project", "project"),
    Index("order_row_by_technician", "technician"),
    Index("order_row_by_registered", "registered_ms"),
    Index("order_row_by_number", "number"),
)  # fmt: skip

# By its bytes, so that a stretch of it is a stretch of its index.
BYTEWISE = String(200).with_variant(String(200, collation="C"), "postgresql")

# What a request is looked up by: private values, gone with what they were copied from.
order_words = Table(
    "order_words", metadata,
    Column("stream", String(80), primary_key=True),
    Column("field", String(20), primary_key=True),
    Column("value", Text, nullable=False),
    Column("sought", BYTEWISE),  # as `server/sought.py` has it
    Index("order_words_by_sought", "field", "sought"),
)  # fmt: skip

# What a tablet was shown and has come back for more since: it holds the order, or is
# rid of it, as of that position (P6).
acknowledged = Table(
    "acknowledged", metadata,
    Column("stream", String(80), primary_key=True),
    Column("actor", String(64), primary_key=True),
    Column("device", String(64), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("heard_ms", BigInteger, nullable=False),
)  # fmt: skip

# Posts that create something, by the key that their sender gave them.
posted = Table(
    "posted", metadata,
    Column("person", String(64), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("digest", String(43), nullable=False),  # of what was asked
    Column("status", Integer),  # none as long as it is being answered
    Column("answer", Text),
    Column("begun_ms", BigInteger, nullable=False),
    Index("posted_by_age", "begun_ms"),
)  # fmt: skip

# What a person has put together to look at again: a name and a query.
saved_view = Table(
    "saved_view", metadata,
    Column("person", String(64), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("query", Text, nullable=False),
    Column("version", Integer, nullable=False),
)  # fmt: skip
