"""Whoever reads Chinese, Traditional Chinese or English reads all of it, and the same.

The sentences are marked in the code; the catalogues hold the other languages.
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from infra.words import marks, renewed, template
from sync.problems import fill
from sync.words import LANGUAGES
from tests.house.ground import files, text_of

TRANSLATED = LANGUAGES[1:]
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
SPEAKING = [
    p for p in files("*.py") if p.parts[0] in {"server", "field_client", "sync"}
]

# Chinese that is no sentence for a reader: data, which is Chinese in every language.
DATA = {
    "sync/register/columns.py": "headings and words as the register has them",
    "sync/register/cells.py": "how people write times, numbers and money",
    "sync/desk_lists.py": "headings and words as the desk's own lists have them",
    "sync/register/rows.py": "our headings in a file of wrong rows, which comes back",
    "server/register/formulas.py": "signs that begin a formula, also full-width ones",
    "server/register/cells.py": "yes and no as a register has them",
    "sync/calendar.py": "holidays by the name in the State Council's notice",
    "field_client/forms.py": "signs for money that people type",
    "server/api/deciding.py": "examples for whoever reads about the doors",
    "server/board_shapes.py": "the same",
    "server/exports.py": "what stands between names in one cell",
    "server/central/mappings.py": "what we add to a heading that would be there twice",
    "server/central/rows.py": "a heading of the register, and what a row lacks",
    "server/central/wording.py": "what stands between the parts of a list",
    "server/paper/cover.py": "languages, each in its own words",
    "server/public/page.py": "languages, each in its own words",
    "server/statements/naming.py": "what stands between a name and its number",
    "sync/reconcile/telling.py": "headings of the register that is to be put right",
    "server/seed/jobs.py": "what people in the sample data say and do",
    "server/seed/month.py": "the same",
    "server/seed/scripts.py": "the same",
    "server/seed/drawing.py": "trades, by which it draws",
    "server/seed/telling.py": "what its ways to people are called",
    "server/seed/town.py": "names of its homes and tablets",
    "server/seed/words.py": "its people, streets and faults",
}
MAINLAND = (
    *("服務器", "數據", "默認", "網絡", "磁盤", "信息", "軟件", "設置", "導入", "導出"),
    *("用戶", "字段", "字節", "文本", "內存", "登錄", "硬盤", "接口", "運行", "不透過"),
    *("簽字", "業主", "調度", "對賬", "整改", "上門", "進程", "屏幕", "統一編號"),
)


def said(language: str) -> str:
    return text_of(f"sync/words/{language}.po")


@cache
def marked() -> Catalog:
    return template()


def catalogue(language: str) -> Catalog:
    return read_po(BytesIO(said(language).encode()))


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def places(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(sentence) if name)


def wrong(language: str, holds: Callable[[str, str], bool]) -> list[str]:
    """The translations for which this does not hold."""
    return [
        f"{one.id} → {one.string}"
        for one in messages(language)
        if not holds(str(one.id), str(one.string))
    ]


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_said_that_a_reader_cannot_read(language: str) -> None:
    """`make words` brings in what is missing; a translator does the rest."""
    held = {one.id for one in messages(language) if one.string}
    assert {one.id for one in marked() if one.id} - held == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_over_or_doubtful(language: str) -> None:
    assert {one.id for one in messages(language)} <= {one.id for one in marked()}
    assert not catalogue(language).obsolete
    assert not [one.id for one in messages(language) if one.fuzzy]


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_same_places_for_values(language: str) -> None:
    assert not wrong(language, lambda source, said: places(source) == places(said))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_can_be_filled(language: str) -> None:
    assert not wrong(language, lambda _source, said: "{" not in fill(said, {}))


def test_english_has_no_chinese_in_it() -> None:
    assert not wrong("en", lambda _source, said: not CHINESE.search(said))


def test_english_ends_a_sentence_where_chinese_does() -> None:
    assert not wrong(
        "en", lambda source, said: source.endswith("。") == said.endswith(".")
    )


def test_taiwan_reads_its_own_characters() -> None:
    """Big5 holds what is written in Taiwan, and no simplified character."""

    def its_own(_source: str, said: str) -> bool:
        try:
            "".join(re.findall("[\u3400-\u9fff]", said)).encode("big5")
        except UnicodeEncodeError:
            return False
        return True

    assert not wrong("zh-TW", its_own)


def test_taiwan_reads_its_own_words() -> None:
    assert not wrong(
        "zh-TW", lambda _source, said: not any(word in said for word in MAINLAND)
    )


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_stands_as_make_words_writes_it(language: str) -> None:
    """So that a translator's change is the only change to be seen."""
    assert renewed(language, said(language), marked()) == said(language)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_compiles(language: str) -> None:
    write_mo(BytesIO(), catalogue(language))
    assert not [
        problem for _, found in catalogue(language).check() for problem in found
    ]


def unmarked(path: Path) -> Iterator[str]:
    """Chinese in a module that is neither marked nor a docstring."""
    tree = ast.parse(text_of(path))
    fine = {id(one) for one in marks(tree)}
    fine |= {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        text = one.value if isinstance(one, ast.Constant) else None
        if isinstance(text, str) and id(one) not in fine and CHINESE.search(text):
            yield f"{path}: {text}"


@pytest.mark.parametrize("path", SPEAKING, ids=str)
def test_chinese_in_the_code_is_marked_for_the_catalogues(path: Path) -> None:
    if path.as_posix() not in DATA:
        assert not list(unmarked(path))


@pytest.mark.parametrize("path", DATA)
def test_a_module_with_chinese_data_still_has_some(path: str) -> None:
    assert list(unmarked(Path(path)))


def test_a_sentence_inside_an_f_string_is_found() -> None:
    found = marks(ast.parse("""f"{_(N_('已派'))}：{x}" """))
    assert [one.value for one in found] == ["已派"]
