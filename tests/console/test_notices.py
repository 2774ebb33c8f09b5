"""What could not be told, and the programs of others that are told: kept by Lu."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sync.access import Grant
from tests.console.console import Console
from tests.server.receivers import Receiver, listening
from tests.web.desk import Call, Desk

Make = Callable[..., Console]
TOLD_S = 60  # a machine with other work
HOOK = "https://erp.example/doorstep"


@pytest.fixture
def desk(built: Path, tmp_path: Path) -> Iterator[Desk]:
    """Chen's desk, whose server may tell this machine."""
    one = Desk(tmp_path, built / "tablet", DOORSTEP_NOTICES_INSIDE="127.0.0.0/8")
    one.console = built / "console"
    with one.at_work():
        yield one


@pytest.fixture
def robot() -> Iterator[Receiver]:
    """A group's robot."""
    with listening() as one:
        yield one


@pytest.fixture
def lu(desk: Desk, consoles: Make) -> Console:
    """Lu, who administers, at the console."""
    grants = [Grant(role="administrator")]
    desk.parts.people.add("lu", "卢主管", grants, desk.parts.now())
    return consoles("lu")


def until(holds: Callable[[], object]) -> None:
    """Its own worker sends, in its own time."""
    end = time.monotonic() + TOLD_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_what_a_robot_turned_away_is_sent_again_by_hand(
    desk: Desk, lu: Console, robot: Receiver
):
    """The reason stands there in words; once more, and it arrives."""
    robot.answers.append((400, {}, b""))
    parts = desk.parts
    parts.notices.targets.add("wecom", "值班群", robot.url, "lu", parts.now())
    desk.calls_in(call=Call(priority="emergency"))
    until(lambda: parts.notices.outbox.list(state="dead"))
    page = lu.open("#/notices").page
    expect(page.get_by_role("table")).to_contain_text("对方回答 400")

    page.get_by_role("button", name="再发一次").click()

    expect(page.get_by_role("button", name="再发一次")).to_have_count(0)
    until(lambda: len(robot.got) == 2)
    assert robot.texts[0] == robot.texts[1]


def test_a_new_secret_is_shown_once_and_the_former_one_is_named(
    desk: Desk, lu: Console
):
    """For a day both sign; afterwards nobody reads the new one here again."""
    _made, first = desk.parts.notices.targets.add_webhook(HOOK, "lu", desk.parts.now())
    page = lu.open("#/notices?part=webhooks").page
    page.get_by_role("button", name="换密钥").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="换密钥").click()
    secret = dialog.locator("output.code").inner_text()
    dialog.get_by_role("button", name="记好了").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert re.fullmatch(r"whsec_\S{20,}", secret)
    assert secret != first
    assert secret not in page.content()
