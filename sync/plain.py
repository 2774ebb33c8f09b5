"""Typed records as plain JSON values, and back.

One mechanism for payloads of facts, documents, policy and answers: frozen structs whose
fields say what they hold. msgspec reads and writes them; what it does not take is
looked at once more here, to say exactly why. A field that has its default is left out,
so a record grows without old ones changing. May not enter: what a record means.
"""

import enum
import functools
import json
import threading
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar, cast

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, force_setattr, replace

from sync.problems import Refused

T = TypeVar("T")
R = TypeVar("R", bound=Struct)


class Record(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What can travel. Each record is a class of its own, `frozen` and `kw_only`."""


def plain(value: Any) -> Any:
    """The JSON value of a record: dicts, lists, strings, integers, booleans, None."""
    return _listed(msgspec.to_builtins(value))


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _listed(held) for key, held in value.items()}
    return [_listed(held) for held in value] if isinstance(value, tuple) else value


def as_json(record: Any) -> str:
    """The JSON text of `plain(record)`, without a space."""
    return _ENCODER.encode(record).decode()


_ENCODER = msgspec.json.Encoder()


def but(record: R, **changes: Any) -> R:
    """The same record with these fields changed, unread and unchecked: for records
    whose fields were read by `typed` or made by our own code."""
    return replace(record, **changes)


def typed(record: type[T], value: Any) -> T:
    """The record that a JSON value stands for; refuses what does not fit exactly."""
    _decoder(cast(Any, record))
    try:
        return msgspec.convert(value, record)
    except msgspec.ValidationError:
        pass
    _object_to(record, value, record.__name__)
    raise Refused("field_misshapen", field=record.__name__)


def typed_json(record: type[R], text: str) -> R:
    """The same for the record's JSON text, which our own code wrote."""
    try:
        return cast(R, _decoder(record).decode(text))
    except msgspec.DecodeError:
        return typed(record, json.loads(text))


# msgspec lays a type out when it is first used, and whoever reads by a layout that
# another thread has not finished brings the process down.
_LAYING_OUT = threading.Lock()


@functools.cache
def _decoder(record: type[Any]) -> msgspec.json.Decoder[Any]:
    with _LAYING_OUT:
        return msgspec.json.Decoder(record)


@functools.cache
def fields(record: type[Struct]) -> tuple[FieldInfo, ...]:
    """The fields of a record with their types and what they hold if nothing is said."""
    return msgspec.structs.fields(record)


def usual(field: FieldInfo) -> Any:
    """What a field holds if nothing is said; NODEFAULT if something has to be."""
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    return field.default


def settle(record: Any) -> None:
    """For `__post_init__` of a record with a default that may stand in memory twice:
    only the default itself is left out, so that a copy of it has to become it."""
    kind: type[Struct] = type(record)
    for name, default in _of_many_copies(kind):
        held = getattr(record, name)
        if held is not default and held == default:
            force_setattr(record, name, default)


@functools.cache
def _of_many_copies(record: type[Struct]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (one.name, one.default)
        for one in fields(record)
        if one.default is not NODEFAULT and not _is_one_of_a_kind(one.default)
    )


def _is_one_of_a_kind(value: Any) -> bool:
    """Is there one object of this value, whoever made it?"""
    if isinstance(value, enum.Enum) or value is None or type(value) is bool:
        return True
    return value in ("", ()) or (type(value) is int and 0 <= value <= 255)


# why not


def _object_to(kind: Any, value: Any, where: str) -> None:
    """Refuse a value that is not what this declared type asks for."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = next(one for one in arguments if one is not types.NoneType)
        if value is not None:
            _object_to(inner, value, where)
    elif origin is tuple:
        _must_be(list, value, where)
        for held in value:
            _object_to(arguments[0], held, where)
    elif origin is Mapping:
        _must_be(dict, value, where)
        for held in value.values():
            _object_to(arguments[1], held, where)
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        _must_be_known([one.value for one in kind], value, where)
    elif isinstance(kind, type) and issubclass(kind, Record):
        _must_be(dict, value, where)
        _object_to_record(kind, value)
    elif kind is not Any:
        _must_be(kind, value, where)


def _object_to_record(record: type[Record], value: Mapping[str, Any]) -> None:
    known = {one.name: one for one in fields(record)}
    if surplus := value.keys() - known.keys():
        raise Refused("field_unknown", field=min(surplus))
    needed = {name for name, one in known.items() if one.required}
    if missing := needed - value.keys():
        raise Refused("field_missing", field=min(missing))
    for name, held in value.items():
        _object_to(known[name].type, held, name)


def _must_be(kind: type, value: Any, where: str) -> None:
    if type(value) is not kind:
        raise Refused("field_misshapen", field=where)


def _must_be_known(known: list[str], value: Any, where: str) -> None:
    if not isinstance(value, str) or value not in known:
        raise Refused("value_unknown", field=where, known=", ".join(known))
