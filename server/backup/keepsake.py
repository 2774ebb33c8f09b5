"""The server's keys in one file that is worth nothing without a pass phrase.

No backup holds the keys: whoever steals one cannot speak in the server's name. This
file belongs where the backups are not. May not enter: asking for the phrase.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from server.keys import LINE, SECRET, SIGNING
from server.shelf.disk import sync_folder
from sync.problems import Refused
from sync.signing import b64, unb64

NAMES = (SIGNING, SECRET)
ALSO = (LINE,)  # if there is one
PURPOSE = b"doorstep keys 1"
COST = 2**16
SHORTEST = 12


def save_keys(
    data: Path, file: Path, phrase: str, chance: Callable[[int], bytes]
) -> None:
    """Write the keys into a new file. Refused: `phrase_short`, `file_kept`."""
    if len(phrase) < SHORTEST:
        raise Refused("phrase_short", least=SHORTEST)
    names = (*NAMES, *(name for name in ALSO if (data / name).exists()))
    held = {name: b64((data / name).read_bytes()) for name in names}
    salt, nonce = chance(16), chance(12)
    sealed = AESGCM(_key(phrase, salt)).encrypt(
        nonce, json.dumps(held).encode(), PURPOSE
    )
    said = {"salt": b64(salt), "nonce": b64(nonce), "keys": b64(sealed)}
    _write_new(file, json.dumps(said).encode())


def load_keys(data: Path, file: Path, phrase: str) -> None:
    """Put the keys into a data folder that has none. Refused: `phrase_wrong`,
    `file_kept`."""
    try:
        said = json.loads(file.read_text("ascii"))
        key = _key(phrase, unb64(said["salt"]))
        held = json.loads(
            AESGCM(key).decrypt(unb64(said["nonce"]), unb64(said["keys"]), PURPOSE)
        )
        names = (*NAMES, *(name for name in ALSO if name in held))
        keys = {name: unb64(held[name]) for name in names}
    except (InvalidTag, ValueError, KeyError, TypeError) as error:
        raise Refused("phrase_wrong", path=str(file)) from error
    data.mkdir(parents=True, exist_ok=True)
    for name in keys:
        if (data / name).exists():
            raise Refused("file_kept", path=str(data / name))
    for name, key in keys.items():
        _write_new(data / name, key)


def _key(phrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(phrase.encode())


def _write_new(file: Path, data: bytes) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refused("file_kept", path=str(file)) from error
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    sync_folder(file.absolute().parent)
