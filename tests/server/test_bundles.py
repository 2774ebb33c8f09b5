"""A tablet's rescue bundle comes in: everything in it, once, and only from it (U11)."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from field_client.bundle import Sealed, export_bundle
from field_client.client import Client
from field_client.keys import make_key
from field_client.store import Store
from server.bundles import Brought, bring_in
from sync.bundle import MAGIC, derive
from sync.exchange import Outcome
from sync.facts.visit import Arrived
from sync.facts.work import Photographed
from sync.order import order_stream
from sync.plain import plain
from sync.problems import Refused
from sync.signing import b64, public_jwk, read_jwk, thumbprint
from tests.field_client.desk import SetClocks
from tests.field_client.test_with_server import Wire
from tests.server.callers import HOUR, Staff, employ, give, parts_of

STREAM = order_stream("1")
PICTURE = b"\xff\xd8\xff" + bytes(2_500_000)


@pytest.fixture
def li(app: Flask, tmp_path: Path) -> Client:
    """Li's tablet with an order at home, a visit and a photo that nobody has yet."""
    client = a_tablet(app, "li", tmp_path)
    give(app, "1", "li")
    client.exchange_once()
    client.tell(STREAM, Arrived())
    photo = {"photo": (PICTURE, "image/jpeg")}
    client.tell(STREAM, Photographed(moment="before"), blobs=photo)
    return client


def a_tablet(app: Flask, who: str, folder: Path) -> Client:
    """A tablet of this person, enrolled."""
    parts = parts_of(app)
    parts.door.add_person(who, who.title(), "technician", parts.now())
    client = Client(Store(folder / who), SetClocks(), call=Wire(app))
    client.enrol(parts.door.issue_code(who, parts.now() + HOUR), "http://desk", who)
    return client


@pytest.fixture
def bundle(li: Client, tmp_path: Path) -> bytes:
    """What Li carries to the desk on a stick."""
    export_bundle(li, tmp_path / "rescue", everything=False)
    return (tmp_path / "rescue").read_bytes()


def bring(app: Flask, bundle: bytes, *, unsigned_too: bool = False) -> Brought:
    parts = parts_of(app)
    return bring_in(parts, io.BytesIO(bundle), parts.now(), unsigned_too=unsigned_too)


def test_what_comes_in_by_a_bundle_is_what_the_tablet_would_have_handed_in(
    app: Flask, li: Client, bundle: bytes
):
    brought = bring(app, bundle)

    report = li.exchange_once()
    held = li.store.outbox.facts()
    assert brought.outcomes.total() == len(held) == report.facts
    assert {one.receipt.outcome for one in held} == {Outcome.DUPLICATE}
    assert parts_of(app).shelf.has(li.store.outbox.originals()[0].sha256)


def test_a_bundle_brought_twice_changes_nothing(app: Flask, li: Client, bundle: bytes):
    bring(app, bundle)
    before = list(parts_of(app).feed.facts(0, 100))

    again = bring(app, bundle)

    assert set(again.outcomes) == {Outcome.DUPLICATE}
    assert list(parts_of(app).feed.facts(0, 100)) == before


@pytest.mark.parametrize("at", [3, 300, 5_000, 1_500_000, -1])
def test_a_bundle_that_was_altered_brings_nothing_false(
    app: Flask, li: Client, bundle: bytes, at: int
):
    altered = bytearray(bundle)
    altered[at] ^= 1
    with pytest.raises(Refused) as refusal:
        bring(app, bytes(altered))

    assert refusal.value.code in ("bundle_unreadable", "bundle_cut", "bundle_not_ours")


def test_a_bundle_that_was_cut_short_says_so(app: Flask, li: Client, bundle: bytes):
    with pytest.raises(Refused) as refusal:
        bring(app, bundle[:-10])

    assert refusal.value.code == "bundle_cut"


def test_facts_that_the_device_has_not_signed_come_in_on_the_servers_word_alone(
    app: Flask, li: Client, bundle: bytes
):
    """Anybody can seal something to the server: its key is public."""
    forged = sealed_by_anybody(li)
    with pytest.raises(Refused) as refusal:
        bring(app, forged)

    assert refusal.value.code == "bundle_unsigned"
    assert bring(app, forged, unsigned_too=True).unsigned == 2


def sealed_by_anybody(li: Client) -> bytes:
    """Li's facts in a bundle, and nothing that only Li's tablet could have made."""
    server, ephemeral, salt = li.who.server_key, make_key(), bytes(16)
    opening = {"server": thumbprint(dict(server)), "salt": b64(salt),
               "ephemeral": public_jwk(ephemeral.public_key())}  # fmt: skip
    secret = ephemeral.exchange(ec.ECDH(), read_jwk(server))
    header = MAGIC + json.dumps(opening).encode() + b"\n"
    file = io.BytesIO()
    sealed = Sealed(file, derive(secret, salt), header)
    facts = [json.dumps(one.wire).encode() for one in li.store.outbox.facts()]
    with tarfile.open(fileobj=sealed, mode="w|") as archive:
        put(archive, "device.json", json.dumps({"enrolment": plain(li.who)}).encode())
        put(archive, "facts.jsonl", b"\n".join(facts))
    sealed.finish()
    return file.getvalue()


def put(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


def test_a_colleague_brings_a_bundle_under_their_own_leave(
    app: Flask, li: Client, bundle: bytes, tmp_path: Path
):
    wang = a_tablet(app, "wang", tmp_path)
    (tmp_path / "carried").write_bytes(bundle)

    told = wang.bring_bundle(tmp_path / "carried")

    assert (sum(told["facts"].values()), told["originals"]) == (2, 1)
    assert li.exchange_once().facts == 2


def test_the_desk_brings_a_bundle(app: Flask, li: Client, bundle: bytes, chen: Staff):
    headers = {"Authorization": f"Bearer {chen.token}"}

    answer = app.test_client().post("/v1/bundles", data=bundle, headers=headers)

    assert (answer.status_code, answer.json["originals"]) == (200, 1)


def test_nobody_else_brings_a_bundle(app: Flask, bundle: bytes):
    sun = employ(app, "sun", "auditor")
    client, headers = app.test_client(), {"Authorization": f"Bearer {sun.token}"}

    assert client.post("/v1/bundles", data=bundle).status_code == 401
    answer = client.post("/v1/bundles", data=bundle, headers=headers)
    assert answer.status_code == 403


def test_over_the_line_a_bundle_needs_its_devices_signatures(
    app: Flask, li: Client, chen: Staff
):
    headers = {"Authorization": f"Bearer {chen.token}"}
    forged = sealed_by_anybody(li)

    answer = app.test_client().post("/v1/bundles", data=forged, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (403, "bundle_unsigned")


def test_another_servers_bundle_is_not_opened(
    app: Flask, bundle: bytes, start: Callable[..., Flask], tmp_path: Path
):
    (parts_of(app).config.data / "signing-key.pem").unlink()
    with pytest.raises(Refused) as refusal:
        bring(start(), bundle)

    assert refusal.value.code == "bundle_not_ours"
