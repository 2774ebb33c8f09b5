"""The tree over the book, grown over everything that is in it already."""

from collections.abc import Iterator
from itertools import islice

import sqlalchemy as sa
from alembic import op

from sync.heads import event_leaf, fact_leaf
from sync.log import Frontier, grown, leaf_hash

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AT_ONCE = 4096
NOTHING = leaf_hash(b"")  # at a place that a torn book does not hold; an audit tells


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "head", sa.Column("peaks", sa.Text, nullable=False, server_default="")
    )
    op.create_table(
        "log_leaf",
        sa.Column("first", sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                  primary_key=True, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "log_head",
        sa.Column("epoch", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("key", sa.String(43), nullable=False),
        sa.Column("signature", sa.String(100), nullable=False),
    )
    _grow(op.get_bind())


def _grow(connection: sa.Connection) -> None:
    seq = connection.execute(sa.text("SELECT seq FROM head")).scalar()
    tree = Frontier()
    leaf, node = (
        sa.table(name, *map(sa.column, columns))
        for name, columns in (("log_leaf", ("first", "hashes")),
                              ("log_node", ("level", "at", "hash")))
    )  # fmt: skip
    leaves = _leaves(connection, seq or 0)
    while some := list(islice(leaves, AT_ONCE)):
        first = tree.size + 1
        tree, whole = grown(tree, some)
        row = {"first": first, "hashes": b"".join(some)}
        connection.execute(leaf.insert(), [row])
        if whole:
            connection.execute(node.insert(), [one._asdict() for one in whole])
    said = {"peaks": b"".join(tree.peaks).hex()}
    connection.execute(sa.text("UPDATE head SET peaks = :peaks"), said)


def _leaves(connection: sa.Connection, seq: int) -> Iterator[bytes]:
    """A leaf for every position, in sequence."""
    for first in range(1, seq + 1, AT_ONCE):
        said = {"a": first, "b": min(seq, first + AT_ONCE - 1)}
        found = {
            at: fact_leaf(name, ms)
            for at, name, ms in connection.execute(sa.text(
                "SELECT seq, id, received_ms FROM fact WHERE seq BETWEEN :a AND :b"
            ), said)
        } | {
            at: event_leaf(what, name, stream, ms)
            for at, what, name, stream, ms in connection.execute(sa.text(
                "SELECT seq, what, id, stream, received_ms FROM event"
                " WHERE seq BETWEEN :a AND :b"
            ), said)
        }  # fmt: skip
        for at in range(said["a"], said["b"] + 1):
            yield found.get(at, NOTHING)


def downgrade() -> None:
    """Take back."""
    for name in ("log_head", "log_node", "log_leaf"):
        op.drop_table(name)
    op.drop_column("head", "peaks")
