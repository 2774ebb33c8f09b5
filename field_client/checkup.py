"""Is this tablet fit to go out with? One finding for each question.

May not enter: mending anything.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from field_client.client import Client
from field_client.database import SURE_SQLITE
from field_client.exchange import LANES
from field_client.forms import clock_text
from field_client.owed import Owned
from field_client.store import RESERVE_BYTES
from field_client.words import _
from sync.envelope import fact_id, read
from sync.words import N_

OFF_MS = 2 * 60_000
OLD_MS = 24 * 3600_000


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one question found: ok, warn, or broken."""

    name: str
    title: str
    verdict: str
    words: str
    facts: Mapping[str, object] = field(default_factory=dict)


def _found(
    name: str, title: str, good: bool, words: str, /, bad: str = "warn", **facts: object
) -> Finding:
    verdict = "ok" if good else bad
    return Finding(name=name, title=title, verdict=verdict, words=words, facts=facts)


def check_up(client: Client) -> Iterator[Finding]:
    """Every finding, the gravest questions first."""
    for question in QUESTIONS:
        yield question(client)


def _outbox(client: Client) -> Finding:
    """Does every log chain, and is every fact what its name says?"""
    facts = client.store.outbox.facts()
    wrong = [one.id for one in facts if fact_id(one.b) != one.id]
    for _log, chain in groupby(sorted(facts, key=_place), key=lambda one: one.log):
        wrong += _broken_links(list(chain))
    sound = client.store.outbox.db.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    good = sound and not wrong
    say = N_("{count} 条记录，链条完整") if good else N_("有损坏，请导出救援包并报修")
    words = _(say, count=len(facts))
    return _found("outbox", N_("待交箱"), good, words, bad="broken", wrong=wrong)


def _place(one: Owned) -> tuple[str, int]:
    return one.log, one.n


def _broken_links(chain: list[Owned]) -> list[str]:
    """Facts whose predecessor is held and is another than they say."""
    return [
        later.id
        for earlier, later in pairwise(chain)
        if later.n == earlier.n + 1 and read(later.b).head.prev != earlier.id
    ]


def _identity(client: Client) -> Finding:
    who = client.store.outbox.enrolment()
    if who is None:
        return _found("identity", N_("身份"), False, _(N_("未登记，请用 field enroll")))
    words = f"{who.actor}  {who.device}  {who.server}"
    return _found(
        "identity", N_("身份"), True, words, actor=who.actor, device=who.device
    )


def _clock(client: Client) -> Finding:
    contact = client.store.projection.contact()
    if contact is None:
        return _found("clock", N_("时钟"), False, _(N_("还没有与服务器对过时")))
    offset = contact.anchor.wall_ms - contact.anchor.server_ms
    words = _(N_("比服务器快 {seconds} 秒"), seconds=round(offset / 1000, 1))
    return _found("clock", N_("时钟"), abs(offset) <= OFF_MS, words, offset_ms=offset)


def _space(client: Client) -> Finding:
    free = client.store.free_bytes()
    words = f"{free / 2**30:.1f} GiB"
    good = free > 10 * RESERVE_BYTES
    return _found("space", N_("剩余空间"), good, words, free_bytes=free)


def _layout(client: Client) -> Finding:
    version = client.store.outbox.layout()
    return _found("layout", N_("存储格式"), True, str(version), version=version)


def _engine(_client: Client) -> Finding:
    version = sqlite3.sqlite_version_info
    return _found(
        "sqlite",
        "SQLite",
        version >= SURE_SQLITE,
        sqlite3.sqlite_version,
        version=sqlite3.sqlite_version,
    )


def _unsent(client: Client) -> Finding:
    outbox = client.store.outbox
    facts = outbox.waiting()
    originals = [one for one in outbox.originals() if one.waiting]
    refused = sum(one.refused for one in outbox.facts())
    shelf = sum(len(client.store.projection.lane(name).shelf) for name in LANES)
    words = _(
        N_("待交记录 {facts} 条，原件 {originals} 份，被拒 {refused}，搁置 {shelf}"),
        facts=len(facts),
        originals=len(originals),
        refused=refused,
        shelf=shelf,
    )
    return _found(
        "unsent",
        N_("待交"),
        not refused and not shelf,
        words,
        facts=len(facts),
        originals=len(originals),
        refused=refused,
        shelf=shelf,
    )


def _oldest(client: Client) -> Finding:
    """How long the oldest fact waits, by this tablet's own clock."""
    waiting = client.store.outbox.waiting()
    if not waiting:
        return _found("oldest", N_("最早未交"), True, "—", age_ms=0)
    age = client.clocks.wall_ms() - int(read(waiting[0].b).head.at["w"])
    words = _(N_("{hours} 小时前"), hours=round(age / 3600_000, 1))
    return _found("oldest", N_("最早未交"), age <= OLD_MS, words, age_ms=age)


def _contact(client: Client) -> Finding:
    contact = client.store.projection.contact()
    if contact is None:
        return _found("contact", N_("最近联系"), False, _(N_("从未")))
    age = client.clocks.wall_ms() - contact.anchor.wall_ms
    words = clock_text(contact.anchor.wall_ms, client.clocks.offset_minutes())
    return _found("contact", N_("最近联系"), age <= OLD_MS, words, age_ms=age)


def _projection(client: Client) -> Finding:
    count = sum(1 for _held in client.store.projection.documents())
    complete = client.store.projection.cursor() is not None
    say = N_("{count} 份工单") if complete else N_("空的，请 field pull")
    words = _(say, count=count)
    return _found("projection", N_("已取回"), complete, words, documents=count)


QUESTIONS = (
    _outbox,
    _identity,
    _clock,
    _space,
    _layout,
    _engine,
    _unsent,
    _oldest,
    _contact,
    _projection,
)
