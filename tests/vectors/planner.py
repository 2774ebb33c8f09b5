"""Vectors of the exchange: what a tablet hands in next, when, and what it believes."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from sync.exchange import (
    Lane,
    Limits,
    Outcome,
    Outcomes,
    Receipt,
    receipts_for,
    wait_ms,
)
from sync.plain import but, plain

MOST_STEPS = 60
MANY, FEW = 24, 5
CHANCES = (0.0, 0.25, 0.5, 0.9990234375)  # each exact in binary
Says = Callable[[Sequence[str], int], str]

SERVERS: dict[str, Says] = {
    "takes everything": lambda _batch, _step: "well",
    "fails at two of them": (
        lambda batch, _step: "bad" if {"3", "17"} & {*batch} else "well"
    ),
    "fails at the first": lambda batch, _step: "bad" if "0" in batch else "well",
    "is broken and mended": lambda _batch, step: "bad" if step < 33 else "well",
    "is broken for long": lambda _batch, step: "bad" if step < 40 else "well",
    "is broken for long, and one is bad": (
        lambda batch, step: "bad" if step < 30 or "2" in batch else "well"
    ),
    "is broken, and one is bad": (
        lambda batch, step: "bad" if step < 40 or "5" in batch else "well"
    ),
    "takes no more than three": (
        lambda batch, _step: "well" if len(batch) < 4 else "large"
    ),
    "finds one too large": lambda batch, _step: "large" if "8" in batch else "well",
    "is killed by one": lambda batch, _step: "lost" if "2" in batch else "well",
    "answers a few only": lambda batch, _step: "well" if len(batch) < 3 else "lost",
    "never answers": lambda _batch, _step: "lost",
    "fails now and then": (
        lambda _batch, step: ("well", "bad", "lost", "large")[step % 4]
    ),
    "is as bad as it gets": (
        lambda batch, step: Random(f"{step} {len(batch)}").choice(
            ("well", "bad", "lost", "lost", "large")
        )
    ),
}


def exchange() -> Any:
    """Traces of the planner against servers of every sort; waits; receipts."""
    return {
        "traces": [
            _trace(name, says, limits)
            for name, says in SERVERS.items()
            for limits in (Limits(), Limits(facts=7, bytes=20_000))
        ],
        "waits": [
            {"failures": failures, "chance": chance, "retry_after_ms": asked,
             "wait_ms": wait_ms(failures, chance, asked)}
            for failures in (0, 1, 2, 5, 8, 9, 20, 21, 1_000_000)
            for chance in CHANCES
            for asked in (None, 0, 5_000, 900_000)
        ],
        "receipts": [_believed(sent, said) for sent in SENT for said in ANSWERS],
    }  # fmt: skip


def _trace(name: str, says: Says, limits: Limits) -> Any:
    """Every batch and every state until nothing is left to try."""
    chance = Random(name)
    count = FEW if "for long" in name else MANY
    waiting = [(str(i), chance.randint(100, 9_000)) for i in range(count)]
    start = " ".join(f"{one}:{size}" for one, size in waiting)
    lane, steps = Lane(), []
    while len(steps) < MOST_STEPS and (batch := lane.batch(waiting, limits)):
        said = says(batch, len(steps))
        lane = _after(lane, said, batch)
        if said == "well":
            waiting = [one for one in waiting if one[0] not in batch]
        steps.append({
            "batch": " ".join(batch), "said": said, "most": lane.most,
            "failures": lane.failures, "shelf": " ".join(sorted(lane.shelf)),
            "aside": " ".join(lane.aside), "healthy": lane.healthy,
        })  # fmt: skip
    return {"server": name, "limits": plain(limits), "waiting": start, "steps": steps}


def _after(lane: Lane, said: str, batch: Sequence[str]) -> Lane:
    if said == "well":
        return lane.went_well(batch)
    if said == "lost":
        return lane.lost(batch)
    return lane.failed(batch, too_large=said == "large")


TAKEN = Receipt(id="a", outcome=Outcome.STORED, position=7, received_ms=1)
SENT = (["a"], ["a", "b"], ["b", "a", "a"], [])
ANSWERS: tuple[tuple[Receipt, ...], ...] = (
    (),
    (TAKEN,),
    (TAKEN, TAKEN),
    (TAKEN, but(TAKEN, position=8)),
    (TAKEN, but(TAKEN, outcome=Outcome.REFUSED)),
    (but(TAKEN, reviews=("x", "y")), but(TAKEN, reviews=("x,y",))),
    (but(TAKEN, reason="null"), TAKEN),
    (but(TAKEN, id="b", outcome=Outcome.REVIEW), TAKEN),
    (but(TAKEN, id="nobody sent this"), but(TAKEN, id="b")),
)


def _believed(sent: list[str], said: tuple[Receipt, ...]) -> Any:
    answer = Outcomes(epoch="e1", durable_through=3, receipts=said)
    return {
        "sent": sent,
        "answer": plain(answer),
        "believed": [
            {"id": name, "position": one.position, "in_custody": one.in_custody}
            for name, one in receipts_for(sent, answer).items()
        ],
    }
