"""Li and Wang out in the field while Chen sits at her console: real tablets in this
process, which speak HTTP with the server that she sees.

May not enter: what is asserted, browsers.
"""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PIL import Image, ImageDraw

from field_client.client import Blob, Client
from field_client.store import Store
from sync.facts import Fact, What
from sync.facts.acceptance import Accepted, Inspected, Rejected
from sync.facts.afterwards import Paid, Rated
from sync.facts.survey import ItemFound, PlanAgreed, Surveyed
from sync.facts.visit import Arrived, DoorProtocol, Left
from sync.facts.work import Completed, PartUsed, Photographed, Recorded
from sync.order import Line, Order, Payer
from sync.sheet import CONSENT, covers, shown_hash
from tests.web.desk import Desk

ROUND_MS = 3 * 86_400_000  # until a second rectification is due
STROKES = json.dumps({
    "width": 1200, "height": 500,
    "strokes": [[[120 + 18 * n, 300 - (n % 5) * 40, 20 * n, 500] for n in range(30)],
                [[300, 120, 700, 500], [320, 380, 760, 500]]],
}).encode()  # fmt: skip


def photo(colour: str, words: str) -> Blob:
    """A picture of something, as a camera makes it."""
    image = Image.new("RGB", (640, 480), colour)
    pen = ImageDraw.Draw(image)
    pen.rectangle((200, 140, 440, 340), outline="black", width=6)
    pen.text((220, 220), words, fill="black")
    kept = io.BytesIO()
    image.save(kept, "JPEG")
    return kept.getvalue(), "image/jpeg"


class InField:
    """One technician's tablet."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def syncs(self) -> None:
        """There is a line for once."""
        report = self.client.exchange_once()
        assert not report.troubles, report.troubles

    def sees(self, stream: str) -> Order:
        """The order as it stands on the tablet."""
        return self.client.order(stream).order

    def tells(
        self, stream: str, what: What, blobs: Mapping[str, Blob] | None = None, /,
        **private: str,
    ) -> Fact:  # fmt: skip
        """State what happened, line or no line."""
        return self.client.tell(stream, what, private, blobs)

    def arrives(self, stream: str) -> Fact:
        """At the door, with the owner's yes to everything."""
        here = self.tells(stream, Arrived(), place="312345678,1214567890,12")
        self.tells(stream, DoorProtocol(
            steps=("uniform", "rang_twice", "greeted", "shoe_covers"),
            photo_consent=True, place_consent=True, start_consent=True,
        ))  # fmt: skip
        return here

    def surveys(self, stream: str) -> None:
        """What is broken, what it costs, the owner's yes; pictures of it."""
        self.tells(stream, Surveyed(
            cause="角阀老化", method="更换配件",
            estimate_minutes=40, estimate_fen=9_800,
        ))  # fmt: skip
        self.tells(stream, ItemFound(item=1, trade="给排水", payer=Payer.OWNER),
                   where="厨房", what="渗水")  # fmt: skip
        self.tells(stream, PlanAgreed(relation="owner", total_fen=9_800), owner="赵敏")
        self.shoots(stream, "before", "#c9a27a")

    def shoots(self, stream: str, moment: str, colour: str) -> Fact:
        """One picture of the first item."""
        what = Photographed(moment=moment, item=1)
        return self.tells(stream, what, {"photo": photo(colour, moment)})

    def repairs(self, stream: str, colour: str = "#9fc5a8") -> None:
        """A new valve, and a picture of it."""
        part = Line(code="JF-15", quantity=1, price_fen=4_800, item=1)
        self.tells(stream, PartUsed(line=part, price_list="2026"), name="角阀 DN15")
        self.tells(stream, Recorded(
            item=1, cause="角阀老化", remedy="已更换配件", labour_minutes=35,
            labour_fen=5_000,
        ), words="试水十分钟不漏", owner_remarks="师傅很仔细")  # fmt: skip
        self.shoots(stream, "after", colour)
        self.tells(stream, Completed())

    def asks_owner(self, stream: str, number: int, *, passed: bool) -> Fact:
        """Zhao looks at it, reads the sheet and signs it."""
        self.tells(stream, Inspected(
            round=number, item=1, passed=passed, reason=None if passed else "还在漏",
        ))  # fmt: skip
        shown = self.client.show_sheet(stream, "zh-CN", CONSENT)
        sheet = shown_hash(shown.sheet)
        on_it = covers(self.sees(stream))
        if passed:
            word: What = Accepted(round=number, sheet=sheet, covers=on_it)
        else:
            now = self.client.clocks.wall_ms()
            word = Rejected(
                round=number, sheet=sheet, covers=on_it,
                responsible=self.client.who.actor, due_ms=now + ROUND_MS,
            )  # fmt: skip
        return self.client.tell_on_sheet(shown, word, {"signer": "赵敏"}, STROKES)

    def is_paid(self, stream: str, fen: int) -> None:
        """Zhao pays by scanning, is content, and says goodbye."""
        self.tells(stream, Paid(amount_fen=fen, means="qr", invoice="FP-0117"))
        self.tells(stream, Rated(round=2, stars=5))
        self.tells(stream, Left())

    def works_through(self, stream: str) -> None:
        """A whole job, sent back once before the owner accepts it."""
        self.arrives(stream)
        self.surveys(stream)
        self.repairs(stream, "#d8b4a0")
        self.asks_owner(stream, 1, passed=False)
        self.repairs(stream)
        self.asks_owner(stream, 2, passed=True)
        self.is_paid(stream, 9_800)


class Field:
    """Everybody's tablets, on one desk's server."""

    def __init__(self, desk: Desk, folder: Path, open_: ExitStack) -> None:
        self._desk, self._folder, self._open = desk, folder, open_
        self._held: dict[str, InField] = {}

    def __getitem__(self, who: str) -> InField:
        """This person's tablet; enrolled when it is first taken in hand."""
        if who not in self._held:
            store = self._open.enter_context(Store(self._folder / f"field-{who}"))
            client = Client(store)
            client.enrol(self._desk.code(who), self._desk.url, f"{who} 的平板")
            self._held[who] = InField(client)
        return self._held[who]


@contextmanager
def in_the_field(desk: Desk, folder: Path) -> Iterator[Field]:
    """Tablets for as long as this lasts."""
    with ExitStack() as open_:
        yield Field(desk, folder, open_)
