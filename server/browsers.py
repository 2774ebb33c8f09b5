"""What a browser brings and is given: the cookie of a session, the proof that a page of
ours speaks, and the headers that keep others out (X12–X16).

May not enter: who may do what.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Response, request

from server.sessions import Sessions, Whence
from sync.problems import Refused

COOKIE = "doorstep_session"
CSRF = "X-CSRF-Token"
MEMO = "doorstep_openid"
MEMO_PATH = "/v1/session/openid"
MEMO_S = 600
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

# Of an answer that is no page: nothing in it runs, and nobody frames it. A request with
# an Authorization header was made by a script or a tablet, no page or frame shows the
# answer: there every byte of a pull counts.
EVERYWHERE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
IN_A_PAGE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


def whence() -> Whence:
    """From where this request comes."""
    return Whence(
        address=request.remote_addr or "",
        client=request.headers.get("User-Agent", ""),
    )


def headers() -> Mapping[str, str]:
    """What keeps others out of this request's answer."""
    by_script = "Authorization" in request.headers
    return EVERYWHERE if by_script else EVERYWHERE | IN_A_PAGE


def the_cookie() -> str:
    """What the browser holds; "" if nothing, or if the request proves itself in another
    way: then no browser added it by itself."""
    if "Authorization" in request.headers:
        return ""
    return request.cookies.get(COOKIE, "")


def prove_page(sessions: Sessions, token: str) -> None:
    """Whoever changes anything with a cookie shows that a page of ours does it."""
    if request.method in SAFE:
        return
    from_our_page()
    if not sessions.is_ours(token, request.headers.get(CSRF, "")):
        raise Refused("csrf_wrong")


def from_our_page() -> None:
    """Refuses what a browser says comes from another site."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site != "same-origin" or (origin and urlsplit(origin).netloc != request.host):
        raise Refused("csrf_wrong")


def hold_cookie(made: Response, token: str) -> Response:
    """The browser is to hold this, show it to no page and send it to us alone."""
    made.set_cookie(
        COOKIE, token, path="/", httponly=True, samesite="Lax", secure=not _at_home()
    )
    return made


def hold_memo(made: Response, memo: str) -> Response:
    """The browser is to hold this until it comes back from a provider."""
    made.set_cookie(
        MEMO, memo, max_age=MEMO_S, path=MEMO_PATH, httponly=True, samesite="Lax",
        secure=not _at_home(),
    )  # fmt: skip
    return made


def let_go_of_memo(made: Response) -> Response:
    """It has come back."""
    made.delete_cookie(MEMO, path=MEMO_PATH, httponly=True, samesite="Lax")
    return made


def the_memo() -> str:
    """What the browser holds from before it went to a provider."""
    return request.cookies.get(MEMO, "")


def let_go_of_cookie(made: Response) -> Response:
    """The browser is to hold nothing any more."""
    made.delete_cookie(
        COOKIE, path="/", httponly=True, samesite="Lax", secure=not _at_home()
    )
    return made


def _at_home() -> bool:
    """Do server and browser talk in the clear on one machine?"""
    if request.is_secure:
        return False
    host = urlsplit(f"//{request.host}").hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
