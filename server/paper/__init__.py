"""The acceptance form on paper: what the owner signed, as a PDF that proves itself.

It is made from the stored sheet's bytes alone and carries them, with the strokes and
the proof of the order, as attachments (PDF/A-3). The same book gives the same bytes; it
names the position up to which it knows. No paper is kept here: what is erased from the
book is on none that is made later. May not enter: HTTP, who may read it, where bytes
lie.
"""

from server.paper.attachments import Attached, attached
from server.paper.blocks import is_filled
from server.paper.copies import HEADINGS, Copy, copy_of
from server.paper.drawing import qr, signature
from server.paper.evidence_words import EvidenceWords
from server.paper.knowledge import Known
from server.paper.printing import printed
from server.paper.sheet_words import SheetWords
from server.paper.speech import Speech
from sync.sheet import short_code, shown_hash
from sync.signing import b64
from sync.words import N_, SOURCE, language_for

__all__ = ["HEADINGS", "Attached", "Copy", "Known", "copy_of", "paper"]

TITLE = N_("维修完成验收单")
TAGS = {"zh-CN": ("zh", "cn"), "zh-TW": ("zh", "tw"), "en": ("en", "gb")}


def check_address(known: Known, public_url: str) -> str:
    """What the QR code holds: where the sheet can be looked up, or its digest alone
    where nobody outside reaches the server."""
    digest = shown_hash(known.sheet)
    if not public_url:
        return f"sha256:{digest}"
    return f"{public_url.rstrip('/')}/v/{b64(bytes.fromhex(digest))}"


def paper(
    known: Known,
    copy: Copy,
    *,
    public_url: str,
    offset_minutes: int,
) -> bytes:
    """The PDF, not yet sealed. Refused: `paper_busy`, `paper_too_large`."""
    language = language_for(known.said["language"]) or SOURCE
    say = Speech(language=language, offset_minutes=offset_minutes)
    words = SheetWords(known=known, copy=copy, say=say)
    evidence = EvidenceWords(words=words)
    address = check_address(known, public_url)
    strokes = known.strokes if copy.draws_signature else None
    ink = signature(strokes) if strokes else None
    drawn = {"qr.svg": qr(address)} | ({"signature.svg": ink} if ink else {})
    along = attached(known, copy)
    lang, region = TAGS[language]
    said = {
        "title": say(TITLE), "number": known.number, "issuer": "Doorstep",
        "lang": lang, "region": region,
        "site": _issuer(words), "heading": say(copy.heading),
        "answer": evidence.answer(),
        "tone": "good" if known.verdict.answer == "accepted" else "bad",
        "scan": _scan(say, public_url),
        "notices": list(evidence.notices()),
        "blocks": _blocks(words, evidence, "signature.svg" if ink else None, along),
        "footer": _footer(words),
        "page": say(N_("第 {n} 页，共 {all} 页"), n="{n}", all="{all}"),
        "spelled_note": say(N_("方括号内的 U+ 编码代表字库里没有的字，原字见附件。")),
        "attached": [one.listed for one in along],
    }  # fmt: skip
    photos = {f"{one.sha256}.jpg": one.preview for one in known.held.values()
              if one.preview}  # fmt: skip
    files = drawn | photos | {one.name: one.data for one in along}
    return printed(said, files, known.at_ms)


def _blocks(
    words: SheetWords,
    evidence: EvidenceWords,
    ink: str | None,
    along: tuple[Attached, ...],
) -> list[dict[str, object]]:
    """Everything under the head, in the sequence in which it is read."""
    held = [
        words.request(), words.items(), words.bill(), words.agreed(),
        evidence.signature(ink), evidence.rounds(), words.photos(),
        evidence.time(), evidence.proven(), evidence.unproven(), evidence.digests(),
        evidence.attachments(along),
    ]  # fmt: skip
    return [one for one in held if is_filled(one) or one["kind"] == "signature"]


def _issuer(words: SheetWords) -> str:
    asked = words.sheet["request"] or {}
    return words.say(N_("{site}　售后维修"), site=asked.get("site", "")).strip()


def _scan(say: Speech, public_url: str) -> str:
    if public_url:
        return say(N_("扫码核对真伪和现状"))
    return say(N_("二维码是本单的指纹（本系统未设对外网址）"))


def _footer(words: SheetWords) -> str:
    known = words.known
    return words.say(
        N_("{number}　{copy}　指纹 {code}　依据总账前 {size} 条"),
        number=known.number, copy=words.say(words.copy.heading),
        code=short_code(shown_hash(known.sheet)), size=known.proof.head.size,
    )  # fmt: skip
