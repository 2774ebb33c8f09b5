"""A shelf in a bucket of an S3 store; beside `cellar`, all that knows boto3.

    PREFIX/blobs/abcd…          whole blobs, named by their digest
    PREFIX/derived/abcd…/name   previews; may be removed at any time

An object appears when its upload completes, and it completes only after our own
SHA-256 has seen every byte. Stores differ in which checksums they verify; all verify
Content-MD5, so each request carries one against faults on the way, and what was put is
read back before we say that it is kept. What is there already is not written again: a
store may answer a reader with an error while it replaces what he reads. A store that
does not answer is left alone for a while and never waited for by many at once, so that
facts do not wait for photos (F21). May not enter: meaning.
"""

import base64
import hashlib
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from server.shelf.contract import (
    Stretch,
    blob_name,
    derived_name,
    is_whole,
    stretch,
    verified,
)
from sync.problems import Refused

_AT_ONCE = 16 * 1024 * 1024
_PART = 8 * 1024 * 1024
MOST_WAITING = 8  # requests that a store may keep waiting at once
WAIT_S = 2.0  # for a place among them
REST_S = 3.0  # after it did not answer: nobody asks
MOST_PATIENCE = 6  # times the timeout, for all of a blob
_GONE = {"404", "NoSuchKey"}
_TAKEN = {"412", "PreconditionFailed", "ConditionalRequestConflict"}
_NO_CONDITIONS = {"501", "NotImplemented"}
_FULL = {"507", "InsufficientStorage", "QuotaExceeded", "EntityTooLarge"}


class Bucket:
    """A shelf in a bucket; credentials by boto3's normal chain."""

    near = False

    def __init__(
        self,
        bucket: str,
        prefix: str,
        *,
        endpoint: str | None = None,
        region: str | None = None,
        checksum: str = "when_supported",
        timeout_s: int = 10,
    ) -> None:
        self._timeout_s = timeout_s
        self._room = threading.BoundedSemaphore(MOST_WAITING)
        self._rests_until = 0.0
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._s3: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=region or "us-east-1",
            config=Config(
                connect_timeout=timeout_s,
                read_timeout=timeout_s,
                retries={"mode": "standard", "total_max_attempts": 3},
                request_checksum_calculation=checksum,
                response_checksum_validation=checksum,
                s3={"addressing_style": "path" if endpoint else "auto"},
            ),
        )

    def put(self, sha256: str, source: BinaryIO, length: int) -> None:
        """See `Shelf.put`."""
        key = self._key(sha256)
        blocks = verified(source, sha256, length, _PART)
        if length <= _AT_ONCE:
            data = b"".join(blocks)
            with self._asking(sha256):
                self._put_unless_there(key, data)
            if self._is_kept(sha256):
                return
            with self._asking(sha256):
                self._put_object(key, data)
        else:
            with self._asking(sha256):
                self._put_in_parts(key, blocks)
        if not self._is_kept(sha256):
            # Not deleted: another put of the same bytes may just have succeeded.
            raise Refused("storage_unavailable")

    def keep_file(self, sha256: str, file: Path, length: int) -> None:
        """See `Shelf.keep_file`."""
        with file.open("rb") as source:
            self.put(sha256, source, length)

    def has(self, sha256: str) -> bool:
        """See `Shelf.has`."""
        try:
            self.length(sha256)
        except Refused as refusal:
            if refusal.code == "blob_missing":
                return False
            raise
        return True

    def length(self, sha256: str) -> int:
        """See `Shelf.length`."""
        key = self._key(sha256)
        with self._asking(sha256):
            found = self._s3.head_object(Bucket=self._bucket, Key=key)
            return int(found["ContentLength"])

    def open(self, sha256: str, start: int = 0, end: int | None = None) -> BinaryIO:
        """See `Shelf.open`."""
        return self._opened(sha256, start, end)

    def _opened(
        self, sha256: str, start: int, end: int | None, until: float | None = None
    ) -> BinaryIO:
        start, end = stretch(self.length(sha256), start, end)
        if start == end:
            return io.BytesIO()
        with self._asking(sha256):
            found = self._s3.get_object(
                Bucket=self._bucket,
                Key=self._key(sha256),
                Range=f"bytes={start}-{end - 1}",
            )
        return io.BufferedReader(_Body(found["Body"], end - start, until))

    def names(self) -> Iterator[str]:
        """See `Shelf.names`."""
        for key in self._keys("blobs/"):
            yield key.rpartition("/")[2]

    def check(self, sha256: str) -> bool:
        """See `Shelf.check`. A store that hands out crumbs has so long, no longer."""
        until = time.monotonic() + self._timeout_s * MOST_PATIENCE
        return is_whole(self._opened(sha256, 0, None, until), sha256)

    def delete(self, sha256: str) -> None:
        """See `Shelf.delete`."""
        self.drop_derived(sha256)
        with self._asking(sha256):
            self._s3.delete_object(Bucket=self._bucket, Key=self._key(sha256))

    def put_derived(self, sha256: str, name: str, data: bytes) -> None:
        """See `Shelf.put_derived`."""
        with self._asking(sha256):
            self._put_object(self._derived_key(sha256, name), data)

    def derived(self, sha256: str, name: str) -> bytes | None:
        """See `Shelf.derived`."""
        key = self._derived_key(sha256, name)
        try:
            with self._asking(sha256):
                found = self._s3.get_object(Bucket=self._bucket, Key=key)
                return bytes(found["Body"].read())
        except Refused as refusal:
            if refusal.code == "blob_missing":
                return None
            raise

    def drop_derived(self, sha256: str) -> None:
        """See `Shelf.drop_derived`."""
        for key in list(self._keys(f"derived/{blob_name(sha256)}/")):
            with self._asking(sha256):
                self._s3.delete_object(Bucket=self._bucket, Key=key)

    def sweep(self, before_ms: int) -> int:
        """See `Shelf.sweep`."""
        left_behind = [
            upload
            for page in self._pages("list_multipart_uploads", "blobs/")
            for upload in page.get("Uploads", ())
            if upload["Initiated"].timestamp() * 1000 < before_ms
        ]
        for upload in left_behind:
            self._abort(upload["Key"], upload["UploadId"])
        return len(left_behind)

    @contextmanager
    def _asking(self, sha256: str = "") -> Iterator[None]:
        """Ask the store, unless it has just not answered or too many ask already."""
        if not self._room.acquire(timeout=WAIT_S):
            raise Refused("storage_unavailable")
        try:
            if time.monotonic() < self._rests_until:
                raise Refused("storage_unavailable")
            with _store(sha256):
                yield
        except _NoAnswer:
            self._rests_until = time.monotonic() + REST_S
            raise
        finally:
            self._room.release()

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}blobs/{blob_name(sha256)}"

    def _derived_key(self, sha256: str, name: str) -> str:
        return f"{self._prefix}derived/{blob_name(sha256)}/{derived_name(name)}"

    def _keys(self, under: str) -> Iterator[str]:
        for page in self._pages("list_objects_v2", under):
            for entry in page.get("Contents", ()):
                yield entry["Key"]

    def _pages(self, call: str, under: str) -> Iterator[dict[str, Any]]:
        with self._asking():
            yield from self._s3.get_paginator(call).paginate(
                Bucket=self._bucket, Prefix=self._prefix + under
            )

    def _is_kept(self, sha256: str) -> bool:
        return self.has(sha256) and self.check(sha256)

    def _put_unless_there(self, key: str, data: bytes) -> None:
        """Put it where nothing is; a store that knows no conditions just puts it."""
        try:
            self._put_object(key, data, IfNoneMatch="*")
        except ClientError as error:
            code = _code(error)
            if code in _NO_CONDITIONS:
                self._put_object(key, data)
            elif code not in _TAKEN:
                raise

    def _put_object(self, key: str, data: bytes, **conditions: str) -> None:
        self._s3.put_object(
            Bucket=self._bucket, Key=key, Body=data, ContentMD5=_md5(data), **conditions
        )

    def _put_in_parts(self, key: str, blocks: Iterator[bytes]) -> None:
        """One part per block; nothing is visible before the last line."""
        upload = self._s3.create_multipart_upload(Bucket=self._bucket, Key=key)
        named = {"Bucket": self._bucket, "Key": key, "UploadId": upload["UploadId"]}
        try:
            parts = [
                {
                    "PartNumber": number,
                    "ETag": self._s3.upload_part(
                        Body=block, ContentMD5=_md5(block), PartNumber=number, **named
                    )["ETag"],
                }
                for number, block in enumerate(blocks, start=1)
            ]
        except BaseException:
            self._abort(key, upload["UploadId"])
            raise
        self._s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **named)

    def _abort(self, key: str, upload_id: str) -> None:
        """Give the parts back; what cannot be given back now is swept later."""
        try:
            self._s3.abort_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=upload_id
            )
        except (BotoCoreError, ClientError):
            return


class _NoAnswer(Refused):
    """The store itself could not be reached, or gave up half-way."""


class _Body(Stretch):
    """The bytes of an answer; a store that fails midway is named as such."""

    def __init__(
        self, source: BinaryIO, length: int, until: float | None = None
    ) -> None:
        super().__init__(source, length)
        self._until = until

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """See `Stretch.readinto`."""
        if self._until is not None and time.monotonic() > self._until:
            raise _NoAnswer("storage_unavailable")
        with _store():
            return super().readinto(buffer)


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


@contextmanager
def _store(sha256: str = "") -> Iterator[None]:
    """Say what the store's answer means to us."""
    try:
        yield
    except ClientError as error:
        raise _refusal(_code(error), sha256) from error
    except BotoCoreError as error:
        raise _NoAnswer("storage_unavailable") from error


def _code(error: ClientError) -> str:
    answer = cast("dict[str, Any]", error.response).get("Error", {})
    return str(answer.get("Code", ""))


def _refusal(code: str, sha256: str) -> Refused:
    if code in _GONE:
        return Refused("blob_missing", sha256=sha256)
    return Refused("storage_full" if code in _FULL else "storage_unavailable")
