"""The server's OpenAPI document, written down as types for TypeScript.

Every door with what it is asked and what it answers, so that the tablet's app no longer
compiles when a door is gone or says something else. No package does it here: those that
do want a compiler that is older than ours. May not enter: what is read at run time
(`records.ts`).
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from server import create_app
from server.config import Config

WRITTEN = "// Written by `python -m infra.export`; do not edit."
SIMPLE = {"string": "string", "integer": "number", "number": "number",
          "boolean": "boolean", "null": "null"}  # fmt: skip
JSON = "application/json"

Said = Mapping[str, Any]


def document() -> dict[str, Any]:
    """What the server says of its doors."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(data=Path(folder)))
        parts = app.extensions["doorstep"]
        try:
            said = app.test_client().get("/openapi.json").json
        finally:
            parts.originals.darkroom.close()
            parts.findings.darkroom.close()
            parts.engine.dispose()
    assert isinstance(said, dict)
    return said


def as_typescript(said: Said) -> str:
    """Each shape as an interface, each door as a row of `Doors`."""
    lines = [WRITTEN]
    for name, shape in sorted(said["components"]["schemas"].items()):
        lines += ["", f"export interface {name} {{", *_members(shape), "}"]
    lines += ["", "/** What is asked at each door, and what it answers. */"]
    lines += ["export interface Doors {", *_doors(said["paths"]), "}"]
    return "\n".join(lines) + "\n"


def _members(shape: Said) -> Iterator[str]:
    wanted = shape.get("required", ())
    for name, held in sorted(shape.get("properties", {}).items()):
        yield f"  readonly {name}{'' if name in wanted else '?'}: {_type(held)};"


def _doors(paths: Said) -> Iterator[str]:
    for path, item in sorted(paths.items()):
        for method, door in sorted(item.items()):
            if method != "parameters":
                yield f'  readonly "{method.upper()} {path}": {{'
                yield from (f"    readonly {row};" for row in _door(door))
                yield "  };"


def _door(door: Said) -> Iterator[str]:
    query = [one for one in door.get("parameters", ()) if one.get("in") == "query"]
    if query:
        rows = (f"readonly {one['name']}?: {_type(one['schema'])}" for one in query)
        yield f"query: {{ {'; '.join(rows)} }}"
    if body := door.get("requestBody"):
        yield f"body: {_content(body)}"
    answers = (one for status, one in door["responses"].items() if status[0] == "2")
    told = sorted({_content(one) for one in answers})  # none: it leads elsewhere
    yield f"answer: {' | '.join(told) or 'null'}"


def _content(said: Said) -> str:
    shape = said.get("content", {}).get(JSON, {}).get("schema")
    return _type(shape) if shape else "unknown"


def _type(shape: Said) -> str:
    """A shape in TypeScript; what the document leaves open stays unknown."""
    if reference := shape.get("$ref"):
        return str(reference).rpartition("/")[2]
    if choices := shape.get("enum"):
        return " | ".join(json.dumps(one, ensure_ascii=False) for one in choices)
    if parts := shape.get("anyOf") or shape.get("oneOf"):
        return " | ".join(_type(one) for one in parts)
    kind = shape.get("type", "")
    if isinstance(kind, list):
        return " | ".join(_type({**shape, "type": one}) for one in kind)
    if kind == "array":
        return f"readonly ({_type(shape.get('items', {}))})[]"
    if kind == "object":
        inner = shape.get("additionalProperties") or {}
        return f"Readonly<Record<string, {_type(inner)}>>"
    return SIMPLE.get(kind, "unknown")


def api() -> str:
    """The file as it would be written today."""
    return as_typescript(document())
