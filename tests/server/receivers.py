"""Machines outside: robots, receivers of webhooks, a mail server, on loopback.

Each is a real server in a thread, keeps what it got and answers as it is told to. May
not enter: what is being tested.
"""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
WELL: Answer = (200, {}, b'{"errcode": 0, "code": 0}')


@dataclass(frozen=True)
class Got:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """A web server of somebody else's."""

    port: int
    got: list[Got] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)  # in turn, then all is well
    usual: Answer = WELL

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=secret"

    @property
    def texts(self) -> list[str]:
        """What a group was told."""
        return [_text(one.json) for one in self.got]

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if self.answers else self.usual


def _text(said: Any) -> str:
    held = said.get("text") or said["content"]
    return str(held.get("content") or held.get("text"))


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver, for as long as it is needed."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(Got(self.path, headers, self.rfile.read(length)))
            status, more, body = receiver.next_answer()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_address[1])
    with _served(server):
        yield receiver


@dataclass
class MailServer:
    """A mail server; recipients that are `unknown` it refuses for good."""

    port: int
    letters: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def mailing() -> Iterator[MailServer]:
    """A mail server, for as long as it is needed."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _talk(mail, self)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    mail = MailServer(server.server_address[1])
    with _served(server):
        yield mail


def _talk(mail: MailServer, line: socketserver.StreamRequestHandler) -> None:
    """As much of SMTP as a letter needs."""

    def say(words: str) -> None:
        line.wfile.write(f"{words}\r\n".encode())

    say("220 mail")
    while said := line.rfile.readline().decode().strip():
        verb = said[:4].upper()
        if verb == "QUIT":
            return say("221 bye")
        address = said.partition("<")[2].partition(">")[0]
        if verb == "RCPT" and address in mail.unknown:
            say("550 nobody")
            continue
        if verb == "RCPT":
            mail.recipients.append(address)
        elif verb == "DATA":
            say("354 go on")
            mail.letters.append(_letter(line))
        say("250 well")
    return None


def _letter(line: socketserver.StreamRequestHandler) -> str:
    lines = []
    while (one := line.rfile.readline()) not in (b".\r\n", b""):
        lines.append(one.decode())
    return "".join(lines)


@contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
