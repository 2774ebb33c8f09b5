"""The tables of owners' links, one-time codes and confidential words."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "owner_link",
        sa.Column("token", sa.String(43), primary_key=True),
        sa.Column("stream", sa.String(80), nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("revoked_ms", sa.BigInteger),
    )
    op.create_index(
        "owner_link_of_stream", "owner_link", ["stream", "serial"], unique=True
    )
    op.create_table(
        "owner_code",
        sa.Column("asked", sa.String(43), primary_key=True),
        sa.Column("stream", sa.String(80), nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("used_ms", sa.BigInteger),
    )
    op.create_index("owner_code_of_stream", "owner_code", ["stream"])
    op.create_table(
        "owner_report",
        sa.Column("id", sa.String(43), primary_key=True),
        sa.Column("stream", sa.String(80), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("owner_report_by_age", "owner_report", ["made_ms"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("owner_report")
    op.drop_table("owner_code")
    op.drop_table("owner_link")
