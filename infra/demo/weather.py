"""What can go wrong with one exchange, and how likely that is.

May not enter: how it is done (`network`).
"""

from dataclasses import dataclass, fields
from random import Random

from infra.demo.exchanges import first_line


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one exchange.

    `kind` is a row of `network.KINDS`. `at` is a byte of the request or the answer
    (a share of its length if it is a fraction), `ms` a delay. `on` says for which
    request: text must occur in `POST /v1/…`, bytes anywhere in the request.
    """

    kind: str
    at: int | float = 0
    ms: int = 0
    on: str | bytes = ""

    def meant_for(self, request: bytes) -> bool:
        if isinstance(self.on, bytes):
            return self.on in request
        return self.on in first_line(request)


FAIR = Fault("fair")


@dataclass(frozen=True)
class Weather:
    """How likely each kind of fault is, per exchange; the rest goes well."""

    cut_request: float = 0.0
    cut_answer: float = 0.0
    lose_answer: float = 0.0
    delay: float = 0.0
    send_twice: float = 0.0
    send_again_later: float = 0.0
    flip_request: float = 0.0
    flip_answer: float = 0.0
    portal: float = 0.0
    longest_delay_ms: int = 40

    def draw(self, dice: Random) -> Fault:
        """The fault of one exchange; every draw throws the same number of dice."""
        luck, at, ms = dice.random(), dice.random(), dice.random()
        for kind in DRAWN:
            luck -= getattr(self, kind)
            if luck < 0:
                return Fault(kind, at, int(ms * self.longest_delay_ms))
        return FAIR


DRAWN = tuple(field.name for field in fields(Weather) if field.type is float)
CLEAR = Weather()
ROUGH = Weather(
    cut_request=0.03,
    cut_answer=0.03,
    lose_answer=0.03,
    delay=0.1,
    send_twice=0.04,
    send_again_later=0.03,
    flip_request=0.01,
    flip_answer=0.01,
    portal=0.01,
)
STORMY = Weather(
    cut_request=0.08,
    cut_answer=0.08,
    lose_answer=0.08,
    delay=0.15,
    send_twice=0.06,
    send_again_later=0.04,
    flip_request=0.02,
    flip_answer=0.02,
    portal=0.04,
)
