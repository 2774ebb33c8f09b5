"""What people do on a day, drawn from a seed: any fact of a visit, in any sequence.

The desk decides only where a story says so. May not enter: what the network does.
"""

from random import Random

from sync.facts import What
from sync.facts.acceptance import Inspected
from sync.facts.survey import ItemFound, PlanAgreed, Surveyed
from sync.facts.visit import Arrived, DoorProtocol, Left, NobodyHome
from sync.facts.work import Completed, Photographed, Recorded
from sync.order import Payer
from tests.world import InHand, World

MENDED = Recorded(item=1, cause="老化", remedy="换新", labour_minutes=30)
WHAT: tuple[tuple[What, dict[str, str]], ...] = (
    (Arrived(), {"place": "312304000,1214737000,15"}),
    (
        DoorProtocol(
            steps=("uniform",),
            photo_consent=True,
            place_consent=True,
            start_consent=True,
        ),
        {},
    ),
    (Surveyed(cause="软管老化", method="更换"), {"words": "厨房软管接头渗水"}),
    (ItemFound(item=1, trade="水暖", payer=Payer.CONTRACTOR), {"what": "软管"}),
    (PlanAgreed(relation="owner"), {"owner": "赵女士"}),
    (MENDED, {"words": "已换"}),
    (Completed(), {}),
    (Inspected(round=1, item=1, passed=True), {}),
    (NobodyHome(), {}),
    (Left(), {}),
)
LARGE = 300 * 1024  # more than one piece of an upload


def acts(dice: Random, tablet: InHand, name: str) -> None:
    """This person records one thing or another, one time in four with a picture."""
    if dice.random() < 0.25:
        size = LARGE if dice.random() < 0.1 else dice.randint(1, 3000)
        picture = dice.randbytes(size)
        what = Photographed(moment=dice.choice(("before", "during", "after")))
        tablet.tells(name, what, blobs={"photo": (picture, "application/x-raw")})
        return
    what, private = dice.choice(WHAT)
    tablet.tells(name, what, private)


def morning(world: World) -> list[tuple[InHand, str]]:
    """Three orders are given to Li and Wang and taken home: who may act on which."""
    li, wang = world.tablet("li"), world.tablet("wang")
    one = world.asks_for("BX-2026-0001", "li")
    other = world.asks_for("BX-2026-0002", "wang")
    both = world.asks_for("BX-2026-0003", "li", "wang")
    for tablet in (li, wang):
        while not (done := tablet.syncs()) or not done.complete:
            pass
    return [(li, one), (wang, other), (li, both), (wang, both)]


def offline_day(world: World, dice: Random, facts: int) -> None:
    """Everybody acts without any network; meanwhile the desk changes its mind."""
    mine = morning(world)
    for number in range(facts):
        acts(dice, *dice.choice(mine))
        if number == facts // 3:
            world.dispatches(world.streams[1], "li")  # away from Wang
        if number == facts // 2:
            world.cancels(world.streams[0])
