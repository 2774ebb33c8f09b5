"""The tables of legal holds, and of erasures that wait for one to end."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("stream", sa.String(80), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("held_ms", sa.BigInteger, nullable=False),
        sa.Column("until_ms", sa.BigInteger),
        sa.Column("released_ms", sa.BigInteger),
        sa.Column("released_by", sa.String(64)),
        sa.Column("why_released", sa.String(200)),
    )
    op.create_index("ix_legal_hold_stream", "legal_hold", ["stream"])
    op.create_table(
        "erasure_waiting",
        sa.Column("stream", sa.String(80), primary_key=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("asked_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("erasure_waiting")
    op.drop_table("legal_hold")
