"""What proves the acceptance and what does not, in words that an owner understands.

Never claims more than integrity, custody and the time's interval: a finger on the
technician's tablet does not by itself say whose it was (A2, V2). May not enter: the
sheet's own content.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.paper.attachments import Attached
from server.paper.blocks import LEFT, MIDDLE, Block, lines, pairs, table
from server.paper.knowledge import Bytes, Known, latest
from server.paper.sheet_words import RELATIONS, SheetWords
from server.paper.speech import Speech
from sync.moment import Grade, Moment
from sync.order import Round, Verdict
from sync.reviews import LABELS
from sync.sheet import shown_hash
from sync.strength import (
    ASKED,
    DISPUTES,
    TABLET,
    confirmation,
    open_dispute,
    revocation,
    strength,
)
from sync.words import N_

ANSWERS = {
    "accepted": N_("验收合格"),
    "rejected": N_("验收不通过"),
    "signature_refused": N_("业主拒签"),
}
GRADES = {
    Grade.A: N_("A 级：前后两次联网都对得上，没有发现改钟的迹象（不等于绝对证明）"),
    Grade.B: N_("B 级：只有一次联网可以对照"),
    Grade.C: N_("C 级：平板的钟不可信，只能证明在下面的范围之内"),
    Grade.D: N_("D 级：只有平板自己的钟，没有任何旁证"),
}


@dataclass(frozen=True, kw_only=True)
class EvidenceWords:
    """What is behind one acceptance."""

    words: SheetWords

    @property
    def known(self) -> Known:
        return self.words.known

    @property
    def say(self) -> Speech:
        return self.words.say

    def notices(self) -> Iterator[str]:
        """What a reader must know before anything else."""
        known, say = self.known, self.say
        if revocation(known.order, known.verdict.sheet):
            yield say(N_("这份验收单已经撤销，不能再作为凭据。"))
        if not known.stands and (now := latest(known.order)):
            yield say(N_("本验收单已被后来的验收取代，现行的一份指纹为 {digest}。"),
                      digest=now.sheet)  # fmt: skip
        for one in known.order.reviews:
            if one.code == "signed_older_version" and known.stands:
                yield say(N_("签字之后内容有增改：以签字时所示为准，"
                             "增改的部分须重新签字。"))  # fmt: skip
            if one.code == DISPUTES and open_dispute(known.order, known.verdict.sheet):
                yield say(N_("业主对这份验收单有异议，正在核对。"))
            if one.code == "contradiction":
                yield say(N_("同一轮的验收结论互相矛盾，正在核对。"))

    def answer(self) -> str:
        return self.say(ANSWERS[self.known.verdict.answer])

    def signer(self, verdict: Verdict) -> str:
        """Who put a hand to it, and as what (A0)."""
        named = {"private": verdict.private}
        role = self.say(RELATIONS.get(verdict.relation or "", verdict.relation or ""))
        name = self.words.text(named, "signer") or self.words.text(named, "witness")
        return self.say(N_("{name}（{role}）"), name=name, role=role) if role else name

    def signature(self, file: str | None) -> Block:
        """The owner's hand under the words that it was put to."""
        say, verdict, moment = self.say, self.known.verdict, self.known.verdict.moment
        role = N_("见证人") if verdict.answer == "signature_refused" else N_("签字人")
        rows = [
            (say(role), self.signer(verdict)),
            (say(N_("签字时间")), say.between(moment.estimate) if moment else ""),
            (say(N_("拒签原因")), say.word(verdict.reason or "")),
        ]
        return pairs(rows) | {
            "kind": "signature", "title": say(N_("业主确认")), "file": file,
            "consent": self.known.said["consent"], "missing": self._no_ink(),
            "alt": say(N_("签字笔迹")),
        }  # fmt: skip

    def _no_ink(self) -> str:
        signature = self.known.verdict.signature
        if signature is None:
            return self.say(N_("没有签字"))
        if not self.words.copy.draws_signature:
            return self.say(
                N_("已签字；本联不印笔迹，指纹 {name}"), name=signature[:16]
            )
        return self.say(N_("已签字，笔迹还没有传到服务器；指纹 {name}"),
                        name=signature[:16])  # fmt: skip

    def rounds(self) -> Block:
        """Every round with its own sheet; the earlier ones are superseded (A1)."""
        say = self.say
        columns = (
            (say(N_("轮次")), MIDDLE, "13mm"), (say(N_("结果")), LEFT, "26mm"),
            (say(N_("签字时间")), LEFT, "32mm"), (say(N_("签字人")), LEFT, "28mm"),
            (say(N_("原因和整改")), LEFT, "1fr"), (say(N_("验收单指纹")), LEFT, "24mm"),
        )  # fmt: skip
        rows = [
            row
            for n, one in enumerate(self.known.order.rounds, 1)
            for row in self._round(n, one)
        ]
        return table(
            say(N_("历次验收（返修）")), columns, rows if len(rows) > 1 else []
        )

    def _round(self, n: int, one: Round) -> Iterator[tuple[str, ...]]:
        say, now = self.say, latest(self.known.order)
        for verdict in one.verdicts:
            state = say(ANSWERS[verdict.answer])
            if now and verdict.fact != now.fact:
                state += say(N_("（已被取代）"))
            moment = verdict.moment
            yield (
                str(n), state, say.between(moment.estimate) if moment else "",
                self.signer(verdict), self._why(one, verdict), verdict.sheet[:16],
            )  # fmt: skip

    def _why(self, one: Round, verdict: Verdict) -> str:
        if verdict.answer == "accepted":
            return ""
        say, told = self.say, []
        for word in one.inspections:
            if not word.passed and verdict.answer == "rejected":
                why = [say.word(word.reason or ""),
                       self.words.text({"private": word.private}, "words")]  # fmt: skip
                told.append(say(N_("第 {n} 项：{why}"), n=word.item,
                                why=" ".join(filter(None, why))))  # fmt: skip
        told.append(say.word(verdict.reason or ""))
        if verdict.due_ms is not None:
            who, at = self.words.called(verdict.responsible or ""), verdict.due_ms
            told.append(say(N_("由 {who} 在 {at} 前整改"), who=who, at=say.at(at)))
        return say(N_("；")).join(filter(None, told))

    def time(self) -> Block:
        """When it was signed: an interval that can be defended, and its grade (V2)."""
        moment, say, kept = self.known.verdict.moment, self.say, self.known.custody
        moment = moment or Moment()
        return pairs(
            [
                (say(N_("签字时间（推定）")), say.between(moment.estimate)),
                (say(N_("可靠程度")), say(GRADES[moment.grade])),
                (say(N_("能证明的范围")), say.between(moment.bracket)),
                (say(N_("平板上的钟")), say.at(moment.claimed_ms)),
                (say(N_("服务器收到")), say.at(kept.received_ms) if kept else ""),
            ],
            say(N_("签字时间的依据")),
        )

    def proven(self) -> Block:
        """What holds, whoever doubts it."""
        say, known, kept = self.say, self.known, self.known.custody
        told = [
            say(N_("签字人当时看到的内容就是附件 sheet.json。它的指纹写在签字记录里，"
                   "之后改动一个字，指纹就对不上。")),
            known.strokes is not None and say(
                N_("签字的每一笔都按位置、时间和压力保存，指纹写在同一条记录里。")),
            known.device and say(
                N_("签字记录由平板 {device} 用它自己的密钥签名后交出。"),
                device=known.device),
            kept and say(
                N_("服务器收下了签字记录，列为总账第 {position} 条；总账到第 {size} 条"
                   "为止的指纹由服务器签名，事后增删改都会露出来。"),
                position=kept.position, size=known.proof.head.size),
            (answer := confirmation(known.order, known.verdict.sheet)) and say(
                N_("有人用业主登记的手机收到确认码，并在 {at} 确认了这份验收单。"),
                at=say.between(answer.moment.estimate)),
            (n := self._photos_held()) and say(
                N_("单上的 {n} 张照片，服务器收下时与指纹相符。"), n=n),
        ]  # fmt: skip
        return lines(say(N_("已经证明的")), [one for one in told if one], "✓")

    def unproven(self) -> Block:
        """What nobody should read into it."""
        say, known = self.say, self.known
        relation = known.verdict.relation
        said = strength(known.order, known.verdict.sheet)
        told = [
            say(N_("签字人是谁：笔迹写在维修人员的平板上，没有核对证件，"
                   "单凭这份文件不能证明身份。")),
            relation not in (None, "owner") and say(
                N_("签字人不是业主本人；其与业主的关系由现场填写，未经核对。")),
            said == TABLET and say(
                N_("业主本人没有另用自己的手机确认；没有答复不当作同意。")),
            said == ASKED and say(
                N_("未确认：已请业主用自己的手机确认，没有收到答复；"
                   "没有答复不当作同意。")),
            say(N_("没有第三方认证机构的电子签名，也没有第三方时间戳；"
                   "时间以本系统服务器的钟为准。")),
            known.said["photos"] and say(
                N_("照片的拍摄时间和地点：照片只证明内容没有变。")),
            (n := self._photos_missing()) and say(
                N_("还有 {n} 张照片没有传到服务器，内容无从核对。"), n=n),
            known.order.reviews and say(
                N_("本工单还有待人工核对的事项：{what}。"), what=self._reviews()),
        ]  # fmt: skip
        return lines(say(N_("没有证明的")), [one for one in told if one], "×")

    def _reviews(self) -> str:
        codes = dict.fromkeys(one.code for one in self.known.order.reviews)
        return self.say(N_("；")).join(self.say(LABELS.get(c, c)) for c in codes)

    @property
    def _photos(self) -> list[Bytes]:
        named = dict.fromkeys(one["sha256"] for one in self.known.said["photos"])
        return [self.known.held.get(n, Bytes(sha256=n)) for n in named]

    def _photos_held(self) -> int:
        return sum(one.length is not None and not one.erased for one in self._photos)

    def _photos_missing(self) -> int:
        return sum(one.length is None for one in self._photos)

    def digests(self) -> Block:
        """What everything is recognised by, whole."""
        known, say = self.known, self.say
        rows = [
            (say(N_("验收单")), shown_hash(known.sheet)),
            (say(N_("签字记录")), known.verdict.fact),
            (say(N_("笔迹")), known.verdict.signature or ""),
            (
                say(N_("总账到第 {n} 条"), n=known.proof.head.size),
                known.proof.head.root,
            ),
            (say(N_("服务器的密钥")), known.proof.head.key),
            *(
                (say(N_("照片 {n}"), n=n), one["sha256"])
                for n, one in enumerate(known.said["photos"], 1)
            ),
        ]
        return pairs(rows, say(N_("指纹（SHA-256）"))) | {"kind": "digests"}

    def attachments(self, along: Iterable[Attached]) -> Block:
        """What is inside this PDF besides its pages."""
        rows = [
            (one.name, f"{self.say(one.description)}  {one.digest}") for one in along
        ]
        title = self.say(N_("随本文件附带的原始数据（在 PDF 的附件里）"))
        return pairs(rows, title) | {"kind": "digests"}
