"""The tables of the central service log as it was brought in, and of what differs.

Versions of rows are only ever added to; what the newest say lies beside them, once for
each number. May not enter: queries.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from server.tables import PLACE, metadata

# A file or a post that rows came in with. Its bytes are not kept: an owner who has a
# right to be forgotten would live on in them. Whoever has the file can show that it is
# the one.
central_file = Table(
    "central_file", metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of its bytes
    Column("name", String(300), nullable=False),
    Column("columns", Text, nullable=False),  # JSON: its headings
    Column("rows", Integer, nullable=False),
    Column("mapping", String(80)),
    Column("by", String(64), nullable=False),
    Column("begun_ms", BigInteger, nullable=False),
    Column("finished_ms", BigInteger),  # none: broken off, and goes on when it is back
)  # fmt: skip

# Whoever brings rows in holds this until the commit, so no reader steps over one.
central_head = Table(
    "central_head", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("seq", BigInteger, nullable=False),
)  # fmt: skip

# A row of a file as it stood there, whenever it said something new.
central_version = Table(
    "central_version", metadata,
    Column("seq", PLACE, primary_key=True, autoincrement=False),
    Column("number", String(64), nullable=False),
    Column("file", String(64), nullable=False),
    Column("line", Integer, nullable=False),
    Column("cells", Text, nullable=False),  # JSON; empty once its owner is forgotten
    Column("reasons", Text),  # JSON: why it cannot be read
    Column("brought_ms", BigInteger, nullable=False),
    Index("central_version_of", "number", "seq"),
)  # fmt: skip

# What the central log says of a number now.
central_row = Table(
    "central_row", metadata,
    Column("number", String(64), primary_key=True),
    Column("seq", BigInteger, nullable=False),  # of its newest change
    Column("cells_digest", String(43), nullable=False),  # of the row as it stood there
    Column("said", Text),  # JSON of a RegisterRow; none: no row of it could be read yet
    Column("unreadable", String(200), nullable=False),  # codes: its newest row
    Column("times", Integer, nullable=False),  # that it stands in its newest file
    Column("project", String(200), nullable=False),
    Column("home", String(43)),  # digest of where it is
    Column("registered_ms", BigInteger),
    Column("stream", String(80)),  # the order that it was last compared with
    Index("central_row_by_seq", "seq"),
    Index("central_row_by_home", "home"),
    Index("central_row_by_stream", "stream"),
    Index("central_row_by_registered", "registered_ms"),
)  # fmt: skip

# What a company's own headings mean, for files that come again and again.
central_mapping = Table(
    "central_mapping", metadata,
    Column("name", String(80), primary_key=True),
    Column("columns", Text, nullable=False),  # JSON: theirs -> ours
    Column("by", String(64), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
)  # fmt: skip

# A difference is its number, its code and both sides: if a side changes, it is another
# one. `open`: it still stands; `decision`: the fact by which a person settled it.
difference = Table(
    "difference", metadata,
    Column("id", String(43), primary_key=True),
    Column("number", String(64), nullable=False),
    Column("code", String(40), nullable=False),
    Column("stream", String(80)),
    Column("project", String(200), nullable=False),
    Column("register", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("about", String(64), nullable=False),  # the other number that it speaks of
    Column("first_ms", BigInteger, nullable=False),
    Column("gone_ms", BigInteger),
    Column("open", Boolean, nullable=False),
    # What its number's documents say of it, and comes again from them at any time.
    Column("decision", String(43)),
    Column("choice", String(10)),
    Column("reason", String(40)),
    Column("settled_by", String(64)),
    Column("settled_ms", BigInteger),
    Column("handler", String(64), nullable=False, server_default=""),
    Index("difference_of", "number"),
    Index("difference_about", "about"),
    Index("difference_of_stream", "stream"),
    Index("difference_open", "open", "code", "first_ms", "id"),
    Index("difference_decided", "decision"),
)  # fmt: skip

# How far both sides have been compared, by which terms.
compared = Table(
    "compared", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("turn", BigInteger, nullable=False),  # which pass is at it
    Column("central_seq", BigInteger, nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("first_ms", BigInteger),  # from when to when the central log reaches
    Column("end_ms", BigInteger),
    Column("terms", String(43), nullable=False),
    Column("names", Text, nullable=False),  # JSON: what technicians were called
    # Up to which pair of pictures that look the same.
    Column("pairs", BigInteger, nullable=False, server_default="0"),
    Column("at_ms", BigInteger, nullable=False),
)  # fmt: skip
