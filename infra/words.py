"""`make words`: every sentence marked in the code goes into the catalogues.

What nobody says any more leaves them; what is new arrives empty, for a translator.
May not enter: translations.
"""

import ast
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from sync.words import LANGUAGES

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "sync" / "words"
SPEAKING = ("sync", "server", "field_client", "infra")
PAGES = ("field_client/web/src", "server/console/src", "server/verify/src")
MARKS = frozenset({"N_", "_"})
ON_PAGES = re.compile(r'\bN?_\(\s*("(?:[^"\\\n]|\\.)+")')  # and in no other way
HEADER = """\
# Chinese is the source. `make words` brings new sentences in; each then wants its
# translation, with the same {{places}}. A line may not be marked fuzzy.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def marks(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every sentence that is marked, those inside an f-string too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            for said in node.args[:1]:
                if isinstance(said, ast.Constant) and said.value != "":
                    yield said


def template(root: Path = ROOT) -> Catalog:
    """Every sentence of the code, module by module as it stands there."""
    found = Catalog()
    for path in sorted(one for name in SPEAKING for one in (root / name).rglob("*.py")):
        place = path.relative_to(root).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        for said in sorted(marks(tree), key=lambda one: (one.lineno, one.col_offset)):
            found.add(str(said.value), locations=[(place, said.lineno)])
    for path in pages(root):
        place = path.relative_to(root).as_posix()
        for line, sentence in marks_of_page(path.read_text("utf-8")):
            found.add(sentence, locations=[(place, line)])
    return found


def pages(root: Path = ROOT) -> list[Path]:
    """Every TypeScript file in which sentences stand."""
    return sorted(one for name in PAGES for one in (root / name).rglob("*.ts*"))


def marks_of_page(text: str) -> Iterator[tuple[int, str]]:
    """Every sentence that is marked in a page, with its line."""
    for found in ON_PAGES.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, json.loads(found[1])


def renewed(language: str, text: str, wanted: Catalog) -> str:
    """The text of a catalogue with exactly the sentences that are wanted."""
    held = read_po(BytesIO(text.encode()), locale=language.replace("-", "_"))
    held.update(wanted, no_fuzzy_matching=True)
    written = BytesIO()
    write_po(written, held, width=0, omit_header=True, ignore_obsolete=True,
             include_lineno=False)  # fmt: skip
    return HEADER.format(language=language) + written.getvalue().decode().lstrip()


def main() -> None:
    """Renew every catalogue; say how many sentences still want words."""
    wanted = template()
    for language in LANGUAGES[1:]:
        path = CATALOGUES / f"{language}.po"
        held = path.read_text("utf-8") if path.exists() else ""
        text = renewed(language, held, wanted)
        path.write_text(text, "utf-8")
        empty = sum(not one.string for one in read_po(BytesIO(text.encode())))
        print(f"{path.relative_to(ROOT)}: {len(wanted)}, {empty} to translate")


if __name__ == "__main__":
    main()
