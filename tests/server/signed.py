"""An order that is repaired and signed for, told by verbs; and what its paper shows.

Everything is real: Li's tablet shows the sheet, the server keeps it, the PDF is read
back by programs that know nothing of ours. May not enter: what is being tested.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image
from pypdfium2 import raw

from field_client.client import Shown
from server.issuing import issued
from server.ledger import Decision
from sync.facts import What
from sync.facts.acceptance import Accepted, Inspected, Rejected
from sync.facts.dispatch import Dispatched
from sync.facts.intake import Logged
from sync.facts.survey import ItemFound, PlanAgreed, Surveyed
from sync.facts.visit import Arrived, DoorProtocol
from sync.facts.work import Completed, PartUsed, Photographed, Recorded
from sync.order import Line, Payer, order_stream
from sync.sheet import CONSENT, covers, shown_hash
from tests.world import HOUR, InHand, World

STROKES = json.dumps(
    {"width": 1200, "height": 500,
     "strokes": [[[120 + 9 * n, 80 + n * n % 60, 20 * n, 300 + 30 * n]
                  for n in range(20)]]}
).encode()  # fmt: skip
HOME = {"owner": "赵敏", "phone": "13800138000", "building": "3栋", "unit": "1单元",
        "room": "1702", "fault": "厨房角阀渗水"}  # fmt: skip


def picture(shade: int) -> bytes:
    """A photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 120, 140)).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Job:
    """One order from the request to the signature."""

    world: World
    number: str = "R2611-0187"
    home: Mapping[str, str] = field(default_factory=lambda: HOME)
    language: str = "zh-CN"

    def __post_init__(self) -> None:
        self.stream = order_stream(self.number)
        asked = Logged(number=self.number, registered_ms=self.world.ms - HOUR,
                       site="江岸花园", trade="给排水")  # fmt: skip
        self.decides(asked, self.home)
        self.li: InHand = self.world.tablet("li")
        self.decides(Dispatched(technician="li"))
        self.li.syncs()

    def decides(self, what: What, private: Mapping[str, str] | None = None) -> None:
        """Chen states this."""
        one = Decision(stream=self.stream, what=what, private=private or {})
        self.world.parts.ledger.decide([one], "chen", self.world.ms)

    def tells(self, what: What, /, **private: str) -> None:
        """Li records this."""
        self.li.tells(self.stream, what, private)

    def arrives(self) -> None:
        self.tells(Arrived())
        self.tells(DoorProtocol(steps=("uniform",), photo_consent=True,
                                place_consent=True, start_consent=True))  # fmt: skip
        self.tells(Surveyed(cause="角阀老化", method="更换角阀"))

    def finds(self, item: int, what: str = "角阀渗水", where: str = "厨房") -> None:
        found = ItemFound(item=item, trade="给排水", payer=Payer.OWNER)
        self.tells(found, what=what, where=where)

    def agrees(self) -> None:
        self.tells(PlanAgreed(relation="owner", total_fen=8850), owner="赵敏")

    def fits(
        self, item: int, price_fen: int, quantity: int, name: str = "角阀"
    ) -> None:
        line = Line(code=f"J{item}", quantity=quantity, price_fen=price_fen, item=item)
        self.tells(PartUsed(line=line, price_list="2026"), name=name)

    def mends(self, item: int, labour_fen: int = 3000, words: str = "") -> None:
        record = Recorded(item=item, cause="角阀老化", remedy="更换角阀",
                          labour_minutes=35, labour_fen=labour_fen)  # fmt: skip
        self.tells(record, **({"words": words} if words else {}))

    def photographs(self, moment: str, item: int, shade: int) -> None:
        blob = {"photo": (picture(shade), "image/jpeg")}
        what = Photographed(moment=moment, item=item)
        self.li.tells(self.stream, what, blobs=blob)

    def completes(self) -> None:
        self.tells(Completed())

    def inspects(self, item: int, round_: int = 1, reason: str | None = None) -> None:
        self.tells(Inspected(round=round_, item=item, passed=not reason,
                             reason=reason))  # fmt: skip

    def shows(self) -> Shown:
        """The sheet on Li's screen, before the owner's eyes."""
        return self.li.client.show_sheet(self.stream, self.language, CONSENT)

    def signs(self, signer: str = "赵敏", *, sent_back: bool = False) -> Shown:
        """The owner puts a hand to what is shown; everything reaches the server."""
        shown = self.shows()
        said: dict[str, Any] = {
            "round": shown.round, "sheet": shown_hash(shown.sheet),
            "covers": covers(self.li.sees(self.stream)),
        }  # fmt: skip
        what: What = Accepted(**said)
        if sent_back:
            due = self.world.ms + HOUR
            what = Rejected(**said, responsible="li", due_ms=due)
        self.world.ms += 15_000
        self.li.client.tell_on_sheet(shown, what, {"signer": signer}, STROKES)
        self.arrives_at_server()
        return shown

    def arrives_at_server(self) -> None:
        self.world.ms += 60_000
        while self.li.owes:
            self.li.syncs()
        self.li.syncs()

    def paper(
        self,
        copy: str = "owner",
        round_number: int | None = None,
        *,
        whole: bool = True,
    ) -> "Paper":
        """The PDF as the server issues it."""
        parts = self.world.parts
        return Paper(issued(parts, self.stream, copy, round_number, whole=whole))


def ordinary(world: World, **more: Any) -> Job:
    """The usual job up to the owner's signature: one item, one part, two photos."""
    job = Job(world, **more)
    job.arrives()
    job.finds(1)
    job.agrees()
    job.photographs("before", 1, 40)
    job.fits(1, 2925, 2)
    job.mends(1)
    job.photographs("after", 1, 200)
    job.completes()
    job.inspects(1)
    return job


def a_page(some: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A page of nothing but these blocks."""
    names = ("number", "issuer", "site", "heading", "answer", "footer", "page",
             "spelled_note")  # fmt: skip
    return dict.fromkeys(names, "") | {
        "title": "页", "lang": "zh", "region": "cn", "tone": "good", "scan": "码",
        "notices": [], "attached": [], "blocks": list(some),
    }  # fmt: skip


@dataclass(frozen=True)
class Glyph:
    """A character on a page and the ink in its box, 0 to 1."""

    text: str
    left: float
    right: float
    ink: float


def _letters(page: pypdfium2.PdfTextPage) -> Iterator[tuple[int, str]]:
    """Every character but spaces, with its place; a pair of surrogates is one."""
    high = 0
    for n in range(page.count_chars()):
        code = raw.FPDFText_GetUnicode(page.raw, n)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        if chr(code).strip():
            yield n, chr(code)


@dataclass(frozen=True)
class Paper:
    """A PDF, read by programs that are not ours."""

    data: bytes

    @property
    def pages(self) -> list[str]:
        """The words on each page."""
        document = pypdfium2.PdfDocument(self.data)
        found = [page.get_textpage().get_text_bounded() for page in document]
        document.close()
        return found

    @property
    def words(self) -> str:
        """Everything on all pages, with no break in it."""
        return "".join("".join(self.pages).split())

    @property
    def attached(self) -> dict[str, bytes]:
        """What lies inside, by name."""
        with pikepdf.open(io.BytesIO(self.data)) as pdf:
            return {name: one.get_file().read_bytes()
                    for name, one in pdf.attachments.items()}  # fmt: skip

    @property
    def everything(self) -> str:
        """What stands on the pages and in the attachments, with no break in it."""
        return self.words + "".join(one.decode() for one in self.attached.values())

    def glyphs(self, scale: int = 3) -> Iterator[Glyph]:
        """Every character but spaces, where it stands and how much ink it has."""
        document = pypdfium2.PdfDocument(self.data)
        for page in document:
            text = page.get_textpage()
            picture_ = page.render(scale=scale).to_pil().convert("L")
            for n, letter in _letters(text):
                left, bottom, right, top = text.get_charbox(n, loose=True)
                box = (left, page.get_height() - top, right, page.get_height() - bottom)
                crop = picture_.crop(tuple(round(edge * scale) for edge in box))
                dark = sum(crop.histogram()[:200]) / max(1, crop.width * crop.height)
                yield Glyph(letter, left, right, dark)
        document.close()
