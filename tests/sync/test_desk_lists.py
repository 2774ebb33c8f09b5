"""The desk's lists: cells as people write them, days and names among them."""

import pytest

from sync.desk_lists import (
    HOMES,
    QUALIFICATIONS,
    ROSTER,
    WHY,
    day,
    is_heading_of,
    need,
    people,
    read_list,
)
from sync.problems import Refused
from sync.register import Sheet, SheetRow
from sync.register.cells import Unreadable


def sheet(columns: str, *rows: str) -> Sheet:
    told = tuple(
        SheetRow(at, tuple(row.split("|"))) for at, row in enumerate(rows, start=2)
    )
    return Sheet("list", tuple(columns.split("|")), told)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2026-05-01", "2026-05-01"), ("2026/5/1", "2026-05-01"),
        ("2026年5月1日", "2026-05-01"), ("２０２６.５.１", "2026-05-01"),
        ("2026-05-01 00:00:00", "2026-05-01"), ("46143", "2026-05-01"),
        ("长期", ""), ("—", ""),
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(cell: str, found: str):
    assert day(cell, 480) == found


@pytest.mark.parametrize("cell", ["昨天", "2026-02-30", "5/1/2026", "2026-05-01 08:30"])
def test_what_is_no_day_is_not_guessed(cell: str):
    with pytest.raises(Unreadable) as no:
        day(cell, 480)

    assert no.value.code == "day_unreadable"


def test_several_people_stand_in_one_cell_each_once():
    assert people("李强、王涛 , li;李强", 0) == ("李强", "王涛", "li")


@pytest.mark.parametrize(
    ("cell", "found"),
    [("三级安全教育", "safety"), ("安全协议", "agreement"), ("电气", "电气")],
)
def test_a_certificate_is_for_a_need_or_a_trade(cell: str, found: str):
    assert need(cell, 0) == found


def test_headings_are_known_by_their_other_names():
    known = is_heading_of(ROSTER)

    assert known("值班日期（必填）")
    assert not known("交付日期")


def test_a_wrong_row_holds_up_nobody():
    listed = read_list(
        sheet("项目|日期|负责人|天气", "翠湖|2026-05-01|陈静|晴", "翠湖|五一|陈静"),
        ROSTER,
    )

    assert [row.word("day") for row in listed.rows] == ["2026-05-01"]
    assert [row.line for row in listed.wrong] == [3]
    assert listed.unknown_columns == ("天气",)


def test_a_cell_that_every_row_must_have_is_missed():
    (wrong,) = read_list(sheet("姓名|专业", "李强|"), QUALIFICATIONS).wrong

    assert wrong.reasons[0].code == "cell_missing"


def test_garbled_cells_are_not_read():
    (wrong,) = read_list(sheet("项目|房号", "翠\x00湖|1702"), HOMES).wrong

    assert wrong.reasons[0].code == "cell_garbled"


def test_a_list_without_its_columns_is_refused():
    with pytest.raises(Refused, match="房号"):
        read_list(sheet("项目|楼栋", "翠湖|3"), HOMES)


def test_the_first_of_two_columns_for_the_same_counts():
    listed = read_list(sheet("项目|房号|室号", "翠湖|1702|9"), HOMES)

    assert listed.rows[0].word("room") == "1702"


def test_every_reason_has_its_sentence():
    assert all("{instead}" in one for one in WHY.values())
