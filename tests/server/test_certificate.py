"""The paper says what the owner signed: everywhere the same amounts and digest."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sync.facts.acceptance import Inspected
from sync.facts.dispatch import Commented
from sync.facts.work import Recorded
from sync.sealed import BROKEN, HOLDS, examined
from sync.sheet import shown_hash
from tests.server.signed import STROKES, Job, ordinary
from tests.together.conftest import worlds
from tests.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with worlds(tmp_path_factory.mktemp("paper")) as begun:
        yield begun()


@pytest.fixture(scope="module")
def signed(world: World) -> Job:
    """Zhao has signed for Li's work."""
    job = ordinary(world)
    job.signs()
    return job


def amounts(text: str) -> set[str]:
    return set(re.findall(r"¥[\d,]+\.\d\d", text))


def yuan(fen: int) -> str:
    return f"¥{fen // 100:,}.{fen % 100:02d}"


@pytest.mark.parametrize("seed", range(4))
def test_amounts_and_digest_are_the_same_on_tablet_fact_paper_and_export(
    world: World, seed: int
):
    """U22, U26: any basket, four places, one truth."""
    dice, job = Random(seed), Job(world, number=f"R22-{seed}")
    job.arrives()
    job.finds(1)
    lines = [(dice.randrange(10**7), dice.randrange(1, 40)) for _ in range(1 + seed)]
    for price, many in lines:
        job.fits(1, price, many)
    labour = dice.randrange(100_000)
    job.mends(1, labour)
    job.completes()
    job.inspects(1)
    shown = job.signs()
    due = sum(price * many for price, many in lines) + labour

    fact = world.order(job.stream).rounds[0].verdicts[0]
    (part, *_), paper = world.order(job.stream).parts, job.paper()
    exported = json.loads(paper.attached["sheet.json"])

    assert shown_hash(shown.sheet) == fact.sheet == shown_hash(
        paper.attached["sheet.json"])  # fmt: skip
    assert fact.sheet in paper.words
    assert json.loads(shown.sheet)["bill"]["owner_fen"] == due
    assert exported["bill"]["owner_fen"] == due
    assert part.line.price_fen == lines[0][0]
    assert {yuan(price * many) for price, many in lines} <= amounts(paper.words)
    assert f"业主应付{yuan(due)}" in paper.words


def test_two_processes_print_the_same_bytes(signed: Job, tmp_path: Path):
    """The same book, the same paper; not the minute of asking."""
    config = signed.world.config
    command = [sys.executable, "-c", "from server.cli import main; main()",
               "certificate", signed.number, "-o"]  # fmt: skip
    for name in ("one", "two"):
        said = os.environ | {"DOORSTEP_DATA": str(config.data)}
        subprocess.run([*command, str(tmp_path / name)], check=True, env=said)

    first, second = (tmp_path / name for name in ("one", "two"))

    assert first.read_bytes() == second.read_bytes() == signed.paper().data


def test_every_changed_byte_breaks_the_seal(signed: Job):
    """On a page, in an attachment, in the seal itself."""
    whole, dice = signed.paper().data, Random(7)

    for _ in range(60):
        at = dice.randrange(len(whole))
        other = bytes([whole[at] ^ (1 << dice.randrange(8))])
        assert not examined(whole[:at] + other + whole[at + 1 :]).holds, at


def test_an_honest_paper_holds(signed: Job):
    looked = examined(signed.paper().data, signed.world.parts.keys.name)

    assert (looked.seal, looked.holds) == (HOLDS, True)


def test_a_page_that_was_drawn_anew_does_not_hold(signed: Job):
    """Somebody takes the proof and writes another amount above it."""
    whole = signed.paper().data
    other = whole.replace(b"\n%doorstep", b"\n% 1.00\n%doorstep")

    assert examined(other).seal == BROKEN


def test_the_sheet_inside_is_what_the_tablet_showed_byte_for_byte(world: World):
    job = ordinary(world, number="R-inside")
    shown = job.signs()

    assert job.paper().attached["sheet.json"] == shown.sheet


def test_the_strokes_inside_are_those_that_were_written(signed: Job):
    assert signed.paper().attached["strokes.json"] == STROKES


def test_what_the_desk_noted_for_itself_is_in_no_paper(world: World):
    """Its salted promise is in the proof; the words are not."""
    job = ordinary(world, number="R-desk")
    job.decides(Commented(), {"words": "业主难缠，先报经理"})
    job.signs()

    assert "难缠" not in job.paper().everything


def test_an_owners_telephone_number_is_on_no_paper(signed: Job):
    assert "13800138000" not in signed.paper().everything


@pytest.mark.parametrize(
    ("copy", "heading"),
    [
        ("owner", "第一联业主留存"),
        ("company", "第二联公司留存"),
        ("contractor", "第三联施工单位留存"),
    ],
)
def test_each_copy_says_whose_it_is(signed: Job, copy: str, heading: str):
    assert heading in signed.paper(copy).words


def test_the_contractor_learns_which_home_and_not_whose(signed: Job):
    paper = signed.paper("contractor")

    assert "1702" in paper.words
    assert "赵敏" not in paper.everything


def test_the_contractor_does_not_get_the_owners_hand(signed: Job):
    assert "strokes.json" not in signed.paper("contractor").attached


def test_who_may_not_know_the_owner_learns_less_on_every_copy(signed: Job):
    assert "1702" not in signed.paper("owner", whole=False).everything


def test_a_contractors_paper_holds_all_the_same(signed: Job):
    assert examined(signed.paper("contractor").data).holds


def test_work_that_was_sent_back_is_listed_as_superseded(world: World):
    job = ordinary(world, number="R-rework")
    job.tells(Inspected(round=1, item=1, passed=False, reason="还在渗水"))
    first = job.signs(sent_back=True)
    job.mends(1)
    job.completes()
    job.inspects(1, round_=2)
    job.signs()

    words = job.paper().words

    assert "验收不通过（已被取代）" in words
    assert shown_hash(first.sheet)[:16] in words


def test_the_paper_of_an_earlier_round_says_that_another_stands(world: World):
    job = ordinary(world, number="R-earlier")
    job.tells(Inspected(round=1, item=1, passed=False, reason="还在渗水"))
    job.signs(sent_back=True)
    job.mends(1)
    job.completes()
    job.inspects(1, round_=2)
    second = job.signs()

    words = job.paper(round_number=1).words

    assert f"已被后来的验收取代，现行的一份指纹为{shown_hash(second.sheet)}" in words


def test_what_came_after_the_signature_is_said_and_is_not_shown_as_signed(world: World):
    """A2: valid for what was shown."""
    job = ordinary(world, number="R-late")
    job.signs()
    before = job.paper()
    late = Recorded(item=1, cause="其他", remedy="又换了龙头", labour_minutes=5,
                    labour_fen=77_700)  # fmt: skip
    job.tells(late)
    job.arrives_at_server()

    after = job.paper()

    assert "签字之后内容有增改" in after.words
    assert "777.00" not in after.words
    assert before.data != after.data


def test_a_paper_says_what_is_not_proven(signed: Job):
    words = signed.paper().words

    assert "单凭这份文件不能证明身份" in words
    assert "没有第三方认证机构的电子签名" in words


def test_a_paper_without_its_photos_says_so(world: World):
    """They are still on the tablet; the paper never pretends."""
    job = ordinary(world, number="R-photos")
    job.signs()
    shelf = world.parts.shelf
    name = world.order(job.stream).photos[0].blob.sha256
    with world.parts.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM blob WHERE sha256 = '{name}'")

    words = job.paper().words

    assert "还有1张照片没有传到服务器" in words
    assert shelf.has(name)
