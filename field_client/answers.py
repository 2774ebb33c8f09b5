"""Reading the server's answers. A field that this version does not know is passed over,
so that a newer server can say more; one that is missing makes it no answer.

May not enter: how an answer came, whether it is to be believed.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from field_client.transport import NoAnswer
from field_client.walking import Walk
from sync.exchange import Document, Gone, Limits, Outcomes, Page, Receipt, Welcome
from sync.plain import Record, but, fields, plain, typed
from sync.problems import Refused

T = TypeVar("T", bound=Record)


def known(record: type[Record], value: Any) -> dict[str, Any]:
    """The fields of an answer that this version knows."""
    names = {one.name for one in fields(record)}
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
    rest = {**value, "limits": plain(limits)}
    return understood(Welcome, rest)


def read_outcomes(answer: Any) -> Outcomes:
    """The answer to push. A receipt that cannot be read is passed over: its fact is
    handed in again, and the others stand."""
    value = an_object(answer)
    rest = understood(Outcomes, {**value, "receipts": []})
    return but(rest, receipts=read_receipts(value))


def read_receipts(answer: Any) -> tuple[Receipt, ...]:
    """The receipts in an answer to push or have."""
    return tuple(_receipts(an_object(answer).get("receipts", ())))


def _receipts(values: Any) -> Any:
    for value in values:
        try:
            yield typed(Receipt, known(Receipt, value))
        except Refused:
            continue


def read_page(body: bytes) -> Page:
    """The answer to pull. Each order's text is kept as it was sent: after a restore it
    is handed back, and the server knows it by its mark."""
    head: dict[str, Any] = {}
    documents: list[Document] = []
    walk = Walk(body.decode("utf-8", "replace"))
    try:
        for name in walk.members():
            if name == "documents":
                documents += [_read_written(walk) for _ in walk.items()]
            else:
                head[name] = walk.value()
    except ValueError as why:
        raise NoAnswer(f"Page: {why}") from None
    gone = tuple(understood(Gone, one) for one in head.pop("gone", ()))
    rest = understood(Page, head)
    return but(rest, documents=tuple(documents), gone=gone)


def _read_written(walk: Walk) -> Document:
    """The document that stands here, with its order's exact text."""
    value: dict[str, Any] = {}
    text = ""
    for name in walk.members():
        value[name], written = walk.written()
        if name == "order":
            text = written
    return but(read_document(value), text=text)


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
            mac=str(value.get("mac", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as why:
        raise NoAnswer(f"Document: {why!r}") from None
