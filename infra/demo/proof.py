"""The demonstration's own proof: what must hold, and what was found not to.

A check answers with what is wrong; nothing is a pass. To add one, write a function and
list it in CHECKS. May not enter: how facts are kept or sent.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from infra.demo.camera import sign
from infra.demo.day import Paths
from infra.demo.happenings import Truth
from infra.demo.month import EVERY_FAULT, Told
from infra.demo.witness import Witness
from sync.moment import Span
from sync.reconcile import home_of
from sync.verdicts import Answer
from sync.words import N_

BROKEN = 6
# Differences that follow from two calls of one home, and from no row alone.
OF_HOMES = ("duplicate_request", "repeat_unlinked")


@dataclass(frozen=True)
class Case:
    """What the checks look at."""

    truth: Truth
    told: Told
    paths: Paths
    witness: Witness


@dataclass(frozen=True)
class Checked:
    """How one check went: what it says, and what speaks against it."""

    sentence: str
    wrong: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.wrong


Check = Callable[[Case], Iterator[str]]


def prove(case: Case) -> Iterator[Checked]:
    """Every check, one after the other."""
    for sentence, check in CHECKS:
        yield Checked(sentence, tuple(check(case)))


def facts_arrived_once(case: Case) -> Iterator[str]:
    """Every fact written on a tablet is on the server once, byte for byte."""
    kept = Counter(one.id for one in case.witness.kept)
    bodies = {one.id: one.b for one in case.witness.kept}
    if not case.witness.written:
        yield "no facts"
    for one in case.witness.written:
        if kept[one.id] != 1 or bodies[one.id] != one.b:
            yield f"{one.id} × {kept[one.id]}"


def nothing_else_arrived(case: Case) -> Iterator[str]:
    """The server has nothing from a tablet that the tablet did not write."""
    written = {one.id for one in case.witness.written}
    for one in case.witness.kept:
        log = json.loads(one.b)["log"]
        if not log.startswith("server.") and one.id not in written:
            yield one.id


def originals_match(case: Case) -> Iterator[str]:
    """Every photo, sheet and signature on the server hashes to its name, and has the
    bytes that the tablet kept."""
    for one in case.witness.originals:
        got = case.witness.blob(one.sha256)
        if hashlib.sha256(got).hexdigest() != one.sha256 or got != one.data:
            yield f"{one.role} {one.sha256[:12]}: {len(got)} / {len(one.data)}"


def photos_are_the_cameras(case: Case) -> Iterator[str]:
    """The photos are those that the camera took, all of them, unchanged."""
    taken = {_digest(path.read_bytes()) for path in case.paths.photos.values()}
    kept = {one.sha256 for one in case.witness.originals if one.role == "photo"}
    yield from sorted(taken ^ kept)
    for home in case.truth.homes:
        photos = {case.paths.photos[home.number, one] for one in home.photos}
        told = len({_digest(path.read_bytes()) for path in photos})
        line = case.witness.standings[home.number]
        if not line.photos_received == line.photos_taken == told:
            yield f"{home.number}: {line.photos_received}/{line.photos_taken}/{told}"


def outboxes_empty(case: Case) -> Iterator[str]:
    """No tablet owes anything."""
    if case.witness.waiting:
        yield str(case.witness.waiting)


def arrivals_contain_the_truth(case: Case) -> Iterator[str]:
    """Every arrival's interval holds the true moment, also by a clock that is wrong."""
    for home in case.truth.homes:
        visits = case.witness.order(home.number).visits
        if len(visits) != len(home.visits):
            yield f"{home.number}: {len(visits)} / {len(home.visits)}"
        for seen, true in zip(visits, home.visits, strict=False):
            for span in (seen.moment.estimate, seen.moment.bracket):
                if not span.holds(true.arrived_ms):
                    yield f"{home.number}: {_text(span)} ∌ {true.arrived_ms}"


def verdicts_are_fair(case: Case) -> Iterator[str]:
    """Nobody is called late or in time who was not."""
    for home in case.truth.homes:
        verdict = case.witness.standings[home.number].arrival_verdict
        if verdict is None or verdict.due_latest_ms is None:
            continue
        late = home.arrived_ms >= verdict.due_latest_ms
        early = home.arrived_ms < (verdict.due_earliest_ms or 0)
        wrong = late if verdict.answer is Answer.KEPT else early
        if verdict.answer is not Answer.UNDETERMINED and wrong:
            yield f"{home.number}: {verdict.answer}"


def orders_tell_what_happened(case: Case) -> Iterator[str]:
    """Result, signature, rounds and money are what happened in the homes."""
    for home in case.truth.homes:
        line = case.witness.standings[home.number]
        seen = (line.result, line.signed, line.rounds, line.bill.owner_fen)
        true = (home.result, home.signed, len(home.rounds), home.charged_fen)
        if seen != true:
            yield f"{home.number}: {seen} / {true}"


def signatures_are_the_strokes(case: Case) -> Iterator[str]:
    """What was signed with is kept to the byte."""
    strokes = json.dumps(sign(case.truth.seed)).encode()
    for one in case.witness.originals:
        if one.role == "signature" and one.data != strokes:
            yield one.sha256


# What people must look at after each incident; nothing else may be asked of them.
ASKED: Mapping[str, frozenset[str]] = {
    "reassigned_while_offline_after_arrival": frozenset({"not_assigned"}),
    "cancelled_too_late": frozenset({"cancelled_unseen"}),
}


def reviews_are_right(case: Case) -> Iterator[str]:
    """Whoever came after a reassignment or a cancellation is put before a person."""
    for home in case.truth.homes:
        expected = frozenset[str]().union(
            *(ASKED.get(incident, frozenset()) for incident in home.incidents)
        )
        found = set(case.witness.standings[home.number].reviews)
        if found != expected:
            yield f"{home.number}: {sorted(found)} / {sorted(expected)}"


def differences_are_the_lies(case: Case) -> Iterator[str]:
    """Reconciling finds exactly what the register says wrongly. An arrival that was put
    earlier may be in time where the true one was late: that follows, and is no lie of
    its own. Nor is it one that a home really called about the same again (I1, I5)."""
    found = {(one["number"], one["code"]) for one in case.witness.differences}
    follows = {
        (lie.number, "sla_differs")
        for lie in case.truth.lies
        if lie.code == "arrival_differs"
    } | {(one, code) for one in _asked_again(case.truth) for code in OF_HOMES}
    for number, code in sorted((found - follows) ^ case.truth.expected_differences):
        yield f"{'+' if (number, code) in found else '-'} {number} {code}"


def _asked_again(truth: Truth) -> Iterator[str]:
    """Numbers of calls from a home that had called about the same trade before."""
    rows = {row.number: row for row in truth.closed}.values()
    before = set()
    for row in sorted(rows, key=lambda one: (one.registered_ms, one.number)):
        asked = home_of(row), row.trade
        if asked in before:
            yield row.number
        before.add(asked)


def importing_again_changes_nothing(case: Case) -> Iterator[str]:
    """The same register twice is the same as once."""
    first, second = case.told.first_import, case.told.second_import
    if first.get("new") != len(case.truth.opened):
        yield f"{first.get('new')} / {len(case.truth.opened)}"
    if second.get("new") or second.get("changed"):
        yield str(second)


def faults_happened(case: Case) -> Iterator[str]:
    """The network was bad in every way that it knows, and a tablet died sending."""
    there = {home.technician for home in case.truth.homes}
    for technician, kinds in zip(case.truth.technicians, EVERY_FAULT, strict=True):
        if technician.id in there:
            seen = case.witness.stage.networks[technician.id].faults
            yield from sorted(set(kinds) - seen.keys())
    deaths = sum(home.killed_photo is not None for home in case.truth.homes)
    if case.told.killed != deaths:
        yield f"{case.told.killed} / {deaths}"


def board_is_what_facts_say(case: Case) -> Iterator[str]:
    """Folding every order anew changes nothing."""
    said = case.witness.stage.desk.run("board", "rebuild", fine=(0, BROKEN))
    if said.code:
        yield said.out.strip()


def ledger_is_sound(case: Case) -> Iterator[str]:
    """Chains, names, positions and bytes agree with one another."""
    said = case.witness.stage.desk.run("check", fine=(0, BROKEN))
    if said.code:
        yield said.out.strip()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _text(span: Span) -> str:
    return f"[{span.first_ms}, {span.end_ms})"


CHECKS: Sequence[tuple[str, Check]] = (
    (N_("平板写下的每条记录都在服务器上，恰好一次，逐字节相同"), facts_arrived_once),
    (N_("服务器上没有平板没写过的记录"), nothing_else_arrived),
    (N_("每张照片、验收单和签字的指纹都相符"), originals_match),
    (N_("拍下的照片一张不少，原样未改"), photos_are_the_cameras),
    (N_("签字笔迹逐字节保存"), signatures_are_the_strokes),
    (N_("平板上没有未交的东西"), outboxes_empty),
    (
        N_("到场区间都包含真实到场时刻，慢四十分钟的钟也一样"),
        arrivals_contain_the_truth,
    ),
    (N_("没有人被误判守时或超时"), verdicts_are_fair),
    (N_("验收结果、签字、轮次和收费与实际相符"), orders_tell_what_happened),
    (N_("改派或取消后仍到场的，都提请人核对；此外没有多余的"), reviews_are_right),
    (N_("月末对账找出的差异正是登记表里的错处，不多不少"), differences_are_the_lies),
    (N_("同一登记表再导入一次，什么都不变"), importing_again_changes_nothing),
    (
        N_("网络的各种毛病都发生过；该在传照片时被强行终止的平板，确实终止过"),
        faults_happened,
    ),
    (N_("由事实账重建看板，没有变化"), board_is_what_facts_say),
    (N_("事实账的链、编号、位置和照片自查相符"), ledger_is_sound),
)
