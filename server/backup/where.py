"""The places for backups: one beside the data, and those that the operator named.

A copy on the data's own disk goes when that disk goes: it is shown, and does not let a
tablet forget. May not enter: making and looking over copies.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import make_url

from server.config import Config
from server.shelf import Cellar, open_cellar
from sync.problems import Refused
from sync.words import N_

BESIDE = "backups"
ENOUGH = ("apart", "any")
ALONE = N_(
    "注意：没有第二个备份地点，备份与数据在同一块盘上，会一起丢失。"
    "请设置 DOORSTEP_BACKUP_PLACES（另一块盘或对象存储）。"
)


def places(config: Config) -> tuple[Cellar, ...]:
    """Every place, the one beside the data first. Refused: `setting_wrong`,
    `storage_url_malformed`; a place that cannot be reached is refused when used."""
    if config.backup_enough not in ENOUGH:
        name = "DOORSTEP_BACKUP_ENOUGH"
        raise Refused("setting_wrong", name=name, why=config.backup_enough)
    beside = f"file://{(config.data / BESIDE).absolute()}"
    return tuple(open_cellar(url) for url in [beside, *config.backup_places.split()])


def is_apart(config: Config, place: Cellar) -> bool:
    """Does this place outlive the disk that the data lies on?"""
    return place.is_apart(*_data(config))


def has_second(config: Config) -> bool:
    """Is there any place that outlives the data's disk?"""
    return any(is_apart(config, one) for one in places(config))


def one_is_enough(config: Config) -> bool:
    """Did the operator say that a copy anywhere lets tablets forget?"""
    return config.backup_enough == "any"


def find_place(config: Config, address: str | None) -> tuple[Cellar, ...]:
    """The place at this address, or all; an address need not be one of the settings."""
    if address is None:
        return places(config)
    known = {one.address: one for one in places(config)}
    return (known.get(address) or open_cellar(address),)


def _data(config: Config) -> list[Path]:
    """Where everything lies that a backup is to outlive."""
    found = [config.data]
    url = make_url(config.database)
    if url.get_backend_name() == "sqlite" and url.database:
        found.append(Path(url.database).parent)
    shelf = urlsplit(config.storage)
    if shelf.scheme == "file":
        found.append(Path(unquote(shelf.path)))
    return found
