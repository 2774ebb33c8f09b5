"""What was exported means in TypeScript what it means in Python."""

from typing import Any

import pytest

from sync.access import ACTIONS, EVERY, ROLES, Grant, may, may_write, projects
from sync.facts import DEVICE_KINDS, KINDS
from sync.order import Stage
from sync.problems import ON_TABLETS, Refused
from sync.words import LANGUAGES, language_for
from sync.words.catalogue import catalogue
from tests.twins.conftest import Twin

TOLD = KINDS | DEVICE_KINDS
PEOPLE = [*sorted(ROLES), "owner", ""]
PLACES = [EVERY, "江岸花园", "滨江府", ""]
HANDS = [
    [],
    *([[role, EVERY]] for role in PEOPLE),
    *([[role, "江岸花园"], ["technician", "滨江府"]] for role in PEOPLE),
]
TAGS = ["zh", "zh-CN", "zh_TW", "ZH-Hant-HK", "zh-hk", "en", "en-GB", "de", "", "zhx"]


@pytest.fixture(scope="module")
def tables(twin: Twin) -> dict[str, Any]:
    asked = {"actions": [*ACTIONS, "order.burn"], "hands": HANDS, "projects": PLACES}
    return twin.asked("tables", {"roles": PEOPLE, "tags": TAGS} | asked)


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
        kind: [role for role in PEOPLE if may_write({role}, kind)] for kind in TOLD
    }


def test_the_same_grants_let_people_do_the_same(tables: dict[str, Any]):
    hands = [
        [Grant(role=role, project=project) for role, project in one] for one in HANDS
    ]
    assert tables["may"] == [
        [
            [sorted(projects(hand, action)), may(hand, action),
             *(may(hand, action, place) for place in PLACES)]
            for action in (*ACTIONS, "order.burn")
        ]
        for hand in hands
    ]  # fmt: skip


def test_every_refusal_reads_the_same_in_every_language(tables: dict[str, Any]):
    assert tables["sentences"] == {
        code: [catalogue(one).get(sentence, sentence) for one in LANGUAGES]
        for code, sentence in ON_TABLETS.items()
    }


def test_a_sentence_is_filled_alike(tables: dict[str, Any]):
    assert tables["filled"] == str(Refused("version_unknown", version=2))


def test_a_readers_language_is_found_alike(tables: dict[str, Any]):
    assert tables["tags"] == [language_for(tag) for tag in TAGS]
