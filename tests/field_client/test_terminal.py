"""What the terminal says, and the files that it writes."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from field_client.cli import main
from field_client.client import Client
from sync.bundle import derive
from sync.facts.visit import Arrived, Left
from sync.facts.work import Photographed
from sync.signing import read_jwk, unb64
from tests.field_client.conftest import STREAM, Open
from tests.field_client.desk import Desk, SetClocks, fails_on, no_network, only

Typed = Callable[..., list[dict]]


@pytest.fixture
def typed(
    li: Client,
    folder: Path,
    desk: Desk,
    clocks: SetClocks,
    capsys: pytest.CaptureFixture[str],
) -> Typed:
    """Type a command with --json; what it printed on stdout."""

    def run(*command: str, status: int = 0) -> list[dict]:
        capsys.readouterr()
        assert (
            main([*command, "--json"], clocks=clocks, home=folder, call=desk) == status
        )
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def opened(bundle: bytes, key: ec.EllipticCurvePrivateKey) -> tarfile.TarFile:
    """The archive in a bundle, read as its format says."""
    magic, opening, frames = bundle.split(b"\n", 2)
    said = json.loads(opening)
    secret = key.exchange(ec.ECDH(), read_jwk(said["ephemeral"]))
    cipher = AESGCM(derive(secret, unb64(said["salt"])))
    header, plain, number = magic + b"\n" + opening + b"\n", b"", 0
    while frames:
        size = int.from_bytes(frames[:4], "big")
        frame, frames = frames[4 : 4 + size], frames[4 + size :]
        nonce = number.to_bytes(11, "big") + bytes([not frames])
        plain += cipher.decrypt(nonce, frame, header)
        number += 1
    return tarfile.open(fileobj=io.BytesIO(plain))


def test_the_server_can_read_everything_unsent_in_a_bundle(
    li: Client, typed: Typed, desk: Desk, tmp_path: Path
):
    picture = b"\xff\xd8\xff" + bytes(3_000_000)
    li.tell(
        STREAM, Photographed(moment="before"), blobs={"photo": (picture, "image/jpeg")}
    )
    kept = li.store.outbox.facts()[0]
    original = li.store.outbox.originals()[0]
    typed("export-bundle", str(tmp_path / "rescue"))

    archive = opened((tmp_path / "rescue").read_bytes(), desk.key)

    facts = archive.extractfile("facts.jsonl").read().decode().splitlines()
    assert [json.loads(line)["b"] for line in facts] == [kept.b]
    assert archive.extractfile(f"blobs/{original.sha256}").read() == picture


def test_a_bundle_shows_nothing_to_whoever_finds_it(
    li: Client, typed: Typed, tmp_path: Path
):
    li.tell(STREAM, Arrived(), {"place": "312304000,1214737000,15"})
    typed("export-bundle", str(tmp_path / "rescue"))

    assert b"312304000" not in (tmp_path / "rescue").read_bytes()


def test_a_bundle_replaces_no_file_unasked(typed: Typed, tmp_path: Path):
    (tmp_path / "rescue").write_text("mine")
    typed("export-bundle", str(tmp_path / "rescue"), status=1)

    assert (tmp_path / "rescue").read_text() == "mine"


@pytest.mark.parametrize(
    ("durable", "handed_in", "state"),
    [(0, False, "saved"), (0, True, "handed_over"), (99, True, "backed_up")],
)
def test_the_words_on_the_screen_are_true(
    li: Client, typed: Typed, desk: Desk, durable: int, handed_in: bool, state: str
):
    li.tell(STREAM, Arrived())
    desk.durable = durable
    if handed_in:
        li.exchange_once()

    assert [one["state"] for one in typed("outbox", "--all")] == [state]


def test_a_fact_on_the_shelf_is_seen(li: Client, typed: Typed, desk: Desk):
    poison = li.tell(STREAM, Arrived())
    li.tell(STREAM, Left())
    desk.always = only("/v1/sync/push", fails_on(poison.envelope.body))
    typed("sync", status=3)

    shelved = [one["fact"] for one in typed("outbox") if one.get("shelved")]
    assert shelved == [poison.id]


def test_watching_hands_everything_in_once_the_network_is_back(
    li: Client, typed: Typed, desk: Desk
):
    li.tell(STREAM, Left())
    desk.plan = [no_network] * 3
    typed("sync", "--watch", "--rounds", "4")

    assert len(desk.bodies()) == 1


def test_doctor_finds_a_body_that_was_changed_on_the_tablet(li: Client, typed: Typed):
    li.tell(STREAM, Left())
    li.store.outbox.db.execute("UPDATE fact SET b = replace(b, 'visit', 'visi')")
    found = typed("doctor", status=6)

    assert found[0]["verdict"] == "broken"


def test_doctor_says_how_wrong_the_clock_is(
    li: Client, typed: Typed, clocks: SetClocks
):
    clocks.now_ms -= 40 * 60_000
    li.exchange_once()
    clock = next(one for one in typed("doctor") if one["check"] == "clock")

    assert (clock["verdict"], clock["facts"]["offset_ms"]) == ("warn", -40 * 60_000)


def test_opening_an_order_tells_the_desk_once(li: Client, typed: Typed):
    typed("show", "0187")
    typed("show", "0187")

    assert [one.kind for one in li.store.outbox.facts()] == ["dispatch.seen"]


def test_a_cancelled_order_is_news_again(li: Client, typed: Typed, desk: Desk):
    typed("show", "0187")
    desk.cancel("R2611-0187")
    typed("sync")
    typed("show", "0187")

    assert len(li.store.outbox.facts()) == 2


@pytest.mark.usefixtures("li")
def test_data_goes_to_stdout_and_messages_do_not(
    folder: Path,
    desk: Desk,
    clocks: SetClocks,
    capsys: pytest.CaptureFixture[str],
):
    main(["leave", "0187"], clocks=clocks, home=folder, call=desk)

    said = capsys.readouterr()

    assert ("已存本机" in said.out, "注意" in said.out) == (True, False)


def test_every_command_explains_itself(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["--help"], home=folder) == 0
    assert "到场签到" in capsys.readouterr().out


def test_an_order_with_the_clock_in_2031_is_still_recorded(
    li: Client, clocks: SetClocks, open_tablet: Open
):
    clocks.now_ms += 5 * 365 * 86_400_000
    li.tell(STREAM, Arrived())

    assert len(open_tablet().order(STREAM).order.visits) == 1
