"""photos: pictures of before their looks were kept are looked at once more."""

import fcntl
from pathlib import Path

import click
from rich.progress import Progress

from server.commands.kit import Office, as_json, pass_office, put_json
from sync.words import N_


@click.group(help=N_("照片"))
def photos() -> None:
    """Pictures as they look."""


@photos.command(help=N_("补看旧照片，并与其他工单的照片比对（疑似相同的由人工核对）"))
@as_json
@pass_office
def compare(office: Office, as_json: bool) -> None:
    """Free to repeat, also while a server runs: of two, one waits for its turn."""
    parts, looked, compared = office.parts, 0, 0
    with (
        Path(parts.config.data / "looking").open("w") as turn,
        Progress(transient=True) as progress,
    ):
        fcntl.flock(turn, fcntl.LOCK_EX)
        task = progress.add_task(office.word(N_("照片")), total=None)
        parts.findings.look(office.now())
        for count in parts.findings.look_back():
            looked += count
            progress.advance(task, count)
        for count in parts.likeness.compare(office.now()):
            compared += count
            progress.advance(task, count)
        fcntl.flock(turn, fcntl.LOCK_UN)
    parts.findings.darkroom.close()
    if as_json:
        put_json([{"looked": looked, "compared": compared}])
        return
    office.tell(
        N_("补看 {looked} 张，比对 {compared} 张；下次对账列出疑似相同的照片"),
        looked=looked, compared=compared,
    )  # fmt: skip
