"""How many messages a group's robot still takes: a bucket that fills by the clock.

A quarter of what a minute allows may go out at once, and the bucket fills with the
rest: so in no minute whatever are there more than allowed. Kept in the database, so
that neither a restart nor a second process empties more than there is. May not enter:
what is sent.
"""

from sqlalchemy import Connection, insert, select, update

from server.notice_tables import bucket

ONE = 1000  # a message, in the thousandths that are kept
MINUTE_MS = 60_000


def take(
    connection: Connection, target: str, per_minute: int, now_ms: int
) -> int | None:
    """Take one message; None if there was one, else when there will be."""
    chosen = select(bucket).where(bucket.c.target == target).with_for_update()
    row = connection.execute(chosen).first()
    at_once = max(1, per_minute // 4)
    rate = max(1, per_minute - at_once) * ONE  # in a minute
    left = at_once * ONE
    if row is not None:
        grown = max(0, now_ms - row.at_ms) * rate // MINUTE_MS
        left = min(left, row.left + grown)
    if left < ONE:
        return now_ms + -(-(ONE - left) * MINUTE_MS // rate)
    kept = {"target": target, "left": left - ONE, "at_ms": now_ms}
    if row is None:
        connection.execute(insert(bucket).values(kept))
    else:
        mine = bucket.c.target == target
        connection.execute(update(bucket).where(mine).values(kept))
    return None
