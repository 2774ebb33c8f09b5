"""The tables of the desk: homes and who lives there, rosters, qualifications.

Days are written 2026-05-01, an empty one is not known or has no end; a project is named
as the register names its site. May not enter: queries.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from server.tables import metadata

home = Table(
    "home", metadata,
    Column("project", String(100), primary_key=True),
    Column("building", String(40), primary_key=True),
    Column("unit", String(40), primary_key=True),
    Column("room", String(40), primary_key=True),
    Column("handed_over_day", String(10), nullable=False),  # warranty runs from it (L2)
    Column("note", Text, nullable=False),
    Index("home_of_room", "room"),
)  # fmt: skip

resident = Table(
    "resident", metadata,
    Column("project", String(100), primary_key=True),
    Column("building", String(40), primary_key=True),
    Column("unit", String(40), primary_key=True),
    Column("room", String(40), primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("phone", String(40), primary_key=True),
    Column("relation", String(20), nullable=False),  # owner, family, tenant, agent …
    Column("since", String(10), nullable=False),
    Index("resident_of_phone", "phone"),
    Index("resident_of_name", "name"),
)  # fmt: skip

# Who is on duty where, and who leads them that day (P1).
roster = Table(
    "roster", metadata,
    Column("project", String(100), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("lead", String(64), nullable=False),
    Column("technicians", Text, nullable=False),  # JSON: a list of people
    Column("rev", Integer, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Index("roster_of_day", "day"),
)  # fmt: skip

# What somebody may do by certificate (P2); `what`: a trade, "safety", "agreement".
qualification = Table(
    "qualification", metadata,
    Column("person", String(64), primary_key=True),
    Column("what", String(40), primary_key=True),
    Column("certificate", String(80), primary_key=True),
    Column("valid_from", String(10), nullable=False),
    Column("valid_until", String(10), nullable=False),  # the last day it is valid
)  # fmt: skip

contractor = Table(
    "contractor", metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("note", Text, nullable=False),
)  # fmt: skip

# Whose people somebody is; whoever is not here is the company's own.
contractor_person = Table(
    "contractor_person", metadata,
    Column("person", String(64), primary_key=True),
    Column("contractor", String(64), nullable=False),
)  # fmt: skip

# Requests taken here before the register knew them, by their provisional number.
taken = Table(
    "taken", metadata,
    Column("provisional", String(20), primary_key=True),
    Column("stream", String(80), nullable=False, unique=True),
    Column("taken_ms", BigInteger, nullable=False),
)  # fmt: skip

# How many provisional numbers a day has had; only ever grows, may leave gaps.
taken_on = Table(
    "taken_on", metadata,
    Column("day", String(6), primary_key=True),  # 261122
    Column("numbers", Integer, nullable=False),
)  # fmt: skip
