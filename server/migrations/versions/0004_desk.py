"""The tables of the desk: homes, residents, rosters, qualifications, what was taken."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "home",
        *_place(),
        sa.Column("handed_over_day", sa.String(10), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("home_of_room", "home", ["room"])
    op.create_table(
        "resident",
        *_place(),
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("phone", sa.String(40), primary_key=True),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
    )
    op.create_index("resident_of_phone", "resident", ["phone"])
    op.create_index("resident_of_name", "resident", ["name"])
    op.create_table(
        "roster",
        sa.Column("project", sa.String(100), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("lead", sa.String(64), nullable=False),
        sa.Column("technicians", sa.Text, nullable=False),
        sa.Column("rev", sa.Integer, nullable=False),
        sa.Column("changed_ms", sa.BigInteger, nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
    )
    op.create_index("roster_of_day", "roster", ["day"])
    op.create_table(
        "qualification",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("what", sa.String(40), primary_key=True),
        sa.Column("certificate", sa.String(80), primary_key=True),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_until", sa.String(10), nullable=False),
    )
    op.create_table(
        "contractor",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "contractor_person",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("contractor", sa.String(64), nullable=False),
    )
    op.create_table(
        "taken",
        sa.Column("provisional", sa.String(20), primary_key=True),
        sa.Column("stream", sa.String(80), nullable=False, unique=True),
        sa.Column("taken_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "taken_on",
        sa.Column("day", sa.String(6), primary_key=True),
        sa.Column("numbers", sa.Integer, nullable=False),
    )


def _place() -> list[sa.Column[str]]:
    """What names a home."""
    return [
        sa.Column("project", sa.String(100), primary_key=True),
        sa.Column("building", sa.String(40), primary_key=True),
        sa.Column("unit", sa.String(40), primary_key=True),
        sa.Column("room", sa.String(40), primary_key=True),
    ]


def downgrade() -> None:
    """Take back."""
    for table in (
        "taken_on", "taken", "contractor_person", "contractor", "qualification",
        "roster", "resident", "home",
    ):  # fmt: skip
        op.drop_table(table)
