"""GET and POST /v/<code>: does this paper hold, and how does it stand today?

May not enter: what is known of it (`standing`), what the page says (`check_words`).
"""

from flask import current_app, redirect, request
from werkzeug.wrappers import Response as Answer

from server.confirming import Confirming
from server.parts import Parts, the_parts
from server.public import codes, comparing
from server.public.check_words import asking_page, check_page
from server.public.pace import ACT, FILE, MISS, SHORT, Pace, network_of
from server.public.page import shown, the_speech
from server.public.standing import Found, digest_by_short, found_by
from sync.problems import Refused


def pace() -> Pace:
    """How often each address may ask."""
    known: Pace = current_app.extensions["doorstep.pace"]
    return known


def at_pace(sort: str, whose: str = "") -> None:
    """Refuse whoever does this too often."""
    mine = whose or network_of(request.remote_addr or "")
    pace().take(sort, mine, the_parts().now())


def asking() -> Answer:
    """Where somebody without a QR code begins; a form leads to the page itself."""
    if request.method == "GET":
        return shown(asking_page(the_speech()))
    if request.form.get("do") == "short":
        code = codes.code_of(_by_short())
    else:
        code = "".join(request.form.get("whole", "").split())[-64:]
        code = code if codes.digest_of(code) else code.rpartition("/")[2]
    return redirect(f"/v/{code or '-'}?lang={the_speech().language}", 303)


def _by_short() -> str:
    number = request.form.get("number", "").strip()[:64]
    short = request.form.get("code", "").strip()
    at_pace(MISS)
    at_pace(SHORT, f"number {number}")
    found = None
    if codes.SHORT.fullmatch(short):
        found = digest_by_short(the_parts(), number, short)
    if found is None:
        raise Refused("copy_unknown")
    return found


def checked(code: str) -> Answer:
    """What is known of this sheet; with a form: does what the reader holds agree?"""
    digest = codes.digest_of(code)
    if digest is None:
        at_pace(MISS)
        raise Refused("copy_unknown")
    found = found_by(the_parts(), digest)
    if found is None:
        at_pace(MISS)
        raise Refused("copy_not_here")
    if request.method == "POST":
        return _compared(found)
    parts = the_parts()
    now_ms = parts.now()
    asks = confirming(parts).waiting(found.order, found.verdict.sheet, now_ms)
    page = check_page(found, parts.keys, the_speech(), now_ms, asks=asks is not None)
    return shown(page)


def confirming(parts: Parts) -> Confirming:
    """Who asks owners and takes their answers."""
    return Confirming(parts.engine, parts.keys, parts.ledger)


def _confirmed(found: Found, code: str) -> Answer:
    at_pace(ACT)
    parts, sheet = the_parts(), found.verdict.sheet
    confirming(parts).confirm(found.order.stream, sheet, code, parts.now())
    language = the_speech().language
    return redirect(f"/v/{codes.code_of(sheet)}?lang={language}", 303)


def _compared(found: Found) -> Answer:
    speech, said = the_speech(), request.form.get("digest", "")
    if request.form.get("do") == "confirm":
        return _confirmed(found, request.form.get("code", "")[:12])
    if request.form.get("do") == "digest":
        at_pace(MISS)
        return shown(comparing.digest_page(found, said, speech))
    at_pace(FILE)
    file = request.files.get("file")
    data = file.read(comparing.MOST_BYTES + 1) if file else b""
    return shown(comparing.file_page(found, data, the_parts().keys, speech))
