"""Reading the server's answers. A field that this version does not know is passed over,
so that a newer server can say more; one that is missing makes it no answer.

May not enter: how an answer came, whether it is to be believed.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from field_client.transport import NoAnswer
from sync.exchange import Document, Gone, Limits, Outcomes, Page, Receipt, Welcome
from sync.plain import typed
from sync.problems import Refused

T = TypeVar("T")


def known(record: type[Any], value: Any) -> dict[str, Any]:
    """The fields of an answer that this version knows."""
    names = {field.name for field in dataclasses.fields(record)}
    if not isinstance(value, Mapping):
        raise Refused("field_misshapen", field=record.__name__)
    return {name: held for name, held in value.items() if name in names}


def understood(record: type[T], value: Any) -> T:
    """The record in a believed answer; what cannot be read is as good as none."""
    try:
        return typed(record, known(record, value))
    except Refused as why:
        raise NoAnswer(f"{record.__name__}: {why.code} {why.facts}") from None


def an_object(value: Any) -> Mapping[str, Any]:
    """The answer, if it is a JSON object; anything else is as good as none."""
    if not isinstance(value, Mapping):
        raise NoAnswer("not an object")
    return value


def read_welcome(answer: Any) -> Welcome:
    """The answer to hello."""
    value = an_object(answer)
    limits = understood(Limits, value.get("limits", {}))
    rest = {**value, "limits": dataclasses.asdict(limits)}
    return understood(Welcome, rest)


def read_outcomes(answer: Any) -> Outcomes:
    """The answer to push. A receipt that cannot be read is passed over: its fact is
    handed in again, and the others stand."""
    value = an_object(answer)
    rest = understood(Outcomes, {**value, "receipts": []})
    receipts = tuple(_receipts(value.get("receipts", ())))
    return dataclasses.replace(rest, receipts=receipts)


def _receipts(values: Any) -> Any:
    for value in values:
        try:
            yield typed(Receipt, known(Receipt, value))
        except Refused:
            continue


def read_page(answer: Any) -> Page:
    """The answer to pull."""
    value = an_object(answer)
    rest = understood(Page, {**value, "documents": [], "gone": []})
    return dataclasses.replace(
        rest,
        documents=tuple(read_document(one) for one in value.get("documents", ())),
        gone=tuple(understood(Gone, one) for one in value.get("gone", ())),
    )


def read_document(value: Any) -> Document:
    """One order's document; the order itself is kept as it came."""
    if not isinstance(value, Mapping):
        raise NoAnswer("Document: not an object")
    try:
        return Document(
            stream=str(value["stream"]),
            rev=int(value["rev"]),
            order=dict(value["order"]),
            private={name: tuple(pair) for name, pair in value["private"].items()},
            held=tuple(value.get("held", ())),
            flaws=dict(value.get("flaws", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as why:
        raise NoAnswer(f"Document: {why!r}") from None
