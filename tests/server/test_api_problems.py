"""Whatever comes to a door, the answer is a problem with a code and a sentence.

Every door is asked, also those that do not exist yet: a new one without credentials,
or one that falls over bad input, fails here (X5, X15–X18).
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from itertools import product

from flask import Flask
from werkzeug.test import TestResponse

from server.asking import OPEN
from sync.problems import SENTENCES
from tests.server.callers import PIECE, Staff, Tablet, give

OPEN_ON_PURPOSE = {"status.healthz", "devices.enrol", "api-docs.openapi_json",
                   "apps.home", "apps.page", "apps.part",
                   "session.ways", "session.log_in", "session.choose_password",
                   "session.ask_provider", "session.provider_answers",
                   "log.keys", "public.asking", "public.checked", "public.former",
                   "public.own"}  # fmt: skip
PAGES = ("/v/", "/c/", "/o/")  # for people without an account: they answer with a page
SAMPLES = {"order": "8f6c1e5d-0a5e-5b8f-8c1a-0d6e7b3c5211", "sha256": "0" * 64,
           "name": "0" * 32, "app": "console", "day": "2026-11-03"}  # fmt: skip
WRITING = {"POST", "PUT", "PATCH", "DELETE"}

Door = tuple[str, str, str]


def doors(app: Flask) -> Iterator[Door]:
    """Method, path and name of every route, with sample values in its path."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^<>]*:)?(\w+)>", _sample, rule.rule)
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield method, path, rule.endpoint


def _sample(argument: re.Match[str]) -> str:
    return SAMPLES.get(argument[1], "unknown")


def refuses_well(answer: TestResponse) -> str:
    """The code of an answer that is a refusal as refusals should be."""
    assert 400 <= answer.status_code < 500, (answer.status, answer.text)
    if answer.request.method == "HEAD":
        return ""
    if answer.mimetype == "text/html" and answer.request.path.startswith(PAGES):
        assert "<h1>" in answer.text and "Traceback" not in answer.text
        return "page"
    assert answer.content_type == "application/problem+json", answer.text
    said = answer.json
    assert said["status"] == answer.status_code and said["code"] in SENTENCES
    assert said["detail"] and "{" not in said["detail"].partition("：")[0]
    return str(said["code"])


def test_no_door_opens_without_credentials_but_those_on_this_list(app: Flask):
    """X5: a new door is shut until somebody decides otherwise, here too."""
    assert OPEN == OPEN_ON_PURPOSE
    client = app.test_client()
    for method, path, name in doors(app):
        if name not in OPEN_ON_PURPOSE:
            answer = client.open(path, method=method)
            assert (answer.status_code, name) == (401, name)
            refuses_well(answer)


FALSE_PAPERS = (
    "", "Basic bGk6bGk=", "Bearer", "Bearer ", "Bearer " + "0" * 48, "Doorstep",
    "Bearer " + "x" * 5000, "Bearer \xff\xfe", 'Doorstep device="' + "a" * 9000,
    'Doorstep device="", actor="", nonce="", signature=""',
    'Doorstep device="\' OR 1=1 --", actor="li", nonce="-", signature="AAAA"',
)  # fmt: skip


def test_false_credentials_open_nothing(app: Flask):
    client = app.test_client()
    shut = [door for door in doors(app) if door[2] not in OPEN_ON_PURPOSE]
    for paper, (method, path, _) in product(FALSE_PAPERS, shut):
        said = {"Authorization": paper}
        answer = client.open(path, method=method, headers=said)
        assert (answer.status_code, paper) == (401, paper)


FIELDS = ("device", "actor", "nonce", "signature")
FALSE_VALUES = ("", "-", "\xff", "é" * 43, "A" * 86, "=" * 4)


def test_one_false_value_in_the_credentials_opens_nothing(li: Tablet):
    right = li.signed("GET", "/v1/policy", b"")["Authorization"]
    client = li.app.test_client()
    for field, value in product(FIELDS, FALSE_VALUES):
        before, _, rest = right.partition(f'{field}="')
        wrong = f'{before}{field}="{value}"{rest.partition(chr(34))[2]}'
        answer = client.get("/v1/policy", headers={"Authorization": wrong})
        assert (answer.status_code, wrong) == (401, wrong)


def test_a_signature_opens_one_request_only(li: Tablet):
    """Neither another path, query, method nor body."""
    said = li.signed("GET", "/v1/sync/pull?limit=5", b"")
    client = li.app.test_client()
    tries = [("GET", "/v1/sync/pull?limit=6"), ("GET", "/v1/policy"),
             ("HEAD", "/v1/sync/pull?limit=5"), ("POST", "/v1/sync/have")]  # fmt: skip

    answers = [client.open(path, method=how, headers=said) for how, path in tries]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert client.get("/v1/sync/pull?limit=5", headers=said).status_code == 200


def test_a_wrong_method_is_told_the_right_ones(app: Flask, chen: Staff):
    allowed: dict[str, set[str]] = {}
    for method, path, _ in doors(app):
        allowed.setdefault(path, set()).add(method)
    known = app.url_map.bind("")
    for path, methods in allowed.items():
        for method in {"GET", *WRITING} - methods:
            if known.test(path, method):  # another door: a device named "codes"
                continue
            answer = chen.ask(method, path)
            assert (answer.status_code, path) == (405, path)
            assert methods <= set(answer.headers["Allow"].split(", "))
            refuses_well(answer)


DEEP = 20_000
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "deep lists": b"[" * DEEP,
    "deep lists, closed": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "a deep member": b'{"name":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "an endless number": b"1" * 5000,
    "an endless member": b'{"protocol":' + b"9" * 5000 + b"}",
    "an endless fraction": b'{"protocol":1e999999}',
    "no number": b'{"protocol":NaN,"limit":-Infinity}',
    "equal keys": b'{"claim":1,"claim":2,"facts":[],"facts":1}',
    "NUL": b'{"client":"\\u0000","name":"\\u0000","reason":"\\u0000"}',
    "NUL in a key": b'{"\\u0000":1}',
    "half a character": b'{"client":"\\ud800","name":"\\udfff"}',
    "no UTF-8": b'{"client":"\xff\xfe"}',
    "UTF-16": '{"client":"x"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a long text": b'{"client":"' + b"x" * 200_000 + b'"}',
    "a megabyte": b'{"client":"' + b"x" * 1_000_000 + b'"}',
    "many members": json.dumps({f"k{n}": n for n in range(15_000)}).encode(),
    "wrong types": b'{"code":1,"key":[],"claims":"x","facts":{},"logs":3,"blobs":{},'
    b'"technician":[],"helpers":"x","reason":{}}',
    "nulls": b'{"code":null,"key":null,"claims":null,"facts":null,"logs":null,'
    b'"blobs":null,"technician":null,"helpers":null,"reason":null}',
    "empty inside": b'{"code":"x","key":{},"claims":[{}],"facts":[{}],"logs":[{}],'
    b'"blobs":["x"],"technician":"","helpers":[""],"reason":""}',
    "server's own fields": b'{"role":"manager","received_at":1,"position":1}',
}


def stands(answer: TestResponse) -> bool:
    """Done, or refused as refusals should be."""
    return answer.status_code < 400 or refuses_well(answer) is not None


def test_a_hostile_body_from_somebody_known_is_refused_at_every_door(
    app: Flask, li: Tablet, chen: Staff
):
    """X18: from a technician's tablet and from the desk."""
    kind, client = {"Content-Type": "application/json"}, app.test_client()
    papers = {"Authorization": f"Bearer {chen.token}"}
    for body, (method, path, _) in product(HOSTILE.values(), list(doors(app))):
        if method in WRITING:
            assert stands(li.ask(method, path, body, kind))
            assert stands(
                client.open(path, method=method, data=body, headers=papers | kind)
            )


def test_a_hostile_body_from_nobody_is_refused(app: Flask):
    client, kind = app.test_client(), "application/json"
    for body in HOSTILE.values():
        refuses_well(client.post("/v1/devices", data=body, content_type=kind))


BOMB = gzip.compress(b'{"facts":[' + b" " * 20_000_000)
PACKED = {
    "a bomb": BOMB,
    "bombs in a bomb": gzip.compress(BOMB * 20),
    "cut": gzip.compress(b'{"facts":[]}' * 100)[:-9],
    "no gzip": b"\x1f\x8b\x08" + b"x" * 100,
    "nothing": b"",
    "zlib": zlib.compress(b"{}"),
}


def test_hostile_packing_is_refused(li: Tablet):
    said = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    for body in PACKED.values():
        refuses_well(li.ask("POST", "/v1/sync/push", body, said))


def test_too_much_is_told_apart_from_too_odd(li: Tablet):
    """A tablet halves its batch on 413 and on nothing else."""
    plain = li.ask_json("POST", "/v1/sync/have", {"blobs": ["x" * 300_000]})
    packed = li.ask(
        "POST", "/v1/sync/push", BOMB, {"Content-Encoding": "gzip"}
    )  # fmt: skip

    assert [plain.status_code, packed.status_code] == [413, 413]
    assert plain.json["limit"] == packed.json["limit"] == 256 * 1024


GOOD: dict[str, dict[str, object]] = {
    "/v1/devices": {"code": "x", "key": {}},
    "/v1/sync/hello": {"claims": [], "client": "x"},
    "/v1/sync/have": {"logs": [], "blobs": []},
    "/v1/sync/push": {"facts": [{"b": "x"}]},
}


def test_no_door_takes_a_field_that_it_does_not_know(li: Tablet):
    """X16: the server's own fields cannot be set from outside."""
    own = ("role", "received_at", "position", "actor", "id")
    for name, (path, body) in product(own, GOOD.items()):
        answer = li.ask_json("POST", path, body | {name: "manager"})
        assert (answer.status_code, path) == (422, path)
        assert name in answer.text


def test_an_unknown_field_in_a_decision_is_refused(app: Flask, chen: Staff, li: Tablet):
    path = f"/v1/{give(app, '1', 'li').replace(':', 's/')}"

    answers = [
        chen.ask("POST", f"{path}/dispatch", {"technician": "li", "by": "sun"}),
        chen.ask("POST", f"{path}/cancel", {"reason": "withdrawn", "now_ms": 0}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]


ODD_QUERIES = (
    "limit=0", "limit=-1", "limit=1e9", "limit=" + "9" * 5000, "limit=%00", "limit=",
    "cursor=%00", "cursor=" + "A" * 999, "cursor=%ff", "cursor=%F0%9F%98%80",
    "after=-1", "after=" + "9" * 30, "after=x", "unknown=1", "limit=1&limit=2", "%=%",
)  # fmt: skip


def test_an_odd_query_is_refused_or_starts_from_nothing(li: Tablet, chen: Staff):
    paths = ("/v1/sync/pull", "/v1/feed/facts", "/v1/policy")
    for path, query in product(paths, ODD_QUERIES):
        assert stands(li.ask("GET", f"{path}?{query}"))
        assert stands(chen.ask("GET", f"{path}?{query}"))


ODD_HEADERS = (
    {"Upload-Length": "-1"}, {"Upload-Length": "9" * 5000}, {"Upload-Length": "1e3"},
    {"Upload-Length": "\xb2"}, {"Upload-Metadata": "sha256"},
    {"Upload-Metadata": "sha256 ="}, {"Upload-Metadata": "," * 5000},
    {"Upload-Metadata": "sha256 Li4vLi4vZXRjL3Bhc3N3ZA=="}, {"Upload-Metadata": "\xff"},
    {"Upload-Metadata": "sha256 /////w=="}, {"Upload-Metadata": ""},
)  # fmt: skip


def test_an_odd_announcement_of_an_upload_is_refused(li: Tablet):
    for odd in ODD_HEADERS:
        refuses_well(li.begin(b"strokes", **odd))


ODD_PIECES = (
    {"Upload-Offset": "-1"}, {"Upload-Offset": "x"}, {"Upload-Offset": "9" * 5000},
     {"Upload-Checksum": "sha1"}, {"Upload-Checksum": "md5 AAAA"},
     {"Upload-Checksum": "sha1 \xff"}, {"Content-Type": "text/plain"},
)  # fmt: skip


def test_an_odd_piece_is_refused_and_not_added(li: Tablet):
    where = li.begun(b"strokes")
    for odd in ODD_PIECES:
        refuses_well(li.patch(where, 0, b"str", odd))
    assert li.offset(where) == 0


def test_one_piece_may_not_fill_the_memory(li: Tablet):
    answer = li.ask("PATCH", f"/v1/uploads/{'0' * 32}", bytes(17 << 20), PIECE)

    assert (answer.status_code, answer.json["limit"]) == (413, 16 << 20)


def test_a_door_that_does_not_exist_says_so(li: Tablet):
    assert refuses_well(li.ask("GET", "/v1/nothing")) == "not_found"


def test_a_refusal_speaks_the_readers_language(app: Flask):
    said = {
        language: app.test_client()
        .get("/v1/policy", headers={"Accept-Language": language})
        .json["detail"]
        for language in ("zh-CN", "xx")
    }

    assert said["zh-CN"] == said["xx"] == SENTENCES["credentials_missing"]
