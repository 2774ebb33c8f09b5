"""Whoever holds a paper learns whether it holds, and nothing personal (S1)."""

import io
import re
import zlib
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from server import erasures
from server.database import reading
from server.paper import check_address
from server.paper.gathering import known
from server.public.codes import code_of, digest_of
from sync.facts.owner import CertificateRevoked
from sync.sealed import examined
from sync.sheet import short_code, shown_hash
from tests.server.signed import HOME, Job, ordinary
from tests.together.conftest import worlds
from tests.world import World

MOST_BYTES = 30 * 1024


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with worlds(tmp_path_factory.mktemp("public")) as begun:
        yield begun()


@pytest.fixture(scope="module")
def signed(world: World) -> Job:
    job = ordinary(world)
    job.signs()
    return job


@pytest.fixture(autouse=True)
def _a_new_hour(world: World) -> None:
    """Whoever asked too often may ask again."""
    world.ms += 3_600_000


def sheet_of(job: Job, round_: int = 1) -> str:
    return job.li.sees(job.stream).rounds[round_ - 1].verdicts[-1].sheet


def asks(world: World, path: str, **more: object) -> TestResponse:
    return world.app.test_client().open(path, **more)


def page_of(job: Job, query: str = "", **more: object) -> TestResponse:
    return asks(job.world, f"/v/{code_of(sheet_of(job))}{query}", **more)


def heading(answer: TestResponse) -> str:
    (found,) = re.findall(r"<h1>.*?</span> (.*?)</h1>", answer.text, re.DOTALL)
    return found


def checks(job: Job, data: bytes) -> TestResponse:
    file = {"do": "file", "file": (io.BytesIO(data), "paper.pdf")}
    return page_of(job, method="POST", data=file)


# how it stands


def test_a_paper_that_holds_says_so(signed: Job):
    assert heading(page_of(signed)) == "记录属实，现行有效"


def test_nothing_personal_leaves_unmasked(signed: Job):
    """S1: whose home it is, which room, which number: not on a page for anybody."""
    text = page_of(signed).text

    assert not [one for one in (*HOME.values(), "赵敏") if one in text
                and one not in (HOME["building"], HOME["unit"])]  # fmt: skip
    assert "赵**" in text


def test_it_says_the_amounts_that_were_signed_for(signed: Job):
    assert re.search(r"业主应付</dt><dd>¥88\.50", page_of(signed).text)


def test_the_code_on_the_paper_leads_there(signed: Job):
    parts = signed.world.parts
    held = known(parts.engine, parts.keys, parts.proofs, parts.originals, signed.stream)
    address = check_address(held, "https://door.example")

    path = address.removeprefix("https://door.example")
    assert heading(asks(signed.world, path)) == "记录属实，现行有效"


def test_the_address_of_earlier_papers_still_leads_there(signed: Job):
    old = f"/c/{code_of(sheet_of(signed))}"

    answer = asks(signed.world, old, follow_redirects=True)

    assert heading(answer) == "记录属实，现行有效"


def test_number_and_short_code_lead_there(signed: Job):
    said = {"do": "short", "number": signed.number,
            "code": short_code(sheet_of(signed))}  # fmt: skip

    answer = asks(signed.world, "/v/", method="POST", data=said, follow_redirects=True)

    assert heading(answer) == "记录属实，现行有效"


def test_of_a_sheet_that_was_sent_back_the_later_one_is_shown(world: World):
    job = ordinary(world, number="R-twice")
    job.signs(sent_back=True)
    job.mends(1, words="再次更换")
    job.completes()
    job.inspects(1, 2)
    job.signs()

    first = asks(world, f"/v/{code_of(sheet_of(job, 1))}")

    assert heading(first) == "已被新的验收单取代"
    assert f'href="/v/{code_of(sheet_of(job, 2))}?lang=zh-CN"' in first.text


def test_a_sheet_that_was_sent_back_is_no_acceptance(world: World):
    job = ordinary(world, number="R-back")
    job.signs(sent_back=True)

    assert heading(page_of(job)) == "记录属实：业主没有通过验收"


def test_the_place_in_the_log_is_worked_out_and_not_claimed(
    world: World, signed: Job, monkeypatch: pytest.MonkeyPatch
):
    """A leaf that is not the fact's: the page says so."""
    monkeypatch.setattr("server.public.standing.fact_leaf", lambda *_: b"\0" * 32)

    assert heading(page_of(signed)) == "服务器的记录对不上"


# how it fails: each with its own sentence


def test_a_code_that_nobody_ever_signed_may_still_be_on_its_way(world: World):
    answer = asks(world, f"/v/{code_of('00' * 32)}")

    assert (answer.status_code, heading(answer)) == (404, "还没有传到服务器")


@pytest.mark.parametrize("code", ["abc", "-", "A" * 42, "A" * 44, "A" * 42 + "B", "é"])
def test_what_is_no_code_is_not_found(world: World, code: str):
    answer = asks(world, f"/v/{code}")

    assert (answer.status_code, heading(answer)) == (404, "未找到")


def test_an_order_without_a_signature_is_not_found(world: World):
    ordinary(world, number="R-unsigned").arrives_at_server()
    said = {"do": "short", "number": "R-unsigned", "code": "0000-0000"}

    answer = asks(world, "/v/", method="POST", data=said)

    assert heading(answer) == "未找到"


def test_an_unknown_number_and_a_wrong_short_code_look_the_same(
    world: World, signed: Job
):
    said = [{"do": "short", "number": one, "code": "0000-0000"}
            for one in (signed.number, "R-none")]  # fmt: skip

    known, unknown = (asks(world, "/v/", method="POST", data=one) for one in said)

    assert known.data == unknown.data


def test_a_sheet_whose_bytes_were_erased_still_says_that_it_was_signed(world: World):
    job = ordinary(world, number="R-erased")
    job.signs()
    sheet, parts = sheet_of(job), world.parts
    with reading(parts.engine) as connection:
        act = erasures.act_on(connection, job.stream, ("sheet",), "应要求", world.ms)
    erasures.erase(parts.engine, parts.shelf, parts.keys, act)

    answer = asks(world, f"/v/{code_of(sheet)}")

    assert "金额暂时看不到" in answer.text


# a file, a digest


def test_our_own_pdf_agrees(signed: Job):
    assert heading(checks(signed, signed.paper().data)) == "核对一致"


def test_our_own_pdf_of_what_was_taken_back_says_so(signed: Job):
    """It is what we issued, and worth nothing any more; offline it is unchanged."""
    paper = signed.paper().data
    revoked = CertificateRevoked(sheet=sheet_of(signed), reason="amount_wrong")
    signed.decides(revoked)
    text = checks(signed, paper).text
    assert "公司已经撤销，不能再作为凭据" in text and 'class="verdict bad"' in text
    assert examined(paper, signed.world.parts.keys.name).holds


def test_a_pdf_in_which_one_byte_differs_does_not(signed: Job):
    data = bytearray(signed.paper().data)
    data[len(data) // 2] ^= 1

    assert heading(checks(signed, bytes(data))) == "指纹不符"


def test_the_paper_of_another_order_does_not(world: World, signed: Job):
    other = ordinary(world, number="R-other")
    other.signs()

    answer = checks(signed, other.paper().data)

    assert heading(answer) == "指纹不符"
    assert "另一张验收单" in answer.text


def test_what_is_no_pdf_is_told_so(signed: Job):
    assert "这不是 PDF" in checks(signed, b"GIF89a").text


def test_a_file_that_unpacks_without_end_is_refused(signed: Job):
    """X10: refused by what it would unpack to, before that is held."""
    bomb = io.BytesIO()
    bomb.write(b"%PDF-1.7\n")
    packed = zlib.compress(b"\0" * (40 << 20))
    for n in range(3):
        bomb.write(
            b"%d 0 obj << /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>"
            b" stream\n%b\nendstream endobj\n" % (n, len(packed), packed)
        )

    assert checks(signed, bomb.getvalue()).status_code == 413


@pytest.mark.parametrize(
    ("changed", "title"), [(False, "核对一致"), (True, "指纹不符")]
)
def test_a_digest_is_compared(signed: Job, changed: bool, title: str):
    digest = "00" * 32 if changed else sheet_of(signed)

    answer = page_of(signed, method="POST", data={"do": "digest", "digest": digest})

    assert heading(answer) == title


# who may ask how often


def test_codes_cannot_be_tried_through(world: World):
    tried = [asks(world, f"/v/{code_of(f'{n:064x}')}").status_code for n in range(40)]

    assert (tried[0], tried[-1]) == (404, 429)


def test_short_codes_of_one_order_cannot_be_tried_through(world: World, signed: Job):
    """Also not from many addresses."""
    tried = [
        asks(world, "/v/", method="POST", data={"do": "short", "code": f"{n:08x}",
             "number": signed.number}, environ_base={"REMOTE_ADDR": f"10.0.0.{n}"})
        for n in range(30)
    ]  # fmt: skip

    assert tried[-1].status_code == 429


def test_another_address_is_not_held_up(world: World, signed: Job):
    for n in range(40):
        asks(world, f"/v/{code_of(f'{n:064x}')}")

    elsewhere = page_of(signed, environ_base={"REMOTE_ADDR": "10.9.9.9"})

    assert elsewhere.status_code == 200


# the page itself


@pytest.mark.parametrize("query", ["", "?lang=en", "?lang=zh-TW"])
def test_a_page_is_small(signed: Job, query: str):
    assert len(page_of(signed, query).data) < MOST_BYTES


def test_a_page_speaks_as_the_browser_asks(signed: Job):
    answer = page_of(signed, headers={"Accept-Language": "en-GB,zh;q=0.4"})

    assert '<html lang="en">' in answer.text


def test_the_link_decides_before_the_browser(signed: Job):
    answer = page_of(signed, "?lang=zh-TW", headers={"Accept-Language": "en"})

    assert '<html lang="zh-TW">' in answer.text


def test_a_page_asks_nobody_else_for_anything(signed: Job):
    answer = page_of(signed)

    assert not re.findall(r"(?:src|href|action)=\"(?:https?:)?//", answer.text)
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_no_script_stands_on_a_page(signed: Job):
    assert "<script" not in page_of(signed).text.lower()


def test_every_digest_has_one_name():
    name = code_of("ff" * 32)

    assert digest_of(name) == "ff" * 32
    assert digest_of(name[:-1] + "9") is None
    assert shown_hash(b"") == digest_of(shown_hash(b"").upper())
