"""What stays free on the disk that the book lies on: photos stop first, then facts;
what is left is for the desk, for folding the log in, and for whoever makes room (F7).

May not enter: how much that is for photos (`server/uploads.py`).
"""

import shutil
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from server.config import Config
from sync.problems import Refused

MIB = 1024 * 1024
FACTS = 8  # facts stop at this part of what photos must leave free


def leave_room(config: Config) -> None:
    """Refuse facts while the disk is nearly full. PostgreSQL's disk is its own."""
    folder = _folder_of(config.database)
    if folder and shutil.disk_usage(folder).free < config.reserve_mb * MIB // FACTS:
        raise Refused("storage_full")


@cache
def _folder_of(database: str) -> Path | None:
    """Where a book of SQLite lies."""
    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database).parent
