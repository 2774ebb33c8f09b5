"""The document that describes the doors: valid, complete, true about refusals."""

from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

PROBLEM = "application/problem+json"
PAGES = {"/c/", "/o/", "/v/"}  # for people, who have no use for a document
METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options"})


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    described: dict[str, Any] = app.test_client().get("/openapi.json").json
    return described


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Everything that can be asked, as "method path" -> its description."""
    return {
        f"{method} {path}": said
        for path, item in document["paths"].items()
        for method, said in item.items()
        if method in METHODS
    }


def media_of(document: dict[str, Any], response: dict[str, Any]) -> set[str]:
    name = response.get("$ref", "").rpartition("/")[2]
    shared = document["components"]["responses"]
    return set((shared[name] if name else response).get("content", {}))


def test_the_document_is_openapi_3_1(document: dict[str, Any]):
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_door_is_described(app: Flask, document: dict[str, Any]):
    described = {path.partition("{")[0] for path in document["paths"]}
    rules = {rule.rule.partition("<")[0] for rule in app.url_map.iter_rules()}

    assert rules - described == {"/openapi.json", "/", *PAGES}


def test_every_operation_says_what_it_does(document: dict[str, Any]):
    silent = [n for n, said in operations(document).items() if not said.get("summary")]

    assert silent == []


def test_every_refusal_is_a_problem(document: dict[str, Any]):
    for name, said in operations(document).items():
        refusals = {s: r for s, r in said["responses"].items() if s[0] not in "123"}
        assert "default" in refusals, name
        for response in refusals.values():
            assert media_of(document, response) == {PROBLEM}, name
