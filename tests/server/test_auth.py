"""Who is let in: by a code once, with a key of their own, and only themselves."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from werkzeug.test import TestResponse

from server.auth import MINUTE_MS, WRONG_CODES
from sync.facts.visit import Left
from sync.order import order_stream
from sync.signing import answer_text, public_jwk, read_jwk, verifies
from tests.server.callers import HOUR, Staff, Tablet, employ, give, parts_of
from tests.server.conftest import Clock


def new_key() -> dict[str, str]:
    return public_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())


KEY = new_key()


@pytest.fixture
def code(app: Flask) -> str:
    """A code for Li, good for an hour."""
    return code_of(app, "li")


def enrol(app: Flask, code: str, key: dict[str, str] = KEY) -> TestResponse:
    return app.test_client().post("/v1/devices", json={"code": code, "key": key})


def code_of(app: Flask, who: str) -> str:
    """A code for somebody who may be new, good for an hour."""
    door, now = parts_of(app).door, parts_of(app).now()
    door.add_person(who, who.title(), "technician", now)
    return door.issue_code(who, now + HOUR).partition(".")[0]


def jwk_of(tablet: Tablet) -> dict[str, str]:
    return public_jwk(tablet.key.public_key())


def share(app: Flask, tablet: Tablet, who: str) -> Tablet:
    """The same tablet in the hands of somebody else."""
    answer = enrol(app, code_of(app, who), jwk_of(tablet))
    assert answer.status_code == 201, answer.text
    return Tablet(app=app, device=answer.json["device"], actor=who, key=tablet.key)


def test_a_code_lets_one_key_in_however_many_try_at_once(app: Flask, code: str):
    keys = [new_key() for _ in range(8)]
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda key: enrol(app, code, key).status_code, keys))

    assert sorted(answers) == [201] + [403] * 7


def test_who_lost_the_answer_asks_again_and_is_the_same_device(app: Flask, code: str):
    assert enrol(app, code).json == enrol(app, code).json


def test_a_second_person_with_a_code_shares_the_tablet_in_shifts(
    app: Flask, li: Tablet
):
    wang = share(app, li, "wang").greet()
    give(app, "1", "wang")

    receipt = wang.tell(Left(), "1").json["receipts"][0]

    assert wang.device == li.device
    assert receipt["outcome"] in ("stored", "review")
    assert li.ask("GET", "/v1/policy").status_code == 200


def test_nobody_comes_in_by_a_tablet_that_was_revoked(app: Flask, li: Tablet):
    """F14: whoever found it may have a code of their own."""
    parts_of(app).door.revoke(li.device, parts_of(app).now())

    assert enrol(app, code_of(app, "wang"), jwk_of(li)).status_code == 403


def test_a_code_that_is_over_lets_nobody_in(app: Flask, code: str, clock: Clock):
    clock.ms += HOUR

    assert enrol(app, code).status_code == 403


def test_wrong_used_and_expired_codes_look_the_same(
    app: Flask, code: str, clock: Clock
):
    """X17."""
    enrol(app, code)
    wrong, used = enrol(app, "AAAAAAAAAA"), enrol(app, code, new_key())
    clock.ms += HOUR

    assert wrong.json == used.json == enrol(app, code, new_key()).json


def test_after_many_wrong_codes_even_the_right_one_waits(
    app: Flask, code: str, clock: Clock
):
    """X17: whoever guesses gets thirty tries in a minute."""
    for _ in range(WRONG_CODES):
        assert enrol(app, "AAAAAAAAAA").status_code == 403

    answer = enrol(app, code)

    assert (answer.status_code, answer.json["code"]) == (429, "too_many_requests")
    assert "Retry-After" in answer.headers
    clock.ms += MINUTE_MS
    assert enrol(app, code).status_code == 201


def test_a_token_is_good_until_it_is_over(app: Flask, chen: Staff, clock: Clock):
    assert chen.ask("GET", "/v1/policy").status_code == 200
    clock.ms += 24 * HOUR
    assert chen.ask("GET", "/v1/policy").status_code == 401


def test_the_desk_has_no_tablet_and_a_tablet_is_no_desk(app: Flask, li: Tablet):
    sun = employ(app, "sun", "auditor")

    assert sun.ask("POST", "/v1/sync/hello", {}).status_code == 403
    assert li.ask("GET", "/v1/feed/facts").status_code == 403


def test_another_tablets_time_token_is_none(li: Tablet, wang: Tablet):
    li.nonce = wang.nonce

    assert li.ask("GET", "/v1/policy").json["code"] == "token_unknown"


def test_nobody_speaks_for_a_colleague(li: Tablet, wang: Tablet):
    li.actor = wang.actor

    assert li.ask("GET", "/v1/policy").status_code == 401


def test_every_answer_is_sealed_to_its_question_also_a_refusal(app: Flask, li: Tablet):
    """F26: a captive portal's answer is none."""
    key = read_jwk(parts_of(app).keys.jwk)
    for path in ("/v1/policy", "/v1/sync/pull?limit=0", "/v1/blobs/x"):
        said = li.signed("GET", path, b"")
        answer = app.test_client().get(path, headers=said)
        asked = said["Authorization"].rpartition('signature="')[2].rstrip('"')
        text = answer_text(asked, answer.status_code, answer.data)
        assert verifies(key, text, answer.headers["Doorstep-Seal"]), path


def test_a_revoked_tablet_hands_in_and_reads_nothing(app: Flask, li: Tablet):
    """F14: whoever holds a stolen tablet learns no more of anybody's home."""
    give(app, "1", "li")
    parts_of(app).door.revoke(li.device, parts_of(app).now())
    order = order_stream("1").partition(":")[2]
    reading = ("/v1/sync/pull", f"/v1/orders/{order}", f"/v1/orders/{order}/facts",
               "/v1/policy", f"/v1/blobs/{'0' * 64}")  # fmt: skip

    assert {li.ask("GET", path).json["code"] for path in reading} == {"device_revoked"}
    assert li.tell(Left(), "1").json["receipts"][0]["outcome"] == "quarantined"
