"""The month is told: people, register, tablets, and then every step at its moment.

May not enter: what must come out of it (`proof`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from infra.demo.day import Paths, Step, steps_of
from infra.demo.happenings import Truth
from infra.demo.network import Fault
from infra.demo.programme import Said, WentWrong
from infra.demo.stage import Stage

PEOPLE = (
    ("chen", "陈调度", "dispatcher"),
    ("sun", "孙巡查", "auditor"),
    ("proof", "核对程序", "auditor"),
)
ENROLMENT_TRIES = 10
EVERY_FAULT = (
    ("cut_request", "lose_answer", "send_twice", "portal"),
    ("cut_answer", "flip_request", "flip_answer", "delay", "send_again_later"),
)

Watch = Callable[[str, int, int], None]


@dataclass
class Told:
    """What was seen on the way that nobody can ask for afterwards."""

    first_import: dict[str, object] = field(default_factory=dict)
    second_import: dict[str, object] = field(default_factory=dict)
    killed: int = 0
    warnings: list[str] = field(default_factory=list)


def tell_month(
    stage: Stage, truth: Truth, register: Path, paths: Paths, watch: Watch
) -> Told:
    """From an empty server to the month's end."""
    told = Told()
    _open_office(stage, truth)
    _import(stage, register, told)
    for technician, kinds in zip(truth.technicians, EVERY_FAULT, strict=True):
        _enrol(stage, technician.id)
        pushed = (Fault(kind, 0.5, 30, on="/v1/sync/push") for kind in kinds)
        stage.networks[technician.id].next(*pushed)
    steps = steps_of(truth, paths)
    for count, step in enumerate(steps, start=1):
        watch(step.words[1] if len(step.words) > 1 else step.who, count, len(steps))
        stage.clock.pass_to(step.at_ms)
        VERBS[step.verb](stage, step, told)
    stage.clock.pass_to(stage.clock.now_ms + 24 * 3_600_000)
    for technician in truth.technicians:
        stage.exchange(technician.id)
    return told


def _open_office(stage: Stage, truth: Truth) -> None:
    for person, name, role in PEOPLE:
        stage.desk.run("people", "add", person, "--name", name, "--role", role)
    for technician in truth.technicians:
        who = ("people", "add", technician.id, "--name", technician.name)
        stage.desk.run(*who, "--role", "technician")


def _import(stage: Stage, register: Path, told: Told) -> None:
    """Look first, then do it; doing it again changes nothing."""
    command = ("import", "register", str(register), "--by", "chen", "--json")
    fine = (0, 3)  # 3: some rows could not be read; they are named
    stage.desk.run(*command, fine=fine)
    told.first_import = stage.desk.run(*command, "--apply", fine=fine).records[0]
    told.second_import = stage.desk.run(*command, "--apply", fine=fine).records[0]


def _enrol(stage: Stage, who: str) -> None:
    """A code by word of mouth, entered on the tablet until an answer arrives."""
    code = stage.desk.run("device", "enroll", who).out.strip()
    network = stage.networks[who]
    network.lose_next_answer(on="/v1/devices")
    name = f"tablet-{who}"
    for _ in range(ENROLMENT_TRIES):
        command = ("enroll", code, "--server", network.url, "--name", name)
        if stage.tablets[who].run(*command, fine=(0, 75)).code == 0:
            return
    raise WentWrong(f"{who}: not enrolled")


def _desk(stage: Stage, step: Step, _: Told) -> None:
    stage.desk.run(*step.words)


def _field(stage: Stage, step: Step, told: Told) -> None:
    said: Said = stage.tablets[step.who].run(*step.words)
    told.warnings += said.err.splitlines()


def _offline(stage: Stage, step: Step, _: Told) -> None:
    stage.networks[step.who].go_offline()


def _online(stage: Stage, step: Step, _: Told) -> None:
    stage.networks[step.who].go_online()


def _exchange(stage: Stage, step: Step, _: Told) -> None:
    stage.exchange(step.who)


def _exchange_killed(stage: Stage, step: Step, told: Told) -> None:
    photo = Path(step.words[0]).read_bytes()
    told.killed += stage.exchange_killed(step.who, photo)


VERBS: dict[str, Callable[[Stage, Step, Told], None]] = {
    "desk": _desk,
    "field": _field,
    "offline": _offline,
    "online": _online,
    "exchange": _exchange,
    "exchange_killed": _exchange_killed,
}
