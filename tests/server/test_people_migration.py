"""Whoever had one role in an older version holds it everywhere in this one."""

from importlib.resources import files

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import text

from server.database import open_engine, reading, writing
from server.people import grants_of
from sync.access import Grant


def step(url: str, to: str) -> None:
    """Bring the tables to this version."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(files("server") / "migrations"))
    config.attributes["url"] = url
    if to < "0002":
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)


@pytest.fixture
def old(database_url: str) -> str:
    """A database of the version before, in which Chen was a dispatcher."""
    step(database_url, "head")
    step(database_url, "0001")
    engine = open_engine(database_url)
    with writing(engine) as connection:
        row = "INSERT INTO person (id, name, role, added_ms) VALUES "
        connection.execute(text(row + "('chen', '陈静', 'dispatcher', 7)"))
    engine.dispose()
    return database_url


def test_a_role_becomes_a_grant_everywhere(old: str):
    step(old, "head")

    engine = open_engine(old)
    with reading(engine) as connection:
        held = grants_of(connection, "chen")
    engine.dispose()

    assert held == {Grant(role="dispatcher")}
