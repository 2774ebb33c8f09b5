"""The Doorstep server: doors and shelves around `sync/`.

`create_app` is the only place where the parts are put together. The clock is an
argument; nothing in the environment can move it.
"""

import json
import logging
import secrets
import time

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from server import api, asking, problems, public, web_apps
from server.aside import Quota
from server.auth import Door
from server.backup.keeper import Keeper
from server.chores import Chores
from server.config import Config
from server.database import Checkpointer, open_engine, sqlite_is_safe, upgrade
from server.erasures import erase_again
from server.feed import Feed
from server.findings import Findings
from server.heads import Heads
from server.holds import hold_again_here
from server.homes import Homes
from server.inflate import Inflate
from server.keys import open_keys
from server.ledger import Ledger
from server.likeness import Likeness
from server.notices.telling import Notices
from server.openid import OpenId
from server.originals import Originals
from server.parts import Now, Parts
from server.passwords import Passwords
from server.people import People
from server.projects import Projects
from server.proofs import Proofs
from server.qualifications import Qualifications
from server.roster import Rosters
from server.sessions import Sessions
from server.shelf import open_shelf
from server.traces import Traces
from server.underway import Underway, Watch
from server.uploads import MIB, Bounds, Uploads
from server.waiting import WaitingRoom
from sync.plain import typed
from sync.policy import DEFAULT, Policy, name_of

log_book = logging.getLogger(__name__)

MOST_JSON_BYTES = 256 * 1024
THREADS = 16  # of a process that serves; half of them may wait for news
MOST_WAIT_S = 25  # less than what proxies and tablets have patience for

OLD_SQLITE = (
    "SQLite on this machine is older than 3.51.3 and may corrupt a database when two "
    "connections checkpoint at once; one process checkpoints for all. Install a newer "
    "SQLite, or use PostgreSQL (DOORSTEP_DATABASE_URL)."
)


def wall_clock_ms() -> int:
    """Now, in milliseconds UTC."""
    return time.time_ns() // 1_000_000


def put_together(
    config: Config, now: Now = wall_clock_ms, threads: int = THREADS
) -> Parts:
    """The parts of a server, on a database whose tables are up to date."""
    config.data.mkdir(parents=True, exist_ok=True)
    upgrade(config.database)
    engine = open_engine(config.database)
    keys = open_keys(config.data)
    underway = Underway(config.underway)
    heads = Heads(engine, keys)
    ledger = Ledger(engine, keys, quota=_quota(config), underway=underway, heads=heads)
    ledger.open(now())
    shelf = open_shelf(config.storage)
    originals = Originals(engine, shelf, ledger)
    policy = _policy(config)
    return Parts(
        config=config,
        keys=keys,
        heads=heads,
        proofs=Proofs(engine, keys, heads),
        ledger=ledger,
        feed=Feed(engine, keys, heads=heads),
        door=Door(engine, keys),
        people=People(engine),
        homes=Homes(engine),
        rosters=Rosters(engine),
        qualifications=Qualifications(engine, policy),
        passwords=Passwords(engine, secrets.token_bytes),
        sessions=Sessions(engine, keys, secrets.token_bytes),
        openid=OpenId(config, keys, secrets.token_bytes),
        projects=Projects(engine),
        traces=Traces(engine),
        shelf=shelf,
        originals=originals,
        notices=Notices(engine, config, policy, now, secrets.token_bytes, keys),
        findings=Findings(engine, shelf),
        likeness=Likeness(engine),
        uploads=Uploads(
            config.data / "uploads", engine, keys, originals, _bounds(config)
        ),
        waiting=WaitingRoom(threads // 2, MOST_WAIT_S),
        policy=policy,
        policy_name=name_of(policy),
        engine=engine,
        underway=underway,
        now=now,
        chance=secrets.token_bytes,
    )


def create_app(
    config: Config, now: Now = wall_clock_ms, threads: int = THREADS
) -> Flask:
    """The server as a WSGI application; `threads`: how many it answers at once."""
    parts = put_together(config, now, threads)
    app = Flask(__name__, static_folder=None)
    app.config.update(
        API_TITLE="Doorstep",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=config.upload_max_mb * 1024 * 1024,
    )
    app.extensions["doorstep"] = parts
    erase_again(parts.engine, parts.shelf, parts.keys, config.data)
    hold_again_here(parts.engine, config.data, parts.now())
    api.register(app)
    web_apps.register(app)
    public.register(app)
    problems.register(app)
    asking.register(app)
    app.wsgi_app = Inflate(app.wsgi_app, MOST_JSON_BYTES)  # type: ignore[method-assign]
    if n := config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=n, x_proto=n, x_host=n
        )
    if parts.shelf.near:  # a far one is asked when somebody serves (`watch_over`)
        parts.uploads.sweep(parts.now())
    return app


def watch_over(parts: Parts) -> None:
    """An old SQLite gets a warning, and of all processes that serve it one that
    checkpoints, as long as this process lives (F6, F8); chores are done."""
    url = parts.engine.url
    if url.get_backend_name() == "sqlite" and not sqlite_is_safe() and url.database:
        log_book.warning(OLD_SQLITE)
        Checkpointer(url.database).start()
    Keeper(parts.config, parts.now).start()
    Chores(parts).start()
    Watch(parts.underway).start()


def _bounds(config: Config) -> Bounds:
    return Bounds(
        device_bytes=config.device_upload_mb * MIB,
        reserve_bytes=config.reserve_mb * MIB,
    )


def _quota(config: Config) -> Quota:
    return Quota(
        daily_bytes=config.device_facts_mb * MIB, aside_bytes=config.aside_mb * MIB
    )


def _policy(config: Config) -> Policy:
    if config.policy_file is None:
        return DEFAULT
    return typed(Policy, json.loads(config.policy_file.read_text("utf-8")))
