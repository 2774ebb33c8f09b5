"""The server's book as evidence against the server itself (X7, X8).

Each tablet remembers how far the book had come, and is shown that it goes on from
there. What is owned up to by a signed epoch is a restore; anything else is refused.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from field_client import heads
from field_client.door import read_json
from field_client.transport import Call, Reply
from server.keys import Keys, rotate
from sync.facts.visit import Arrived
from sync.facts.work import Photographed
from sync.heads import LogHead, head_text
from sync.log import included
from sync.order import order_stream
from sync.plain import but, plain, typed
from sync.signing import answer_text
from tests.together.restores import Copies
from tests.world import InHand, World


@pytest.fixture
def copies(world: World) -> Iterator[Copies]:
    """Copies of the world's database, on each database."""
    held = Copies(world)
    yield held
    held.close()


def kept(one: InHand) -> LogHead:
    """The head that this tablet holds its server to."""
    head = heads.read(one.client.store.folder).head
    assert head is not None
    return head


def codes(one: InHand) -> set[str]:
    """What held up an exchange."""
    report = one.client.exchange_once()
    return {trouble.code for trouble in report.troubles}


@dataclass
class TwoFaced:
    """A server that signs another root for whoever asks through this."""

    call: Call
    keys: Keys

    def __call__(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        reply = self.call(method, target, headers, body)
        if not target.startswith("/v1/sync/") or b'"head"' not in reply.body:
            return reply
        said = json.loads(reply.body)
        other = but(typed(LogHead, said["head"]), root="ab" * 32)
        other = but(other, signature=self.keys.seal(head_text(other)))
        forged = json.dumps(said | {"head": plain(other)}).encode()
        to = headers["Authorization"].partition('signature="')[2].partition('"')[0]
        seal = self.keys.seal(answer_text(to, reply.status, forged))
        return Reply(status=reply.status, body=forged,
                     headers={**reply.headers, "doorstep-seal": seal})  # fmt: skip


def at_work(world: World) -> InHand:
    """Li holds an order, and has exchanged."""
    li = world.tablet("li")
    world.asks_for("JA-1", "li")
    li.syncs()
    return li


def test_a_server_that_shows_another_history_is_handed_nothing(world: World):
    li = at_work(world)
    li.tells(order_stream("JA-1"), Arrived())
    li.client._call = TwoFaced(li.air, world.parts.keys)

    assert codes(li) == {"another_history"}
    assert li.owes == 1


def test_what_it_signed_is_kept_as_evidence(world: World):
    """Two heads of one key that cannot both be true: that is all anybody needs."""
    li = at_work(world)
    before = kept(li)
    world.asks_for("JA-2", "li")
    li.client._call = TwoFaced(li.air, world.parts.keys)
    li.client.exchange_once()

    (found,) = heads.read(li.client.store.folder).evidence

    assert (found.held, found.shown.root) == (before, "ab" * 32)
    assert world.parts.keys.own.head(found.shown)


def test_exchange_goes_on_with_the_server_that_keeps_its_word(world: World):
    li = at_work(world)
    li.tells(order_stream("JA-1"), Arrived())
    li.client._call = TwoFaced(li.air, world.parts.keys)
    li.client.exchange_once()

    li.client._call = li.air

    assert codes(li) == set()
    assert li.owes == 0


def test_the_head_that_is_kept_holds_what_was_handed_in(world: World):
    li = at_work(world)
    before = kept(li).size
    li.tells(order_stream("JA-1"), Arrived())
    li.syncs()

    assert kept(li).size > before
    assert kept(li).root == world.parts.heads.now(world.ms).root


def test_a_book_that_was_put_back_and_grew_past_the_head_is_owned_up_to(
    world: World, copies: Copies
):
    """The server owns up with a signed epoch, and the tablet goes on from there."""
    li, wang = at_work(world), world.tablet("wang")
    world.asks_for("JA-2", "wang")
    wang.syncs()
    number = copies.copy()
    wang.tells(order_stream("JA-2"), Arrived())
    wang.syncs()
    world.asks_for("JA-3", "li")
    li.syncs()
    epoch = world.parts.ledger.epoch

    copies.put_back(number, restart=True)
    for n in range(20):
        world.asks_for(f"JB-{n}", "zhou")
    assert codes(li) == set()

    assert world.parts.ledger.epoch != epoch
    assert kept(li).epoch == world.parts.ledger.epoch


def test_a_new_key_is_taken_over_from_the_old_one(world: World):
    li = at_work(world)
    rotate(world.config.data, world.ms)
    world.restart()
    li.tells(order_stream("JA-1"), Arrived())

    assert codes(li) == set()
    assert kept(li).key == world.parts.keys.name


def test_a_key_that_nobody_let_in_is_not_believed(world: World):
    """Somebody with a key of their own stands where the server stood."""
    li = at_work(world)
    for name in ("signing-key.pem",):
        (world.config.data / name).unlink()
    world.restart()
    li.tells(order_stream("JA-1"), Photographed(moment="before"))

    assert li.syncs() is None
    assert li.owes == 1


def test_any_entry_can_be_shown_to_lie_in_the_book(world: World):
    li = at_work(world)
    said = read_json(li.door().ask("GET", "/v1/log/entry?position=2"))
    head = typed(LogHead, said["head"])
    path = [bytes.fromhex(one) for one in said["path"]]

    leaf, root = bytes.fromhex(said["leaf"]), bytes.fromhex(head.root)
    assert included(leaf, 1, head.size, path, root)
