"""Hand in facts and take home documents, whatever the network does."""

from collections.abc import Callable

import pytest

from field_client.client import Client
from field_client.transport import Reply
from sync.facts.visit import Arrived, Left
from sync.order import Stage
from tests.field_client.conftest import NUMBER, STREAM
from tests.field_client.desk import (
    Desk,
    answer_lost,
    fails_on,
    forges,
    no_is,
    no_seal,
    old_seal,
    only,
    portal,
    strange_seal,
)

PUSH = "/v1/sync/push"


def test_a_lost_answer_leaves_each_fact_on_the_server_once(li: Client, desk: Desk):
    li.tell(STREAM, Arrived())
    desk.always = only(PUSH, answer_lost)
    li.exchange_once()
    desk.always = None

    li.exchange_once()

    assert len(desk.bodies()) == 1
    assert li.store.outbox.waiting() == []


def test_a_portal_that_says_200_to_everything_acknowledges_nothing(
    li: Client, desk: Desk
):
    li.tell(STREAM, Arrived())
    desk.always = only(PUSH, portal)

    report = li.exchange_once()

    assert [one.code for one in report.troubles] == ["no_answer"]
    assert len(li.store.outbox.waiting()) == 1


@pytest.mark.parametrize("seal", [no_seal, strange_seal, old_seal])
def test_an_acknowledgement_without_the_servers_seal_is_not_believed(
    li: Client, desk: Desk, seal: Callable[[Desk, Reply], Reply]
):
    li.tell(STREAM, Arrived())
    desk.always = only(PUSH, forges(seal))

    li.exchange_once()

    assert len(li.store.outbox.waiting()) == 1


def test_one_fact_that_fails_goes_to_the_shelf_and_the_rest_goes_on(
    li: Client, desk: Desk
):
    facts = [li.tell(STREAM, Left()) for _ in range(5)]
    poison = facts[2].envelope.body

    desk.always = only(PUSH, fails_on(poison))
    li.exchange_once()

    assert [one.b for one in li.store.outbox.waiting()] == [poison]
    assert li.store.projection.lane("facts").shelf == {facts[2].id}


def test_a_batch_that_is_too_large_is_halved_until_it_fits(li: Client, desk: Desk):
    for _ in range(8):
        li.tell(STREAM, Left())
    desk.always = only(PUSH, too_large_beyond(2))

    li.exchange_once()

    assert len(desk.bodies()) == 8


def test_a_refused_login_keeps_everything(li: Client, desk: Desk):
    li.tell(STREAM, Arrived())
    desk.always = only(PUSH, no_is(401, "credentials_wrong"))

    li.exchange_once()

    assert len(li.store.outbox.waiting()) == 1


def test_the_order_shows_own_facts_before_during_and_after_the_exchange(
    li: Client, desk: Desk
):
    stages = [li.order(STREAM).order.stage]
    li.tell(STREAM, Arrived())
    stages.append(li.order(STREAM).order.stage)
    desk.always = only("/v1/sync/pull", answer_lost)
    li.exchange_once()
    stages.append(li.order(STREAM).order.stage)
    desk.always = None
    li.exchange_once()
    stages.append(li.order(STREAM).order.stage)

    assert stages == [Stage.DISPATCHED, Stage.ON_SITE, Stage.ON_SITE, Stage.ON_SITE]


def too_large_beyond(most: int):
    """Nothing takes more than so many facts at once."""

    def say(desk, target, headers, honestly):  # noqa: ANN001
        if len(desk.reading) > most:
            return no_is(413)(desk, target, headers, honestly)
        return honestly()

    return say


def test_the_unified_number_finds_the_order(li: Client):
    assert li.find(NUMBER[-4:]) == STREAM
