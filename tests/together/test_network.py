"""The bad network itself: every fault it promises really happens.

May not enter: Doorstep; the server here only counts what reaches it.
"""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread
from time import monotonic

import httpx
import pytest

from infra.demo.network import CLEAR, PORTAL_PAGE, STORMY, BadNetwork, Fault, Weather

ANSWER = b"kept: "


class Counting(BaseHTTPRequestHandler):
    """Says back what it got; remembers every body that arrived whole."""

    protocol_version = "HTTP/1.1"
    bodies: list[bytes]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) == length:
            self.bodies.append(body)
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER + body)))
        self.end_headers()
        self.wfile.write(ANSWER + body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def bodies() -> list[bytes]:
    """What reached the server."""
    return []


@pytest.fixture
def network(bodies: list[bytes]) -> Iterator[BadNetwork]:
    handler = type("Handler", (Counting,), {"bodies": bodies})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.handle_error = lambda *_: None  # cut connections are meant
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        with BadNetwork("127.0.0.1", server.server_port) as network:
            yield network
        server.shutdown()
        thread.join()


def post(network: BadNetwork, body: bytes = b"fact") -> bytes:
    with httpx.Client(timeout=5) as client:
        return client.post(network.url + "/v1/push", content=body).content


def no_answer(network: BadNetwork, body: bytes = b"fact") -> None:
    with pytest.raises(httpx.TransportError):
        post(network, body)


def test_a_lost_answer_was_worked_on_by_the_server(
    network: BadNetwork, bodies: list[bytes]
) -> None:
    network.lose_next_answer()

    no_answer(network)

    assert bodies == [b"fact"]


@pytest.mark.parametrize("after", [0, 1, 16, 40])
def test_a_cut_answer_was_worked_on_and_arrives_in_part(
    network: BadNetwork, bodies: list[bytes], after: int
) -> None:
    network.cut_next_answer(after)
    said = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nfact"

    with socket.create_connection(("127.0.0.1", network.port), 5) as line:
        line.sendall(said)
        got = b"".join(iter(lambda: line.recv(9999), b""))

    assert (len(got), bodies) == (after, [b"fact"])


@pytest.mark.parametrize("after", [0, 1, 20, -1])
def test_a_cut_request_never_reaches_the_server_whole(
    network: BadNetwork, bodies: list[bytes], after: int
) -> None:
    network.cut_next_request(after)

    no_answer(network)

    assert bodies == []


def test_a_request_sent_twice_arrives_twice_and_is_answered_once(
    network: BadNetwork, bodies: list[bytes]
) -> None:
    network.send_next_twice()

    assert post(network) == ANSWER + b"fact"
    assert bodies == [b"fact", b"fact"]


def test_a_request_sent_again_later_arrives_after_its_successor(
    network: BadNetwork, bodies: list[bytes]
) -> None:
    network.send_next_again_later()

    post(network, b"first")
    post(network, b"second")
    post(network, b"third")

    assert bodies == [b"first", b"second", b"first", b"third"]


def test_a_captive_portal_says_200_and_asks_no_server(
    network: BadNetwork, bodies: list[bytes]
) -> None:
    network.answer_next_as_portal()

    assert (post(network), bodies) == (PORTAL_PAGE, [])


def test_a_flipped_bit_arrives_in_the_body(
    network: BadNetwork, bodies: list[bytes]
) -> None:
    network.next(Fault("flip_request", 0))

    post(network, b"fact")

    assert bodies == [b"gact"]


def test_offline_refuses_and_online_serves_at_the_same_address(
    network: BadNetwork,
) -> None:
    network.go_offline()
    with pytest.raises(httpx.ConnectError):
        post(network)

    network.go_online()

    assert post(network) == ANSWER + b"fact"


def test_going_offline_drops_a_connection_in_use(network: BadNetwork) -> None:
    with httpx.Client(timeout=5) as client:
        client.post(network.url, content=b"fact")
        network.go_offline()

        with pytest.raises(httpx.TransportError):
            client.post(network.url, content=b"fact")


def test_a_delay_is_waited_for(network: BadNetwork) -> None:
    network.next(Fault("delay", ms=60))
    before = monotonic()

    post(network)

    assert monotonic() - before >= 0.06


def test_a_fault_waits_for_the_request_it_was_said_for(network: BadNetwork) -> None:
    network.lose_next_answer(on="/v1/uploads")

    assert post(network) == ANSWER + b"fact"
    assert network.faults == {"fair": 1}


def test_without_faults_every_byte_passes(network: BadNetwork) -> None:
    photo = bytes(range(256)) * 4096

    assert post(network, photo) == ANSWER + photo


def test_the_same_seed_brings_the_same_weather() -> None:
    def month() -> list[Fault]:
        network = BadNetwork("127.0.0.1", 1, seed=7, weather=STORMY)
        dice = network._dice
        network._kept.close()
        network._loop.close()
        return [network.weather.draw(dice) for _ in range(200)]

    assert month() == month()


def test_every_drawn_fault_has_a_kind_and_comes_in_a_storm() -> None:
    one_each = [Weather(**{kind: 1.0}) for kind in _drawn()]

    kinds = [weather.draw(Random(0)).kind for weather in one_each]

    assert kinds == _drawn()
    assert CLEAR.draw(Random(0)).kind == "fair"


def _drawn() -> list[str]:
    return [name for name in Weather.__dataclass_fields__ if name[-3:] != "_ms"]


def test_a_stalled_request_hangs_half_way_until_it_is_let_go(
    network: BadNetwork, bodies: list[bytes]
) -> None:
    network.stall_next_request(0.5, on=b"fact")
    lost = Thread(target=no_answer, args=(network,))
    lost.start()

    hung = network.stalled.wait(5)
    network.go_on()
    lost.join()

    assert (hung, bodies) == (True, [])


def test_a_fault_may_wait_for_certain_bytes(network: BadNetwork) -> None:
    network.next(Fault("lose_answer", on=b"photo"))

    post(network, b"fact")

    no_answer(network, b"a photo")
