"""Uploads to a real server process: cut at any byte, killed at any moment (F4, F5)."""

import http.client
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask

from server.config import Config
from tests.daemons import daemon, until
from tests.server.callers import NOON, PIECE, TUS, Tablet, parts_of, sha256_of

STROKES = b'{"strokes":[[10,20,0],[11,22,16]]}'
STEP = 96 * 1024
KILLS = 12

SERVE = """
import sys
from pathlib import Path
from werkzeug.serving import make_server
from server import create_app
from server.config import Config

data, url, port, now = sys.argv[1:]
app = create_app(Config(data=Path(data), database_url=url), now=lambda: int(now))
make_server("127.0.0.1", int(port), app, threaded=True).serve_forever()
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number


@contextmanager
def serving(app: Flask, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The same server as a process of its own, on the same data."""
    config: Config = parts_of(app).config
    given = (str(config.data), config.database_url, str(port), str(NOON))
    root, log = Path(__file__).parents[2], config.data.parent / "log"
    line = f"import sys; sys.path.insert(0, {str(root)!r})\n{SERVE}"
    argv = [sys.executable, "-c", line, *given]
    with daemon(argv, log, stop=signal.SIGKILL) as process:
        until(lambda: answers(port), process, log)
        yield process


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
        return True
    return False


def ask(
    port: int, li: Tablet, method: str, path: str, body: bytes, said: dict[str, str]
) -> tuple[int, dict[str, str]]:
    """One signed request over the network."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request(method, path, body, li.signed(method, path, body) | said)
        answer = line.getresponse()
        answer.read()
        return answer.status, dict(answer.getheaders())
    finally:
        line.close()


def offset(port: int, li: Tablet, where: str) -> int:
    """How far it got; asked again while the server is still busy with a cut request."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        status, said = ask(port, li, "HEAD", where, b"", TUS)
        if status == 200:
            return int(said["Upload-Offset"])
        assert status == 423, status
    raise TimeoutError


def patch_request(li: Tablet, where: str, at: int, piece: bytes) -> bytes:
    """A PATCH as it travels."""
    said = li.signed("PATCH", where, piece) | PIECE
    said |= {"Host": "x", "Upload-Offset": str(at), "Content-Length": str(len(piece))}
    lines = [f"PATCH {where} HTTP/1.1", *(f"{k}: {v}" for k, v in said.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + piece


def send(port: int, request: bytes) -> None:
    """Send, and hang up without waiting for an answer."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as line:
        line.sendall(request)


def whole(app: Flask, data: bytes) -> bool:
    shelf, name = parts_of(app).shelf, sha256_of(data)
    return shelf.has(name) and shelf.open(name).read() == data


def test_a_request_cut_at_every_byte_adds_nothing(app: Flask, li: Tablet, port: int):
    """Headers too: 204 or nothing, and the whole can be sent afterwards."""
    where = li.begun(STROKES, "application/json")
    request = patch_request(li, where, 0, STROKES)
    with serving(app, port):
        for at in range(len(request)):
            send(port, request[:at])
            assert not parts_of(app).shelf.has(sha256_of(STROKES))
        assert offset(port, li, where) == 0
        said = PIECE | {"Upload-Offset": "0"}
        assert ask(port, li, "PATCH", where, STROKES, said)[0] == 204

    assert whole(app, STROKES)


def test_an_answer_nobody_waited_for_is_found_out_by_asking(
    app: Flask, li: Tablet, port: int
):
    where = li.begun(STROKES, "application/json")
    with serving(app, port):
        send(port, patch_request(li, where, 0, STROKES))
        deadline = time.monotonic() + 20
        while not whole(app, STROKES) and time.monotonic() < deadline:
            offset(port, li, where)

    assert whole(app, STROKES)


def test_a_server_killed_at_any_moment_goes_on_where_it_was(
    app: Flask, li: Tablet, port: int
):
    """SIGKILL while a piece is on its way, written, or being moved to the shelf."""
    draw = random.Random(4)
    photo = draw.randbytes(9 * STEP + 77)
    where, acknowledged, kills = li.begun(photo, "application/octet-stream"), 0, 0
    while kills < KILLS:
        with serving(app, port) as process:
            at = offset(port, li, where)
            assert at >= acknowledged, "an acknowledged byte is gone"
            assert at == len(photo) or not li.has_receipt(photo)
            acknowledged = at
            if at == len(photo):
                break
            request = patch_request(li, where, at, photo[at : at + STEP])
            kept = draw.choice([len(request), draw.randrange(len(request))])
            send(port, request[:kept])
            time.sleep(draw.random() * 0.02)  # real processes die in real time
            process.kill()
            process.wait()
            kills += 1

    with serving(app, port):
        while (at := offset(port, li, where)) < len(photo):
            said = PIECE | {"Upload-Offset": str(at)}
            ask(port, li, "PATCH", where, photo[at : at + STEP], said)

    parts = parts_of(app)
    parts.uploads.sweep(NOON)
    assert whole(app, photo) and li.has_receipt(photo)
    assert list((parts.config.data / "uploads").iterdir()) == []
    parts.shelf.sweep(NOON * 2)
    assert list(parts.shelf.names()) == [sha256_of(photo)]
