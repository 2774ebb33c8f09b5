"""The tables of board."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = {
    "order_row_by_stage": ("order_row", ["open", "stage"]),
    "order_row_by_project": ("order_row", ["project"]),
    "order_row_by_technician": ("order_row", ["technician"]),
    "order_row_by_registered": ("order_row", ["registered_ms"]),
    "order_row_by_number": ("order_row", ["number"]),
    "order_words_by_sought": ("order_words", ["field", "sought"]),
    "posted_by_age": ("posted", ["begun_ms"]),
}
TABLES = (
    "order_row", "order_words", "acknowledged", "posted", "saved_view",
)  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "order_row",
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("sort", sa.String(length=40), nullable=False),
        sa.Column("trade", sa.String(length=100), nullable=False),
        sa.Column("priority", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("technician", sa.String(length=64), nullable=True),
        sa.Column("registered_ms", sa.BigInteger(), nullable=False),
        sa.Column("appointment_start_ms", sa.BigInteger(), nullable=True),
        sa.Column("appointment_end_ms", sa.BigInteger(), nullable=True),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("rework", sa.Integer(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stream"),
    )
    op.create_table(
        "order_words",
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column(
            "sought",
            sa.String(length=200).with_variant(
                sa.String(length=200, collation="C"), "postgresql"
            ),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("stream", "field"),
    )
    op.create_table(
        "acknowledged",
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("heard_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "actor", "device"),
    )
    op.create_table(
        "posted",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=43), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "key"),
    )
    op.create_table(
        "saved_view",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "name"),
    )
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns, unique=False)


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.drop_table(table)
