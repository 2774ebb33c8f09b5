"""Every screen of the seeded console has something to show: asked of the API.

A check names what is not there; nothing is a pass. To add one, write a function and
list it in SCREENS. May not enter: how the month came about.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta, timezone

from infra.demo.console import DESK, Asking, SeededConsole, field_verifies
from infra.demo.proof import Checked
from sync.statements import SUMS
from sync.suggestions import SUGGESTED
from sync.words import N_

SHANGHAI = timezone(timedelta(hours=8))
# The board's columns, by the stages that stand in them.
COLUMNS = {
    "waiting": {"logged"},
    "given": {"dispatched"},
    "there": {"on_site", "surveyed", "agreed"},
    "proving": {"completed", "rework", "unsigned"},
    "done": {"accepted"},
}
SORTS_OF_DIFFERENCES = 6
SORTS = ("repair", "complaint", "enquiry", "suggestion")

Check = Callable[[SeededConsole], Iterable[str]]


def look_over(console: SeededConsole) -> Iterator[Checked]:
    """Every check, one after the other."""
    for sentence, check in SCREENS:
        yield Checked(sentence, tuple(check(console)))


def _chen(console: SeededConsole) -> Asking:
    return console.asked_by(DESK["dispatcher"])


def _lacking(**there: object) -> Iterator[str]:
    """The names of what is not there."""
    yield from (name for name, found in there.items() if not found)


def everybody_logs_in(console: SeededConsole) -> Iterator[str]:
    """Each role with the password that is told, and may look at something."""
    for role, person in DESK.items():
        grants = console.asked_by(person).get("/v1/session")["grants"]
        if role not in {one["role"] for one in grants}:
            yield f"{person}: {role}"


def every_column_is_filled(console: SeededConsole) -> Iterator[str]:
    stages = {one["stage"] for one in _chen(console).orders}
    yield from (name for name, some in COLUMNS.items() if not stages & some)


def the_board_is_alive(console: SeededConsole) -> Iterator[str]:
    """What a dispatcher acts upon at once."""
    orders = [one for one in _chen(console).orders if one["open"]]
    promises = [held for one in orders for held in one["deadlines"]]
    left = [held["minutes_left"] for held in promises if not held["stopped"]]
    yield from _lacking(
        late=any(one is not None and one < 0 for one in left),
        in_time=any(one is not None and one > 0 for one in left),
        escalated=any(held["level"] for held in promises),
        stopped=any(held["stopped"] for held in promises),
        held=any(one["held"] for one in orders),
        rework=any(one["rework"] for one in orders),
        unsigned=any(one["stage"] == "unsigned" for one in orders),
        emergency=any(one["priority"] == "emergency" for one in orders),
        provisional=any(one["provisional"] for one in orders),
        taken_out=any(one["known"]["taken_out"] for one in orders),
        unseen=any(one["known"]["unseen"] for one in orders),
    )


def every_sort_is_there(console: SeededConsole) -> Iterator[str]:
    sorts = {one["sort"] for one in _chen(console).orders}
    yield from (one for one in SORTS if one not in sorts)


def the_timeline_is_filled(console: SeededConsole) -> Iterator[str]:
    """Who is where now, and when somebody will be."""
    orders, now_ms = _chen(console).orders, console.now().timestamp() * 1000
    windows = [one["appointment"] for one in orders if one["appointment"]]
    yield from _lacking(
        trips=any(one["known"]["trips"] for one in orders),
        on_site=any(one["known"]["on_site"] for one in orders),
        to_come=any(one["start_ms"] > now_ms for one in windows),
    )


def every_review_waits(console: SeededConsole) -> Iterator[str]:
    """One of each that the field can give rise to."""
    found = {one["review"]["code"] for one in _chen(console).reviews}
    yield from sorted(SUGGESTED.keys() - found)


def an_orders_page_is_whole(console: SeededConsole) -> Iterator[str]:
    """Of what was disputed: photos, an owner's two answers, a sheet, money."""
    chen = _chen(console)
    disputed = [one for one in chen.reviews if one["review"]["code"] == "contradiction"]
    for one in disputed[:1]:
        order = chen.get(f"/v1/orders/{one['order']['id']}")["order"]
        moments = {photo["moment"] for photo in order.get("photos", ())}
        verdicts = [
            verdict["answer"]
            for round_ in order.get("rounds", ())
            for verdict in round_.get("verdicts", ())
        ]
        yield from _lacking(
            before="before" in moments, after="after" in moments,
            both={"accepted", "rejected"} <= set(verdicts),
            parts=order.get("parts"), records=order.get("records"),
        )  # fmt: skip
    if not disputed:
        yield "contradiction"


def the_roster_is_kept(console: SeededConsole) -> Iterator[str]:
    """For a week, and tomorrow somebody forgot one."""
    today = console.now().astimezone(SHANGHAI).date()
    last = today + timedelta(days=6)
    found = _chen(console).get(f"/v1/roster?from={today}&to={last}")["roster"]
    days = {(one["project"], one["day"]) for one in found if one["lead"]}
    projects = {one for one, _ in days}
    tomorrow = str(today + timedelta(days=1))
    yield from _lacking(
        today=any(day == str(today) for _, day in days),
        gap=any((one, tomorrow) not in days for one in projects),
    )


def a_certificate_ran_out(console: SeededConsole) -> Iterator[str]:
    held = _chen(console).get("/v1/qualifications")["qualifications"]
    states = {one["state"] for one in held}
    yield from _lacking(valid="valid" in states, expired="expired" in states)


def tablets_are_in_every_state(console: SeededConsole) -> Iterator[str]:
    """A lost one that owes something, a silent one, one whose clock is wrong."""
    chen = _chen(console)
    devices = chen.get("/v1/devices")["devices"]
    lost = [one for one in devices if one["revoked_ms"]]
    reports = [chen.get(f"/v1/devices/{one['id']}") for one in lost]
    yield from _lacking(
        lost=lost,
        missing=any(log["missing"] for one in reports for log in one["logs"]),
        unsent=any(one["unsent"] for one in devices if not one["revoked_ms"]),
        wrong_clock=any(abs(one["drift_ms"] or 0) > 600_000 for one in devices),
    )


def notices_went_out(console: SeededConsole) -> Iterator[str]:
    """Some arrived, some nobody could be told."""
    chen = _chen(console)
    counts = chen.get("/v1/notices")["counts"]
    yield from _lacking(
        sent=counts["sent"], dead=counts["dead"],
        targets=chen.get("/v1/targets")["targets"],
    )  # fmt: skip


def a_view_is_kept(console: SeededConsole) -> Iterator[str]:
    yield from _lacking(views=_chen(console).get("/v1/views")["views"])


def differences_are_found_and_decided(console: SeededConsole) -> Iterator[str]:
    """Of many sorts; some are decided one way or the other, some wait for a person."""
    tang = console.asked_by(DESK["manager"])
    waits, done = (
        tang.get(f"/v1/differences?limit=200&state={state}")["differences"]
        for state in ("open", "decided")
    )
    sorts = {one["code"] for one in (*waits, *done)}
    choices = {one["choice"] for one in done}
    yield from _lacking(
        waiting=waits, sorts=len(sorts) >= SORTS_OF_DIFFERENCES,
        field="field" in choices, log="log" in choices,
        signed_by_somebody=all(one["settled_name"] for one in done),
        both_pictures=any(len(one["pictures"]) == 2 for one in waits),
    )  # fmt: skip


def days_add_up(console: SeededConsole) -> Iterator[str]:
    """Some are closed, yesterday waits, today runs; in each the parts are the whole."""
    tang = console.asked_by(DESK["manager"])
    today = console.now().astimezone(SHANGHAI).date()
    months = {str(today - timedelta(days=ago))[:7] for ago in (0, 7, 14)}
    days = [
        one for month in sorted(months)
        for one in tang.get(f"/v1/statements?month={month}")["days"]
    ]  # fmt: skip
    closed = [one["name"] for one in days if one["state"] == "closed"]
    stood = {one["name"]: one["state"] for one in days}
    yesterday = str(today - timedelta(days=1))
    yield from _lacking(closed=closed, today=stood[str(today)] == "running")
    for name in (*closed[-3:], yesterday):
        yield from (f"{name}: {one}" for one in _unsound(tang, name))


def _unsound(asking: Asking, name: str) -> Iterator[str]:
    """What of this statement does not add up, or does not hold any more."""
    found = asking.get(f"/v1/statements/{name}")
    values = {
        one["code"]: one["value"]
        for section in found["sections"]
        for one in section["figures"]
    }
    yield from found["findings"]
    for whole, parts in SUMS:
        if values[whole] != sum(values[part] for part in parts):
            yield whole


def an_acceptance_is_proven(console: SeededConsole) -> Iterator[str]:
    """The paper of one holds in a stranger's hands, and not with one byte changed."""
    chen = _chen(console)
    signed = next(
        one["id"]
        for one in chen.orders
        if one["stage"] == "accepted" and not one["open"]
    )
    paper = console.folder / "acceptance.pdf"
    data = chen.file(f"/v1/orders/{signed}/certificate.pdf")
    paper.write_bytes(data)
    held = field_verifies(console.folder, paper)
    middle = len(data) // 2
    altered = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    paper.write_bytes(altered)
    yield from _lacking(
        holds=held, altered_is_noticed=not field_verifies(console.folder, paper)
    )


SCREENS: tuple[tuple[str, Check], ...] = (
    (N_("工作台：各角色能用所给密码登录"), everybody_logs_in),
    (N_("工作台：看板每一列都有工单"), every_column_is_filled),
    (N_("工作台：有超时、升级、挂起、返修、拒签和离线的工单"), the_board_is_alive),
    (N_("工作台：报修、投诉、咨询、建议都有"), every_sort_is_there),
    (N_("工作台：时间轴上有人在现场，也有待上门的预约"), the_timeline_is_filled),
    (N_("工作台：每一种待核对的情况都有"), every_review_waits),
    (N_("工作台：有争议的工单有照片、业主两种答复和费用"), an_orders_page_is_whole),
    (N_("工作台：值班表排到下周，明天缺一处"), the_roster_is_kept),
    (N_("工作台：有一张证书已过期"), a_certificate_ran_out),
    (N_("工作台：有丢失的、失联的和时钟不准的平板"), tablets_are_in_every_state),
    (N_("工作台：通知有送达的，也有送不出的"), notices_went_out),
    (N_("工作台：有保存的视图"), a_view_is_kept),
    (
        N_("工作台：与总台账的差异有多种，有已裁定的，也有待裁定的"),
        differences_are_found_and_decided,
    ),
    (N_("工作台：有几天已结账，每一天的数字都加得起来"), days_add_up),
    (
        N_("工作台：一张验收单的证明经得起核对，改动一个字节就不成立"),
        an_acceptance_is_proven,
    ),
)
