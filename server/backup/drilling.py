"""The drill: a backup is brought back for practice and the server's own audit run on
it (F28). What nobody ever restored is no backup. May not enter: the live book.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from server import audit
from server.audit import Finding
from server.backup.copying import opened
from server.backup.manifest import Manifest
from server.backup.restoring import erasures_known, prepared
from server.shelf import Cellar
from sync.problems import Refused


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """How it went. `behind_ms`: how old what it brings back is."""

    name: str
    place: str
    manifest: Manifest | None
    findings: tuple[Finding, ...]
    behind_ms: int = 0


def drill(place: Cellar, name: str, data: Path, now_ms: int) -> Drilled:
    """Bring it back into a folder of its own, look everything over, throw it away.

    The bytes are read where they lie in the place: each is hashed, none is copied."""
    acts = list(erasures_known(data, [place]))
    try:
        with (
            tempfile.TemporaryDirectory(dir=data) as scratch,
            prepared(place, name, Path(scratch), acts) as ready,
            opened(ready.file) as engine,
        ):
            return Drilled(
                name=name, place=place.address, manifest=ready.manifest,
                findings=tuple(audit.findings(engine, place)),
                behind_ms=now_ms - ready.manifest.made_ms,
            )  # fmt: skip
    except Refused as refusal:
        if refusal.code not in ("backup_damaged", "backup_missing", "backup_newer"):
            raise
        found = Finding(code=refusal.code, what=f"{name} {refusal.facts.get('what')}")
        return Drilled(name=name, place=place.address, manifest=None, findings=(found,))
