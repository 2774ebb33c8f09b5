"""Beside a difference: what a person decided about it, and who sees to it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NULLABLE: dict[str, sa.types.TypeEngine[Any]] = {
    "choice": sa.String(10), "reason": sa.String(40),
    "settled_by": sa.String(64), "settled_ms": sa.BigInteger(),
}  # fmt: skip


def upgrade() -> None:
    """Apply."""
    for name, kind in NULLABLE.items():
        op.add_column("difference", sa.Column(name, kind))
    handler = sa.Column("handler", sa.String(64), nullable=False, server_default="")
    op.add_column("difference", handler)


def downgrade() -> None:
    """Take back."""
    for name in ("handler", *NULLABLE):
        op.drop_column("difference", name)
