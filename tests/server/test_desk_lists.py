"""Intake, homes, rosters and certificates over HTTP, as the console asks for them."""

from typing import Any

import pytest
from flask import Flask

from server.homes import Home, Place, Resident
from server.roster import Duty
from sync.access import Grant
from sync.qualifications import Certificate
from tests.server.callers import NOON, Staff, Tablet, employ, parts_of

CALL = {
    "sort": "repair", "project": "翠湖", "building": "3", "unit": "2", "room": "1702",
    "owner": "赵敏", "phone": "138 0013 8000", "trade": "给排水", "fault": "龙头滴水",
}  # fmt: skip
ZHAO = Home(
    place=Place(project="翠湖", building="3", unit="2", room="1702"),
    handed_over_day="2024-06-01",
    residents=(Resident(name="赵敏", phone="13800138000", relation="owner"),),
)
TODAY = "2025-12-14"
TO_LI = {"technician": "li"}


def take(who: Staff, **said: Any) -> Any:
    """A call is taken."""
    answer = who.ask("POST", "/v1/orders", CALL | said)
    assert answer.status_code == 201, answer.text
    return answer.json


def look_up(who: Staff, words: str) -> Any:
    answer = who.ask("GET", f"/v1/intake/lookup?q={words}")
    assert answer.status_code == 200, answer.text
    return answer.json


def of_project(app: Flask, actor: str, role: str, project: str) -> Staff:
    """Somebody with one role in one project."""
    staff = employ(app, actor, role)
    grants = [Grant(role=role, project=project)]
    parts_of(app).people.add(actor, actor.title(), grants, NOON)
    return staff


@pytest.fixture
def town(app: Flask, chen: Staff, li: Tablet, wang: Tablet) -> Flask:
    """Zhao's home is known; Li and Wang work here."""
    parts_of(app).homes.keep([ZHAO])
    return app


# Looking up


@pytest.mark.parametrize(
    "words",
    ["13800138000", "8000", "1702", "2-1702", "3-2-1702", "赵敏", "１７０２"],
)
def test_a_phone_a_room_or_a_name_finds_the_home(town: Flask, chen: Staff, words: str):
    (home,) = look_up(chen, words)["homes"]

    assert home["residents"][0]["phone"] == "13800138000"


@pytest.mark.parametrize("words", ["", "赵", "8", "000", "敏", "702", "%", "_____"])
def test_too_little_or_the_middle_of_something_finds_nobody(
    town: Flask, chen: Staff, words: str
):
    assert look_up(chen, words)["homes"] == []


def test_a_home_shows_its_orders_and_its_warranty(town: Flask, chen: Staff):
    made = take(chen)

    (home,) = look_up(chen, "8000")["homes"]

    assert [one["id"] for one in home["orders"]] == [made["id"]]
    assert {"trade": "防水", "until_day": "2029-05-31"} in home["warranty"]


def test_a_home_that_only_requests_have_named_is_found_too(app: Flask, chen: Staff):
    take(chen)

    (home,) = look_up(chen, "8000")["homes"]

    assert (home["room"], home["residents"][0]["name"]) == ("1702", "赵敏")


def test_the_same_asked_for_twice_is_said_before_it_is_taken(town: Flask, chen: Staff):
    made = take(chen)

    found = look_up(chen, "8000")

    assert [one["id"] for one in found["duplicates"]] == [made["id"]]


@pytest.mark.parametrize("role", ["auditor", "service", "engineer", "dispatcher"])
def test_nobody_is_looked_up_where_one_may_not_know_owners(
    town: Flask, chen: Staff, role: str
):
    """S1: not by phone, by name or by room; nor from another project's desk."""
    take(chen)
    other = of_project(town, "sun", role, "云溪")

    for words in ("13800138000", "赵敏", "3-2-1702"):
        answer = other.ask("GET", f"/v1/intake/lookup?q={words}")
        assert "赵敏" not in answer.text
        assert answer.status_code == 403 or answer.json["homes"] == []


@pytest.mark.parametrize("role", ["auditor", "service", "contractor", "administrator"])
def test_who_takes_no_requests_looks_nobody_up(town: Flask, role: str):
    answer = of_project(town, "sun", role, "翠湖").ask(
        "GET", "/v1/intake/lookup?q=8000"
    )

    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_one_who_takes_requests_there_looks_up_there(town: Flask, chen: Staff):
    take(chen)
    sun = of_project(town, "sun", "engineer", "翠湖")

    assert len(look_up(sun, "8000")["homes"]) == 1


def test_who_looks_somebody_up_leaves_a_trace(town: Flask, chen: Staff):
    """S2: of each order that was shown."""
    made = take(chen)
    look_up(chen, "8000")

    (trace,) = parts_of(town).traces.of_order(f"order:{made['id']}")

    assert (trace["person"], trace["action"]) == ("chen", "owner.read")


# Taking


def test_a_call_that_is_sent_twice_is_taken_once(app: Flask, chen: Staff):
    """The answer was lost on the way."""
    key = {"Idempotency-Key": "call-1"}

    first, again = (chen.ask("POST", "/v1/orders", CALL, **key) for _ in range(2))

    assert (again.status_code, again.json) == (201, first.json)
    assert len(chen.ask("GET", "/v1/orders").json["orders"]) == 1


def test_a_request_that_is_taken_is_on_the_board(app: Flask, chen: Staff):
    made = take(chen)

    (card,) = chen.ask("GET", "/v1/orders").json["orders"]

    assert (card["number"], card["provisional"]) == ("P251214-0001", True)
    assert (card["id"], card["home"]) == (made["id"], "3-2-1702")


def test_a_request_is_taken_only_where_one_may(app: Flask, chen: Staff):
    sun = of_project(app, "sun", "dispatcher", "云溪")

    assert sun.ask("POST", "/v1/orders", CALL).status_code == 403


def test_a_tablet_takes_no_requests(app: Flask, li: Tablet):
    assert li.ask_json("POST", "/v1/orders", CALL).status_code == 403


def test_what_nobody_asked_for_is_not_taken_along(app: Flask, chen: Staff):
    """X16: the server's own fields are not the caller's."""
    answer = chen.ask("POST", "/v1/orders", CALL | {"registered_ms": 0})

    assert answer.status_code == 422


def test_the_registers_number_takes_the_place_of_ours(app: Flask, chen: Staff):
    made = take(chen)

    answer = chen.ask("POST", f"/v1/orders/{made['id']}/number", {"number": "sh77"})

    assert answer.json == {"id": made["id"], "number": "SH77"}
    (card,) = chen.ask("GET", "/v1/orders").json["orders"]
    assert (card["number"], card["provisional"]) == ("SH77", False)


def test_a_request_is_handed_over_to_somebody_at_the_desk(
    app: Flask, chen: Staff, li: Tablet
):
    """I2: not to a technician."""
    made, where = take(chen), "/v1/orders/{}/take"
    employ(app, "sun", "dispatcher")

    yes = chen.ask("POST", where.format(made["id"]), {"person": "sun"})
    no = chen.ask("POST", where.format(made["id"]), {"person": "li"})

    assert (yes.status_code, no.json["code"]) == (200, "person_not_desk")


# Rosters


def duty(who: Staff, body: Any = None, seen: str | None = None) -> Any:
    said = {"If-Match": seen} if seen else {}
    method = "PUT" if body else "GET"
    return who.ask(method, f"/v1/roster/翠湖/{TODAY}", body, **said)


ON_DUTY = {"lead": "chen", "technicians": ["li"]}


def test_a_roster_is_put_by_whoever_has_seen_the_last_one(town: Flask, chen: Staff):
    assert duty(chen).headers["ETag"] == '"0"'

    first = duty(chen, ON_DUTY, seen='"0"')
    late = duty(chen, ON_DUTY | {"technicians": []}, seen='"0"')

    assert (first.status_code, late.status_code) == (200, 412)
    assert duty(chen).json["technicians"] == ["li"]


def test_a_roster_is_not_put_blindly(town: Flask, chen: Staff):
    assert duty(chen, ON_DUTY).status_code == 428
    assert duty(chen).json["rev"] == 0


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"technicians": ["chen"]}, "person_not_technician"),
        ({"technicians": ["nobody"]}, "person_unknown"),
        ({"lead": "nobody"}, "person_unknown"),
    ],
)
def test_only_people_who_work_here_are_on_duty(
    town: Flask, chen: Staff, said: dict[str, Any], code: str
):
    assert duty(chen, ON_DUTY | said, seen='"0"').json["code"] == code


def test_a_day_that_there_is_not_has_no_roster(town: Flask, chen: Staff):
    answer = chen.ask("GET", "/v1/roster/翠湖/2025-02-30")

    assert answer.json["code"] == "day_malformed"


def test_a_weeks_rosters_are_those_of_the_projects_one_may_see(
    town: Flask, chen: Staff
):
    for project in ("翠湖", "云溪"):
        said = Duty(project=project, day=TODAY, lead="chen")
        parts_of(town).rosters.put(said, "chen", NOON, seen=None)
    sun = of_project(town, "sun", "engineer", "云溪")
    week = "/v1/roster?from=2025-12-14&to=2025-12-20"

    assert [one["project"] for one in sun.ask("GET", week).json["roster"]] == ["云溪"]
    assert len(chen.ask("GET", week).json["roster"]) == 2


@pytest.mark.parametrize(
    "where",
    [
        "/v1/roster/%00/2025-12-14", "/v1/intake/lookup?q=ab%00c",
        "/v1/qualifications/a%00", "/v1/homes?project=a%00&room=1",
    ],
)  # fmt: skip
def test_what_no_database_can_be_asked_is_refused(app: Flask, chen: Staff, where: str):
    assert chen.ask("GET", where).status_code == 400


def test_a_project_has_a_name_of_bounded_length(app: Flask, chen: Staff):
    where = f"/v1/roster/{'x' * 300}/{TODAY}"

    answer = chen.ask(
        "PUT", where, {"lead": "", "technicians": []}, **{"If-Match": "*"}
    )

    assert answer.json["code"] == "field_misshapen"


# Certificates


def certify(app: Flask, *told: tuple[str, str, str]) -> None:
    """(person, what, until)"""
    parts_of(app).qualifications.keep(
        (who, Certificate(what=what, number="Z1", valid_until=until))
        for who, what, until in told
    )


def dispatch(who: Staff, order: str, **said: Any) -> Any:
    return who.ask("POST", f"/v1/orders/{order}/dispatch", TO_LI | said)


def test_a_certificate_that_has_run_out_stops_the_dispatch_and_is_named(
    town: Flask, chen: Staff
):
    """P2: good on its last day, not on the next."""
    certify(town, ("li", "给排水", "2025-12-13"), ("li", "safety", ""))
    order = take(chen)["id"]

    answer = dispatch(chen, order)

    assert answer.json["code"] == "certificate_expired"
    assert "给排水" in answer.json["detail"]
    certify(town, ("li", "给排水", TODAY))
    assert dispatch(chen, order).status_code == 200


@pytest.mark.parametrize(
    ("held", "code"),
    [
        ([("li", "电气", "")], "certificate_missing"),
        ([("li", "给排水", "")], "certificate_missing"),
        ([("wang", "给排水", ""), ("wang", "safety", "")], "certificate_missing"),
    ],
)
def test_who_lacks_what_the_trade_asks_for_is_not_sent(
    town: Flask, chen: Staff, held: list[tuple[str, str, str]], code: str
):
    certify(town, *held)

    assert dispatch(chen, take(chen)["id"]).json["code"] == code


def test_a_helper_needs_certificates_too(town: Flask, chen: Staff):
    certify(town, ("li", "给排水", ""), ("li", "safety", ""))

    answer = dispatch(chen, take(chen)["id"], helpers=["wang"])

    assert "wang" in answer.json["detail"]


def test_an_order_without_a_trade_is_not_dispatched_where_certificates_count(
    town: Flask, chen: Staff
):
    certify(town, ("li", "给排水", ""))

    assert dispatch(chen, take(chen, trade="")["id"]).json["code"] == "trade_missing"


@pytest.mark.parametrize("said", [{"technician": "sun"}, {"helpers": ["sun"]}])
def test_who_may_not_work_in_the_project_is_not_sent_and_it_says_where(
    town: Flask, chen: Staff, said: dict[str, Any]
):
    """Neither to lead nor to help."""
    of_project(town, "sun", "technician", "云溪")

    answer = dispatch(chen, take(chen)["id"], **said)

    assert (answer.status_code, answer.json["code"]) == (409, "person_elsewhere")
    assert "sun 在“翠湖”没有维修权限" in answer.json["detail"]


@pytest.mark.parametrize("said", [{"technician": "sun"}, {"helpers": ["sun"]}])
def test_who_works_here_no_more_is_not_sent(
    town: Flask, chen: Staff, said: dict[str, Any]
):
    of_project(town, "sun", "technician", "翠湖")
    parts_of(town).people.change("sun", {"active": False}, None, "luo", NOON)

    assert dispatch(chen, take(chen)["id"], **said).json["code"] == "person_left"


def test_a_company_that_keeps_no_certificates_here_dispatches(town: Flask, chen: Staff):
    assert dispatch(chen, take(chen)["id"]).status_code == 200


def test_a_contractors_people_need_the_agreement(town: Flask, chen: Staff):
    held = [{"what": "给排水"}, {"what": "safety"}]
    where = "/v1/qualifications/li"
    seen = chen.ask("GET", where).headers["ETag"]
    put = chen.ask("PUT", where, {"certificates": held, "contractor": "远大"},
                   **{"If-Match": seen})  # fmt: skip
    assert put.status_code == 200, put.text

    assert "安全协议" in dispatch(chen, take(chen)["id"]).json["detail"]


# Whom to send


def whom(who: Staff, order: str) -> Any:
    answer = who.ask("GET", f"/v1/orders/{order}/candidates")
    assert answer.status_code == 200, answer.text
    return answer.json["candidates"]


def test_who_may_go_comes_before_who_may_not_and_each_says_why(
    town: Flask, chen: Staff
):
    certify(town, ("wang", "给排水", "2025-12-20"), ("wang", "safety", ""))

    wang, li = whom(chen, take(chen)["id"])

    assert (wang["person"], wang["qualified"], wang["expires_day"]) == (
        "wang", True, "2025-12-20",
    )  # fmt: skip
    assert (li["qualified"], li["fits"]) == (False, False)
    assert li["reasons"][0] == {
        "code": "certificate_missing", "words": "没有“给排水”证书", "value": None,
    }  # fmt: skip


def test_who_is_on_duty_with_less_to_do_comes_first(town: Flask, chen: Staff):
    for n in range(2):
        dispatch(chen, take(chen, room=f"{n}")["id"])
    order = take(chen)["id"]

    assert [one["person"] for one in whom(chen, order)] == ["wang", "li"]
    duty(chen, ON_DUTY, seen='"0"')
    assert [one["person"] for one in whom(chen, order)] == ["li", "wang"]
    assert whom(chen, order)[0]["load"] == {"today": 0, "open": 2}


def test_reasons_are_said_in_the_readers_language(town: Flask, chen: Staff):
    where = f"/v1/orders/{take(chen)['id']}/candidates"

    answer = chen.ask("GET", where, **{"Accept-Language": "en"})

    assert answer.json["candidates"][0]["reasons"][0]["code"] == "unchecked"


def test_candidates_are_for_those_who_dispatch(town: Flask, chen: Staff, li: Tablet):
    order = take(chen)["id"]
    sun = of_project(town, "sun", "dispatcher", "云溪")
    where = f"/v1/orders/{order}/candidates"

    assert sun.ask("GET", where).status_code == 404
    assert li.ask("GET", where).status_code == 404


# Homes


def test_a_home_is_put_by_whoever_has_seen_it(town: Flask, chen: Staff):
    where = "/v1/homes?project=翠湖&building=3&unit=2&room=1702"
    was = chen.ask("GET", where)
    said = was.json | {"note": "有狗"}

    first = chen.ask("PUT", "/v1/homes", said, **{"If-Match": was.headers["ETag"]})
    late = chen.ask("PUT", "/v1/homes", said, **{"If-Match": was.headers["ETag"]})

    assert (first.status_code, late.status_code) == (200, 412)
    assert chen.ask("GET", where).json["note"] == "有狗"
