"""The air between one tablet and the server, in this process: everything that a network
has done to somebody (F1–F4, F26), drawn from a seed.

It passes requests to a `Call` and knows nothing of what they say. May not enter: a real
clock, a real network, what an answer means.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from field_client.transport import Call, NoAnswer, Reply

PORTAL = Reply(
    status=200,
    headers={"content-type": "text/html"},
    body="<!doctype html><title>免费无线网</title>".encode(),
)
BAD_GATEWAY = Reply(status=502, headers={}, body=b"<h1>502 Bad Gateway</h1>")
FELL_OVER = Reply(status=500, headers={}, body=b"<h1>Internal Server Error</h1>")

Chances = Mapping[str, float]
FAIR: Chances = {}
ROUGH: Chances = {
    "lose_request": 0.05,
    "lose_answer": 0.06,
    "double": 0.05,
    "double_late": 0.05,
    "arrive_late": 0.04,
    "cut_request": 0.02,
    "cut_answer": 0.04,
    "flip_request": 0.02,
    "flip_answer": 0.02,
    "fall_over": 0.02,
    "bad_gateway": 0.02,
    "portal": 0.02,
    "stale_answer": 0.02,
}
STORMY: Chances = {kind: 2 * chance for kind, chance in ROUGH.items()}


@dataclass(frozen=True)
class Request:
    """One request as it left the tablet."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Air:
    """The way to the server for one tablet. `serve` is the server; `before` is called
    before each request, while nothing is under way."""

    serve: Call
    dice: Random
    chances: Chances = field(default_factory=dict)
    before: Callable[[], None] = lambda: None
    offline: bool = False
    trace: list[str] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)
    late: list[Request] = field(default_factory=list)
    last: Reply = PORTAL

    def __call__(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        self.before()
        self._bring_what_is_late()
        request = Request(method, target, headers, body)
        kind, share = self._draw()
        self.trace.append(f"{kind} {method} {target.partition('?')[0]}")
        self.fired[kind] += 1
        return KINDS[kind](self, request, share)

    def _draw(self) -> tuple[str, float]:
        """What happens to one request; every draw throws the same number of dice."""
        luck, share = self.dice.random(), self.dice.random()
        if self.offline:
            return "lose_request", share
        for kind, chance in self.chances.items():
            luck -= chance
            if luck < 0:
                return kind, share
        return "fair", share

    def _bring_what_is_late(self) -> None:
        """Requests that were held up arrive after others that left later."""
        if self.late and not self.offline and self.dice.random() < 0.5:
            self.send(self.late.pop(self.dice.randrange(len(self.late))))

    def send(self, request: Request) -> Reply:
        """The request reaches the server; its answer."""
        return self.serve(request.method, request.target, request.headers, request.body)

    def clear_up(self) -> None:
        """Good weather from now on; what was still under way arrives first."""
        self.chances, self.offline = FAIR, False
        while self.late:
            self.send(self.late.pop(0))


def _fair(air: Air, request: Request, _share: float) -> Reply:
    air.last = air.send(request)
    return air.last


def _lose_request(_air: Air, _request: Request, _share: float) -> Reply:
    raise NoAnswer("lost on the way there")


def _lose_answer(air: Air, request: Request, _share: float) -> Reply:
    air.send(request)
    raise NoAnswer("lost on the way back")


def _double(air: Air, request: Request, share: float) -> Reply:
    answers = air.send(request), air.send(request)
    return answers[share < 0.5]


def _double_late(air: Air, request: Request, _share: float) -> Reply:
    air.late.append(request)
    return air.send(request)


def _arrive_late(air: Air, request: Request, _share: float) -> Reply:
    air.late.append(request)
    raise NoAnswer("given up too early")


def _cut_request(air: Air, request: Request, share: float) -> Reply:
    body = request.body[: int(share * len(request.body))]
    return air.send(Request(request.method, request.target, request.headers, body))


def _cut_answer(air: Air, request: Request, share: float) -> Reply:
    whole = air.send(request)
    return Reply(
        status=whole.status,
        headers=whole.headers,
        body=whole.body[: int(share * len(whole.body))],
    )


def _flip_request(air: Air, request: Request, share: float) -> Reply:
    body = flipped(request.body, share)
    return air.send(Request(request.method, request.target, request.headers, body))


def _flip_answer(air: Air, request: Request, share: float) -> Reply:
    whole = air.send(request)
    return Reply(
        status=whole.status, headers=whole.headers, body=flipped(whole.body, share)
    )


def _fall_over(air: Air, request: Request, share: float) -> Reply:
    if share < 0.5:
        air.send(request)  # it fell over after the work was done
    return FELL_OVER


def _bad_gateway(_air: Air, _request: Request, _share: float) -> Reply:
    return BAD_GATEWAY


def _portal(_air: Air, _request: Request, _share: float) -> Reply:
    return PORTAL


def _stale_answer(air: Air, request: Request, _share: float) -> Reply:
    """Something in between answers from memory, what the server said to another."""
    air.send(request)
    return air.last


def flipped(data: bytes, share: float) -> bytes:
    """The data with one bit turned over; nothing has no bits."""
    if not data:
        return data
    place = int(share * len(data))
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


KINDS: Mapping[str, Callable[[Air, Request, float], Reply]] = {
    "fair": _fair,
    "lose_request": _lose_request,
    "lose_answer": _lose_answer,
    "double": _double,
    "double_late": _double_late,
    "arrive_late": _arrive_late,
    "cut_request": _cut_request,
    "cut_answer": _cut_answer,
    "flip_request": _flip_request,
    "flip_answer": _flip_answer,
    "fall_over": _fall_over,
    "bad_gateway": _bad_gateway,
    "portal": _portal,
    "stale_answer": _stale_answer,
}
