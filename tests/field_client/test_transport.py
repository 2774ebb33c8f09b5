"""The real way over HTTP: what is no answer is never taken for one."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from field_client.transport import HttpCall, NoAnswer


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
    one = HTTPServer(("127.0.0.1", 0), Echo)
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
