"""What a tablet keeps of its server's word on the whole book, and of its keys.

It lies beside the databases, as `heads.json`; it may be lost, and then the next head is
believed. May not enter: deciding whether a head holds (`checking_log.py`).
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from field_client.answers import understood
from field_client.door import Door
from field_client.store import Store
from field_client.transport import NoAnswer
from sync.heads import KeyWord, LogHead, Trusted, line_of_keys
from sync.plain import Record, as_json, but, typed
from sync.problems import Refused
from sync.signing import read_jwk, thumbprint

FILE = "heads.json"


class Evidence(Record, frozen=True, kw_only=True):
    """Two heads that this server signed and that cannot both be true."""

    held: LogHead
    shown: LogHead
    path: tuple[str, ...] = ()


class Known(Record, frozen=True, kw_only=True):
    """What a tablet keeps of all this."""

    head: LogHead | None = None
    keys: tuple[KeyWord, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def read(folder: Path) -> Known:
    """What is kept; nothing, if it cannot be read."""
    try:
        return typed(Known, json.loads((folder / FILE).read_text("ascii")))
    except (OSError, ValueError, Refused):
        return Known()


def keep(folder: Path, known: Known) -> None:
    """Keep this; in one step, and on disk once it returns."""
    draft = folder / f"{FILE}.new"
    with draft.open("w", encoding="ascii") as file:
        file.write(as_json(known))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / FILE)


def trusted(known: Known, pinned: Mapping[str, str]) -> Trusted:
    """The server's keys, as far as they follow from the one met when enrolling."""
    words = known.keys or (KeyWord(key=pinned),)
    return line_of_keys(words, thumbprint(dict(pinned)))


def open_door(store: Store, door: Door) -> Door:
    """The door, with the newest key that is known to be the server's."""
    known = read(store.folder)
    if known.keys:
        newest = list(trusted(known, door.who.server_key).keys.values())[-1]
        door.server_key = read_jwk(newest)
    return door


def follow_keys(store: Store, door: Door) -> bool:
    """Does the server have a new key that the old one let in? Then it is taken over.
    Nobody has to be believed for that: who asks for keys may be answered by anybody."""
    reply = door.call("GET", "/v1/log/keys", {}, b"")
    known = read(store.folder)
    try:
        listed = json.loads(reply.body)["keys"]
        words = tuple(understood(KeyWord, one) for one in listed)
    except (ValueError, KeyError, TypeError, NoAnswer):
        return False
    if len(words) <= max(1, len(known.keys)):
        return False
    line = line_of_keys(words, thumbprint(dict(door.who.server_key)))
    kept = tuple(one for one in words if thumbprint(dict(one.key)) in line.keys)
    if len(kept) <= max(1, len(known.keys)):
        return False
    keep(store.folder, but(known, keys=kept))
    open_door(store, door)
    return True
