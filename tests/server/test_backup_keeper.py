"""The server backs itself up without being asked, and says loudly what is missing."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from server.backup.keeper import AGAIN_MS, ALONE, Keeper
from server.backup.keepsake import NAMES, load_keys, save_keys
from server.backup.restoring import alone
from server.backup.rounds import back_up
from server.cli import main
from server.config import Config
from server.keys import open_keys
from sync.facts.intake import Logged
from sync.problems import Refused
from tests.server.books import HOUR, MINUTE, NOON, open_book
from tests.server.vaults import Vault, other_disk, small, vault

__all__ = ["other_disk", "small", "vault"]

PHRASE = "a phrase that is long enough"


@dataclass
class Hours:
    """A keeper whose hours pass as told, in this process."""

    vault: Vault
    went_well: bool = True
    rounds: int = 0

    def act(self, _config: Config) -> bool:
        """As the child process does it."""
        self.rounds += 1
        if self.went_well:
            back_up(self.vault.keeping, [self.vault.place()], self.vault.book.now_ms)
        return self.went_well

    def keeper(self) -> Keeper:
        """The thread's work, without the thread."""
        return Keeper(self.vault.config, lambda: self.vault.book.now_ms, self.act)


def test_a_backup_is_made_every_hour_and_not_between(small: Vault):
    hours = Hours(small)
    keeper = hours.keeper()
    for _ in range(0, 3 * 60, 10):
        keeper.turn()
        drill_all(small)
        small.book.later(10 * MINUTE)
    assert hours.rounds == 3


def drill_all(vault: Vault) -> None:
    """So that no drill is due."""
    with vault.book.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE backup SET drilled_ms = made_ms")


def test_after_a_failure_it_is_tried_again_but_not_at_once(small: Vault):
    hours = Hours(small, went_well=False)
    keeper = hours.keeper()
    assert keeper.turn() and not keeper.turn()
    small.book.later(AGAIN_MS)
    assert keeper.turn()


def test_a_backup_that_was_found_broken_is_made_anew(small: Vault):
    hours = Hours(small)
    keeper = hours.keeper()
    keeper.turn()
    drill_all(small)
    assert not keeper.turn()
    with small.book.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE backup SET broken_ms = 1")
    assert keeper.turn()


def test_a_drill_is_due_once_a_day(small: Vault):
    hours = Hours(small)
    keeper = hours.keeper()
    assert keeper.turn() and keeper.turn()  # the second: nobody has practised yet
    drill_all(small)
    assert not keeper.turn()


def test_a_server_without_a_second_place_says_so(
    small: Vault, caplog: pytest.LogCaptureFixture
):
    keeper = Hours(small).keeper()
    keeper.start()
    keeper.stop()
    assert ALONE in caplog.messages


def test_a_server_with_a_second_place_has_nothing_to_say(
    small: Vault, other_disk: str, caplog: pytest.LogCaptureFixture
):
    small.config = replace(small.config, backup_places=other_disk)
    keeper = Hours(small).keeper()
    keeper.start()
    keeper.stop()
    assert not caplog.messages


def test_a_second_folder_on_the_same_disk_is_no_second_place(
    small: Vault, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    small.config = replace(small.config, backup_places=f"file://{tmp_path}/other")
    keeper = Hours(small).keeper()
    keeper.start()
    keeper.stop()
    assert ALONE in caplog.messages


def test_while_a_server_runs_nobody_restores(small: Vault):
    keeper = Hours(small).keeper()
    keeper.start()
    with pytest.raises(Refused, match="停止"), alone(small.config.data):
        pass
    keeper.stop()
    with alone(small.config.data):
        pass


# by hand


@dataclass
class Said:
    """What a command answered."""

    code: int
    data: str
    words: str

    @property
    def lines(self) -> list[Any]:
        """The data as JSON lines."""
        return [json.loads(line) for line in self.data.splitlines()]


Doorstep = Callable[..., Said]


@pytest.fixture
def doorstep(
    small: Vault, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Doorstep:
    """The command line on the vault's data folder."""
    monkeypatch.setenv("DOORSTEP_DATA", str(small.config.data))
    monkeypatch.setenv("DOORSTEP_DATABASE_URL", small.config.database_url)

    def run(*arguments: str) -> Said:
        code = main(arguments, now=lambda: NOON + HOUR)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


def test_create_list_verify_and_drill(doorstep: Doorstep):
    assert doorstep("backup", "create").code == 0
    (line,) = doorstep("backup", "list", "--json").lines
    assert (line["seq"], line.get("apart", False)) == (6, False)
    assert doorstep("backup", "verify").code == 0
    assert doorstep("backup", "drill").code == 0


def test_create_says_that_there_is_no_second_place(doorstep: Doorstep):
    assert "DOORSTEP_BACKUP_PLACES" in doorstep("backup", "create").words


def test_a_broken_backup_is_told_and_ends_with_6(doorstep: Doorstep, small: Vault):
    doorstep("backup", "create")
    (file,) = (small.config.data / "backups").rglob("database.sqlite")
    file.write_bytes(file.read_bytes()[:-4096])
    assert doorstep("backup", "verify").code == 6
    assert doorstep("backup", "drill").code == 6
    (line,) = doorstep("backup", "list", "--json").lines
    assert line["state"] == "broken"


def test_due_does_what_is_due_and_no_more(doorstep: Doorstep):
    assert len(doorstep("backup", "create", "--due", "--json").lines) == 1
    assert doorstep("backup", "create", "--due", "--json").lines == []


def test_restore_wants_force_where_something_newer_stands(
    doorstep: Doorstep, small: Vault
):
    doorstep("backup", "create")
    small.book.given("wang", "2")
    small.book.engine.dispose()
    assert doorstep("backup", "restore", "latest").code == 5
    done = doorstep("backup", "restore", "latest", "--force", "--json")
    assert (done.code, done.lines[0]["manifest"]["seq"]) == (0, 6)
    book = open_book(small.config.database_url)
    assert book.ledger.epoch == done.lines[0]["epoch"]
    book.engine.dispose()


def test_restore_into_another_folder(doorstep: Doorstep, small: Vault, tmp_path: Path):
    doorstep("backup", "create")
    done = doorstep("backup", "restore", "latest", "--to", str(tmp_path / "new"))
    assert done.code == 0 and "密钥" in done.words
    assert (tmp_path / "new" / "doorstep.db").exists()


def test_erase_says_first_and_does_it_only_when_told(doorstep: Doorstep, small: Vault):
    said = {"owner": "赵敏"}
    small.book.decide(Logged(number="7", registered_ms=NOON), "7", private=said)
    asked = ("privacy", "erase", "--owner", "赵敏", "--reason", "asked", "--json")
    (act,) = doorstep(*asked).lines
    assert len(act["commitments"]) == len(small.book.document("7").private) == 1
    assert doorstep(*asked, "--apply").code == 0
    assert not small.book.document("7").private
    assert doorstep(*asked).code == 4


@pytest.mark.slow
def test_the_process_that_the_keeper_starts_backs_up(small: Vault, tmp_path: Path):
    keeper = Keeper(small.config, lambda: small.book.now_ms)
    assert keeper.turn()
    assert rows_made(small) == 1


def rows_made(vault: Vault) -> int:
    return len(list((vault.config.data / "backups").rglob("manifest.json")))


# keys


def test_keys_come_back_with_the_right_phrase_alone(small: Vault, tmp_path: Path):
    data, new = small.config.data, tmp_path / "new"
    name = open_keys(data).name
    save_keys(data, tmp_path / "keys", PHRASE, small.chance)
    with pytest.raises(Refused, match="口令不对"):
        load_keys(new, tmp_path / "keys", PHRASE + "!")
    load_keys(new, tmp_path / "keys", PHRASE)
    assert open_keys(new).name == name


def test_no_backup_holds_a_key(small: Vault):
    data = small.config.data
    open_keys(data)
    small.backed_up()
    secrets = [(data / name).read_bytes() for name in NAMES]
    for file in (data / "backups").rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert not any(one in held for one in secrets), file
