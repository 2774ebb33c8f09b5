"""Pages for whoever holds a paper, and for the owner: plain HTML, no script.

A door like `api/`: it reads what was asked, calls one thing, shows a page. Nobody logs
in here, so nothing leaves unmasked but to the owner's own unguessable link (S1, X6).
May not enter: rules, what is written into the book.
"""

from flask import Blueprint, Flask, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from server.parts import the_parts
from server.problems import STATUS
from server.public import check, owner
from server.public.check_words import refusal_page
from server.public.pace import LOOK, Pace, network_of
from server.public.page import shown, the_speech
from server.words import say
from sync.problems import Refused

blp = Blueprint("public", __name__, template_folder="templates")


def register(app: Flask) -> None:
    """Open these doors."""
    app.extensions["doorstep.pace"] = Pace()
    app.register_blueprint(blp)


@blp.errorhandler(Refused)
def refused(refusal: Refused) -> Response:
    """A refusal as a page of its own."""
    speech = the_speech()
    sentence = say(refusal.sentence, refusal.facts, speech.language)
    page = refusal_page(refusal.code, sentence, speech)
    answer = shown(page, STATUS.get(refusal.code, 422))
    if "seconds" in refusal.facts:
        answer.headers["Retry-After"] = str(refusal.facts["seconds"])
    return answer


@blp.before_request
def _not_too_often() -> None:
    check.pace().take(LOOK, network_of(request.remote_addr or ""), the_parts().now())


@blp.get("/c/<code>")
def former(code: str) -> Answer:
    """The address that papers and tablets named at first."""
    return redirect(f"/v/{code}", 301)


blp.add_url_rule("/v/", "asking", check.asking, methods=["GET", "POST"])
blp.add_url_rule("/o/<token>", "own", owner.own, methods=["GET", "POST"])
blp.add_url_rule("/v/<code>", "checked", check.checked, methods=["GET", "POST"])
