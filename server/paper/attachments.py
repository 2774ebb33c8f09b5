"""What goes along inside the paper, so that it proves itself without our server.

Exact bytes wherever somebody may want to hash them again. May not enter: words on the
paper, who may have it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from server.paper.copies import Copy
from server.paper.knowledge import Known
from sync.envelope import read
from sync.plain import but
from sync.proof import MEDIA_TYPE, NAME, Proof, write
from sync.sheet import MEDIA_TYPE as SHEET
from sync.words import N_

JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file inside the PDF. `relationship`: PDF/A-3's AFRelationship."""

    name: str
    data: bytes
    type: str
    relationship: str
    description: str  # a sentence of the catalogue

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()

    @property
    def listed(self) -> dict[str, str]:
        """As the page declares it."""
        return {
            "name": self.name,
            "type": self.type,
            "relationship": self.relationship,
            "description": self.description,
        }


def attached(known: Known, copy: Copy) -> tuple[Attached, ...]:
    """Everything that this copy may carry."""
    some = [
        Attached(name="sheet.json", data=known.sheet, type=SHEET,
                 relationship="source", description=N_("签字人看到的验收单，逐字节")),
        Attached(name=NAME, data=write(shown(known, copy)), type=MEDIA_TYPE,
                 relationship="data",
                 description=N_("全部记录、收据、设备签名和总账的证明")),
    ]  # fmt: skip
    if known.strokes is not None and copy.draws_signature:
        some.append(Attached(
            name="strokes.json", data=known.strokes, type=JSON, relationship="source",
            description=N_("签字笔迹，逐字节"),
        ))  # fmt: skip
    return (*some, _digests(known, some))


def shown(known: Known, copy: Copy) -> Proof:
    """The proof with those private values that stand on this paper as they are: what
    the desk noted for itself stays a commitment."""
    opened = {
        promised
        for name, promised in _spoken_of(known)
        if promised in known.texts
        and copy.shown(name, value := known.texts[promised][1]) == value
    }
    facts = tuple(
        but(one, x={name: held for name, held in one.x.items()
                    if read(one.b).head.private.get(name) in opened})
        for one in known.proof.facts
    )  # fmt: skip
    return but(known.proof, facts=facts)


ON_PAPER = frozenset({
    "building", "unit", "room", "owner", "fault", "what", "where", "words", "name",
    "signer", "witness",
})  # fmt: skip


def _spoken_of(known: Known) -> Iterator[tuple[str, str]]:
    """The texts that stand on the paper, by name and commitment."""
    yield from _promises(known.said)
    for part in known.order.rounds:
        for verdict in part.verdicts:
            yield from verdict.private.items()
        for word in part.inspections:
            yield from word.private.items()


def _promises(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, promised in value.get("private", {}).items():
            if name in ON_PAPER:
                yield name, promised
        for held in value.values():
            yield from _promises(held)
    elif isinstance(value, list):
        for held in value:
            yield from _promises(held)


def _digests(known: Known, some: list[Attached]) -> Attached:
    """What everything is recognised by, and which state of the book this is."""
    said = {
        "certificate": 1,
        "order": known.order.stream,
        "number": known.order.number,
        "round": known.round,
        "answer": known.verdict.answer,
        "stands": known.stands,
        "epoch": known.proof.head.epoch,
        "size": known.proof.head.size,
        "acceptance": known.verdict.fact,
        "sheet": known.verdict.sheet,
        "signature": known.verdict.signature,
        "photos": [one["sha256"] for one in known.said["photos"]],
        "superseded": [
            one.sheet
            for part in known.order.rounds
            for one in part.verdicts
            if one.sheet != known.verdict.sheet
        ],
        "files": {one.name: one.digest for one in some},
    }
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
    return Attached(name="digests.json", data=text.encode(), type=JSON,
                    relationship="supplement",
                    description=N_("全部指纹和本单的版本"))  # fmt: skip
