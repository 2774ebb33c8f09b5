"""Histories of one order, drawn from a seed: several people, in and out of coverage.

Most of what they say fits what they see; the rest is out of turn, twice, in another's
place, about what is not there. Forks, leaps and words that disagree are in it. May not
enter: a server, a client, a clock.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.envelope import Head, digest, read
from sync.facts import KINDS, Fact, Kept, What, understand, write_fact
from sync.facts.acceptance import OwnersWord
from sync.facts.dispatch import ReviewResolved
from sync.fold import comes_after, fold
from sync.moment import MINUTE_MS, Moment
from sync.order import Order, Stage, order_stream
from sync.plain import as_json, but, typed
from sync.problems import Refused
from sync.reading import Witness
from sync.registers import classes
from sync.sheet import covers
from sync.timing import assess
from tests.story import NINE
from tests.sync.drawn import blobs_for
from tests.twins.drawn import Pen

STREAM = order_stream("BX-2026-0118")
OTHER = order_stream("BX-2026-0119")
HELD = Path(__file__).with_name("histories.json")
MANY = 24  # facts in one
TRIES = 20
# Fields that name an earlier fact, and the kinds that they mean.
MEANT = {
    "visit.arrived": ("arrival",), "survey.surveyed": ("survey",),
    "survey.held": ("hold",), "work.photographed": ("corrects",),
    "work.part_used": ("corrects",), "reconcile.settled": ("settled",),
}  # fmt: skip
AGAIN = (
    *("survey.surveyed", "survey.item_found", "survey.quoted", "work.recorded"),
    *("work.photographed", "work.part_used", "work.retracted"),
)
THEMES = (
    ("intake.found_on_site", "intake.logged", "intake.amended"),
    ("intake.merged", "dispatch.closed", "dispatch.reopened"),
    ("dispatch.dispatched", "dispatch.cancelled", "visit.arrived"),
    ("visit.arrived", "visit.left", "visit.nobody_home"),
    ("survey.taken_away", "survey.returned", "visit.placed"),
    ("survey.held", "dispatch.approved", "review.resolved"),
    ("survey.surveyed", "survey.item_found", "survey.quoted", "work.recorded"),
    ("work.photographed", "work.part_used", "work.retracted"),
    ("work.completed", "dispatch.closed", "dispatch.seen"),
    ("acceptance.inspected", "acceptance.accepted", "acceptance.rejected"),
    ("acceptance.accepted", "acceptance.signature_refused"),
    ("dispatch.held", "dispatch.resumed", "visit.arrived"),
    ("dispatch.commented", "dispatch.dispatched"),
    ("visit.set_off", "visit.arrived", "work.retracted", "dispatch.seen"),
    ("reconcile.settled", "reconcile.undone", "reconcile.taken"),
    ("owner.asked", "owner.confirmed", "owner.rated", "owner.complained",
     "owner.disputed", "acceptance.revoked"),
)  # fmt: skip
SEEDS = (1, 4, 4, 0, 2, 6, 7, 0, 1, 7, 3, 2, 5, 48, 3, 0)
NAMING = ("arrival", "corrects", "fact", "hold", "settled", "survey")


@dataclass
class Author:
    """A person at a tablet or the desk: what they have seen and not yet handed in."""

    by: str
    log: str
    basis: int = 0
    n: int = 0
    tip: str | None = None
    pending: list[Kept] = field(default_factory=list)


class Teller(Pen):
    """Draws what these people say of one order; the same seed draws the same."""

    def __init__(self, seed: int, theme: Sequence[str] = ()) -> None:
        super().__init__(seed)
        self.ledger: list[Kept] = []
        self.now_ms = NINE
        self.theme = [KINDS[name] for name in theme or self._drawn_theme()]
        self.authors = [
            Author("chen", "server.1"),
            Author("li", "li.1"),
            Author("li", "li.2"),
            Author("wang", "wang.1"),
        ]
        if self.odds(0.3):  # a copy of the tablet: its log forks
            self.authors.append(Author("wang", "wang.1"))

    def _drawn_theme(self) -> Sequence[str]:
        if self.odds(0.5):
            return self.chance.choice(THEMES)
        return self.chance.sample([*KINDS], k=4)

    def told(self, count: int = MANY) -> list[Kept]:
        """What there is to fold, in the sequence in which it came in."""
        late = self.odds(0.4)  # nobody has heard yet who asked
        while self._count() < count:
            self._something_happens(late)
        found = [*self.ledger, *self._pending()]
        found += [self._other_word(one) for one in self.chance.choices(found, k=4)]
        self.chance.shuffle(found)
        return found

    def odds(self, likely: float) -> bool:
        return self.chance.random() < likely

    def _count(self) -> int:
        return len(self.ledger) + len(self._pending())

    def _pending(self) -> list[Kept]:
        return [one for who in self.authors for one in who.pending]

    def _something_happens(self, late: bool) -> None:
        who = self.chance.choice(self.authors)
        self.now_ms += self.chance.randint(0, 7) * MINUTE_MS
        if self.odds(0.4):
            self._exchange(who)
        elif not self.ledger and not late:
            self._tell(who, KINDS["intake.logged"])
        else:
            self._tell(who, self._next_kind(self._sight(who)))

    def _exchange(self, who: Author) -> None:
        for one in who.pending:
            self.ledger.append(but(one, position=len(self.ledger) + 1))
        who.pending.clear()
        who.basis = len(self.ledger)

    def _sight(self, who: Author) -> Order:
        return fold([*self.ledger[: who.basis], *who.pending])

    def _next_kind(self, order: Order) -> type[What]:
        """One that moves the work on, mostly; or one that fits; or one that takes the
        place of another; or one that this history is about; or any."""
        stage = Stage.LOGGED if order.stage is Stage.UNKNOWN else order.stage
        moves = [kind for kind in KINDS.values() if stage in kind.moves]
        fits = [
            kind for kind in KINDS.values() if stage in kind.fits and not kind.decides
        ]
        again = [KINDS[name] for name in AGAIN]
        pools = [moves or fits, fits, again, self.theme, [*KINDS.values()]]
        return self.chance.choice(self.chance.choices(pools, [4, 2, 3, 5, 1])[0])

    def _tell(self, who: Author, kind: type[What]) -> None:
        fact = self._fact(who, kind, self._sight(who))
        if fact is None:
            return
        who.n, who.tip = fact.head.n, fact.id
        basis = self.chance.randint(0, who.basis) if fact.head.epoch != "e1" else None
        who.pending.append(Kept(fact=fact, moment=self._moment(fact), basis=basis))

    def _fact(self, who: Author, kind: type[What], order: Order) -> Fact | None:
        for _ in range(TRIES):  # what is out of bounds is no fact
            what = self._speaking(self._record(kind), order)
            with suppress(Refused):
                return write_fact(what, self._head(who, what, order))
        return None

    def _head(self, who: Author, what: What, order: Order) -> Head:
        leap = self.chance.choices([1, 9_999, 20_001], [40, 1, 1])[0]
        return Head(
            stream=STREAM, log=who.log, n=who.n + 1, prev=who.tip,
            epoch="e1" if self.odds(0.9) else "e0", basis=who.basis,
            lamport=1 if self.odds(0.04) else order.lamport + leap, by=who.by,
            at={"w": self.now_ms, "z": 480},
            private={name: digest(f"{name} {self.now_ms}".encode())
                     for name in what.private if self.odds(0.5)},
            blobs=tuple(one for one in blobs_for(what) if self.odds(0.85)),
        )  # fmt: skip

    def _moment(self, fact: Fact) -> Moment:
        first, last = self.now_ms - 1000, self.now_ms
        return assess(
            fact.reading,
            Witness(
                not_before_ms=first if self.odds(0.8) else None,
                not_after_ms=last if self.odds(0.8) else None,
            ),
        )

    def _other_word(self, kept: Kept) -> Kept:
        """What somebody else says of the same fact."""
        moment = self._moment(kept.fact) if self.odds(0.7) else kept.moment
        remarks = (*moment.remarks, "clock_off")[: self.chance.randint(0, 2)]
        position = kept.position if self.odds(0.6) else None
        return but(kept, moment=but(moment, remarks=remarks), position=position)

    # what is said

    def text(self, most: int = 3) -> str:
        return super().text(most)

    def _named(self, name: str, hint: Any) -> Any:
        """Few rounds, items and people, so that what is said meets what was said."""
        few = {
            "round": (1, 1, 1, 2, 2, 3),
            "item": (1, 2, 3) if hint is int else (None, 1, 2),
            "technician": ("li", "wang"),
            "helpers": ((), ("wang",), ("li", "sun")),
            "responsible": ("li", "wang"),
            "receipt": ("Q1", "Q2"),
            "stars": (1, 5),
            "registered_ms": (NINE, NINE - 45 * MINUTE_MS),
            "registered_width_ms": (MINUTE_MS, 1),
            "into": (OTHER, STREAM),
            "duplicate": (OTHER, STREAM),
        }
        if name in few:
            return self.chance.choice(few[name])
        return super()._named(name, hint)

    def _speaking(self, what: What, order: Order) -> What:
        """The same, about what the order shows, mostly."""
        if isinstance(what, OwnersWord) and self.odds(0.8):
            number = order.round_due if self.odds(0.8) else what.round
            return but(what, covers=covers(order), round=number)
        if isinstance(what, ReviewResolved) and order.reviews:
            return but(what, review=self.chance.choice(order.reviews).id)
        name = next((name for name in NAMING if hasattr(what, name)), None)
        if name and order.history and self.odds(0.8):
            return but(what, **{name: self._earlier(name, order)})
        return what

    def _earlier(self, name: str, order: Order) -> str:
        """A fact of the kind that is meant, mostly; or one that only others know of."""
        meant = [one.id for one in order.history if name in MEANT.get(one.kind, ())]
        if meant and self.odds(0.6):
            return self.chance.choice(meant)
        if self.odds(0.6):
            return self.chance.choice(order.history).id
        return self.chance.choice([*self.ledger, *self._pending()]).fact.id


def written(kept: Kept) -> dict[str, Any]:
    """A fact with its keeper's word, as it travels to the other language."""
    said = {"b": kept.fact.envelope.body, "moment": as_json(kept.moment)}
    places = {"position": kept.position, "basis": kept.basis}
    return said | {name: held for name, held in places.items() if held is not None}


def read_back(held: Mapping[str, Any]) -> Kept:
    return Kept(
        fact=understand(read(held["b"])),
        moment=typed(Moment, json.loads(held["moment"])),
        position=held.get("position"),
        basis=held.get("basis"),
    )


def folded(told: Iterable[Kept], cuts: Iterable[int]) -> dict[str, Any]:
    """What they add up to; and what the rest adds up to on top of a document that holds
    all up to a position."""
    told = [*told]
    order = fold(told)
    return {
        "stage": order.stage.value,
        "reviews": [one.code for one in order.reviews],
        "classes": " ".join(classes(order).values()),
        "order": as_json(order),
        "onto": [_on_top(told, cut) for cut in cuts],
    }


def _on_top(told: list[Kept], cut: int) -> dict[str, Any]:
    below = [one for one in told if one.position and one.position <= cut]
    document = fold(below)
    known = {one.fact.id for one in below}
    above = [one for one in told if one.fact.id not in known]
    order = fold(told, onto=document)
    return {
        "comes_after": comes_after(document, above),
        "order": digest(as_json(order).encode()),
    }


def history(seed: int, theme: Sequence[str] = ()) -> dict[str, Any]:
    """Facts as they came in, and the positions at which a document was given out."""
    teller = Teller(seed, theme)
    told = teller.told()
    most = len(teller.ledger)
    cuts = [teller.chance.randint(0, most), most]
    return {"facts": [*map(written, told)], "cuts": cuts}


def histories() -> Any:
    """Facts that were drawn once and stay, whatever kinds come; and what they add up to
    today."""
    held = json.loads(HELD.read_text("utf-8")) if HELD.exists() else []
    wanted = [*zip(SEEDS, THEMES, strict=True)][len(held) :]
    drawn = [history(seed, theme) for seed, theme in wanted]
    return [
        {"facts": one["facts"], "cuts": one["cuts"]}
        | folded(map(read_back, one["facts"]), one["cuts"])
        for one in (*held, *drawn)
    ]
