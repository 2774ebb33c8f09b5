"""Notices of the last hours of the sample month: told, on their way, and given up.

They go where notices of a fresh server go: text messages into a file, and e-mail
nowhere, because no mail server is set up. May not enter: what happens to an order.
"""

from dataclasses import replace

from server.notices.telling import Notices
from server.parts import Parts
from sync.moment import MINUTE_MS

HOURS, EVERY_MINUTES = 5, 20


class Telling:
    """Looks every so often, as the worker of a server does."""

    def __init__(self, parts: Parts, until_ms: int) -> None:
        self._next_ms = until_ms - HOURS * 60 * MINUTE_MS
        self._now_ms = self._next_ms
        self._until_ms = until_ms
        # No gateway: nothing of a sample goes to a telephone, whatever is set up here.
        config = replace(parts.config, sms_url="", smtp_url="")
        self._notices = Notices(
            parts.engine,
            config,
            parts.policy,
            lambda: self._now_ms,
            parts.chance,
            parts.keys,
        )
        self._begun = False

    def goes_on(self, at_ms: int) -> None:
        """Time has come so far."""
        while self._next_ms <= min(at_ms, self._until_ms):
            self._now_ms = self._next_ms
            self._next_ms += EVERY_MINUTES * MINUTE_MS
            self._look()

    def _look(self) -> None:
        if not self._begun:
            self._begun = True
            self._allow()
        self._notices.look()
        self._notices.look_at_clocks()
        self._notices.send()

    def _allow(self) -> None:
        """Who may be told: an administrator's list."""
        everybody = ("lead", "manager", "owner", "technician")
        for kind, name, address, audiences in (
            ("sms", "业主、师傅和值班负责人的手机", "*", everybody),
            ("email", "值班邮箱", "duty@example.com", ("manager",)),
        ):
            self._notices.targets.add(
                kind, name, address, "luo", self._now_ms, audiences=audiences
            )
