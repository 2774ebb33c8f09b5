"""Where bytes lie: in a directory or in an S3 bucket, with the same promises.

A shelf knows digests and lengths. May not enter: what the bytes mean, whose they are,
who may see them.
"""

from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from server.shelf.cellar import BucketCellar, Cellar, DiskCellar
from server.shelf.contract import Shelf
from server.shelf.disk import Disk
from server.shelf.s3 import Bucket
from sync.problems import Refused

__all__ = ["Cellar", "Shelf", "open_cellar", "open_shelf"]

B = TypeVar("B", bound=Bucket)
_CHECKSUMS = ("when_supported", "when_required")


def open_shelf(url: str) -> Shelf:
    """The shelf at `file:///directory` or `s3://bucket/prefix?endpoint=…`.

    For S3 also `region`, `timeout` (seconds for one answer) and `checksum`
    (`when_required` for stores that do not know S3's newer checksums). Refused:
    `storage_url_malformed`.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return Disk(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        return _bucket(Bucket, parts, url)
    raise Refused("storage_url_malformed", url=url)


def open_cellar(url: str) -> Cellar:
    """The place for backups at an address such as `open_shelf` takes."""
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc:
        place = _bucket(BucketCellar, parts, url)
        place.address = f"s3://{parts.netloc}{parts.path}"
        return place
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return DiskCellar(Path(unquote(parts.path)), url)
    raise Refused("storage_url_malformed", url=url)


def _bucket(kind: type[B], parts: SplitResult, url: str) -> B:
    said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    checksum = said.pop("checksum", "when_supported")
    timeout = said.pop("timeout", "10")
    known = said.keys() <= {"endpoint", "region"}
    if not known or checksum not in _CHECKSUMS or not timeout.isdecimal():
        raise Refused("storage_url_malformed", url=url)
    return kind(
        parts.netloc,
        unquote(parts.path).strip("/"),
        checksum=checksum,
        timeout_s=int(timeout),
        **said,
    )
