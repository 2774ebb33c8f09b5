"""What a device's clocks showed, and what the server can vouch for about it.

The shapes that carry time evidence on the wire and between the server's modules.
May not enter: a clock, and any judgement about the values (`sync/timing.py`).
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any

from msgspec import Meta, ValidationError, convert

from sync.moment import LIMIT, is_whole
from sync.plain import Record, plain
from sync.problems import Refused

LONGEST_NAME = 512  # characters of a token or a boot id


# By which each field travels.
READING_KEYS = {
    "w": "wall_ms",
    "z": "offset_minutes",
    "m": "boot_ms",
    "i": "boot",
    "k": "token",
    "kw": "token_wall_ms",
    "km": "token_boot_ms",
    "kr": "rtt_ms",
}
TEXT_KEYS = frozenset({"i", "k"})
NEEDED_KEYS = frozenset({"w", "z"})
_SHORT = {name: key for key, name in READING_KEYS.items()}

Whole = Annotated[int, Meta(ge=-LIMIT, le=LIMIT)]
Name = Annotated[str, Meta(max_length=LONGEST_NAME)]


class Reading(Record, frozen=True, kw_only=True, rename=_SHORT):
    """The device's clocks when a person acted, and when its newest token came in.

    `wall_ms` is UTC as the device believes it; the zone offset is for showing only.
    `boot` names the run of the boot clock that `boot_ms` counts in. `token_boot_ms`
    belongs to the same run: a device that restarted since the token leaves it out.
    """

    wall_ms: Whole
    offset_minutes: Whole
    boot_ms: Whole | None = None
    boot: Name | None = None
    token: Name | None = None
    token_wall_ms: Whole | None = None
    token_boot_ms: Whole | None = None
    rtt_ms: Whole | None = None

    @staticmethod
    def parse(at: object) -> "Reading":
        """From the wire. Types are strict; no clock *value* is refused (32)."""
        with suppress(ValidationError):
            return convert(at, Reading)
        if not isinstance(at, Mapping):
            raise Refused("reading_malformed", field="at")
        said = {
            READING_KEYS[key]: _checked(key, value)
            for key, value in at.items()
            if key in READING_KEYS and (value is not None or key in NEEDED_KEYS)
        }
        if missing := NEEDED_KEYS - at.keys():
            key = min(missing)
            raise Refused("reading_malformed", field=key, name=READING_KEYS[key])
        return Reading(**said)

    def wire(self) -> dict[str, int | str]:
        """The short form that travels in a fact; what is unknown is left out."""
        said: dict[str, int | str] = plain(self)
        return said


class Anchor(Record, frozen=True, kw_only=True):
    """One contact: the server's time, and the device's clocks at its own end of it.

    Before an act it is an answer (the device read its clocks up to `rtt_ms` after the
    server's time), after an act a request (up to `rtt_ms` before it).
    None: nobody measured the way; the policy's bound is used.
    """

    server_ms: int
    wall_ms: int
    boot_ms: int | None = None
    boot: str | None = None
    rtt_ms: int | None = None


class Witness(Record, frozen=True, kw_only=True):
    """What the server swears to about one fact.

    Not before: the newest token among the fact and its chain's ancestors was given out
    then. Not after: the server first saw the fact, or its chain's tip, then.
    """

    not_before_ms: int | None = None
    not_after_ms: int | None = None
    before: Anchor | None = None
    after: Anchor | None = None


NOBODY = Witness()


def token_anchor(reading: Reading, server_ms: int) -> Anchor | None:
    """The contact before the act, as the fact itself tells it; `server_ms` is the
    token's own time, which the device cannot choose.
    """
    if reading.token_wall_ms is None:
        return None
    return Anchor(
        server_ms=server_ms,
        wall_ms=reading.token_wall_ms,
        boot_ms=reading.token_boot_ms,
        boot=reading.boot,
        rtt_ms=reading.rtt_ms,
    )


def hello_anchor(reading: Reading, server_ms: int) -> Anchor:
    """The contact after the act: the clocks in the hello whose tip froze the fact."""
    return Anchor(
        server_ms=server_ms,
        wall_ms=reading.wall_ms,
        boot_ms=reading.boot_ms,
        boot=reading.boot,
    )


def own_witness(newest: Anchor | None) -> Witness:
    """What a tablet can say to itself before the exchange; B at best."""
    if newest is None:
        return NOBODY
    return Witness(not_before_ms=newest.server_ms, before=newest)


def read_clocks(
    newest: Anchor | None,
    token: str | None,
    *,
    wall_ms: int,
    offset_minutes: int,
    boot_ms: int | None = None,
    boot: str | None = None,
) -> Reading:
    """The reading a device writes into a fact, given its newest contact."""
    same_run = newest is not None and boot is not None and newest.boot == boot
    return Reading(
        wall_ms=wall_ms,
        offset_minutes=offset_minutes,
        boot_ms=boot_ms,
        boot=boot,
        token=token,
        token_wall_ms=newest.wall_ms if newest else None,
        token_boot_ms=newest.boot_ms if newest and same_run else None,
        rtt_ms=newest.rtt_ms if newest else None,
    )


def _checked(key: str, value: object) -> Any:
    """One value of a reading off the wire."""
    if key in TEXT_KEYS:
        fits = isinstance(value, str) and len(value) <= LONGEST_NAME
    else:
        fits = is_whole(value)
    if not fits:
        raise Refused("reading_malformed", field=key, name=READING_KEYS[key])
    return value
