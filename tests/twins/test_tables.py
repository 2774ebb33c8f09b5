"""What was exported means in TypeScript what it means in Python."""

from typing import Any

import pytest

from sync.access import ROLES, may_read_all, may_read_origin, may_write
from sync.facts import DEVICE_KINDS, KINDS
from sync.order import Stage
from sync.problems import SENTENCES, Refused
from sync.words import LANGUAGES, language_for
from sync.words.catalogue import catalogue
from tests.twins.conftest import Twin

TOLD = KINDS | DEVICE_KINDS
PEOPLE = [*sorted(ROLES), "owner", ""]
TAGS = ["zh", "zh-CN", "zh_TW", "ZH-Hant-HK", "zh-hk", "en", "en-GB", "de", "", "zhx"]


@pytest.fixture(scope="module")
def tables(twin: Twin) -> dict[str, Any]:
    return twin.asked("tables", {"roles": PEOPLE, "tags": TAGS})


@pytest.mark.parametrize("name", TOLD)
def test_a_kind_fits_the_same_stages(tables: dict[str, Any], name: str):
    kind = TOLD[name]
    told = [stage in kind.fits or stage in kind.moves for stage in Stage]
    assert [fits for fits, _ in tables["guards"][name]] == told


@pytest.mark.parametrize("name", TOLD)
def test_a_kind_leads_to_the_same_stage(tables: dict[str, Any], name: str):
    kind = TOLD[name]
    led = [
        kind.moves.get(stage) or kind.catches_up.get(stage, stage) for stage in Stage
    ]
    assert [after for _, after in tables["guards"][name]] == led


def test_the_same_people_may_state_a_kind(tables: dict[str, Any]):
    assert tables["writers"] == {
        kind: [role for role in PEOPLE if may_write(role, kind)] for kind in TOLD
    }


def test_the_same_people_may_read(tables: dict[str, Any]):
    assert tables["reads"] == [
        [may_read_all(role), may_read_origin(role)] for role in PEOPLE
    ]


def test_every_refusal_reads_the_same_in_every_language(tables: dict[str, Any]):
    assert tables["sentences"] == {
        code: [catalogue(one).get(sentence, sentence) for one in LANGUAGES]
        for code, sentence in SENTENCES.items()
    }


def test_a_sentence_is_filled_alike(tables: dict[str, Any]):
    assert tables["filled"] == str(Refused("version_unknown", version=2))


def test_a_readers_language_is_found_alike(tables: dict[str, Any]):
    assert tables["tags"] == [language_for(tag) for tag in TAGS]
