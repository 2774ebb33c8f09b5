"""The tables of the central service log, and of what differs from it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PLACE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "central_file",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("columns", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("mapping", sa.String(80)),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("begun_ms", sa.BigInteger, nullable=False),
        sa.Column("finished_ms", sa.BigInteger),
    )
    head = op.create_table(
        "central_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0}])
    op.create_table(
        "central_version",
        sa.Column("seq", PLACE, primary_key=True, autoincrement=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text),
        sa.Column("brought_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("central_version_of", "central_version", ["number", "seq"])
    op.create_table(
        "central_row",
        sa.Column("number", sa.String(64), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("cells_digest", sa.String(43), nullable=False),
        sa.Column("said", sa.Text),
        sa.Column("unreadable", sa.String(200), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("project", sa.String(200), nullable=False),
        sa.Column("home", sa.String(43)),
        sa.Column("registered_ms", sa.BigInteger),
        sa.Column("stream", sa.String(80)),
    )
    op.create_index("central_row_by_seq", "central_row", ["seq"])
    op.create_index("central_row_by_home", "central_row", ["home"])
    op.create_index("central_row_by_stream", "central_row", ["stream"])
    op.create_index("central_row_by_registered", "central_row", ["registered_ms"])
    op.create_table(
        "central_mapping",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("columns", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "difference",
        sa.Column("id", sa.String(43), primary_key=True),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("stream", sa.String(80)),
        sa.Column("project", sa.String(200), nullable=False),
        sa.Column("register", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("about", sa.String(64), nullable=False),
        sa.Column("first_ms", sa.BigInteger, nullable=False),
        sa.Column("gone_ms", sa.BigInteger),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("decision", sa.String(43)),
    )
    op.create_index("difference_of", "difference", ["number"])
    op.create_index("difference_about", "difference", ["about"])
    op.create_index("difference_of_stream", "difference", ["stream"])
    op.create_index("difference_open", "difference", ["open", "code", "first_ms", "id"])
    op.create_index("difference_decided", "difference", ["decision"])
    compared = op.create_table(
        "compared",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("central_seq", sa.BigInteger, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("first_ms", sa.BigInteger),
        sa.Column("end_ms", sa.BigInteger),
        sa.Column("terms", sa.String(43), nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(compared, [
        {"id": 1, "turn": 0, "central_seq": 0, "head": 0, "terms": "",
         "names": "{}", "at_ms": 0}
    ])  # fmt: skip


def downgrade() -> None:
    """Take back."""
    for name in (
        "compared",
        "difference",
        "central_mapping",
        "central_row",
        "central_version",
        "central_head",
        "central_file",
    ):
        op.drop_table(name)
