"""Alembic's entry: runs the steps in `versions/` on the database it is handed."""

from alembic import context

from server.database import open_engine
from server.tables import metadata

engine = open_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
