"""Who sends the request that is being answered, and the seal on the answer.

The two ends of every door: identity comes in, a sealed answer goes out (F26). May not
enter: what is asked.
"""

from io import BytesIO

from flask import Flask, Response, g, request

from server.auth import Asked, Caller
from server.deflate import pack
from server.examine import Author
from server.incoming import Incoming
from server.inflate import RAW, TOO_LARGE
from server.parts import the_parts
from sync.problems import Refused
from sync.signing import answer_text

# Doors that open to anybody; every other one asks who is there, before anything else.
OPEN = frozenset(
    {"status.healthz", "devices.enrol", "api-docs.openapi_json"}
    | {"tablet.home", "tablet.page", "tablet.part"}  # the app itself tells nothing
)
GREETING = "exchange.hello"  # where a device without a time token may come
# What is left to a revoked device: to hand in what it has, never to read (F14).
HANDING_IN = frozenset({GREETING, "exchange.push", "exchange.have"})

UPLOADS = "uploads"  # the doors that open to a grant,
BUNDLES = "bundles"  # because what comes in there proves itself
GRANTED = frozenset({UPLOADS, BUNDLES})
SEAL_TO = "Doorstep-Seal-To"  # what nobody else says, from whoever has no signature

MOST_BYTES = 256 * 1024  # of a body that is read whole
MOST_PIECE_BYTES = 16 * 1024 * 1024  # of a piece of an upload that is read whole


def the_caller(*, token_needed: bool = True) -> Caller:
    """Who asks; refuses with 401 if that is not proven."""
    if "caller" not in g:
        authorization = request.headers.get("Authorization", "")
        asked = Asked(
            method=request.method,
            target=_target(),
            body=_body() if authorization.startswith("Doorstep ") else b"",
            authorization=authorization,
        )
        parts = the_parts()
        caller = parts.door.who(asked, token_needed=token_needed, now_ms=parts.now())
        if caller.grant and request.blueprint not in GRANTED:
            raise Refused("credentials_wrong")
        g.caller = caller
        g.seal_to = caller.signature or _asked_to_seal()
    known: Caller = g.caller
    return known


def _body() -> bytes:
    """The whole body as it came; a device signs every byte of it."""
    raw: bytes | None = request.environ.get(RAW)
    return raw or request.get_data(cache=True)


def the_piece() -> Incoming:
    """The bytes that come with this request: read when it was signed, else on their
    way yet."""
    if the_caller().grant:
        return Incoming.of(request.environ)
    body = request.get_data(cache=True)
    return Incoming(BytesIO(body), len(body))


def the_caller_still() -> Caller:
    """Who asks, proven anew: while somebody waits, a tablet may have been stolen or
    given to somebody else."""
    g.pop("caller", None)
    return _admitted(the_caller())


def the_device() -> Author:
    """The enrolled device that asks; refuses staff without one."""
    author = the_caller().author
    if author is None:
        raise Refused("forbidden")
    return author


def the_desk() -> Caller:
    """Who asks, if it is somebody who may decide."""
    caller = the_caller()
    if caller.role not in ("dispatcher", "manager"):
        raise Refused("forbidden")
    return caller


def seal_to(text: str) -> None:
    """Seal the answer to this; for callers who have no signature yet."""
    g.seal_to = text


def register(app: Flask) -> None:
    """Ask at every door, and seal every answer that knows to whom."""
    app.before_request(_receive)
    app.after_request(_seal)


def _receive() -> None:
    """Bound the body, then prove who asks: nobody learns shapes without (X5, X18)."""
    most = MOST_PIECE_BYTES if request.blueprint == UPLOADS else MOST_BYTES
    if request.environ.get(TOO_LARGE):
        raise Refused("request_too_large", limit=most)
    if request.blueprint == BUNDLES:
        _the_bringer()
        return
    if RAW not in request.environ:  # what was packed, was bounded when unpacking
        request.max_content_length = most
    if request.endpoint is None or request.endpoint in OPEN:
        return
    if request.method != "OPTIONS":
        _admitted(the_caller(token_needed=request.endpoint != GREETING))


def _the_bringer() -> None:
    """Whoever brings a bundle signs nothing, so its body is not read here."""
    if request.headers.get("Authorization", "").startswith("Doorstep "):
        raise Refused("credentials_wrong")
    the_caller()


def _admitted(caller: Caller) -> Caller:
    """A revoked device comes in only to hand in what it has (F14)."""
    if caller.author and caller.author.revoked and not _hands_in():
        raise Refused("device_revoked")
    return caller


def _hands_in() -> bool:
    return request.endpoint in HANDING_IN or request.blueprint == UPLOADS


def _seal(answer: Response) -> Response:
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    to = _sealed_to()
    if to and not answer.is_streamed and not answer.direct_passthrough:
        text = answer_text(to, answer.status_code, _as_it_travels(answer))
        answer.headers["Doorstep-Seal"] = the_parts().keys.seal(text)
    pack(request, answer)  # after the seal, which is over the plain bytes
    return answer


def _as_it_travels(answer: Response) -> bytes:
    """What the asker will have in hand: to HEAD, nothing is said, not even why not."""
    return b"" if request.method == "HEAD" else answer.get_data()


def _sealed_to() -> str | None:
    """The signature in the request, also when it did not prove anything: a tablet that
    is turned away must be able to believe that too."""
    if "seal_to" in g:
        return str(g.seal_to)
    if to := _asked_to_seal():
        return to
    _, found, rest = request.headers.get("Authorization", "").partition('signature="')
    return rest.partition('"')[0] if found else None


def _asked_to_seal() -> str:
    """What a request without a signature wants its answer sealed to."""
    said = request.headers.get(SEAL_TO, "")[:100]
    return f"{UPLOADS} {said}" if said and request.blueprint in GRANTED else ""


def _target() -> str:
    """Path and query exactly as sent."""
    path = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if path is None:
        query = request.query_string.decode("latin-1")
        path = request.path + (f"?{query}" if query else "")
    return str(path)
