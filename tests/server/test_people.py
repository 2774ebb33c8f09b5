"""People and what they may do: written by administrators, in force at once."""

import pytest
from flask import Flask
from sqlalchemy import select

from server.api.devices import CODE_MS
from server.database import reading
from server.people_tables import trace
from sync.access import Grant
from sync.facts.dispatch import OrderSeen
from tests.server.callers import (
    NOON,
    Desk,
    Tablet,
    enrol,
    give,
    parts_of,
    with_password,
)
from tests.server.conftest import Clock

HERE, THERE = "江岸花园", "滨江府"
ANY = {"If-Match": "*"}


def logged_in(app: Flask, name: str, *grants: Grant) -> Desk:
    """Somebody at a desk."""
    desk = with_password(app, name, *grants)
    assert desk.log_in().status_code == 201
    return desk


@pytest.fixture
def zhou(app: Flask) -> Desk:
    """Zhou, who administers everything."""
    return logged_in(app, "zhou", Grant(role="administrator"))


@pytest.fixture
def here(app: Flask) -> Desk:
    """Xu, who administers one project."""
    return logged_in(app, "xu", Grant(role="administrator", project=HERE))


def grants(*said: tuple[str, str]) -> dict[str, list[dict[str, str]]]:
    return {"grants": [{"role": role, "project": place} for role, place in said]}


def enlist(desk: Desk, name: str, *said: tuple[str, str]) -> int:
    body = {"id": name, "name": name.title()} | grants(*said)
    return desk.ask("POST", "/v1/people", body).status_code


def regrant(desk: Desk, name: str, *said: tuple[str, str]) -> int:
    target = f"/v1/people/{name}/grants"
    return desk.ask("PUT", target, grants(*said), **ANY).status_code


# nobody gives away more than they have


def test_grants_come_through_their_own_door_alone(zhou: Desk):
    """X16: not with a name that is put right."""
    enlist(zhou, "chen", ("dispatcher", HERE))

    answer = zhou.ask("PATCH", "/v1/people/chen", {"name": "陈静"} | grants(), **ANY)

    assert answer.status_code == 422
    assert zhou.ask("GET", "/v1/people/chen").json["grants"]


@pytest.mark.parametrize("field", ["rev", "left_ms", "password", "subject", "role"])
def test_fields_of_our_own_are_not_taken_from_outside(zhou: Desk, field: str):
    """X16."""
    body = {"id": "chen", "name": "陈静", field: 1} | grants()

    assert zhou.ask("POST", "/v1/people", body).status_code == 422


@pytest.mark.parametrize("place", [THERE, "*"])
def test_whoever_administers_a_project_gives_nothing_elsewhere(here: Desk, place: str):
    assert enlist(here, "sun", ("auditor", place)) == 403
    assert enlist(here, "chen", ("dispatcher", HERE)) == 201
    assert regrant(here, "chen", ("dispatcher", HERE), ("manager", place)) == 403


def test_whoever_administers_a_project_takes_nothing_elsewhere(zhou: Desk, here: Desk):
    enlist(zhou, "chen", ("dispatcher", HERE), ("manager", THERE))

    assert regrant(here, "chen", ("dispatcher", HERE)) == 403
    assert regrant(here, "chen", ("auditor", HERE), ("manager", THERE)) == 200


def test_nobody_takes_over_an_account_that_opens_more_than_their_own(
    zhou: Desk, here: Desk
):
    """X9: with a code for its password, or with its tablet."""
    enlist(zhou, "chen", ("dispatcher", HERE), ("manager", THERE))
    doors = ("/v1/people/chen/password-code", "/v1/people/zhou/password-code")

    assert {here.ask("POST", door, {}).status_code for door in doors} == {403}
    assert here.ask(
        "PATCH", "/v1/people/chen", {"active": False}, **ANY
    ).status_code == (403)


def test_the_desk_gives_out_technicians_tablets_and_no_others(zhou: Desk, app: Flask):
    """Else a dispatcher decides as a manager."""
    enlist(zhou, "li", ("technician", "*"))
    enlist(zhou, "gao", ("manager", "*"), ("technician", "*"))
    chen = logged_in(app, "chen", Grant(role="dispatcher"))

    given = [
        chen.ask("POST", "/v1/devices/codes", {"person": who}).status_code
        for who in ("li", "gao", "zhou", "nobody")
    ]

    assert given == [201, 403, 403, 404]


def test_the_last_key_is_not_taken(zhou: Desk):
    """Whoever administers everything cannot lock everybody out."""
    assert regrant(zhou, "zhou", ("auditor", "*")) == 409
    left = zhou.ask("PATCH", "/v1/people/zhou", {"active": False}, **ANY)
    assert left.json["code"] == "last_administrator"


# in force at once


def test_whoever_leaves_opens_nothing_any_more(
    app: Flask, zhou: Desk, clock: Clock, li: Tablet
):
    """Sessions, tokens, codes; the tablet hands in what it has, and reads nothing."""
    gao = logged_in(app, "gao", Grant(role="manager"))
    door = parts_of(app).door
    token = door.issue_token("gao", clock.ms + 1000)
    give(app, "1", "li")
    for who in ("gao", "li"):
        said = zhou.ask("PATCH", f"/v1/people/{who}", {"active": False}, **ANY)
        assert said.json["active"] is False

    bearer = {"Authorization": f"Bearer {token}"}

    assert gao.ask("GET", "/v1/session").status_code == 401
    assert gao.log_in().status_code == 401
    assert app.test_client().get("/v1/policy", headers=bearer).status_code == 401
    assert zhou.ask("POST", "/v1/people/gao/password-code", {}).status_code == 409
    assert li.ask("GET", "/v1/sync/pull").json["code"] == "device_revoked"
    assert li.tell(OrderSeen(), "1").json["receipts"][0]["outcome"] == "quarantined"


def test_a_new_grant_opens_its_doors_at_once(app: Flask, zhou: Desk):
    chen = logged_in(app, "chen", Grant(role="dispatcher", project=HERE))
    assert chen.ask("GET", "/v1/people").status_code == 200

    assert regrant(zhou, "chen", ("contractor", HERE)) == 200

    assert chen.ask("GET", "/v1/people").status_code == 403


def test_a_person_begins_with_a_code_and_a_password(app: Flask, zhou: Desk):
    enlist(zhou, "chen", ("dispatcher", HERE))
    code = zhou.ask("POST", "/v1/people/chen/password-code", {}).json["code"]
    said = {"code": code, "password": "correct horse battery"}

    assert app.test_client().post("/v1/password", json=said).status_code == 200
    assert Desk(app=app, actor="chen", browser=app.test_client()).log_in().json[
        "grants"
    ] == [{"role": "dispatcher", "project": HERE}]


def test_whoever_comes_back_begins_with_a_new_code(
    app: Flask, zhou: Desk, clock: Clock
):
    """Nothing that was held before opens anything again."""
    gao = logged_in(app, "gao", Grant(role="manager"))
    token = parts_of(app).door.issue_token("gao", clock.ms + 1000)
    bearer = {"Authorization": f"Bearer {token}"}
    for active in (False, True):
        zhou.ask("PATCH", "/v1/people/gao", {"active": active}, **ANY)

    tries = (gao.ask("GET", "/v1/session"), gao.log_in(),
             app.test_client().get("/v1/policy", headers=bearer))  # fmt: skip

    assert {one.status_code for one in tries} == {401}


# changing what one has seen


def test_nobody_changes_what_somebody_else_just_changed(zhou: Desk):
    enlist(zhou, "chen", ("dispatcher", HERE))
    seen = zhou.ask("GET", "/v1/people/chen").headers["ETag"]
    first = zhou.ask("PATCH", "/v1/people/chen", {"phone": "1"}, **{"If-Match": seen})

    late = zhou.ask("PATCH", "/v1/people/chen", {"phone": "2"}, **{"If-Match": seen})
    blind = zhou.ask("PATCH", "/v1/people/chen", {"phone": "2"})

    assert (first.status_code, late.status_code, blind.status_code) == (200, 412, 428)
    assert zhou.ask("GET", "/v1/people/chen").json["phone"] == "1"


def test_somebody_is_enlisted_once_however_often_it_is_asked(zhou: Desk):
    body = {"id": "chen", "name": "陈静"} | grants(("dispatcher", HERE))
    key = {"Idempotency-Key": "once"}

    answers = [zhou.ask("POST", "/v1/people", body, **key) for _ in range(2)]

    assert [one.status_code for one in answers] == [201, 201]
    assert zhou.ask("POST", "/v1/people", body).status_code == 409


def test_people_come_a_page_at_a_time(zhou: Desk):
    for name in ("a", "b", "c"):
        enlist(zhou, name, ("technician", HERE))
    first = zhou.ask("GET", "/v1/people?limit=2&role=technician").json
    second = zhou.ask("GET", f"/v1/people?limit=2&after={first['next']}").json

    assert [one["id"] for one in first["people"]] == ["a", "b"]
    assert [one["id"] for one in second["people"]] == ["c", "zhou"]
    assert second["next"] is None


def test_what_was_changed_about_people_leaves_a_trace(app: Flask, zhou: Desk):
    """S2."""
    enlist(zhou, "chen", ("dispatcher", HERE))
    regrant(zhou, "chen", ("auditor", HERE))
    zhou.ask("POST", "/v1/people/chen/password-code", {})

    with reading(parts_of(app).engine) as connection:
        rows = connection.execute(select(trace.c.person, trace.c.action)).all()

    assert [row.action for row in rows] == [
        "people.write",
        "people.grant",
        "people.code",
    ]
    assert {row.person for row in rows} == {"zhou"}


# projects


def test_a_project_is_known_as_soon_as_a_grant_speaks_of_it(zhou: Desk):
    enlist(zhou, "chen", ("dispatcher", THERE))

    said = zhou.ask("GET", "/v1/projects").json["projects"]

    assert {"id": THERE, "name": THERE, "active": True} in said


def test_nobody_sees_a_project_that_is_not_theirs(zhou: Desk, here: Desk):
    """X9."""
    zhou.ask("POST", "/v1/projects", {"id": THERE, "name": "滨江府"})

    foreign, unknown = (
        here.ask("GET", f"/v1/projects/{one}") for one in (THERE, "没有的")
    )

    assert foreign.status_code == 404
    assert (foreign.data, foreign.headers) == (unknown.data, unknown.headers)
    assert THERE not in str(here.ask("GET", "/v1/projects").json)


def test_a_project_is_closed_by_who_may_and_has_seen_it(zhou: Desk, here: Desk):
    seen = here.ask("GET", f"/v1/projects/{HERE}").headers["ETag"]
    said = {"If-Match": seen}

    closed = here.ask("PATCH", f"/v1/projects/{HERE}", {"active": False}, **said)
    late = zhou.ask("PATCH", f"/v1/projects/{HERE}", {"active": True}, **said)

    assert (closed.json["active"], late.status_code) == (False, 412)


# devices


def test_a_tablet_tells_how_wrong_its_clock_is_and_how_safe_its_records_lie(
    app: Flask, zhou: Desk, li: Tablet, clock: Clock
):
    claim = {"log": f"{li.device}.first", "n": 0, "tip": None, "unsent": 3,
             "at": {"w": clock.ms - 90_000, "z": 480}}  # fmt: skip
    clock.ms += 60_000
    claim["at"]["w"] = clock.ms - 90_000
    storage = {"persisted": False, "free_bytes": 5_000_000}
    hello = {"claims": [claim], "client": "web 9", "storage": storage}
    assert li.ask_json("POST", "/v1/sync/hello", hello).status_code == 200

    (one,) = zhou.ask("GET", "/v1/devices").json["devices"]

    assert (one["drift_ms"], one["storage"], one["unsent"]) == (-90_000, storage, 3)
    assert (one["people"], one["contact_ms"]) == (["li"], clock.ms)


def test_a_lost_tablet_shows_what_was_unsent_and_what_it_held(
    app: Flask, zhou: Desk, li: Tablet, clock: Clock
):
    """F11, F14."""
    manager = logged_in(app, "gao", Grant(role="manager"))
    give(app, "1", "li")
    clock.ms += 60_000
    li.greet()
    li.ask("GET", "/v1/sync/pull")
    claim = {
        "log": f"{li.device}.first",
        "n": 4,
        "tip": "A" * 43,
        "at": {},
        "unsent": 4,
    }
    li.ask_json("POST", "/v1/sync/hello", {"claims": [claim]})

    told = manager.ask("GET", f"/v1/devices/{li.device}").json
    blind = zhou.ask("GET", f"/v1/devices/{li.device}").json

    assert told["logs"][0]["missing"] == [[1, 4]]
    assert [one["number"] for one in told["orders"]] == ["1"]
    assert (blind["orders"], blind["others"]) == ([], 1)


def test_a_tablet_that_was_shut_out_says_why(zhou: Desk, li: Tablet, clock: Clock):
    target = f"/v1/devices/{li.device}/revoke"

    assert zhou.ask("POST", target, {"reason": "丢了"}).status_code == 204

    (one,) = zhou.ask("GET", "/v1/devices").json["devices"]
    assert (one["revoked_ms"], one["reason"]) == (clock.ms, "丢了")
    assert zhou.ask("POST", target, {"reason": "丢了"}).status_code == 404


def test_nobody_sees_a_tablet_of_people_of_other_projects(app: Flask, li: Tablet):
    """X9: foreign is unknown, in every byte."""
    parts = parts_of(app)
    parts.people.add("li", "Li", [Grant(role="technician", project=THERE)], NOON)
    chen = logged_in(app, "chen", Grant(role="dispatcher", project=HERE))
    reason = {"reason": "x"}

    assert chen.ask("GET", "/v1/devices").json == {"devices": []}
    for method, tail, body in (("GET", "", None), ("POST", "/revoke", reason)):
        foreign = chen.ask(method, f"/v1/devices/{li.device}{tail}", body)
        unknown = chen.ask(method, f"/v1/devices/{li.device[::-1]}{tail}", body)
        assert foreign.status_code == 404
        assert (foreign.data, foreign.headers) == (unknown.data, unknown.headers)


def test_a_code_from_the_desk_lets_a_tablet_in(app: Flask, zhou: Desk, clock: Clock):
    enlist(zhou, "li", ("technician", "*"))
    made = zhou.ask("POST", "/v1/devices/codes", {"person": "li"}).json

    assert (
        made["link"]
        == f"http://localhost/tablet/#/enrol/{made['code'].replace('.', '~')}"
    )
    assert made["expires_ms"] == clock.ms + CODE_MS
    assert enrol(app, "li").actor == "li"
