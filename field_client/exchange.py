"""One exchange: hello, then stages, each as far as it gets.

A stage that fails holds up no other; what did not get through stays for the next time.
To add a stage, write it in a module of its own and list it. May not enter: when to
exchange, screens.
"""

from collections.abc import Callable
from dataclasses import replace

from field_client.checking_log import check_log
from field_client.contact import Exchanging, Report
from field_client.handing_in import LANE, hand_in
from field_client.looking_back import look_back
from field_client.originals import send_photos, send_signatures
from field_client.purging import purge
from field_client.taking_home import take_home, take_policy
from field_client.transport import Answered, NoAnswer
from sync.heads import ANOTHER_HISTORY
from sync.problems import Refused

Stage = Callable[[Exchanging], None]
REVOKED = "device_revoked"
TOKEN_UNKNOWN = "token_unknown"  # noqa: S105 - a problem's code

HOME: tuple[Stage, ...] = (check_log, take_policy, take_home, check_log)
EVERYTHING: tuple[Stage, ...] = (
    check_log,
    look_back,
    hand_in,
    take_policy,
    take_home,
    check_log,
    send_signatures,
    send_photos,
    purge,
)
LANES = (LANE, "signatures", "photos")


def exchange_once(
    exchange: Exchanging, stages: tuple[Stage, ...] = EVERYTHING, *, again: bool = False
) -> Report:
    """Hello, then the stages. Only a hello without an answer is raised: then nothing
    was done at all."""
    if again:
        _clear_shelves(exchange)
    exchange.hello()
    for stage in stages:
        try:
            _attempt(exchange, stage)
        except NoAnswer as lost:
            exchange.report.trouble(stage.__name__, "no_answer", str(lost))
        except Refused as full:  # what cannot be taken home holds up nothing else
            exchange.report.trouble(stage.__name__, full.code)
            if full.code == ANOTHER_HISTORY:
                break  # nothing is handed to it, and nothing taken from it
        except Answered as no:
            _note(exchange.report, stage.__name__, no)
            if no.code == REVOKED:
                exchange.store.projection.wipe()
            if no.status == 401:
                break
    return exchange.report


def _attempt(exchange: Exchanging, stage: Stage) -> None:
    """The stage, and once more after a new hello if the token is no longer known."""
    try:
        stage(exchange)
    except Answered as no:
        if no.status != 401 or no.code != TOKEN_UNKNOWN:
            raise
        exchange.hello()
        stage(exchange)


def _note(report: Report, stage: str, no: Answered) -> None:
    report.trouble(stage, no.code or str(no.status), str(no.problem.get("detail", "")))
    if no.retry_after_ms is not None:
        report.retry_after_ms = max(report.retry_after_ms or 0, no.retry_after_ms)


def _clear_shelves(exchange: Exchanging) -> None:
    """People ask for everything to be tried anew."""
    exchange.store.outbox.offer_again()
    for name in LANES:
        lane = exchange.store.projection.lane(name)
        exchange.store.projection.keep_lane(
            name, replace(lane, shelf=frozenset(), aside=())
        )
