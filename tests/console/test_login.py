"""Somebody sits down at the console, and gets up again."""

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.console.console import PASSWORD, Console
from tests.web.desk import Desk

Make = Callable[..., Console]


def test_a_session_that_ends_leaves_the_screen_behind_as_it_was(
    desk: Desk, console: Console
):
    """Somebody logs in again over it and goes on where they were."""
    desk.order()
    console.open("#/board?priority=normal")
    console.page.locator(".order").wait_for()

    desk.parts.sessions.end_all("chen")
    over = console.page.get_by_role("dialog", name="请重新登录")
    over.wait_for()

    expect(console.page.locator(".order")).to_have_count(1)
    assert console.page.url.endswith("#/board?priority=normal")


def test_a_wrong_password_is_said_without_saying_what_was_wrong(
    browser: Browser, desk: Desk
):
    with Console(browser, desk.url) as stranger:
        stranger.page.goto(f"{desk.url}/console/")
        said = [refused(stranger, who) for who in ("chen", "nobody")]

    assert said[0] == said[1] != ""


def refused(console: Console, who: str) -> str:
    """What is said to somebody with this name and a password made up."""
    page = console.page
    page.locator("[name=person]").fill(who)
    page.locator("[name=password]").fill("made up")
    with page.expect_response("**/v1/session"):
        page.keyboard.press("Enter")
    page.locator(".wrong:not(:empty)").wait_for()
    return page.locator(".wrong").inner_text()


def test_whoever_gets_up_leaves_nothing_for_the_next(desk: Desk, console: Console):
    desk.order()
    console.page.locator(".order").wait_for()

    console.page.get_by_role("button", name="退出").click()
    console.page.locator("[name=person]").wait_for()
    console.page.reload()

    expect(console.page.locator("[name=person]")).to_be_visible()
    expect(console.page.locator(".order")).to_have_count(0)


def test_a_single_key_does_nothing_once_keys_are_off(console: Console):
    """WCAG 2.1.4: for whoever dictates."""
    console.open("#/settings")
    keys = console.page.get_by_role("radiogroup", name="单键操作")
    keys.get_by_role("radio", name="关闭").click()

    console.press("n")
    console.press("?")

    expect(console.page.locator("dialog")).to_have_count(0)


def test_a_question_mark_tells_every_key_that_does_something_here(console: Console):
    console.open("#/board")
    console.page.locator(".columns").wait_for()

    console.press("?")

    told = console.page.locator("dialog kbd").all_text_contents()
    assert {"N", "/", "J", "K", "H", "L", "D", "?"} <= set(told)


def test_whoever_the_company_login_did_not_let_in_reads_why(
    browser: Browser, desk: Desk
):
    """The server sends them back with a code; its sentence stands over the form."""
    with Console(browser, desk.url) as stranger:
        page = stranger.page
        page.goto(f"{desk.url}/v1/session/openid/answer?error=access_denied")
        page.locator("[name=person]").wait_for()

        assert "refused=" in page.url
        expect(page.get_by_role("alert").first).to_contain_text("登录")


def test_words_that_somebody_put_into_a_link_are_not_said_at_the_login(
    browser: Browser, desk: Desk
):
    with Console(browser, desk.url) as stranger:
        page = stranger.page
        page.goto(f"{desk.url}/console/#/login?refused=Please+ring+110")
        page.locator("[name=person]").wait_for()

        expect(page.get_by_role("alert").first).to_have_text(
            "统一登录没有成功，请重试，或用账号和密码登录。"
        )


def test_whoever_logs_in_after_all_stands_before_the_board(
    desk: Desk, console: Console
):
    console.page.get_by_role("button", name="退出").click()
    console.page.locator("[name=person]").wait_for()
    console.page.goto(f"{desk.url}/console/#/login?refused=openid_stale")
    console.page.reload()

    console.page.locator("[name=person]").fill("chen")
    console.page.locator("[name=password]").fill(PASSWORD)
    console.press("Enter")

    console.page.locator(".columns").wait_for()
    assert console.page.url.endswith("#/board")
