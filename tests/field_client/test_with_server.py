"""The tablet and the real server, in one process, with a network that fails at will."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask

from field_client.client import Client
from field_client.exchange import HOME
from field_client.store import Store
from field_client.transport import NoAnswer, Reply
from server import create_app
from server.config import Config
from sync.envelope import read
from sync.facts.visit import Arrived, Left
from sync.facts.work import Photographed
from tests.field_client.desk import SetClocks
from tests.server.callers import HOUR, NOON, employ, give, parts_of

NUMBER = "R2611-0200"
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 3000


class Cut(BaseException):
    """The process dies here; nothing may catch it."""


class Wire:
    """A `Call` into the application. `before` and `after` name the requests, counted
    from 1, that are cut before they arrive or before their answer does."""

    def __init__(self, app: Flask) -> None:
        self.app, self.count = app, 0
        self.before = self.after = 0
        self.how: Callable[[], BaseException] = lambda: NoAnswer("cut")

    def __call__(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        self.count += 1
        if self.count == self.before:
            raise self.how()
        client = self.app.test_client()
        answer = client.open(target, method=method, data=body, headers=dict(headers))
        if self.count == self.after:
            raise self.how()
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(status=answer.status_code, headers=named, body=answer.data)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """One process, so no second checkpoint to race with and no thread to watch it."""
    monkeypatch.setattr("server.sqlite_is_safe", lambda: True)
    one = create_app(Config(data=tmp_path / "server"), now=lambda: NOON)
    yield one
    parts_of(one).originals.darkroom.close()
    parts_of(one).engine.dispose()


def code_for(app: Flask, actor: str) -> str:
    """A one-time code for a device of this technician."""
    door = parts_of(app).door
    door.add_person(actor, actor.title(), "technician", NOON)
    return door.issue_code(actor, NOON + HOUR)


@pytest.fixture
def wire(app: Flask) -> Wire:
    return Wire(app)


@pytest.fixture
def tablet(app: Flask, wire: Wire, tmp_path: Path) -> Iterator[Client]:
    """Li's tablet with one order taken home."""
    code = code_for(app, "li")
    give(app, NUMBER, "li")
    with Store(tmp_path / "li") as store:
        client = Client(store, SetClocks(NOON), call=wire)
        client.enrol(code, "http://server", "tablet")
        client.exchange_once(HOME)
        yield client


def evening(client: Client) -> None:
    """Arrive, photograph, leave, hand in."""
    stream = client.find(NUMBER)
    client.tell(stream, Arrived(), {"place": "1,2,3"})
    photo = {"photo": (PHOTO, "image/jpeg")}
    client.tell(stream, Photographed(moment="before"), blobs=photo)
    client.tell(stream, Left())
    client.exchange_once()


def on_server(app: Flask, client: Client) -> list[str]:
    """The bodies that came from this tablet, in commit order."""
    facts = parts_of(app).feed.facts(0, 1000)
    mine = client.who.device + "."
    return [one["b"] for one in facts if read(one["b"]).head.log.startswith(mine)]


def test_an_evening_arrives_whole_and_once(app: Flask, tablet: Client):
    evening(tablet)

    assert on_server(app, tablet) == [one.b for one in tablet.store.outbox.facts()]


def test_the_servers_document_includes_what_was_handed_in(tablet: Client):
    evening(tablet)
    tablet.exchange_once()

    held = tablet.order(tablet.find(NUMBER))

    assert len(held.order.photos) == 1
    assert held.held == {held.order.photos[0].blob.sha256}


def test_the_desk_sees_how_much_more_fits_on_a_terminals_disk(
    app: Flask, tablet: Client
):
    """Where browsers say it, too; nothing tidies a folder away."""
    chen = employ(app, "chen", "dispatcher")
    (device,) = chen.ask("GET", "/v1/devices").json["devices"]

    assert device["storage"]["persisted"]
    assert device["storage"]["free_bytes"] > 0


def test_a_revoked_tablet_forgets_what_it_took_home_and_nothing_it_wrote(
    app: Flask, tablet: Client
):
    """F14: what it owes is handed in and kept apart."""
    tablet.tell(tablet.find(NUMBER), Left())
    parts_of(app).door.revoke(tablet.who.device, NOON)
    tablet.exchange_once()

    assert list(tablet.streams()) == []
    assert [one.waiting for one in tablet.store.outbox.facts()] == [False]


def test_nothing_waits_after_an_evening(tablet: Client):
    evening(tablet)

    left = [*tablet.store.outbox.waiting()]
    left += [one for one in tablet.store.outbox.originals() if one.waiting]

    assert left == []


@pytest.mark.parametrize("way", ["before", "after"])
@pytest.mark.parametrize("death", [False, True])
def test_cut_at_any_request_everything_arrives_once_at_the_next_exchange(
    app: Flask, wire: Wire, tablet: Client, tmp_path: Path, way: str, death: bool
):
    evening(tablet)
    most = 12
    if death:
        wire.how = Cut
    for number in range(1, most):
        wire.count, wire.before, wire.after = 0, 0, 0
        setattr(wire, way, number)
        client = Client(Store(tmp_path / "li"), SetClocks(NOON), call=wire)
        with suppress(Cut, NoAnswer):
            changed(client, number)
        client.store.close()
    wire.before = wire.after = 0

    tablet.exchange_once(again=True)

    held = tablet.store.outbox
    assert sorted(on_server(app, tablet)) == sorted(one.b for one in held.facts())
    assert not [one for one in held.originals() if one.waiting]


def changed(client: Client, number: int) -> None:
    """Another photo and another fact, handed in."""
    stream = client.find(NUMBER)
    photo = {"photo": (PHOTO + bytes([number]), "image/jpeg")}
    client.tell(stream, Photographed(moment="after"), blobs=photo)
    client.exchange_once()


def test_a_projection_dropped_at_any_time_is_pulled_again(
    tablet: Client, wire: Wire, tmp_path: Path
):
    evening(tablet)
    before = tablet.order(tablet.find(NUMBER)).order
    tablet.store.close()
    (tmp_path / "li" / "projection.db").unlink()

    with Store(tmp_path / "li") as store:
        again = Client(store, SetClocks(NOON), call=wire)
        again.exchange_once()
        assert again.order(again.find(NUMBER)).order == before


def test_a_cloned_tablet_goes_on_under_a_new_instance_and_nothing_is_lost(
    app: Flask, tablet: Client, wire: Wire, tmp_path: Path
):
    copy = tmp_path / "clone"
    copy.mkdir()
    tablet.store.outbox.db.execute(f"VACUUM INTO '{copy / 'outbox.db'}'")
    evening(tablet)
    with Store(copy) as store:
        clone = Client(store, SetClocks(NOON + 1), call=wire)
        clone.exchange_once(HOME)
        evening(clone)
        clone.tell(clone.find(NUMBER), Left())
        clone.exchange_once()
        both = {one.b for one in store.outbox.facts()}
        logs = {one.log for one in store.outbox.facts()}

    both |= {one.b for one in tablet.store.outbox.facts()}
    assert sorted(on_server(app, tablet)) == sorted(both)
    assert logs.isdisjoint({one.log for one in tablet.store.outbox.facts()})


def test_a_tablet_cannot_be_enrolled_at_a_server_that_the_code_does_not_name(
    app: Flask, wire: Wire, tmp_path: Path
):
    code = code_for(app, "wang")[:-1]
    other = code + ("A" if code_for(app, "wang")[-1] != "A" else "B")
    with Store(tmp_path / "wang") as store:
        client = Client(store, SetClocks(NOON), call=wire)
        with pytest.raises(Exception, match="登记码所说"):
            client.enrol(other, "http://server", "tablet")


def test_an_enrolment_whose_answer_was_lost_is_repeated_with_the_same_code(
    app: Flask, wire: Wire, tmp_path: Path
):
    code = code_for(app, "wang")
    with Store(tmp_path / "wang") as store:
        client = Client(store, SetClocks(NOON), call=wire)
        wire.after = wire.count + 1
        with pytest.raises(NoAnswer):
            client.enrol(code, "http://server", "tablet")

        assert client.enrol(code, "http://server", "tablet").actor == "wang"
