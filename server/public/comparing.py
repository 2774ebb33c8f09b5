"""Is what the reader holds what we issued? A file or a digest against one sheet.

A file is looked at in memory and let go. May not enter: HTTP, keeping anything.
"""

import threading
from collections.abc import Iterator

from server.keys import Keys
from server.paper.speech import Speech
from server.public.check_words import LEADS, TONES
from server.public.codes import code_of, digest_of
from server.public.page import BAD, GOOD, WARN, Page, link
from server.public.standing import VALID, Found
from sync.problems import Refused
from sync.sealed import BROKEN, HOLDS, MISSING, SEALS, STRANGE, embedded, examined
from sync.sheet import shown_hash
from sync.words import N_

MOST_BYTES = 12 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024  # of all that is attached, together
MOST_ATTACHED = 200
AT_ONCE = threading.BoundedSemaphore(2)  # looks at files in this process

SAME = N_("核对一致")
DIFFERS = N_("指纹不符")


def file_page(found: Found, data: bytes, keys: Keys, say: Speech) -> Page:
    """What a look at this PDF finds. Refused: `copy_no_pdf`, `request_too_large`,
    `paper_busy`."""
    if len(data) > MOST_BYTES:
        raise Refused("request_too_large", limit=MOST_BYTES)
    if not data.startswith(b"%PDF-"):
        raise Refused("copy_no_pdf")
    if not AT_ONCE.acquire(blocking=False):
        raise Refused("paper_busy")
    try:
        _bounded(data)
        return _looked_at(found, data, keys, say)
    finally:
        AT_ONCE.release()


def _bounded(data: bytes) -> None:
    """Refuse what unpacks to more than any paper of ours, before it is held (X10)."""
    left = MOST_UNPACKED
    for n, one in enumerate(embedded(data)):
        left -= len(one)
        if left < 0 or n >= MOST_ATTACHED:
            raise Refused("request_too_large", limit=MOST_UNPACKED)


def _looked_at(found: Found, data: bytes, keys: Keys, say: Speech) -> Page:
    looked = examined(data, known=keys.name)
    ours = any(shown_hash(one) == found.verdict.sheet for one in embedded(data))
    if looked.holds and ours:
        told = [say(SEALS[HOLDS]), say(N_("附件里的验收单就是这一张。"))]
        return _same(found, say, told)
    told = list(_why(looked.seal, looked.report is not None, ours))
    return _answer(found, say, DIFFERS, BAD, [say(one) for one in told])


def _why(seal: str, proven: bool, ours: bool) -> Iterator[str]:
    if seal in (BROKEN, MISSING, STRANGE):
        yield SEALS[seal]
    elif not proven:
        yield N_("文件里没有附带证明，无从核对。")
    elif not ours:
        yield N_("这个文件本身是完好的，但它是另一张验收单，不是这一张。")
    else:
        yield N_("文件附带的证明对不上：其中的记录被改动过。")
    yield N_("请不要采信这个文件，以本页显示的为准；可向物业索取原件。")


def digest_page(found: Found, said: str, say: Speech) -> Page:
    """Does this digest belong to the sheet?"""
    name = said.strip().replace("-", "") if len(said) > 64 else said.strip()
    digest = digest_of(name) or digest_of(name.rpartition("/")[2])
    if digest is None:
        raise Refused("copy_no_digest")
    known = _known(found)
    if digest in known:
        what = say(N_("与所存的一致：{what}"), what=say(known[digest]))
        return _same(found, say, [what])
    told = N_("这串指纹与这张验收单所存的都不一致：内容被改动过，或是另一张单。")
    return _answer(found, say, DIFFERS, BAD, [say(told)])


def _known(found: Found) -> dict[str, str]:
    photos = found.sheet.photos if found.sheet else ()
    return dict.fromkeys((one.sha256 for one in photos), N_("照片")) | {
        found.verdict.signature or "": N_("笔迹"),
        found.verdict.sheet: N_("验收单"),
    }  # fmt: skip


def _same(found: Found, say: Speech, told: list[str]) -> Page:
    """It is what was issued; and what that is worth today, if it is not valid."""
    today = [] if found.state == VALID else [say(LEADS[found.state])]
    tone = GOOD if found.state == VALID else TONES[found.state]
    return _answer(found, say, SAME, tone, [*today, *told])


def _answer(found: Found, say: Speech, title: str, tone: str, told: list[str]) -> Page:
    href = f"/v/{code_of(found.verdict.sheet)}?lang={say.language}"
    numbered = say(N_("维修验收单 {number}"), number=found.number)
    return Page(
        title=say(title), tone=tone if told else WARN, lead=[numbered, *told],
        links=[link(href, say(N_("回到这张验收单")))], alert=True,
        language=say.language,
    )  # fmt: skip
