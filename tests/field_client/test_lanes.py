"""Facts, signatures and photos travel in lanes of their own, and resume."""

import pytest

from field_client.client import Client
from sync.exchange import Lane
from sync.facts.acceptance import SignatureRefused
from sync.facts.visit import Arrived, Left
from sync.facts.work import Photographed
from tests.field_client.conftest import STREAM
from tests.field_client.desk import (
    Desk,
    answer_lost,
    judges,
    no_is,
    no_network,
    only,
    works,
)

BIG = b"\xff\xd8\xff" + bytes(1_000_000)


def photograph(client: Client, data: bytes) -> None:
    """A picture of the fault."""
    photo = {"photo": (data, "image/jpeg")}
    client.tell(STREAM, Photographed(moment="before"), blobs=photo)


def show_sheet(client: Client) -> None:
    """Something about a sheet; its bytes go before any photo."""
    what = SignatureRefused(round=1, sheet="0" * 64, covers=(), reason="不在家")
    client.tell(STREAM, what, blobs={"sheet": (b"{}", "application/json")})


def test_a_photo_that_is_refused_holds_up_no_other(li: Client, desk: Desk):
    for size in (100, 200, 300):
        photograph(li, bytes(size))
    desk.always = refuses_bytes_of(200)
    li.exchange_once()

    assert [len(data) for _position, data in desk.blobs.values()] == [100, 300]


def test_photos_that_all_fail_hold_up_neither_facts_nor_sheets(li: Client, desk: Desk):
    photograph(li, BIG)
    show_sheet(li)
    desk.always = refuses_bytes_of(len(BIG))
    li.exchange_once()

    assert (len(desk.bodies()), len(desk.blobs)) == (2, 1)


def refuses_bytes_of(size: int):
    """No upload of this length may begin."""

    def say(desk, target, headers, honestly):  # noqa: ANN001
        if headers.get("Upload-Length") == str(size):
            return no_is(500)(desk, target, headers, honestly)
        return honestly()

    return say


def test_sheets_and_signatures_go_before_photos(li: Client, desk: Desk):
    photograph(li, BIG)
    show_sheet(li)
    li.exchange_once()

    sizes = [len(data) for _position, data in desk.blobs.values()]

    assert sizes == [2, len(BIG)]


def test_an_upload_that_was_cut_goes_on_where_the_server_got_to(li: Client, desk: Desk):
    photograph(li, BIG)
    desk.always = cut_after(2)
    li.exchange_once()
    desk.always, desk.asked = None, []
    li.exchange_once()

    pieces = [one for one in desk.asked if one.startswith("PATCH")]
    assert (len(pieces), desk.blobs.popitem()[1][1]) == (2, BIG)


def cut_after(most: int):
    """The answer to this piece and to all later ones is lost."""
    seen = []

    def say(desk, target, headers, honestly):  # noqa: ANN001
        if "Upload-Offset" in headers:
            seen.append(target)
            if len(seen) == most:
                return answer_lost(desk, target, headers, honestly)
            if len(seen) > most:
                return no_network(desk, target, headers, honestly)
        return honestly()

    return say


def test_an_upload_that_the_server_threw_away_starts_anew(li: Client, desk: Desk):
    photograph(li, BIG)
    desk.always = cut_after(2)
    li.exchange_once()
    desk.always, desk.uploads = None, {}
    li.exchange_once()

    assert [data for _position, data in desk.blobs.values()] == [BIG]


def test_bytes_that_the_server_has_are_not_sent_again(li: Client, desk: Desk):
    photograph(li, BIG)
    desk.always = only("/v1/sync/have", no_network)
    li.exchange_once()
    desk.always = None
    li.exchange_once()
    before = len(desk.asked)
    li.store.outbox.db.execute("UPDATE blob SET receipt = NULL, position = NULL")
    li.exchange_once()

    assert not [one for one in desk.asked[before:] if "uploads" in one]


def test_a_receipt_for_a_fact_that_was_not_sent_empties_nothing(li: Client, desk: Desk):
    shelved = li.tell(STREAM, Arrived())
    li.store.projection.keep_lane("facts", Lane(shelf=frozenset({shelved.id})))
    li.tell(STREAM, Left())
    desk.always = only("/v1/sync/push", judges(shelved.id, "stored"))
    li.exchange_once()

    assert len(li.store.outbox.waiting()) == 2


@pytest.mark.parametrize("outcome", ["refused", "quarantined"])
def test_what_became_of_a_fact_stays_to_be_seen(li: Client, desk: Desk, outcome: str):
    fact = li.tell(STREAM, Arrived())
    desk.always = only("/v1/sync/push", judges(fact.id, outcome))
    li.exchange_once()

    held = li.store.outbox.facts()[0]

    assert (held.receipt.outcome, held.waiting) == (outcome, False)


def test_refused_facts_are_offered_again_when_people_ask(li: Client, desk: Desk):
    fact = li.tell(STREAM, Arrived())
    desk.always = only("/v1/sync/push", judges(fact.id, "refused"))
    li.exchange_once()
    desk.always = None
    li.exchange_once(again=True)

    assert len(desk.bodies()) == 1


def test_the_server_says_how_long_to_wait(li: Client, desk: Desk):
    li.tell(STREAM, Left())
    busy = no_is(503, "database_busy", **{"retry-after": "400"})
    desk.always = only("/v1/sync/push", busy)
    report = li.exchange_once()

    assert li.wait_ms(1, report) >= 400_000


def test_without_a_network_the_next_attempt_is_never_further_off_than_the_backoff(
    li: Client,
):
    assert max(li.wait_ms(failures, None) for failures in range(60)) <= 60_000


def test_an_unknown_token_is_renewed_without_hands(li: Client, desk: Desk):
    li.tell(STREAM, Left())
    desk.plan = [works, no_is(401, "token_unknown")]
    report = li.exchange_once()

    assert (report.facts, report.troubles) == (1, [])


def test_a_lost_batch_gets_smaller_while_the_server_still_says_hello(
    li: Client, desk: Desk
):
    for _ in range(8):
        li.tell(STREAM, Left())
    desk.always = only("/v1/sync/push", larger_than_one_is_lost)
    for _ in range(40):
        li.exchange_once()

    assert len(desk.bodies()) == 8


def larger_than_one_is_lost(desk, target, headers, honestly):  # noqa: ANN001
    """Only the smallest request gets through."""
    if len(desk.reading) > 1:
        return no_network(desk, target, headers, honestly)
    return honestly()
