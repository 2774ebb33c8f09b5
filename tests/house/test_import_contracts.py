"""Who may import whom: the contracts hold, and each goes red when it is violated."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.ground import ROOT

PACKAGES = (
    *("sync", "server", "server/api", "server/commands", "server/pictures"),
    *("server/shelf", "field_client"),
)

LAWFUL = {
    "sync/plain.py": "import threading",
    "server/__init__.py": "from server.api import blobs",
    "server/api/blobs.py": "from server import shelf",
    "server/cli.py": "from server.commands import jobs",
    "server/commands/jobs.py": "from server import create_app",
    "server/pictures/decoder.py": "from PIL import Image\nimport pillow_heif",
    "server/shelf/s3.py": "import boto3\nfrom botocore import client",
    "field_client/store.py": "import sqlite3\nfrom sync import envelope",
    "sync/envelope.py": "import hashlib\nfrom datetime import datetime",
}

IMPURE = (
    *("time", "random", "uuid", "os", "pathlib", "socket", "sqlite3", "logging"),
    *("flask", "flask_smorest", "marshmallow", "sqlalchemy", "PIL", "boto3", "httpx"),
    *("server", "field_client"),
)

UNLAWFUL = [
    ("field_client/client.py", "import server.api", "only through sync"),
    ("server/ledger.py", "from field_client import store", "only through sync"),
    ("server/ledger.py", "import boto3", "only server.shelf knows S3"),
    ("server/api/photos.py", "from botocore import client", "only server.shelf"),
    ("server/shelf/disk.py", "from PIL import Image", "only server.pictures"),
    ("field_client/client.py", "import pillow_heif", "only server.pictures"),
    ("server/cli.py", "from server.api import blobs", "no door"),
    ("server/api/orders.py", "import server.cli", "no door"),
    ("server/commands/desk.py", "import server.api.blobs", "no door"),
    ("server/api/orders.py", "import server.commands.jobs", "nor a command a door"),
    ("server/shelf/disk.py", "import server.api", "round in a circle"),
]


def test_the_contracts_hold() -> None:
    assert "0 broken" in _contracts(ROOT)


def test_a_lawful_house_passes(tmp_path: Path) -> None:
    assert "0 broken" in _contracts(_small_house(tmp_path))


@pytest.fixture(scope="module")
def complaints_about_an_impure_sync(tmp_path_factory: pytest.TempPathFactory) -> str:
    house = _small_house(tmp_path_factory.mktemp("impure"))
    (house / "sync/fold.py").write_text("".join(f"import {n}\n" for n in IMPURE))
    return _contracts(house)


@pytest.mark.parametrize("name", IMPURE)
def test_sync_may_not_know(name: str, complaints_about_an_impure_sync: str) -> None:
    complaint = f"sync is not allowed to import {name}:"
    assert complaint in complaints_about_an_impure_sync.splitlines()


@pytest.mark.parametrize(("module", "line", "contract"), UNLAWFUL)
def test_a_violation_is_noticed(
    tmp_path: Path, module: str, line: str, contract: str
) -> None:
    house = _small_house(tmp_path)
    with (house / module).open("a") as file:
        file.write(f"{line}\n")
    broken = [row for row in _contracts(house).splitlines() if "BROKEN" in row]
    assert contract in " ".join(broken)


def _small_house(folder: Path) -> Path:
    """The contracts of this project over a few modules that keep them."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    for module, lines in LAWFUL.items():
        (folder / module).write_text(f"{lines}\n")
    return folder


def _contracts(folder: Path) -> str:
    """What import-linter says of the packages in `folder`."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-logo", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
        check=False,
        capture_output=True,
        text=True,
    ).stdout
