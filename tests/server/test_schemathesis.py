"""Whatever is asked at any door is answered as the document says, and never with 5xx.

Requests are made up from the OpenAPI document, good ones and bad ones, for somebody who
may do everything; on both databases. May not enter: what answers mean.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync.access import ROLES, Grant
from sync.facts.visit import Arrived
from sync.order import order_id
from tests.server.callers import HOUR, enrol, give, parts_of

EXAMPLES = 6
CHECKS = (
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
# Where made-up names would find nothing, most requests name what is there.
THERE = {
    "order": order_id("1"),
    "person": "li",
    "project": "东苑",
    "into": order_id("2"),
}


@pytest.fixture
def all_roles(app: Flask) -> dict[str, str]:
    """Somebody who may do everything, and orders to do it with."""
    parts = parts_of(app)
    grants = [Grant(role=role) for role in sorted(ROLES)]
    parts.people.add("chen", "Chen", grants, parts.now())
    token = parts.door.issue_token("chen", parts.now() + HOUR)
    for number in "12":
        give(app, number, "li")
    enrol(app, "li").tell(Arrived(), "1")
    return {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}


def told(case: Any, n: int) -> Any:
    """The case, two times of three about what is there; nobody waits for news."""
    for name in case.path_parameters or {}:
        if name in THERE and n % 3:
            case.path_parameters[name] = THERE[name]
    if isinstance(case.query, dict):
        case.query.pop("wait", None)
    return case


def test_no_door_fails_or_answers_otherwise_than_it_says(
    app: Flask, all_roles: Mapping[str, str]
):
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    failures = [
        f"{operation.label}: {one}"
        for found in schema.get_all_operations()
        for operation in [found.ok()]  # type: ignore[union-attr]
        for mode in GenerationMode
        for one in failed(operation, mode, all_roles)
    ]

    assert not failures, "; ".join(failures)


def failed(
    operation: Any, mode: GenerationMode, headers: Mapping[str, str]
) -> list[str]:
    """What is wrong with the answers to some requests of this sort at one door."""
    count = iter(range(10**6))

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, database=None, deadline=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        told(case, next(count)).call_and_validate(headers=dict(headers), checks=CHECKS)

    try:
        with suppress(Unsatisfiable):  # nothing can be wrong about nothing
            ask()
    except FailureGroup as group:
        return [f"{one.title}: {one.message}" for one in group.exceptions]
    return []
