"""Every door, every kind of caller: who comes in is what `doors.py` says (X9, M12).

Three projects' worth of things: one's own, another's, and none. What is another's is
as if it were unknown, in every byte of the answer.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from server import create_app
from server.config import Config
from server.ledger import Decision
from server.sessions import Whence
from sync.access import ACTIONS, ROLES, Grant
from sync.facts.dispatch import Dispatched
from sync.facts.intake import Logged
from sync.order import order_stream
from tests.server.callers import (
    HOUR,
    NOON,
    Desk,
    Tablet,
    enrol,
    parts_of,
    sha256_of,
    with_password,
)
from tests.server.doors import (
    ANYBODY,
    DEVICE,
    DOORS,
    LEAVE,
    SESSION,
    SOMEBODY,
    Door,
)

HERE, THERE = "江岸花园", "滨江府"
OUT = {401, 403, 404}
MISSING = str(UUID(int=4, version=4))
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(kw_only=True)
class House:
    """A server with things of two projects, and somebody of each kind."""

    app: Flask
    desks: dict[str, Desk]
    li: Tablet  # works HERE
    wang: Tablet  # works THERE
    shut_out: Tablet
    leave: str
    photos: dict[str, str] = field(default_factory=dict)
    made: int = 0

    def project(self, place: str) -> str:
        return {HERE: HERE, THERE: THERE}.get(place, "没有的项目")

    def person(self, place: str) -> str:
        """Somebody new who holds something there."""
        if place not in (HERE, THERE):
            return "nobody"
        self.made += 1
        name = f"p{self.made}"
        grants = [Grant(role="auditor", project=place)]
        parts_of(self.app).people.add(name, name, grants, NOON)
        return name

    def order(self, place: str) -> str:
        numbers = {HERE: "1", THERE: "2"}
        if place not in numbers:
            return MISSING
        return order_stream(numbers[place]).removeprefix("order:")

    def device(self, place: str) -> str:
        """A new tablet of somebody there."""
        if place not in (HERE, THERE):
            return "tnothing"
        self.made += 1
        tablet = enrol(self.app, f"d{self.made}")
        grants = [Grant(role="technician", project=place)]
        parts_of(self.app).people.add(tablet.actor, "技工", grants, NOON)
        return tablet.device

    def session(self, place: str, of: str) -> str:
        """A session of this one, of somebody else, of nobody."""
        who = {HERE: of, THERE: "zhou"}.get(place)
        if who is None:
            return "A" * 43
        sessions = parts_of(self.app).sessions
        sessions.begin(who, Whence(address="", client=""), NOON)
        return str(sessions.of_person(who, NOON)[0]["id"])

    def photo(self, place: str) -> str:
        return self.photos.get(place, "0" * 64)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Built once: what the doors change is made anew for each who comes."""
    folder = tmp_path_factory.mktemp("house")
    app = create_app(Config(data=folder), now=lambda: NOON)
    desks = {}
    for role in sorted(ROLES):
        desks[role] = with_password(app, role, Grant(role=role, project=HERE))
        desks[role].log_in()
    with_password(app, "zhou", Grant(role="administrator"))
    li, wang, lost = enrol(app, "li"), enrol(app, "wang"), enrol(app, "lost")
    parts = parts_of(app)
    for tablet, place in ((li, HERE), (wang, THERE)):
        grants = [Grant(role="technician", project=place)]
        parts.people.add(tablet.actor, tablet.actor, grants, NOON)
    parts.door.revoke(lost.device, NOON)
    hello = li.ask_json("POST", "/v1/sync/hello", {})
    built = House(app=app, desks=desks, li=li, wang=wang, shut_out=lost,
                  leave=hello.json["uploads"])  # fmt: skip
    _ask_for(app, "3", HERE, "li")
    home = DOORS["PUT", "/v1/homes"]
    put = desks["manager"].ask(
        "PUT", "/v1/homes", said(built, home, HERE), **home.headers
    )
    assert put.status_code == 200, put.text
    for number, place, tablet in (("1", HERE, li), ("2", THERE, wang)):
        _ask_for(app, number, place, tablet.actor)
        data = _picture(len(place))
        tablet.photograph(data, number)
        tablet.send(data)
        built.photos[place] = sha256_of(data)
    yield built
    parts.originals.darkroom.close()
    parts.findings.darkroom.close()
    parts.engine.dispose()


def _picture(size: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (60 + size, 40)).save(file, "JPEG")
    return file.getvalue()


def _ask_for(app: Flask, number: str, place: str, technician: str) -> None:
    asked = Logged(number=number, registered_ms=NOON - HOUR, site=place)
    for what in (asked, Dispatched(technician=technician)):
        one = Decision(stream=order_stream(number), what=what, private={})
        parts_of(app).ledger.decide([one], "chen", NOON)


# walking


def doors() -> list[tuple[str, str]]:
    """Every door that is in the table."""
    return sorted(DOORS)


def filled(house: House, rule: str, door: Door, place: str, who: str) -> str:
    """Its address, for something there."""
    values = {
        "uuid:order": house.order,
        "sha256": house.photo,
        "device": house.device,
        "project": house.project,
        "path:project": house.project,
        "person": house.person,
        "id_": lambda there: house.session(there, who),
        "any(tablet,console,verify):app": lambda _: "tablet",
    }
    path = rule
    for name, make in values.items():
        if f"<{name}>" in path:
            path = path.replace(f"<{name}>", make(place))
    path = path.replace("<period>", "2025-12-13")
    path = path.replace("<day>", "2025-12-14").replace("<path:name>", "no.js")
    for rest in ("name", "notice", "target", "webhook"):
        path = path.replace(f"<{rest}>", "nothing")
    path += door.query.replace("«project»", house.project(place))
    return quote(path, safe="/?&=")


def said(house: House, door: Door, place: str) -> object:
    """What is asked there."""
    if door.body is None:
        return None
    text = json.dumps(door.body, ensure_ascii=False)
    house.made += 1
    text = text.replace("«new»", f"n{house.made}")
    text = text.replace("«project»", house.project(place))
    text = text.replace("«other»", order_stream("3").removeprefix("order:"))
    if "«technician»" in text:
        name = {HERE: "li", THERE: "wang"}.get(place, "nobody")
        text = text.replace("«technician»", name)
    return json.loads(text)


def comes(
    house: House, who: Desk | Tablet | str, key: tuple[str, str], place: str
) -> TestResponse:
    """Somebody comes to a door and asks for something there."""
    with closing(_comes(house, who, key, place)) as answer:
        answer.get_data()
    return answer


def _comes(
    house: House, who: Desk | Tablet | str, key: tuple[str, str], place: str
) -> TestResponse:
    (method, rule), door = key, DOORS[key]
    actor = who if isinstance(who, str) else who.actor
    target, body = filled(house, rule, door, place, actor), said(house, door, place)
    if isinstance(who, Tablet):
        kind = {"Content-Type": "application/json"} if body is not None else {}
        data = b"" if body is None else json.dumps(body).encode()
        return who.ask(method, target, data, door.headers | kind)
    if isinstance(who, Desk):
        return who.ask(method, target, body, **door.headers)
    bearer = {"Authorization": f"Bearer {who}"} if who else {}
    client = house.app.test_client()
    return client.open(target, method=method, json=body, headers=door.headers | bearer)


def is_let_in(answer: TestResponse) -> bool:
    return answer.status_code not in OUT and answer.status_code < 500


def expected(door: Door, role: str) -> int | None:
    """The status for somebody of this role who asks for something of their own project;
    None: they are let in."""
    action, _, everywhere = door.needs.partition(" ")
    if door.needs in (SOMEBODY, SESSION, ANYBODY):
        return None
    if door.needs in (DEVICE, LEAVE):
        return 403
    visible = door.of not in ("order", "photo") or role in ACTIONS["order.read"]
    if role in ACTIONS[action] and everywhere != "everywhere":
        return None if visible else 404
    return 403 if visible else 404


def test_every_door_is_in_the_table(house: House):
    """A new one has to say who may go through it."""
    there = {
        (method, rule.rule)
        for rule in house.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert there == DOORS.keys()


@pytest.mark.parametrize("key", doors(), ids=" ".join)
def test_strangers_come_in_nowhere(house: House, key: tuple[str, str]):
    """Nor does a token of nobody, nor a leave to hand in bytes (X5)."""
    needs = DOORS[key].needs
    answers = [comes(house, who, key, HERE).status_code for who in ("", "0" * 48)]
    leave = comes(house, house.leave, key, HERE).status_code

    if needs == ANYBODY:
        return
    assert answers == [401, 401]
    assert (leave == 401) is (LEAVE not in needs)


@pytest.mark.parametrize("key", doors(), ids=" ".join)
def test_a_tablet_that_was_shut_out_hands_in_and_reads_nothing(
    house: House, key: tuple[str, str]
):
    """F14."""
    door = DOORS[key]
    if door.needs == ANYBODY:
        return
    answer = comes(house, house.shut_out, key, HERE)

    if key[1] == "/v1/bundles":
        assert answer.status_code == 401  # nothing is signed there
    elif door.shut_out:
        assert (answer.json or {}).get("code") != "device_revoked"
    else:
        assert answer.json["code"] == "device_revoked"


@pytest.mark.parametrize("key", doors(), ids=" ".join)
def test_a_tablet_reads_what_is_given_to_it_and_decides_nothing(
    house: House, key: tuple[str, str]
):
    """S1."""
    door = DOORS[key]
    if door.needs == ANYBODY:
        return
    answer = comes(house, house.li, key, HERE)
    reads = door.of in ("order", "photo") and door.needs == "order.read"
    action = door.needs.partition(" ")[0]

    if door.needs == SESSION or door.of == "session":
        assert answer.status_code in (204, 404)
    elif key[1] == "/v1/bundles":
        assert answer.status_code == 401
    elif door.needs in (SOMEBODY, DEVICE, LEAVE) or reads:
        assert answer.status_code not in (401, 403)
    elif "technician" in ACTIONS[action] and "everywhere" not in door.needs:
        assert is_let_in(answer)
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize("key", doors(), ids=" ".join)
@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_comes_in_where_its_work_is(
    house: House, role: str, key: tuple[str, str]
):
    """P: at a desk, logged in, for something of one's own project."""
    door, desk = DOORS[key], house.desks[role]
    if door.needs == ANYBODY:
        return
    wanted = expected(door, role)
    answer = comes(house, desk, key, HERE)
    if key in {("DELETE", "/v1/session"), ("DELETE", "/v1/sessions/<id_>")}:
        desk.log_in()

    if wanted is None and not _has_nothing_there(door, key):
        assert is_let_in(answer), answer.text
    elif wanted is not None:
        assert answer.status_code == wanted, answer.text


def _has_nothing_there(door: Door, key: tuple[str, str]) -> bool:
    """Doors for things of which the house has none."""
    things = ("notice", "target", "webhook", "name")
    return door.bare or any(f"<{one}>" in key[1] for one in things)


@pytest.mark.parametrize("key", doors(), ids=" ".join)
@pytest.mark.parametrize("role", sorted(ROLES))
def test_what_is_anothers_is_as_if_it_were_unknown(
    house: House, role: str, key: tuple[str, str]
):
    """X9: in every byte, for every role; where a name may be known, what may be done
    with it is refused."""
    door, desk = DOORS[key], house.desks[role]
    if not door.of and "«" not in door.query + json.dumps(door.body):
        return
    foreign, unknown = (comes(house, desk, key, one) for one in (THERE, "nowhere"))

    assert foreign.status_code in (403, 404)
    if expected(door, role) is None:
        assert foreign.status_code == door.foreign, foreign.text
    if foreign.status_code == 404:
        assert (foreign.data, foreign.headers) == (unknown.data, unknown.headers)


@pytest.mark.parametrize("key", doors(), ids=" ".join)
def test_a_tablet_does_not_see_what_is_given_to_others(
    house: House, key: tuple[str, str]
):
    """X9."""
    if DOORS[key].of not in ("order", "photo"):
        return
    foreign, unknown = (comes(house, house.li, key, one) for one in (THERE, "nowhere"))

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.data == unknown.data


@pytest.mark.parametrize("key", doors(), ids=" ".join)
def test_a_cookie_alone_changes_nothing(house: House, key: tuple[str, str]):
    """CSRF: whoever may do everything does nothing by another site's hand."""
    (method, _), door = key, DOORS[key]
    if method not in UNSAFE or door.needs == ANYBODY:
        return
    role = "manager" if "manager" in ACTIONS.get(door.needs, ()) else "administrator"
    desk = house.desks[role]
    bare = Desk(app=house.app, actor=desk.actor, browser=desk.browser)

    answer = comes(house, bare, key, HERE)

    assert (answer.status_code, answer.json["code"]) == (403, "csrf_wrong")


@pytest.mark.parametrize("key", doors(), ids=" ".join)
def test_a_field_that_is_ours_alone_is_refused(house: House, key: tuple[str, str]):
    """X16: mass assignment."""
    (method, _), door = key, DOORS[key]
    if not isinstance(door.body, dict) or door.needs in (ANYBODY, DEVICE):
        return
    roles = ACTIONS.get(door.needs.partition(" ")[0], {"manager"})
    desk = house.desks[min(roles)]
    for name in ("role", "received_at", "position", "rev", "by"):
        target = filled(house, key[1], door, HERE, desk.actor)
        body = {**said(house, door, HERE), name: 1}  # type: ignore[dict-item]
        answer = desk.ask(method, target, body, **door.headers)
        assert answer.status_code in (403, 422), (name, answer.text)
