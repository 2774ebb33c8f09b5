"""Both languages fold the same histories to the same documents, to the letter.

`make test` takes a fixed sample; TWIN_FACTS takes more, TWIN_SEED others.
"""

import functools
import json
from typing import Any

import pytest

from sync.facts import KINDS
from sync.reviews import LABELS
from tests.twins.conftest import Twin
from tests.twins.drawn import FACTS, SEED
from tests.vectors.histories import MANY, folded, history, read_back

pytestmark = pytest.mark.slow
HISTORIES = range(FACTS // MANY)


@functools.lru_cache(maxsize=100)
def drawn(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A history, and what Python makes of it."""
    one = history(SEED * 1_000_003 + number)
    return one, folded(map(read_back, one["facts"]), one["cuts"])


def test_histories_fold_to_the_same_documents_in_typescript(twin: Twin):
    for number in HISTORIES:
        one, found = drawn(number)
        assert twin.asked("fold", one) == found, json.dumps(one)


def test_the_sample_holds_every_kind_and_every_review():
    sample = [drawn(number)[1] for number in HISTORIES[:100]]
    assert {code for one in sample for code in one["reviews"]} == {*LABELS}
    told = {
        entry["kind"] for one in sample for entry in json.loads(one["order"])["history"]
    }
    assert told == {*KINDS}
