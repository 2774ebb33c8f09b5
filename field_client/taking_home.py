"""Take home policy and documents, page by page, until the server has no more.

A page and its cursor are kept in one transaction (K3). Downloads never wait for
uploads. May not enter: facts of this tablet, except to spare them.
"""

from urllib.parse import urlencode

from field_client.answers import read_page
from field_client.contact import Exchanging
from field_client.purging import forget

PAGE = 500  # of a first walk; who looks for news leaves it to the server
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
        cursor = store.projection.cursor()
        asked = urlencode({"cursor": cursor} if cursor else {"limit": PAGE})
        page = read_page(exchange.door.ask("GET", f"/v1/sync/pull?{asked}").body)
        store.outbox.meet(page.epoch, page.durable_through)
        store.projection.take_home(page, keep=_unsafe(exchange))
        forget(exchange, page.documents)
        exchange.saw(page.head)
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
