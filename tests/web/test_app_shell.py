"""The app itself: it opens, stays, and asks nobody else."""

from collections.abc import Callable

from tests.web.desk import Desk
from tests.web.tablet import Tablet


def test_it_opens_from_cold_with_neither_line_nor_server(served: Desk, tablet: Tablet):
    """A job that was taken home and never opened is there (U01)."""
    tablet.ready_for_offline()
    tablet.offline()
    served.kill()
    tablet.kill()

    tablet.again()

    tablet.took_home()
    assert tablet.seen.trouble == []
