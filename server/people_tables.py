"""The tables of people: who they are, what they may do, where they are logged in.

May not enter: queries.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from server.tables import PLACE, metadata

# A role in a project ("*": in every one).
grant = Table(
    "grant", metadata,
    Column("person", String(64), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("project", String(100), primary_key=True),
    Column("granted_ms", BigInteger, nullable=False),
)  # fmt: skip

# What the desk knows of a person besides the name; whoever has no row has none of it.
account = Table(
    "account", metadata,
    Column("person", String(64), primary_key=True),
    Column("password", Text),  # Argon2id, as a PHC string
    Column("subject", String(300), unique=True),  # at the OpenID provider
    Column("phone", String(40), nullable=False, server_default=""),
    Column("email", String(200), nullable=False, server_default=""),
    Column("language", String(10), nullable=False, server_default="zh"),
    Column("left_ms", BigInteger),  # works here no more
    Column("rev", Integer, nullable=False, server_default="1"),
)  # fmt: skip

session = Table(
    "session", metadata,
    Column("id", String(43), primary_key=True),  # digest of what the cookie holds
    Column("person", String(64), nullable=False),
    Column("begun_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("client", String(200), nullable=False),
    Column("address", String(64), nullable=False),
    Column("openid", Boolean, nullable=False),
    Index("session_of_person", "person"),
)  # fmt: skip

password_code = Table(
    "password_code", metadata,
    Column("code", String(43), primary_key=True),  # digest of the code
    Column("person", String(64), nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
)  # fmt: skip

# Wrong passwords, by person and by address.
attempt = Table(
    "attempt", metadata,
    Column("id", String(43), primary_key=True),  # digest of whom or whence
    Column("wrong", Integer, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
)  # fmt: skip

project = Table(
    "project", metadata,
    Column("id", String(100), primary_key=True),  # as the register names the site
    Column("name", String(200), nullable=False),
    Column("closed_ms", BigInteger),
    Column("rev", Integer, nullable=False, server_default="1"),
)  # fmt: skip

# Who read or changed what (S2). `once`: what is noted no more than once.
trace = Table(
    "trace", metadata,
    Column("id", PLACE, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("person", String(64), nullable=False),
    Column("action", String(40), nullable=False),
    Column("stream", String(80), nullable=False),
    Column("what", Text, nullable=False),
    Column("once", String(43), unique=True),
    Index("trace_of_stream", "stream", "at_ms"),
)  # fmt: skip

# What a device last said of itself, and why it was revoked.
device_state = Table(
    "device_state", metadata,
    Column("device", String(64), primary_key=True),
    Column("told_ms", BigInteger),
    Column("drift_ms", BigInteger),  # its clock minus ours
    Column("persisted", Boolean),  # will the browser keep its storage?
    Column("free_bytes", BigInteger),
    Column("revoked_by", String(64)),
    Column("reason", Text),
)  # fmt: skip
