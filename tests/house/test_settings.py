"""README's table of settings says what the code reads."""

import re
from dataclasses import fields

from server.config import PREFIX, Config
from server.words import LANGUAGES
from tests.house.ground import ROOT

ROW = re.compile(r"^\| `(DOORSTEP_\w+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
OF_THE_COMMAND = {"DOORSTEP_LOCALE": LANGUAGES[0]}


def _table() -> dict[str, str]:
    return {name: said for name, said, _ in ROW.findall(_readme())}


def _readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


def test_every_setting_has_its_row_and_no_row_is_left_over() -> None:
    read = {PREFIX + field.name.upper() for field in fields(Config)}
    assert _table().keys() == read | OF_THE_COMMAND.keys()


def test_a_default_in_the_table_is_the_default() -> None:
    told = {name: said.strip("` ") for name, said in _table().items()}
    plain = {
        PREFIX + field.name.upper(): str(field.default)
        for field in fields(Config)
        if field.default not in ("", None)
    }
    assert {name: told[name] for name in plain} == plain
