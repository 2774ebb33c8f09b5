"""`field`: a tablet in a terminal, for demos, tests, load and rescue.

The outermost door: it opens the folder, speaks the reader's language and turns every
refusal into one sentence and an exit code. May not enter: what commands do.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from field_client.clocks import DEVICE, Clocks
from field_client.commands import (
    acceptance,
    arrival,
    evidence,
    handover,
    jobs,
    survey,
    work,
)
from field_client.commands.kit import Group
from field_client.screen import (
    CONFIG,
    EXITS,
    FAILED,
    INTERRUPTED,
    NO_PERMISSION,
    OK,
    TEMPORARY,
)
from field_client.tablet import Tablet
from field_client.transport import Answered, Call, NoAnswer
from field_client.words import LANGUAGES, _, explain, language_of, speak
from sync.problems import SENTENCES, Refused, fill
from sync.words import N_

PARTS = (jobs, arrival, survey, work, acceptance, handover, evidence)


def _speak_it(_ctx: click.Context, _param: click.Parameter, lang: str | None) -> None:
    if lang:
        speak(lang)


@click.group("field", cls=Group, help=N_("上门维修的终端：离线记录，有网再交。"))
@click.option("--home", type=click.Path(path_type=Path), help=N_("数据目录"))
@click.option("--lang", type=click.Choice(LANGUAGES), is_eager=True, expose_value=False,
              callback=_speak_it, help=N_("语言"))  # fmt: skip
@click.option("--no-input", is_flag=True, help=N_("从不提问"))
@click.pass_obj
def field(tablet: Tablet, home: Path | None, no_input: bool) -> None:
    if home:
        tablet.home = home
    if no_input:
        tablet.screen.interactive = False


for _part in PARTS:
    for _command in _part.COMMANDS:
        field.add_command(_command)


def default_home() -> Path:
    """Where a tablet's folder is if nobody says otherwise."""
    if given := os.environ.get("FIELD_HOME"):
        return Path(given)
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "doorstep-field"


def main(
    argv: Sequence[str] | None = None,
    *,
    clocks: Clocks = DEVICE,
    home: Path | None = None,
    call: Call | None = None,
) -> int:
    """Run one command; its exit code. `clocks` and `call` stand in for the machine's
    own clocks and its network."""
    speak(language_of(os.environ))
    tablet = Tablet(home or default_home(), clocks, call)
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(tablet, arguments)
    except Refused as why:
        return _refuse(tablet, why)
    except NoAnswer as lost:
        return _say(tablet, "no_answer", {"why": lost}, TEMPORARY)
    except Answered as no:
        return _answered(tablet, no)
    finally:
        tablet.close()


def _run(tablet: Tablet, arguments: list[str]) -> int:
    """What click makes of it."""
    try:
        answer = field.main(
            args=arguments, prog_name="field", standalone_mode=False, obj=tablet
        )
        return answer if isinstance(answer, int) else OK
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _say(tablet, "interrupted", {}, INTERRUPTED)


def _refuse(tablet: Tablet, why: Refused) -> int:
    tablet.screen.say(f"{_(N_('错误'))} {why.code}: {explain(why)}")
    return EXITS.get(why.code, FAILED)


def _say(tablet: Tablet, code: str, facts: dict[str, object], status: int) -> int:
    sentence = _(SENTENCES.get(code, code), **facts)
    tablet.screen.say(f"{_(N_('错误'))} {code}: {sentence}")
    return status


def _answered(tablet: Tablet, no: Answered) -> int:
    """The server said no to the whole exchange or to the enrolment."""
    sentence = SENTENCES.get(no.code)
    said = fill(_(sentence), no.problem) if sentence else no.problem.get("detail", "")
    tablet.screen.say(f"{_(N_('错误'))} {no.code or no.status}: {said}")
    if no.status in (401, 403):
        return NO_PERMISSION
    return EXITS.get(no.code, TEMPORARY if no.status >= 429 else CONFIG)


if __name__ == "__main__":
    sys.exit(main())
