"""An owner is forgotten everywhere that lives; a legal hold only postpones it."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, insert, text

from server.backup.restoring import Restored, Target, restore
from server.backup.rounds import Keeping, back_up
from server.backup.where import places
from server.board_tables import posted, saved_view
from server.central.rows import Bringing, Source
from server.chores import Chores
from server.cli import doorstep as commands
from server.commands.kit import CONFLICT, Office, run
from server.database import open_engine, writing
from server.desk_tables import resident
from server.erasures import erase_again
from server.notice_tables import notice
from server.notices.texting import FILE
from server.owner_tables import owner_link
from server.packing import packed
from server.picture_tables import picture_print
from server.register import read_register
from server.shelf import open_shelf
from server.tables import metadata
from server.witness import UNSIGNED, Witness
from sync.pack import check_pack
from sync.sealed import examined
from tests.server.signed import HOME, Job, ordinary
from tests.server.test_erasure import traces
from tests.server.vaults import rows_in, rows_of
from tests.together.conftest import worlds
from tests.world import World

ZHAO, PHONE = "赵敏敏全名", "13812345678"
THEIRS = dict(HOME) | {"owner": ZHAO, "phone": PHONE}
DAY = 86_400_000
NUMBER = "R2611-0187"


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[World]:
    with worlds(tmp_path) as begun:
        yield begun(database_url=database_url)


@pytest.fixture
def job(world: World) -> Job:
    """Zhao signed; everything that speaks of her is in."""
    job = ordinary(world, number=NUMBER, home=THEIRS)
    job.signs(ZHAO)
    _all_around(world, job)
    return job


def _all_around(world: World, job: Job) -> None:
    """Rows of the central log, a list of residents, messages, searches, answers."""
    engine = world.parts.engine
    row = f"{NUMBER},2026-11-02 09:00,{ZHAO},{PHONE},{HOME['fault']}"
    again = f"{NUMBER},2026-11-02 09:01,{ZHAO},{PHONE},别的"
    head = "统一编号,登记时间,业主姓名,联系电话,报修内容\n"
    bring(world, head + row + "\n" + again + "\n")
    photo = world.order(job.stream).photos[0].blob.sha256
    rows: dict[Table, dict[str, Any]] = {
        resident: {"project": "江岸花园", "building": "3栋", "unit": "1单元",
                   "room": "1702", "name": ZHAO, "phone": PHONE, "relation": "owner",
                   "since": ""},
        saved_view: {"person": "chen", "name": "她的", "query": f"q={PHONE}",
                     "version": 1},
        posted: {"person": "chen", "key": "k", "digest": "d", "status": 200,
                 "begun_ms": 1,
                 "answer": json.dumps({"order": job.stream, "owner": ZHAO},
                                      ensure_ascii=False)},
        notice: {"id": "n", "once": "o", "kind": "signed", "target": "sms",
                 "stream": job.stream, "person": "", "facts": "{}", "urgent": False,
                 "made_ms": 1, "next_ms": 1, "leased_ms": 0, "tries": 1,
                 "state": "failed", "error": f"{PHONE} did not answer"},
        owner_link: {"token": "t" * 43, "stream": job.stream, "serial": 1,
                     "made_ms": 1, "expires_ms": 2, "made_by": "chen"},
        picture_print: {"picture": 999, "sha256": photo, "grey": b"\x01",
                        "compared": True},
    }  # fmt: skip
    with writing(engine) as connection:
        for table, values in rows.items():
            connection.execute(insert(table).values(**values))
    line = json.dumps({"to": PHONE, "text": "验证码 123456"})
    (world.config.data / FILE).write_text(line + '\n{"to": "other"}\n')


def bring(world: World, rows: str) -> None:
    """This export of the central log comes in."""
    raw = rows.encode()
    source = Source("log.csv", sha256(raw).hexdigest(), "chen")
    sheet = read_register(raw, "log.csv")
    list(Bringing(world.parts.engine, source, sheet, 480, world.ms, True).run())


@pytest.fixture
def doorstep(world: World) -> Callable[..., int]:
    """The command line over the same open server, at its time."""
    office = Office(now=lambda: world.ms)
    vars(office).update(parts=world.parts, config=world.config)

    def said(*arguments: str) -> int:
        return run(lambda: commands.main(
            arguments, "doorstep", standalone_mode=False, obj=office
        ), office)  # fmt: skip

    return said


def erase(doorstep: Callable[..., int]) -> int:
    return doorstep("privacy", "erase", NUMBER, "--reason", "no. 7", "--apply")


def found(world: World, words: str) -> list[str]:
    """Where these words still lie: tables, files."""
    tables = [name for name, rows in rows_of(world.parts.engine).items()
              if words in repr(rows)]  # fmt: skip
    return tables + traces(world.config.data, words)


def test_nothing_of_her_is_found_anywhere(
    world: World, job: Job, doorstep: Callable[..., int]
):
    """Grep over the tables, the database file and the shelf."""
    assert len(found(world, ZHAO)) >= 4 and len(found(world, PHONE)) >= 4
    photos = {one.blob.sha256 for one in world.order(job.stream).photos}
    assert erase(doorstep) == 0
    for words in (ZHAO, PHONE, HOME["fault"]):
        assert found(world, words) == []
    assert not photos & set(world.parts.shelf.names())


def test_a_paper_in_her_hand_still_verifies(
    world: World, job: Job, doorstep: Callable[..., int]
):
    """And so does the book, without what went."""
    paper, pack = job.paper().data, packed(world.parts, job.stream, ["all"])
    erase(doorstep)
    parts = world.parts
    parts.heads.keep(world.config.data, world.ms)
    witness = Witness(engine=parts.engine, shelf=parts.shelf, keys=parts.keys,
                      folder=world.config.data)  # fmt: skip
    assert examined(paper, parts.keys.name).holds and check_pack(pack).holds
    assert witness.findings() == []
    later = check_pack(packed(parts, job.stream, ["all"]), parts.keys.name)
    assert later.holds and later.index is not None and len(later.index.erased) == 3


def test_a_later_export_of_the_central_log_brings_nothing_back(
    world: World, job: Job, doorstep: Callable[..., int]
):
    """Not even in a row that cannot be read, or that stands there twice."""
    erase(doorstep)
    head = "统一编号,登记时间,业主姓名,联系电话,报修内容\n"
    for n, when in enumerate(("2026-11-02 09:00", "昨天", "2026-11-03 09:00")):
        line = f"{NUMBER},{when},{ZHAO},{PHONE},角阀{n}\n"
        bring(world, head + line + line.replace("角阀", "水管"))
    assert found(world, ZHAO) == found(world, PHONE) == []


def test_a_hold_postpones_it_until_it_is_let_go(
    world: World, job: Job, doorstep: Callable[..., int]
):
    doorstep("privacy", "hold", NUMBER, "--reason", "诉讼 12 号", "--by", "sun")
    erase(doorstep)
    assert "private" in found(world, ZHAO)
    assert job.stream in repr(rows_of(world.parts.engine)["erasure_waiting"])
    world.ms += DAY
    assert doorstep("privacy", "release", NUMBER, "--reason", "撤诉") == 0
    assert found(world, ZHAO) == []
    assert rows_of(world.parts.engine)["erasure_waiting"] == []


def test_a_hold_ends_on_its_day(world: World, job: Job, doorstep: Callable[..., int]):
    doorstep("privacy", "hold", NUMBER, "--reason", "调查", "--until", "2020-01-01")
    erase(doorstep)
    assert found(world, ZHAO) == []


def test_when_its_day_has_passed_the_server_erases_what_waited_by_itself(
    world: World, job: Job, doorstep: Callable[..., int]
):
    days = world.ms // DAY + 1
    until = date(1970, 1, 1) + timedelta(days=days)
    doorstep(
        "privacy", "hold", NUMBER, "--reason", "调查", "--until", until.isoformat()
    )
    erase(doorstep)
    chores = Chores(world.parts)
    chores.erase_what_waited()
    before = found(world, ZHAO)
    world.ms += 3 * DAY
    chores.erase_what_waited()
    assert "private" in before
    assert found(world, ZHAO) == found(world, PHONE) == []
    assert rows_of(world.parts.engine)["erasure_waiting"] == []


def test_a_hold_that_somebody_made_up_or_took_out_is_found(
    world: World, job: Job, doorstep: Callable[..., int]
):
    doorstep("privacy", "hold", NUMBER, "--reason", "诉讼", "--by", "sun")
    parts = world.parts
    parts.heads.keep(world.config.data, world.ms)
    witness = Witness(engine=parts.engine, shelf=parts.shelf, keys=parts.keys,
                      folder=world.config.data)  # fmt: skip
    assert witness.findings() == []
    for harm in ("UPDATE legal_hold SET reason = 'x'", "DELETE FROM legal_hold"):
        with writing(parts.engine) as connection:
            connection.execute(text(harm))
        assert {one.code for one in witness.findings()} == {"hold_differs"}


def test_letting_go_what_nobody_held_says_so(job: Job, doorstep: Callable[..., int]):
    assert doorstep("privacy", "release", NUMBER, "--reason", "x") == CONFLICT


def test_without_apply_nothing_goes(
    world: World, job: Job, doorstep: Callable[..., int]
):
    doorstep("privacy", "erase", NUMBER, "--reason", "no. 7")
    assert "private" in found(world, ZHAO)


def test_put_back_by_hand_it_goes_again_from_everywhere(
    world: World, job: Job, doorstep: Callable[..., int]
):
    """An older copy of the tables: all that was noted beside the data is repeated."""
    parts = world.parts
    before = rows_of(parts.engine)
    erase(doorstep)
    _put_back(parts.engine, before)
    assert found(world, ZHAO)
    again = (parts.engine, parts.shelf, parts.keys, world.config.data)
    assert erase_again(*again) == 1
    assert found(world, ZHAO) == found(world, PHONE) == []


def elsewhere(
    world: World,
    doorstep: Callable[..., int],
    new: Path,
    gone: Callable[[Callable[..., int]], int] = erase,
) -> tuple[Target, Restored]:
    """On another machine: a backup from before she was forgotten comes back there."""
    parts, place = world.parts, places(world.config)[0]
    keeping = Keeping(config=world.config, engine=parts.engine, shelf=parts.shelf,
                      chance=parts.chance, reserve=0)  # fmt: skip
    name = back_up(keeping, [place], world.ms)[0].name or ""
    gone(doorstep)
    new.mkdir()
    target = Target(data=new, database=f"sqlite:///{new}/doorstep.db",
                    shelf=open_shelf(f"file://{new}/blobs"))  # fmt: skip
    args = (target, parts.keys, world.ms, parts.chance)
    return target, restore(place, name, *args)


def test_a_restore_from_before_brings_nothing_of_her_back(
    world: World, job: Job, doorstep: Callable[..., int], tmp_path: Path
):
    """The backup held it all: the book, rows of the central log, lists, notices, links,
    answers, what pictures look like (X21)."""
    new = tmp_path / "new"
    _, restored = elsewhere(world, doorstep, new)
    rows = rows_in(new / "doorstep.db")
    assert restored.erased == 1 and rows["central_row"] and rows["fact"]
    assert [one for one in (ZHAO, PHONE, HOME["fault"]) if traces(new, one)] == []
    assert [t for t in ("owner_link", "picture_print", "resident") if rows[t]] == []


def test_a_restored_book_can_say_why_something_is_not_there(
    world: World, job: Job, doorstep: Callable[..., int], tmp_path: Path
):
    """The erasure that it repeats is an event of its new epoch."""
    target, _ = elsewhere(world, doorstep, tmp_path / "new")
    engine = open_engine(target.database)
    witness = Witness(engine=engine, shelf=target.shelf, keys=world.parts.keys,
                      folder=target.data)  # fmt: skip
    codes = {one.code for one in witness.findings()}
    engine.dispose()
    assert codes == {UNSIGNED}


def _put_back(engine: Engine, before: dict[str, list[tuple[object, ...]]]) -> None:
    tables = {table.name: table for table in metadata.sorted_tables}
    names = ("private", "erasure", "erased_blob", "central_row", "central_version",
             "resident", "saved_view", "posted", "notice")  # fmt: skip
    with writing(engine) as connection:
        for name in names:
            table = tables[name]
            connection.execute(table.delete())
            columns = [column.name for column in table.columns]
            rows = [dict(zip(columns, row, strict=True)) for row in before[name]]
            if rows:
                connection.execute(insert(table), rows)
