"""`python -m infra.export`: the tables of sync/, written down for TypeScript.

Kinds, permissions, policy, sentences and words go out as JSON; records and payloads as
TypeScript, so that the compiler knows their fields; so do the server's doors. A test
fails if a file here is not what would be written today. May not enter: anything that is
not a table in `sync/`, or in `server/api/`.
"""

import enum
import json
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import FieldInfo

from infra.api_types import api
from infra.words import marks_of_page
from sync import access, exchange, policy, promises, reviews, suggestions
from sync.calendar import Calendar
from sync.envelope import BlobRef
from sync.exchange import Claim, Outcome, Outcomes, Page, Welcome
from sync.facts import DEVICE_KINDS, KINDS, What
from sync.facts.owner import CHIPS, COMPLAINTS, DISPUTES, REVOCATIONS
from sync.heads import KeyWord
from sync.moment import Grade
from sync.order import Order, Payer, Stage
from sync.pack import PackIndex, Times
from sync.plain import Record, fields, usual
from sync.prices import Bill, PriceList
from sync.problems import ON_TABLETS
from sync.proof import FINDINGS, Proof
from sync.reconcile import SORTS
from sync.reconcile.deciding import CHOICE_LABELS
from sync.sealed import SEALS
from sync.words import LANGUAGES
from sync.words.catalogue import catalogue

ROOT = Path(__file__).parents[1]
HERE = ROOT / "sync" / "exported"
VERIFIER = "server/verify/src"
WRITTEN = "// Written by `python -m infra.export`; do not edit."
ENUMS: dict[type[enum.StrEnum], str] = {
    Stage: "STAGES",
    Payer: "PAYERS",
    Grade: "GRADES",
    Outcome: "OUTCOMES",
}
# Their own names mean something else already, here or to the language.
NAMES: dict[type, str] = {promises.Promise: "PromiseRow", promises.Policy: "Promises"}
RECORDS = (
    BlobRef, Order, Claim, Welcome, Outcomes, Page, PriceList, Bill, KeyWord,
)  # fmt: skip


def kinds() -> Any:
    """What may happen, when, and where the work stands afterwards."""
    told = [_kind("order", what) for what in KINDS.values()]
    return told + [_kind("device", what) for what in DEVICE_KINDS.values()]


def _kind(of: str, what: type[What]) -> dict[str, Any]:
    return {
        "of": of,
        "kind": what.kind,
        "version": what.version,
        "label": what.label,
        "private": list(what.private),
        "blobs": list(what.blobs),
        "fits": [stage.value for stage in Stage if stage in what.fits],
        "moves": _stages(what.moves),
        "catches_up": _stages(what.catches_up),
        "on_sheet": what.on_sheet,
        "decides": what.decides,
        "arrives": what.arrives,
        "signs": what.signs,
    }


def _stages(moves: Mapping[Stage, Stage]) -> dict[str, str]:
    return {one.value: moves[one].value for one in Stage if one in moves}


def permissions() -> Any:
    """Who may write which fact, and do what else."""
    return {
        "roles": sorted(access.ROLES),
        "writers": {kind: sorted(roles) for kind, roles in access.WRITERS.items()},
        "actions": {one: sorted(roles) for one, roles in access.ACTIONS.items()},
    }


def words() -> dict[str, Any]:
    """What a person reads: a file for each language but the source."""
    return {
        f"words.{one}": dict(sorted(catalogue(one).items())) for one in LANGUAGES[1:]
    }


def labels() -> Any:
    """What tablets show for a code."""
    return {
        "outcomes": {one.value: exchange.OUTCOME_LABELS[one] for one in Outcome},
        "reviews": dict(reviews.LABELS),
        "decisions": dict(suggestions.DECISIONS),
        "settlements": dict(CHOICE_LABELS),
        "choices": {of: dict(one) for of, one in suggestions.CHOICES.items()},
    }


def owners() -> Any:
    """What an owner picks on their own page, and why a certificate is taken back."""
    return {
        "chips": CHIPS,
        "complaints": COMPLAINTS,
        "disputes": DISPUTES,
        "revocations": REVOCATIONS,
    }


def findings() -> Any:
    """What a check of a paper or a pack may find."""
    return {"findings": FINDINGS, "seals": SEALS}


def verifier_words() -> Any:
    """What the page says that checks papers and packs: few sentences of many, because
    it travels in every pack, with every language in it."""
    said = {sentence for path in sorted((ROOT / VERIFIER).rglob("*.ts"))
            for _, sentence in marks_of_page(path.read_text("utf-8"))}  # fmt: skip
    wanted = said | {*FINDINGS.values(), *SEALS.values()}
    return {
        one: {own: said for own, said in sorted(catalogue(one).items())
              if own in wanted}
        for one in LANGUAGES[1:]
    }  # fmt: skip


def differences() -> Any:
    """Every sort of difference between the central log and the field."""
    return [
        {"code": code, "label": one.label, "severity": one.severity.value,
         "settles": one.settles, "cites": one.cites}
        for code, one in SORTS.items()
    ]  # fmt: skip


def records() -> str:
    """Every record that travels, and what it is made of."""
    lines = [
        WRITTEN,
        "",
        'import type { Json } from "../json.ts";',
        "import {",
        "  anything, list, mapping, one_of, optional, record, text, truth, whole,",
        '} from "../plain.ts";',
    ]
    for kind, name in ENUMS.items():
        members = ", ".join(_js(one.value) for one in kind)
        lines += ["", f"export const {name} = [{members}] as const;"]
        lines += [f"export type {kind.__name__} = (typeof {name})[number];"]
    for one in all_of(RECORDS):
        lines += ["", *_record(one)]
    return "\n".join(lines) + "\n"


def promised() -> str:
    """What is promised about time, and the days that it is counted in: apart, for a
    tablet may bring it in later than the rest."""
    lines = [
        WRITTEN,
        "",
        "import {",
        "  list, mapping, one_of, optional, record, text, truth, whole,",
        '} from "../plain.ts";',
        'import { GRADES, type Grade } from "./records.ts";',
    ]
    for one in all_of((Calendar, promises.Policy)):
        lines += ["", *_record(one)]
    return "\n".join(lines) + "\n"


def proven() -> str:
    """What a proof and a pack hold: apart, for only who checks them needs it."""
    known = set(all_of(RECORDS))
    told = [one for one in all_of((Proof, PackIndex, Times)) if one not in known]
    used = {inner for one in told for hint in _fields(one).values()
            for inner in _inside(hint) if inner in known}  # fmt: skip
    lines = [
        WRITTEN,
        "",
        'import { list, mapping, optional, record, text, whole } from "../plain.ts";',
        f'import {{ {", ".join(sorted(map(_name, used)))} }} from "./records.ts";',
    ]
    for one in told:
        lines += ["", *_record(one)]
    return "\n".join(lines) + "\n"


def payloads() -> str:
    """What each kind of fact says."""
    told = (*KINDS.values(), *DEVICE_KINDS.values())
    inner = {one for one in all_of(told) if one not in told}
    names = [*sorted(one.__name__ for one in inner), ENUMS[Payer]]
    lines = [
        WRITTEN,
        "",
        "import {",
        "  list, one_of, optional, record, text, truth, whole,",
        '} from "../plain.ts";',
        f'import {{ {", ".join([*names, "type Payer"])} }} from "./records.ts";',
    ]
    for one in told:
        lines += ["", *_record(one)]
    lines += ["", "export const PAYLOADS = {"]
    lines += [f"  {_js(one.kind)}: {one.__name__}," for one in told]
    lines += ["} as const;"]
    return "\n".join(lines) + "\n"


def all_of(roots: Iterable[type]) -> Iterator[type]:
    """These records and all that they hold, inner ones first."""
    found: dict[type, None] = {}

    def visit(record: type) -> None:
        for hint in _fields(record).values():
            for inner in _inside(hint):
                visit(inner)
        found.setdefault(record)

    for one in roots:
        visit(one)
    yield from found


def _inside(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and issubclass(hint, Record):
        yield hint
    for one in typing.get_args(hint):
        yield from _inside(one)


def _fields(record: type) -> dict[str, Any]:
    return {one.name: one.type for one in fields(record)}


def _name(record: type) -> str:
    return NAMES.get(record, record.__name__)


def _record(record: type) -> Iterator[str]:
    name = _name(record)
    by_itself = {one.name: text for one in fields(record) if (text := _usual(one))}
    left_out = " | ".join(_js(one) for one in by_itself) or "never"
    yield f"export interface {name} {{"
    for field, hint in _fields(record).items():
        yield f"  readonly {field}: {_type(hint)};"
    yield "}"
    yield (
        f"export const {name} = record<{name}, {left_out}>({_js(record.__name__)}, {{"
    )
    for field, hint in _fields(record).items():
        yield f"  {field}: {_shape(hint)},"
    yield "}, {"
    for field, text in by_itself.items():
        yield f"  {field}: {text},"
    yield "});"


def _usual(field: FieldInfo) -> str:
    """A field's default as it stands in TypeScript; empty if it has none."""
    return "" if field.required else _js(usual(field))


def _js(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"new Map({_js(list(value.items())) if value else ''})"
    if isinstance(value, Record):
        return f"{_name(type(value))}.make({{}})"
    if isinstance(value, tuple | list):
        return f"[{', '.join(_js(one) for one in value)}]"
    return json.dumps(value, ensure_ascii=False)


def _type(hint: Any) -> str:
    """A declared type, in TypeScript."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return f"{_type(next(iter(inner)))} | null"
    if origin is tuple:
        return f"readonly {_bracketed(_type(inner[0]))}[]"
    if origin is Mapping:
        return f"ReadonlyMap<string, {_type(inner[1])}>"
    simple = {str: "string", int: "number", bool: "boolean", Any: "Json"}
    return simple.get(hint) or _name(hint)


def _bracketed(text: str) -> str:
    return f"({text})" if " " in text else text


def _shape(hint: Any) -> str:
    """How a value of this type is read."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return f"optional({_shape(next(iter(inner)))})"
    if origin is tuple:
        return f"list({_shape(inner[0])})"
    if origin is Mapping:
        return f"mapping({_shape(inner[1])})"
    if hint in ENUMS:
        return f"one_of({ENUMS[hint]})"
    simple = {str: "text", int: "whole", bool: "truth", Any: "anything"}
    return simple.get(hint) or _name(hint)


def exported() -> dict[str, str]:
    """Every file with what belongs into it today."""
    tables = {
        "kinds": kinds(),
        "permissions": permissions(),
        "policy": policy.whole(policy.DEFAULT),
        "problems": ON_TABLETS,
        "labels": labels(),
        "owners": owners(),
        "differences": differences(),
        "findings": findings(),
        "words.verifier": verifier_words(),
        **words(),
    }
    drawn = {
        f"{name}.json": json.dumps(table, ensure_ascii=False, indent=1) + "\n"
        for name, table in tables.items()
    }
    return drawn | {
        "records.ts": records(),
        "payloads.ts": payloads(),
        "promises.ts": promised(),
        "proven.ts": proven(),
    }


def main() -> None:
    """Renew every file; say which ones changed."""
    HERE.mkdir(exist_ok=True)
    for name, text in {**exported(), "api.ts": api()}.items():
        path = HERE / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(f"renewed sync/exported/{name}")


if __name__ == "__main__":
    main()
