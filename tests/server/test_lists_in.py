"""`doorstep import homes|roster|qualifications`: a dry run first, wrong rows told; and
`doorstep intake`."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from server import put_together
from server.cli import main
from server.config import Config
from server.taking import Asked, take
from tests.server.books import HOUR, NOON

HOMES = """项目,楼栋,单元,房号,交付日期,姓名,联系电话,关系
翠湖,3,2,1702,2024-06-01,赵敏,138 0013 8000,业主
翠湖,3,2,1702,,赵强,13900139000,家属
翠湖,3,2,1703,2024年6月1日,孙丽,021-55550123,租户
"""
ROSTER = """翠湖与云溪值班表
项目,日期,负责人,维修人员
翠湖,2025-12-14,陈静,李强、王涛
翠湖,2025/12/15,陈静,li
"""
PAPERS = """姓名,专业,证号,发证日期,有效期至
李强,给排水,A1,2024-01-01,2025-12-31
李强,三级安全教育,A2,,长期
"""


@dataclass
class Said:
    """What a command answered."""

    code: int
    data: str
    words: str

    @property
    def counts(self) -> Any:
        """new, changed, same, wrong."""
        told = json.loads(self.data)
        return [told[one] for one in ("new", "changed", "same", "wrong")]


Doorstep = Callable[..., Said]


@pytest.fixture
def doorstep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Doorstep:
    """The command line, where Li, Wang and Chen work."""
    monkeypatch.setenv("DOORSTEP_DATA", str(tmp_path / "data"))

    def run(*arguments: str) -> Said:
        code = main(arguments, now=lambda: NOON + HOUR)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    for person, name, role in (
        ("li", "李强", "technician"), ("wang", "王涛", "technician"),
        ("chen", "陈静", "dispatcher"),
    ):  # fmt: skip
        run("people", "add", person, "--name", name, "--role", role)
    return run


@pytest.fixture
def bring(doorstep: Doorstep, tmp_path: Path) -> Callable[..., Said]:
    """Import this text as a list."""

    def brought(what: str, text: str, *options: str, mark: str = "--json") -> Said:
        file = tmp_path / "list.csv"
        file.write_text(text, "utf-8")
        return doorstep("import", what, str(file), mark, *options)

    return brought


Bring = Callable[..., Said]

LISTS = [("homes", HOMES, 2), ("roster", ROSTER, 2), ("qualifications", PAPERS, 2)]


@pytest.mark.parametrize(("what", "text", "count"), LISTS)
def test_a_preview_writes_nothing_and_says_so(
    bring: Bring, what: str, text: str, count: int
):
    first = bring(what, text)

    assert (first.code, first.counts) == (0, [count, 0, 0, 0])
    assert "--apply" in first.words
    assert bring(what, text).counts == [count, 0, 0, 0]


@pytest.mark.parametrize(("what", "text", "count"), LISTS)
def test_importing_again_finds_everything_as_it_was(
    bring: Bring, what: str, text: str, count: int
):
    bring(what, text, "--apply")

    assert bring(what, text, "--apply").counts == [0, 0, count, 0]


def test_a_changed_roster_is_told_and_kept(bring: Bring):
    bring("roster", ROSTER, "--apply")
    other = ROSTER.replace("李强、王涛", "李强")

    assert bring("roster", other, "--apply").counts == [0, 1, 1, 0]
    assert bring("roster", other).counts == [0, 0, 2, 0]


def test_a_certificate_that_was_renewed_is_a_change(bring: Bring):
    bring("qualifications", PAPERS, "--apply")

    renewed = PAPERS.replace("2025-12-31", "2027-12-31")

    assert bring("qualifications", renewed).counts == [0, 1, 1, 0]


def test_a_list_without_people_leaves_residents_alone(bring: Bring):
    bring("homes", HOMES, "--apply")
    bare = "项目,楼栋,单元,房号,交付日期\n翠湖,3,2,1702,2024-06-02\n"

    bring("homes", bare, "--apply")

    again = HOMES.replace("2024-06-01", "2024-06-02")
    assert bring("homes", again).counts == [0, 0, 2, 0]


@pytest.mark.parametrize(
    ("what", "text", "why"),
    [
        ("roster", "项目,日期,负责人\n翠湖,2025-12-32,陈静\n", "认不出是哪一天"),
        ("roster", "项目,日期,维修人员\n翠湖,2025-12-14,周军\n", "不是已登记的人员"),
        ("roster", "项目,日期,维修人员\n翠湖,2025-12-14,陈静\n", "不能接单"),
        ("qualifications", "姓名,专业\n李强,\n", "没有填写"),
        ("qualifications", "姓名,专业,发证日期,到期日\n李强,电气,2025-02-01,2025-1-1\n",
         "早于"),
        ("homes", "项目,房号,电话\n翠湖,1702,12\n", "不是电话号码"),
    ],
)  # fmt: skip
def test_a_wrong_row_says_why_and_holds_up_nobody(
    bring: Bring, what: str, text: str, why: str
):
    said = bring(what, text, "--apply")

    assert (said.code, said.counts) == (3, [0, 0, 0, 1])
    assert why in said.words


def test_wrong_rows_come_back_as_a_file_to_mend(bring: Bring, tmp_path: Path):
    file = tmp_path / "wrong.csv"
    bring("roster", ROSTER + "翠湖,昨天,陈静,李强\n", "--wrong-rows", str(file))

    mended = file.read_text("utf-8-sig").replace("昨天", "2025-12-16")

    assert bring("roster", mended, "--apply").counts == [1, 0, 0, 0]


def test_a_list_without_its_columns_is_refused_as_a_whole(bring: Bring):
    said = bring("roster", "小区,值班\n翠湖,李强\n")

    assert said.code != 0
    assert "日期" in said.words


def test_a_workbook_with_real_dates_is_read(doorstep: Doorstep, tmp_path: Path):
    book, file = Workbook(), tmp_path / "roster.xlsx"
    sheet = book.active
    for row in (("项目", "日期", "负责人"), ("翠湖", 46_005, "陈静")):  # 2025-12-14
        sheet.append(row)
    book.save(file)

    said = doorstep("import", "roster", str(file), "--json")

    assert said.counts == [1, 0, 0, 0]


# What becomes of a request that was taken at a desk


@pytest.fixture
def taken(doorstep: Doorstep, tmp_path: Path) -> str:
    """Chen took a call; its number."""
    parts = put_together(Config(data=tmp_path / "data"), lambda: NOON)
    asked = Asked(phone="13800138000", fault="龙头滴水")
    made = take(
        parts.ledger, parts.engine, parts.policy, asked, by="chen", called="陈静",
        now_ms=NOON, chance=parts.chance,
    )  # fmt: skip
    parts.engine.dispose()
    return made.number


def test_a_provisional_number_gives_way_to_the_registers(
    doorstep: Doorstep, taken: str
):
    said = doorstep("intake", "number", taken, "sh2025120001")

    assert said.code == 0, said.words
    (order,) = json.loads("[" + doorstep("orders", "--json").data + "]")
    assert order["number"] == "SH2025120001"


def test_a_request_is_handed_over_to_somebody_known(doorstep: Doorstep, taken: str):
    """I2."""
    assert doorstep("intake", "handover", taken, "--to", "nobody").code == 4
    assert doorstep("intake", "handover", taken, "--to", "chen").code == 0
