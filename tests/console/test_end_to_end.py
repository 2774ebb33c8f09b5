"""From a call to the last word: Chen at her console, Li and Wang with their tablets, a
server; real processes that know of each other by the line alone.

Whatever is read here stands on somebody's screen.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from server.statements import closing
from sync.sealed import examined
from sync.sheet import short_code, shown_hash
from tests.console.at_desk import AtDesk, known_home
from tests.console.console import Console
from tests.web.desk import Desk
from tests.web.handed_out import HandOut
from tests.web.job import Job
from tests.web.owner import Owner
from tests.web.tablet import Tablet

LI, WANG = "李强", "王军"
SURVEYS, VERDICT = "survey.surveyed", "acceptance.accepted"
BOTH = "两人各自填写了同一内容，互不知情"
REASON = "业主说是李师傅先来看的"


@dataclass(frozen=True)
class Crew:
    """Chen at her desk, Li and Wang with a tablet each."""

    chen: AtDesk
    li: Tablet
    wang: Tablet

    @property
    def trouble(self) -> list[str]:
        """Everything that should never happen, on any of the three screens."""
        seen = (self.chen.console.seen, self.li.seen, self.wang.seen)
        return [one for some in seen for one in some.trouble]

    def li_does_it_all(self) -> None:
        """From the door to the owner's signature, and out again."""
        job = Job(self.li, self.chen.stream).opens().arrives().photographs()
        job.surveys("接口松动", "紧固").repairs().photographs()
        job.hands_over().owner_acts(Owner.is_happy).takes_back_and_leaves()

    def wang_surveys(self) -> None:
        """As if nobody had been there."""
        job = Job(self.wang, self.chen.stream).opens().arrives().photographs()
        job.surveys("材料老化", "更换配件")


@pytest.fixture
def crew(desk: Desk, console: Console, tablets: HandOut) -> Crew:
    """A call that Chen took and gave to Li, who has it at home and has gone out."""
    known_home(desk)
    chen = AtDesk(console)
    li, wang = (tablets(who, called=f"{who} 的平板") for who in ("li", "wang"))
    chen.takes_call().gives_to(LI)
    li.took_home()
    li.ready_for_offline()
    li.offline()
    return Crew(chen, li, wang)


@pytest.fixture
def met(crew: Crew) -> Crew:
    """Both have worked on it, unaware of each other; Li is the first to come back."""
    crew.li_does_it_all()
    crew.chen.gives_to(WANG)
    crew.wang.took_home()
    crew.wang.ready_for_offline()
    with crew.wang.away():
        crew.wang_surveys()
        crew.li.online()
        crew.chen.finds("done", WANG)
    return crew


def test_a_call_comes_back_signed_without_anybody_touching_the_console(crew: Crew):
    """The board shows what is known, and the rest as soon as there is a line."""
    crew.li_does_it_all()
    crew.chen.finds("given", LI)

    crew.li.online()
    crew.chen.finds("done", LI)

    crew.chen.opens_order()
    expect(crew.chen.entries(VERDICT)).to_contain_text("业主本人")
    crew.li.open().get_by_test_id("truth").get_by_text("全部已传").wait_for()
    assert crew.trouble == []


def test_what_the_owner_read_and_signed_for_is_what_the_paper_says(
    crew: Crew, desk: Desk
):
    """U22, U26: one amount and one digest, from the owner's screen to a figure."""
    read: dict[str, str] = {}
    job = Job(crew.li, crew.chen.stream).opens().arrives().photographs(2)
    job.surveys_paid("使用不当", "更换配件").repairs().photographs(2).hands_over()
    job.owner_acts(lambda owner: reads(owner, read)).takes_back_and_leaves()
    crew.li.online()
    crew.chen.finds("done", LI).opens_order()

    paper = crew.chen.takes_paper("第一联 业主留存 PDF")

    sheet = shown_hash(paper.attached["sheet.json"])
    assert examined(paper.data).holds
    assert f"业主应付{read['due']}" in paper.words
    assert short_code(sheet) == read["code"]
    expect(crew.chen.page.locator("#money")).to_contain_text(read["due"])
    assert f"¥{owed_today(desk) / 100:.2f}" == read["due"]
    assert crew.trouble == []


def reads(owner: Owner, read: dict[str, str]) -> Owner:
    """Zhao looks at the amount before saying yes, and at the code before signing."""
    sheet = owner.page.get_by_test_id("sheet").inner_text()
    (read["due"],) = re.findall(r"您应付 (¥[\d.,]+)", sheet)
    owner.is_happy()
    read["code"] = owner.code
    return owner


def owed_today(desk: Desk) -> int:
    """What the statement of today says of owners' money, in fen."""
    now = datetime.fromtimestamp(desk.parts.now() / 1000, UTC) + timedelta(hours=8)
    found = closing.account(desk.parts, f"{now:%Y-%m-%d}", "")
    return next(one.value for one in found.now.figures if one.code == "owner")


def test_two_who_did_not_know_of_each_other_are_settled_with_one_key(met: Crew):
    """The board says that something waits, by itself; the reason reaches the tablet."""
    met.chen.finds("done", WANG, "待核对")
    met.chen.opens_order()
    expect(met.chen.entries(SURVEYS)).to_have_count(2)

    met.chen.settles(BOTH, "现场勘察", LI, REASON)

    met.wang.open(f"#/order/{met.chen.order}")
    met.wang.shows(re.compile("· 已验收$"))
    expect(met.wang.page.locator("[data-settled]")).to_contain_text(REASON)
    met.chen.opens_order()
    expect(met.chen.entries("review.resolved")).to_contain_text(REASON)
    expect(met.chen.page.locator(".stage")).to_contain_text("已验收")
    assert met.trouble == []


def test_the_orders_page_says_who_when_how_sure_and_from_which_tablet(met: Crew):
    """Both surveys stand there, each with what its author could not know."""
    met.chen.finds("done", WANG, "待核对").opens_order()

    for who, name in (("li", LI), ("wang", WANG)):
        survey = met.chen.entries(SURVEYS).filter(has_text=name)
        expect(survey).to_contain_text(f"在“{who} 的平板”上")
        expect(survey).to_contain_text("记录时还不知道")
        expect(survey.locator("time")).to_have_text(re.compile(r"\d\d:\d\d"))
        expect(survey.locator(".grade")).to_contain_text("可靠")
    assert met.trouble == []
