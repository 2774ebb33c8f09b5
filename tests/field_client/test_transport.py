"""The real way over HTTP: what is no answer is never taken for one."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from field_client.transport import MOST_BYTES, HttpCall, NoAnswer

PLAIN = "维修工单".encode() * 5000


class Packer(BaseHTTPRequestHandler):
    """Answers with PLAIN, packed in one way or another."""

    def do_GET(self) -> None:
        said = {
            "/packed": gzip.compress(PLAIN),
            "/cut": gzip.compress(PLAIN)[:-9],
            "/none": b"no gzip",
            "/bomb": gzip.compress(bytes(MOST_BYTES + 1), 1),
        }[self.path]
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        with suppress(ConnectionError):  # who hears too much hangs up
            self.wfile.write(said)

    def log_message(self, *_args: object) -> None:
        """Nothing on stderr."""


class Echo(BaseHTTPRequestHandler):
    """Says back what it was asked, or sends elsewhere."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = self.path.encode() + b"\n" + body
        self.send_response(302 if self.path == "/portal" else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_args: object) -> None:
        """Nothing on stderr."""


@pytest.fixture
def server() -> Iterator[str]:
    yield from serving(Echo)


@pytest.fixture
def packer() -> Iterator[str]:
    yield from serving(Packer)


def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    one = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=one.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{one.server_port}"
    one.shutdown()
    thread.join()
    one.server_close()


@pytest.mark.parametrize(
    "target",
    ["/v1/sync/pull?cursor=a.b-_c&limit=3", "/v1/x?cursor=a%2Fb%3D%3D+c", "/v1/a%20b"],
)
def test_the_target_goes_out_exactly_as_it_was_signed(server: str, target: str):
    call = HttpCall(server)

    reply = call("POST", target, {}, b"")
    call.close()

    assert reply.body == target.encode() + b"\n"


def test_a_redirect_is_not_followed(server: str):
    call = HttpCall(server)
    reply = call("POST", "/portal", {}, b"x")
    call.close()

    assert (reply.status, reply.body) == (302, b"/portal\nx")


def test_nobody_there_is_no_answer():
    call = HttpCall("http://127.0.0.1:9")
    with pytest.raises(NoAnswer):
        call("POST", "/", {}, b"")
    call.close()


def test_an_address_that_is_none_is_no_answer():
    call = HttpCall("http://[nowhere")
    with pytest.raises(NoAnswer):
        call("POST", "/", {}, b"")


def test_a_packed_answer_is_unpacked(packer: str):
    call = HttpCall(packer)
    reply = call("GET", "/packed", {}, b"")
    call.close()

    assert reply.body == PLAIN


@pytest.mark.parametrize("target", ["/cut", "/none", "/bomb"])
def test_what_does_not_unpack_within_bounds_is_no_answer(packer: str, target: str):
    """Whoever sits in between may send anything (X10)."""
    call = HttpCall(packer)
    with pytest.raises(NoAnswer):
        call("GET", target, {}, b"")
    call.close()
