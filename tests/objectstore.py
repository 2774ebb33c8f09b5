"""A real S3 store for the tests: `s3_url` is a fresh, empty bucket on Ceph's radosgw.

The store keeps everything in memory, listens on loopback only and is started once per
session. Its Debian packages are radosgw, ceph-mon and ceph-osd.
May not enter: anything that `server.shelf` does; these are the store's own terms.
"""

import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import boto3
import pytest

from tests.daemons import cannot_run_here, daemon, finish, scratch, until

ACCESS_KEY, SECRET_KEY = "doorstep-tests", "for-nobody-but-the-tests"
PROGRAMS = ("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "radosgw")

CONFIG = """\
[global]
fsid = {fsid}
mon initial members = a
mon host = v2:127.0.0.1:{mon_port}/0
ms bind msgr1 = false
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
keyring = {folder}/keyring
run dir = {folder}
admin socket = {folder}/$name.asok
pid file =
log file = {folder}/$name.log
crash dir = {folder}
# one disk, which is memory, and one copy of everything
osd objectstore = memstore
memstore device bytes = 4294967296
osd class dir = {classes}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
# the monitor need not wait for others to vote, nor mind how full the machine's disk is
paxos propose interval = 0.05
paxos min wait = 0.01
mon data avail crit = 1
[mon.a]
mon data = {folder}/mon
[osd.0]
osd data = {folder}/osd
public addr = 127.0.0.1
cluster addr = 127.0.0.1
[client.rgw]
rgw data = {folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw thread pool size = 32
"""

_number = count(1)


@pytest.fixture(params=[pytest.param("s3", marks=pytest.mark.s3real)])
def s3_url(_object_store: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh bucket, as a shelf's URL; the keys to it are in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    bucket = f"shelf-{next(_number)}"
    boto3.client("s3", endpoint_url=_object_store).create_bucket(Bucket=bucket)
    endpoint = quote(_object_store, safe="")
    return f"s3://{bucket}/kept?endpoint={endpoint}&checksum=when_required"


@pytest.fixture(scope="session")
def _object_store() -> Iterator[str]:
    """The store's endpoint."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        cannot_run_here(f"no S3 store: {', '.join(missing)} not installed")
    with scratch("s3") as folder, _ceph(folder) as endpoint:
        yield endpoint


@contextmanager
def _ceph(folder: Path) -> Iterator[str]:
    """A monitor, a disk in memory and the S3 gateway, one after the other."""
    mon_port, port = _free_ports(2)
    fsid, disk = str(uuid.uuid4()), str(uuid.uuid4())
    config = folder / "ceph.conf"
    config.write_text(
        CONFIG.format(
            fsid=fsid, folder=folder, mon_port=mon_port, port=port, classes=_classes()
        )
    )
    for part in ("mon", "osd", "rgw"):
        (folder / part).mkdir()

    def tell(*argv: str) -> None:
        finish((argv[0], "-c", str(config), *argv[1:]), cwd=folder)

    def start(name: str, *argv: str) -> subprocess.Popen[bytes]:
        command = [argv[0], "-c", str(config), *argv[1:], "-f"]
        return running.enter_context(
            daemon(command, folder / f"{name}.out", stop=signal.SIGKILL)
        )

    with ExitStack() as running:
        tell("ceph-authtool", "--create-keyring", f"{folder}/keyring", "--gen-key")
        tell("ceph-mon", "-i", "a", "--mkfs", "--fsid", fsid)
        start("mon", "ceph-mon", "-i", "a")
        tell("ceph", "osd", "new", disk, "0")
        tell("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk)
        start("osd", "ceph-osd", "-i", "0")
        tell(
            "radosgw-admin",
            *("user", "create", "--uid=tests", "--display-name=tests"),
            *(f"--access-key={ACCESS_KEY}", f"--secret-key={SECRET_KEY}"),
        )
        gateway = start("rgw", "radosgw", "-n", "client.rgw")
        endpoint = f"http://127.0.0.1:{port}"
        until(lambda: _answers(endpoint), gateway, folder / "rgw.out")
        yield endpoint


def _classes() -> Path:
    """Where Debian keeps the OSD's own plugins on this architecture."""
    return next(Path("/usr/lib").glob("*/rados-classes"))


def _answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(endpoint, timeout=5):  # noqa: S310 - our own http
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _free_ports(wanted: int) -> list[int]:
    """Ports on loopback that nobody uses now."""
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(wanted)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]
