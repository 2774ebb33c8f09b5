"""What a page weighs on the line: bytes with headers, packed as they came.

May not enter: how much is too much.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession


@dataclass
class Scales:
    """Weighs whatever a page fetches from now on. What the service worker fetches for
    later is not the page's."""

    devtools: CDPSession
    weights: dict[str, int] = field(default_factory=dict)
    _paths: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.devtools.on("Network.requestWillBeSent", self._asked)
        self.devtools.on("Network.loadingFinished", self._came)
        self.devtools.send("Network.enable")

    @property
    def total(self) -> int:
        """Everything together, in bytes."""
        return sum(self.weights.values())

    def _asked(self, said: dict[str, Any]) -> None:
        self._paths[said["requestId"]] = urlsplit(said["request"]["url"]).path

    def _came(self, said: dict[str, Any]) -> None:
        path = self._paths.get(said["requestId"], "?")
        came = int(said["encodedDataLength"])
        self.weights[path] = self.weights.get(path, 0) + came


def packed_bytes(built: Path, path: str) -> int:
    """How long this file of the app is in gzip."""
    name = path.removeprefix("/tablet/") or "index.html"
    packed = built / f"{name}.gz"
    return (packed if packed.is_file() else built / name).stat().st_size


def table(title: str, weights: dict[str, int]) -> str:
    """What weighs how much, heaviest first, to be read when it is too much."""
    rows = sorted(weights.items(), key=lambda row: -row[1])
    lines = [f"{sum(weights.values()):>8,}  {title}"]
    return "\n".join(lines + [f"{size:>8,}    {name}" for name, size in rows])
