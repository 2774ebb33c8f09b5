"""`doorstep` as people use it: data on stdout, words on stderr, an exit code."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from server.auth import Door
from server.cli import main
from server.config import Config
from server.keys import open_keys
from sync.facts.approval import Held
from sync.facts.visit import Arrived
from sync.signing import public_jwk
from tests.server.books import HOUR, NOON, Pad, open_book

HEAD = "统一编号,登记时间,业主姓名,联系电话,报修内容"
OPENED = f"""{HEAD}
SH2026110001,2025-12-14 11:00,赵敏,13800138000,龙头滴水
SH2026110002,2025-12-14 11:05,孙丽,13900139000,门锁坏
"""
CLOSED = f"""{HEAD},维修人员,到场时间,收费金额,验收结果,业主签字
SH2026110001,2025-12-14 11:00,赵敏,13800138000,龙头滴水,李强,2025-12-14 13:30,80,合格,是
SH2026110003,2025-12-14 11:09,周军,13700137000,漏水,,,,,
"""
WRONG = OPENED + "SH2026110009,昨天,赵敏,12,龙头\n"


@dataclass
class Said:
    """What a command answered."""

    code: int
    data: str
    words: str

    @property
    def lines(self) -> list[Any]:
        """The data as JSON lines."""
        return [json.loads(line) for line in self.data.splitlines()]


Doorstep = Callable[..., Said]


@pytest.fixture
def doorstep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Doorstep:
    """The command line on a data folder of its own, at noon."""
    monkeypatch.setenv("DOORSTEP_DATA", str(tmp_path / "data"))

    def run(*arguments: str) -> Said:
        code = main(arguments, now=lambda: NOON + HOUR)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    """A register as a file."""

    def written(text: str) -> str:
        (tmp_path / "register.csv").write_text(text, "utf-8")
        return str(tmp_path / "register.csv")

    return written


@pytest.fixture
def town(doorstep: Doorstep, file: Callable[[str], str]) -> Doorstep:
    """Two requests are in; Li and Chen work here."""
    doorstep("people", "add", "li", "--name", "李强", "--role", "technician")
    doorstep("people", "add", "chen", "--name", "陈静", "--role", "dispatcher")
    doorstep("import", "register", file(OPENED), "--apply")
    return doorstep


@pytest.fixture
def visited(town: Doorstep, tmp_path: Path) -> Doorstep:
    """Li was at the first one's door at noon."""
    town("dispatch", "SH2026110001", "--to", "li")
    book = open_book(
        Config(data=tmp_path / "data").database, open_keys(tmp_path / "data")
    )
    li = Pad(book, "li", "t-li")
    li.greet()
    li.tell(Arrived(), "SH2026110001")
    li.greet()
    book.engine.dispose()
    return town


def test_a_preview_writes_nothing_and_says_so(
    doorstep: Doorstep, file: Callable[[str], str]
):
    said = doorstep("import", "register", file(OPENED), "--json")

    assert (said.code, said.lines[0]["new"], said.lines[0]["applied"]) == (0, 2, False)
    assert "--apply" in said.words
    assert doorstep("orders", "--json").lines == []


def test_importing_again_finds_everything_as_it_was(
    town: Doorstep, file: Callable[[str], str]
):
    said = town("import", "register", file(OPENED), "--apply", "--json")

    assert (said.lines[0]["new"], said.lines[0]["same"]) == (0, 2)


def test_wrong_rows_are_told_saved_and_hold_up_nobody(
    doorstep: Doorstep, file: Callable[[str], str], tmp_path: Path
):
    """Exit 3: some rows are wrong; the others are in."""
    wrong = tmp_path / "wrong.csv"

    said = doorstep(
        "import", "register", file(WRONG), "--apply", "--wrong-rows", str(wrong)
    )

    assert said.code == 3
    assert "第 4 行" in said.words
    assert "昨天" in wrong.read_text("utf-8-sig")
    assert len(doorstep("orders", "--json").lines) == 2


def test_dispatch_then_the_board_shows_it(town: Doorstep):
    assert town("dispatch", "SH2026110001", "--to", "li").code == 0

    standing = town("orders", "--json").lines[0]
    assert (standing["number"], standing["technician"]) == ("SH2026110001", "li")


def test_an_order_is_found_by_the_end_of_its_number(town: Doorstep):
    """As people say it; only if it is the only one."""
    assert town("dispatch", "0002", "--to", "li").code == 0
    assert town("orders", "--json").lines[1]["technician"] == "li"

    said = town("show", "SH", "--json"), town("show", "000%"), town("show", "")
    assert [one.code for one in said] == [4, 4, 4]


def test_an_end_that_fits_several_is_refused(
    town: Doorstep, file: Callable[[str], str]
):
    more = OPENED.replace("SH20261100", "SH20261101")
    town("import", "register", file(more), "--apply")

    said = town("show", "01")

    assert said.code == 4
    assert "2 份工单" in said.words


REFUSALS = [
    (4, "not_found", ("show", "SH9")),
    (4, "not_found", ("dispatch", "SH9", "--to", "li")),
    (4, "person_unknown", ("dispatch", "0001", "--to", "nobody")),
    (1, "person_not_technician", ("dispatch", "0001", "--to", "chen")),
    (4, "person_unknown", ("device", "enroll", "nobody")),
    (4, "person_unknown", ("token", "nobody")),
    (78, "setting_wrong", ("device", "enroll", "li", "--ttl", "soon")),
    (2, "", ("dispatch", "0001")),
    (2, "", ("people", "add", "x", "--name", "x", "--role", "king")),
    (2, "", ("import", "register", "/nowhere.csv")),
    (2, "", ("dance",)),
]


@pytest.mark.parametrize(("code", "name", "arguments"), REFUSALS)
def test_what_cannot_be_done_is_said_with_a_code(
    town: Doorstep, code: int, name: str, arguments: tuple[str, ...]
):
    said = town(*arguments)

    assert (said.code, said.data) == (code, "")
    assert name in said.words


def test_what_is_over_cannot_be_dispatched_or_cancelled(town: Doorstep):
    """Exit 5: it is in conflict with what stands."""
    reason = ("--reason", "duplicate")
    assert town("cancel", "0001", *reason).code == 0

    assert town("cancel", "0001", *reason).code == 5
    assert town("dispatch", "0001", "--to", "li").code == 5


def test_a_closed_order_is_opened_again_from_a_terminal(town: Doorstep):
    """Exit 5: it is in conflict with what stands."""
    assert town("close", "0001").code == 0
    assert town("orders", "--json").lines[0]["closed"] is True
    assert town("close", "0001").code == 5

    assert town("reopen", "0001", "--reason", "more_to_do").code == 0
    assert town("orders", "--json").lines[0]["closed"] is False


def test_a_cost_that_waits_is_approved_from_a_terminal(town: Doorstep, tmp_path: Path):
    """Exit 5: nothing waits."""
    assert town("approve", "0001", "--up-to", "2000").code == 5
    town("dispatch", "0001", "--to", "li")
    data = tmp_path / "data"
    book = open_book(Config(data=data).database, open_keys(data))
    held = Held(estimate_fen=180_000, limit_fen=100_000, owner_told=True)
    Pad(book, "li", "t-li").tell(held, "SH2026110001")
    book.engine.dispose()

    assert town("approve", "0001", "--up-to", "2000").code == 0

    (hold,) = town("show", "0001", "--json").lines[0]["order"]["holds"]
    assert hold["up_to_fen"] == 200_000


def test_the_owners_pictures_are_attached_and_the_file_stays(
    town: Doorstep, tmp_path: Path
):
    """I1: bytes in custody, then the fact that speaks of them."""
    photo = tmp_path / "leak.jpg"
    Image.new("RGB", (64, 48), "#7a1f1f").save(photo)
    held = photo.read_bytes()

    assert town("attach", "0001", str(photo)).code == 0

    (shown,) = town("show", "0001", "--json").lines[0]["order"]["reported"]
    assert shown["blob"]["sha256"] == hashlib.sha256(held).hexdigest()
    assert town("show", "0001", "--json").lines[0]["held"]
    photo.write_bytes(b"another")
    assert town("check").code == 0


def test_a_duplicate_is_merged_from_a_terminal(town: Doorstep):
    assert town("merge", "0002", "--into", "0001").code == 0

    assert town("show", "0002", "--json").lines[0]["order"]["merged_into"]
    assert town("merge", "0002", "--into", "0001").code == 5


def test_what_waits_for_a_person_is_listed_and_looked_at(
    town: Doorstep, tmp_path: Path
):
    """Li came although the order was Wang's by then."""
    town("people", "add", "wang", "--name", "王刚", "--role", "technician")
    town("dispatch", "0001", "--to", "li")
    town("dispatch", "0001", "--to", "wang")
    book = open_book(
        Config(data=tmp_path / "data").database, open_keys(tmp_path / "data")
    )
    Pad(book, "li", "t-li").tell(Arrived(), "SH2026110001")
    book.engine.dispose()
    (waiting,) = town("reviews", "--json").lines
    assert waiting["code"] == "not_assigned"

    said = town("resolve", "0001", waiting["id"], "--reason", "stand_in")

    assert said.code == 0
    assert town("reviews", "--json").lines == []
    assert town("reviews", "--resolved", "--json").lines == [waiting]


def test_a_review_whose_name_begins_with_a_dash_is_no_option(town: Doorstep):
    said = town("resolve", "0001", "-9aaaaaaaaaaaaaa", "--reason", "stand_in")

    assert "No such option" not in said.words


def test_what_a_tablet_owes_is_shown_and_settled_from_a_terminal(
    town: Doorstep, tmp_path: Path
):
    code = town("device", "enroll", "li").data.partition(".")[0]
    book = open_book(
        Config(data=tmp_path / "data").database, open_keys(tmp_path / "data")
    )
    key = public_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
    name = Door(book.engine, book.keys).enrol(code, key, "Li's", NOON).device
    tablet = Pad(book, "li", name)
    for _ in range(3):
        tablet.write(Arrived(), "SH2026110001")
    tablet.greet()
    book.engine.dispose()

    assert "已声明而未到 1–3" in town("device", "show", name).data
    assert town("device", "settle", name, "--reason", "掉进河里").code == 0
    assert "已声明而未到 1–3" in town("device", "show", name).data
    assert town("device", "show", "nobody").code == 4


@pytest.mark.parametrize(
    "arguments",
    [("orders",), ("people", "list"), ("device", "list"), ("show", "0001"), ("doctor",),
     ("check",)],
)  # fmt: skip
def test_what_can_be_read_can_be_read_by_programs(
    town: Doorstep, arguments: tuple[str, ...]
):
    """Each line of data is JSON."""
    said = town(*arguments, "--json")

    assert said.code == 0
    assert all(isinstance(one, dict) for one in said.lines)


def test_the_month_end_register_is_compared_in_words_people_use(
    visited: Doorstep, file: Callable[[str], str]
):
    """Local time, yuan, words; exit 5 because there are differences."""
    said = visited("reconcile", file(CLOSED))

    assert said.code == 5
    for shown in ("12-14 13:30", "–12:00", "80.00", "0.00", "合格", "已签"):
        assert shown in said.data
    assert "处差异" in said.words


def test_differences_as_data_name_numbers_and_codes(
    visited: Doorstep, file: Callable[[str], str]
):
    found = {(one["number"][-1], one["code"]) for one in visited(
        "reconcile", file(CLOSED), "--json"
    ).lines}  # fmt: skip

    assert found == {
        ("1", "arrival_differs"), ("1", "result_differs"), ("1", "signature_claimed"),
        ("1", "amount_differs"), ("2", "missing_in_register"), ("3", "unknown_number"),
    }  # fmt: skip


def test_a_register_that_agrees_ends_well(town: Doorstep, file: Callable[[str], str]):
    assert town("reconcile", file(OPENED)).code == 0


def test_the_proof_holds_and_the_board_is_as_its_facts_say(visited: Doorstep):
    assert (visited("check").code, visited("board", "rebuild").code) == (0, 0)


def test_a_tampered_fact_is_found(visited: Doorstep, tmp_path: Path):
    """Exit 6, by name, whatever was done to its bytes (X7)."""
    database = Config(data=tmp_path / "data").database
    for body in ("{}", "not json"):
        book = open_book(database)
        with book.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE fact SET body = ? WHERE log LIKE 't-li%'", (body,)
            )
        book.engine.dispose()

        said = visited("check", "--json")

        assert said.code == 6
        assert "fact_altered" in {one["code"] for one in said.lines}


def test_a_tampered_document_is_found_and_put_right(visited: Doorstep, tmp_path: Path):
    """Exit 6 once."""
    book = open_book(Config(data=tmp_path / "data").database)
    with book.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE stream SET stage = 'accepted'")
    book.engine.dispose()

    assert [visited("board", "rebuild").code for _ in range(2)] == [6, 0]


def test_a_code_is_shown_once_and_nothing_else_is_data(town: Doorstep):
    """Ten characters, and who the server is."""
    code = town("device", "enroll", "li").data.strip()

    assert [len(part) for part in code.split(".")] == [10, 16]


def test_init_may_be_repeated(doorstep: Doorstep):
    first, again = doorstep("init"), doorstep("init")

    assert (again.code, again.words) == (0, first.words)


def test_help_is_not_an_error(doorstep: Doorstep):
    said = doorstep("--help")

    assert (said.code, "上门" in said.data) == (0, True)
