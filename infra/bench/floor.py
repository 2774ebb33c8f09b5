"""The least that a durable Flask and SQLAlchemy server can do with the same rows.

It looks at nothing, folds nothing and answers a number: what no server of this kind
gets below. `python -m infra.bench.floor URL BIND`. May not enter: our own write path.
"""

import gzip
import sys
import time
from typing import Any

import orjson
from flask import Flask, Response, request
from gunicorn.app.base import BaseApplication
from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    String,
    Table,
    Text,
    insert,
)

from server.database import open_engine

metadata = MetaData()
fact = Table(
    "fact", metadata,
    Column("log", String(130), primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
)  # fmt: skip
private = Table(
    "private", metadata,
    Column("log", String(130), primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(40), primary_key=True),
    Column("salt", String(22), nullable=False),
    Column("value", Text, nullable=False),
)  # fmt: skip


def create_floor(url: str) -> Flask:
    """An application that keeps what it is sent."""
    engine = open_engine(url)
    metadata.create_all(engine)
    app = Flask(__name__)

    @app.get("/healthz")
    def healthz() -> Any:
        return {}

    @app.post("/echo")
    def echo() -> Any:
        return Response(request.get_data(), content_type="application/json")

    @app.post("/v1/sync/push")
    def push() -> Any:
        asked = orjson.loads(gzip.decompress(request.get_data()))
        now_ms = time.time_ns() // 1_000_000
        log, last = asked["claim"]["log"], asked["claim"]["n"]
        first = last - len(asked["facts"]) + 1
        facts = [
            {"log": log, "n": n, "body": one["b"], "received_ms": now_ms}
            for n, one in enumerate(asked["facts"], first)
        ]
        values = [
            {"log": log, "n": n, "name": name, "salt": salt, "value": value}
            for n, one in enumerate(asked["facts"], first)
            for name, (salt, value) in one["x"].items()
        ]
        with engine.begin() as connection:
            connection.execute(insert(fact), facts)
            if values:
                connection.execute(insert(private), values)
        return Response(orjson.dumps({"n": last}), content_type="application/json")

    return app


class _Gunicorn(BaseApplication):
    def __init__(self, url: str, bind: str, workers: int) -> None:
        self._url, self._bind, self._workers = url, bind, workers
        super().__init__()

    def load_config(self) -> None:
        """As `doorstep serve` does."""
        settings = {
            "worker_class": "gthread",
            "bind": self._bind,
            "threads": 16,
            "workers": self._workers,
            "control_socket_disable": True,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application of one worker."""
        return create_floor(self._url)


if __name__ == "__main__":
    _Gunicorn(sys.argv[1], sys.argv[2], int(sys.argv[3])).run()
