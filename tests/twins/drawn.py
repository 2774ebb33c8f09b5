"""Facts and hostile bodies drawn from a seed: any kind with any payload, fast.

What a payload may hold is read off the kind's annotations, so a new kind is drawn from
the day it is listed. Some of it is out of bounds on purpose: both languages have to
say so with the same code.
"""

import enum
import functools
import json
import os
import types
import typing
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from sync.envelope import MAX_INTEGER, Head, digest, write
from sync.facts import DEVICE_KINDS, KINDS, What
from sync.facts.reconciling import CHOICES
from sync.order import order_stream
from sync.plain import Record, fields, plain
from sync.signing import b64
from tests.sync.drawn import blobs_for
from tests.sync.test_envelope import POISON

FACTS = int(os.environ.get("TWIN_FACTS", "2000"))
SEED = int(os.environ.get("TWIN_SEED", "8"))
LETTERS = [
    *"abcdefghijklmnopqrstuvwxyz ABC 0123456789",
    *'"\\/\b\f\n\r\t\x01\x1f\x7f\x85\xa0',
    *"漏水阀门赵女士，。、",
    *"e\u0301éß\u200d\u202e\u2028\u2029\ufeff\ufffd\uffff",
    *"👩🔧🚰𠮷\U0010ffff",
]
TOLD = (*KINDS.values(), *DEVICE_KINDS.values())
NAMES = [*"abc123-_"]
PEOPLE = ("li", "wang", "chen", "sun-2", "0_a")
NUMBERS = (0, 1, 2, 99, 100, -1, 10**12, 10**12 + 1, MAX_INTEGER, -MAX_INTEGER)
DAMAGE = [
    *'"{}[]:,0123456789-+.eE\\/ \t\n\r\0\x01utfné👩\ufeff\ud800\udc00',
    *("1e3", "null", "true", "\\u0000", "\\ud83d", "\\ude00", '"":0,'),
]


@functools.cache
def _fields(record: type) -> tuple[tuple[str, Any], ...]:
    return tuple((one.name, one.type) for one in fields(record))


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, itself first."""
    if isinstance(value, dict):
        yield value
        value = [*value.values()]
    if isinstance(value, list):
        for held in value:
            yield from _objects(held)


class Pen:
    """Draws; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)

    def text(self, most: int = 12) -> str:
        letters = self.chance.choices(LETTERS, k=self.chance.randint(0, most))
        return "".join(letters)

    def name(self) -> str:
        return self.chance.choice("abc0") + "".join(self.chance.choices(NAMES, k=5))

    def number(self) -> int:
        if self.chance.random() < 0.3:
            return self.chance.choice(NUMBERS)
        most = self.chance.choice((9, 1000, 10**9, MAX_INTEGER))
        return self.chance.randint(-most // 4, most)

    def digest(self) -> str:
        return digest(self.chance.randbytes(8))

    def what(self) -> What:
        """Anything that may have happened, now and then out of bounds."""
        return typing.cast(What, self._record(self.chance.choice(TOLD)))

    def _record(self, record: type) -> Any:
        fields = _fields(record)
        return record(**{name: self._named(name, hint) for name, hint in fields})

    def _named(self, name: str, hint: Any) -> Any:
        """Fields that mean less than their type allows, nearly always in bounds."""
        inside = {
            "round": lambda: self.chance.randint(1, 99),
            "sheet": lambda: self.chance.randbytes(32).hex(),
            "labour_minutes": lambda: self.chance.randint(0, 999),
            "labour_fen": lambda: self.chance.randint(0, 10**6),
            "quantity": lambda: self.chance.randint(-9, 9),
            "price_fen": lambda: self.chance.randint(0, 10**6),
            "fact": self.digest,
            "corrects": lambda: self.chance.choice((None, self.digest())),
            "review": lambda: self.digest()[:16],
            "choice": lambda: self.chance.choice(CHOICES),
            "settled": self.digest,
            "into": lambda: order_stream(self.text()),
            "duplicate": lambda: order_stream(self.text()),
            "orders": lambda: tuple(order_stream(self.text()) for _ in range(3)),
        }
        if name in inside and self.chance.random() < 0.95:
            return inside[name]()
        return self._value(hint)

    def _value(self, hint: Any) -> Any:
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            return self._value(self.chance.choice(inner))
        if origin is tuple:
            count = self.chance.randint(0, 3)
            return tuple(self._value(inner[0]) for _ in range(count))
        if origin is Mapping:
            count = self.chance.randint(0, 3)
            return {self.text(): self._value(inner[1]) for _ in range(count)}
        if hint is type(None):
            return None
        if isinstance(hint, type) and issubclass(hint, Record):
            return self._record(typing.cast(type, hint))
        if issubclass(hint, enum.Enum):
            return self.chance.choice([*hint])
        if hint is bool:
            return self.chance.random() < 0.5
        return self.number() if hint is int else self.text()

    def private(self, what: What) -> dict[str, tuple[str, str]]:
        """Values for some of the names that this kind knows, each with its salt."""
        names = [name for name in what.private if self.chance.random() < 0.7]
        return {name: (b64(self.chance.randbytes(16)), self.text(30)) for name in names}

    def reading(self) -> dict[str, Any]:
        """What clocks showed: any value is one (32)."""
        found: dict[str, Any] = {"w": self.number(), "z": self.number()}
        for key in ("m", "kw", "km", "kr"):
            if self.chance.random() < 0.5:
                found[key] = self.number()
        for key in ("i", "k"):
            if self.chance.random() < 0.5:
                found[key] = self.text()
        return found

    def _stream(self, what: What, log: str) -> str:
        """Its own, nearly always."""
        if what.kind in DEVICE_KINDS and self.chance.random() < 0.9:
            device = log.partition(".")[0]
            return f"device:{self.chance.choice((device, device, self.name()))}"
        return order_stream(self.text())

    def head(self, what: What, log: str, n: int, prev: str | None) -> Head:
        roles = blobs_for(what)
        return Head(
            stream=self._stream(what, log), log=log, n=n, prev=prev,
            epoch=self.name(), basis=abs(self.number()),
            lamport=max(1, abs(self.number())), by=self.chance.choice(PEOPLE),
            at=self.reading(),
            blobs=tuple(one for one in roles if self.chance.random() < 0.7),
        )  # fmt: skip

    def body(self) -> str:
        """A body as a device would write it."""
        what = self.what()
        n = self.chance.choice((1, 2, 77))
        head = self.head(what, f"{self.name()}.{self.name()}", n,
                         None if n == 1 else self.digest())  # fmt: skip
        return write(what.kind, what.version, head, plain(what))

    def hostile(self) -> str:
        """A body to which something was done, in one of many ways."""
        ways = (
            *(self._poisoned, self._damaged, self._swapped, self._surplus, self._deep),
            self._strange,
        )
        return self.chance.choice(ways)(self.body())

    def _written(self, frame: Any) -> str:
        """As a device would write it, mostly; other ways say the same."""
        if self.chance.random() < 0.7:
            return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
        return json.dumps(
            frame,
            ensure_ascii=self.chance.random() < 0.5,
            indent=self.chance.choice((None, 1)),
        )

    def _strange(self, body: str) -> str:
        """A word of the payload is another one."""
        frame = json.loads(body)
        held = self.chance.choice([*_objects(frame["pl"])])
        for name in [name for name, value in held.items() if isinstance(value, str)]:
            if self.chance.random() < 0.6:
                held[name] = self.chance.choice((self.text(), self.name(), "paid"))
        return self._written(frame)

    def _poisoned(self, body: str) -> str:
        """A value somewhere is no value of that field."""
        frame = json.loads(body)
        held = self.chance.choice([*_objects(frame)])
        field = self.chance.choice([*held, "surplus", "v"])
        held[field] = "POISON"
        text = self._written(frame)
        return text.replace('"POISON"', self.chance.choice([*POISON.values()]))

    def _damaged(self, body: str) -> str:
        """Some characters are others."""
        letters = [*body]
        for _ in range(self.chance.randint(1, 3)):
            place = self.chance.randrange(len(letters))
            end = place + self.chance.choice((0, 1, 1, 4))
            letters[place:end] = self.chance.choice(DAMAGE)
        return "".join(letters)

    def _swapped(self, body: str) -> str:
        """Two values stand in each other's place, or one is gone."""
        frame = json.loads(body)
        one, other = self.chance.sample([*frame], 2)
        if self.chance.random() < 0.3:
            del frame[one]
        else:
            frame[one], frame[other] = frame[other], frame[one]
        return self._written(frame)

    def _surplus(self, body: str) -> str:
        """Something more: fields, roles, commitments, several of them."""
        frame = json.loads(body)
        held = self.chance.choice((frame, frame["pl"], frame.setdefault("pc", {})))
        for _ in range(self.chance.randint(1, 3)):
            held[self.text(4)] = self.chance.choice((1, self.text(), self.digest()))
        blobs = frame.setdefault("bl", [])
        if self.chance.random() < 0.5:
            blobs += [{"sha256": "a" * 64, "bytes": 1, "type": "a/b", "role": "photo"}]
            blobs *= self.chance.choice((1, 2, 33))
        return self._written(frame)

    def _deep(self, body: str) -> str:
        """As long or as deep as it may be, or a little more."""
        frame = json.loads(body)
        depth = self.chance.randint(18, 26)
        frame["at"]["deep"] = "DEEP"
        if self.chance.random() < 0.5:
            tight = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
            short = 16 * 1024 - len(tight.encode())
            frame["at"]["long"] = "漏" * ((short + self.chance.randint(-60, 60)) // 3)
        text = self._written(frame)
        nest = self.chance.choice(("[]", ('{"a":', "}")))
        inner = "0" if nest != "[]" else ""
        return text.replace('"DEEP"', nest[0] * depth + inner + nest[1] * depth)
