"""audit, keys: the book as evidence, and what the server signs it with."""

from pathlib import Path

import click
from sqlalchemy import func, select

from server.audit import Finding
from server.commands.kit import (
    BROKEN,
    Office,
    as_json,
    pass_office,
    put_json,
    put_table,
)
from server.database import reading
from server.heads import FILE, remembered
from server.keys import open_keys, rotate
from server.tables import claim
from server.witness import FOUND, UNSIGNED, Witness
from sync.plain import plain
from sync.signing import thumbprint
from sync.words import N_


@click.group(help=N_("账本作为证据"))
def audit() -> None:
    """The book as evidence."""


@audit.command(help=N_("逐条核对账本、签名和原件；指出第一处不符"))
@click.option(
    "--head", "files", multiple=True, type=click.Path(path_type=Path),
    help=N_("另外保存的账本签名：平板的 heads.json，或 heads.jsonl 的副本"),
)  # fmt: skip
@as_json
@pass_office
def verify(office: Office, files: tuple[Path, ...], as_json: bool) -> int:
    """Exit 6 on any finding; what no signature covers is named besides."""
    parts = office.parts
    outside = [one for file in (office.config.data / FILE, *files)
               for one in remembered(file)]  # fmt: skip
    found = Witness(
        engine=parts.engine, shelf=parts.shelf, keys=parts.keys, outside=outside,
        folder=office.config.data,
    ).findings()  # fmt: skip
    if as_json:
        put_json(found)
    else:
        for one in found:
            click.echo(_line(office, one))
    wrong = [one for one in found if one.code != UNSIGNED]
    _tell_uncovered(office)
    if wrong:
        _tell_first(office, wrong)
        return BROKEN
    head = parts.heads.keep(office.config.data, office.now())
    office.tell(
        N_("全部相符：{size} 条，指纹 {root}；另存核对过的签名 {n} 份"),
        size=head.size, root=head.root, n=len(outside),
    )  # fmt: skip
    return 0


def _line(office: Office, one: Finding) -> str:
    sentence = FOUND.get(one.code, N_("不符：{what}"))
    said = office.word(sentence, position=one.position, what=one.what)
    return f"{one.code}  {said}"


def _tell_uncovered(office: Office) -> None:
    with reading(office.parts.engine) as connection:
        counted = select(func.count()).select_from(claim).where(claim.c.confirmed)
        calls = connection.execute(counted).scalar_one()
    office.tell(UNCOVERED, n=calls)


UNCOVERED = N_(
    "签名不盖住：平板报到的时刻（{n} 次），只与工单现状核对；最后一份签名之后的记录"
)


def _tell_first(office: Office, found: list[Finding]) -> None:
    first = min((one.position for one in found if one.position), default=None)
    if first is None:
        office.tell(N_("发现 {n} 处不符"), n=len(found))
    else:
        office.tell(
            N_("发现 {n} 处不符；第一处在第 {position} 条"),
            n=len(found),
            position=first,
        )


@click.group(help=N_("服务器的签名密钥"))
def keys() -> None:
    """What the server signs with."""


@keys.command("list", help=N_("列出用过的全部密钥，从旧到新"))
@as_json
@pass_office
def list_(office: Office, as_json: bool) -> None:
    """The last one signs."""
    words = open_keys(office.config.data).words
    if as_json:
        put_json(plain(one) for one in words)
        return
    put_table(
        [office.word(N_("启用")), office.word(N_("密钥指纹"))],
        [[office.local(one.since_ms or None), thumbprint(dict(one.key))]
         for one in words],
    )  # fmt: skip


@keys.command("rotate", help=N_("换一把新密钥；旧的只用于核对和打开旧救援包"))
@pass_office
def rotate_(office: Office) -> None:
    """From the next start on; tablets follow by themselves."""
    made = rotate(office.config.data, office.now())
    office.tell(
        N_("新密钥 {name}，重启服务后启用；请再备份一次密钥（doorstep backup keys）"),
        name=made.name,
    )
