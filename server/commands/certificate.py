"""certificate, evidence: an order on paper, and everything that proves it."""

from pathlib import Path

import click

from server.commands.kit import Office, by_whom, pass_office
from server.issuing import issued
from server.packing import ALL, DISCLOSED, packed
from server.paper import HEADINGS
from sync.problems import Refused
from sync.words import N_

DISCLOSE = N_("公开哪些个人信息，如 owner；all 为全部；不写就都不公开")


@click.command(help=N_("验收单 PDF：doorstep certificate 编号 -o 文件.pdf"))
@click.argument("number")
@click.option(
    "-o", "--output", "file", required=True, help=N_("写到哪个文件"),
    type=click.Path(dir_okay=False, path_type=Path),
)  # fmt: skip
@click.option("--copy", type=click.Choice(sorted(HEADINGS)), default="owner",
              show_default=True, help=N_("哪一联"))  # fmt: skip
@click.option("--round", "round_number", type=click.IntRange(1), default=None,
              help=N_("第几轮；不写就是验收合格的那一轮"))  # fmt: skip
@click.option("--yes", is_flag=True, help=N_("文件已存在时覆盖"))
@by_whom
@pass_office
def certificate(
    office: Office,
    number: str,
    file: Path,
    copy: str,
    round_number: int | None,
    yes: bool,
    by: str,
) -> None:
    """Whoever has the machine reads all; who did is noted."""
    if file.exists() and not yes:
        raise Refused("file_exists", path=file)
    parts, name = office.parts, office.stream(number)
    made = issued(parts, name, copy, round_number, whole=True)
    parts.traces.read_by(by, [name], office.now())
    file.write_bytes(made)
    office.tell(N_("已写入 {file}（{size} KiB）"), file=file, size=len(made) // 1024)


@click.command(help=N_("一张工单的证据包：doorstep evidence 编号 -o 文件.zip"))
@click.argument("number")
@click.option(
    "-o", "--output", "file", required=True, help=N_("写到哪个文件"),
    type=click.Path(dir_okay=False, path_type=Path),
)  # fmt: skip
@click.option("--disclose", "disclosed", multiple=True, metavar="NAME",
              type=click.Choice(sorted({ALL, *DISCLOSED})),
              help=DISCLOSE)  # fmt: skip
@click.option("--yes", is_flag=True, help=N_("文件已存在时覆盖"))
@by_whom
@pass_office
def evidence(
    office: Office, number: str, file: Path, disclosed: tuple[str, ...], yes: bool,
    by: str,
) -> None:  # fmt: skip
    """Whoever has the machine may take it; who did is noted."""
    if file.exists() and not yes:
        raise Refused("file_exists", path=file)
    parts, name = office.parts, office.stream(number)
    made = packed(parts, name, sorted({*disclosed}))
    parts.traces.took_evidence(by, name, disclosed, office.now())
    file.write_bytes(made)
    office.tell(N_("已写入 {file}（{size} KiB）"), file=file, size=len(made) // 1024)
