"""Logging in at an OpenID provider: a real one, which runs beside the test, and one
that lies."""

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from server.browsers import COOKIE, MEMO
from sync.access import Grant
from tests.house.ground import ROOT
from tests.node import node
from tests.server.callers import Desk, parts_of
from tests.server.conftest import Clock

CLIENT, SECRET = "doorstep", "a secret between the two: 7 %/&"
BACK = "http://localhost/v1/session/openid/answer"
CHEN, UNVERIFIED, STRANGER = "7001", "7002", "7003"
START = "/v1/session/openid"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider's address."""
    script = ROOT / "tests" / "others" / "provider.mjs"
    command = [node(), str(script), CLIENT, SECRET, BACK]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        yield running.stdout.readline().strip()
        running.communicate("")


@pytest.fixture
def open_with(
    start: Callable[..., Flask], tmp_path: Path, clock: Clock
) -> Callable[[str], Flask]:
    """A server that trusts this provider; Chen works there."""
    clock.ms = time.time_ns() // 1_000_000  # providers have clocks of their own
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")

    def opened(issuer: str) -> Flask:
        app = start(
            oidc_issuer=issuer, oidc_client_id=CLIENT, oidc_client_secret_file=file
        )
        people = parts_of(app).people
        boss = Grant(role="administrator")
        people.add("chen", "陈静", [Grant(role="dispatcher"), boss], clock.ms)
        said = {"email": "chen@example.com"}
        people.change("chen", said, None, "chen", clock.ms)
        return app

    return opened


@pytest.fixture
def app(open_with: Callable[[str], Flask], issuer: str) -> Flask:
    return open_with(issuer)


@pytest.fixture
def chen(app: Flask) -> Desk:
    """Chen's browser."""
    return Desk(app=app, actor="chen", browser=app.test_client())


def sent_to(desk: Desk) -> str:
    """Where a browser is sent that wants to log in."""
    answer = desk.browser.get(START)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def over_there(address: str, who: str | None) -> str:
    """What somebody does at the provider; where it sends them then."""
    with httpx.Client() as browser:
        while not address.startswith(BACK):
            if "/login/" in address and who is not None:
                address += f"?who={who}"
            answer = browser.get(address)
            assert answer.is_redirect, answer.text
            address = str(answer.next_request.url)  # type: ignore[union-attr]
    return address.removeprefix("http://localhost")


def comes_back(desk: Desk, where: str) -> str:
    """Where the browser is sent at last."""
    answer = desk.browser.get(where)
    assert answer.status_code == 302
    return answer.headers["Location"]


def logs_in(desk: Desk, who: str | None = CHEN) -> str:
    return comes_back(desk, over_there(sent_to(desk), who))


REFUSED = "/console/#/login?refused="


def test_whom_the_provider_vouches_for_is_logged_in(chen: Desk):
    assert logs_in(chen) == "/console/"

    said = chen.browser.get("/v1/session").json

    assert (said["person"], said["openid"]) == ("chen", True)
    assert {one["role"] for one in said["grants"]} == {"administrator", "dispatcher"}


def test_who_has_logged_in_once_is_known_by_more_than_an_address(
    app: Flask, chen: Desk, clock: Clock
):
    logs_in(chen)
    said = {"email": "new@example.com"}
    parts_of(app).people.change("chen", said, None, "chen", clock.ms)

    assert logs_in(chen) == "/console/"


@pytest.mark.parametrize("who", [UNVERIFIED, STRANGER])
def test_an_address_that_is_not_proven_or_not_ours_logs_nobody_in(chen: Desk, who: str):
    assert logs_in(chen, who) == REFUSED + "openid_stranger"
    assert chen.browser.get_cookie(COOKIE) is None


def test_whoever_says_no_over_there_is_not_logged_in(chen: Desk):
    assert logs_in(chen, None) == REFUSED + "openid_failed"


def test_whoever_left_is_not_logged_in_by_the_provider(
    app: Flask, chen: Desk, clock: Clock
):
    logs_in(chen)
    parts_of(app).people.add("gao", "高", [Grant(role="administrator")], clock.ms)
    parts_of(app).people.change("chen", {"active": False}, None, "gao", clock.ms)

    assert logs_in(chen) == REFUSED + "openid_stranger"


def test_what_another_browser_began_logs_nobody_in(app: Flask, chen: Desk):
    """Else an attacker's account is opened in Chen's browser."""
    where = over_there(sent_to(chen), CHEN)
    other = Desk(app=app, actor="wang", browser=app.test_client())

    assert comes_back(other, where) == REFUSED + "openid_stale"
    sent_to(other)
    assert comes_back(other, where) == REFUSED + "openid_stale"


def test_a_stolen_code_is_worth_nothing(app: Flask, chen: Desk):
    """It opens only with what Chen's browser holds (PKCE)."""
    code = parse_qs(urlsplit(over_there(sent_to(chen), CHEN)).query)["code"][0]
    thief = Desk(app=app, actor="wang", browser=app.test_client())
    state = parse_qs(urlsplit(sent_to(thief)).query)["state"][0]

    where = f"{START}/answer?code={code}&state={state}"

    assert comes_back(thief, where) == REFUSED + "openid_failed"
    assert thief.browser.get_cookie(COOKIE) is None


def test_an_answer_is_good_once(chen: Desk):
    address = sent_to(chen)
    memo = chen.browser.get_cookie(MEMO, path=START)
    assert memo is not None
    where = over_there(address, CHEN)
    assert comes_back(chen, where) == "/console/"

    again = comes_back(chen, where)
    chen.browser.set_cookie(MEMO, memo.value, path=START)

    assert again == REFUSED + "openid_stale"
    assert comes_back(chen, where) == REFUSED + "openid_failed"


def test_whoever_takes_too_long_begins_again(chen: Desk, clock: Clock):
    where = over_there(sent_to(chen), CHEN)
    clock.ms += 10 * 60_000

    assert comes_back(chen, where) == REFUSED + "openid_stale"


def test_without_a_provider_there_is_no_such_door(start: Callable[..., Flask]):
    browser = start().test_client()

    assert browser.get(START).status_code == 404
    assert browser.get("/v1/session/ways").json == {"password": True, "openid": False}


def test_a_provider_that_is_away_is_not_our_mistake(open_with: Callable[[str], Flask]):
    answer = open_with("http://127.0.0.1:9").test_client().get(START)

    assert (answer.status_code, answer.json["code"]) == (502, "openid_failed")


# a provider that lies


OURS, OTHERS = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
Lie = Callable[[dict[str, Any]], dict[str, Any]]


@contextmanager
def liar(make: Callable[[str, str], str], issuer: str = "") -> Iterator[str]:
    """A provider that hands out whatever `make` says of its address and the nonce."""

    class Door(BaseHTTPRequestHandler):
        nonce = ""

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            where = urlsplit(self.path)
            if where.path == "/jwks":
                self._say({"keys": [OURS.as_dict(private=False)]})
            elif where.path == "/auth":
                Door.nonce = parse_qs(where.query)["nonce"][0]
                self._say({})
            else:
                ends = {"authorization_endpoint": "auth", "token_endpoint": "token",
                        "jwks_uri": "jwks"}  # fmt: skip
                told = {name: f"{address}/{end}" for name, end in ends.items()}
                self._say({"issuer": issuer or address} | told)

        def do_POST(self) -> None:
            self._say({"access_token": "a", "token_type": "Bearer",
                       "id_token": make(address, Door.nonce)})  # fmt: skip

        def _say(self, said: Any) -> None:
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address
    server.shutdown()
    server.server_close()


def told(address: str, nonce: str) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": address, "sub": CHEN, "aud": CLIENT, "nonce": nonce, "iat": now,
        "exp": now + 60, "email": "chen@example.com", "email_verified": True,
    }  # fmt: skip


def answered(app: Flask) -> tuple[TestResponse, Desk]:
    """A browser goes there and back."""
    desk = Desk(app=app, actor="chen", browser=app.test_client())
    address = sent_to(desk)
    httpx.get(address)
    state = parse_qs(urlsplit(address).query)["state"][0]
    return desk.browser.get(f"{START}/answer?code=c&state={state}"), desk


@pytest.mark.parametrize(
    "lies",
    [
        {"aud": "somebody-else"},
        {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
        {"iss": "https://elsewhere.example"},
        {"nonce": "of another login"},
        {"exp": 1_700_000_000},
    ],
    ids=lambda lies: next(iter(lies)),
)
def test_a_word_that_was_meant_otherwise_logs_nobody_in(
    open_with: Callable[[str], Flask], lies: dict[str, Any]
):
    def make(address: str, nonce: str) -> str:
        return jwt.encode({"alg": "RS256"}, told(address, nonce) | lies, OURS)

    with liar(make) as address:
        answer, desk = answered(open_with(address))

    assert answer.headers["Location"] == REFUSED + "openid_failed"
    assert desk.browser.get_cookie(COOKIE) is None


def unsigned(address: str, nonce: str) -> str:
    parts = ({"alg": "none"}, told(address, nonce))
    texts = [jwt.encode({"alg": "RS256"}, part, OURS).split(".")[1] for part in parts]
    return ".".join([*texts, ""])


def by_others(address: str, nonce: str) -> str:
    return jwt.encode({"alg": "RS256"}, told(address, nonce), OTHERS)


@pytest.mark.parametrize("make", [unsigned, by_others])
def test_a_word_that_the_provider_did_not_sign_logs_nobody_in(
    open_with: Callable[[str], Flask], make: Callable[[str, str], str]
):
    with liar(make) as address:
        answer, desk = answered(open_with(address))

    assert answer.headers["Location"] == REFUSED + "openid_failed"
    assert desk.browser.get_cookie(COOKIE) is None


def test_the_same_word_meant_as_it_should_be_logs_in(
    open_with: Callable[[str], Flask],
):
    """Else the lies above prove nothing."""

    def make(address: str, nonce: str) -> str:
        return jwt.encode({"alg": "RS256"}, told(address, nonce), OURS)

    with liar(make) as address:
        answer, _ = answered(open_with(address))

    assert answer.headers["Location"] == "/console/"


def test_who_speaks_for_another_provider_is_not_asked(
    open_with: Callable[[str], Flask],
):
    with liar(by_others, issuer="https://elsewhere.example") as address:
        answer = open_with(address).test_client().get(START)

    assert answer.json["code"] == "openid_failed"
