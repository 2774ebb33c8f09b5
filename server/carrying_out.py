"""An erasure that was asked for is carried out wherever the values lie: noted outside,
in the places for backups, in the file of messages, in the book (S1).

What waited for a legal hold is carried out when the hold ends, whether somebody lets it
go or its day comes. May not enter: who asks, what is said to them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from server import hold_notes
from server.backup.where import places
from server.database import reading
from server.erasures import Act, act_on, acts_beside, erase, send, write_down
from server.forgetting import values_of
from server.hold_notes import Waiting
from server.holds import done, due
from server.notices.texting import forget_texts
from server.parts import Parts
from server.shelf import Cellar
from sync.problems import Refused


class Late(NamedTuple):
    """A place for backups that could not be reached; it hears of it before it gets its
    next backup."""

    place: str
    why: Refused


def meant(parts: Parts, asked: Sequence[Waiting]) -> list[Act]:
    """What would go of these orders, and what names the same people where no order
    is."""
    now_ms = parts.now()
    with reading(parts.engine) as connection:
        found = [act_on(connection, one.stream, one.roles, one.reason, now_ms)
                 for one in asked]  # fmt: skip
        acts = [act for act in found if act.commitments or act.blobs]
        return [*acts, *acts_beside(connection, acts)]


def carry_out(parts: Parts, acts: Sequence[Act]) -> list[Late]:
    """It goes. Free to repeat."""
    data = parts.config.data
    phones = _phones(parts, acts)
    for act in acts:
        write_down(data, act)
    late = [no for place in places(parts.config) for no in _sent(parts, place, acts)]
    forget_texts(data, phones)
    for act in acts:
        erase(parts.engine, parts.shelf, parts.keys, act)
    return late


def catch_up(parts: Parts) -> tuple[list[Act], list[Late]]:
    """Whatever waits for nothing any more is carried out."""
    ready = due(parts.engine, parts.now())
    acts = meant(parts, ready)
    late = carry_out(parts, acts)
    if ready:
        done(parts.engine, parts.config.data, [one.stream for one in ready])
    return acts, late


def tell_places(parts: Parts) -> list[Late]:
    """Every place for backups knows what is held, let go and asked for."""
    data, late = parts.config.data, []
    for place in places(parts.config):
        try:
            hold_notes.send(place, hold_notes.written_down(data), data / "scratch")
        except Refused as refusal:
            late.append(Late(place.address, refusal))
    return late


def _phones(parts: Parts, acts: Sequence[Act]) -> set[str]:
    with reading(parts.engine) as connection:
        values = [values_of(connection, a.stream, a.commitments) for a in acts]
    return {phone for said in values for phone in said.get("phone", ())}


def _sent(parts: Parts, place: Cellar, acts: Sequence[Act]) -> list[Late]:
    try:
        send(place, acts, parts.config.data / "scratch")
    except Refused as refusal:
        return [Late(place.address, refusal)]
    return []
