"""What a recorded server promised to those who asked it, and whether it is kept.

A promise is made the moment the first byte of the answer leaves. It is read off the
wire as any stranger could; what is looked at afterwards is read through the product.
May not enter: when the power is cut.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import func as sql
from sqlalchemy import select

from server.database import open_engine, reading
from server.tables import blob, claim, device, event, fact, head, quarantine
from tests.faults.recording import Moment


@dataclass(frozen=True)
class Promise:
    """Something that must be there whatever happens: in which table, under which name,
    and at which position if one was told."""

    what: str
    name: str
    at: int | None = None


def promised(recording: Sequence[Moment]) -> dict[int, list[Promise]]:
    """What each moment of a recording promises: the one in which the first byte of an
    answer leaves."""
    asked: dict[tuple[int | None, str], bytes] = {}
    answers: list[tuple[int, bytes, bytearray]] = []
    answering: dict[tuple[int | None, str], bytearray] = {}
    for at, (when, call) in enumerate(recording):
        line = call.handle, call.path
        if not call.path.startswith("socket:") or not call.texts:
            continue
        if call.name == "recvfrom" and when == "ends":
            if answering.pop(line, None) is not None:
                asked[line] = b""
            asked[line] = asked.get(line, b"") + call.texts[0]
        elif call.name == "sendto" and when == "begins" and line in asked:
            if line not in answering:
                answering[line] = bytearray()
                answers.append((at, asked[line], answering[line]))
            answering[line] += call.texts[0]
    return {at: list(_promised(heard, bytes(said))) for at, heard, said in answers}


def _promised(asked: bytes, answer: bytes) -> Iterator[Promise]:
    way = b" ".join(asked.split(b" ", 2)[:2]).decode()
    headers, _, body = answer.partition(b"\r\n\r\n")
    if not headers.split(b" ")[1].startswith(b"2"):
        return
    said = json.loads(body) if body.startswith(b"{") else {}
    if way == "POST /v1/sync/push":
        for one in said["receipts"]:
            assert one["outcome"] in CUSTODY, one
            yield Promise("fact", one["id"], one["position"])
    elif way == "POST /v1/sync/hello":
        claims = json.loads(asked.partition(b"\r\n\r\n")[2])["claims"]
        yield from (Promise("claim", c["tip"]) for c in claims if c.get("tip"))
    elif way == "POST /v1/sync/have":
        for name, one in said["blobs"].items():
            yield from [Promise("blob", name, one["position"])] if one else []
    elif way == "POST /v1/devices":
        yield Promise("device", said["device"])


CUSTODY = ("stored", "duplicate", "review", "deferred", "quarantined")


def kept(folder: Path) -> Mapping[str, Mapping[str, int | None]]:
    """Everything of that kind that the book in this folder holds: name -> position."""
    engine = open_engine(f"sqlite:///{folder}/doorstep.db")
    try:
        with reading(engine) as connection:
            facts: dict[str, int | None] = {}
            for table in (fact, quarantine):
                rows = connection.execute(select(table.c.id, table.c.seq))
                facts |= {row.id: row.seq for row in rows}
            blobs = {
                row.sha256: row.seq
                for row in connection.execute(select(blob.c.sha256, blob.c.seq))
                if _is_whole(folder / "blobs", row.sha256)
            }
            return {
                "fact": facts,
                "blob": blobs,
                "claim": dict.fromkeys(
                    connection.execute(select(claim.c.tip)).scalars()
                ),
                "device": dict.fromkeys(
                    connection.execute(select(device.c.id)).scalars()
                ),
            }
    finally:
        engine.dispose()


def _is_whole(shelf: Path, name: str) -> bool:
    file = shelf / "blobs" / name[:2] / name
    return file.is_file() and sha256(file.read_bytes()).hexdigest() == name


def unsound(folder: Path) -> list[str]:
    """What SQLite and the book say against themselves; nothing, if all is well."""
    engine = open_engine(f"sqlite:///{folder}/doorstep.db")
    try:
        with reading(engine) as connection:
            said: Any = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            count = sum(
                connection.execute(select(sql.count()).select_from(one)).scalar_one()
                for one in (fact, event)
            )
            seq = connection.execute(select(head.c.seq)).scalar_one()
            receipts = set(connection.execute(select(blob.c.sha256)).scalars())
    finally:
        engine.dispose()
    wrong = [] if said == "ok" else [str(said)]
    wrong += [] if count == seq else [f"{count} rows at position {seq}"]
    return wrong + [
        f"no bytes for {r}" for r in receipts if not _is_whole(folder / "blobs", r)
    ]


def broken(found: Path, made: Sequence[Promise]) -> list[Promise]:
    """Promises that were not kept."""
    held = kept(found)
    return [
        one
        for one in made
        if one.name not in held[one.what]
        or (one.at is not None and held[one.what][one.name] != one.at)
    ]
