"""An upload that was begun, and that the server knows nothing of any more."""

from hashlib import sha256

from sync.facts.work import Photographed
from tests.world import World

FORGOTTEN = "/v1/uploads/" + "0" * 32  # swept, or begun before a restore


def test_a_photo_whose_upload_the_server_forgot_is_begun_anew(world: World):
    """That it is forgotten is said under the seal, and so believed."""
    order = world.asks_for("BX-2026-0119", "li")
    li = world.tablet("li")
    li.syncs()
    photo = bytes(range(256)) * 40
    taken = Photographed(moment="before")
    li.tells(order, taken, blobs={"photo": (photo, "image/jpeg")})
    li.client.store.outbox.note_upload(sha256(photo).hexdigest(), FORGOTTEN)

    li.syncs()

    assert li.owes == 0
    assert world.lost_bytes() == []
