"""The call register as a file: every encoding people send, and files that are none."""

import csv
import os
import zipfile
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from infra.demo.registers import CLOSED, csv_register, xlsx_register
from server.register import neutral, read_register, unneutral, write_wrong_rows
from sync.problems import Refused
from sync.register import Register, RegisterRow, read_rows
from sync.register.columns import WORDS

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("DOORSTEP_SHARED", ROOT.parent / "shared"))
MINUTE = 60_000
NOVEMBER = 1_793_462_400_000

minutes = st.integers(0, 60 * 24 * 30).map(lambda n: NOVEMBER + n * MINUTE)
fen = st.integers(0, 5_000_000)
said = st.text('渗水abc ，。,;"\t\n=+-@1', max_size=20).map(str.strip)
names = st.sampled_from(["", "17栋", "王海涛", "0904", "A-1", "楼 上"])
digits = st.integers(0, 9_999).map("1700000{:04}".format)
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "\u00a0=1",
    "\u3000＝1",
    "＋1",
    "－1",
    "＠a",
    "\n=1",
    "楼上\n=1",
    "楼上\r\n  +1",
]


def word(field: str) -> st.SearchStrategy[object]:
    return st.sampled_from([None, *WORDS[field]])


rows = st.builds(
    RegisterRow,
    number=st.integers(1, 9_999).map("SH{:04}".format),
    registered_ms=minutes,
    site=names,
    building=names,
    room=names,
    owner=names,
    phone=digits | st.just(""),
    fault=said,
    remark=said,
    kind=word("kind"),
    priority=word("priority"),
    payer=word("payer"),
    technician=names,
    arrived_ms=minutes | st.none(),
    completed_ms=minutes | st.none(),
    result=word("result"),
    signed=word("signed"),
    material_fen=fen | st.none(),
    charged_fen=fen | st.none(),
    satisfaction=word("satisfaction"),
    state=word("state"),
)
registers = st.lists(rows, min_size=1, max_size=6, unique_by=lambda row: row.number)
columns = st.permutations(CLOSED)


def read(raw: bytes, name: str = "register.csv") -> Register:
    return read_rows(read_register(raw, name))


def meant(register: Register) -> list[dict[str, object]]:
    assert not register.wrong, [str(r) for row in register.wrong for r in row.reasons]
    return [row.says() for row in register.rows]


def text_of(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


def refused(raw: bytes, name: str) -> Refused:
    with pytest.raises(Refused) as caught:
        read_register(raw, name)
    return caught.value


def packed(**members: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return file.getvalue()


def workbook(*lines: list[object]) -> bytes:
    book, file = Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(file)
    return file.getvalue()


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS_TYPE = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def as_excel_saves(*lines: list[str]) -> bytes:
    """A workbook whose words stand in a list of their own, each once."""
    words = list(dict.fromkeys(word for line in lines for word in line))
    items = "".join(f"<si><t>{word}</t></si>" for word in words)
    body = "".join(
        "<row>"
        + "".join(f'<c t="s"><v>{words.index(word)}</v></c>' for word in line)
        + "</row>"
        for line in lines
    )
    with zipfile.ZipFile(BytesIO(workbook())) as plain:
        members = {name: plain.read(name) for name in plain.namelist()}
    types = members["[Content_Types].xml"].decode().replace("</Types>", STRINGS_TYPE)
    sheet = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{body}</sheetData></worksheet>'
    return packed(
        **members
        | {
            "[Content_Types].xml": types.encode(),
            "xl/sharedStrings.xml": f'<sst xmlns="{NAMESPACE}">{items}</sst>'.encode(),
            "xl/worksheets/sheet1.xml": sheet.encode(),
        }
    )


@settings(deadline=None)
@given(
    registers,
    columns,
    st.integers(0, 999),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from([",", ";", "\t"]),
)
def test_what_somebody_writes_in_any_hand_encoding_and_sequence_reads_as_it_was_meant(
    written: list[RegisterRow],
    columns: list[str],
    seed: int,
    encoding: str,
    delimiter: str,
):
    raw = csv_register(tuple(written), tuple(columns), seed, encoding, delimiter)

    assert meant(read(raw)) == [row.says() for row in written]


@settings(deadline=None, max_examples=30)
@given(registers, columns, st.integers(0, 999))
def test_a_workbook_reads_as_it_was_meant(
    written: list[RegisterRow], columns: list[str], seed: int
):
    raw = xlsx_register(tuple(written), tuple(columns), seed)

    assert meant(read(raw, "r.xlsx")) == [row.says() for row in written]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_that_we_write_is_a_formula(cell: str):
    """X12."""
    lines = neutral(cell).replace("\r\n", "\n").split("\n")

    assert not any(line.strip()[:1] in set("=+-@＝＋－＠") for line in lines if line)


@given(st.text("'=+-@ \t\r\n\u3000＝a1", max_size=12).filter(lambda t: "'" not in t))
def test_a_neutral_cell_comes_back_as_it_was(cell: str):
    assert unneutral(neutral(cell)) == cell


def test_honest_text_is_left_alone():
    assert neutral("1单元-2103，150-5798-6828") == "1单元-2103，150-5798-6828"


WRONG = text_of(
    "统一编号,登记时间,备注,天气",
    "SH1,昨天,=cmd|' /C calc'!A0,#N/A",
    "SH2,2026-11-01 08:14,,",
    "SH3,2026-11-01 08:14,,,多了",
)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_wrong_rows_come_out_with_line_and_reason_and_nothing_else(
    tmp_path: Path, ending: str
):
    write_wrong_rows(tmp_path / f"wrong{ending}", read(WRONG))
    sheet = read_register(tmp_path / f"wrong{ending}", f"wrong{ending}")

    assert [row.cells[0] for row in sheet.rows] == ["2", "4"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_mended_wrong_rows_can_be_handed_in_again(tmp_path: Path, ending: str):
    path = tmp_path / f"wrong{ending}"
    write_wrong_rows(path, read(WRONG))
    again = read_rows(read_register(path, path.name))

    assert next(row.cells[2:5] for row in again.wrong) == (
        "SH1",
        "昨天",
        "=cmd|' /C calc'!A0",
    )


def test_wrong_rows_of_wrong_rows_have_their_columns_once(tmp_path: Path):
    path = tmp_path / "wrong.csv"
    write_wrong_rows(path, read(WRONG))
    write_wrong_rows(path, read_rows(read_register(path, path.name)))
    head = path.read_text("utf-8-sig").splitlines()[0]

    assert head == "行号,原因,统一编号,登记时间,备注,天气,"


def test_wrong_rows_as_csv_hold_no_formula(tmp_path: Path):
    write_wrong_rows(tmp_path / "wrong.csv", read(WRONG))
    with (tmp_path / "wrong.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line]

    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r")]


def test_wrong_rows_as_a_workbook_are_text(tmp_path: Path):
    write_wrong_rows(tmp_path / "wrong.xlsx", read(WRONG))
    sheet = load_workbook(tmp_path / "wrong.xlsx").active
    kinds = {
        cell.data_type for line in sheet.iter_rows() for cell in line if cell.value
    }

    assert kinds == {"s"}


def test_wrong_rows_as_something_else_are_refused(tmp_path: Path):
    with pytest.raises(Refused) as caught:
        write_wrong_rows(tmp_path / "wrong.pdf", read(WRONG))

    assert caught.value.code == "wrong_rows_ending"


def test_a_line_number_is_where_the_row_begins():
    raw = text_of(
        "统一编号,登记时间,备注", 'SH1,2026-11-01 08:14,"一\n二\n三"', "SH2,?,"
    )

    assert read(raw).wrong[0].line == 5


def test_separators_of_lines_that_only_unicode_knows_are_text():
    raw = text_of("统一编号,登记时间,备注", "SH1,2026-11-01 08:14,上\u2028下\x85,")

    assert len(read(raw).rows) == 1


def test_old_macintosh_lines_are_lines():
    raw = "统一编号,登记时间\rSH1,2026-11-01 08:14\r".encode()

    assert len(read(raw).rows) == 1


def test_a_title_above_the_headings_is_stepped_over():
    raw = text_of("来电来访登记表,,", ",,", "统一编号,登记时间", "SH1,2026-11-01 08:14")

    assert [row.line for row in read(raw).rows] == [4]


def test_empty_lines_are_no_rows():
    raw = text_of("统一编号,登记时间", "", ",", "  , ", "SH1,2026-11-01 08:14", "", "")

    assert [row.line for row in read(raw).rows] == [5]


def test_a_semicolon_in_a_remark_does_not_make_it_the_delimiter():
    raw = text_of("统一编号,登记时间,备注", 'SH1,2026-11-01 08:14,a;"b;c;d;e;f;g')

    assert read(raw).rows[0].remark == 'a;"b;c;d;e;f;g'


def test_a_file_in_no_encoding_names_the_byte():
    problem = refused("统一编号\n".encode() + b"\xff\xff\xff", "r.csv")

    assert (problem.code, problem.facts["offset"]) == ("register_encoding", 13)


def test_utf_8_that_was_damaged_is_not_read_as_something_else():
    damaged = "\ufeff统一编号,登记时间".encode()[:-1]

    assert refused(damaged, "r.csv").code == "register_encoding"


def test_a_quote_left_open_names_its_line():
    raw = text_of(
        "统一编号,登记时间", "SH1,2026-11-01 08:14", 'SH2,"2026-11-01', "SH3,x"
    )
    problem = refused(raw, "r.csv")

    assert (problem.code, problem.facts["line"]) == ("register_quote_open", 3)


def test_an_endless_cell_is_refused():
    raw = text_of("统一编号,登记时间", "SH1," + "长" * 200_000)

    assert refused(raw, "r.csv").code == "register_cell_endless"


@pytest.mark.parametrize(
    ("raw", "name", "code"),
    [
        (b"", "r.csv", "register_empty"),
        (b"\xef\xbb\xbf", "r.csv", "register_empty"),
        (b"\r\n,,\r\n", "r.csv", "register_empty"),
        (b"a,b", "r.xlsx", "register_not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "r.xls", "register_old_excel"),
        (b"PK\x03\x04", "r.xlsx", "register_xlsx_broken"),
        (packed(hello=b"world"), "r.xlsx", "register_xlsx_broken"),
        (b"a" + b",a" * 300, "r.csv", "register_too_wide"),
        (b"a\n" * 250_001, "r.csv", "register_too_long"),
        (b"a" * (64 * 1024 * 1024 + 1), "r.csv", "register_too_large"),
        (packed(bomb=bytes(129 * 1024 * 1024)), "r.xlsx", "register_bomb"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_register_is_refused_by_name(
    raw: bytes, name: str, code: str
):
    assert refused(raw, name).code == code


def test_a_sheet_may_be_larger_than_what_is_held_in_memory():
    """A year's export: the sheet is read bit by bit, however long it is unpacked."""
    small, file = zipfile.ZipFile(BytesIO(workbook(["统一编号"], ["N1"]))), BytesIO()
    blanks = b" " * (130 * 1024 * 1024) + b"</sheetData>"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in small.namelist():
            body = small.read(name)
            archive.writestr(name, body.replace(b"</sheetData>", blanks))

    assert len(read_register(file.getvalue(), "r.xlsx").rows) == 1


def test_phones_and_numbers_that_a_spreadsheet_took_for_numbers_keep_their_digits():
    raw = workbook(
        ["统一编号", "登记时间", "联系电话", "材料费"],
        [2026110001, datetime(2026, 11, 1, 8, 14), 15057986828.0, 0.1 + 0.2],  # noqa: DTZ001
    )
    (row,) = read(raw, "r.xlsx").rows

    assert (row.number, row.phone, row.material_fen) == (
        "2026110001",
        "15057986828",
        30,
    )


def test_a_workbook_with_its_words_in_a_list_is_read():
    raw = as_excel_saves(["统一编号", "登记时间"], ["SH1", "2026-11-01 08:14"])

    assert [row.number for row in read(raw, "r.xlsx").rows] == ["SH1"]


def test_a_date_without_a_time_of_day_is_not_midnight():
    raw = workbook(["统一编号", "登记时间"], ["SH1", datetime(2026, 11, 1).date()])  # noqa: DTZ001

    assert read(raw, "r.xlsx").wrong[0].reasons[0].code == "time_unreadable"


def test_the_sheet_with_the_headings_is_the_register():
    book, file = Workbook(), BytesIO()
    book.active.append(["说明", "本表由热线导出"])
    second = book.create_sheet("十一月")
    second.append(["统一编号", "登记时间"])
    second.append(["SH1", "2026-11-01 08:14"])
    book.save(file)

    assert len(read(file.getvalue(), "r.xlsx").rows) == 1


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_workbook_is_read_or_refused(seed: int):
    dice = Random(seed)
    raw = bytearray(workbook(["统一编号", "登记时间"], ["SH1", "2026-11-01 08:14"]))
    for _ in range(dice.randint(1, 12)):
        raw[dice.randrange(4, len(raw))] = dice.randrange(256)
    with suppress(Refused):  # and nothing but Refused
        assert read_register(bytes(raw), "r.xlsx").columns


needs_shared = pytest.mark.skipif(
    not (SHARED / "service_log").is_dir(),
    reason="the company's own register is not beside this checkout",
)


@needs_shared
@pytest.mark.parametrize(
    ("name", "rows", "twice"),
    [("opened.csv", 80, ()), ("closed.csv", 80, (("SH2026110021", 42),))],
)
def test_the_companys_register_is_read_completely(
    name: str, rows: int, twice: tuple[tuple[str, int], ...]
):
    path = SHARED / "service_log" / name
    register = read_rows(read_register(path, name))

    assert not register.unknown_columns
    assert (len(register.rows), register.wrong, register.twice) == (rows, (), twice)


@needs_shared
@pytest.mark.parametrize("name", ["opened.csv", "closed.csv"])
def test_the_companys_register_says_the_same_in_gb18030(name: str):
    raw = (SHARED / "service_log" / name).read_bytes()
    in_gb = raw.decode("utf-8-sig").encode("gb18030")

    assert meant(read(in_gb)) == meant(read(raw))
