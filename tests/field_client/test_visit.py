"""A whole visit with the `field` command and no network at all, then handed in."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from field_client.cli import main
from field_client.client import Client
from sync.envelope import read
from sync.order import Payer, Stage
from sync.sheet import shown_hash
from tests.field_client.conftest import NUMBER, STREAM
from tests.field_client.desk import Desk, SetClocks, no_network

Field = Callable[..., int]
STROKES = [
    [[10, 10, 0, 500], [20, 15, 16, 510], [30, 12, 33, 520]],
    [[5, 5, 60, 400]] * 4,
]
ARRIVED = [
    ("arrive", "--place", "31.2304,121.4737,15"),
    ("door", "--all", "--photos", "--place", "--start"),
]
PLANNED = [
    ("survey", "--cause", "软管老化", "--method", "更换软管", "--present", "工程"),
    ("item", "1", "--trade", "水暖", "--payer", "paid", "--what", "厨房软管漏水"),
    ("quote", "--line", "PIPE:2:1"),
    ("agree", "--owner", "赵女士"),
]
WORKED = [
    ("part", "PIPE", "2", "--item", "1"),
    (
        "work",
        "1",
        "--cause",
        "老化",
        "--remedy",
        "换新",
        "--minutes",
        "40",
        "--labour",
        "50",
    ),
    ("done",),
]


@pytest.fixture
def field(li: Client, folder: Path, desk: Desk, clocks: SetClocks) -> Field:
    """Type a command; the order's name goes behind the command's."""
    li.store.close()
    desk.always = no_network

    def typed(name: str, *rest: str, order: str | None = "0187") -> int:
        named = [name, order] if order else [name]
        return main([*named, *rest], clocks=clocks, home=folder, call=desk)

    return typed


@pytest.fixture
def strokes(tmp_path: Path) -> str:
    file = tmp_path / "strokes.json"
    file.write_text(json.dumps(STROKES))
    return str(file)


def do_all(field: Field, *steps: tuple[str, ...]) -> None:
    """Every step succeeds."""
    for step in steps:
        assert field(*step) == 0, step


def test_a_visit_is_recorded_and_signed_without_any_network(
    field: Field, strokes: str, open_tablet: Callable[[], Client]
):
    do_all(field, *ARRIVED, *PLANNED, *WORKED)
    do_all(field, ("inspect", "1", "--pass"), ("sheet",))
    do_all(field, ("sign", "--strokes", strokes, "--signer", "赵女士"), ("leave",))

    order = open_tablet().order(STREAM).order

    assert (order.stage, order.reviews) == (Stage.ACCEPTED, ())


def test_what_was_recorded_offline_adds_up_to_the_same_order_at_the_desk(
    field: Field, strokes: str, desk: Desk, open_tablet: Callable[[], Client]
):
    do_all(field, *ARRIVED, *PLANNED, *WORKED)
    do_all(
        field, ("inspect", "1", "--pass"), ("sheet",), ("sign", "--strokes", strokes)
    )
    offline = open_tablet().order(STREAM).order
    desk.always = None
    assert field("sync", order=None) == 0

    online = open_tablet().order(STREAM).order

    assert [entry.id for entry in online.history] == [
        entry.id for entry in offline.history
    ]


def test_what_is_signed_is_exactly_the_sheet_that_was_printed(
    field: Field,
    strokes: str,
    capsys: pytest.CaptureFixture[str],
    open_tablet: Callable[[], Client],
):
    do_all(field, *ARRIVED, *PLANNED, *WORKED, ("inspect", "1", "--pass"))
    capsys.readouterr()
    do_all(field, ("sheet", "--json"))
    printed = json.loads(capsys.readouterr().out)["sheet"].encode()
    do_all(field, ("sign", "--strokes", strokes))

    verdict = open_tablet().order(STREAM).order.rounds[0].verdicts[0]

    assert verdict.sheet == shown_hash(printed)


def test_a_change_between_showing_and_signing_is_refused(
    field: Field, strokes: str, capsys: pytest.CaptureFixture[str]
):
    do_all(field, *ARRIVED, *PLANNED, *WORKED, ("inspect", "1", "--pass"), ("sheet",))
    do_all(field, ("part", "PIPE", "1", "--item", "1"))

    status = field("sign", "--strokes", strokes)

    assert (status, "field sheet" in capsys.readouterr().err) == (5, True)


def test_the_basis_of_a_signature_is_what_stood_behind_the_sheet(
    field: Field, strokes: str, desk: Desk, open_tablet: Callable[[], Client]
):
    """The desk cancelled between showing and signing: signed in good faith (F16)."""
    do_all(field, *ARRIVED, *PLANNED, *WORKED, ("inspect", "1", "--pass"), ("sheet",))
    desk.cancel(NUMBER)
    desk.always = None
    field("pull", order=None)
    do_all(field, ("sign", "--strokes", strokes))

    signed = open_tablet().store.outbox.facts()[-1]

    assert read(signed.b).head.basis == 2


def test_a_refused_inspection_goes_back_to_rework_and_is_accepted_in_its_second_round(
    field: Field, strokes: str, open_tablet: Callable[[], Client]
):
    do_all(field, *ARRIVED, *PLANNED, *WORKED)
    do_all(field, ("inspect", "1", "--fail", "--reason", "仍滴水"), ("sheet",))
    do_all(field, ("reject", "--due", "2026-11-05", "--strokes", strokes), ("leave",))
    do_all(field, ("arrive",), WORKED[1], ("done",), ("inspect", "1", "--pass"))
    do_all(field, ("sheet",), ("sign", "--strokes", strokes))

    order = open_tablet().order(STREAM).order

    assert (order.stage, order.rework_rounds, len(order.rounds)) == (
        Stage.ACCEPTED,
        1,
        2,
    )


def test_a_failed_item_cannot_be_signed_away(field: Field, strokes: str):
    do_all(field, *ARRIVED, *PLANNED, *WORKED)
    do_all(field, ("inspect", "1", "--fail", "--reason", "仍滴水"), ("sheet",))

    assert field("sign", "--strokes", strokes) == 1


def test_a_refusal_to_sign_is_never_an_acceptance(
    field: Field, open_tablet: Callable[[], Client]
):
    do_all(field, *ARRIVED, *PLANNED, *WORKED, ("inspect", "1", "--pass"), ("sheet",))
    do_all(field, ("refuse", "--reason", "要等先生回来", "--witness", "孙工"))

    assert open_tablet().order(STREAM).order.stage is Stage.UNSIGNED


def test_paid_work_before_the_owners_yes_is_refused(field: Field):
    do_all(field, *ARRIVED, *PLANNED[:3])

    assert field("part", "PIPE", "2", "--item", "1") == 1


def test_no_photo_without_consent_unless_nothing_private_is_on_it(
    field: Field, tmp_path: Path
):
    picture = tmp_path / "valve.jpg"
    picture.write_bytes(b"\xff\xd8\xff valve")
    do_all(field, ARRIVED[0], ("door", "--no-photos", "--no-place", "--start"))

    asked = ("photo", str(picture), "--moment", "before")

    assert (field(*asked), field(*asked, "--impersonal")) == (1, 0)


def test_an_empty_pad_is_no_signature(field: Field, tmp_path: Path):
    pad = tmp_path / "empty.json"
    pad.write_text("[]")
    do_all(field, *ARRIVED, *PLANNED, *WORKED, ("inspect", "1", "--pass"), ("sheet",))

    assert field("sign", "--strokes", str(pad)) == 1


def test_the_owner_pays_for_what_the_owner_bears(
    field: Field, open_tablet: Callable[[], Client]
):
    do_all(field, *ARRIVED, *PLANNED, *WORKED)

    line = open_tablet().order(STREAM).order.parts[0].line

    assert (line.payer, line.price_fen * line.quantity) == (Payer.OWNER, 9000)


def test_what_was_taken_away_is_closed_when_it_is_back(
    field: Field, capsys: pytest.CaptureFixture[str], open_tablet: Callable[[], Client]
):
    do_all(field, *ARRIVED, ("take-away", "--what", "阀芯"))
    receipt = capsys.readouterr().err.splitlines()[-1]
    do_all(field, ("bring-back", receipt))

    assert open_tablet().order(STREAM).order.taken_away[0].returned is not None


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        (("show", "nowhere"), 4),
        (("sync",), 75),
        (("item", "0187", "1"), 2),
        (("part", "0187", "NONE", "1"), 4),
        (("inspect", "0187", "1", "--pass"), 1),
        (("sign", "0187", "--strokes", "nowhere.json"), 5),
    ],
)
def test_the_exit_code_says_what_kind_of_no_it_was(
    field: Field, typed: tuple[str, ...], status: int
):
    assert field(typed[0], *typed[1:], order=None) == status


def test_a_tablet_that_is_not_enrolled_says_so(tmp_path: Path):
    assert main(["sync"], home=tmp_path / "new") == 78


def test_the_number_is_enough_to_name_an_order(field: Field):
    assert field("show", order=NUMBER) == 0
