"""Whoever installs the wheel has both apps, and needs no Node for them."""

import re

import pytest
from hatchling.builders.wheel import WheelBuilder

from infra import web_apps
from tests.house.ground import ROOT


def packed() -> set[str]:
    """The files of the wheel, as paths inside it."""
    web_apps.bring_up_to_date()
    included = WheelBuilder(str(ROOT)).recurse_included_files()
    return {one.distribution_path for one in included}


@pytest.mark.parametrize("app", web_apps.APPS, ids=lambda one: one.name)
def test_an_app_lies_in_the_wheel_with_everything_that_its_page_asks_for(
    app: web_apps.App,
):
    inside = packed()
    page = (app.built / "index.html").read_text()
    asked = ["index.html", *re.findall(rf'(?:src|href)="/{app.name}/([^"]+)"', page)]

    assert (len(asked) > 3) is not (app is web_apps.VERIFY)  # that one is one file
    assert {f"server/built/{app.name}/{name}" for name in asked} <= inside


def test_neither_sources_of_the_apps_nor_tests_lie_in_the_wheel():
    odd = [
        path
        for path in packed()
        if path.startswith(
            (
                "tests/",
                "infra/",
                "field_client/web/",
                "server/console/",
                "server/verify/",
            )
        )
        or "node_modules" in path
    ]

    assert odd == []
