"""Alembic's entry: runs the steps in `versions/` on the database it is handed, all of
them or none. On PostgreSQL an advisory lock makes servers take turns."""

from alembic import context
from sqlalchemy import text

from server import board_tables, desk_tables, notice_tables, owner_tables, people_tables
from server.database import open_engine
from server.tables import metadata

# know their tables
OTHERS = (board_tables, desk_tables, notice_tables, owner_tables, people_tables)

engine = open_engine(context.config.attributes["url"])
with engine.connect() as connection:
    if engine.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # however long it takes
        connection.execute(text("SELECT pg_advisory_xact_lock(20261122)"))
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
