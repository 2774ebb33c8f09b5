"""Check what was handed out, an acceptance form or a pack, without any server.

May not enter: how a proof is checked (`sync/proof.py`, `sealed.py`, `pack.py`).
"""

from collections.abc import Iterable
from pathlib import Path

import click

from field_client.commands.kit import command
from field_client.commands.work import read_file
from field_client.screen import BROKEN, yield_exit
from field_client.tablet import Tablet, pass_tablet
from field_client.words import _
from sync.pack import check_pack, is_pack
from sync.problems import fill
from sync.proof import Finding, Report
from sync.sealed import SEALS, examined
from sync.words import N_


@command("verify", N_("核对验收单 PDF 或证据包 ZIP：是否被改动、少了或换了内容；"
                     "不用联网。"))  # fmt: skip
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", default=None, help=N_("服务器密钥的指纹，从别处核对得来"))
@pass_tablet
def verify(tablet: Tablet, file: Path, key: str | None) -> None:
    data = read_file(file)
    holds = (_pack if is_pack(data) else _paper)(tablet, data, key)
    yield_exit(0 if holds else BROKEN)


def _paper(tablet: Tablet, data: bytes, key: str | None) -> bool:
    looked = examined(data, key)
    report = looked.report
    tablet.screen.data(
        {"seal": looked.seal, "holds": looked.holds,
         "key": report.key if report else None,
         "first": report.first if report else None},
        _(SEALS[looked.seal]),
    )  # fmt: skip
    if report is None:
        tablet.screen.say(_(N_("文件里没有附带证明。")))
    else:
        _list(tablet, report.findings)
        _tell(tablet, report, asked=key)
    return looked.holds


def _pack(tablet: Tablet, data: bytes, key: str | None) -> bool:
    report = check_pack(data, key)
    index = report.index
    tablet.screen.data(
        {"holds": report.holds, "key": report.proof.key or None, "first": report.first,
         "number": index.number if index else None},
        _(PACK_HOLDS if report.holds else PACK_BROKEN),
    )  # fmt: skip
    _list(tablet, report.findings)
    if report.proof.proof is not None:
        _tell(tablet, report.proof, asked=key)
    return report.holds


PACK_HOLDS = N_("证据包完好：自服务器发出以来一个字节也没有变，记录都在账本里")
PACK_BROKEN = N_("证据包不成立")


def _list(tablet: Tablet, findings: Iterable[Finding]) -> None:
    for one in findings:
        said = {"code": one.code, "position": one.position, **one.facts}
        tablet.screen.data(said, f"✗ {fill(_(one.sentence), one.said)}")


def _tell(tablet: Tablet, report: Report, asked: str | None) -> None:
    if report.missing:
        many = len(report.missing)
        tablet.screen.say(_(N_("有 {n} 份原件当时还没有传到服务器。"), n=many))
    if report.unseen:
        tablet.screen.say(
            _(N_("有 {n} 份原件不在手边，没有核对。"), n=len(report.unseen))
        )
    if asked is None:
        say = N_("签名用的密钥是 {key}；请与平板上或别处写的服务器指纹核对一次。")
        tablet.screen.say(_(say, key=report.key))
    tablet.screen.say(_(N_("核对不出来的")))
    tablet.screen.say(
        "  " + _(N_("这份文件之后又发生了什么：它只到发出的那一刻为止。"))
    )


COMMANDS = (verify,)
