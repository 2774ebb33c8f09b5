"""Other eyes: axe, with its rules of WCAG 2.2 AA. May not enter: which screens."""

from playwright.sync_api import Page

from tests.house.ground import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LOCALES = ("zh-CN", "zh-TW", "en")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_ASK = """
(rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((one) =>
    `${id}: ${one.html.slice(0, 120)} (${[...one.any, ...one.all][0]?.message})`)))
"""


def asked_axe(page: Page) -> list[str]:
    """What axe finds, one line each."""
    found: list[str] = page.evaluate(_ASK, TAGS)
    return found
