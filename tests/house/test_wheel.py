"""Whoever installs the wheel has the tablet's app, and needs no Node for it."""

import re

from hatchling.builders.wheel import WheelBuilder

from infra import tablet_app
from tests.house.ground import ROOT


def packed() -> set[str]:
    """The files of the wheel, as paths inside it."""
    tablet_app.bring_up_to_date()
    included = WheelBuilder(str(ROOT)).recurse_included_files()
    return {one.distribution_path for one in included}


def test_the_app_lies_in_the_wheel_with_everything_that_its_page_asks_for():
    inside = packed()
    page = (tablet_app.BUILT / "index.html").read_text()
    asked = re.findall(r'(?:src|href)="/tablet/([^"]+)"', page)

    assert len(asked) > 3
    assert {f"server/built/tablet/{name}" for name in ["index.html", *asked]} <= inside


def test_neither_sources_of_the_app_nor_tests_lie_in_the_wheel():
    odd = [
        path
        for path in packed()
        if path.startswith(("tests/", "infra/", "field_client/web/"))
        or "node_modules" in path
    ]

    assert odd == []
