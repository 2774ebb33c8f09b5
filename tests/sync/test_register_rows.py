"""Reading the call register's rows (I1): what people type, and what it means."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.problems import Refused
from sync.register import (
    COLUMNS,
    REASONS,
    Register,
    RegisterRow,
    Sheet,
    SheetRow,
    field_named,
    read_rows,
    spoken,
    told_interval,
)
from sync.register.cells import MOST_YUAN

SHANGHAI = timezone(timedelta(hours=8))
HALF_PAST_EIGHT = datetime(2026, 11, 1, 8, 30, tzinfo=SHANGHAI)
MINIMUM = {"统一编号": "SH1", "登记时间": "2026-11-01 08:14"}


def ms(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def register(*rows: dict[str, str]) -> Register:
    """These rows under all the headings that they name."""
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    cells = [tuple(row.get(column, "") for column in columns) for row in rows]
    lines = tuple(SheetRow(n, row) for n, row in enumerate(cells, start=2))
    return read_rows(Sheet("register.csv", columns, lines))


def the_row(**cells: str) -> RegisterRow:
    read = register(MINIMUM | cells)
    assert not read.wrong, [str(r) for row in read.wrong for r in row.reasons]
    return read.rows[0]


def reasons(**cells: str) -> list[str]:
    read = register(MINIMUM | cells)
    return [reason.code for row in read.wrong for reason in row.reasons]


TIMES = [
    "2026-11-01 08:30",
    "2026-11-1 8:30",
    "2026/11/01 8:30",
    "2026.11.1 8:30",
    "2026年11月01日 08:30",
    "2026年11月1日8时30分",
    "2026年11月1日 上午8点30分",
    "2026-11-01T08:30:00",
    "2026-11-01 08:30:00.000",
    "2026-11-01T00:30:00Z",
    "2026-11-01 02:30+02:00",
    "２０２６－１１－０１　０８：３０",
    "\u202d2026-11-01 08:30\u202c",
    "46327.3541666667",
]
NOT_TIMES = [
    "2026-02-30 08:00",
    "2026-11-01",
    "2026-11-01 24:00",
    "2026-11-01 08:60",
    "2026-11/01 08:30",
    "11/01/2026 08:30",
    "26-11-01 08:30",
    "2026-11-01 8:3",
    "2026-11-01 08:1430",
    "1899-12-31 00:00",
    "2206-11-01 08:30",
    "昨天下午",
    "#########",
    "99999.5",
]


@given(
    st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)).map(  # noqa: DTZ001
        lambda at: at.replace(second=0, microsecond=0)
    ),
    st.sampled_from([-720, -210, 0, 330, 480, 840]),
    st.sampled_from(["%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日%H时%M分"]),
)
def test_a_minute_written_in_any_style_and_zone_reads_as_that_minute(
    at: datetime, offset: int, style: str
):
    written = ("SH1", at.strftime(style))
    sheet = Sheet("r", ("统一编号", "登记时间"), (SheetRow(2, written),))

    there = at.replace(tzinfo=timezone(timedelta(minutes=offset)))

    assert read_rows(sheet, offset).rows[0].registered_ms == ms(there)


@given(st.integers(0, MOST_YUAN * 100), st.sampled_from(["{}", "￥{}", "{}元", "¥ {}"]))
def test_every_fen_is_read_exactly(fen: int, style: str):
    yuan = f"{fen // 100:,}.{fen % 100:02}"

    assert the_row(收费金额=style.format(yuan)).charged_fen == fen


@given(st.lists(st.text(max_size=8), max_size=30))
def test_whatever_stands_in_the_cells_one_row_comes_out(cells: list[str]):
    columns = tuple(column.name for column in COLUMNS)
    read = read_rows(Sheet("r", columns, (SheetRow(2, tuple(cells)),)))

    assert len(read.rows) + len(read.wrong) == 1


@pytest.mark.parametrize("written", TIMES)
def test_half_past_eight_in_many_hands(written: str):
    assert the_row(到场时间=written).arrived_ms == ms(HALF_PAST_EIGHT)


@pytest.mark.parametrize("written", NOT_TIMES)
def test_a_time_that_could_be_another_is_not_guessed(written: str):
    assert reasons(到场时间=written) == ["time_unreadable"]


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-11-01 下午 2:00", 14),
        ("2026-11-01 下午 14:00", 14),
        ("2026-11-01 2:00 PM", 14),
        ("2026-11-01 上午 12:00", 0),
        ("2026-11-01 12:00 PM", 12),
    ],
)
def test_morning_and_afternoon(written: str, hour: int):
    there = HALF_PAST_EIGHT.replace(hour=hour, minute=0)

    assert the_row(到场时间=written).arrived_ms == ms(there)


def test_the_registers_minute_is_an_interval():
    told = the_row(到场时间="2026-11-01 08:30:00").arrived_ms

    assert told_interval(told or 0) == (
        ms(HALF_PAST_EIGHT),
        ms(HALF_PAST_EIGHT) + 60_000,
    )


def test_a_time_told_to_the_second_is_a_second():
    told = the_row(到场时间="2026-11-01 08:30:17").arrived_ms or 0

    assert told_interval(told) == (told, told + 1_000)


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("15057986828", "15057986828"),
        ("150 5798 6828", "15057986828"),
        ("150-5798-6828", "15057986828"),
        ("+86 150 5798 6828", "15057986828"),
        ("0086-15057986828", "15057986828"),
        ("１５０５７９８６８２８", "15057986828"),
        ("\u202d15057986828\u202c", "15057986828"),
        ("021-55550123", "021-55550123"),
        ("(0571) 8765 4321", "0571-87654321"),
        ("+86 21 55550123".replace("86 ", "86 0"), "021-55550123"),
        ("021-55550123转802", "021-55550123-802"),
        ("400-820-1234", "4008201234"),
        ("—", ""),
    ],
)
def test_phones_as_people_write_them(written: str, phone: str):
    assert the_row(联系电话=written).phone == phone


@pytest.mark.parametrize(
    "written",
    ["1505798682", "150579868281", "12057986828", "55550123", "1.50579868E+10"],
)
def test_a_number_nobody_can_ring_is_a_reason(written: str):
    assert reasons(联系电话=written) == ["phone_unreadable"]


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("80", 8_000),
        ("80.5", 8_050),
        ("1,234.50", 123_450),
        ("￥80", 8_000),
        ("80元", 8_000),
        ("１２．３０", 1_230),
        ("0", 0),
        ("80.500", 8_050),
        ("—", None),
    ],
)
def test_yuan_become_fen(written: str, fen: int | None):
    assert the_row(材料费=written).material_fen == fen


@pytest.mark.parametrize("written", ["80.005", "-5", "12,34", "1e3", "八十", "80-90"])
def test_money_that_is_not_an_amount_is_a_reason(written: str):
    assert reasons(人工费=written) == ["money_unreadable"]


@pytest.mark.parametrize(
    ("column", "written", "field", "code"),
    [
        ("紧急程度", "特急", "priority", "emergency"),
        ("紧急程度", " 一般 ", "priority", "normal"),
        ("派工类别", "ａ", "payer", "A"),
        ("派工类别", "B类", "payer", "B"),
        ("派工类别", "有偿", "payer", "paid"),
        ("验收结果", "不 合格", "result", "fail"),
        ("业主签字", "否", "signed", False),
        ("满意度", "一般", "satisfaction", "neutral"),
        ("状态", "返修中", "state", "rework"),
    ],
)
def test_words_become_codes(column: str, written: str, field: str, code: object):
    assert getattr(the_row(**{column: written}), field) == code


def test_an_unknown_word_says_which_words_there_are():
    (wrong,) = register(MINIMUM | {"紧急程度": "十万火急"}).wrong

    assert wrong.reasons[0].instead == "一般 / 紧急 / 特急"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        (" 统一 编号 ", "number"),
        ("收费金额（元）", "charged_fen"),
        ("【必填】登记时间", "registered_ms"),
        ("联系电话:", "phone"),
        ("手机号", "phone"),
    ],
)
def test_headings_as_people_write_them(heading: str, field: str):
    column = field_named(heading)

    assert column is not None
    assert column.field == field


def test_every_heading_means_one_column():
    names = [name for column in COLUMNS for name in (column.name, *column.aliases)]

    assert len(names) == len(set(names))


def test_an_unknown_column_is_kept_aside_and_named():
    read = register(MINIMUM | {"天气": "小雨"})

    assert (read.unknown_columns, read.rows[0].aside) == (
        ("天气",),
        (("天气", "小雨"),),
    )


def test_the_columns_that_we_added_to_wrong_rows_are_not_unknown():
    assert register(MINIMUM | {"行号": "7", "原因": "…"}).unknown_columns == ()


def test_a_columns_own_name_goes_before_another_name_for_it():
    row = the_row(电话="021-55550123", 联系电话="15057986828")

    assert (row.phone, row.aside) == ("15057986828", (("电话", "021-55550123"),))


def test_a_column_that_stands_there_twice_is_refused():
    sheet = Sheet("r", ("统一编号", "登记时间", "登记 时间"), ())

    with pytest.raises(Refused) as refused:
        read_rows(sheet)

    assert refused.value.code == "register_column_twice"


def test_without_its_required_columns_the_register_is_refused_naming_what_was_found():
    with pytest.raises(Refused) as refused:
        register({"姓名": "赵敏", "房间": "0904"})

    assert refused.value.facts == {
        "missing": "统一编号、登记时间",
        "found": "姓名、房间",
    }


@pytest.mark.parametrize("absent", list(MINIMUM))
def test_a_row_without_its_number_or_time_is_wrong(absent: str):
    assert reasons(**{absent: ""}) == ["cell_missing"]


def test_one_wrong_row_holds_up_no_other():
    read = register(MINIMUM | {"登记时间": "昨天"}, MINIMUM | {"统一编号": "SH2"})

    assert [row.number for row in read.rows] == ["SH2"]


def test_every_wrong_cell_of_a_row_is_named_at_once():
    assert reasons(联系电话="?", 材料费="?") == ["phone_unreadable", "money_unreadable"]


def test_a_reason_says_where_what_and_what_instead():
    (wrong,) = register(MINIMUM | {"到场时间": "昨天"}).wrong

    assert str(wrong.reasons[0]) == (
        "“到场时间”里的“昨天”认不出是什么时间："
        "请写成年月日加时分，例如 2026-11-01 08:14。"
    )


def test_numbers_are_compared_half_width_and_upper_case():
    assert the_row(统一编号=" ｓｈ２０２６-１ ").number == "SH2026-1"


def test_a_number_that_a_spreadsheet_rounded_is_a_reason():
    assert reasons(统一编号="2.02611E+11") == ["number_unreadable"]


def test_the_same_row_twice_is_noted_once():
    read = register(MINIMUM, MINIMUM | {"登记时间": "2026/11/1 8:14"})

    assert (len(read.rows), read.twice, read.wrong) == (1, (("SH1", 3),), ())


def test_a_number_with_two_different_rows_keeps_the_first_and_asks_about_the_other():
    read = register(MINIMUM | {"房号": "0101"}, MINIMUM | {"房号": "0102"})

    assert [(row.line, row.reasons[0].code) for row in read.wrong] == [
        (3, "number_twice")
    ]


def test_control_characters_are_a_reason():
    assert reasons(备注="a\x00b") == ["cell_garbled"]


def test_an_over_long_cell_is_a_reason_and_is_shown_short():
    (wrong,) = register(MINIMUM | {"备注": "长" * 4_001}).wrong

    assert len(wrong.reasons[0].found) < 100


def test_cells_beyond_the_headings_are_a_reason():
    sheet = Sheet(
        "r", tuple(MINIMUM), (SheetRow(2, (*MINIMUM.values(), "", "多了一格")),)
    )

    assert read_rows(sheet).wrong[0].reasons[0].code == "cells_beyond_columns"


def test_a_row_shorter_than_the_headings_is_a_row():
    sheet = Sheet(
        "r", (*MINIMUM, "备注", "状态"), (SheetRow(2, tuple(MINIMUM.values())),)
    )

    assert read_rows(sheet).wrong == ()


def test_ten_thousand_blanks_are_read_at_once():
    assert reasons(到场时间="2026-11-01" + " " * 100_000 + "x") == ["cell_too_long"]


@pytest.mark.parametrize("field", ["kind", "payer", "signed", "state"])
def test_nothing_is_spoken_as_nothing(field: str):
    assert spoken(field, None) == ""


def test_every_reason_has_its_sentence():
    row = replace(the_row(), aside=())

    assert set(row.says()) >= {column.field for column in COLUMNS}
    assert all("{instead}" in sentence for sentence in REASONS.values())


@pytest.mark.parametrize(
    ("column", "field"), [("到场时间", "arrived_ms"), ("验收结果", "result")]
)
def test_a_dash_says_that_there_is_nothing(column: str, field: str):
    assert getattr(the_row(**{column: "——"}), field) is None
