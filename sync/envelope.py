"""A fact on the wire: exact bytes, identity, chain and commitments.

The body is a JSON text that is hashed and kept as it was written, byte for byte, and
parsed only afterwards; nothing here ever writes it again. Private values travel beside
it, each behind a salted commitment in the body, so that they can be erased and the
chain still verifies. May not enter: what a fact means (`sync/facts/`).
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from sync.plain import Record, plain, typed
from sync.problems import Refused

VERSION = 1  # 1: 2026-11, the first; spoken by everybody
MAX_BODY_BYTES = 16 * 1024
MAX_INTEGER = 2**53 - 1
SALT_BYTES = 16
MOST_NESTING = 24  # a bound of the format, so that no reader's own stack decides
MOST_BLOBS = 32

_NAME = r"[a-z0-9][a-z0-9_-]{0,63}"
STREAM = re.compile(
    rf"(order:[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}"
    rf"|device:{_NAME}|catalog:{_NAME}|statement:{_NAME})"
)
LOG = re.compile(rf"{_NAME}\.{_NAME}")
ACTOR = re.compile(_NAME)
KIND = re.compile(r"[a-z]+\.[a-z_]+")
DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")
SHA256_HEX = re.compile(r"[0-9a-f]{64}")
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,62}/[a-z0-9][a-z0-9.+-]{0,62}")
ROLE = re.compile(r"[a-z][a-z_]{0,31}")
# A text that never ends runs to the end, so that no body is searched twice.
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_UNCLEAN = re.compile("[\0\ud800-\udfff]")
_SALT = re.compile(r"[A-Za-z0-9_-]{22}")
_BRACKETS = {"[": 1, "{": 1, "]": -1, "}": -1}

_FOR_URLS = bytes.maketrans(b"+/", b"-_")

Private = Mapping[str, tuple[str, str]]  # name -> (salt, value)


class BlobRef(Record, frozen=True, kw_only=True):
    """Bytes that a fact speaks of; they travel in their own lane (V4)."""

    sha256: str
    bytes: int
    type: str
    role: str


class Head(Record, frozen=True, kw_only=True):
    """Everything about a fact but what happened; the wire's names in comments."""

    stream: str  # st
    log: str  # device and a random instance for each new local database
    n: int  # 1, 2, 3 … within the log
    prev: str | None  # p: id of the log's fact n-1
    epoch: str  # e
    basis: int  # bs: newest position of the stream that the person had seen
    lamport: int  # l
    by: str
    at: Mapping[str, Any]  # see `timing.Reading`
    private: Mapping[str, str] = field(default_factory=dict)  # pc: commitments
    blobs: tuple[BlobRef, ...] = ()  # bl


class Envelope(Record, frozen=True, kw_only=True):
    """A fact as read from its body; `payload` not yet understood."""

    id: str
    body: str
    kind: str
    kind_version: int
    head: Head
    payload: Mapping[str, Any]


def digest(data: bytes) -> str:
    """SHA-256 as 43 characters of base64url without padding."""
    text = binascii.b2a_base64(hashlib.sha256(data).digest(), newline=False)
    return text[:43].translate(_FOR_URLS).decode()


def fact_id(body: str) -> str:
    """What names a fact: the digest of its exact bytes."""
    return digest(body.encode())


def commitment(name: str, salt: str, value: str) -> str:
    """What the body says of a private value: it can be shown to match, not guessed."""
    pepper = base64.urlsafe_b64decode(salt + "==")
    return digest(pepper + name.encode() + b"\0" + value.encode())


def committed(private: Private) -> dict[str, str]:
    """The commitments to these private values."""
    return {name: commitment(name, *held) for name, held in sorted(private.items())}


def matches(name: str, held: Any, promised: str | None) -> bool:
    """Is this (salt, value) what the body committed to?"""
    if not (isinstance(held, list | tuple) and len(held) == 2):
        return False
    salt, value = held
    if promised is None or not (isinstance(salt, str) and isinstance(value, str)):
        return False
    if not (_clean(name) and _clean(value)):
        return False
    if not _SALT.fullmatch(salt):
        return False
    return commitment(name, salt, value) == promised


def write(kind: str, kind_version: int, head: Head, payload: Mapping[str, Any]) -> str:
    """The body of a new fact. It refuses what no server would be able to keep."""
    frame: dict[str, Any] = {
        "v": VERSION, "t": kind, "tv": kind_version, "st": head.stream,
        "log": head.log, "n": head.n, "p": head.prev, "e": head.epoch,
        "bs": head.basis, "l": head.lamport, "by": head.by, "at": dict(head.at),
        "pl": payload,
    }  # fmt: skip
    if head.private:
        frame["pc"] = dict(head.private)
    if head.blobs:
        frame["bl"] = plain(head.blobs)
    body = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    read(body)
    return body


def read(body: str, name: str | None = None) -> Envelope:
    """A body, taken apart; refuses what is not exactly a fact. `name`: its id, for
    whoever has computed it already."""
    raw = _bytes_of(body)
    found = _read_as_written(body, raw, name)
    if found is not None:
        return found
    try:
        return _envelope(body, _read_strictly(body))
    except KeyError as missing:
        raise Refused("field_missing", field=missing.args[0]) from None


def read_json(body: str) -> dict[str, Any]:
    """The object in a JSON text: no equal keys, no fractions, no huge integers, no NUL,
    no broken UTF-8 (X19)."""
    _bytes_of(body)
    return _read_strictly(body)


def read_file(data: bytes) -> dict[str, Any]:
    """The same for a file in UTF-8, whose length is bounded elsewhere."""
    try:
        return _read_strictly(data.decode())
    except UnicodeDecodeError:
        raise Refused("body_unreadable", why="UTF-8") from None


def _bytes_of(body: str) -> bytes:
    try:
        raw = body.encode()
    except UnicodeEncodeError:
        raise Refused("body_unreadable", why="UTF-8") from None
    if len(raw) > MAX_BODY_BYTES:
        raise Refused("body_too_long", limit=MAX_BODY_BYTES)
    return raw


def _read_as_written(body: str, raw: bytes, name: str | None = None) -> Envelope | None:
    """What a fast parser finds, if it would be written with exactly these bytes again:
    then nothing in it can be read in two ways. None says nothing against the body."""
    if "\\u" in body or body.count("{") + body.count("[") > MOST_NESTING:
        return None
    try:
        frame = _FRAMES.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None
    if _WRITER.encode(frame) != raw or (frame.p is None) is not (frame.n == 1):
        return None
    if not (_is_kind(frame.t) and _is_named(frame.st, frame.log, frame.e, frame.by)):
        return None
    if not (_whole(frame.at) and _whole(frame.pl)):
        return None
    if not all(map(_is_well_named, frame.bl)):
        return None
    head = Head(
        stream=frame.st, log=frame.log, n=frame.n, prev=frame.p, epoch=frame.e,
        basis=frame.bs, lamport=frame.l, by=frame.by, at=frame.at, private=frame.pc,
        blobs=frame.bl,
    )  # fmt: skip
    return Envelope(
        id=name or digest(raw), body=body, kind=frame.t, kind_version=frame.tv,
        head=head, payload=frame.pl,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _is_kind(name: str) -> bool:
    return KIND.fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _is_named(stream: str, log: str, epoch: str, by: str) -> bool:
    """Are these names? Those of a push say the same again and again."""
    said = (STREAM, stream), (LOG, log), (ACTOR, epoch), (ACTOR, by)
    return all(form.fullmatch(name) for form, name in said)


_Digest = Annotated[str, Meta(pattern=rf"\A{DIGEST.pattern}\Z")]


class _Frame(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The frame as a fast parser checks it, its fields in the sequence in which they
    are written; names are looked at after that."""

    v: Literal[1]
    t: str
    tv: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    st: str
    log: str
    n: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    p: _Digest | None
    e: str
    bs: Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
    l: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]  # noqa: E741 - the wire's name
    by: str
    at: dict[str, Any]
    pl: dict[str, Any]
    pc: dict[str, _Digest] = field(default_factory=dict)
    bl: Annotated[tuple[BlobRef, ...], Meta(max_length=MOST_BLOBS)] = ()


_FRAMES = msgspec.json.Decoder(_Frame)
_WRITER = msgspec.json.Encoder()


def _whole(value: dict[str, Any]) -> bool:
    """Are all numbers in it integers that every language holds exactly?"""
    open_: list[Any] = [value]
    while open_:
        one = open_.pop()
        for held in one.values() if type(one) is dict else one:
            kind = type(held)
            if kind is int:
                if not -MAX_INTEGER <= held <= MAX_INTEGER:
                    return False
            elif kind is dict or kind is list:
                open_.append(held)
            elif kind is float:
                return False
    return True


def _read_strictly(body: str) -> dict[str, Any]:
    """The same, one token after the other; whatever is wrong is named."""
    if _nesting(body) > MOST_NESTING:
        raise Refused("body_unreadable", why="nested too deeply")
    try:
        value = _DECODER.decode(body)
    except ValueError as error:
        raise Refused("body_unreadable", why=str(error)[:80]) from None
    if not isinstance(value, dict):
        raise Refused("body_unreadable", why="not an object")
    return value


def _nesting(body: str) -> int:
    """How deep brackets stand in brackets, outside of texts."""
    bare = _TEXT.sub("", body)
    steps = accumulate(_BRACKETS.get(letter, 0) for letter in bare)
    return max(steps, default=0)


def _envelope(body: str, frame: dict[str, Any]) -> Envelope:
    if type(frame["v"]) is not int or frame["v"] != VERSION:
        raise Refused("version_unknown", version=frame["v"])
    if surplus := frame.keys() - _FRAME:
        raise Refused("field_unknown", field=min(surplus))
    head = Head(
        stream=_word(frame, "st", STREAM), log=_word(frame, "log", LOG),
        n=_count(frame, "n", 1), prev=_previous(frame), epoch=_word(frame, "e", ACTOR),
        basis=_count(frame, "bs", 0), lamport=_count(frame, "l", 1),
        by=_word(frame, "by", ACTOR), at=_object(frame["at"], "at"),
        private=_commitments(frame.get("pc", {})), blobs=_blobs(frame.get("bl", [])),
    )  # fmt: skip
    return Envelope(
        id=fact_id(body), body=body, kind=_word(frame, "t", KIND),
        kind_version=_count(frame, "tv", 1), head=head,
        payload=_object(frame["pl"], "pl"),
    )  # fmt: skip


_FRAME = frozenset(
    (
        "v",
        "t",
        "tv",
        "st",
        "log",
        "n",
        "p",
        "e",
        "bs",
        "l",
        "by",
        "at",
        "pl",
        "pc",
        "bl",
    )
)


def _word(frame: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = frame[name]
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Refused("field_misshapen", field=name)
    return value


def _count(frame: Mapping[str, Any], name: str, least: int) -> int:
    value = frame[name]
    if type(value) is not int or value < least:
        raise Refused("field_misshapen", field=name)
    return value


def _previous(frame: Mapping[str, Any]) -> str | None:
    if frame["n"] == 1:
        if frame["p"] is not None:
            raise Refused("field_misshapen", field="p")
        return None
    return _word(frame, "p", DIGEST)


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused("field_misshapen", field=name)
    return value


def _commitments(value: Any) -> dict[str, str]:
    held = _object(value, "pc")
    return {name: _word(held, name, DIGEST) for name in held}


def _blobs(value: Any) -> tuple[BlobRef, ...]:
    if not isinstance(value, list) or len(value) > MOST_BLOBS:
        raise Refused("field_misshapen", field="bl")
    refs = tuple(typed(BlobRef, one) for one in value)
    if not all(map(_is_well_named, refs)):
        raise Refused("field_misshapen", field="bl")
    return refs


def _is_well_named(ref: BlobRef) -> bool:
    named = SHA256_HEX.fullmatch(ref.sha256) and ROLE.fullmatch(ref.role)
    right = named and MEDIA_TYPE.fullmatch(ref.type)
    return bool(right) and 1 <= ref.bytes <= MAX_INTEGER


def _clean(text: str) -> bool:
    """Can every database keep this text as it is?"""
    return _UNCLEAN.search(text) is None


def _object_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"equal keys: {key[:20]}")
        if not _clean(key):
            raise ValueError("NUL or a lone surrogate")
        found[key] = _checked(value)
    return found


def _checked(value: Any) -> Any:
    if isinstance(value, str) and not _clean(value):
        raise ValueError("NUL or a lone surrogate")
    if isinstance(value, list):
        for held in value:
            _checked(held)
    return value


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise ValueError("an integer beyond 2^53")
    return int(text)


def _no_fraction(text: str) -> float:
    raise ValueError(f"integers only, not {text[:20]}")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object_once,
    parse_int=_integer,
    parse_float=_no_fraction,
    parse_constant=_no_fraction,
)
