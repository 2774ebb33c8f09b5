"""What a tablet of the first release had on disk when its line went down.

Written down here once and never brought up to date: whatever today's code writes, an
outbox like this one lies on some tablet in a drawer. Nothing of the product takes part
in writing it. May not enter: imports from the product, changes.
"""

import hashlib
import json
import sqlite3
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Private = Mapping[str, tuple[str, str]]

SALT = "AAAAAAAAAAAAAAAAAAAAAA"
PLACE = "312304000,1214737000,15"
WORDS = "厨房角阀渗水，已擦干"

# The tables of the first release, as SQLite kept them.
TABLES = """
CREATE TABLE layout (version INTEGER NOT NULL) STRICT;
CREATE TABLE device (
    one INTEGER PRIMARY KEY CHECK (one = 1), key TEXT NOT NULL, enrolment TEXT
) STRICT;
CREATE TABLE server (
    one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT,
    durable_through INTEGER NOT NULL, voucher TEXT, epochs TEXT
) STRICT;
CREATE TABLE voucher (
    seq INTEGER PRIMARY KEY, log TEXT NOT NULL, n INTEGER NOT NULL,
    voucher TEXT NOT NULL, epoch TEXT NOT NULL, UNIQUE (log, n)
) STRICT;
CREATE TABLE log (
    seq INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, n INTEGER NOT NULL, tip TEXT
) STRICT;
CREATE TABLE fact (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, log TEXT NOT NULL,
    n INTEGER NOT NULL, stream TEXT NOT NULL, b TEXT NOT NULL, x TEXT NOT NULL,
    epoch TEXT, position INTEGER, receipt TEXT, UNIQUE (log, n)
) STRICT;
CREATE TABLE blob (
    seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
    role TEXT NOT NULL, size INTEGER NOT NULL, upload TEXT, epoch TEXT,
    position INTEGER, receipt TEXT
) STRICT;
CREATE TABLE original (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
"""
# What could be pulled again lay in other tables then.
TAKEN_HOME = "CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"

# The stores of the first release, as a browser kept them; run in a page that has
# nothing of the app in it.
STORES = """
async ({ key, public_key, device, server, log, facts, photo, drafts, home }) => {
  const opened = (name, make) => new Promise((found, lost) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => make(asked.result);
    asked.onsuccess = () => found(asked.result);
    asked.onerror = () => lost(asked.error);
  });
  const db = await opened("doorstep-outbox", (made) => {
    made.createObjectStore("device");
    made.createObjectStore("person", { keyPath: "actor" });
    made.createObjectStore("server");
    const counted = { keyPath: "seq", autoIncrement: true };
    const unique = { unique: true };
    made.createObjectStore("voucher", counted).createIndex("tip", ["log", "n"], unique);
    made.createObjectStore("log", counted).createIndex("name", "name", unique);
    const fact = made.createObjectStore("fact", counted);
    fact.createIndex("id", "id", unique);
    fact.createIndex("place", ["log", "n"], unique);
    fact.createIndex("stream", "stream");
    made.createObjectStore("blob", counted).createIndex("sha256", "sha256", unique);
    made.createObjectStore("original");
    made.createObjectStore("draft", { keyPath: ["person", "name"] });
  });
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const pair = {
    privateKey: await crypto.subtle.importKey("jwk", key, curve, false, ["sign"]),
    publicKey: await crypto.subtle.importKey(
      "jwk", public_key, curve, true, ["verify"]),
  };
  const jpeg = Uint8Array.from(atob(photo.base64), (one) => one.charCodeAt(0));
  const tx = db.transaction(
    [...db.objectStoreNames], "readwrite", { durability: "strict" });
  const into = (name) => tx.objectStore(name);
  into("device").put(pair, "key");
  into("device").put({ actor: device.actor, in: true }, "person");
  const { actor } = device;
  into("person").put({ actor, enrolment: JSON.stringify(device), lock: null });
  into("server").put(server, "one");
  into("log").add(log);
  for (const one of facts) into("fact").add(one);
  into("blob").add(photo.row);
  into("original").put(new Blob([jpeg], { type: "image/jpeg" }), 1);
  for (const one of drafts) into("draft").put({ person: actor, at_ms: 1, ...one });
  await new Promise((done, lost) => { tx.oncomplete = done; tx.onerror = lost; });
  db.close();
  if (!home) return;
  const other = (made) => made.createObjectStore("seen");
  (await opened("doorstep-projection", other)).close();
}
"""


@dataclass(frozen=True)
class Owed:
    """One fact as it lay there: its text, its private values, what a server of today
    must make of it."""

    body: str
    private: Private
    outcome: str

    @property
    def id(self) -> str:
        """What names it."""
        return _digest(self.body.encode())


@dataclass
class OldTablet:
    """A tablet of the first release, enrolled with `device`, and what was told on it
    about one order; `at_ms`: by its own clock."""

    device: Mapping[str, Any]  # as today's enrolment, less what was added since
    epoch: str
    stream: str
    basis: int  # how much of the order this tablet had taken home
    photo: bytes
    at_ms: int
    facts: list[Owed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log = f"{self.device['device']}.0000000001"
        place = {"place": (SALT, PLACE)}
        self._tells("visit.arrived", "{}", place)
        self._tells("visit.weather", '{"sky":"rain"}', outcome="quarantined")  # retired
        self._tells(
            "survey.surveyed",  # one field has another name now
            '{"cause":"角阀老化","method":"更换角阀","guess_minutes":30}',
            outcome="quarantined",
        )
        words = {"words": (SALT, WORDS)}
        self._tells(
            "survey.surveyed", '{"cause":"角阀老化","method":"更换角阀"}', words
        )
        blob = json.dumps([{
            "sha256": self.sha256, "bytes": len(self.photo), "type": "image/jpeg",
            "role": "photo",
        }])  # fmt: skip
        self._tells("work.photographed", '{"moment":"before"}', blobs=blob)
        self._tells("visit.left", "{ }")  # with a space, as another writer put it

    @property
    def sha256(self) -> str:
        """The name of its one picture."""
        return hashlib.sha256(self.photo).hexdigest()

    @property
    def outcomes(self) -> dict[str, str]:
        """What must become of each fact."""
        return {one.id: one.outcome for one in self.facts}

    def _tells(
        self, kind: str, said: str, private: Private | None = None, *,
        blobs: str = "", outcome: str = "stored",
    ) -> None:  # fmt: skip
        """One more fact in the chain, in the letters of that time."""
        n, values = len(self.facts) + 1, private or {}
        before = f'"{self.facts[-1].id}"' if self.facts else "null"
        body = (
            f'{{"v":1,"t":"{kind}","tv":1,"st":"{self.stream}","log":"{self.log}",'
            f'"n":{n},"p":{before},"e":"{self.epoch}","bs":{self.basis},"l":{10 + n},'
            f'"by":"{self.device["actor"]}","at":{{"w":{self.at_ms + n},"z":480}},'
            f'"pl":{said}'
        )
        if values:
            promised = {name: _promise(name, *held) for name, held in values.items()}
            body += f',"pc":{json.dumps(promised)}'
        body += f',"bl":{blobs}}}' if blobs else "}"
        self.facts.append(Owed(body, values, outcome))

    @property
    def _rows(self) -> list[dict[str, Any]]:
        return [
            {"id": one.id, "log": self.log, "n": n, "stream": self.stream,
             "b": one.body, "x": json.dumps(one.private), "epoch": None,
             "position": None, "receipt": None}
            for n, one in enumerate(self.facts, 1)
        ]  # fmt: skip

    @property
    def _blob(self) -> dict[str, Any]:
        return {"sha256": self.sha256, "type": "image/jpeg", "role": "photo",
                "size": len(self.photo), "upload": None, "epoch": None,
                "position": None, "receipt": None}  # fmt: skip

    def as_folder(self, folder: Path, key: str) -> None:
        """As `field` kept it: a folder with two databases; `key` is a PEM."""
        folder.mkdir(mode=0o700)
        outbox = sqlite3.connect(folder / "outbox.db")
        outbox.execute("PRAGMA journal_mode = WAL")
        outbox.executescript(TABLES)
        outbox.execute("INSERT INTO layout VALUES (1)")
        device = (key, json.dumps(self.device))
        outbox.execute("INSERT INTO device VALUES (1, ?, ?)", device)
        outbox.execute("INSERT INTO server VALUES (1, ?, 0, NULL, NULL)", (self.epoch,))
        tip = (self.log, len(self.facts), self.facts[-1].id)
        outbox.execute("INSERT INTO log VALUES (1, ?, ?, ?)", tip)
        for row in self._rows:
            _insert(outbox, "fact", row)
        _insert(outbox, "blob", self._blob)
        outbox.execute("INSERT INTO original VALUES (1, ?)", (self.photo,))
        outbox.commit()
        outbox.close()
        home = sqlite3.connect(folder / "projection.db")
        home.executescript(f"{TAKEN_HOME} PRAGMA user_version = 1;")
        home.close()

    def in_a_browser(
        self, key: Mapping[str, str], drafts: Mapping[str, Any], *, home: bool
    ) -> dict[str, Any]:
        """What `STORES` is given; `key` is a private JWK. `home`: it also has what it
        took home, in stores that were others then."""
        public = {name: key[name] for name in ("kty", "crv", "x", "y")}
        tip = {"name": self.log, "n": len(self.facts), "tip": self.facts[-1].id}
        said = {"epoch": self.epoch, "durable_through": 0, "voucher": None,
                "epochs": None}  # fmt: skip
        return {
            "key": dict(key), "public_key": public, "device": dict(self.device),
            "server": said, "log": tip, "facts": self._rows,
            "photo": {"base64": b64encode(self.photo).decode(), "row": self._blob},
            "drafts": [{"name": name, "value": one} for name, one in drafts.items()],
            "home": home,
        }  # fmt: skip


def _insert(db: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))


def _promise(name: str, salt: str, value: str) -> str:
    pepper = bytes(16)
    assert salt == SALT
    return _digest(pepper + name.encode() + b"\0" + value.encode())


def _digest(data: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(data).digest())[:43].decode()
