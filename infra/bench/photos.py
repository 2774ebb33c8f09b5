"""What it costs to take a photo in: ours, @tus/server and the least that is durable.

All three are asked by the same client in one run: a POST that announces the photo and a
PATCH that brings it; the floor is one PUT that is hashed, synced and renamed. May not
enter: what anybody does with the photos.
"""

import base64
import hashlib
import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from sync.signing import public_jwk, request_text, sign

ROOT = Path(__file__).parents[2]
DOORSTEP = str(Path(sys.executable).with_name("doorstep"))
PHOTO_BYTES = 300_000
CUTS = 20
PATIENCE_S = 60
TICKS = os.sysconf("SC_CLK_TCK")
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = TUS | {"Content-Type": "application/offset+octet-stream"}

NODE_SERVER = """
import { Server } from '@tus/server';
import { FileStore } from '@tus/file-store';
const [folder, port] = process.argv.slice(-2);
new Server({ path: '/v1/uploads', datastore: new FileStore({ directory: folder }) })
  .listen({ host: '127.0.0.1', port: Number(port) });
"""

FLOOR_SERVER = """
import hashlib, os, sys
from flask import Flask, request
folder, app = sys.argv[1], Flask("floor")

@app.put("/<name>")
def keep(name):
    seen, path = hashlib.sha256(), os.path.join(folder, name)
    with open(path + ".new", "wb") as file:
        while step := request.stream.read(65536):
            seen.update(step)
            file.write(step)
        file.flush()
        os.fsync(file.fileno())
    if seen.hexdigest() != name:
        return "", 422
    os.rename(path + ".new", path)
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    return "", 201

from gunicorn.app.base import BaseApplication

class Floor(BaseApplication):
    def load_config(self):
        for name, value in {"bind": "127.0.0.1:" + sys.argv[2], "threads": 16,
                            "worker_class": "gthread", "loglevel": "error",
                            "control_socket_disable": True}.items():
            self.cfg.set(name, value)

    def load(self):
        return app

Floor().run()
"""


@dataclass(frozen=True)
class Photo:
    """A picture and the name of its bytes."""

    data: bytes
    sha256: str


class Receiver(Protocol):
    """A server that is measured."""

    port: int
    process: "subprocess.Popen[bytes]"

    def hand_in(self, line: http.client.HTTPConnection, photo: Photo) -> None: ...


@dataclass
class TusReceiver:
    """Ours, or anything else that speaks tus."""

    port: int
    process: "subprocess.Popen[bytes]"
    said: dict[str, str] = field(default_factory=dict)

    def hand_in(self, line: http.client.HTTPConnection, photo: Photo) -> None:
        """Announce it, then bring it."""
        where = self.begin(line, photo)
        mine = self.said | PIECE | {"Upload-Offset": "0"}
        answer = asked(line, "PATCH", where, photo.data, mine)
        if answer.getheader("Upload-Offset") != str(len(photo.data)):
            raise RuntimeError(answer.status)

    def hand_in_at_once(self, line: http.client.HTTPConnection, photo: Photo) -> None:
        """Announce and bring it in one request."""
        answer = self._announce(line, photo, PIECE, photo.data)
        if answer.getheader("Upload-Offset") != str(len(photo.data)):
            raise RuntimeError(answer.status)

    def begin(self, line: http.client.HTTPConnection, photo: Photo) -> str:
        """Where to send it."""
        answer = self._announce(line, photo, TUS, b"")
        where = answer.getheader("Location") or ""
        return "/v1/uploads/" + where.rpartition("/")[2]

    def _announce(
        self,
        line: http.client.HTTPConnection,
        photo: Photo,
        kind: dict[str, str],
        body: bytes,
    ) -> http.client.HTTPResponse:
        pairs = {"sha256": photo.sha256, "type": "image/jpeg"}
        metadata = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}"
            for key, value in pairs.items()
        )
        said = {"Upload-Length": str(len(photo.data)), "Upload-Metadata": metadata}
        return asked(line, "POST", "/v1/uploads", body, self.said | kind | said)

    def offset(self, where: str) -> int:
        """How far it got; asked until somebody answers."""
        for _ in range(100):
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            answer = asked(line, "HEAD", where, b"", self.said | TUS)
            line.close()
            if (text := answer.getheader("Upload-Offset")) is not None:
                return int(text)
            time.sleep(0.05)
        raise TimeoutError(where)


@dataclass
class Floor:
    """A PUT that is durable and verified, and nothing else."""

    port: int
    process: "subprocess.Popen[bytes]"

    def hand_in(self, line: http.client.HTTPConnection, photo: Photo) -> None:
        """Bring it."""
        answer = asked(line, "PUT", f"/{photo.sha256}", photo.data, {})
        if answer.status != 201:
            raise RuntimeError(answer.status)


def asked(
    line: http.client.HTTPConnection,
    method: str,
    target: str,
    body: bytes,
    headers: dict[str, str],
) -> http.client.HTTPResponse:
    """One request on a line that stays open."""
    line.request(method, target, body or None, headers)
    answer = line.getresponse()
    answer.read()
    return answer


def measure(photos: int = 200, clients: Sequence[int] = (1, 8)) -> list[dict[str, Any]]:
    """One row for each measure: measure, ours, other (@tus/server), floor, unit."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours, shelf = stack.enter_context(_ours(folder)), folder / "data"
        other = stack.enter_context(_node(folder / "node"))
        floor = stack.enter_context(_floor(folder / "floor"))
        seed = iter(range(10**9))
        rows = []
        for count in clients:
            ways = (ours.hand_in, other.hand_in if other else None, floor.hand_in)
            rows += _speed(count, photos, ways, (ours, other, floor), seed)
        at_once = (
            ours.hand_in_at_once,
            other.hand_in_at_once if other else None,
            floor.hand_in,
        )
        rows += _speed(
            clients[-1], photos, at_once, (ours, other, floor), seed, "in one request"
        )
        rows.append(_looked_at(ours, shelf))
        rows.append({
            "measure": "resent after a cut at half", "unit": "% of the file",
            "ours": _resent(ours, seed), "other": other and _resent(other, seed),
            "floor": None,
        })  # fmt: skip
        return rows


def _speed(
    clients: int,
    photos: int,
    ways: Sequence[Callable[..., None] | None],
    receivers: Sequence[Receiver | None],
    seed: Iterator[int],
    how: str = "",
) -> list[dict[str, Any]]:
    """Photos a second, and what the server's own processes used for each."""
    found: list[tuple[float | None, float | None]] = []
    for way, receiver in zip(ways, receivers, strict=True):
        if way is None or receiver is None:
            found.append((None, None))
            continue
        todo = [photo(next(seed)) for _ in range(photos)]
        _hand_in_all(receiver.port, way, todo[:clients], clients)  # it is warm then
        before, start = _cpu_s(receiver.process.pid), time.perf_counter()
        _hand_in_all(receiver.port, way, todo[clients:], clients)
        took = time.perf_counter() - start
        used = _cpu_s(receiver.process.pid) - before
        count = len(todo) - clients
        found.append((round(count / took, 1), round(used / count * 1000, 2)))
    who = f"{clients} client{'s' if clients > 1 else ''}"
    label = f"300 KB photos, {who}{', ' + how if how else ''}"
    return [
        _row(label, [rate for rate, _ in found], "photos/s"),
        _row(f"server CPU of these, {who}{', ' + how if how else ''}",
             [cpu for _, cpu in found], "ms/photo"),
    ]  # fmt: skip


def _row(measure: str, values: Sequence[Any], unit: str) -> dict[str, Any]:
    ours, other, floor = values
    return {"measure": measure, "ours": ours, "other": other, "floor": floor,
            "unit": unit}  # fmt: skip


def _hand_in_all(
    port: int, way: Callable[..., None], todo: Sequence[Photo], clients: int
) -> None:
    """Each client has a line of its own and brings every so-manieth photo."""

    def bring(mine: Sequence[Photo]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        line.connect()
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in mine:
            way(line, one)
        line.close()

    with ThreadPoolExecutor(clients) as hands:
        list(hands.map(bring, [todo[n::clients] for n in range(clients)]))


def _looked_at(ours: TusReceiver, data: Path) -> dict[str, Any]:
    """What the inspection costs, which nobody waits for."""
    decoders = _descendants(ours.process.pid)
    used = sum(_own_cpu_s(one) for one in decoders if b"decoder" in _words(one))
    seen = sum(1 for _ in (data / "blobs" / "blobs").glob("*/*"))
    value = round(used / seen * 1000, 2) if seen else None
    label = "inspection in the background (CPU; part of them still waits)"
    return _row(label, [value, None, None], "ms/photo")


def _resent(receiver: TusReceiver, seed: Iterator[int]) -> float:
    """Bytes sent a second time after the line was cut at half, as a share of the file;
    the mean of some cuts, half of them with a reset."""
    lost = 0
    for number in range(CUTS):
        one = photo(next(seed))
        line = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=30)
        where = receiver.begin(line, one)
        line.close()
        sent = _cut_at_half(receiver, where, one, reset=bool(number % 2))
        lost += sent - receiver.offset(where)
    return round(lost / (CUTS * PHOTO_BYTES) * 100, 3)


def _cut_at_half(receiver: TusReceiver, where: str, one: Photo, reset: bool) -> int:
    """Send half of the photo and hang up; how many of its bytes went out."""
    half = len(one.data) // 2
    said = receiver.said | PIECE | {"Upload-Offset": "0", "Host": "127.0.0.1",
                                    "Content-Length": str(len(one.data))}  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    with socket.create_connection(("127.0.0.1", receiver.port), 30) as line:
        line.sendall(f"PATCH {where} HTTP/1.1\r\n{head}\r\n".encode())
        line.sendall(one.data[:half])
        _wait_until_read(line)
        if reset:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    return half


def _wait_until_read(line: socket.socket) -> None:
    """The server has what was sent. A reset throws away what its kernel still holds,
    and how long a busy machine takes to read it is nobody's protocol."""
    there, here = (f"{end[1]:04X}" for end in (line.getpeername(), line.getsockname()))
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        held = {}
        for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            words = row.split()
            held[tuple(end.rpartition(":")[2] for end in words[1:3])] = words[4]
        sent = held.get((here, there), "").startswith("00000000:")
        if sent and held.get((there, here), "").endswith(":00000000"):
            return
        time.sleep(0.01)
    raise TimeoutError("nobody reads")


def photo(seed: int) -> Photo:
    """A JPEG of about 300 KB that nobody has seen before."""
    base = _base()
    mark = b"\xff\xfe\x00\x12" + hashlib.sha256(str(seed).encode()).digest()[:16]
    data = base[:2] + mark + base[2:]
    return Photo(data, hashlib.sha256(data).hexdigest())


def _base() -> bytes:
    if not _made:
        size, draw = (1600, 1200), Random(7)
        picture = Image.frombytes("RGB", (320, 240), draw.randbytes(320 * 240 * 3))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
        quality, data = 95, b""
        while quality > 5 and (not data or len(data) > PHOTO_BYTES - 18):
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=quality)
            data, quality = out.getvalue(), quality - 3
        # What is missing goes into a comment, as cameras fill theirs.
        missing = PHOTO_BYTES - 20 - len(data)
        while missing > 4:
            step = min(missing, 60_000)
            filler = b"\xff\xfe" + (step - 2).to_bytes(2, "big") + bytes(step - 4)
            data, missing = data[:2] + filler + data[2:], missing - step
        _made.append(data)
    return _made[0]


_made: list[bytes] = []


@contextmanager
def _running(argv: Sequence[str], port: int, **settings: str) -> Iterator[Any]:
    """A server in a session of its own, from its first answer on."""
    process = subprocess.Popen(
        argv, cwd=ROOT, env=os.environ | settings, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + PATIENCE_S
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(argv)
            time.sleep(0.05)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@contextmanager
def _ours(folder: Path) -> Iterator[TusReceiver]:
    """`doorstep serve`, and the grant of a tablet that was enrolled there."""
    port, data = _free_port(), {"DOORSTEP_DATA": str(folder / "data")}

    def doorstep(*words: str) -> str:
        done = subprocess.run(
            [DOORSTEP, *words], cwd=ROOT, env=os.environ | data, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    doorstep("init")
    doorstep("people", "add", "li", "--name", "li", "--role", "technician")
    code = doorstep("device", "enroll", "li").split()[-1]
    argv = [DOORSTEP, "serve", "--bind", f"127.0.0.1:{port}"]
    with _running(argv, port, **data) as process:
        grant = _granted(port, code.partition(".")[0])
        yield TusReceiver(port, process, {"Authorization": f"Bearer {grant}"})


def _granted(port: int, code: str) -> str:
    """Enrol, greet, and be given leave to hand in bytes."""
    key = ec.generate_private_key(ec.SECP256R1())
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(target: str, value: object, headers: dict[str, str]) -> Any:
        line.request("POST", target, json.dumps(value), headers)
        return json.loads(line.getresponse().read())

    kind = {"Content-Type": "application/json"}
    asking = {"code": code, "key": public_jwk(key.public_key()), "name": "bench"}
    device = ask("/v1/devices", asking, kind)["device"]
    text = request_text("POST", "/v1/sync/hello", "-", "li", b"{}")
    authorization = (
        f'Doorstep device="{device}", actor="li", nonce="-",'
        f' signature="{sign(key, text)}"'
    )
    said = kind | {"Authorization": authorization}
    return str(ask("/v1/sync/hello", {}, said)["uploads"])


@contextmanager
def _node(folder: Path) -> Iterator[TusReceiver | None]:
    """@tus/server with its file store; nothing where Node's packages are missing."""
    if not (ROOT / "node_modules" / "@tus" / "server").is_dir():
        yield None
        return
    folder.mkdir()
    port = _free_port()
    argv = ["node", "--input-type=module", "-e", NODE_SERVER, str(folder), str(port)]
    with _running(argv, port) as process:
        yield TusReceiver(port, process)


@contextmanager
def _floor(folder: Path) -> Iterator[Floor]:
    """The least that a Flask server does for bytes that it says it has."""
    folder.mkdir()
    port = _free_port()
    argv = [sys.executable, "-c", FLOOR_SERVER, str(folder), str(port)]
    with _running(argv, port) as process:
        yield Floor(port, process)


def _cpu_s(process: int) -> float:
    """What a server's processes used so far; decoders of pictures not counted."""
    mine = [process, *_descendants(process)]
    return sum(_own_cpu_s(one) for one in mine if b"decoder" not in _words(one))


def _descendants(process: int) -> list[int]:
    found = []
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *_descendants(int(child))]
    return found


def _own_cpu_s(process: int) -> float:
    with suppress(OSError):
        stat = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / TICKS
    return 0.0


def _words(process: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


if __name__ == "__main__":
    for row in measure():
        print(row)
