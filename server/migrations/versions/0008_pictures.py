"""What pictures look like, so that one that comes again is seen."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PLACE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "picture_print",
        sa.Column("picture", PLACE, primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("grey", sa.LargeBinary),
        sa.Column("compared", sa.Boolean, nullable=False),
    )
    op.create_index(
        "picture_uncompared", "picture_print", ["picture"],
        sqlite_where=sa.text("NOT compared"),
        postgresql_where=sa.text("NOT compared"),
    )  # fmt: skip
    op.create_table(
        "picture_key",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("picture", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("code", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    head = op.create_table(
        "pair_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0}])
    op.create_table(
        "picture_pair",
        sa.Column("one", sa.String(64), primary_key=True),
        sa.Column("other", sa.String(64), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("likeness", sa.Integer, nullable=False),
        sa.Column("found_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("picture_pair_other", "picture_pair", ["other"])
    op.create_index("picture_pair_by_seq", "picture_pair", ["seq"])
    pairs = sa.Column("pairs", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("compared", pairs)


def downgrade() -> None:
    """Take back."""
    op.drop_column("compared", "pairs")
    for name in ("picture_pair", "pair_head", "picture_key", "picture_print"):
        op.drop_table(name)
