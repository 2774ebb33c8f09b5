"""A scripted evening on Li's tablet, in a process of its own that may be killed.

It tells the facts of a visit and writes a line to stdout for each that it was told is
on disk. `python -m tests.field_client.evening FOLDER`.
"""

import os
import sys
from pathlib import Path

from field_client.client import Client
from field_client.store import Store
from sync.facts.visit import Arrived, Left
from sync.facts.work import Photographed
from sync.order import order_stream

FACTS = 10
STREAM = order_stream("R2611-0187")


def tell_all(folder: Path, out: int) -> None:
    """The whole evening."""
    with Store(folder) as store:
        client = Client(store)
        for number in range(FACTS):
            os.write(out, f"{_tell(client, number)}\n".encode())


def _tell(client: Client, number: int) -> str:
    if number % 3 == 1:
        photo = {"photo": (b"photo %d " % number * 3000, "image/jpeg")}
        return client.tell(STREAM, Photographed(moment="before"), blobs=photo).id
    if number % 2:
        return client.tell(STREAM, Arrived(), {"place": "312304000,1214737000,15"}).id
    return client.tell(STREAM, Left()).id


if __name__ == "__main__":
    tell_all(Path(sys.argv[1]), 1)
