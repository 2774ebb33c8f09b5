"""At a desk: logged in with a password, logged out for good, and by pages of ours."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from server.browsers import COOKIE
from server.database import reading
from server.passwords import (
    MOST_WAIT_MS,
    WAIT_MS,
    WRONG_BY_ADDRESS,
    WRONG_BY_NAME,
)
from server.sessions import LASTS_MS, MOST
from server.tables import metadata
from sync.access import Grant
from tests.server.callers import PASSWORD, Desk, parts_of, with_password
from tests.server.conftest import Clock

HERE = "江岸花园"


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Chen, not logged in yet."""
    return with_password(app, "chen", Grant(role="dispatcher", project=HERE))


@pytest.fixture
def chen(desk: Desk) -> Desk:
    """Chen, logged in."""
    assert desk.log_in().status_code == 201
    return desk


def speaks(one: Desk, **headers: str) -> int:
    """The status of something that changes what the server knows."""
    return one.ask("PATCH", "/v1/session", {"language": "en"}, **headers).status_code


# changes come from pages of ours


def test_a_cookie_alone_changes_nothing(chen: Desk):
    """X: another site's form sends the cookie, and cannot know the rest."""
    answer = chen.browser.patch("/v1/session", json={"language": "en"})

    assert (answer.status_code, answer.json["code"]) == (403, "csrf_wrong")
    assert chen.ask("GET", "/v1/session").json["language"] != "en"


@pytest.mark.parametrize("said", ["", "x", "é"])
def test_a_wrong_word_changes_nothing(chen: Desk, said: str):
    chen.csrf = said.encode().decode("latin-1")

    assert speaks(chen) == 403


def test_anothers_word_changes_nothing(app: Flask, chen: Desk):
    wang = with_password(app, "wang", Grant(role="dispatcher"))
    wang.log_in()
    chen.csrf = wang.csrf

    assert speaks(chen) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_a_browser_says_comes_from_elsewhere_changes_nothing(
    chen: Desk, headers: dict[str, str]
):
    assert speaks(chen, **headers) == 403


def test_another_site_logs_nobody_in(desk: Desk):
    """Else somebody works under a name that is not theirs, and does not see it."""
    said = {"person": "chen", "password": PASSWORD}
    answer = desk.browser.post(
        "/v1/session", json=said, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    assert desk.browser.get_cookie(COOKIE) is None


def test_our_page_changes_what_it_asks_for(chen: Desk):
    here = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    assert speaks(chen, **here) == 200
    assert chen.ask("GET", "/v1/session").json["language"] == "en"


def test_a_token_needs_no_word_of_a_page(app: Flask, chen: Desk):
    """No browser adds it by itself; and whoever says who they are is nobody else."""
    token = parts_of(app).door.issue_token("chen", parts_of(app).now() + 1)
    said = {"Authorization": f"Bearer {token}"}

    answer = chen.browser.delete("/v1/sessions/unknown", headers=said)

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


# the cookie


def test_the_cookie_is_for_us_alone(desk: Desk):
    held = desk.log_in().headers["Set-Cookie"]

    for part in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in held


@pytest.mark.parametrize(
    ("base", "secure"),
    [
        ("http://localhost:8080", False),
        ("http://127.0.0.1", False),
        ("http://[::1]:80", False),
        ("http://door.example", True),
        ("https://localhost", True),
        ("https://door.example", True),
    ],
)
def test_the_cookie_travels_in_the_clear_on_one_machine_only(
    desk: Desk, base: str, secure: bool
):
    said = {"person": "chen", "password": PASSWORD}
    answer = desk.browser.post("/v1/session", json=said, base_url=base)

    assert ("; Secure" in answer.headers["Set-Cookie"]) is secure


def test_no_page_of_others_frames_an_answer(chen: Desk):
    headers = chen.ask("GET", "/v1/session").headers

    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


# being logged in


def test_who_is_logged_in_is_told_what_they_may_do(chen: Desk):
    said = chen.ask("GET", "/v1/session").json

    assert said["grants"] == [{"role": "dispatcher", "project": HERE}]
    assert (said["person"], said["name"], said["openid"]) == ("chen", "Chen", False)


def test_logging_out_ends_what_the_browser_held(app: Flask, chen: Desk):
    """Also where it was copied to."""
    held = chen.browser.get_cookie(COOKIE)
    assert held is not None
    assert chen.ask("DELETE", "/v1/session").status_code == 204
    assert chen.browser.get_cookie(COOKIE) is None
    thief = app.test_client()
    thief.set_cookie(COOKIE, held.value)

    assert thief.get("/v1/session").json["code"] == "session_over"


def test_a_session_is_over_after_a_working_day(chen: Desk, clock: Clock):
    clock.ms += LASTS_MS - 1
    assert chen.ask("GET", "/v1/session").status_code == 200
    clock.ms += 1
    assert chen.ask("GET", "/v1/session").status_code == 401


def test_a_machine_left_behind_is_logged_out_from_elsewhere(app: Flask, chen: Desk):
    other = Desk(app=app, actor="chen", browser=app.test_client())
    other.log_in()
    found = other.ask("GET", "/v1/sessions").json["sessions"]
    (left,) = [one["id"] for one in found if not one["current"]]

    assert other.ask("DELETE", f"/v1/sessions/{left}").status_code == 204

    assert chen.ask("GET", "/v1/session").status_code == 401
    assert other.ask("GET", "/v1/session").status_code == 200


def test_nobody_logs_a_colleague_out(app: Flask, chen: Desk):
    """X9: foreign is unknown, in every byte."""
    wang = with_password(app, "wang", Grant(role="administrator"))
    wang.log_in()
    (one,) = wang.ask("GET", "/v1/sessions").json["sessions"]

    foreign = chen.ask("DELETE", f"/v1/sessions/{one['id']}")
    unknown = chen.ask("DELETE", f"/v1/sessions/{one['id'][::-1]}")

    assert foreign.status_code == 404
    assert (foreign.data, foreign.headers) == (unknown.data, unknown.headers)
    assert wang.ask("GET", "/v1/session").status_code == 200


def test_a_new_password_logs_out_everywhere(app: Flask, chen: Desk):
    parts = parts_of(app)
    code, _ = parts.passwords.issue_code("chen", parts.now())
    said = {"code": code, "password": "another one entirely"}

    assert app.test_client().post("/v1/password", json=said).json == {"person": "chen"}

    assert chen.ask("GET", "/v1/session").status_code == 401
    assert chen.log_in().status_code == 401
    assert chen.log_in("another one entirely").status_code == 201


def test_no_more_sessions_than_somebody_can_have_in_view(
    app: Flask, chen: Desk, clock: Clock
):
    for _ in range(MOST):
        clock.ms += 1
        Desk(app=app, actor="chen", browser=app.test_client()).log_in()

    assert chen.ask("GET", "/v1/session").status_code == 401


def test_a_changed_grant_is_in_force_at_once(app: Flask, chen: Desk, clock: Clock):
    parts_of(app).people.add("chen", "Chen", [Grant(role="auditor")], clock.ms)

    said = chen.ask("GET", "/v1/session").json

    assert said["grants"] == [{"role": "auditor", "project": "*"}]


def test_nothing_that_opens_a_door_is_in_the_database(
    app: Flask, chen: Desk, everything_kept: Callable[[], bytes]
):
    """X23: a thief of the backup logs in nowhere."""
    held = chen.browser.get_cookie(COOKIE)
    assert held is not None

    kept = everything_kept()

    assert not any(one.encode() in kept for one in (held.value, chen.csrf, PASSWORD))


@pytest.fixture
def everything_kept(app: Flask) -> Callable[[], bytes]:
    """Every row of every table."""

    def kept() -> bytes:
        with reading(parts_of(app).engine) as connection:
            return repr(
                [
                    connection.execute(select(one)).all()
                    for one in metadata.sorted_tables
                ]
            ).encode()

    return kept


# guessing


def test_wrong_names_and_wrong_passwords_are_answered_alike(desk: Desk):
    """X17."""
    wrong = desk.log_in("not this one")
    desk.actor = "nobody"
    nobody = desk.log_in("not this one")
    desk.actor = "No Name!"

    assert wrong.status_code == 401
    assert wrong.data == nobody.data == desk.log_in("not this one").data
    assert wrong.headers == nobody.headers


def guesses(desk: Desk, times: int) -> list[int]:
    return [desk.log_in("not this one").status_code for _ in range(times)]


@pytest.mark.parametrize("name", ["chen", "nobody"])
def test_after_five_wrong_ones_even_the_right_one_waits(
    desk: Desk, clock: Clock, name: str
):
    """X17: by the name, whether anybody has it or not."""
    desk.actor = name
    assert guesses(desk, WRONG_BY_NAME) == [401] * WRONG_BY_NAME

    answer = desk.log_in()

    assert (answer.status_code, answer.json["code"]) == (429, "login_slow")
    assert int(answer.headers["Retry-After"]) >= WAIT_MS // 1000
    clock.ms += WAIT_MS
    assert desk.log_in().status_code == (201 if name == "chen" else 401)


def test_who_goes_on_guessing_waits_longer_but_not_for_ever(desk: Desk, clock: Clock):
    guesses(desk, WRONG_BY_NAME)
    waits = []
    for _ in range(8):
        refused = desk.log_in("not this one").json
        waits.append(refused["seconds"])
        clock.ms += refused["seconds"] * 1000
        assert desk.log_in("not this one").status_code == 401

    assert waits[:4] == [30, 60, 120, 240]
    assert waits[-1] == MOST_WAIT_MS // 1000


def test_the_right_password_forgives_the_wrong_ones(desk: Desk):
    guesses(desk, WRONG_BY_NAME - 1)
    assert desk.log_in().status_code == 201

    assert guesses(desk, WRONG_BY_NAME) == [401] * WRONG_BY_NAME


def test_who_tries_one_password_with_every_name_waits_too(desk: Desk):
    """By the address, too."""
    for n in range(WRONG_BY_ADDRESS):
        desk.actor = f"name{n}"
        assert desk.log_in("spring2026!").status_code == 401

    desk.actor = "chen"
    assert desk.log_in().status_code == 429


def test_an_office_that_logs_in_locks_nobody_out(desk: Desk):
    """Everybody there has one address."""
    tries = [desk.log_in().status_code for _ in range(WRONG_BY_ADDRESS + 1)]

    assert set(tries) == {201}


# choosing a password


def test_a_code_is_good_once(app: Flask, desk: Desk):
    code, _ = parts_of(app).passwords.issue_code("chen", parts_of(app).now())
    said = {"code": code.lower(), "password": "another one entirely"}
    first = app.test_client().post("/v1/password", json=said)

    second = app.test_client().post("/v1/password", json=said)

    assert (first.status_code, second.status_code) == (200, 403)


@pytest.mark.parametrize(
    "weak", ["short", "aaaaaaaaaaaaaa", "chenchenchen123", "x" * 201]
)
def test_a_password_that_is_soon_guessed_is_not_taken(
    app: Flask, desk: Desk, weak: str
):
    code, _ = parts_of(app).passwords.issue_code("chen", parts_of(app).now())

    answer = app.test_client().post(
        "/v1/password", json={"code": code, "password": weak}
    )

    assert answer.status_code == 422
    assert desk.log_in().status_code == 201


def test_fields_of_our_own_are_not_taken_from_outside(desk: Desk):
    """X16."""
    said = {"person": "chen", "password": PASSWORD, "grants": [], "openid": True}

    assert desk.browser.post("/v1/session", json=said).status_code == 422
