"""A public page: plain HTML that needs no script, in the reader's language.

One file, one request: its style is in it, named by its digest in the policy that lets
it in. May not enter: what a page says.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Response, render_template, request

from server.paper.speech import Speech
from server.parts import the_parts
from server.words import say
from sync.words import LANGUAGES, N_, SOURCE, language_for

Block = dict[str, Any]

STYLE = (Path(__file__).parent / "templates" / "public.css").read_text("utf-8")
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}
NAMES = {"zh-CN": "简体", "zh-TW": "繁體", "en": "English"}
GOOD, WARN, BAD, PLAIN = "good", "warn", "bad", "plain"
MARKS = {GOOD: "✓", WARN: "!", BAD: "✕", PLAIN: ""}
FOOT = N_("本页不用脚本，也不向第三方发送任何请求；个人信息已遮盖。")


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page says; every word is in the reader's language already."""

    title: str
    tone: str
    lead: Sequence[str] = ()
    links: Sequence[Block] = ()
    blocks: Sequence[Block] = ()
    issuer: str = "Doorstep"
    alert: bool = False
    language: str = SOURCE
    footer: Sequence[str] = field(default_factory=tuple)

    @property
    def mark(self) -> str:
        """The tone, for whoever sees no colours."""
        return MARKS[self.tone]


def the_speech() -> Speech:
    """How the reader is spoken to: as the link says, else as the browser asks."""
    asked = request.values.get("lang", "")[:20]
    chosen = language_for(asked) if asked else None
    if chosen is None:
        wanted = (language_for(tag) for tag, q in request.accept_languages if q > 0)
        chosen = next(filter(None, wanted), SOURCE)
    offset = the_parts().config.utc_offset_minutes
    return Speech(language=chosen, offset_minutes=offset)


def shown(page: Page, status: int = 200) -> Response:
    """The page as it goes out."""
    names = [(tag, NAMES[tag]) for tag in LANGUAGES]
    text = render_template(
        "public.html", page=page, style=_Safe(STYLE), languages=names,
        say=lambda word: say(word, {}, page.language),
    )  # fmt: skip
    answer = Response(text, status, mimetype="text/html")
    answer.headers.update(HEADERS)
    answer.headers["Content-Language"] = page.language
    return answer


class _Safe(str):
    """Our own style sheet, which is no text to be escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def link(href: str, text: str) -> Block:
    """Somewhere to go."""
    return {"href": href, "text": text}


def pairs(title: str, rows: Iterable[tuple[str, str]]) -> Block:
    """Names with what they are; what is empty is left out."""
    return {"kind": "pairs", "title": title, "rows": [one for one in rows if one[1]]}


def lines(title: str, said: Iterable[str]) -> Block:
    """Sentences one below the other."""
    return {"kind": "lines", "title": title, "lines": [one for one in said if one]}


def form(
    name: str, title: str, button: str, fields: Sequence[Block], **more: Any
) -> Block:
    """Something to fill in and send."""
    return {
        "kind": "form", "id": name, "title": title, "button": button, "action": "",
        "fields": fields, "lead": (), "weight": "", "folded": False, "upload": False,
        **more,
    }  # fmt: skip


def entry(name: str, label: str, **more: Any) -> Block:
    """A line to write."""
    return {"sort": "line", "name": name, "label": label, "input": "text",
            "required": True, **more}  # fmt: skip


def chips(
    name: str, label: str, choices: Iterable[tuple[str, str]], **more: Any
) -> Block:
    """A few answers to tap, one of them unless it says several."""
    return {"sort": "chips", "name": name, "label": label, "input": "radio",
            "choices": list(choices), **more}  # fmt: skip


def area(name: str, label: str, most: int) -> Block:
    """Room for words."""
    return {"sort": "area", "name": name, "label": label, "most": most}
