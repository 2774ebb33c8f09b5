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
from server.heads import Heads
from server.homes import Homes
from server.keys import Keys
from server.ledger import Ledger
from server.likeness import Likeness
from server.notices.telling import Notices
from server.openid import OpenId
from server.originals import Originals
from server.passwords import Passwords
from server.people import People
from server.projects import Projects
from server.proofs import Proofs
from server.qualifications import Qualifications
from server.roster import Rosters
from server.sessions import Sessions
from server.shelf import Shelf
from server.traces import Traces
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
    heads: Heads
    proofs: Proofs
    ledger: Ledger
    feed: Feed
    door: Door
    people: People
    homes: Homes
    rosters: Rosters
    qualifications: Qualifications
    passwords: Passwords
    sessions: Sessions
    openid: OpenId
    projects: Projects
    traces: Traces
    shelf: Shelf
    originals: Originals
    notices: Notices
    findings: Findings
    likeness: Likeness
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
