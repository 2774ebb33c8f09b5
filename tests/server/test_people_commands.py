"""`doorstep people`: the first administrator, roles in projects, one-time codes."""

from tests.server.test_commands import Doorstep, doorstep

__all__ = ["doorstep"]

HERE = "江岸花园"


def grants(doorstep: Doorstep, name: str) -> list[dict[str, str]]:
    said = doorstep("people", "list", "--json").lines
    return next(one for one in said if one["id"] == name)["grants"]


def test_the_first_administrator_begins_with_a_code(doorstep: Doorstep):
    said = doorstep("people", "first", "zhou", "--name", "周敏")

    assert (said.code, len(said.data.strip())) == (0, 12)
    assert grants(doorstep, "zhou") == [{"role": "administrator"}]


def test_there_is_one_first_administrator(doorstep: Doorstep):
    """Whoever has the machine does not become one unseen."""
    doorstep("people", "first", "zhou", "--name", "周敏")

    said = doorstep("people", "first", "mallory", "--name", "马")

    assert said.code != 0
    assert [one["id"] for one in doorstep("people", "list", "--json").lines] == ["zhou"]


def test_a_role_is_given_in_a_project_and_taken_back(doorstep: Doorstep):
    doorstep("people", "first", "zhou", "--name", "周敏")
    doorstep("people", "add", "chen", "--name", "陈静", "--role", "auditor")
    doorstep("people", "grant", "chen", "dispatcher", "--project", HERE, "--by", "zhou")
    held = grants(doorstep, "chen")

    doorstep("people", "grant", "chen", "auditor", "--take-back", "--by", "zhou")

    assert held == [{"role": "auditor"}, {"role": "dispatcher", "project": HERE}]
    assert grants(doorstep, "chen") == [{"role": "dispatcher", "project": HERE}]


def test_a_code_for_nobody_is_refused(doorstep: Doorstep):
    assert doorstep("people", "passwd", "nobody").code != 0
