"""Nothing that somebody typed is ever carried out, and nobody else is ever asked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.console.console import Console
from tests.web.desk import Call, Desk
from tests.web.scales import Scales, table

Make = Callable[..., Console]
FIRST_LOAD_BYTES = 160_000  # over the wire, until the board stands (U29)
NASTY = (
    """"'><img src=x onerror="globalThis.broken=1"><script>broken=1</script>{{7*7}}"""
)
HIDDEN = "javascript:globalThis.broken=1"
WHERE = ("#/board", "#/timeline", "#/settings", "#/reviews", "#/people", "#/devices",
         "#/roster", "#/notices")  # fmt: skip


def nasty_call(desk: Desk) -> None:
    """An owner, or whoever filled in a form for them, who tries everything."""
    call = Call(site=NASTY[:90], trade=NASTY[:90], building=NASTY[:30], unit=HIDDEN,
                room=NASTY[:30], owner=NASTY, phone="17000000117", fault=NASTY,
                remark=NASTY)  # fmt: skip
    desk.parts.door.add_person("li", NASTY[:60], "technician", desk.parts.now())
    desk.order(call=call)


def look_everywhere(console: Console) -> None:
    """Every place of the board where somebody's text is shown."""
    page = console.page
    page.locator(".order").first.wait_for()
    page.locator(".give").first.click()
    page.locator(".candidate").first.wait_for()
    console.press("Escape", "n")
    page.locator("#asked").fill("17000000117")
    page.locator(".homes button").first.wait_for()
    console.press("Enter")
    page.locator(".history li").first.wait_for()
    console.press("Escape")
    console.open("#/timeline").page.locator(".waiting li").first.wait_for()


def test_text_that_somebody_typed_stays_text(desk: Desk, console: Console):
    """X13: through every text that the board, the menu, the call and the day show."""
    nasty_call(desk)
    look_everywhere(console)

    assert console.page.evaluate("globalThis.broken") is None
    expect(console.page.locator("main img, main script")).to_have_count(0)
    assert console.page.locator("a[href^='javascript:']").count() == 0
    assert console.seen.trouble == []


def test_a_link_with_filters_that_were_made_up_shows_them_as_text(
    desk: Desk, console: Console
):
    desk.order()
    console.open(f"#/board?trade={NASTY}&q={NASTY}&technician={HIDDEN}")

    expect(console.page.get_by_label("工种")).to_have_value(NASTY)
    assert console.page.evaluate("globalThis.broken") is None


def test_a_first_load_is_small(console: Console):
    """U29: until the board stands there, with an empty cache."""
    devtools = console.devtools
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    scales = Scales(devtools)
    console.page.reload()
    console.page.locator(".columns").wait_for()

    assert scales.total <= FIRST_LOAD_BYTES, table("on the line", scales.weights)


def test_looking_around_asks_nobody_else_and_breaks_no_rule(
    desk: Desk, console: Console
):
    """No third party, no violation of the policy, no error."""
    desk.order()
    for where in WHERE:
        console.open(where)
        console.page.locator("main h1").first.wait_for(state="attached")

    assert console.seen.trouble == []


def test_a_policy_that_is_broken_is_noticed(console: Console):
    """The counters of the tests above do count."""
    console.page.evaluate(
        """async () => {
          const both = new Promise((over) => {
            let told = 0;
            document.addEventListener("securitypolicyviolation", () => {
              told += 1;
              if (told === 2) over();
            });
            setTimeout(over, 10_000); // then there is none
          });
          const script = document.createElement("script");
          script.textContent = "globalThis.broken = true";
          document.head.append(script);
          await fetch("http://127.0.0.1:9/").catch(() => undefined);
          await both; // said after what breaks it, on a slow machine long after
        }"""
    )

    assert any("script-src" in one for one in console.seen.violations)
    assert any("connect-src" in one for one in console.seen.violations)


@pytest.mark.parametrize(
    "header", ["content-security-policy", "x-content-type-options"]
)
def test_nobody_shows_the_console_in_a_frame_of_theirs(console: Console, header: str):
    """Clickjacking: X14."""
    answer = console.page.request.get(f"{console.url}/console/")
    wanted = {"content-security-policy": "frame-ancestors 'none'"}

    assert wanted.get(header, "nosniff") in answer.headers[header]
