"""init, serve, doctor: a server is set up, runs, and is looked over."""

import gc
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.workers.base import Worker
from sqlalchemy import text

from server import create_app, medium, watch_over
from server.commands.kit import (
    BROKEN,
    Office,
    as_json,
    pass_office,
    put_json,
    put_table,
)
from server.config import PREFIX, Config
from server.database import reading, sqlite_is_safe
from server.underway import bury
from sync.problems import Refused
from sync.words import N_

LEAST_FREE_BYTES = 1024**3
NEW_THINGS = 50_000  # that are looked at together; a push makes some thousands


@click.command(help=N_("建立数据目录、密钥和数据库"))
@pass_office
def init(office: Office) -> None:
    """Make what is missing; safe to repeat."""
    parts = office.parts
    office.tell(N_("已就绪：数据在 {folder}"), folder=parts.config.data.absolute())
    office.tell(N_("服务器密钥指纹：{name}"), name=parts.keys.name)


@click.command(help=N_("启动服务器"))
@click.option("--bind", default="127.0.0.1:8000", show_default=True)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=16, show_default=True, type=click.IntRange(1, 600))
@pass_office
def serve(office: Office, bind: str, workers: int, threads: int) -> None:
    """Serve until told to stop."""
    office.parts.engine.dispose()  # tables are up to date before anybody forks
    office.tell(N_("正在 http://{bind} 服务，按 Ctrl-C 停止"), bind=bind)
    Gunicorn(office, bind=bind, workers=workers, threads=threads).run()


def _settle_in(_worker: Worker) -> None:
    """What is there before the first request stays there: the collector looks at new
    things alone, and less often than in a program that has just begun."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_THINGS, 20, 20)


class Gunicorn(BaseApplication):
    """gunicorn with threads; every worker makes its own application."""

    def __init__(self, office: Office, **options: Any) -> None:
        self._office = office
        self._ending = False
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Our settings over gunicorn's defaults."""
        settings = {
            "worker_class": "server.terse.Worker",
            "graceful_timeout": 3,
            "control_socket_disable": True,
            "post_worker_init": _settle_in,
            "child_exit": self._bury,
            **self._options,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def _bury(self, _arbiter: Arbiter, _worker: Worker) -> None:
        """A worker is gone: what it had in hand is suspect (F20), and nothing goes on
        if the disk lost what it wrote (F9)."""
        bury(self._office.config.underway)
        if medium.was_lost() and not self._ending:
            self._ending = True
            raise HaltServer("the disk lost what was written", os.EX_IOERR)

    def load(self) -> Flask:
        """The application of one worker."""
        threads = self.cfg.threads
        app = create_app(self._office.config, self._office.now, threads)
        watch_over(app.extensions["doorstep"])
        return app


@click.command(help=N_("检查配置、数据库、存储和磁盘"))
@as_json
@pass_office
def doctor(office: Office, as_json: bool) -> int:
    """Look everything over and say what to do; exit 6 if something is broken."""
    findings = list(_look(office))
    if as_json:
        put_json(findings)
    else:
        put_table(
            ("", "", "", ""),
            [
                (
                    MARKS[one.state],
                    office.word(LABELS[one.what]),
                    one.found,
                    office.word(one.advice),
                )
                for one in findings
            ],
        )
    return BROKEN if any(one.state == "broken" for one in findings) else 0


LABELS = {
    "settings": N_("配置"),
    "database": N_("数据库"),
    "sqlite": "SQLite",
    "storage": N_("存储"),
    "disk": N_("磁盘"),
    "keys": N_("密钥"),
}
MARKS = {"well": "✓", "warning": "!", "broken": "✗"}


@dataclass(frozen=True, kw_only=True)
class Look:
    """One thing looked over: well, warning or broken, and what to do about it."""

    what: str
    state: str
    found: str
    advice: str = ""


def _look(office: Office) -> Iterator[Look]:
    config, parts = office.config, office.parts
    yield _settings()
    with reading(parts.engine) as connection:
        revision = connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).scalar()
    name = parts.engine.dialect.name
    yield Look(what="database", state="well", found=f"{name}, {revision}")
    if name == "sqlite":
        yield _sqlite()
    yield _storage(office)
    yield _disk(config.data)
    mode = (config.data / "signing-key.pem").stat().st_mode & 0o777
    yield Look(
        what="keys",
        state="well" if mode == 0o600 else "broken",
        found=parts.keys.name,
        advice="" if mode == 0o600 else N_("密钥文件权限应为 600，请收紧。"),
    )


def _settings() -> Look:
    known = {PREFIX + name.upper() for name in Config.__dataclass_fields__}
    known.add("DOORSTEP_LOCALE")
    odd = sorted(n for n in os.environ if n.startswith(PREFIX) and n not in known)
    return Look(
        what="settings",
        state="warning" if odd else "well",
        found=", ".join(odd) or "ok",
        advice=N_("不认识的设置，请对照 README 的设置表。") if odd else "",
    )


def _sqlite() -> Look:
    safe = sqlite_is_safe()
    advice = N_("早于 3.51.3：由单一进程做检查点；建议升级 SQLite 或改用 PostgreSQL。")
    return Look(
        what="sqlite",
        state="well" if safe else "warning",
        found=sqlite3.sqlite_version,
        advice="" if safe else advice,
    )


def _storage(office: Office) -> Look:
    try:
        next(iter(office.parts.shelf.names()), None)
    except Refused as refusal:
        said = office.word(refusal.sentence, **refusal.facts)
        return Look(
            what="storage", state="broken", found=office.config.storage, advice=said
        )
    return Look(what="storage", state="well", found=office.config.storage)


def _disk(folder: Path) -> Look:
    free = shutil.disk_usage(folder).free
    enough = free > LEAST_FREE_BYTES
    return Look(
        what="disk",
        state="well" if enough else "broken",
        found=f"{free // 1024**2} MiB",
        advice="" if enough else N_("磁盘将满，请腾出空间；满了会停止收件。"),
    )
