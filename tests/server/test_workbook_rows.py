"""Rows of a workbook come out as openpyxl's own reader gives them, only sooner."""

import tracemalloc
from datetime import date, datetime, timedelta
from random import Random
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from server.register import workbook
from sync.problems import Refused
from tests.server.workbooks import FORMATS, MAIN, Sheets, having, of_rows, saved, theirs

STRICT = "http://purl.org/oclc/ooxml/spreadsheetml/main"
ODD = {
    "numbers": "<row><c><v>1</v></c><c><v>1.0</v></c><c><v>-0.30000000000000004</v></c>"
    "<c><v>1E+22</v></c><c><v>1e-7</v></c><c><v> 7 </v></c><c t='n'><v>007</v></c>"
    "<c><v>15057986828.0</v></c><c s='6'><v>5</v></c><c><v>1e999</v></c></row>",
    "dates": "".join(
        f"<row><c><v>{serial}</v></c>"
        + "".join(f'<c s="{style}"><v>{serial}</v></c>' for style in range(9))
        + "</row>"
        for serial in (
            "0", "0.25", "0.9999999", "1", "1.5", "59", "59.99", "60", "61",
            "46000", "46000.0", "46000.34375", "46000.99999", "46000.999999999",
            "46000.343756", "46000.9999999", "-1", "-0.5", "2958465", "2958466",
            "1e10", "1e999", "99.4999942",
        )
    ),
    "a style nobody defined": "<row><c s='99'><v>46000</v></c></row>",
    "words": "<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c><c t='s'><v>2</v></c>"
    "<c t='s'><v>3</v></c><c t='s'><v>4</v></c><c t='s'><v>5</v></c>"
    "<c t='s'><v>6</v></c><c t='s'/><c t='s'><v/></c></row>",
    "words in place": "<row><c t='inlineStr'><is><t> a\n&lt;b&gt; </t></is></c>"
    "<c t='inlineStr'><is><r><t>粗</t></r><r><rPr><b/></rPr><t>体</t></r></is></c>"
    "<c t='inlineStr'><is><t>_x005F_</t></is></c><c t='inlineStr'><is/></c>"
    "<c t='inlineStr'/><c t='inlineStr'><v>3</v></c>"
    "<c t='inlineStr'><is><t>上<!-- 中 -->下</t></is></c></row>",
    "truth": "<row><c t='b'><v>1</v></c><c t='b'><v>0</v></c><c t='b'/></row>",
    "mistakes": "<row><c t='e'><v>#N/A</v></c><c t='e'><v>#REF!</v></c></row>",
    "formulas": "<row><c><f>1+1</f><v>2</v></c><c t='str'><f>A1</f><v>是</v></c>"
    "<c s='1'><f>NOW()</f><v>46000.5</v></c><c><f>1/0</f></c>"
    "<c t='e'><f>1/0</f><v>#DIV/0!</v></c><c t='str'><f>B1</f><v></v></c></row>",
    "ISO": "<row><c t='d'><v>2026-11-01</v></c><c t='d'><v>2026-11-01T08:14:00Z</v></c>"
    "<c t='d' s='2'><v>2026-11-01T00:00:00</v></c><c t='d' s='1'>"
    "<v>2026-11-01T00:00:00</v></c><c t='d'><v>08:14:00</v></c>"
    "<c t='d'><v>PT3H4M</v></c><c t='d'/></row>",
    "a kind nobody knows": "<row><c t='x'><v>7.0</v></c></row>",
    "gaps": "<row r='2'><c r='C2'><v>1</v></c><c r='AB2'><v>2</v></c></row>"
    "<row r='5'/><row r='7'><c r='A7'/></row><row><c><v>8</v></c></row>",
    "gaps without a reference": "<row><c r='C1'><v>1</v></c><c><v>2</v></c></row>"
    "<row r='4'><c><v>1</v></c><c r='D4'><v>2</v></c><c/></row>",
    "out of sequence": "<row r='3'><c r='C3'><v>1</v></c><c r='A3'><v>2</v></c></row>"
    "<row r='2'><c r='A2'><v>9</v></c></row><row><c r='B3'><v>3</v></c></row>"
    "<row r='5'><c r='D5'><v>1</v></c><c r='A5'><v>2</v></c><c r='E5'/></row>",
    "twice": "<row r='1'><c r='A1'><v>1</v></c><c r='A1'><v>2</v></c></row>"
    "<row r='1'><c r='A1'><v>3</v></c></row>",
    "references to other rows": "<row r='1'><c r='A11'><v>1</v></c><c r='C2'/></row>"
    "<row r='11'><c r='B1'><v>1</v></c><c r='c11'><v>2</v></c></row>",
    "row numbers as fractions": "<row r='2.0'><c r='B2'><v>1</v></c></row>",
    "rows that are numbered from 0": "<row r='0'><c r='A1'/></row><row><c/></row>",
    "more than cells": "<row><c><v>1</v></c><extLst/><c><v>2</v><extLst/></c></row>"
    "<!-- row --><?row?>",
    "text around": "\n <row>\n <c>\n <v>1</v> x </c>\n </row>\n <row/>",
    "nothing": "",
}  # fmt: skip
WRONG = {
    "no number": "<row><c><v>eins</v></c></row>",
    "no truth": "<row><c t='b'><v>true</v></c></row>",
    "a word that is missing": "<row><c t='s'><v>99</v></c></row>",
    "no time": "<row><c t='d'><v>gestern</v></c></row>",
    "no column": "<row><c r='ABCD1'/></row>",
    "no row": "<row r='1.5'><c/></row>",
    "not closed": "<row><c></row>",
    "an entity": "<row><c t='str'><v>&lol;</v></c></row>",
}


def ours(raw: bytes) -> Sheets:
    return [[*lines] for lines in workbook.sheets(raw, "r.xlsx")]


def broken(raw: bytes) -> str:
    with pytest.raises(Refused) as caught:
        ours(raw)
    return caught.value.code


@pytest.mark.parametrize("epoch_1904", [False, True], ids=["1900", "1904"])
@pytest.mark.parametrize("rows", ODD.values(), ids=ODD.keys())
def test_odd_rows_read_as_openpyxl_reads_them(rows: str, epoch_1904: bool):
    raw = of_rows(rows, epoch_1904)

    assert ours(raw) == theirs(raw)


@pytest.mark.parametrize("rows", WRONG.values(), ids=WRONG.keys())
def test_rows_that_openpyxl_does_not_read_are_refused(rows: str):
    raw = of_rows(rows)
    with pytest.raises((SyntaxError, ValueError, IndexError)):
        theirs(raw)

    assert broken(raw) == "register_xlsx_broken"


KINDS = ("", ' t="n"', ' t="s"', ' t="str"', ' t="b"', ' t="e"')
serials = st.floats(-2, 60_000) | st.integers(-2, 60_000)
numbers = serials | st.floats(allow_nan=False, allow_infinity=False)
said = st.text("ab 1.e渗<&\n\u3000", max_size=5).map(escape)


@st.composite
def cells(draw: st.DrawFn) -> str:
    """A cell of any kind, with or without its place."""
    column = draw(st.sampled_from(["", "A", "B", "D", "AA"]))
    place = column and f' r="{column}{draw(st.integers(1, 12))}"'
    style = draw(st.sampled_from(["", *(f' s="{n}"' for n in range(len(FORMATS)))]))
    if draw(st.booleans()):
        return f"<c{place}{style}><v>{draw(numbers)!r}</v></c>"
    if draw(st.booleans()):
        return f'<c{place}{style} t="inlineStr"><is><t>{draw(said)}</t></is></c>'
    kind = draw(st.sampled_from(KINDS))
    return f"<c{place}{style}{kind}><f>A1</f><v>{draw(st.integers(0, 6))}</v></c>"


rows = st.builds(
    lambda number, cells: f"<row{number}>{''.join(cells)}</row>",
    st.sampled_from(["", *(f' r="{n}"' for n in range(1, 12))]),
    st.lists(cells(), max_size=6),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(rows, max_size=5), st.booleans())
def test_any_rows_read_as_openpyxl_reads_them(rows: list[str], epoch_1904: bool):
    raw = of_rows("".join(rows), epoch_1904)

    assert ours(raw) == theirs(raw)


NOVEMBER = datetime(2026, 11, 1)  # noqa: DTZ001 - a spreadsheet knows no zone
BOLD = CellRichText("细", TextBlock(InlineFont(b=True), "粗"))


def anything(dice: Random) -> object:
    """A value of any kind that openpyxl writes."""
    at = NOVEMBER + timedelta(seconds=dice.randrange(9_000_000))
    values = (None, True, False, "", "=1+1", "渗水", " a\n", "#N/A", BOLD, at,
              at.replace(hour=0, minute=0, second=0), at.date(), at.time(),
              timedelta(minutes=dice.randrange(9_000)), date(1900, 2, 28),
              dice.randrange(10**12), dice.random() * 10 ** dice.randrange(-9, 20),
              )  # fmt: skip
    return dice.choice(values)


@pytest.mark.parametrize("seed", range(20))
def test_what_openpyxl_writes_is_read_as_it_reads_it(seed: int):
    dice, book = Random(seed), Workbook()
    if seed % 2:
        book.epoch = CALENDAR_MAC_1904
    for sheet in (book.active, book.create_sheet("二"), book.create_sheet("三")):
        for _ in range(dice.randrange(12)):
            cell = sheet.cell(dice.randint(1, 40), dice.randint(1, 30), anything(dice))
            if dice.random() < 0.2:
                cell.number_format = dice.choice(FORMATS)
        sheet.append([anything(dice) for _ in range(dice.randrange(30))])
    raw = saved(book)

    assert ours(raw) == theirs(raw)


def test_rows_cut_anywhere_by_the_reading_are_whole():
    """Longer than what is read at a time, several times over."""
    dice = Random(7)
    words = ("长" * dice.randrange(200) for _ in range(3_000))
    cell = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'
    rows = "".join(
        f'<row r="{n}">{cell.format("A", n, word)}{cell.format("B", n, n)}</row>'
        for n, word in enumerate(words, start=1)
    )
    raw = of_rows(rows)

    assert ours(raw) == theirs(raw)


ROWS = "<x:row><x:c t='str'><x:v>上</x:v></x:c><x:c t='s'><x:v>0</x:v></x:c></x:row>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("namespace", [MAIN, STRICT, ""])
def test_prefixes_encodings_and_namespaces_are_as_they_were(
    namespace: str, encoding: str
):
    sheet = f'<x:worksheet xmlns:x="{namespace or "urn:other"}"><x:sheetData>{ROWS}'
    raw = having((sheet + "</x:sheetData></x:worksheet>").encode(encoding))

    assert ours(raw) == theirs(raw)


def test_a_sheet_with_a_document_type_is_refused():
    """With it come entities, and a kilobyte that unfolds to a terabyte."""
    sheet = f'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet xmlns="{MAIN}"><sheetData>'
    sheet += "<row><c t='str'><v>&a;</v></c></row></sheetData></worksheet>"

    assert broken(having(sheet.encode())) == "register_xlsx_broken"


def test_a_sheet_that_stops_in_the_middle_is_refused():
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row><c/></row>'

    assert broken(having(sheet.encode())) == "register_xlsx_broken"


@pytest.mark.parametrize("part", ["[Content_Types]", "xl/workbook", "xl/styles"])
def test_a_workbook_with_a_part_that_is_no_xml_is_refused(part: str):
    raw = having(b"", False, **{f"{part}.xml": b"<no"})

    assert broken(raw) == "register_xlsx_broken"


def test_lines_beyond_the_last_are_refused():
    assert broken(of_rows("<row r='1048577'><c/></row>")) == "register_too_long"


def test_a_long_sheet_is_never_held_as_a_whole():
    row = "<row>" + "<c><v>46000.5</v></c>" * 27 + "</row>"
    raw = of_rows(row * 1_000)  # as a tree more than 10 MB
    tracemalloc.start()
    for _ in next(workbook.sheets(raw, "r.xlsx")):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 6_000_000
