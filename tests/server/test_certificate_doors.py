"""Who gets a paper, and when there is none."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from server import erasures
from server.api.certificate import PDF
from server.cli import main
from server.database import reading
from server.paper import blocks
from server.paper.drawing import qr
from server.paper.knowledge import read_sheet
from server.paper.printing import Limits, printed
from server.people_tables import trace
from sync.access import Grant
from sync.problems import Refused
from tests.server.callers import Staff
from tests.server.signed import HOME, Job, Paper, a_page, ordinary
from tests.together.conftest import worlds
from tests.world import HOUR, World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with worlds(tmp_path_factory.mktemp("paper")) as begun:
        yield begun()


@pytest.fixture(scope="module")
def signed(world: World) -> Job:
    job = ordinary(world)
    job.signs()
    return job


def somebody(world: World, role: str, project: str = "*") -> Staff:
    name = f"{role}{project}".replace("*", "all").encode().hex()[:40]
    grants = [Grant(role=role, project=project)]
    world.parts.people.add(name, name, grants, world.ms)
    token = world.parts.door.issue_token(name, world.ms + HOUR)
    return Staff(app=world.app, actor=name, token=token)


def target(job: Job, query: str = "") -> str:
    return f"/v1/orders/{job.stream.removeprefix('order:')}/certificate.pdf{query}"


def test_the_desk_gets_the_paper(world: World, signed: Job):
    answer = somebody(world, "dispatcher").ask("GET", target(signed))

    assert (answer.status_code, answer.mimetype) == (200, PDF)
    assert answer.data == signed.paper().data


def test_an_auditor_reads_it_without_knowing_the_owner(world: World, signed: Job):
    answer = somebody(world, "auditor").ask("GET", target(signed, "?copy=company"))

    assert "赵敏" not in Paper(answer.data).everything


def test_it_is_noted_who_read_an_owners_name_on_paper(world: World, signed: Job):
    manager = somebody(world, "manager")
    manager.ask("GET", target(signed))

    assert manager.actor in str(world.rows(trace))


def test_for_somebody_of_another_project_there_is_no_such_order(
    world: World, signed: Job
):
    answer = somebody(world, "dispatcher", "滨江府").ask("GET", target(signed))

    assert answer.status_code == 404


def test_of_an_order_that_nobody_knows_there_is_none(world: World):
    door = f"/v1/orders/{uuid4()}/certificate.pdf"
    answer = somebody(world, "manager").ask("GET", door)

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_as_long_as_nobody_has_signed_there_is_no_paper(world: World):
    job = ordinary(world, number="R-unsigned")

    answer = somebody(world, "dispatcher").ask("GET", target(job))

    assert (answer.status_code, answer.json["code"]) == (409, "not_accepted")


def test_a_copy_that_nobody_knows_is_refused(world: World, signed: Job):
    answer = somebody(world, "dispatcher").ask("GET", target(signed, "?copy=friend"))

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "limits",
    [Limits(cpu_s=1), Limits(memory_bytes=200 << 20), Limits(deadline_s=1)],
    ids=["processor", "memory", "clock"],
)
def test_a_monstrous_page_costs_one_paper_and_never_the_server(
    signed: Job, limits: Limits
):
    """Out of time or memory, it is refused; the next one is printed."""
    page = a_page([blocks.pairs([("1", "二")] * 40_000)])

    with pytest.raises(Refused, match="太大"):
        printed(page, {"qr.svg": qr("x")}, 0, limits)

    assert signed.paper().pages


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{" * 9000, b'{"template":1}', b"\xff", b" " * (2 << 20)]
)
def test_a_sheet_that_is_none_is_refused_before_anything_is_made_of_it(data: bytes):
    with pytest.raises(Refused, match=r"读不懂|太大"):
        read_sheet(data)


def test_what_was_erased_is_on_no_paper_made_later(world: World):
    """S1: the name is gone; the paper stays, with a mark where it stood."""
    job = ordinary(world, number="R-erased", home=HOME | {"owner": "钱多多"})
    job.signs(signer="钱多多")
    parts = world.parts
    with reading(parts.engine) as connection:
        act = erasures.act_on(connection, job.stream, (), "应业主要求", world.ms)
    erasures.erase(parts.engine, parts.shelf, parts.keys, act)

    paper = job.paper()

    assert "已删除" in paper.words
    assert "钱多多" not in paper.everything


def test_a_command_writes_the_paper(
    signed: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DOORSTEP_DATA", str(signed.world.config.data))
    file = tmp_path / "paper.pdf"

    code = main(["certificate", signed.number, "-o", str(file)])

    assert (code, file.read_bytes()) == (0, signed.paper().data)


def test_a_command_overwrites_no_file_by_itself(
    signed: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DOORSTEP_DATA", str(signed.world.config.data))
    file = tmp_path / "paper.pdf"
    file.write_bytes(b"mine")

    main(["certificate", signed.number, "-o", str(file)])

    assert file.read_bytes() == b"mine"
