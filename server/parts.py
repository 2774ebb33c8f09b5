"""The parts of a running server, put together once by `create_app`.

May not enter: making them (that is `server/__init__.py`), HTTP.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Engine

from server.auth import Door
from server.config import Config
from server.feed import Feed
from server.findings import Findings
from server.keys import Keys
from server.ledger import Ledger
from server.originals import Originals
from server.shelf import Shelf
from server.underway import Underway
from server.uploads import Uploads
from server.waiting import WaitingRoom
from sync.policy import Policy

Now = Callable[[], int]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything a door needs. `now` is read once for each request and passed down."""

    config: Config
    keys: Keys
    ledger: Ledger
    feed: Feed
    door: Door
    shelf: Shelf
    originals: Originals
    findings: Findings
    uploads: Uploads
    waiting: WaitingRoom
    policy: Policy
    policy_name: str
    engine: Engine
    underway: Underway
    now: Now
    chance: Callable[[int], bytes]


def the_parts() -> Parts:
    """The parts of the application that is answering."""
    parts: Parts = current_app.extensions["doorstep"]
    return parts
