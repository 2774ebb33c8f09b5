"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PLACE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_index(
        "blob_unseen",
        "blob",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("finding IS NULL"),
        postgresql_where=sa.text("finding IS NULL"),
    )
    op.create_table(
        "blob_link",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "stream"),
    )
    op.create_index("blob_link_of_stream", "blob_link", ["stream"], unique=False)
    op.create_table(
        "chain",
        sa.Column("log", sa.String(length=130), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("tip", sa.String(length=43), nullable=True),
        sa.PrimaryKeyConstraint("log"),
    )
    op.create_table(
        "claim",
        sa.Column("log", sa.String(length=130), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tip", sa.String(length=43), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("log", "n", "tip"),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("enrolled_ms", sa.BigInteger(), nullable=False),
        sa.Column("revoked_ms", sa.BigInteger(), nullable=True),
        sa.Column("contact_ms", sa.BigInteger(), nullable=True),
        sa.Column("client", sa.String(length=80), nullable=True),
        sa.Column("unsent", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "device_person",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("device", "person"),
    )
    op.create_table(
        "enrolment",
        sa.Column("code", sa.String(length=43), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=43), nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "epoch",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("fork_position", sa.BigInteger(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("signature", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "event",
        sa.Column("seq", PLACE, autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("stream", sa.String(length=80), nullable=True),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "fact",
        sa.Column("seq", PLACE, autoincrement=False, nullable=False),
        sa.Column("log", sa.String(length=130), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(length=43), nullable=True),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("fact_of_log", "fact", ["log", "n", "id"], unique=True)
    op.create_index("fact_of_stream", "fact", ["stream", "seq"], unique=False)
    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "log_token",
        sa.Column("log", sa.String(length=130), nullable=False),
        sa.Column("token_ms", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log", "token_ms"),
    )
    op.create_table(
        "lost_decision",
        sa.Column("fact", sa.String(length=43), nullable=False),
        sa.Column("incident", sa.String(length=64), nullable=False),
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("noted_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fact"),
    )
    op.create_table(
        "member",
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("purge_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("actor", "stream"),
    )
    op.create_index("member_feed", "member", ["actor", "pos"], unique=False)
    op.create_index("member_of_stream", "member", ["stream"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("added_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "private",
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("commitment", sa.String(length=43), nullable=False),
        sa.Column("salt", sa.String(length=22), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "commitment"),
    )
    op.create_table(
        "push_evidence",
        sa.Column("log", sa.String(length=130), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=100), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log", "root"),
    )
    op.create_table(
        "quarantine",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("log", sa.String(length=130), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("settled_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("device", "id"),
    )
    op.create_index("quarantine_of_log", "quarantine", ["log", "n"], unique=False)
    op.create_table(
        "register_row",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.String(length=43), nullable=False),
        sa.Column("digest", sa.String(length=43), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", "fact"),
    )
    op.create_table(
        "returned",
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("rev", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("returned_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "epoch", "rev"),
    )
    op.create_table(
        "staff_token",
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_table(
        "stream",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("stage", sa.String(length=16), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("stream_by_head", "stream", ["head"], unique=False)
    op.create_index("stream_by_number", "stream", ["number"], unique=False)
    op.create_table(
        "taken_in",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device", "day"),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "upload_of_device", "upload", ["device", "expires_ms"], unique=False
    )
    op.create_table(
        "backup",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("covers", sa.BigInteger(), nullable=False),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("verified_ms", sa.BigInteger(), nullable=True),
        sa.Column("broken_ms", sa.BigInteger(), nullable=True),
        sa.Column("drilled_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", "place"),
    )
    op.create_table(
        "durable",
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("here", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("epoch"),
    )
    op.create_table(
        "erasure",
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("commitment", sa.String(length=43), nullable=False),
        sa.Column("erased_ms", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("stream", "commitment"),
    )
    op.create_table(
        "erased_blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("erased_ms", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("erased_blob")
    op.drop_table("erasure")
    op.drop_table("durable")
    op.drop_table("backup")
    op.drop_index("upload_of_device", table_name="upload")
    op.drop_table("upload")
    op.drop_table("taken_in")
    op.drop_index("stream_by_number", table_name="stream")
    op.drop_index("stream_by_head", table_name="stream")
    op.drop_table("stream")
    op.drop_table("staff_token")
    op.drop_table("register_row")
    op.drop_index("quarantine_of_log", table_name="quarantine")
    op.drop_table("quarantine")
    op.drop_table("push_evidence")
    op.drop_table("private")
    op.drop_table("person")
    op.drop_index("member_of_stream", table_name="member")
    op.drop_index("member_feed", table_name="member")
    op.drop_table("member")
    op.drop_table("log_token")
    op.drop_table("head")
    op.drop_index("fact_of_stream", table_name="fact")
    op.drop_index("fact_of_log", table_name="fact")
    op.drop_table("fact")
    op.drop_table("event")
    op.drop_table("epoch")
    op.drop_table("enrolment")
    op.drop_table("device_person")
    op.drop_table("device")
    op.drop_table("claim")
    op.drop_table("chain")
    op.drop_index("blob_link_of_stream", table_name="blob_link")
    op.drop_table("blob_link")
    op.drop_index("blob_unseen", table_name="blob")
    op.drop_table("blob")
