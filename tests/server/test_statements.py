"""Statements of a day: closed by a person, told in figures, never altered by what comes
later. On both databases."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import text, update
from werkzeug.test import TestResponse

from server.cli import doorstep
from server.commands.kit import Office, run
from server.database import writing
from server.statements import closing
from server.statements.closing import Account
from server.tables import fact, log_leaf, private
from sync.facts.dispatch import Cancelled, Closed, Dispatched
from sync.facts.visit import Arrived
from sync.problems import Refused
from sync.statements import LABELS
from sync.words.catalogue import catalogue
from tests.server.callers import HOUR, NOON, Staff, Tablet, parts_of
from tests.server.conftest import Clock
from tests.server.desks import EAST, WEST, asked_for, decide, got, hired

DAY = "2026-11-20"
MIDDAY = NOON + 341 * 24 * HOUR  # of that day, in Shanghai
TARGET = f"/v1/statements/{DAY}"


@pytest.fixture
def xu(app: Flask, clock: Clock) -> Staff:
    """Xu, who manages all projects, the morning after three requests came in."""
    found = hired(app, "xu", "manager")
    clock.ms = MIDDAY
    for number in ("1", "2", "3"):
        asks(app, number)
    decide(app, "1", Closed(reason="done"))
    decide(app, "2", Cancelled(reason="withdrawn"))
    clock.ms = MIDDAY + 20 * HOUR
    found.token = fresh_token(app, "xu")
    return found


def asks(app: Flask, number: str, site: str = EAST) -> None:
    """Zhao asked on that day at eleven, whenever it is written down."""
    asked_for(app, number, site, registered_ms=MIDDAY - HOUR)


def fresh_token(app: Flask, who: str) -> str:
    parts = parts_of(app)
    return parts.door.issue_token(who, parts.now() + HOUR)


def seen(who: Staff, target: str = TARGET) -> Any:
    return got(who, target)


def values(said: Any) -> dict[str, int]:
    """Every figure."""
    return {one["code"]: one["value"]
            for part in said["sections"] for one in part["figures"]}  # fmt: skip


def shut(who: Staff, said: Any, why: str = "等配件", **more: Any) -> TestResponse:
    """Close it as it was seen, with the same reason for whatever is open."""
    reasons = {one["name"]: why for one in said["open"]}
    body = {"digest": said["digest"], "reasons": reasons} | more
    return who.ask("POST", f"{TARGET}/close", body)


def closed(app: Flask, xu: Staff) -> Account:
    """The day, closed; as the server finds it."""
    assert shut(xu, seen(xu)).status_code == 200
    return account(app)


def account(app: Flask) -> Account:
    return closing.account(parts_of(app), DAY, "")


# the promise


def test_a_closed_day_stays_as_it_was_whatever_comes_later(app: Flask, xu: Staff):
    """A request of that day comes in after it was closed."""
    before = seen(xu)
    assert shut(xu, before).status_code == 200

    asks(app, "4")

    after = seen(xu)
    assert (after["state"], after["digest"]) == ("closed", before["digest"])
    assert (values(after), after["findings"]) == (values(before), [])
    moved = {one["code"]: (one["was"], one["now"]) for one in after["changes"]}
    assert moved["asked"] == (3, 4)


def test_what_a_tablet_hands_in_later_is_told_as_a_change(
    app: Flask, xu: Staff, li: Tablet
):
    """Li worked out of coverage; the day was closed before the tablet was back."""
    decide(app, "3", Dispatched(technician="li"))
    was = closed(app, xu)

    li.tell(Arrived(), "3")

    now = account(app)
    assert now.shown == was.shown
    moved = {one.code: (one.was, one.now) for one in now.changes}
    assert moved["unanswered"] == (1, 0)
    assert {r.number for one in now.changes for r in (*one.came, *one.went)} == {"3"}


def test_what_is_open_needs_a_reason_each(app: Flask, xu: Staff):
    said = seen(xu)
    (open_,) = said["open"]

    bare = xu.ask("POST", f"{TARGET}/close", {"digest": said["digest"]})
    assert (bare.status_code, bare.json["code"]) == (409, "statement_open")
    assert shut(xu, said, "等配件").status_code == 200
    assert seen(xu)["open"] == [{**open_, "reason": "等配件"}]


def test_nobody_closes_on_figures_that_they_have_not_seen(app: Flask, xu: Staff):
    before = seen(xu)
    asks(app, "4")

    answer = shut(xu, before)

    assert (answer.status_code, answer.json["code"]) == (412, "statement_moved")


def test_a_day_that_goes_on_is_not_closed(app: Flask, xu: Staff, clock: Clock):
    clock.ms = MIDDAY
    xu.token = fresh_token(app, "xu")

    assert shut(xu, seen(xu)).json["code"] == "statement_not_over"


def test_what_is_closed_is_closed_once(app: Flask, xu: Staff):
    said = seen(xu)
    shut(xu, said)

    assert shut(xu, said).json["code"] == "statement_closed"


def test_it_is_opened_again_only_with_a_reason_and_closed_anew(app: Flask, xu: Staff):
    shut(xu, seen(xu))
    asks(app, "4")

    bare = xu.ask("POST", f"{TARGET}/reopen", {"words": ""})
    xu.ask("POST", f"{TARGET}/reopen", {"words": "漏了一单"})
    again = seen(xu)
    assert shut(xu, again).status_code == 200

    after = seen(xu)
    assert (bare.status_code, again["state"]) == (422, "reopened")
    assert [one["what"] for one in after["acts"]] == ["closed", "reopened", "closed"]
    assert (after["acts"][1]["words"], values(after)["asked"]) == ("漏了一单", 4)


def test_two_at_once_close_it_once(app: Flask, xu: Staff):
    """Both had looked before either had closed."""
    parts, found = parts_of(app), account(app)
    reasons = {one.name: "等" for one in found.now.open}
    how = {"seen": found.digest, "reasons": reasons}
    closing.close(parts, DAY, "", **how, by="xu")

    with pytest.raises(Refused, match="结账"):
        closing.close(parts, DAY, "", **how, by="lu")
    assert len(account(app).acts) == 1


def test_a_project_is_closed_by_itself(app: Flask, xu: Staff):
    asks(app, "9", WEST)
    said = seen(xu, f"{TARGET}?project={EAST}")

    assert shut(xu, said, project=EAST).status_code == 200

    assert values(said)["asked"] == 3
    assert seen(xu, f"{TARGET}?project={WEST}")["state"] == "open"
    assert seen(xu)["state"] == "open"


def test_a_dispatcher_and_an_auditor_read_and_do_not_close(app: Flask, xu: Staff):
    for role in ("dispatcher", "auditor"):
        who = hired(app, role, role)
        who.token = fresh_token(app, role)
        assert shut(who, seen(who)).status_code == 403
    assert seen(xu)["state"] == "open"


def test_a_closing_sent_twice_is_done_once(app: Flask, xu: Staff):
    said = seen(xu)
    reasons = {one["name"]: "等" for one in said["open"]}
    body, key = {"digest": said["digest"], "reasons": reasons}, {"Idempotency-Key": "k"}

    answers = [xu.ask("POST", f"{TARGET}/close", body, **key) for _ in "12"]

    assert [one.status_code for one in answers] == [200, 200]
    assert len(seen(xu)["acts"]) == 1


def test_a_tablet_cannot_close_anything(app: Flask, xu: Staff, li: Tablet):
    """The same words in a tablet's own log are no closing."""
    was = closed(app, xu)
    body = _body_of(app, was).replace("server.", f"{li.device}.", 1)

    offer = {"facts": [{"b": body}]}
    li.ask_json("POST", "/v1/sync/push", offer)

    assert len(account(app).acts) == 1


def _body_of(app: Flask, found: Account) -> str:
    assert found.closing is not None
    with writing(parts_of(app).engine) as connection:
        asked = text("SELECT body FROM fact WHERE id = :id")
        return str(connection.execute(asked, {"id": found.closing.id}).scalar_one())


# noticed


def _forge(app: Flask, found: Account, change: Callable[[Any], None]) -> None:
    """Put other bytes in the place of the statement's own."""
    parts = parts_of(app)
    file = next(parts.config.data.rglob(found.shown_digest))
    said = json.loads(file.read_bytes())
    change(said)
    file.chmod(0o600)
    file.write_bytes(json.dumps(said).encode())


def test_a_record_that_was_altered_is_noticed(app: Flask, xu: Staff):
    found = closed(app, xu)

    def swap(said: Any) -> None:
        said["figures"][1]["records"][0]["number"] = "7"

    _forge(app, found, swap)

    assert account(app).findings == ("records_altered", "figures_altered")


def test_a_figure_that_was_altered_in_the_fact_is_noticed(app: Flask, xu: Staff):
    """Both by the statement and by an audit of the book."""
    found = closed(app, xu)
    body = _body_of(app, found).replace('"value":3', '"value":2')
    with writing(parts_of(app).engine) as connection:
        named = fact.c.id == found.closing.id  # type: ignore[union-attr]
        connection.execute(update(fact).where(named).values(body=body))

    assert "figures_altered" in account(app).findings
    assert audit(app) == 6


def test_a_book_that_was_altered_under_a_closing_is_noticed(app: Flask, xu: Staff):
    found = closed(app, xu)
    with writing(parts_of(app).engine) as connection:
        first = log_leaf.c.first == 1
        connection.execute(update(log_leaf).where(first).values(hashes=b"x" * 32))

    assert account(app).findings == ("book_altered",)
    assert found.findings == ()


def test_a_signature_of_nobody_is_noticed(app: Flask, xu: Staff):
    found = closed(app, xu)
    said = json.loads(_body_of(app, found))
    said["pl"]["signature"] = "A" * 86
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    with writing(parts_of(app).engine) as connection:
        named = fact.c.id == found.closing.id  # type: ignore[union-attr]
        connection.execute(update(fact).where(named).values(body=body))

    assert account(app).findings == ("fact_altered", "signature_wrong")


def test_a_reason_that_was_altered_is_found_by_an_audit(app: Flask, xu: Staff):
    closed(app, xu)
    assert audit(app) == 0
    with writing(parts_of(app).engine) as connection:
        theirs = private.c.stream.like("statement:%")
        connection.execute(update(private).where(theirs).values(value="{}"))

    assert audit(app) == 6


def audit(app: Flask) -> int:
    """How `doorstep audit verify` ends."""
    return command(app, "audit", "verify")


def command(app: Flask, *argv: str) -> int:
    parts = parts_of(app)
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("DOORSTEP_DATA", str(parts.config.data))
        if parts.config.database_url:
            settings.setenv("DOORSTEP_DATABASE_URL", parts.config.database_url)
        office = Office(now=parts.now)
        code = run(lambda: doorstep.main(
            list(argv), "doorstep", standalone_mode=False, obj=office
        ), office)  # fmt: skip
        office.parts.originals.darkroom.close()
        office.parts.findings.darkroom.close()
        office.parts.engine.dispose()
    return code


# files


def _figures_of_csv(data: bytes) -> tuple[dict[str, int], str]:
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    found = {one["代码"]: int(one["数值"]) for one in rows if one["表"] == "数字"}
    return found, next(r["内容"] for r in rows if r["名称"].startswith("报表摘要"))


def _figures_of_xlsx(data: bytes) -> tuple[dict[str, int], str]:
    book = load_workbook(io.BytesIO(data))
    found = {row[1]: row[3] for row in book["数字"].iter_rows(2, values_only=True)}
    about = dict(book["说明"].iter_rows(2, values_only=True))
    return found, str(about["报表摘要（SHA-256）"])


def _words_of_pdf(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    found = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return found.replace("\r\n", "").replace("\n", "")


@pytest.mark.parametrize("is_closed", [True, False])
def test_every_file_has_the_same_figures_and_the_same_digest(
    app: Flask, xu: Staff, is_closed: bool
):
    if is_closed:
        shut(xu, seen(xu))
    said = seen(xu)
    wanted = (values(said), said["digest"])

    files = {ending: xu.ask("GET", f"{TARGET}/statement.{ending}").data
             for ending in ("csv", "xlsx", "pdf")}  # fmt: skip

    assert _figures_of_csv(files["csv"]) == wanted
    assert _figures_of_xlsx(files["xlsx"]) == wanted
    words = _words_of_pdf(files["pdf"])
    assert said["digest"] in words
    assert all(one["label"] in words for p in said["sections"] for one in p["figures"])


def test_the_paper_is_the_same_bytes_each_time(app: Flask, xu: Staff, clock: Clock):
    shut(xu, seen(xu))
    target = f"{TARGET}/statement.pdf"
    once = xu.ask("GET", target).data
    clock.ms += HOUR // 2

    assert xu.ask("GET", target).data == once


def test_no_cell_is_a_formula(app: Flask, xu: Staff):
    """X12: a reason is whatever somebody types."""
    shut(xu, seen(xu), '=HYPERLINK("http://evil")')

    sheet = load_workbook(
        io.BytesIO(xu.ask("GET", f"{TARGET}/statement.xlsx").data)
    )["未了事项"]  # fmt: skip

    cell = sheet["E2"]
    assert (cell.data_type, cell.value) == ("s", '\'=HYPERLINK("http://evil")')


def test_every_figure_leads_to_its_records(app: Flask, xu: Staff):
    """As many as it says, by the API and in the workbook."""
    shut(xu, seen(xu))
    said = seen(xu)
    book = load_workbook(io.BytesIO(xu.ask("GET", f"{TARGET}/statement.xlsx").data))
    rows = list(book["明细"].iter_rows(2, values_only=True))

    for code, value in values(said).items():
        told = seen(xu, f"{TARGET}/records?figure={code}")
        assert sum(one["value"] for one in told["records"]) == value
        assert sum(row[5] for row in rows if row[0] == code) == value


def test_a_record_leads_to_its_order(app: Flask, xu: Staff):
    told = seen(xu, f"{TARGET}/records?figure=asked_open")

    order = got(xu, f"/v1/orders/{told['records'][0]['id']}")

    assert order["order"]["request"]["number"] == "3"


# a month at once


def test_a_month_says_how_each_of_its_days_stands(app: Flask, xu: Staff):
    shut(xu, seen(xu))
    asks(app, "4")

    said = seen(xu, "/v1/statements?month=2026-11")

    days = {one["name"][-2:]: one for one in said["days"]}
    assert [days[day]["state"] for day in ("19", "20", "21")] == [
        "open", "closed", "running",
    ]  # fmt: skip
    assert (days["20"]["changed"], days["20"]["asked"]) == (True, 4)
    assert (said["month"]["state"], said["month"]["asked"]) == ("running", 4)


# at the terminal


def test_a_day_is_closed_at_the_terminal(app: Flask, xu: Staff, tmp_path: Path):
    file = tmp_path / "day.xlsx"

    assert command(app, "statement", "day", DAY, "--close") == 5  # something is open
    how = ("--close", "--reason", "等配件", "--xlsx", str(file))
    assert command(app, "statement", "day", DAY, *how) == 0

    assert _figures_of_xlsx(file.read_bytes())[1] == account(app).shown_digest
    assert account(app).state == "closed"


def test_files_speak_the_language_that_the_terminal_was_asked_for(
    app: Flask, xu: Staff, tmp_path: Path
):
    files = {ending: tmp_path / f"day.{ending}" for ending in ("csv", "xlsx", "pdf")}
    asked = [
        word for ending, file in files.items() for word in (f"--{ending}", str(file))
    ]

    assert command(app, "--lang", "en", "statement", "day", DAY, *asked) == 0

    said = LABELS["asked"]
    in_english = catalogue("en")[said]
    sheets = load_workbook(files["xlsx"])
    told = [
        files["csv"].read_text("utf-8-sig"),
        "".join(str(one) for s in sheets for r in s.values for one in r),
        _words_of_pdf(files["pdf"].read_bytes()),
    ]
    assert [(in_english in one, said in one) for one in told] == [(True, False)] * 3


def test_a_day_is_not_a_month(app: Flask, xu: Staff):
    assert command(app, "statement", "month", DAY) == 1
