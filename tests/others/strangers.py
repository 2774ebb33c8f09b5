"""Programs by other people, as they come, and what they need to be let in.

A device that enrolled is known by its key; to strangers it hands a grant, which is all
that their programs can carry. May not enter: what is being tested.
"""

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.uploader import Uploader

from infra.demo.network import BadNetwork, Fault, Weather
from sync.signing import b64, public_jwk, request_text, sign
from tests.daemons import cannot_run_here
from tests.server.hostile_pictures import drawn, encoded
from tests.together.processes import ROOT, Served, code_for, office

NODE_MODULES = ROOT / "node_modules"
HERE = Path(__file__).parent
PHOTOS = Path(os.environ.get("DOORSTEP_PHOTOS", ROOT.parent / "shared" / "photos"))
PATIENCE_S = 120

# What a poor line does to requests, and nothing that their bytes could not survive.
POOR = Weather(cut_request=0.12, cut_answer=0.04, lose_answer=0.04, delay=0.2,
               send_twice=0.03)  # fmt: skip


@dataclass
class Device:
    """An enrolled device that signs what it asks."""

    url: str
    device: str
    actor: str
    key: ec.EllipticCurvePrivateKey
    token: str = "-"
    grant: str = ""

    def ask(self, method: str, target: str, value: Any = None) -> Any:
        """One signed request; the JSON of its answer."""
        body = b"" if value is None else json.dumps(value).encode()
        text = request_text(method, target, self.token, self.actor, body)
        said = {"device": self.device, "actor": self.actor, "nonce": self.token,
                "signature": sign(self.key, text)}  # fmt: skip
        fields = ", ".join(f'{name}="{one}"' for name, one in said.items())
        headers = {"Authorization": f"Doorstep {fields}",
                   "Content-Type": "application/json"}  # fmt: skip
        answer = httpx.request(
            method, self.url + target, content=body, headers=headers, timeout=60
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def greet(self) -> "Device":
        """Say hello: a time token and a grant come back."""
        welcome = self.ask("POST", "/v1/sync/hello", {})
        self.token, self.grant = welcome["token"], welcome["uploads"]
        return self

    def has_receipt(self, sha256: str) -> bool:
        """Does the server say that it has these bytes?"""
        answer = self.ask("POST", "/v1/sync/have", {"blobs": [sha256]})
        return answer["blobs"][sha256] is not None

    def jwk(self) -> dict[str, Any]:
        """The private key, for a program that signs by itself."""
        number = self.key.private_numbers().private_value
        secret = b64(number.to_bytes(32, "big"))
        return public_jwk(self.key.public_key()) | {"d": secret, "ext": True}


def enrolled(served: Served, actor: str) -> Device:
    """A new device of this technician, greeted."""
    with office(served.config) as parts:
        code = code_for(parts, actor).partition(".")[0]
    key = ec.generate_private_key(ec.SECP256R1())
    asked = {"code": code, "key": public_jwk(key.public_key()), "name": actor}
    answer = httpx.post(f"{served.url}/v1/devices", json=asked, timeout=60).json()
    return Device(served.url, answer["device"], actor, key).greet()


def photos(folder: Path, most: int = 8) -> list[Path]:
    """Real photos where there are some, others where there are none."""
    real = sorted(PHOTOS.glob("*.jpg"))[:most] if PHOTOS.is_dir() else []
    return real or drawn_photos(folder, most)


def drawn_photos(folder: Path, count: int) -> list[Path]:
    """Pictures that nobody took, of some hundred kilobytes."""
    data, draw = encoded(drawn((900, 700)), "JPEG"), Random(count)
    paths = [folder / f"drawn-{number}.jpg" for number in range(count)]
    for path in paths:
        path.write_bytes(data + draw.randbytes(draw.randrange(20_000, 200_000)))
    return paths


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def uploader(url: str, device: Device, path: Path, **said: object) -> Uploader:
    """tuspy, told where to go and what to carry, no more. It is given a stream,
    for the files that it opens itself it never closes."""
    client = TusClient(
        f"{url}/v1/uploads", headers={"Authorization": f"Bearer {device.grant}"}
    )
    metadata = {"sha256": sha256_of(path), "type": "image/jpeg"}
    return client.uploader(
        file_stream=BytesIO(path.read_bytes()), metadata=metadata,
        retries=12, retry_delay=0.02, **said,
    )  # fmt: skip


def with_tuspy(url: str, device: Device, path: Path, **said: object) -> None:
    """As an application does: when tuspy gives up, begin anew. It does so with a
    TypeError when an answer was cut within its head, which requests believes."""
    for _ in range(20):
        try:
            return uploader(url, device, path, **said).upload()
        except (TusCommunicationError, TusUploadFailed, TypeError):
            continue
    raise AssertionError(path)


def node(script: Path, *words: str, said: str = "") -> str:
    """Run a program in Node; what it wrote."""
    if not shutil.which("node") or not NODE_MODULES.is_dir():
        cannot_run_here("Node or its packages are missing (make setup)")
    done = subprocess.run(
        ["node", str(script), *words], cwd=ROOT, input=said, text=True,
        capture_output=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


class CountingNetwork(BadNetwork):
    """A bad network that counts what reached the server of uploads; what the network
    itself doubled, once."""

    carried = 0  # bytes of files

    def _what_happens(self, request: bytes) -> Fault:
        fault = super()._what_happens(request)
        if request.startswith(b"PATCH "):
            head = request.index(b"\r\n\r\n") + 4
            cut = isinstance(fault.at, float) and fault.kind == "cut_request"
            arrived = int(fault.at * len(request)) if cut else len(request)
            self.carried += max(0, arrived - head)
        return fault
