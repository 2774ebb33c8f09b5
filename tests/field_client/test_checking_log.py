"""What a tablet in Python makes of its server's heads and keys: the same cases as its
twin (`tests/twins/book.test.ts`), from `tests/vectors/heads.json`."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from field_client import heads
from field_client.checking_log import check_log
from field_client.contact import Exchanging
from field_client.door import Door
from field_client.heads import Known, follow_keys, keep, read
from field_client.store import Store
from field_client.transport import Reply
from sync.epochs import Opened, lineage_of
from sync.heads import KeyWord, LogHead
from sync.plain import typed
from sync.problems import Refused

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "heads.json").read_text("utf-8")
)
PINNED = VECTORS["keys"][0]["key"]
LINEAGE = lineage_of([typed(Opened, VECTORS["opened"])])


def said(one: Mapping[str, Any]) -> str:
    return str(one["what"])


def keys_in(one: Mapping[str, Any]) -> tuple[KeyWord, ...]:
    return tuple(typed(KeyWord, word) for word in one["keys"])


def exchange(folder: Path, one: Mapping[str, Any]) -> Exchanging:
    """A contact in which the server shows this head and proves it so."""
    path = {"path": one["path"]}
    told = SimpleNamespace(
        head=typed(LogHead, one["shown"]),
        store=SimpleNamespace(
            folder=folder, vouchers=SimpleNamespace(epochs=lambda: LINEAGE)
        ),
        door=SimpleNamespace(
            who=SimpleNamespace(server_key=PINNED), ask_json=lambda *_: path
        ),
    )
    return cast("Exchanging", told)


def objection(folder: Path, one: Mapping[str, Any]) -> str | None:
    """Why the tablet does not go on with this server."""
    held = one["held"] and typed(LogHead, one["held"])
    keep(folder, Known(head=held, keys=keys_in(one)))
    try:
        check_log(exchange(folder, one))
    except Refused as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("one", VECTORS["shown"], ids=said)
def test_a_head_is_taken_only_if_it_is_the_server_s_and_goes_on(
    one: dict[str, Any], tmp_path: Path
):
    no = None if one["taken"] else "another_history"
    assert objection(tmp_path, one) == no
    kept = one["shown"] if one["taken"] else one["held"]
    assert read(tmp_path).head == (kept and typed(LogHead, kept))


@pytest.mark.parametrize("one", VECTORS["shown"], ids=said)
def test_what_is_not_taken_is_kept_as_evidence(one: dict[str, Any], tmp_path: Path):
    objection(tmp_path, one)
    shown = [found.shown for found in read(tmp_path).evidence]
    assert shown == ([] if one["taken"] else [typed(LogHead, one["shown"])])


@pytest.mark.parametrize("one", VECTORS["offered"], ids=said)
def test_a_key_is_taken_over_only_from_the_one_before(
    one: dict[str, Any], tmp_path: Path
):
    keep(tmp_path, Known(keys=keys_in(one)))
    body = json.dumps({"keys": one["offered"]}).encode()
    reply = Reply(status=200, headers={}, body=body)
    door = SimpleNamespace(who=SimpleNamespace(server_key=PINNED), server_key=None,
                           call=lambda *_: reply)  # fmt: skip
    store = cast("Store", SimpleNamespace(folder=tmp_path))
    assert follow_keys(store, cast("Door", door)) is one["taken"]
    assert len(heads.read(tmp_path).keys) == one["known"]
