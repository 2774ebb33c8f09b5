"""The apps go out as they were built, and nothing else does."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server import create_app
from server.config import Config
from tests.server.callers import parts_of

SCRIPT = b"export const shown = true;\n" * 60
NAME = "/tablet/assets/main-C0ffee.js"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One server for all: files know no database."""
    one = create_app(Config(data=tmp_path_factory.mktemp("server")))
    yield one
    parts_of(one).originals.darkroom.close()
    parts_of(one).findings.darkroom.close()
    parts_of(one).engine.dispose()


@pytest.fixture
def built(app: Flask, tmp_path: Path) -> Path:
    """What a build leaves: a page, a script under its hashed name, a manifest."""
    folder = tmp_path / "built"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "worker.js").write_text("self")
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / "assets" / "main-C0ffee.js").write_bytes(SCRIPT)
    (folder / "assets" / "main-C0ffee.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "signing-key.pem").write_text("secret")
    app.extensions["doorstep.apps"] = {"tablet": folder, "console": folder}
    return folder


def fetched(app: Flask, path: str, **headers: str) -> TestResponse:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get(path, headers=said, buffered=True)


@pytest.mark.parametrize(
    "path",
    ["/tablet/../signing-key.pem", "/tablet/%2e%2e/signing-key.pem",
     "/tablet/assets/..%2f..%2f..%2fsigning-key.pem", "/tablet/assets",
     "/tablet/..\\signing-key.pem", "/tablet/C:/x"],
)  # fmt: skip
def test_nothing_outside_of_what_was_built_goes_out(app: Flask, built: Path, path: str):
    answer = fetched(app, path)

    assert (answer.status_code, b"secret" in answer.data) == (404, False)


def test_whoever_comes_to_the_server_finds_the_console(app: Flask, built: Path):
    assert fetched(app, "/").headers["Location"] == "/console/"
    assert fetched(app, "/console/").text == "<!doctype html>"


def test_a_console_may_use_neither_camera_nor_place(app: Flask, built: Path):
    allowed = fetched(app, "/console/").headers["Permissions-Policy"]

    assert "camera=(), geolocation=()" in allowed


def test_a_hashed_name_is_asked_for_once_and_the_page_each_time(
    app: Flask, built: Path
):
    ages = {
        path: fetched(app, path).headers["Cache-Control"]
        for path in ("/tablet/", "/tablet/worker.js", "/tablet/manifest.webmanifest")
    }

    assert set(ages.values()) == {"no-cache"}
    assert "immutable" in fetched(app, NAME).headers["Cache-Control"]


def test_a_page_that_did_not_change_is_not_sent_again(app: Flask, built: Path):
    tag = fetched(app, "/tablet/").headers["ETag"]

    assert fetched(app, "/tablet/", If_None_Match=tag).status_code == 304


def test_a_file_goes_out_as_small_as_its_reader_can_unpack_it(app: Flask, built: Path):
    packed = fetched(app, NAME, Accept_Encoding="br, gzip")
    plain = fetched(app, NAME, Accept_Encoding="identity")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == SCRIPT
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", "default-src 'none'"),
        ("Content-Security-Policy", "frame-ancestors 'none'"),
        ("Permissions-Policy", "microphone=(), payment=(), usb=()"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ],
)
@pytest.mark.parametrize("path", ["/tablet/", "/tablet/worker.js", NAME, "/console/"])
def test_a_browser_is_told_what_the_app_never_does(
    app: Flask, built: Path, path: str, name: str, value: str
):
    assert value in fetched(app, path).headers[name]


def test_no_source_of_scripts_is_open_to_what_stands_in_the_page(
    app: Flask, built: Path
):
    policy = fetched(app, "/tablet/").headers["Content-Security-Policy"]

    assert not any(word in policy for word in ("unsafe", "*", "http"))


def test_a_manifest_and_a_script_are_called_what_they_are(app: Flask, built: Path):
    kinds = [
        fetched(app, path).content_type.partition(";")[0]
        for path in ("/tablet/manifest.webmanifest", "/tablet/worker.js", "/tablet/")
    ]

    assert kinds == ["application/manifest+json", "text/javascript", "text/html"]


def test_a_server_without_the_app_says_how_to_build_it(app: Flask, tmp_path: Path):
    app.extensions["doorstep.apps"] = {"tablet": tmp_path / "nothing"}
    answer = fetched(app, "/tablet/")

    assert (answer.status_code, answer.json["code"]) == (503, "app_not_built")
    assert "make web" in answer.json["detail"]
