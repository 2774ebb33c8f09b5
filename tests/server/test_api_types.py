"""What TypeScript knows of the server's doors is what the server says of them."""

from infra import api_types
from tests.house.ground import text_of

SHAPE = {
    "components": {"schemas": {"Two": {
        "type": "object", "required": ["name"], "properties": {
            "name": {"type": "string"}, "tip": {"type": ["string", "null"]},
            "side": {"enum": [256, 1024]},
            "own": {"type": "array", "items": {"$ref": "#/components/schemas/Two"}},
        },
    }}},
    "paths": {},
}  # fmt: skip


def test_the_types_are_those_that_would_be_written_today():
    """If not: `make export`, then see whether the tablet's app still compiles."""
    assert text_of("sync/exported/api.ts") == api_types.api()


def test_a_shape_becomes_an_interface():
    said = api_types.as_typescript(SHAPE)

    assert said.splitlines()[2:8] == [
        "export interface Two {",
        "  readonly name: string;",
        "  readonly own?: readonly (Two)[];",
        "  readonly side?: 256 | 1024;",
        "  readonly tip?: string | null;",
        "}",
    ]
