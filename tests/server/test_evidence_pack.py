"""A pack proves one order without our server; whatever is done to it shows."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from field_client.cli import main as field
from server.cli import main
from server.packing import packed
from server.people_tables import trace
from sync.access import Grant
from sync.pack import INDEX, PackIndex, check_files, check_pack
from sync.plain import typed
from sync.stored_zip import unzipped, zipped
from tests.server.callers import Staff
from tests.server.signed import HOME, Job, Paper, ordinary
from tests.together.conftest import worlds
from tests.world import HOUR, World

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with worlds(tmp_path_factory.mktemp("pack")) as begun:
        yield begun()


@pytest.fixture(scope="module")
def signed(world: World) -> Job:
    """Zhao has signed for Li's work."""
    job = ordinary(world)
    job.signs()
    return job


@pytest.fixture(scope="module")
def honest(signed: Job) -> bytes:
    return pack(signed)


def pack(job: Job, *disclosed: str) -> bytes:
    return packed(job.world.parts, job.stream, disclosed)


Files = list[tuple[str, bytes]]


def changed(files: Files, name: str, change: Callable[[bytes], bytes]) -> Files:
    return [(one, change(data) if one == name else data) for one, data in files]


def photo_in(files: Files) -> list[str]:
    return [name for name, _ in files if name.endswith(".jpg")]


def codes(files: Files) -> set[str]:
    return {one.code for one in check_pack(zipped(files)).findings}


def field_says(
    data: bytes, folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """`field verify` of a tablet that never met this server."""
    (file := folder / "given").write_bytes(data)
    capsys.readouterr()
    code = field(["--home", str(folder / "home"), "verify", str(file)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_terminal_says_what_it_cannot_know(
    honest: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """That it was revoked since, for one, stands in no file."""
    code, said = field_says(honest, tmp_path, capsys)

    assert code == 0
    assert "核对不出来的" in said and "之后又发生了什么" in said


# whoever changes anything is found


def test_every_changed_byte_is_found(honest: bytes):
    """In a file, between files, behind them."""
    dice = Random(11)
    for _ in range(80):
        at = dice.randrange(len(honest))
        other = bytes([honest[at] ^ (1 << dice.randrange(8))])
        assert not check_pack(honest[:at] + other + honest[at + 1 :]).holds, at


def test_each_file_that_is_taken_out_is_found(honest: bytes):
    files = unzipped(honest)
    for gone, _ in files:
        left = [one for one in files if one[0] != gone]
        assert codes(left) & {"file_missing", "index_unreadable", "index_unsigned"}


def test_two_files_that_change_places_are_found(honest: bytes):
    files = unzipped(honest)
    for at in range(len(files) - 1):
        one, two = files[at : at + 2]
        moved = [*files[:at], two, one, *files[at + 2 :]]
        assert "file_moved" in codes(moved)


def test_a_photo_swapped_for_another_is_named_with_its_place(honest: bytes):
    """The first bad thing: the fact that speaks of it."""
    files = unzipped(honest)
    one, two = photo_in(files)[:2]
    held = dict(files)
    swapped = [(n, held[{one: two, two: one}.get(n, n)]) for n, _ in files]
    report = check_pack(zipped(swapped))
    altered = [f.position for f in report.findings if f.code == "bytes_altered"]
    assert report.first == min(filter(None, altered))


def test_what_is_laid_beside_is_found(honest: bytes):
    files = unzipped(honest)
    assert "file_added" in codes([*files, ("readme.txt", b"look here")])
    assert "file_moved" in codes([*files, files[0]])


def test_a_cover_that_promises_more_is_found_even_with_its_index(honest: bytes):
    """The index is mended as well: its signature no longer fits."""
    files = changed(unzipped(honest), "cover.txt", lambda was: was + b"!")
    index = json.loads(dict(files)[INDEX])
    for one in index["files"]:
        if one["name"] == "cover.txt":
            data = dict(files)["cover.txt"]
            one |= {"sha256": sha(data), "bytes": len(data)}
    text = json.dumps(index, ensure_ascii=False, indent=1).encode()
    assert codes(changed(files, INDEX, lambda _: text)) == {"index_unsigned"}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_time_that_does_not_follow_from_its_evidence_is_found(honest: bytes):
    def later(was: bytes) -> bytes:
        times = json.loads(was)
        times["facts"][3]["moment"]["latest_ms"] -= 1
        return json.dumps(times).encode()

    files = changed(unzipped(honest), "times.json", later)
    held = dict(files)
    report = check_files(files)
    place = json.loads(held["times.json"])["facts"][3]["position"]
    found = [one.position for one in report.findings if one.code == "time_differs"]
    assert found == [place]


def test_a_pack_of_another_order_does_not_lend_its_paper(world: World, honest: bytes):
    other = ordinary(world, number="R-other")
    other.signs()
    paper = dict(unzipped(pack(other)))["certificate.pdf"]
    files = changed(unzipped(honest), "certificate.pdf", lambda _: paper)
    assert "certificate_foreign" in codes(files)


def test_an_altered_paper_is_found(honest: bytes):
    files = changed(unzipped(honest), "certificate.pdf", lambda was: was + b"\n")
    assert {"file_altered", "certificate_broken"} <= codes(files)


def test_a_pack_under_a_strangers_key_is_told_from_ours(
    honest: bytes, tmp_path_factory: pytest.TempPathFactory
):
    with worlds(tmp_path_factory.mktemp("stranger")) as begun:
        job = ordinary(begun(7))
        job.signs()
        forged = pack(job)
        ours = check_pack(honest).proof.key
        assert check_pack(forged).holds
        assert "key_unknown" in {one.code for one in check_pack(forged, ours).findings}


# what lies in it


def test_an_honest_pack_holds(signed: Job, honest: bytes):
    assert check_pack(honest, signed.world.parts.keys.name).findings == ()


def test_any_program_opens_it(honest: bytes):
    with zipfile.ZipFile(BytesIO(honest)) as there:
        assert there.testzip() is None
        assert there.namelist() == [name for name, _ in unzipped(honest)]


def test_it_is_checked_with_nothing_but_the_meaning(honest: bytes, tmp_path: Path):
    """Unpacked by another program, in a process that has only `sync/`."""
    with zipfile.ZipFile(BytesIO(honest)) as there:
        there.extractall(tmp_path / "open")
    (tmp_path / "sync").symlink_to(ROOT / "sync")
    script = (
        "import sys, json; from pathlib import Path\n"
        "from sync.pack import check_files\n"
        "folder = Path('open')\n"
        "names = [one['name'] for one in json.loads("
        "(folder / 'index.json').read_bytes())['files']]\n"
        "files = [(n, (folder / n).read_bytes())"
        " for n in [*names, 'index.json', 'index.sig']]\n"
        "print(check_files(files).holds, 'server' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], cwd=tmp_path,
                          env={"PYTHONPATH": str(tmp_path)}, check=True,
                          capture_output=True, text=True)  # fmt: skip
    assert done.stdout.split() == ["True", "False"]


def test_two_processes_make_the_same_bytes(signed: Job, tmp_path: Path):
    config = signed.world.config
    command = [sys.executable, "-c", "from server.cli import main; main()",
               "evidence", signed.number, "-o"]  # fmt: skip
    for name in ("one", "two"):
        said = os.environ | {"DOORSTEP_DATA": str(config.data)}
        subprocess.run([*command, str(tmp_path / name)], check=True, env=said)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_it_holds_every_fact_and_everything_that_they_speak_of(
    signed: Job, honest: bytes
):
    report = check_pack(pack(signed, "all"))
    assert report.proof.unseen == report.proof.missing == ()
    assert report.proof.proof is not None
    order = signed.world.order(signed.stream)
    assert len(report.proof.proof.facts) == len(order.history)


def test_nothing_private_lies_in_it_unless_it_was_asked_for(signed: Job, honest: bytes):
    for words in ("赵敏", HOME["phone"], "1702", HOME["fault"]):
        assert words.encode() not in honest
        assert words not in Paper(dict(unzipped(honest))["certificate.pdf"]).everything


def test_what_was_asked_for_is_shown_and_fits_its_promise(signed: Job):
    made = pack(signed, "owner")
    assert "赵敏".encode() in dict(unzipped(made))["proof.json"]
    assert HOME["phone"].encode() not in made
    assert check_pack(made).holds


def test_strokes_lie_in_it_only_where_the_signer_is_disclosed(signed: Job):
    def withheld(made: bytes) -> int:
        index = typed(PackIndex, json.loads(dict(unzipped(made))[INDEX]))
        return len(index.withheld)

    assert (withheld(pack(signed)), withheld(pack(signed, "signer"))) == (1, 0)


def test_the_first_page_says_in_three_languages_what_is_not_proven(honest: bytes):
    text = dict(unzipped(honest))["cover.txt"].decode()
    page = dict(unzipped(honest))["cover.html"].decode()
    for words in ("签字人是谁", "照片拍的是不是这一户", "确切的时间", "密钥指纹"):
        assert words in text and words in page
    assert text.index("简体中文") < text.index("繁體中文") < text.index("English")


def test_an_order_that_nobody_signed_for_has_a_pack_without_a_paper(world: World):
    job = ordinary(world, number="R-open")
    job.arrives_at_server()
    files = dict(unzipped(pack(job)))
    assert "certificate.pdf" not in files
    assert "没有业主的签字" in files["cover.txt"].decode()
    assert check_pack(pack(job)).holds


# who gets it


def somebody(world: World, role: str, project: str = "*") -> Staff:
    name = f"{role}{project}".encode().hex()[:40]
    world.parts.people.add(name, name, [Grant(role=role, project=project)], world.ms)
    token = world.parts.door.issue_token(name, world.ms + HOUR)
    return Staff(app=world.app, actor=name, token=token)


def target(job: Job, query: str = "") -> str:
    return f"/v1/orders/{job.stream.removeprefix('order:')}/evidence.zip{query}"


def test_a_manager_gets_it_and_it_is_noted(world: World, signed: Job):
    manager = somebody(world, "manager")
    answer = manager.ask("GET", target(signed, "?disclose=owner&disclose=room"))
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert check_pack(answer.data).holds
    noted = [r for r in world.rows(trace) if "evidence.read" in str(r)]
    assert manager.actor in str(noted) and "owner, room" in str(noted)


def test_an_auditor_gets_it_without_the_owner(world: World, signed: Job):
    auditor = somebody(world, "auditor")
    asked = auditor.ask("GET", target(signed, "?disclose=owner"))
    assert (asked.status_code, asked.json["code"]) == (403, "disclosure_reserved")
    assert auditor.ask("GET", target(signed)).status_code == 200


def test_a_dispatcher_does_not_get_it(world: World, signed: Job):
    answer = somebody(world, "dispatcher").ask("GET", target(signed))
    assert answer.status_code == 403


def test_for_another_project_there_is_no_such_order(world: World, signed: Job):
    answer = somebody(world, "manager", "滨江府").ask("GET", target(signed))
    assert answer.status_code == 404


def test_the_command_does_not_write_over_a_file(
    signed: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DOORSTEP_DATA", str(signed.world.config.data))
    file = tmp_path / "pack.zip"
    file.write_bytes(b"mine")
    assert main(["evidence", signed.number, "-o", str(file)]) == 1
    assert file.read_bytes() == b"mine"
