"""GET /tablet/, /console/ and /verify/: the technicians' app, the desk's, and the page
that checks papers, as they were built, to whoever asks.

A door that hands out files of three folders and nothing else; it knows nobody, holds
nothing and is no part of the API. May not enter: what an app does, building it.
"""

from pathlib import Path

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    redirect,
    request,
    send_file,
)
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as Answer

from sync.problems import Refused

_HERE = Path(__file__).parent / "built"
BUILT = {name: _HERE / name for name in ("tablet", "console", "verify")}
PAGE = "index.html"
HASHED = "assets/"  # named by their content: what has come once need not come again
PACKED = (("br", ".br"), ("gzip", ".gz"))  # lie beside each file, the best one first

TYPES = {  # said here, because a machine's own table may say something else
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}

# Nothing from elsewhere, nothing inline, in nobody's frame (U29). Photos and strokes
# are shown from memory, hence blob: and data:.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The page that checks is one file, and says in itself by digest which script may run.
POLICIES = {
    "verify": "default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
}
ALLOWED = {
    "tablet": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "console": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "verify": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Encoding",
}

blp = Blueprint("apps", __name__)


def register(app: Flask) -> None:
    """Hand out what was built, also when it is replaced later."""
    app.extensions["doorstep.apps"] = dict(BUILT)
    app.register_blueprint(blp)


@blp.get("/")
def home() -> Answer:
    """A tablet is led to /tablet/ by its code; whoever types the name is at a desk."""
    return redirect("/console/")


@blp.get("/<any(tablet,console,verify):app>/")
def page(app: str) -> Response:
    """An app's one page."""
    return _handed_out(app, PAGE)


@blp.get("/<any(tablet,console,verify):app>/<path:name>")
def part(app: str, name: str) -> Response:
    """Anything else that was built."""
    return _handed_out(app, name)


def _handed_out(app: str, name: str) -> Response:
    """The file, as small as its reader can unpack it."""
    path, coding = _found(app, name)
    kind = TYPES.get(Path(name).suffix, "application/octet-stream")
    answer = send_file(path, mimetype=kind, conditional=True, etag=True)
    answer.headers["Content-Type"] = kind
    for header, value in HEADERS.items():
        answer.headers[header] = value
    answer.headers["Content-Security-Policy"] = POLICIES.get(app, POLICY)
    answer.headers["Permissions-Policy"] = ALLOWED[app]
    fixed = name.startswith(HASHED)
    age = "public, max-age=31536000, immutable" if fixed else "no-cache"
    answer.headers["Cache-Control"] = age
    if coding:
        answer.headers["Content-Encoding"] = coding
    return answer


def _found(app: str, name: str) -> tuple[Path, str]:
    """Where the file lies, and how it is packed; refuses what was not built."""
    built = _built(app)
    path = safe_join(str(built), name)
    if path is None or not Path(path).is_file():
        raise Refused("not_found" if (built / PAGE).is_file() else "app_not_built")
    for coding, ending in PACKED:
        packed = Path(path + ending)
        if request.accept_encodings.quality(coding) > 0 and packed.is_file():
            return packed, coding
    return Path(path), ""


def _built(app: str) -> Path:
    built: dict[str, Path] = current_app.extensions["doorstep.apps"]
    return built[app]
