"""The survey card: two chips and one tap; what is dangerous, dear or disputed first."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from field_client.strokes import read_strokes
from sync.facts import Fact
from sync.facts.approval import Approved, Held
from sync.facts.survey import Countersigned, ItemFound, PlanAgreed, Surveyed
from sync.facts.work import SafeMade
from sync.order import Payer, Stage
from tests.web.at_work import AtWork
from tests.web.desk import NUMBER, Desk
from tests.web.hand import Hand
from tests.web.tablet import Tablet
from tests.web.visited import visiting


@pytest.fixture
def li(served: Desk, tablet: Tablet, tmp_path: Path) -> AtWork:
    """In the home, the door card attested, the survey before him."""
    stream = served.order()
    with visiting(served, tmp_path / "other", stream) as visit:
        visit.comes().photographs("before", "#7a1f1f")
    tablet.page.get_by_text("在现场").or_(
        tablet.page.get_by_text("已到场")
    ).first.wait_for()
    return AtWork(tablet, stream).step("survey")


def of(desk: Desk, what: type) -> list[Fact]:
    """The facts of one kind that the server has."""
    return [fact for fact in desk.facts() if isinstance(fact.what, what)]


def arrives(li: AtWork, desk: Desk, what: type) -> Fact:
    """The fact of this kind, as soon as the server has it."""
    for _attempt in range(200):
        if found := of(desk, what):
            return found[-1]
        li.page.wait_for_timeout(50)
    raise AssertionError(f"{what.__name__} did not arrive")


def test_two_chips_and_one_tap_tell_cause_item_and_the_owners_yes(
    li: AtWork, served: Desk
):
    li.tablet.seen.forget()

    li.chooses("接口松动", "紧固").goes_on("业主同意，开始维修").comes_to("work")

    arrives(li, served, PlanAgreed)
    document = served.document()
    assert document.survey.cause == "接口松动" and document.stage is Stage.AGREED
    assert [one.payer for one in document.items] == [Payer.CONTRACTOR]
    assert (li.tablet.taps, li.tablet.seen.keys) == (3, [])


def test_a_tablet_that_dies_in_a_survey_has_every_chip(li: AtWork):
    """U-A8: each tap is on disk."""
    li.chooses("接口松动", "4 时", "有偿（业主）")
    expect(li.primary).to_contain_text("先选怎么修")
    li.has_drafted('"paid"')

    li.tablet.kill()
    again = AtWork(li.tablet.again(), li.order).step("survey")

    for chip in ("接口松动", "4 时", "有偿（业主）"):
        expect(again.chip(chip)).to_have_attribute("aria-checked", "true")
    assert again.told("survey.surveyed") == []


def test_the_same_survey_told_twice_is_told_once(li: AtWork):
    li.chooses("接口松动", "紧固").goes_on("业主同意").comes_to("work")

    li.step("survey").goes_on("业主同意").comes_to("work")

    for kind in ("survey.surveyed", "survey.item_found", "survey.plan_agreed"):
        assert len(li.told(kind)) == 1, kind


def test_what_the_owner_did_is_the_owners_to_pay_and_it_says_why(li: AtWork):
    """L1: a first answer with its reason."""
    li.chooses("使用不当")

    expect(li.chip("有偿（业主）")).to_have_attribute("aria-checked", "true")
    li.tablet.shows("使用不当不在保修范围")


def test_a_cost_above_the_limit_waits_and_the_work_with_it(li: AtWork, served: Desk):
    """L4, offline as it would be in a basement."""
    with li.tablet.away():
        li.chooses("施工缺陷", "修补", "¥3,000").goes_on("先保安全，等待批准")
        li.comes_to(li.order).step("work")
        expect(li.primary).to_contain_text("等待批准")

    held = arrives(li, served, Held)
    assert (held.what.estimate_fen, held.what.limit_fen) == (300_000, 100_000)
    assert of(served, PlanAgreed) == []


def test_what_was_approved_goes_on(li: AtWork, served: Desk):
    li.chooses("施工缺陷", "修补", "¥3,000").goes_on("先保安全，等待批准")
    hold = arrives(li, served, Held)

    served.decide(NUMBER, Approved(hold=hold.id, up_to_fen=300_000))
    li.step("survey")

    expect(li.primary).to_contain_text("业主同意，开始维修", timeout=20_000)


def test_an_emergency_is_made_safe_before_anything_is_asked(li: AtWork, served: Desk):
    """P4a: the measure needs no survey, no price, no approval."""
    li.unfolds("需要先应急处理").chooses("已关总阀")
    li.page.get_by_role("button", name="已保安全").tap()

    assert arrives(li, served, SafeMade).what.measures == ("已关总阀",)
    assert of(served, Surveyed) == []


def test_who_is_there_signs_the_survey_that_was_shown(li: AtWork, served: Desk):
    """P5, A0: the signature names the survey and travels with its strokes."""
    li.chooses("施工缺陷", "修补").unfolds("在场、同意人").chooses("施工单位")
    li.page.get_by_role("button", name="请施工单位会签").tap()
    Hand(li.tablet, "cosign:").writes()
    li.goes_on("确认签字").tablet.shows("已会签")
    li.takes_back().comes_to("survey")

    signed = arrives(li, served, Countersigned)
    survey = arrives(li, served, Surveyed)
    blob = signed.blob("signature")
    assert (signed.what.survey, signed.what.role) == (survey.id, "施工单位")
    assert blob is not None
    wait_for(li, lambda: served.has(blob.sha256))
    held = served.parts.shelf.open(blob.sha256).read()
    assert len(read_strokes(held)) > 0


def test_two_surveys_unknown_to_each_other_stand_side_by_side(
    li: AtWork, served: Desk, tmp_path: Path
):
    """One tap says which of them holds; whoever states it once more has settled it."""
    with li.tablet.away():
        li.chooses("接口松动", "紧固").goes_on("业主同意").comes_to("work")
        with visiting(served, tmp_path / "wang", f"order:{li.order}") as other:
            other.tells(Surveyed(cause="材料老化", method="更换配件"))
    li.step("survey")

    li.tablet.shows("勘察有两份")
    li.page.locator(".beside > .card", has_text="材料老化").get_by_role("button").tap()

    wait_for(li, lambda: served.document().survey.cause == "材料老化")
    wait_for(li, lambda: not served.document().beside.survey)
    expect(li.page.get_by_text("勘察有两份")).to_have_count(0)


def test_three_working_days_are_counted_on_the_companys_calendar(
    li: AtWork, served: Desk
):
    """V3: Sundays and holidays do not count."""
    li.chooses("接口松动", "紧固", "3 个工作日").goes_on("业主同意，改天再修")

    promised = arrives(li, served, Surveyed).what.promised_ms
    assert promised == three_working_days(served)


def three_working_days(desk: Desk) -> int:
    """The end of the third working day from now, by the server's calendar."""
    calendar = desk.parts.policy.calendar
    day, _ = calendar.local(desk.parts.now())
    for _day in range(3):
        day += 1
        while not calendar.hours(day):
            day += 1
    return calendar.instant(day + 1, 0)


def test_a_second_item_has_its_own_payer(li: AtWork, served: Desk):
    li.chooses("接口松动", "紧固")
    li.page.get_by_role("button", name=re.compile("再加一项")).tap()
    item = li.page.locator(".item").nth(1)
    item.get_by_role("radio", name="松动", exact=True).tap()
    item.get_by_role("radio", name="B 类（公司）").tap()
    li.goes_on("业主同意")

    arrives(li, served, PlanAgreed)
    found = {fact.what.item: fact.what.payer for fact in of(served, ItemFound)}
    assert found == {1: Payer.CONTRACTOR, 2: Payer.COMPANY}


def wait_for(li: AtWork, true: Callable[[], bool]) -> None:
    """Until it is so."""
    for _attempt in range(300):
        if true():
            return
        li.page.wait_for_timeout(50)
    raise AssertionError("it did not come about")
