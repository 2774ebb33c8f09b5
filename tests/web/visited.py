"""A visit up to the point where the owner is asked: told by another tablet of the same
technician, a Python one, and handed in.

May not enter: what is asserted, browsers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from field_client.client import Client
from field_client.store import Store
from sync.facts import What
from sync.facts.survey import ItemFound, PlanAgreed, Quoted, Surveyed
from sync.facts.visit import DOOR_STEPS, Arrived, DoorProtocol
from sync.facts.work import Completed, PartUsed, Photographed, Recorded
from sync.order import Line, Payer
from tests.web.desk import LIST, Desk


def photo(words: str, colour: str) -> bytes:
    """A picture that nobody mistakes for another."""
    image = Image.new("RGB", (640, 480), colour)
    ImageDraw.Draw(image).text((40, 40), words, fill="white")
    held = BytesIO()
    image.save(held, "JPEG")
    return held.getvalue()


class Visit:
    """Somebody at an order, fact by fact."""

    def __init__(self, client: Client, stream: str) -> None:
        self.client, self.stream = client, stream

    def tells(self, what: What, /, **private: str) -> "Visit":
        """This happened."""
        self.client.tell(self.stream, what, private)
        return self

    def photographs(self, moment: str, colour: str, item: int = 1) -> "Visit":
        """One picture."""
        picture = (photo(moment, colour), "image/jpeg")
        what = Photographed(moment=moment, item=item)
        self.client.tell(self.stream, what, {}, {"photo": picture})
        return self

    def comes(self) -> "Visit":
        """At the door, with consent to everything."""
        self.tells(Arrived())
        consents = {"photo_consent": True, "place_consent": True, "start_consent": True}
        return self.tells(DoorProtocol(steps=tuple(DOOR_STEPS), **consents))

    def finds(self, items: int = 1, payer: Payer = Payer.CONTRACTOR) -> "Visit":
        """Items, who bears them, and the owner's yes."""
        found = Surveyed(cause="角阀老化", method="更换角阀", estimate_minutes=30)
        self.tells(found)
        for item, (what, where) in enumerate(FAULTS[:items], 1):
            one = ItemFound(item=item, trade="给排水", payer=payer)
            self.tells(one, what=what, where=where)
        if payer is Payer.OWNER:
            self.tells(Quoted(lines=(line(payer),), price_list=LIST.name))
        return self.tells(PlanAgreed(relation="owner"))

    def repairs(self, items: int = 1, payer: Payer = Payer.CONTRACTOR) -> "Visit":
        """A part, a record for each item, done."""
        self.tells(PartUsed(line=line(payer), price_list=LIST.name))
        for item in range(1, items + 1):
            done = Recorded(
                item=item, cause="角阀老化", remedy="更换角阀", labour_minutes=20,
                labour_fen=5500 if item == 1 else 0,
            )  # fmt: skip
            self.tells(done, words="试水 10 分钟，不漏")
        return self.tells(Completed())


FAULTS = (("角阀渗水", "厨房水槽下"), ("龙头松动", "卫生间"), ("地漏返味", "阳台"))


def line(payer: Payer) -> Line:
    """Two of the first good on the list."""
    good = LIST.prices[0]
    return Line(
        code=good.code, quantity=2, price_fen=good.price_fen, item=1, payer=payer
    )


@contextmanager
def visiting(desk: Desk, folder: Path, stream: str, who: str = "li") -> Iterator[Visit]:
    """What is told meanwhile is with the server afterwards."""
    client = Client(Store(folder))
    client.enrol(desk.code(who), desk.url, "另一台")
    client.exchange_once()
    yield Visit(client, stream)
    client.exchange_once()
    client.store.close()


def completed(
    desk: Desk, folder: Path, stream: str, items: int = 1,
    payer: Payer = Payer.CONTRACTOR, who: str = "li",
) -> None:  # fmt: skip
    """An order that only waits for its owner."""
    with visiting(desk, folder, stream, who) as visit:
        visit.comes().finds(items, payer).photographs("before", "#7a1f1f")
        visit.repairs(items, payer).photographs("after", "#1f5c2e")
