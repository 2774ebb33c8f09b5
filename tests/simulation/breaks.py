"""Deliberate breaks of the product, one line each: what a careless change would do.

Each is a piece of text of one file and what takes its place. A break whose text is not
found exactly once says so, and has to be written anew. May not enter: running them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Break:
    """One line that is wrong."""

    name: str
    file: str
    was: str
    becomes: str


BREAKS = (
    Break("a database that fails is taken for one that worked",
          "server/database.py",
          "            yield connection\n    except CANNOT_NOW as error:\n"
          "        raise _trouble(error) from error\n\n\n@contextmanager\ndef reading",
          "            yield connection\n    except CANNOT_NOW as error:\n"
          "        log_book.error(error)\n\n\n@contextmanager\ndef reading"),
    Break("what is known already is entered once more",
          "server/entry.py",
          "receipts = self._known(offered, author.device)",
          "receipts = self._known({}, author.device)"),
    Break("a repetition gets a new position",
          "server/aside.py",
          "id=row.id, outcome=Outcome.DUPLICATE, position=row.seq,",
          "id=row.id, outcome=Outcome.DUPLICATE, position=row.seq + 1,"),
    Break("positions leave a gap",
          "server/places.py", "return reached - by + 1", "return reached - by + 2"),
    Break("the cursor moves one too far",
          "server/feed.py", "else basket.last.pos\n", "else basket.last.pos + 1\n"),
    Break("a page that has more to come calls itself complete",
          "server/feed.py",
          "basket.complete = len(rows) <= limit", "basket.complete = True"),
    Break("gone is said again at every change",
          "server/board.py",
          'if state == "out" and before == "out":',
          'if state == "out" and not before:'),
    Break("the member's row is not moved when an order changes",
          "server/board.py",
          "            if before is None:\n", "            if before == state:\n"
          "                continue\n            if before is None:\n"),
    Break("helpers are not given the order",
          "server/board.py",
          "    return order.assignment.people\n",
          "    return frozenset((order.assignment.technician,))\n"),
    Break("a cancelled order stays on tablets",
          "server/board.py",
          "if order.assignment is None or not order.open:",
          "if order.assignment is None:"),
    Break("facts are folded on top although they come before",
          "server/board.py",
          "if not change.anew and comes_after(row.order, change.fresh):",
          "if not change.anew:"),
    Break("strangers are believed",
          "server/entry.py",
          "strangers = self._strangers(new.values())", "strangers = set[str]()"),
    Break("quarantine keeps the beginning of what it was given",
          "server/aside.py",
          "id=one.id, device=device, body=one.offer.body,",
          "id=one.id, device=device, body=one.offer.body[:60],"),
    Break("what is read after the upgrade counts as received then",
          "server/aside.py",
          "return self._since_ms.get(name, self._now_ms)", "return self._now_ms"),
    Break("claims about another device's log are believed",
          "server/ledger.py",
          'if c.log.partition(".")[0] == author.device', "if c.log"),
    Break("the end of a bracket comes from the tablet's clock",
          "server/testimony.py",
          "not_after_ms=min(received_ms, after.seen_ms) if after else received_ms,",
          "not_after_ms=one.reading.wall_ms,"),
    Break("the claim behind a fact counts from the latest contact",
          "server/testimony.py",
          "after = next((c for c in known.contacts if c.n >= one.head.n), None)",
          "after = next(iter(known.contacts), None)"),
    Break("an answer replaces the one before it",
          "sync/facts/acceptance.py",
          "name: (*getattr(rounds[number - 1], name), *new) for name, new",
          "name: new for name, new"),
    Break("everybody knew everything",
          "sync/order.py",
          "return other.position is not None and other.position <= self.basis",
          "return other.position is not None"),
    Break("nobody ever knew anything",
          "sync/order.py",
          "return other.position is not None and other.position <= self.basis",
          "return False"),
    Break("Lamport numbers are not counted on",
          "field_client/client.py",
          "lamport=sight.order.lamport + 1,", "lamport=1,"),
    Break("the basis is not the document that was seen",
          "field_client/client.py",
          "basis=shown.rev if shown else sight.rev,", "basis=0,"),
    Break("a new epoch makes nothing wait again",
          "field_client/outbox.py",
          'WAITING = "(receipt IS NULL OR epoch IS NOT (SELECT epoch FROM server))"',
          'WAITING = "(receipt IS NULL)"'),
    Break("a reset clears the outbox",
          "field_client/taking_home.py",
          "        store.outbox.meet(page.epoch, page.durable_through)\n",
          "        store.outbox.meet(page.epoch, page.durable_through)\n"
          "        if page.reset:\n"
          '            store.outbox.db.execute("DELETE FROM fact")\n'),
    Break("what is handed over is let go before it is backed up",
          "field_client/outbox.py",
          '    " AND position <= (SELECT durable_through FROM server)"\n',
          '    " AND position > 0"\n'),
    Break("the cursor is kept before its page",
          "field_client/projection.py",
          '        with writing(self.db):\n            pull = self.note("pull")',
          '        self.keep_note("pull", {"round": 0, "resetting": None,'
          ' "cursor": page.cursor})\n        with writing(self.db):\n'
          '            pull = self.note("pull")'),
    Break("a fact and its photo are kept one after the other",
          "field_client/outbox.py",
          "            self._keep(fact, private)\n",
          "            self._keep(fact, private)\n"
          '            self.db.execute("COMMIT")\n'
          '            self.db.execute("BEGIN")\n'),
    Break("own facts vanish from the screen once they are receipted",
          "field_client/sight.py",
          "    return receipt.outcome is Outcome.DEFERRED or"
          " receipt.position > held.rev",
          "    return receipt.outcome is Outcome.DEFERRED"),
    Break("a receipt for one photo is believed for every photo",
          "field_client/originals.py",
          'receipt = (answer.get("blobs") or {}).get(sha256)',
          'receipt = next(filter(None, (answer.get("blobs") or {}).values()), None)'),
    Break("a portal's page is an answer",
          "field_client/door.py",
          "    if not verifies(key, answer_text(signature, reply.status, reply.body),"
          " seal):",
          "    if not seal and reply.status >= 500:"),
    Break("receipts for facts that were not sent are believed",
          "sync/exchange.py",
          "        if one.id in found:\n            found[one.id].add(one)",
          "        found.setdefault(one.id, set()).add(one)"),
    Break("what was erased comes back with the fact that comes again",
          "server/erasures.py",
          '    return [row for row in rows if (row["stream"], row["commitment"])'
          " not in gone]",
          "    return list(rows)"),
    Break("nobody notices that the server went back in time",
          "server/going_back.py",
          "    if not wrong:\n        return False\n",
          "    if wrong or not wrong:\n        return False\n"),
    Break("a revoked tablet reads on",
          "server/asking.py",
          "if caller.author and caller.author.revoked and not _hands_in():",
          "if caller.author and caller.author.revoked and None:"),
    Break("bytes are receipted before they lie on the shelf",
          "server/originals.py",
          "        self.shelf.keep_file(sha256, file, length)\n", ""),
)  # fmt: skip
