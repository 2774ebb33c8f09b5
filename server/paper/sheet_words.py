"""The sheet in words: what was asked, done, agreed and paid, as it was shown.

Everything comes from the sheet's bytes; a text that travels apart is looked up by what
the sheet promises of it. May not enter: the order as it is now, evidence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from server.paper.blocks import (
    LEFT,
    MIDDLE,
    RIGHT,
    Block,
    lines,
    pairs,
    pictures,
    table,
)
from server.paper.copies import Copy
from server.paper.knowledge import Bytes, Known
from server.paper.speech import Speech, yuan
from sync.sheet import short_code, shown_hash
from sync.words import N_

Named = Mapping[str, Any]

PAYERS = {"A": N_("施工单位"), "B": N_("公司"), "paid": N_("业主")}
RELATIONS = {
    "owner": N_("业主本人"), "family": N_("家人"), "tenant": N_("租户"),
    "authorised": N_("受托人"),
}  # fmt: skip
MOMENTS = {
    "before": N_("维修前"), "during": N_("维修过程中"), "after": N_("维修后"),
    "sheet": N_("单据"), "other": N_("其他"),
}  # fmt: skip
MOST_PICTURES = 60


@dataclass(frozen=True, kw_only=True)
class SheetWords:
    """A sheet, said to one reader in the language in which it was shown."""

    known: Known
    copy: Copy
    say: Speech

    @property
    def sheet(self) -> Named:
        return self.known.said

    def text(self, record: Named | None, name: str) -> str:
        """A text of the sheet as this copy may say it; erased, it leaves a mark."""
        promised = (record or {}).get("private", {}).get(name)
        if promised is None:
            return ""
        if promised not in self.known.texts:
            return self.say(N_("［已删除 {mark}］"), mark=promised[:8])
        shown = self.copy.shown(name, self.known.texts[promised][1])
        return self.say(N_("［本联不载］")) if shown is None else shown

    def home(self) -> str:
        """Which home."""
        asked = self.sheet["request"]
        parts = [self.text(asked, name) for name in ("building", "unit", "room")]
        return " ".join(one for one in ((asked or {}).get("site", ""), *parts) if one)

    def called(self, person: str) -> str:
        return self.known.people.get(person, person)

    def item_name(self, item: Named) -> str:
        """What an item is called, and where it is."""
        words = [self.say.word(self.text(item, name)) for name in ("where", "what")]
        return " ".join(filter(None, words)) or self.text(
            self.sheet["request"], "fault"
        )

    def request(self) -> Block:
        """Whose order this is about."""
        asked, say = self.sheet["request"], self.say
        registered = (asked or {}).get("registered_ms")
        people = dict.fromkeys(self.called(one["by"]) for one in self.sheet["visits"])
        return pairs(
            [
                (say(N_("工单编号")), self.known.number),
                (say(N_("报修房屋")), self.home()),
                (say(N_("报修人")), self.text(asked, "owner")),
                (say(N_("报修内容")), self.text(asked, "fault")),
                (say(N_("登记时间")), say.at(registered) if registered else ""),
                (say(N_("维修人员")), say(N_("、")).join(people)),
                (say(N_("验收轮次")), say(N_("第 {n} 轮"), n=self.sheet["round"])),
                (say(N_("核对短码")), short_code(shown_hash(self.known.sheet))),
            ]
        )

    def items(self) -> Block:
        """Item by item: what, what was done, who bears it, the owner's word (A1)."""
        say, said = self.say, {one["item"]: one for one in self.sheet["inspections"]}
        columns = (
            (say(N_("序号")), MIDDLE, "13mm"), (say(N_("部位和故障")), LEFT, "1fr"),
            (say(N_("原因和处理")), LEFT, "1.1fr"), (say(N_("费用承担")), LEFT, "22mm"),
            (say(N_("业主验收")), LEFT, "26mm"),
        )  # fmt: skip
        known = [one["item"] for one in self.sheet["items"]]
        rest = dict.fromkeys(
            one["item"] for one in self.sheet["records"] if one["item"] not in known
        )
        rows = [
            (
                str(one["item"]), self.item_name(one), self._work(one["item"]),
                say(PAYERS[one["payer"]]), self._result(said.get(one["item"])),
            )
            for one in self.sheet["items"]
        ] + [
            (str(n), self.item_name({}), self._work(n), "", self._result(said.get(n)))
            for n in rest
        ]  # fmt: skip
        return table(say(N_("维修事项与逐项验收")), columns, rows)

    def _work(self, item: int) -> str:
        told = []
        for one in self.sheet["records"]:
            if one["item"] == item:
                words = [self.say.word(one["cause"]), self.say.word(one["remedy"])]
                told.append(self.say(N_("；")).join(filter(None, words)))
                told.append(self.text(one, "words"))
                if minutes := one["labour_minutes"]:
                    told.append(self.say(N_("用时 {minutes} 分钟"), minutes=minutes))
        return self.say(N_("。")).join(filter(None, told))

    def _result(self, word: Named | None) -> str:
        if word is None:
            return self.say(N_("未验"))
        if word["passed"]:
            return self.say(N_("合格"))
        why = [self.say.word(word.get("reason") or ""), self.text(word, "words")]
        return self.say(N_("不合格：{why}"), why=" ".join(filter(None, why)))

    def bill(self) -> Block:
        """What it cost, line by line and together, exactly as on the sheet (U22)."""
        say, due = self.say, self.sheet["bill"]
        columns = (
            (say(N_("项目")), LEFT, "1fr"), (say(N_("单价")), RIGHT, "26mm"),
            (say(N_("数量")), RIGHT, "20mm"), (say(N_("金额")), RIGHT, "28mm"),
            (say(N_("承担")), LEFT, "22mm"),
        )  # fmt: skip
        rows = list(chain(map(self._part, self.sheet["parts"]), self._labour()))
        material, labour = due["material_fen"], due["labour_fen"]
        sums = [
            (say(N_("材料合计")), yuan(material)),
            (say(N_("人工合计")), yuan(labour)),
            (say(N_("总计")), yuan(material + labour)),
            (
                say(N_("其中由施工单位或公司承担")),
                yuan(material + labour - due["owner_fen"]),
            ),
            (say(N_("业主应付")), yuan(due["owner_fen"])),
        ]
        return table(say(N_("用料、人工和费用")), columns, rows, sums)

    def _part(self, part: Named) -> tuple[str, ...]:
        line = part["line"]
        name, unit = self.sheet["goods"].get(line["code"], (line["code"], ""))
        return (
            self.text(part, "name") or name, yuan(line["price_fen"]),
            f"{line['quantity']} {unit}".strip(),
            yuan(line["quantity"] * line["price_fen"]),
            self.say(PAYERS[str(line.get("payer", "paid"))]),
        )  # fmt: skip

    def _labour(self) -> Iterator[tuple[str, ...]]:
        payers = {one["item"]: one["payer"] for one in self.sheet["items"]}
        for one in self.sheet["records"]:
            if fen := one["labour_fen"]:
                name = self.say(N_("人工（第 {n} 项）"), n=one["item"])
                minutes = self.say(N_("{minutes} 分钟"), minutes=one["labour_minutes"])
                payer = PAYERS.get(payers.get(one["item"], ""), "")
                yield name, "", minutes, yuan(fen), payer and self.say(payer)

    def agreed(self) -> Block:
        """What was found and agreed before the work, and who came (V3, V6)."""
        told = [*self._found(), *self._agreements(), *self._taken(), *self._came()]
        return lines(self.say(N_("勘察、同意和到场")), told)

    def _found(self) -> Iterator[str]:
        word = self.say.word
        if survey := self.sheet["survey"]:
            cause, method = word(survey["cause"]), word(survey["method"])
            said = N_("勘察：{cause}；办法：{method}")
            yield self.say(said, cause=cause, method=method)

    def _agreements(self) -> Iterator[str]:
        say = self.say
        for one in self.sheet["agreements"]:
            total = yuan(one.get("total_fen", 0))
            words = (
                say(RELATIONS.get(one["relation"], one["relation"])),
                say(N_("同意方案，总价 {total}"), total=total),
                say.word(one.get("reason") or ""),
            )
            yield say(N_("，")).join(filter(None, words))

    def _taken(self) -> Iterator[str]:
        for one in self.sheet["taken_away"]:
            back = self.say(N_("已归还") if one.get("returned") else N_("未归还"))
            said = N_("取走维修：{what}（交接单 {receipt}），{back}")
            what = self.text(one, "what")
            yield self.say(said, what=what, receipt=one["receipt"], back=back)

    def _came(self) -> Iterator[str]:
        for one in self.sheet["visits"]:
            who, at = self.called(one["by"]), self.say.at(one["claimed_ms"])
            yield self.say(N_("到场：{who}，{at}（平板上的钟）"), who=who, at=at)

    def photos(self) -> Block:
        """Before beside after, item by item (V4)."""
        listed = list(self._in_pairs())[:MOST_PICTURES]
        left = len(self.sheet["photos"]) - len(listed)
        title = self.say(N_("照片（共 {n} 张）"), n=len(self.sheet["photos"]))
        if left:
            title += self.say(N_("；另有 {left} 张只列指纹"), left=left)
        return pictures(title, [self._picture(one) for one in listed])

    def _in_pairs(self) -> Iterator[Named]:
        rest = list(self.sheet["photos"])
        for item in dict.fromkeys(one["item"] for one in rest):
            mine = [one for one in rest if one["item"] == item]
            before = [one for one in mine if one["moment"] == "before"]
            after = [one for one in mine if one["moment"] == "after"]
            for pair in zip_longest(before, after):
                yield from filter(None, pair)
            yield from (one for one in mine if one["moment"] not in ("before", "after"))

    def _picture(self, one: Named) -> Block:
        name = one["sha256"]
        held = self.known.held.get(name, Bytes(sha256=name))
        item = self.say(N_("第 {n} 项"), n=one["item"]) if one["item"] else ""
        moment = self.say(str(MOMENTS.get(one["moment"], one["moment"])))
        caption = " ".join(filter(None, (item, moment, name[:12])))
        file = f"{name}.jpg" if held.preview else None
        return {"file": file, "caption": caption, "missing": self._why_not(held)}

    def _why_not(self, held: Bytes) -> str:
        if held.erased:
            return self.say(N_("照片已应要求删除，指纹保留"))
        if held.length is None:
            return self.say(N_("照片还没有传到服务器"))
        return self.say(N_("照片无法显示，原文件保留")) if held.flaw else ""
