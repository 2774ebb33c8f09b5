"""Every setting, read from the environment once, at the start.

Nothing else in the server reads the environment. No setting moves a clock.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sync.problems import Refused

PREFIX = "DOORSTEP_"


@dataclass(frozen=True, kw_only=True)
class Config:
    """How this server is set up. `data` holds keys, and by default everything else."""

    data: Path = Path("doorstep-data")
    """Folder for keys, unfinished uploads and, by default, database and pictures."""
    database_url: str = ""
    """SQLAlchemy URL; default: SQLite in the data folder."""
    storage_url: str = ""
    """Where bytes lie: `file:///…` or `s3://bucket/prefix?endpoint=…`."""
    upload_max_mb: int = 40
    """The largest single file taken in, in MiB."""
    device_upload_mb: int = 10240
    """How much one device may hand in within a week, in MiB."""
    reserve_mb: int = 512
    """What stays free on the disk: nearer to full no photo is taken in, in MiB."""
    device_facts_mb: int = 64
    """How much one device may hand in as facts on one day, in MiB."""
    aside_mb: int = 64
    """How much of one device may lie in quarantine, in MiB."""
    poll_s: int = 30
    """How long a tablet that is online waits between two looks, in seconds."""
    utc_offset_minutes: int = 480
    """Local time of the register and of the working calendar."""
    backup_places: str = ""
    """Where else backups go, besides `backups` in the data folder: addresses like
    `storage_url`, with blanks between them."""
    backup_minutes: int = 60
    """How often the server backs itself up; 0: it does not."""
    backup_enough: str = "apart"
    """When tablets may let go: after a copy on another disk (apart), or any (any)."""
    smtp_url: str = ""
    """Server for e-mail: `smtp://user:password@host:587` (STARTTLS) or `smtps://…`."""
    mail_from: str = ""
    """Address that e-mail comes from."""
    sms_url: str = ""
    """Gateway that text messages are posted to; default: a file in the data folder."""
    notices_inside: str = ""
    """Private networks that notices may go to, also without TLS, with blanks between:
    `10.0.5.0/24`."""
    public_url: str = ""
    """Address of this server as owners reach it, for links in messages."""
    policy_file: Path | None = None
    """JSON with the company's policy; default: the policy that ships."""
    proxies: int = 0
    """How many proxies stand before the server and say whom they ask for, with
    `X-Forwarded-For`, `-Proto` and `-Host`."""
    oidc_issuer: str = ""
    """The OpenID provider at which people may log in; none: with passwords only."""
    oidc_client_id: str = ""
    """What the provider calls this server."""
    oidc_client_secret_file: Path | None = None
    """File with what this server proves itself with to the provider."""

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data.absolute()}/doorstep.db"

    @property
    def storage(self) -> str:
        """The shelf's URL."""
        return self.storage_url or f"file://{self.data.absolute()}/blobs"

    @property
    def underway(self) -> Path:
        """Where processes note what they have in hand."""
        return self.data / "underway"

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Config":
        """The settings in these variables; refuses what it cannot understand."""
        given: dict[str, Any] = {}
        for field in fields(cls):
            text = environment.get(PREFIX + field.name.upper())
            if text:
                given[field.name] = _read(field.name, field.type, text)
        return cls(**given)

    def as_environment(self) -> dict[str, str]:
        """This process's environment, with these settings in it for a child."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return dict(os.environ) | {
            PREFIX + name.upper(): str(value)
            for name, value in said.items()
            if value not in ("", None)
        }


def _read(name: str, kind: object, text: str) -> object:
    try:
        if kind is int:
            return int(text)
        return text if kind is str else Path(text)
    except ValueError:
        raise Refused("setting_wrong", name=PREFIX + name.upper(), why=text) from None
