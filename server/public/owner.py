"""GET and POST /o/<token>: the owner's own page, without an account.

What is sent from here is stated as the owner's word through the link, and never as
anybody's who works here. May not enter: what the page says (`owner_words`).
"""

import re
from collections.abc import Callable, Mapping

from flask import Response, redirect, request
from werkzeug.wrappers import Response as Answer

from server.board import as_order
from server.database import reading, writing
from server.documents import texts
from server.issuing import issued
from server.ledger import Decision
from server.owner_links import order_of
from server.owner_tables import owner_report
from server.paper.knowledge import latest
from server.parts import Parts, the_parts
from server.public.check import at_pace, confirming
from server.public.owner_words import MOST_WORDS, PERSON, Shown, owner_page
from server.public.pace import ACT, FILE
from server.public.page import HEADERS, shown, the_speech
from server.public.standing import found_by
from server.story import called
from sync.envelope import SHA256_HEX
from sync.facts import What
from sync.facts.owner import (
    CHIPS,
    COMPLAINTS,
    DISPUTES,
    OWNER,
    OwnerComplained,
    OwnerDisputed,
    OwnerRated,
)
from sync.order import Order
from sync.problems import Refused
from sync.signing import b64
from sync.strength import open_dispute

SMALL, LARGE = 256, 1024
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def own(token: str) -> Answer:
    """The page, a photo or the paper of the order that this link opens."""
    parts = the_parts()
    name = _opened(parts, token)
    if request.method == "POST":
        at_pace(ACT)
        at_pace(ACT, f"link {name}")
        return _said(parts, name)
    if photo := request.args.get("photo"):
        return _photo(parts, name, photo)
    if request.args.get("paper") == "pdf":
        at_pace(FILE)
        return _paper(parts, name)
    return shown(owner_page(_looked_up(parts, name), the_speech()))


def _opened(parts: Parts, token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise Refused("owner_link_over")
    return order_of(parts.engine, token, parts.now())


def _order(parts: Parts, name: str) -> tuple[Order, Mapping[str, str], frozenset[str]]:
    with reading(parts.engine) as connection:
        text = texts(connection, [name]).get(name)
    if text is None:
        raise Refused("owner_link_over")
    values = {promised: pair[1] for promised, pair in text.private.items()}
    here = frozenset(one for one, flaw in text.held.items() if not flaw)
    return as_order(text.text), values, here


def _looked_up(parts: Parts, name: str) -> Shown:
    order, values, here = _order(parts, name)
    now = latest(order)
    found = found_by(parts, now.sheet) if now else None
    with reading(parts.engine) as connection:
        people = called(connection, order.people)
    asks = now is not None and confirming(parts).waiting(order, now.sheet, parts.now())
    pictures = tuple(one.blob.sha256 for one in order.photos if one.blob.sha256 in here)
    return Shown(
        order=order, found=found, texts=values, people=people, pictures=pictures,
        asks=bool(asks), done=request.args.get("done", ""),
    )  # fmt: skip


def _photo(parts: Parts, name: str, photo: str) -> Response:
    """A photo of this order, small and without metadata; of no other order."""
    order, _, here = _order(parts, name)
    mine = {one.blob.sha256 for one in order.photos} & here
    if not SHA256_HEX.fullmatch(photo) or photo not in mine:
        raise Refused("owner_link_over")
    original = parts.originals.held(photo)
    if original is None:
        raise Refused("owner_link_over")
    side = SMALL if request.args.get("small") else LARGE
    made = parts.originals.preview(original, side)
    return Response(made, mimetype="image/jpeg", headers=_private())


def _paper(parts: Parts, name: str) -> Response:
    made = issued(parts, name, "owner", None, whole=True)
    headers = _private() | {
        "Content-Disposition": 'attachment; filename="acceptance.pdf"'
    }
    return Response(made, mimetype="application/pdf", headers=headers)


def _private() -> dict[str, str]:
    return HEADERS | {"Cache-Control": "private, no-store"}


# what the owner says


def _said(parts: Parts, name: str) -> Answer:
    done = SAYINGS.get(request.form.get("do", ""), _nothing)(parts, name)
    language = the_speech().language
    return redirect(f"{request.path}?done={done}&lang={language}", 303)


def _nothing(_parts: Parts, _name: str) -> str:
    raise Refused("owner_word_empty")


def _words() -> dict[str, str]:
    words = request.form.get("words", "").strip()[:MOST_WORDS]
    return {"words": words.replace("\0", "")}


def _picked(name: str, among: Mapping[str, str]) -> str:
    found = request.form.get(name, "")
    if found not in among:
        raise Refused("owner_word_empty")
    return found


def _state(
    parts: Parts,
    name: str,
    what: What,
    guard: Callable[[Order], None] = lambda _order: None,
) -> None:
    one = Decision(stream=name, what=what, private=_words(), guard=guard)
    parts.ledger.decide([one], OWNER, parts.now())


def _rate(parts: Parts, name: str) -> str:
    stars = _picked("stars", {str(n): "" for n in range(1, 6)})
    told = tuple(one for one in CHIPS if one in request.form.getlist("chips"))
    _state(parts, name, OwnerRated(stars=int(stars), chips=told))
    return "rated"


def _complain(parts: Parts, name: str) -> str:
    subject = _picked("subject", {**COMPLAINTS, PERSON: ""})
    if subject == PERSON:
        row = {"id": b64(parts.chance(32)), "stream": name, "made_ms": parts.now(),
               **_words()}  # fmt: skip
        with writing(parts.engine) as connection:
            connection.execute(owner_report.insert().values(row))
        return "reported"
    _state(parts, name, OwnerComplained(subject=subject))
    return "complained"


def _dispute(parts: Parts, name: str) -> str:
    reason = _picked("reason", DISPUTES)
    now = latest(_order(parts, name)[0])
    if now is None:
        raise Refused("owner_asked_for_nothing")

    def once(order: Order) -> None:
        if open_dispute(order, now.sheet) is not None:
            raise Refused("owner_disputed_already")

    _state(parts, name, OwnerDisputed(sheet=now.sheet, reason=reason), once)
    return "disputed"


def _confirm(parts: Parts, name: str) -> str:
    now = latest(_order(parts, name)[0])
    if now is None:
        raise Refused("owner_code_over")
    code = request.form.get("code", "")[:12]
    confirming(parts).confirm(name, now.sheet, code, parts.now())
    return "confirmed"


SAYINGS: Mapping[str, Callable[[Parts, str], str]] = {
    "rate": _rate,
    "complain": _complain,
    "dispute": _dispute,
    "confirm": _confirm,
}
