"""A grant: the leave to hand in bytes without signing them, and no more (X5)."""

import hashlib
import os
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.auth import LEAVE_MS
from server.incoming import STEP
from server.pictures import Darkroom
from server.uploads import Bounds
from sync.problems import Refused
from sync.signing import answer_text, read_jwk, verifies
from tests.server.callers import PIECE, TUS, Tablet, give, parts_of, sha256_of
from tests.server.conftest import Clock
from tests.server.hostile_pictures import drawn, encoded

DATA = os.urandom(3 * STEP + 77)
ANY = "application/octet-stream"
MIB = 1024 * 1024


@pytest.fixture
def grant(li: Tablet) -> str:
    """Li's, from hello."""
    return str(li.ask_json("POST", "/v1/sync/hello", {}).json["uploads"])


def asked(
    app: Flask, grant: str, method: str, where: str, **said: object
) -> TestResponse:
    headers = {"Authorization": f"Bearer {grant}"} | dict(said.pop("headers", TUS))
    return app.test_client().open(where, method=method, headers=headers, **said)


def sent(
    app: Flask, grant: str, where: str, at: int, data: bytes, cut: int | None = None
) -> TestResponse:
    """A PATCH with the rest, of which so many bytes arrive."""
    return asked(
        app, grant, "PATCH", where, headers=PIECE | {"Upload-Offset": str(at)},
        input_stream=BytesIO(data[:cut]), content_length=len(data),
    )  # fmt: skip


@pytest.mark.parametrize("cut", [1, STEP - 1, STEP, len(DATA) // 2, len(DATA) - 1])
def test_of_a_piece_that_is_cut_everything_is_kept_that_came(
    app: Flask, li: Tablet, grant: str, cut: int
):
    where = li.begun(DATA, ANY)

    sent(app, grant, where, 0, DATA, cut)

    assert li.offset(where) == cut and not li.has_receipt(DATA)
    sent(app, grant, where, cut, DATA[cut:])
    assert li.has_receipt(DATA) and parts_of(app).shelf.check(sha256_of(DATA))


def test_what_was_cut_is_hashed_once_more_only_after_a_restart(
    app: Flask, li: Tablet, grant: str, monkeypatch: pytest.MonkeyPatch
):
    where = li.begun(DATA, ANY)
    sent(app, grant, where, 0, DATA, 2 * STEP)
    hashed: list[int] = []
    whole = parts_of(app).uploads._catch_up
    monkeypatch.setattr(
        parts_of(app).uploads,
        "_catch_up",
        lambda held: (hashed.append(1), whole(held)),
    )

    sent(app, grant, where, 2 * STEP, DATA[2 * STEP :])

    assert (hashed, li.has_receipt(DATA)) == ([], True)


def test_a_part_with_a_wrong_checksum_is_not_kept_however_long(
    app: Flask, li: Tablet, grant: str
):
    where = li.begun(DATA, ANY)
    said = PIECE | {"Upload-Offset": "0", "Upload-Checksum": "sha1 AAAA"}

    answer = asked(app, grant, "PATCH", where, headers=said, data=DATA)

    assert (answer.status_code, li.offset(where)) == (460, 0)


@pytest.mark.parametrize("more", [1, STEP, 5 * STEP])
def test_more_than_announced_leaves_the_file_as_it_was(
    app: Flask, li: Tablet, grant: str, more: int
):
    where = li.begun(DATA, ANY)
    sent(app, grant, where, 0, DATA, 1000)
    env = {"wsgi.input_terminated": True}  # in chunks: nobody says how many

    answer = asked(
        app, grant, "PATCH", where, headers=PIECE | {"Upload-Offset": "1000"},
        input_stream=BytesIO(DATA[1000:] + bytes(more)), environ_overrides=env,
    )  # fmt: skip

    assert (answer.status_code, li.offset(where)) == (413, 1000)


@pytest.mark.parametrize(
    "door", ["/v1/sync/pull", "/v1/policy", "/v1/feed/facts", "/v1/blobs/" + "0" * 64]
)
def test_a_grant_opens_no_other_door(app: Flask, grant: str, door: str):
    answer = asked(app, grant, "GET", door)

    assert (answer.status_code, answer.json["code"]) == (401, "credentials_wrong")


def test_a_grant_hands_in_no_fact(app: Flask, grant: str):
    answer = asked(app, grant, "POST", "/v1/sync/push", json={"facts": [{"b": "{}"}]})

    assert answer.status_code == 401


def test_a_grant_is_for_the_uploads_of_its_own_device(
    app: Flask, wang: Tablet, grant: str
):
    where = wang.begun(DATA, ANY)

    statuses = [asked(app, grant, how, where).status_code for how in ("HEAD", "DELETE")]

    assert (
        statuses == [404, 404] and sent(app, grant, where, 0, DATA).status_code == 404
    )


def test_a_grant_dies_with_its_device_at_once(app: Flask, li: Tablet, grant: str):
    where = li.begun(DATA, ANY)
    parts_of(app).door.revoke(li.device, parts_of(app).now())

    answer = sent(app, grant, where, 0, DATA)

    assert answer.status_code == 401
    assert "uploads" not in li.ask_json("POST", "/v1/sync/hello", {}).json
    assert li.patch(where, 0, DATA).status_code == 204, "it may still hand in, signed"


def test_a_grant_is_over_after_some_hours(app: Flask, grant: str, clock: Clock):
    clock.ms += LEAVE_MS

    assert asked(app, grant, "POST", "/v1/uploads").status_code == 401


@pytest.mark.parametrize("change", [0, 20, -1])
def test_a_grant_that_was_changed_is_none(app: Flask, grant: str, change: int):
    at = change % len(grant)
    other = grant[:at] + ("A" if grant[at] != "A" else "B") + grant[at + 1 :]

    assert asked(app, other, "POST", "/v1/uploads").status_code == 401


def test_an_answer_is_sealed_to_a_word_that_was_never_said_before(
    app: Flask, li: Tablet, grant: str
):
    """F26: a captive portal cannot say that it took the bytes."""
    where = li.begun(DATA, ANY)

    answer = asked(app, grant, "HEAD", where, headers=TUS | {"Doorstep-Seal-To": "x1"})

    text = answer_text("uploads x1", 200, b"")
    key = read_jwk(parts_of(app).keys.jwk)
    assert verifies(key, text, answer.headers["Doorstep-Seal"])


def test_a_device_cannot_fill_the_disk_alone(app: Flask, li: Tablet, clock: Clock):
    """F7: what it promised within a week counts, arrived or not."""
    parts_of(app).uploads._bounds = Bounds(device_bytes=2 * len(DATA), reserve_bytes=0)
    li.send(DATA, ANY)
    li.begun(DATA[1:], ANY)

    answer = li.begin(DATA[2:])

    assert (answer.status_code, answer.json["code"]) == (429, "upload_quota_reached")
    clock.ms += 8 * 24 * 3_600_000
    assert li.begin(DATA[2:]).status_code == 201


def test_a_disk_that_is_almost_full_takes_no_photo_and_every_fact(
    app: Flask, li: Tablet
):
    give(app, "1", "li")
    parts_of(app).uploads._bounds = Bounds(reserve_bytes=2**60)

    answer = li.begin(DATA)

    assert (answer.status_code, answer.json["code"]) == (507, "storage_full")
    assert li.photograph(DATA).json["receipts"][0]["outcome"] == "stored"


def test_a_receipt_does_not_wait_for_anybody_to_look(
    app: Flask, li: Tablet, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Darkroom, "inspect", never)
    photo = encoded(drawn(), "JPEG")

    assert li.send(photo).status_code == 204 and li.has_receipt(photo)


def never(*_: object) -> None:
    raise AssertionError("somebody looked")


def test_a_flaw_found_later_comes_to_everybody_who_has_the_order(
    app: Flask, li: Tablet
):
    give(app, "1", "li")
    photo = encoded(drawn((400, 300)), "JPEG")[:-5000]
    li.photograph(photo)
    li.send(photo)
    before = li.ask("GET", "/v1/sync/pull").json

    assert parts_of(app).findings.look(parts_of(app).now())

    after = li.ask("GET", f"/v1/sync/pull?cursor={before['cursor']}").json
    assert "flaws" not in before["documents"][0]
    assert after["documents"][0]["flaws"] == {sha256_of(photo): "truncated"}


def test_a_photo_that_nobody_looked_at_is_looked_at_after_a_restart(
    app: Flask, li: Tablet, start: object
):
    photo = encoded(drawn(), "JPEG")
    li.send(photo)

    again = start()  # type: ignore[operator]
    parts_of(again).findings.look(parts_of(again).now())

    held = parts_of(again).originals.held(sha256_of(photo))
    assert held is not None and not held.unseen and held.finding["format"] == "JPEG"


def test_a_decoder_that_does_not_start_is_a_wait_and_no_mistake(
    app: Flask, li: Tablet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    give(app, "1", "li")
    photo = encoded(drawn(), "JPEG")
    li.photograph(photo)
    li.send(photo)
    parts = parts_of(app)
    monkeypatch.setattr("server.pictures.sys.executable", str(tmp_path / "gone"))

    answer = li.ask("GET", f"/v1/blobs/{sha256_of(photo)}/preview")

    assert (answer.status_code, answer.json["code"]) == (503, "pictures_busy")
    assert not parts.findings.look(parts.now())
    monkeypatch.undo()
    assert parts.findings.look(parts.now())


def test_a_decoder_that_ends_at_once_is_a_wait_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("server.pictures.sys.executable", "/bin/true")

    with pytest.raises(Refused) as refusal:
        Darkroom().inspect(encoded(drawn(), "JPEG"))

    assert refusal.value.code == "pictures_busy"


def test_the_same_digest_with_other_bytes_before_is_not_taken_for_it(
    app: Flask, li: Tablet, grant: str
):
    """Dropped and begun anew under the same name: what was known of the old file does
    not count for the new one (invariant 33)."""
    where = li.begun(DATA, ANY)
    sent(app, grant, where, 0, DATA, 2 * STEP)
    asked(app, grant, "DELETE", where)
    li.begun(DATA, ANY)
    sent(app, grant, where, 0, bytes(2 * STEP), None)

    answer = sent(app, grant, where, 2 * STEP, DATA[2 * STEP :])

    assert (answer.status_code, li.has_receipt(DATA)) == (422, False)
    assert not parts_of(app).shelf.has(hashlib.sha256(DATA).hexdigest())
