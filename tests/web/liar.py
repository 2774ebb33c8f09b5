"""A server that lies under its own seal: what nobody in between can do, and a mistake
of our own could.

A proxy with the server's keys. It hands every request on but those about which it was
told to lie, and seals whatever it says; without the keys it is anybody's proxy. May not
enter: what is asserted.
"""

from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self

import httpx

from server.keys import Keys
from sync.signing import answer_text

Answer = tuple[int, dict[str, str], bytes]
Ask = Callable[[], Answer]
Lie = Callable[["Asked", Ask], Answer]
OF_THE_WAY = frozenset({"connection", "content-encoding", "content-length",
                        "doorstep-seal", "transfer-encoding"})  # fmt: skip


class Asked:
    """A request as it came."""

    def __init__(self, line: BaseHTTPRequestHandler) -> None:
        self.method, self.target = line.command, line.path
        self.headers = dict(line.headers.items())
        self.body = line.rfile.read(int(line.headers.get("Content-Length", 0)))

    @property
    def sealed_to(self) -> str | None:
        """What its answer is sealed to, as the server decides it."""
        if word := self.headers.get("Doorstep-Seal-To"):
            return f"uploads {word}"
        said = self.headers.get("Authorization", "")
        _, found, rest = said.partition('signature="')
        return rest.partition('"')[0] if found else None


class Liar:
    """Stands before the server at `target`; `lie` is asked about every request."""

    def __init__(self, target: str, keys: Keys) -> None:
        self.target, self.keys = target, keys
        self.lie: Lie = lambda _, ask: ask()
        self.seals = True
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._door())
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, name="liar")

    @property
    def port(self) -> int:
        return self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, asked: Asked) -> Answer:
        def ask() -> Answer:
            headers = {name: held for name, held in asked.headers.items()
                       if name.lower() not in ("host", "accept-encoding")}  # fmt: skip
            with httpx.Client(timeout=30) as line:
                got = line.request(
                    asked.method, self.target + asked.target,
                    headers=headers, content=asked.body,
                )  # fmt: skip
            return got.status_code, dict(got.headers), got.content

        status, headers, body = self.lie(asked, ask)
        kept = {name: held for name, held in headers.items()
                if name.lower() not in OF_THE_WAY}  # fmt: skip
        if self.seals and (to := asked.sealed_to):
            kept["Doorstep-Seal"] = self.keys.seal(answer_text(to, status, body))
        return status, kept, body

    def _door(self) -> type[BaseHTTPRequestHandler]:
        liar = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                with suppress(OSError):
                    super().handle_one_request()

            def _serve(self) -> None:
                asked = Asked(self)
                status, headers, body = liar._answer(asked)
                self.send_response(status)
                for name, held in headers.items():
                    self.send_header(name, held)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if asked.method != "HEAD":
                    self.wfile.write(body)

            do_GET = do_POST = do_PATCH = do_HEAD = do_OPTIONS = _serve  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

        return Door
