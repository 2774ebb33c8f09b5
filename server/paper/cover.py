"""The first page of an evidence pack: what it is, what it proves and what it does not,
in plain words and every language, Chinese first; as a page and as text.

Never claims more than integrity, custody and the times' intervals (A2, V2), and holds
nothing of the owner's. May not enter: databases, what the pack is made of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from server.paper.speech import Speech
from sync.envelope import BlobRef
from sync.order import Order, Verdict
from sync.proof import Proof
from sync.reviews import LABELS
from sync.words import LANGUAGES, N_

NAMES = {"zh-CN": "简体中文", "zh-TW": "繁體中文", "en": "English"}


@dataclass(frozen=True, kw_only=True)
class Covered:
    """What the first page speaks of; counts, and nothing private."""

    proof: Proof
    order: Order
    at_ms: int
    here: Mapping[str, BlobRef]
    missing: int
    erased: int
    withheld: int
    disclosed: bool
    certificate: str | None  # why there is none
    offset_minutes: int

    @property
    def number(self) -> str:
        """What the order is called."""
        return self.proof.number or self.proof.stream.removeprefix("order:")

    @property
    def photos(self) -> int:
        """Pictures that lie in the pack."""
        return sum(ref.type.startswith("image/") for ref in self.here.values())

    @property
    def verdict(self) -> Verdict | None:
        """The owner's newest word."""
        given = [one for part in self.order.rounds for one in part.verdicts]
        return given[-1] if given else None


Section = tuple[str, list[str]]


def cover_text(covered: Covered) -> bytes:
    """The page for whoever opens it in anything."""
    told = []
    for language in LANGUAGES:
        say = Speech(language=language, offset_minutes=covered.offset_minutes)
        told += [f"== {NAMES[language]} ==", "", _title(covered, say), ""]
        for title, lines in _sections(covered, say):
            told += [title, *(f"  {n}. {one}" for n, one in enumerate(lines, 1)), ""]
    return "\n".join(told).encode()


def cover_html(covered: Covered) -> bytes:
    """The page for a browser: no script, nothing from elsewhere."""
    parts = []
    for language in LANGUAGES:
        say = Speech(language=language, offset_minutes=covered.offset_minutes)
        body = "".join(
            f"<h2>{escape(title)}</h2><ol>"
            + "".join(f"<li>{escape(one)}</li>" for one in lines)
            + "</ol>"
            for title, lines in _sections(covered, say)
        )
        title = escape(_title(covered, say))
        parts.append(
            f'<section lang="{language}"><h1>{title}</h1>{body}</section>'
        )  # fmt: skip
    return _PAGE.format(title=escape(covered.number), body="<hr>".join(parts)).encode()


_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'">
<title>{title}</title>
<style>body{{max-width:44em;margin:0 auto;padding:1em;line-height:1.6;\
font-family:system-ui,sans-serif;overflow-wrap:anywhere}}h2{{font-size:1.1em}}</style>
</head><body>{body}</body></html>
"""


def _title(covered: Covered, say: Speech) -> str:
    return say(N_("工单 {number} 的证据包"), number=covered.number)


def _sections(covered: Covered, say: Speech) -> Iterator[Section]:
    yield say(N_("这是什么")), [*_what(covered, say)]
    yield say(N_("怎样核对")), [*_how(covered, say)]
    yield say(N_("核对成立时，已经证明的")), [*_proven(covered, say)]
    yield say(N_("没有证明的")), [*_unproven(covered, say)]


def _what(covered: Covered, say: Speech) -> Iterator[str]:
    proof = covered.proof
    yield say(N_("这张工单的全部记录（{n} 条）、它们的收据、照片和签字原件，"
                 "以及服务器对整本账的签名。"), n=len(proof.facts))  # fmt: skip
    yield say(N_("内容截至 {at}；当时总账有 {size} 条。"),
              at=say.at(covered.at_ms), size=proof.head.size)  # fmt: skip
    if covered.certificate is None:
        yield say(N_("验收单在 certificate.pdf。"))
    else:
        yield say(N_("没有验收单：还没有业主签字的验收，或单子的原件不在。"))
    if not covered.disclosed:
        yield say(N_("业主的姓名、电话、房号和现场的文字没有公开，只留下指纹；"
                     "不公开也能核对。"))  # fmt: skip


def _how(covered: Covered, say: Speech) -> Iterator[str]:
    yield say(N_("断开网络，用浏览器打开 verifier.html，选中这个 ZIP 文件；"
                 "或运行 field verify 文件.zip。都不需要我们的服务器。"))  # fmt: skip
    yield say(N_("服务器的密钥指纹是 {key}。请与公司公布的、平板上显示的或验收单上"
                 "印的逐字核对：核对程序不知道这把密钥是不是真的属于这家公司。"),
              key=covered.proof.head.key)  # fmt: skip
    yield say(N_("请核对没有解压过的 ZIP 文件：改动、拿走、调换或重新打包都会露出来。"))


def _proven(covered: Covered, say: Speech) -> Iterator[str]:
    yield say(N_("列出的记录自服务器收下以来没有改动、删去、调换或插入，"
                 "各自的收到时间和总账位置也是。"))  # fmt: skip
    if covered.proof.pushes:
        yield say(N_("现场的记录由平板用各自的密钥签名后交出：{devices}。"),
                  devices=", ".join(sorted(covered.proof.devices)))  # fmt: skip
    if covered.photos:
        yield say(N_("这里的 {n} 张照片，就是服务器当时收下的那些，一个字节也没有变。"),
                  n=covered.photos)  # fmt: skip
    if covered.verdict is not None:
        yield say(N_("签字的人当时看到的单子就是这里的这一份；之后改动一个字，"
                     "指纹就对不上。"))  # fmt: skip
    yield say(N_("每条记录的时间落在 times.json 写明的范围之内，"
                 "依据一并列出，可以重新推算。"))  # fmt: skip


def _unproven(covered: Covered, say: Speech) -> Iterator[str]:
    """What nobody should read into it."""
    verdict = covered.verdict
    if verdict is not None:
        yield say(N_("签字人是谁：笔迹写在维修人员的平板上，没有核对证件，"
                     "单凭这份文件不能证明身份。"))  # fmt: skip
        if verdict.relation not in (None, "owner"):
            yield say(N_("签字人不是业主本人；其与业主的关系由现场填写，未经核对。"))
    else:
        yield say(N_("业主是否同意：到这时为止没有业主的签字。"))
    if covered.photos:
        yield say(N_("照片拍的是不是这一户、这一处：照片只证明内容没有变。"))
        yield say(N_("照片的拍摄时间和地点：相机里的时间可以随意设置。"))
    yield say(N_("确切的时间：只能证明到 times.json 里的范围，"
                 "范围之内是哪一刻并不知道。"))  # fmt: skip
    yield say(N_("第三方认可的时间：范围以本系统服务器的钟为准，没有第三方时间戳。"))
    yield say(N_("记录的内容是不是事实：能证明当时这样记下，不能证明所记的就是真的。"))
    yield say(N_("没有记下来的事，以及还留在平板上、没有传到服务器的记录。"))
    yield say(N_("没有第三方认证机构的电子签名；"
                 "这份文件的证明力最终由审理的人认定。"))  # fmt: skip
    for count, sentence in (
        (covered.missing, N_("有 {n} 份原件没有传到服务器，内容无从核对。")),
        (covered.erased, N_("有 {n} 份原件已应业主要求删除，只留下指纹和收据。")),
        (covered.withheld, N_("有 {n} 份签字笔迹没有放进来，只留下指纹和收据。")),
    ):
        if count:
            yield say(sentence, n=count)
    codes = dict.fromkeys(one.code for one in covered.order.reviews)
    if codes:
        what = say(N_("；")).join(say(LABELS.get(one, one)) for one in codes)
        yield say(N_("本工单还有待人工核对的事项：{what}。"), what=what)
