"""Take home policy and documents, page by page, until the server has no more.

A page and its cursor are kept in one transaction (K3). Downloads never wait for
uploads. May not enter: facts of this tablet, except to spare them.
"""

from urllib.parse import urlencode

from field_client.answers import read_page
from field_client.contact import Exchanging

PAGE = 100
MOST_PAGES = 10_000  # a server that never ends is not obeyed for ever


def take_policy(exchange: Exchanging) -> None:
    """The policy in force, if the tablet holds another one."""
    welcome = exchange.welcome
    held = exchange.note("policy") or {}
    if welcome is None or held.get("name") == welcome.policy:
        return
    policy = exchange.door.ask_json("GET", "/v1/policy")
    if isinstance(policy, dict) and "policy" in policy:
        exchange.store.projection.keep_note("policy", policy)


def take_home(exchange: Exchanging) -> None:
    """Pull until complete."""
    store = exchange.store
    for _ in range(MOST_PAGES):
        query = {"cursor": store.projection.cursor(), "limit": PAGE}
        asked = urlencode({k: v for k, v in query.items() if v is not None})
        page = read_page(exchange.door.ask("GET", f"/v1/sync/pull?{asked}").body)
        store.outbox.meet(page.epoch, page.durable_through)
        store.projection.take_home(page, keep=_unsafe(exchange))
        exchange.report.documents += len(page.documents)
        exchange.report.gone += len(page.gone)
        exchange.watch("documents", exchange.report.documents, 0)
        if page.complete:
            exchange.report.complete = True
            return


def _unsafe(exchange: Exchanging) -> frozenset[str]:
    """Orders about which this tablet holds something that the server may not have."""
    return frozenset(
        one.stream for one in exchange.store.outbox.facts() if not one.safe
    )


def purge(exchange: Exchanging) -> None:
    """Drop orders that left this tablet's scope, when their date has come by the
    server's time and everything about them is safe; let go what is backed up."""
    store, welcome = exchange.store, exchange.welcome
    if welcome is None:
        return
    unsafe = {one.stream for one in store.outbox.facts() if not one.safe}
    due = [
        held.stream
        for held in store.projection.documents()
        if held.gone
        and held.gone.purge_ms <= welcome.server_ms
        and held.stream not in unsafe
    ]
    for stream in due:
        store.projection.drop(stream)
    store.outbox.let_go(_left(exchange) if exchange.report.complete else due)


def _left(exchange: Exchanging) -> frozenset[str]:
    """Orders of own facts that are not on this tablet any more."""
    store = exchange.store
    known = {held.stream for held in store.projection.documents()}
    return frozenset(one.stream for one in store.outbox.facts()) - known
