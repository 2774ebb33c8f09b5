"""Who sends the request that is being answered, and the seal on the answer.

The two ends of every door: identity comes in, a sealed answer goes out (F26). May not
enter: what is asked.
"""

from io import BytesIO

from flask import Flask, Response, g, request

from server.auth import Asked, Caller
from server.browsers import headers, prove_page, the_cookie
from server.deflate import pack
from server.examine import Author
from server.incoming import Incoming
from server.inflate import RAW, TOO_LARGE
from server.parts import the_parts
from server.sessions import Session
from sync.problems import Refused
from sync.signing import answer_text

# Doors that open to anybody; every other one asks who is there, before anything else.
OPEN = frozenset(
    {"status.healthz", "devices.enrol", "api-docs.openapi_json", "log.keys"}
    | {"session.ways", "session.log_in", "session.choose_password"}
    | {"session.ask_provider", "session.provider_answers"}
    | {"apps.home", "apps.page", "apps.part"}  # the apps themselves tell nothing
    # for whoever holds a paper or an owner's link
    | {"public.asking", "public.checked", "public.former", "public.own"}
)
GREETING = "exchange.hello"  # where a device without a time token may come
# What is left to a revoked device: to hand in what it has, never to read (F14).
HANDING_IN = frozenset({
    GREETING, "exchange.push", "exchange.have", "log.consistency",
})  # fmt: skip

UPLOADS = "uploads"  # the doors that open to a grant,
BUNDLES = "bundles"  # because what comes in there proves itself
GRANTED = frozenset({UPLOADS, BUNDLES})
SEAL_TO = "Doorstep-Seal-To"  # what nobody else says, from whoever has no signature

MOST_BYTES = 256 * 1024  # of a body that is read whole
MOST_PIECE_BYTES = 16 * 1024 * 1024  # of a piece of an upload that is read whole
MOST_READ = {UPLOADS: MOST_PIECE_BYTES, "public": MOST_PIECE_BYTES}  # a paper to check


def the_caller(*, token_needed: bool = True) -> Caller:
    """Who asks; refuses with 401 if that is not proven."""
    if "caller" not in g:
        caller = _at_a_desk() or _by_signature(token_needed=token_needed)
        if caller.leave and request.blueprint not in GRANTED:
            raise Refused("credentials_wrong")
        g.caller = caller
        g.seal_to = caller.signature or _asked_to_seal()
    known: Caller = g.caller
    return known


def _by_signature(*, token_needed: bool) -> Caller:
    authorization = request.headers.get("Authorization", "")
    asked = Asked(
        method=request.method,
        target=_target(),
        body=_body() if authorization.startswith("Doorstep ") else b"",
        authorization=authorization,
    )
    parts = the_parts()
    return parts.door.who(asked, token_needed=token_needed, now_ms=parts.now())


def _at_a_desk() -> Caller | None:
    """Who is logged in in the browser that asks; changes come from pages of ours."""
    if not (token := the_cookie()):
        return None
    parts = the_parts()
    g.session = parts.sessions.of(token, parts.now())
    prove_page(parts.sessions, token)
    return Caller(
        actor=g.session.person, grants=g.session.grants, signature="",
        session=g.session.id,
    )  # fmt: skip


def the_session() -> Session:
    """The session of whoever asks; those who prove themselves anew each time have
    none."""
    if not the_caller().session:
        raise Refused("not_found")
    found: Session = g.session
    return found


def _body() -> bytes:
    """The whole body as it came; a device signs every byte of it."""
    raw: bytes | None = request.environ.get(RAW)
    return raw or request.get_data(cache=True)


def the_piece() -> Incoming:
    """The bytes that come with this request: read when it was signed, else on their
    way yet."""
    if the_caller().leave:
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


def must(action: str, project: str | None = None) -> Caller:
    """Who asks, if they may do this in this project; not said where: in any."""
    caller = the_caller()
    if not caller.may(action, project):
        raise Refused("forbidden")
    return caller


def must_order(action: str, stream: str) -> Caller:
    """Who asks, if they may do this to this order. One that they may not even read is
    as if it were unknown, in every byte of the answer (X9)."""
    caller, feed = the_caller(), the_parts().feed
    if not feed.may_see(caller.actor, caller.grants, stream):
        raise Refused("not_found")
    if not caller.may(action, feed.project_of(stream)):
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
    most = MOST_READ.get(request.blueprint or "", MOST_BYTES)
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
    for name, value in headers().items():
        answer.headers.setdefault(name, value)
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
