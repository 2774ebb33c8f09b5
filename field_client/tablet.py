"""What every command of `field` has at hand: the folder, the client, the screen.

May not enter: what single commands do.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from field_client.client import Blob, Check, Client, unchecked
from field_client.clocks import Clocks
from field_client.contact import Report
from field_client.guidance import in_turn
from field_client.screen import EXITS, OK, PARTIAL, STAGES, TEMPORARY, Screen
from field_client.store import Store
from field_client.transport import Call
from field_client.words import _
from sync.facts import What
from sync.plain import plain
from sync.problems import SENTENCES
from sync.words import N_

SAVED = N_("已存本机")
HANDED_OVER = N_("已交服务器")
BACKED_UP = N_("已备份")


class Tablet:
    """One run of `field`. The folder is opened when it is first needed."""

    def __init__(self, home: Path, clocks: Clocks, call: Call | None) -> None:
        self.home = home
        self.clocks = clocks
        self.screen = Screen()
        self._call = call
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        """The client on this folder."""
        if self._client is None:
            store = Store(self.home)
            self._client = Client(store, self.clocks, call=self._call)
        return self._client

    def close(self) -> None:
        """Close the folder, if it was opened."""
        if self._client:
            self._client.store.close()

    def tell(
        self,
        order: str,
        what: What,
        private: Mapping[str, str | None] | None = None,
        blobs: Mapping[str, Blob] | None = None,
        check: Check = unchecked,
    ) -> None:
        """Write down what happened to the order that goes by this name, and say so."""
        stream = self.client.find(order)
        self.warn(what, stream)
        given = {name: text for name, text in (private or {}).items() if text}
        fact = self.client.tell(stream, what, given, blobs, check=check)
        self.saved(fact.id, fact.head.n, stream, what)

    def warn(self, what: What, stream: str) -> None:
        """Say what is unusual; it is written down all the same."""
        sight = self.client.order(stream)
        if sight.order.cancelled:
            self.screen.say(_(N_("注意：此工单已取消。照记，并请联系调度。")))
        elif sight.gone:
            self.screen.say(_(N_("注意：此工单已不在您名下。照记，并请联系调度。")))
        elif not in_turn(what, sight.order):
            self.screen.say(_(N_("注意：按目前进度通常不做这一步。照记，会提请核对。")))

    def saved(self, fact: str, n: int, stream: str, what: What) -> None:
        """Say that a fact is on disk, and no more than that."""
        name = self.client.order(stream).name
        record: dict[str, Any] = {
            "fact": fact,
            "n": n,
            "kind": what.kind,
            "stream": stream,
        }
        self.screen.data(record, f"{_(SAVED)}  {name}  {_(what.label)}")

    def tell_report(self, report: Report) -> None:
        """What an exchange did, in one line."""
        record: dict[str, Any] = {
            "facts": report.facts,
            "documents": report.documents,
            "gone": report.gone,
            "originals": report.originals,
            "unsent": len(self.client.store.outbox.waiting()),
            "troubles": [plain(one) for one in report.troubles],
        }
        say = N_(
            "交出记录 {facts}，原件 {originals}；取回工单 {documents}；待交 {unsent}"
        )
        self.screen.data(record, _(say, **record))

    def report(self, report: Report) -> int:
        """Say what held things up or came out flawed; the exit code for it."""
        for sha256, flaw in report.flaws.items():
            why = _(SENTENCES.get(flaw, flaw))
            self.screen.say(_(N_("照片 {name}：{why}"), name=sha256[:8], why=why))
        for trouble in report.troubles:
            stage = _(STAGES.get(trouble.stage, trouble.stage))
            said = _(SENTENCES.get(trouble.code, trouble.code), why=trouble.words)
            words = "" if trouble.words in said else trouble.words
            self.screen.say(f"{stage}: {trouble.code} {said} {words}".rstrip())
        codes = {trouble.code for trouble in report.troubles}
        if not codes:
            return OK
        if codes & TO_PEOPLE:
            return PARTIAL
        return max(EXITS.get(code, TEMPORARY) for code in codes)


TO_PEOPLE = frozenset({"shelved"})
pass_tablet = click.make_pass_decorator(Tablet)
