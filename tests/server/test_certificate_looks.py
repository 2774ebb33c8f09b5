"""How the paper looks: nothing blank, nothing over the edge, readable for good."""

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from server.paper import blocks
from server.paper.drawing import qr
from server.paper.fonts import chain
from server.paper.printing import printed
from server.paper.speech import Speech, yuan
from sync.moment import Span
from tests.server.signed import HOME, Job, Paper, a_page, ordinary
from tests.together.conftest import worlds
from tests.world import World

RARE = "𠮷㐱䶮龘鿆㼆"
MARGIN_MM = 19
POINTS_PER_MM = 72 / 25.4


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with worlds(tmp_path_factory.mktemp("paper")) as begun:
        yield begun()


@pytest.fixture(scope="module")
def rare(world: World) -> Paper:
    """Somebody whose name few fonts know, who writes in several scripts."""
    job = ordinary(world, home=HOME | {"owner": RARE, "fault": "cafe\u0301 Ω № 3×2"})
    job.signs(signer=RARE)
    return job.paper()


@pytest.fixture(scope="module")
def large(world: World) -> Paper:
    """Forty items, thirty photos, words of two hundred characters."""
    long = "水槽下角阀与软管连接处渗水，" * 14 + "x" * 60
    job = Job(world, number="R-large", home=HOME | {"fault": long[:200]})
    job.arrives()
    for n in range(1, 41):
        job.finds(n, what=long[-200:] if n % 3 == 0 else "渗水")
        job.fits(n, 1_234_567 * n, n, name=f"角阀 {n}")
        job.mends(n, words="W" * 200 if n == 7 else "")
    for n in range(30):
        job.photographs("before" if n % 2 == 0 else "after", 1 + n // 2, 8 * n)
    job.completes()
    for n in range(1, 41):
        job.inspects(n)
    job.signs()
    return job.paper()


def test_no_character_of_a_rare_name_is_blank(rare: Paper):
    """Ink in the box of each of them, not only a code in the text."""
    ink = {one.text: one.ink for one in rare.glyphs() if one.text in RARE}

    assert set(ink) == set(RARE)
    assert min(ink.values()) > 0.05


def test_nothing_on_the_paper_is_blank(rare: Paper):
    blank = [one.text for one in rare.glyphs() if one.ink == 0]

    assert not blank


@pytest.mark.slow
def test_every_character_that_is_said_to_have_ink_is_drawn():
    """All of them on one paper: PDF/A refuses a page with a glyph that is missing."""
    fonts = chain()
    codes = [n for n in range(0x20, 0x32400) if not 0xD800 <= n < 0xE000]
    every = [chr(n) for n in codes if not fonts.lacking.match(chr(n))]
    told = ["".join(every[n : n + 500]) for n in range(0, len(every), 500)]

    paper = printed(a_page([blocks.lines("", told)]), {"qr.svg": qr("x")}, 0)

    assert paper.startswith(b"%PDF")
    assert len(every) > 40_000


def test_a_letter_with_its_mark_is_one_letter(rare: Paper):
    assert "café" in rare.words


def test_a_character_that_no_font_has_is_spelled(tmp_path: Path):
    assert chain(tmp_path).drawable("张\U0002a6a5") == "张[U+2A6A5]"


@pytest.mark.parametrize("letter", ["\u202e", "\u200b", "\u3164", "\x07", "\ue000"])
def test_what_cannot_be_seen_is_spelled(letter: str):
    """Nobody turns an amount round or hides a word (bidi, zero width, fillers)."""
    assert chain().drawable(letter) == f"[U+{ord(letter):04X}]"


def test_nothing_reaches_over_the_edge(large: Paper):
    left, right = MARGIN_MM * POINTS_PER_MM, (210 - MARGIN_MM) * POINTS_PER_MM

    over = [one.text for one in large.glyphs(scale=1)
            if one.left < left - 1 or one.right > right + 1]  # fmt: skip

    assert not over


def test_every_page_says_which_of_how_many_it_is(large: Paper):
    pages = large.pages

    assert len(pages) > 10
    for n, words in enumerate(pages, 1):
        assert f"第{n}页，共{len(pages)}页" in "".join(words.split())


def test_amounts_stand_under_each_other_at_the_right(world: World):
    """Prices, sums of lines, sums of all: three edges; one stands in a sentence."""
    job = ordinary(world, number="R-right")
    for n, price in enumerate((5, 123_456_789, 9_900), 2):
        job.fits(n, price, 1, name="配件")
    job.shows()
    job.signs()

    edges = Counter(round(edge) for edge in last_digits(job.paper()))

    assert sum(edges.values()) > 12
    assert sum(many for _, many in edges.most_common(3)) >= edges.total() - 1


def last_digits(paper: Paper) -> list[float]:
    """Where each amount ends: the second digit behind a point that follows a ¥."""
    found, glyphs, begun = [], list(paper.glyphs(scale=1)), False
    for n, one in enumerate(glyphs):
        begun = begun or one.text == "¥"
        if begun and one.text == "." and n + 2 < len(glyphs):
            found.append(glyphs[n + 2].right)
            begun = False
    return found


def archived(paper: Paper) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(paper.data))


def test_the_file_is_sound_to_another_reader(rare: Paper):
    """As qpdf sees it: no damage, no repair."""
    with archived(rare) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_the_file_says_that_it_is_pdf_a_3(rare: Paper):
    with archived(rare) as pdf, pdf.open_metadata() as said:
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("3", "A")


def test_colours_mean_the_same_on_every_machine(rare: Paper):
    with archived(rare) as pdf:
        (intent,) = pdf.Root.OutputIntents

        assert intent.S == "/GTS_PDFA1"
        assert len(intent.DestOutputProfile.read_bytes()) > 100


def test_every_font_lies_inside_the_file(rare: Paper):
    with archived(rare) as pdf:
        described = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)
                     and one.get("/Type") == "/FontDescriptor"]  # fmt: skip

        assert described
        assert all({"/FontFile2", "/FontFile3"} & set(one.keys()) for one in described)


def test_every_attachment_says_what_it_is_to_the_paper(rare: Paper):
    with archived(rare) as pdf:
        named = {str(one.UF): str(one.AFRelationship) for one in pdf.Root.AF}

    assert named == {
        "sheet.json": "/Source", "strokes.json": "/Source",
        "proof.json": "/Data", "digests.json": "/Supplement",
    }  # fmt: skip


def test_nothing_in_the_file_runs_or_leads_outside(rare: Paper):
    with archived(rare) as pdf:
        keys = {key for one in pdf.objects if isinstance(one, pikepdf.Dictionary)
                for key in one.keys()}  # noqa: SIM118 # fmt: skip

    assert not keys & {
        "/JS",
        "/JavaScript",
        "/Launch",
        "/OpenAction",
        "/URI",
        "/Encrypt",
    }


def test_a_reader_for_the_blind_is_told_the_language_and_the_structure(rare: Paper):
    with archived(rare) as pdf:
        assert str(pdf.Root.Lang).startswith("zh")
        assert pdf.Root.MarkInfo.Marked


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-TW", "zh-TW")])
def test_the_paper_speaks_the_language_in_which_the_sheet_was_shown(
    world: World, language: str, tag: str
):
    job = ordinary(world, number=f"R-{language}", language=language)
    job.signs()

    with archived(job.paper()) as pdf:
        assert str(pdf.Root.Lang).startswith(tag)


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "¥0.00"), (-5, "-¥0.05"), (123_456_789, "¥1,234,567.89")]
)
def test_an_amount_keeps_its_sign_and_its_fen(fen: int, text: str):
    assert yuan(fen) == text


def test_a_stretch_of_time_is_never_said_shorter_than_it_is():
    """[09:41:30, 09:43:00.001) reaches into the minute of 09:43."""
    say = Speech(language="zh-CN", offset_minutes=480)
    first = 1_794_274_890_000

    assert say.between(Span(first, first + 90_001)) == "2026-11-10 09:41 至 09:44"
