"""The tables of what pictures look like: a small grey copy, the keys under which others
are found, and pairs that look the same.

All of it is derived from the pictures and can be made again. May not enter: queries.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    text,
)

from server.tables import PLACE, metadata

# A picture that was looked at, by its position in the book. `grey`: none if it shows
# too little to tell it from others; it is then compared by its bytes alone.
picture_print = Table(
    "picture_print", metadata,
    Column("picture", PLACE, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("grey", LargeBinary),
    Column("compared", Boolean, nullable=False),
    Index("picture_uncompared", "picture", sqlite_where=text("NOT compared"),
          postgresql_where=text("NOT compared")),
)  # fmt: skip

# Under which keys a picture is found by others that look like it.
picture_key = Table(
    "picture_key", metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("picture", BigInteger, primary_key=True, autoincrement=False),
    Column("code", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

# Whoever notes pairs holds this until the commit, so no reader steps over one.
pair_head = Table(
    "pair_head", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("seq", BigInteger, nullable=False),
)  # fmt: skip

# Two pictures that look the same; the lesser digest is `one`.
picture_pair = Table(
    "picture_pair", metadata,
    Column("one", String(64), primary_key=True),
    Column("other", String(64), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("likeness", Integer, nullable=False),  # in thousandths
    Column("found_ms", BigInteger, nullable=False),
    Index("picture_pair_other", "other"),
    Index("picture_pair_by_seq", "seq"),
)  # fmt: skip
