"""All of it, put together: notice what happened, look at the clocks, send.

Called again and again by a server's thread or by `doorstep worker`; any number may run
at once. May not enter: how each of these is done.
"""

from collections.abc import Callable

from sqlalchemy import Engine

from server.config import Config
from server.database import reading, writing
from server.keys import Keys
from server.notices import outbox
from server.notices.mail import Post
from server.notices.outbox import Outbox, enter
from server.notices.reach import Reach
from server.notices.sending import Sender
from server.notices.targets import Targets
from server.notices.texting import FILE, Gateway
from server.notices.watching import follow, in_danger, is_behind
from server.notices.wording import Voice
from sync.policy import Policy
from sync.problems import Refused

EVERY_S = 5.0
CLOCKS_EVERY_S = 30.0


class Notices:
    """Tells people and programs outside of what happens here."""

    def __init__(
        self,
        engine: Engine,
        config: Config,
        policy: Policy,
        now: Callable[[], int],
        chance: Callable[[int], bytes],
        keys: Keys,
    ) -> None:
        reach = _reach(config.notices_inside)
        self._engine = engine
        self._policy = policy
        self._now = now
        self._keys = keys
        self.targets = Targets(engine, reach, chance)
        self.outbox = Outbox(engine)
        self._sender = Sender(
            engine=engine,
            rules=policy.telling,
            voice=Voice(config.utc_offset_minutes, config.public_url, keys),
            reach=reach,
            post=Post(config.smtp_url, config.mail_from),
            gateway=Gateway(reach, config.sms_url, config.data / FILE),
            now=now,
        )

    def look(self) -> int:
        """Put into the outbox what there is to tell of facts; how many were read."""
        read = 0
        while self._is_behind():
            with writing(self._engine) as connection:
                read += follow(connection, self._policy, self._keys, self._now())
        return read

    def _is_behind(self) -> bool:
        with reading(self._engine) as connection:
            return is_behind(connection)

    def look_at_clocks(self) -> bool:
        """Put into the outbox what there is to tell of promises in danger, and forget
        what was told long ago."""
        rules, now_ms = self._policy.telling, self._now()
        with reading(self._engine) as connection:
            told = in_danger(connection, self._policy, now_ms)
        with writing(self._engine) as connection:
            enter(connection, told, rules, now_ms)
            outbox.sweep(connection, rules, now_ms)
        return True

    def send(self) -> int:
        """Send what is due; how many notices arrived."""
        return self._sender.send_due()

    def once(self) -> bool:
        """Facts looked at and due notices sent; always well, for what fails waits."""
        self.look()
        self.send()
        return True


def _reach(networks: str) -> Reach:
    try:
        return Reach.of(networks)
    except ValueError as error:
        name = "DOORSTEP_NOTICES_INSIDE"
        raise Refused("setting_wrong", name=name, why=str(error)) from None
