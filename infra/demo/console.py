"""The dispatchers' console with a seeded month behind it: a folder and a server.

Nothing of the played month is in it: that one has two technicians and a clock of its
own, this one a whole desk, and it ends now. May not enter: what a screen must show.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from infra.demo.programme import ROOT, WentWrong, bare_environment
from infra.demo.stage import end, free_port, until_it_answers

SIZE = "s"
PASSWORD = "doorstep-demo-2026"  # noqa: S105 - of people who do not exist
# Who may log in, by role.
DESK = {
    "dispatcher": "chen",
    "manager": "tang",
    "auditor": "sun",
    "administrator": "luo",
    "engineer": "he",
}
TECHNICIAN = "li"  # enrols a tablet instead
COMMAND = ("-c", "import sys; from server.cli import main; sys.exit(main())")
TABLET = ("-c", "import sys; from field_client.cli import main; sys.exit(main())")
PATIENCE_S = 180


class SeededConsole:
    """A server on a folder that a month was written into."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"

    def now(self) -> datetime:
        """What time it is there."""
        return datetime.now(UTC)

    def asked_by(self, person: str) -> "Asking":
        """What this person sees, logged in with the password that is told."""
        return Asking(self.url, person)

    def link_for_a_tablet(self) -> str:
        """Opens the tablet's app in the technician's name, once."""
        asked = ("device", "enroll", TECHNICIAN, "--url", self.url)
        told = _doorstep(self.folder, *asked).stderr
        return next(word for word in told.split() if word.startswith(self.url))


class Asking:
    """One person at the console, asking what the console asks."""

    def __init__(self, url: str, person: str) -> None:
        self.url = url
        self.person = person

    @cached_property
    def _door(self) -> OpenerDirector:
        door = build_opener(HTTPCookieProcessor(CookieJar()))
        said = json.dumps({"person": self.person, "password": PASSWORD}).encode()
        told = {"Content-Type": "application/json"}
        asked = Request(f"{self.url}/v1/session", said, told)  # noqa: S310
        door.open(asked, timeout=PATIENCE_S).close()
        return door

    def get(self, target: str) -> Any:
        """The answer of the API."""
        return json.loads(self.file(target))

    def file(self, target: str) -> bytes:
        """What the API gives to be kept."""
        with self._door.open(self.url + target, timeout=PATIENCE_S) as answer:
            found: bytes = answer.read()
        return found

    @cached_property
    def orders(self) -> list[dict[str, Any]]:
        """Every order as a card."""
        found: list[dict[str, Any]] = []
        target = "/v1/orders?limit=500"
        while True:
            page = self.get(target)
            found += page["orders"]
            if page["next"] is None:
                return found
            target = f"/v1/orders?limit=500&cursor={page['next']}"

    @cached_property
    def reviews(self) -> list[dict[str, Any]]:
        """What waits for a person."""
        found: list[dict[str, Any]] = self.get("/v1/reviews?limit=200")["reviews"]
        return found


def field_verifies(folder: Path, paper: Path) -> bool:
    """What a tablet in a terminal that never met this server says of a paper."""
    home = ("--home", str(folder / "stranger"))
    said = subprocess.run(
        [sys.executable, *TABLET, *home, "verify", str(paper)], cwd=ROOT,
        env=_environment(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    return said.returncode == 0


def doorstep_says(folder: Path, *words: str) -> str:
    """What `doorstep` answers, with this data folder."""
    return _doorstep(folder, *words).stdout


def _doorstep(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    said = subprocess.run(
        [sys.executable, *COMMAND, *words], cwd=ROOT, env=_environment(folder),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if said.returncode:
        told = " ".join(words)
        raise WentWrong(f"doorstep {told}: {said.returncode}\n{said.stderr}")
    return said


def seeded(folder: Path, seed: int) -> None:
    """A month that ends now, by the command that anybody may give."""
    if shutil.disk_usage(folder.parent).free < 1 << 28:
        raise WentWrong(f"{folder.parent}: disk full")
    doorstep_says(folder, "seed", "demo", "--size", SIZE, "--seed", str(seed))


@contextmanager
def opened(folder: Path) -> Iterator[SeededConsole]:
    """The console of this folder, for as long as this lasts."""
    port = free_port()
    with (folder / "server.log").open("wb") as log:
        bind = ("serve", "--bind", f"127.0.0.1:{port}")
        server = subprocess.Popen(
            [sys.executable, *COMMAND, *bind], cwd=ROOT, env=_environment(folder),
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            until_it_answers(server, port, folder / "server.log")
            yield SeededConsole(folder, port)
        finally:
            end(server)


def _environment(folder: Path) -> dict[str, str]:
    return bare_environment({"DOORSTEP_DATA": str(folder)})
