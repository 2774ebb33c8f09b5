"""Typed records as plain JSON values, and back.

One mechanism for payloads of facts, documents, policy and answers: frozen dataclasses
whose fields say what they hold. A field that has its default is left out, so a record
grows without old ones changing. May not enter: JSON text (see `envelope`), meaning.
"""

import dataclasses
import enum
import functools
import json
import types
import typing
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring
from typing import Any, TypeVar

from sync.problems import Refused

T = TypeVar("T")
SCALARS = frozenset({str, int, bool, type(None)})
Reader = Callable[[Any, str], Any]


def plain(value: Any) -> Any:
    """The JSON value of a record: dicts, lists, strings, integers, booleans, None."""
    kind = type(value)
    if kind in SCALARS:
        return value
    if dataclasses.is_dataclass(kind):
        return {
            name: plain(held)
            for name, default in _written(kind)
            if (held := getattr(value, name)) != default
        }
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: plain(held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        return [plain(held) for held in value]
    return value


def as_json(record: Any) -> str:
    """The JSON text of `plain(record)`, without a space. A record remembers its own, so
    that a document which grew by one entry is not written anew."""
    return _writer(typing.cast(Any, type(record)))(record)


_TEXT = "_as_json"
_WORDS = {None: "null", True: "true", False: "false"}
Writer = Callable[[Any], str]


@functools.cache
def _writer(kind: Any) -> Writer:
    """How a value of this declared type is written."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _record_writer(typing.cast(type, kind))
    if origin in (typing.Union, types.UnionType):
        inner = _writer(next(one for one in arguments if one is not types.NoneType))
        return lambda value: "null" if value is None else inner(value)
    if origin is tuple:
        return _tuple_writer(_writer(arguments[0]))
    if origin is Mapping:
        return _mapping_writer(_writer(arguments[1]))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return lambda value: encode_basestring(value.value)
    if kind is str:
        return encode_basestring
    return {int: repr, bool: _WORDS.__getitem__}.get(kind, _any_as_json)


def _record_writer(record: type) -> Writer:
    hints = typing.get_type_hints(record)
    fields = [
        (f'"{name}":', name, default, _writer(hints[name]))
        for name, default in _written(record)
    ]

    def write(value: Any) -> str:
        held = value.__dict__
        known: str | None = held.get(_TEXT)
        if known is None:
            said = [
                label + text(one)
                for label, name, default, text in fields
                if (one := held[name]) != default
            ]
            known = held[_TEXT] = "{" + ",".join(said) + "}"
        return known

    return write


def _tuple_writer(inner: Writer) -> Writer:
    return lambda value: "[" + ",".join(map(inner, value)) + "]"


def _mapping_writer(inner: Writer) -> Writer:
    def write(value: Any) -> str:
        held = [f"{encode_basestring(key)}:{inner(one)}" for key, one in value.items()]
        return "{" + ",".join(held) + "}"

    return write


def _any_as_json(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def but(record: T, **changes: Any) -> T:
    """The same record with these fields changed, unread and unchecked: for records
    whose fields were read by `typed` or made by our own code."""
    made: T = object.__new__(type(record))
    held = made.__dict__
    held.update(record.__dict__)
    held.update(changes)
    held.pop(_TEXT, None)
    return made


def typed(record: type[T], value: Any) -> T:
    """The record that a JSON value stands for; refuses what does not fit exactly."""
    return typing.cast(T, _read(record, value, record.__name__))


def _read(kind: Any, value: Any, where: str) -> Any:
    return _reader(kind)(value, where)


@functools.cache
def _fields(record: type) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(record)


@functools.cache
def _written(record: type) -> tuple[tuple[str, Any], ...]:
    """The fields of a record with what they hold when nothing is said."""
    return tuple((field.name, _default(field)) for field in _fields(record))


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


@functools.cache
def _reader(kind: Any) -> Reader:
    """How a value of this declared type is read."""
    if kind is Any:
        return lambda value, _where: value
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _record_reader(typing.cast(type, kind))
    if origin in (typing.Union, types.UnionType):
        return _optional_reader(arguments)
    if origin is tuple:
        return _tuple_reader(_reader(arguments[0]))
    if origin is Mapping:
        return _mapping_reader(_reader(arguments[1]))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _enum_reader(kind)
    if kind in (int, str, bool):
        return _scalar_reader(kind)
    raise TypeError(f"a record cannot hold {kind!r}")


def _record_reader(record: type) -> Reader:
    hints = typing.get_type_hints(record)
    readers = {field.name: _reader(hints[field.name]) for field in _fields(record)}
    names = readers.keys()
    needed = {
        field.name
        for field in _fields(record)
        if field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    }
    unsaid = {name: held for name, held in _written(record) if name not in needed}
    checks = hasattr(record, "__post_init__")

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise Refused("field_misshapen", field=where)
        if not value.keys() <= names:
            raise Refused("field_unknown", field=min(value.keys() - names))
        if not needed <= value.keys():
            raise Refused("field_missing", field=min(needed - value.keys()))
        said = {name: readers[name](held, name) for name, held in value.items()}
        if checks:
            return record(**said)
        made: Any = object.__new__(record)
        made.__dict__.update(unsaid)
        made.__dict__.update(said)
        return made

    return read


def _optional_reader(arguments: tuple[Any, ...]) -> Reader:
    (inner,) = (_reader(one) for one in arguments if one is not types.NoneType)
    return lambda value, where: None if value is None else inner(value, where)


def _tuple_reader(inner: Reader) -> Reader:
    def read(value: Any, where: str) -> Any:
        if not isinstance(value, list):
            raise Refused("field_misshapen", field=where)
        return tuple(inner(held, where) for held in value)

    return read


def _mapping_reader(inner: Reader) -> Reader:
    def read(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise Refused("field_misshapen", field=where)
        return {key: inner(held, where) for key, held in value.items()}

    return read


def _enum_reader(kind: type[enum.Enum]) -> Reader:
    known = {member.value: member for member in kind}

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, str) or value not in known:
            raise Refused("value_unknown", field=where, known=", ".join(known))
        return known[value]

    return read


def _scalar_reader(kind: type) -> Reader:
    def read(value: Any, where: str) -> Any:
        if type(value) is not kind:
            raise Refused("field_misshapen", field=where)
        return value

    return read
