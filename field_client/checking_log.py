"""The server's book goes on from where it was: nothing changed, nothing taken out.

Each head must be shown to go on from the one before. A server that shows another
history is not exchanged with: everything stays here, and what it signed is kept as
evidence (X7, X8). May not enter: how a proof is checked (`sync/heads.py`).
"""

from pathlib import Path
from urllib.parse import urlencode

from field_client.contact import Exchanging
from field_client.heads import Evidence, Known, keep, read, trusted
from field_client.transport import Answered
from sync.heads import ANOTHER_HISTORY, LogHead, goes_on
from sync.plain import but
from sync.problems import Refused

MOST_EVIDENCE = 20


def check_log(exchange: Exchanging) -> None:
    """Is the newest head that was heard of proven to go on from the one that is kept?
    Then that one is kept. Refused: `another_history`."""
    folder, shown = exchange.store.folder, exchange.head
    known = read(folder)
    if shown is None:
        if known.head is not None:
            exchange.report.trouble("check_log", "log_silent")
        return
    if known.head is not None and _same(known.head, shown):
        return
    path = _path(exchange, known.head, shown)
    if not _holds(exchange, known, shown, path):
        _object(folder, known, shown, path)
    keep(folder, but(known, head=shown))


def _same(held: LogHead, shown: LogHead) -> bool:
    return (held.epoch, held.size, held.root) == (shown.epoch, shown.size, shown.root)


def _path(
    exchange: Exchanging, held: LogHead | None, shown: LogHead
) -> tuple[str, ...]:
    """What the server says to prove it; a server that cannot has proven nothing."""
    if held is None or not 0 < held.size < shown.size:
        return ()
    asked = urlencode({"old": held.size, "new": shown.size})
    try:
        answer = exchange.door.ask_json("GET", f"/v1/log/consistency?{asked}")
    except Answered as no:
        if no.status != 404:
            raise
        return ()
    path = answer.get("path", ()) if isinstance(answer, dict) else ()
    return tuple(one for one in path if isinstance(one, str))


def _holds(
    exchange: Exchanging, known: Known, shown: LogHead, path: tuple[str, ...]
) -> bool:
    if not trusted(known, exchange.door.who.server_key).head(shown):
        return False
    lineage = exchange.store.vouchers.epochs()
    return known.head is None or goes_on(known.head, shown, path, lineage)


def _object(folder: Path, known: Known, shown: LogHead, path: tuple[str, ...]) -> None:
    held = known.head or shown
    one = Evidence(held=held, shown=shown, path=path)
    if all(not _same(one.shown, other.shown) for other in known.evidence):
        evidence = (*known.evidence, one)[-MOST_EVIDENCE:]
        keep(folder, but(known, evidence=evidence))
    raise Refused(ANOTHER_HISTORY, size=held.size)
