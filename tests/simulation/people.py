"""What people with tablets do.

May not enter: what must come of it.
"""

import json

from sync.facts import What
from sync.facts.acceptance import Accepted, Rejected
from sync.facts.work import Photographed
from sync.problems import Refused
from sync.sheet import shown_hash
from tests.simulation.steps import Step
from tests.simulation.town import DAY, Town
from tests.together.days import WHAT
from tests.weather import FAIR, ROUGH, STORMY
from tests.world import MINUTE


def tell(town: Town, step: Step) -> None:
    """Somebody records something about an order on the tablet."""
    one, luck = town.choose(step), step.luck()
    if stream := town.held_order(step, one):
        what, private = luck.choice(WHAT)
        words = {name: f"{text} {town.audit.canary(stream)} {step.dice}"
                 for name, text in private.items() if name != "place"}  # fmt: skip
        town.tells(one, stream, what, {**private, **words})


def photograph(town: Town, step: Step) -> None:
    """Somebody takes a photo; now and then one that needs several pieces."""
    one, luck = town.choose(step), step.luck()
    if stream := town.held_order(step, one):
        size = 300 * 1024 if luck.random() < 0.04 else luck.randint(1, 3000)
        what = Photographed(moment=luck.choice(("before", "during", "after")))
        town.tells(
            one,
            stream,
            what,
            blobs={"photo": (luck.randbytes(size), "application/x-raw")},
        )


def show_sheet(town: Town, step: Step) -> None:
    """The sheet is put before the owner."""
    one = town.choose(step)
    if stream := town.held_order(step, one):
        one.client.show_sheet(stream, "zh", "签字即确认")


def sign(town: Town, step: Step) -> None:
    """The owner gives an answer to the sheet that was shown, if it still holds."""
    one, luck = town.choose(step), step.luck()
    stream = town.held_order(step, one)
    if stream is None or (shown := one.client.store.projection.shown(stream)) is None:
        return
    said = json.loads(shown.sheet)
    word = {"round": shown.round, "sheet": shown_hash(shown.sheet),
            "covers": tuple(said["covers"])}  # fmt: skip
    what: What = Accepted(**word)
    if luck.random() < 0.3:
        what = Rejected(**word, responsible="li", due_ms=town.ms + DAY)
    strokes = luck.randbytes(200)
    town.ms += MINUTE // 4
    try:
        made = one.client.tell_on_sheet(shown, what, {"signer": "赵女士"}, strokes)
    except Refused as why:
        if why.code not in ("sheet_changed", "tablet_full"):
            raise
        return
    blobs = {"sheet": (shown.sheet, "sheet"), "signature": (strokes, "strokes")}
    town.keeps(one, made, blobs)


def look(town: Town, step: Step) -> None:
    """Somebody reads what is on the tablet; own facts are all there."""
    town.audit.looks(town.choose(step))


def exchange(town: Town, step: Step) -> None:
    """A tablet exchanges in fair or rough weather."""
    luck = step.luck()
    town.exchange(town.choose(step), luck, FAIR if luck.random() < 0.6 else ROUGH)


def exchange_in_storm(town: Town, step: Step) -> None:
    """A tablet exchanges although the network is terrible."""
    town.exchange(town.choose(step), step.luck(), STORMY)


def go_offline(town: Town, step: Step) -> None:
    """A tablet leaves coverage."""
    town.choose(step).air.offline = True


def go_online(town: Town, step: Step) -> None:
    """A tablet comes back into coverage."""
    town.choose(step).air.offline = False
