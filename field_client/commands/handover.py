"""What is owed and how it gets away: outbox, sync, rescue bundles, doctor."""

from pathlib import Path

import click

from field_client.bundle import export_bundle
from field_client.checkup import check_up
from field_client.commands.kit import command
from field_client.contact import Report
from field_client.exchange import LANES
from field_client.owed import Original, Owned
from field_client.screen import BROKEN, Watching, yield_exit
from field_client.tablet import BACKED_UP, HANDED_OVER, SAVED, Tablet, pass_tablet
from field_client.transport import Answered, NoAnswer
from field_client.words import _, explain
from sync.exchange import MOST_WAIT_MS, OUTCOME_LABELS
from sync.facts import KINDS
from sync.problems import SENTENCES, Refused
from sync.words import N_

SHELVED = N_("搁置（反复失败，可用 sync --again 重试）")


def state_of(waiting: bool, safe: bool) -> str:
    """One of three truths: saved here, handed over, backed up."""
    if waiting:
        return "saved"
    return "backed_up" if safe else "handed_over"


STATES = {"saved": SAVED, "handed_over": HANDED_OVER, "backed_up": BACKED_UP}


@command("outbox", N_("本机记录和原件各自到了哪一步。"))
@click.option("--all", "everything", is_flag=True, help=N_("连同已备份的"))
@pass_tablet
def outbox(tablet: Tablet, everything: bool) -> None:
    store = tablet.client.store
    shelf = {one for name in LANES for one in store.projection.lane(name).shelf}
    for fact in store.outbox.facts():
        if everything or not fact.safe:
            tablet.screen.data(*_fact(fact, shelf))
    for original in store.outbox.originals():
        if everything or not original.safe:
            tablet.screen.data(*_original(original, shelf))


def _fact(one: Owned, shelf: set[str]) -> tuple[dict[str, object], str]:
    state = "saved" if one.refused else state_of(one.waiting, one.safe)
    said, kind = one.receipt, one.kind
    record = {
        "fact": one.id,
        "log": one.log,
        "n": one.n,
        "stream": one.stream,
        "kind": kind,
        "state": state,
        "outcome": said.outcome.value if said else None,
        "position": said.position if said else None,
        "reviews": list(said.reviews) if said else [],
        "reason": said.reason if said else None,
        "shelved": one.waiting and one.id in shelf,
        "b": one.b,
    }
    label = _(KINDS[kind].label) if kind in KINDS else kind
    words = [_(STATES[state]), f"#{one.n}", label]
    if said:
        words.append(_(OUTCOME_LABELS[said.outcome]))
    if record["shelved"]:
        words.append(_(SHELVED))
    return record, "  ".join(words)


def _original(one: Original, shelf: set[str]) -> tuple[dict[str, object], str]:
    state = state_of(one.waiting, one.safe)
    shelved = one.waiting and one.sha256 in shelf
    record = {
        "blob": one.sha256,
        "role": one.role,
        "type": one.type,
        "bytes": one.size,
        "state": state,
        "flaw": one.flaw,
        "shelved": shelved,
    }
    words = [_(STATES[state]), one.role, one.sha256[:12], f"{one.size / 1024:.0f} KiB"]
    if one.flaw:
        words.append(_(SENTENCES.get(one.flaw, one.flaw)))
    if shelved:
        words.append(_(SHELVED))
    return record, "  ".join(words)


@command("sync", N_("交换：交记录、取工单、传签字和照片。断了再来，不会重复。"))
@click.option("--watch", "watching", is_flag=True, help=N_("一直运行，有网就传"))
@click.option("--again", is_flag=True, help=N_("搁置的和被拒的也再试一次"))
@click.option("--rounds", type=click.IntRange(1), hidden=True)
@pass_tablet
def sync(tablet: Tablet, watching: bool, again: bool, rounds: int | None) -> None:
    if not watching:
        with Watching(tablet.screen) as watch:
            report = tablet.client.exchange_once(again=again, watch=watch)
        tablet.tell_report(report)
        yield_exit(tablet.report(report))
        return
    failures, done = 0, 0
    while rounds is None or done < rounds:
        done += 1
        result = _attempt(tablet, again=done % AGAIN_EVERY == 0)
        failures = 0 if result and not result.troubles else failures + 1
        _rest(tablet, failures, result)


def _rest(tablet: Tablet, failures: int, result: Report | None) -> None:
    """Until the next exchange. What somebody writes down meanwhile, here or in another
    process, waits no longer than the maximal backoff (invariant 6)."""
    asked = (result.retry_after_ms if result else None) or 0
    left = tablet.client.wait_ms(failures, result)
    while left > 0:
        step = min(left, max(asked, MOST_WAIT_MS))
        tablet.clocks.sleep(step)
        left -= step
        if tablet.client.store.outbox.owes:
            return


def _attempt(tablet: Tablet, *, again: bool) -> Report | None:
    """One exchange of many; None if nothing could be done this time."""
    try:
        report = tablet.client.exchange_once(again=again)
    except NoAnswer:
        tablet.screen.say(_(N_("没有网络或对方无应答，稍后再试。")))
        return None
    except Answered as no:
        tablet.screen.say(f"{no.code or no.status} {no.problem.get('detail', '')}")
        return None
    except Refused as why:
        if why.code != "exchange_busy":
            raise
        tablet.screen.say(explain(why))
        return None
    tablet.tell_report(report)
    tablet.report(report)
    return report


AGAIN_EVERY = 60  # exchanges; so that a shelf drains by itself in the end (invariant 6)


@command("export-bundle", N_("救援包：把未交的记录和原件加密存成一个文件。"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help=N_("连同已交未备份的"))
@click.option("--yes", is_flag=True, help=N_("文件已存在时覆盖"))
@pass_tablet
def export(tablet: Tablet, file: Path, everything: bool, yes: bool) -> None:
    if file.exists() and not yes:
        raise Refused("file_exists", path=file)
    facts, originals = export_bundle(tablet.client, file, everything=everything)
    record = {"file": str(file), "facts": facts, "blobs": originals}
    say = N_("已写入 {file}：{facts} 条记录，{blobs} 份原件。本机内容不变。")
    tablet.screen.data(record, _(say, **record))


@command("import-bundle", N_("替同事把救援包交给服务器；重复导入不会重复入账。"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_tablet
def bring(tablet: Tablet, file: Path) -> None:
    record = dict(tablet.client.bring_bundle(file))
    count = sum(record["facts"].values())
    say = N_("平板 {device}：服务器收到 {count} 条记录，{originals} 份原件。")
    tablet.screen.data(record, _(say, count=count, **record))


@command("doctor", N_("体检：身份、时钟、空间、存储、待交、最近联系。"))
@pass_tablet
def doctor(tablet: Tablet) -> None:
    worst = 0
    for finding in check_up(tablet.client):
        mark = {"ok": "✓", "warn": "!", "broken": "✗"}[finding.verdict]
        text = f"{mark} {_(finding.title)}  {finding.words}"
        record = {
            "check": finding.name,
            "verdict": finding.verdict,
            "facts": finding.facts,
        }
        tablet.screen.data(record, text)
        worst = max(worst, {"ok": 0, "warn": 0, "broken": BROKEN}[finding.verdict])
    yield_exit(worst)


COMMANDS = (outbox, sync, export, bring, doctor)
