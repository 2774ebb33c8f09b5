"""The tables, for both databases. Facts, positions and receipts are only ever added to.

Integers are milliseconds UTC or positions; texts are UTF-8. May not enter: queries.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

# The key of a table that grows at its end: in SQLite that is its row number.
PLACE = BigInteger().with_variant(Integer(), "sqlite")

head = Table(
    "head", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("seq", BigInteger, nullable=False),
    Column("epoch", String(64), nullable=False),
    # The tree over all positions so far: roots of its complete subtrees, in hex.
    Column("peaks", Text, nullable=False, server_default=""),
)  # fmt: skip

# One leaf for each position, 32 bytes; those that came in together lie together.
log_leaf = Table(
    "log_leaf", metadata,
    Column("first", PLACE, primary_key=True, autoincrement=False),  # their position
    Column("hashes", LargeBinary, nullable=False),
)  # fmt: skip

# Complete subtrees over 2^level positions, so that a proof reads few leaves.
log_node = Table(
    "log_node", metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)  # fmt: skip

# Heads as they were signed, kept now and then: what was once said cannot be unsaid.
log_head = Table(
    "log_head", metadata,
    Column("epoch", String(64), primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("key", String(43), nullable=False),
    Column("signature", String(100), nullable=False),
)  # fmt: skip

epoch = Table(
    "epoch", metadata,
    Column("id", String(64), primary_key=True),
    Column("parent", String(64)),
    Column("fork_position", BigInteger, nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    Column("seq", BigInteger),  # its first position; none if it is known by hearsay
    Column("signature", String(100)),
)  # fmt: skip

# What a person must know of and put right: one for each restore.
incident = Table(
    "incident", metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    Column("facts", Text, nullable=False),  # JSON: what is known of it
    Column("closed_ms", BigInteger),
    Column("closed_by", String(64)),
    Column("reason", Text),  # why it may be closed, in a person's words
)  # fmt: skip

# Decisions that a tablet had seen and the restored book does not hold.
lost_decision = Table(
    "lost_decision", metadata,
    Column("fact", String(43), primary_key=True),
    Column("incident", String(64), nullable=False),
    Column("stream", String(80), nullable=False),
    Column("decision", Text, nullable=False),  # JSON: which, by whom, for whom
    Column("noted_ms", BigInteger, nullable=False),
)  # fmt: skip

# Documents that tablets brought back, exactly as they were once sent.
returned = Table(
    "returned", metadata,
    Column("stream", String(80), primary_key=True),
    Column("epoch", String(64), primary_key=True),
    Column("rev", BigInteger, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("device", String(64), nullable=False),
    Column("returned_ms", BigInteger, nullable=False),
)  # fmt: skip

# Facts and events together are everything that took place, in commit order and without
# a gap. A fact is found by its log and number; its digest needs no index of its own.
fact = Table(
    "fact", metadata,
    Column("seq", PLACE, primary_key=True, autoincrement=False),
    Column("log", String(130), nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("id", String(43), nullable=False),
    Column("stream", String(80), nullable=False),
    Column("body", Text, nullable=False),  # exactly as handed in
    Column("prev", String(43)),
    Column("received_ms", BigInteger, nullable=False),
    Index("fact_of_log", "log", "n", "id", unique=True),
    Index("fact_of_stream", "stream", "seq"),
)  # fmt: skip

event = Table(
    "event", metadata,
    Column("seq", PLACE, primary_key=True, autoincrement=False),
    Column("what", String(12), nullable=False),  # quarantine, blob, order, epoch …
    Column("stream", String(80)),
    Column("id", String(64), nullable=False),
    Column("received_ms", BigInteger, nullable=False),
)  # fmt: skip

private = Table(
    "private", metadata,
    Column("stream", String(80), primary_key=True),
    Column("commitment", String(43), primary_key=True),
    Column("salt", String(22), nullable=False),
    Column("value", Text, nullable=False),
)  # fmt: skip

quarantine = Table(
    "quarantine", metadata,
    Column("device", String(64), primary_key=True),
    Column("id", String(43), primary_key=True),
    Column("body", Text, nullable=False),
    Column("private", Text, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("log", String(130)),  # where its envelope says that it belongs,
    Column("n", BigInteger),  # if it has one that can be read
    Column("seq", BigInteger, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Column("settled_ms", BigInteger),  # when it became a fact after all
    Index("quarantine_of_log", "log", "n"),
)  # fmt: skip

# The board: documents for searching; can be rebuilt from the facts at any time.
stream = Table(
    "stream", metadata,
    Column("id", String(80), primary_key=True),
    Column("head", BigInteger, nullable=False),  # moved by every change, blobs too
    Column("rev", BigInteger, nullable=False),  # newest fact in the document
    Column("number", String(64)),
    Column("stage", String(16)),
    Column("document", Text, nullable=False),
    Index("stream_by_head", "head"),
    Index("stream_by_number", "number"),
)  # fmt: skip

member = Table(
    "member", metadata,
    Column("actor", String(64), primary_key=True),
    Column("stream", String(80), primary_key=True),
    Column("pos", BigInteger, nullable=False),
    Column("state", String(3), nullable=False),  # in, out
    Column("reason", String(20), nullable=False),
    Column("purge_ms", BigInteger),
    Index("member_feed", "actor", "pos"),
    Index("member_of_stream", "stream"),
)  # fmt: skip

# How many bytes of facts a device handed in on a day (days since 1970, UTC).
taken_in = Table(
    "taken_in", metadata,
    Column("device", String(64), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("bytes", BigInteger, nullable=False),
)  # fmt: skip

# What a device said of its log, and when: freezes everything behind the tip in time.
claim = Table(
    "claim", metadata,
    Column("log", String(130), primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("tip", String(43), primary_key=True),
    Column("seen_ms", BigInteger, nullable=False),
    Column("reading", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
)  # fmt: skip

# How far the chain of a log is known without a gap.
chain = Table(
    "chain", metadata,
    Column("log", String(130), primary_key=True),
    Column("device", String(64), nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("tip", String(43)),
)  # fmt: skip

# Since which fact a log names a time token: whatever follows happened after it.
log_token = Table(
    "log_token", metadata,
    Column("log", String(130), primary_key=True),
    Column("token_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
)  # fmt: skip

push_evidence = Table(
    "push_evidence", metadata,
    Column("log", String(130), primary_key=True),
    Column("root", String(64), primary_key=True),
    Column("ids", Text, nullable=False),
    Column("signature", String(100), nullable=False),
    Column("valid", Boolean, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
)  # fmt: skip

person = Table(
    "person", metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("added_ms", BigInteger, nullable=False),
)  # fmt: skip

device = Table(
    "device", metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("key", Text, nullable=False),  # public JWK
    Column("enrolled_ms", BigInteger, nullable=False),
    Column("revoked_ms", BigInteger),
    Column("contact_ms", BigInteger),
    Column("client", String(80)),
    Column("unsent", BigInteger),
)  # fmt: skip

device_person = Table(
    "device_person", metadata,
    Column("device", String(64), primary_key=True),
    Column("person", String(64), primary_key=True),
)  # fmt: skip

enrolment = Table(
    "enrolment", metadata,
    Column("code", String(43), primary_key=True),  # digest of the code
    Column("person", String(64), nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("device", String(64)),
    Column("key", String(43)),  # thumbprint of the key that used it
)  # fmt: skip

staff_token = Table(
    "staff_token", metadata,
    Column("token", String(43), primary_key=True),  # digest of the token
    Column("person", String(64), nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
)  # fmt: skip

blob = Table(
    "blob", metadata,
    Column("sha256", String(64), primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("type", String(100), nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("finding", Text),  # what Pillow found, as JSON; NULL: not looked at yet
    Index("blob_unseen", "seq", sqlite_where=text("finding IS NULL"),
          postgresql_where=text("finding IS NULL")),
)  # fmt: skip

blob_link = Table(
    "blob_link", metadata,
    Column("sha256", String(64), primary_key=True),
    Column("stream", String(80), primary_key=True),
    Index("blob_link_of_stream", "stream"),
)  # fmt: skip

upload = Table(
    "upload", metadata,
    Column("id", String(43), primary_key=True),
    Column("device", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("type", String(100), nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Index("upload_of_device", "device", "expires_ms"),
)  # fmt: skip

# What the register said of a request when it last said something new (the intake).
register_row = Table(
    "register_row", metadata,
    Column("number", String(64), primary_key=True),
    Column("fact", String(43), primary_key=True),  # what it led to
    Column("digest", String(43), nullable=False),
    Column("source", String(300), nullable=False),
    Column("line", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
)  # fmt: skip

# Copies of the book that were seen to be whole; `covers`: up to which position.
backup = Table(
    "backup", metadata,
    Column("name", String(64), primary_key=True),
    Column("place", String(300), primary_key=True),
    Column("epoch", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("covers", BigInteger, nullable=False),
    Column("apart", Boolean, nullable=False),  # not on the data's own disk
    Column("root", String(64), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("verified_ms", BigInteger),
    Column("broken_ms", BigInteger),
    Column("drilled_ms", BigInteger),  # when it was last restored for practice
)  # fmt: skip

# How far an epoch would survive: the loss of the disk (seq), of the book alone (here).
durable = Table(
    "durable", metadata,
    Column("epoch", String(64), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("here", BigInteger, nullable=False),
)  # fmt: skip

# What a person had a right to see forgotten: never attached again, never restored.
erasure = Table(
    "erasure", metadata,
    Column("stream", String(80), primary_key=True),
    Column("commitment", String(43), primary_key=True),
    Column("erased_ms", BigInteger, nullable=False),
    Column("reason", String(200), nullable=False),
)  # fmt: skip

# The same for bytes: the receipt stays, the bytes are gone and are not taken again.
erased_blob = Table(
    "erased_blob", metadata,
    Column("sha256", String(64), primary_key=True),
    Column("stream", String(80), nullable=False),
    Column("erased_ms", BigInteger, nullable=False),
    Column("reason", String(200), nullable=False),
)  # fmt: skip
