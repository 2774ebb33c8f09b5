"""Tablets that a desk hands out: made when somebody wants one, put away at the end.

May not enter: what is asserted, what stands on a screen.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Playwright

from tests.web.desk import Desk
from tests.web.tablet import Tablet


class HandOut(Protocol):
    """Makes tablets, enrolled unless told otherwise: `tablets("wang", size=…)`."""

    def __call__(
        self, who: str = "li", *, enrolled: bool = True, called: str = "", **more: Any
    ) -> Tablet: ...


@contextmanager
def handing_out(chromium: Playwright, desk: Desk, folder: Path) -> Iterator[HandOut]:
    """For as long as this lasts."""
    with ExitStack() as made:
        count = 0

        def make(
            who: str = "li", *, enrolled: bool = True, called: str = "", **more: Any
        ) -> Tablet:
            nonlocal count
            profile = folder / f"tablet-{count}-{who}"
            count += 1
            one = Tablet(chromium, profile, desk.url, **more)
            made.callback(one.put_away)
            one.start()
            if enrolled:
                one.enrol(desk.code(who), called)
            return one

        yield make
