"""A picture is known again whatever was done to it, and another is not taken for it.

The set is made from real camera files and from drawings; `make bench ARGS="reuse"`
measures a larger one and the time that it takes.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from infra.bench.reuse import PHOTOS, hang, looked_up
from server.central import passes
from server.central_tables import difference
from server.chores import Chores
from server.database import open_engine, reading, upgrade, writing
from server.picture_tables import picture_key, picture_pair, picture_print
from server.pictures import Darkroom, looks
from server.words import say
from sync.reconcile import LABELS
from sync.reconcile.deciding import SUGGESTED
from sync.reconcile.telling import HAPPENED
from sync.words import LANGUAGES
from tests.lookalikes import (
    CHANGES,
    Original,
    drawn,
    from_cameras,
    same_wall,
    saved,
    seconds_apart,
)
from tests.server.callers import Staff, Tablet, enrol, give, parts_of, sha256_of
from tests.server.desks import EAST, WEST, given, got, hired

ACCUSING = (
    "造假", "作假", "做假", "假照", "虚假", "伪造", "偽造", "作弊", "欺诈", "欺詐",
    "欺骗", "欺騙", "舞弊", "冒用", "盗用", "盜用", "抄袭", "抄襲", "违规", "違規",
    "fake", "fraud", "forg", "cheat", "dishonest", "falsif", "tamper", "stole",
    "guilty",
)  # fmt: skip
EXACT, ALIKE = "photo_reused_exact", "photo_looks_same"


@pytest.fixture(scope="module")
def room() -> Iterator[Darkroom]:
    made = Darkroom()
    yield made
    made.close()


@pytest.fixture(scope="module")
def scenes() -> list[Original]:
    return from_cameras(PHOTOS)


@pytest.fixture
def li(app: Flask) -> Tablet:
    return enrol(app, "li").greet()


def looked(app: Flask) -> None:
    """What a server does a while after pictures came."""
    parts = parts_of(app)
    assert parts.findings.look(parts.now())
    for _ in parts.likeness.compare(parts.now()):
        pass
    list(passes.reconcile(parts.engine, parts.policy, parts.now()))


def handed_in(app: Flask, li: Tablet, number: str, *pictures: bytes) -> None:
    """Li has an order, and these are its photos."""
    give(app, number, "li")
    for one in pictures:
        li.photograph(one, number)
        li.send(one)


def found(app: Flask) -> list[tuple[str, str, str, str, str]]:
    """What waits about pictures: number, code, the other number, both digests."""
    asked = select(difference).where(difference.c.code.in_((EXACT, ALIKE)))
    with reading(parts_of(app).engine) as connection:
        return [
            (one.number, one.code, one.about, one.field, one.register)
            for one in connection.execute(asked.where(difference.c.open))
        ]


def count(app: Flask, table: object) -> int:
    with reading(parts_of(app).engine) as connection:
        return len(connection.execute(select(table)).all())  # type: ignore[call-overload]


def test_no_camera_picture_is_lost_and_none_taken_for_another(
    tmp_path: Path, room: Darkroom, scenes: list[Original]
):
    """Twelve scenes, four changes each: 48 looks, each among the eleven others too."""
    url = f"sqlite:///{tmp_path}/cameras.db"
    upgrade(url)
    engine = open_engine(url)
    named = hang(engine, room, scenes)

    tally = looked_up(engine, room, scenes, named, seed=3, each=4)

    assert (len(named), tally.sought.total()) == (12, 48)
    assert (tally.known.total(), tally.wrong) == (48, [])
    engine.dispose()


def test_of_drawings_of_one_template_most_are_known_and_few_taken_for_another(
    tmp_path: Path, room: Darkroom
):
    """Near-copies of each other, so likeness must be greater before anybody is asked:
    that costs some which are the same (`make bench ARGS="reuse"` says how many)."""
    url = f"sqlite:///{tmp_path}/drawn.db"
    upgrade(url)
    engine = open_engine(url)
    scenes = drawn(2, seed=5)
    named = hang(engine, room, scenes)

    tally = looked_up(engine, room, scenes, named, seed=5, each=2)

    assert (len(named), tally.sought.total()) == (10, 20)
    assert tally.known.total() >= 15
    assert len(tally.wrong) <= 2
    assert all(one.split()[0] == other.split()[0] for one, other in tally.wrong)
    engine.dispose()


def test_a_changed_picture_on_another_order_is_put_before_a_person(
    app: Flask, li: Tablet, scenes: list[Original]
):
    mine = scenes[1].data
    changed = CHANGES["cropped, turned, smaller, saved at 50 %"](
        scenes[1].opened(), Random(4)
    )
    handed_in(app, li, "1", mine)
    handed_in(app, li, "2", changed, scenes[2].data)

    looked(app)

    assert found(app) == [("2", ALIKE, "1", sha256_of(changed), sha256_of(mine))]


def test_one_wall_seconds_apart_on_one_order_is_no_finding(app: Flask, li: Tablet):
    """They look the same, and that is known; nobody is asked about it."""
    handed_in(app, li, "1", *seconds_apart(PHOTOS))

    looked(app)

    assert (count(app, picture_pair), found(app)) == (1, [])


def test_one_wall_seconds_apart_on_two_orders_is_put_before_a_person(
    app: Flask, li: Tablet
):
    one, other = seconds_apart(PHOTOS)
    handed_in(app, li, "1", one)
    handed_in(app, li, "2", other)

    looked(app)

    assert found(app) == [("2", ALIKE, "1", sha256_of(other), sha256_of(one))]


def test_what_is_mostly_even_must_be_all_but_the_same(
    app: Flask, scenes: list[Original]
):
    """Drawings and one thing on a bare wall fit others of their sort too well."""
    drawings = greys(app, [one.data for one in drawn(1, seed=7)])
    photos = greys(app, [one.data for one in scenes[:4]])

    assert {looks.asked_from(one, one) for one in drawings} == {looks.EVEN_ALIKE}
    assert {looks.asked_from(one, one) for one in photos} == {looks.ALIKE}
    assert looks.asked_from(photos[0], drawings[0]) == looks.EVEN_ALIKE


def test_a_bare_wall_is_known_by_its_bytes_alone(app: Flask, li: Tablet):
    walls = [wall for wall, _ in same_wall(3, seed=2)][12:15]  # plaster
    assert not any(looks.tells_enough(g) for g in greys(app, walls))
    handed_in(app, li, "1", walls[0])
    handed_in(app, li, "2", walls[1], walls[0])

    looked(app)

    assert [(one[0], one[1]) for one in found(app)] == [("2", EXACT)]
    assert count(app, picture_key) == 0


def greys(app: Flask, pictures: list[bytes]) -> list[bytes]:
    return [parts_of(app).findings.darkroom.look(one).grey for one in pictures]


def test_what_was_compared_is_not_compared_again(
    app: Flask, li: Tablet, scenes: list[Original]
):
    handed_in(app, li, "1", scenes[1].data, scenes[2].data)
    parts = parts_of(app)
    parts.findings.look(parts.now())

    assert list(parts.likeness.compare(parts.now())) == [2]
    assert list(parts.likeness.compare(parts.now())) == []


def test_pictures_of_before_are_looked_at_once_more(
    app: Flask, li: Tablet, scenes: list[Original]
):
    """A book from before the looks of pictures were kept."""
    mirrored = CHANGES["mirrored"](scenes[1].opened(), Random(1))
    handed_in(app, li, "1", scenes[1].data)
    handed_in(app, li, "2", mirrored)
    parts = parts_of(app)
    parts.findings.look(parts.now())
    with writing(parts.engine) as connection:
        connection.execute(delete(picture_print))

    assert sum(parts.findings.look_back()) == 2
    looked(app)

    assert [(one[0], one[1]) for one in found(app)] == [("2", ALIKE)]


def test_bytes_that_are_no_picture_have_no_looks(app: Flask, li: Tablet):
    handed_in(app, li, "1", b"no picture", saved(drawn(1, 1)[0].opened())[:900])

    looked(app)

    assert count(app, picture_key) == 0


def test_the_server_looks_compares_and_reconciles_by_itself(
    app: Flask, li: Tablet, scenes: list[Original]
):
    """What its chores do when it is their turn."""
    handed_in(app, li, "1", scenes[1].data)
    handed_in(app, li, "2", CHANGES["turned by 90"](scenes[1].opened(), Random(1)))
    chores = Chores(parts_of(app))

    assert chores._look() and chores._reconcile()

    assert [(one[0], one[1]) for one in found(app)] == [("2", ALIKE)]


def reused_by(app: Flask, li: Tablet, who: Staff) -> tuple[bytes, dict[str, Any]]:
    """One picture on an order of each project; what this person is told of it."""
    given(app, "1", "li", WEST)
    given(app, "2", "li", EAST)
    (one, _) = next(same_wall(1, seed=9))
    for number in "12":
        li.photograph(one, number)
    li.send(one)
    looked(app)
    (told,) = got(who, f"/v1/differences?code={EXACT}")["differences"]
    return one, told


def test_both_pictures_are_told_to_whoever_may_see_both(app: Flask, li: Tablet):
    chen = hired(app, "chen", "dispatcher")

    one, told = reused_by(app, li, chen)

    sides = [(it["side"], it["number"], it["sha256"]) for it in told["pictures"]]
    assert sides == [("own", "2", sha256_of(one)), ("other", "1", sha256_of(one))]
    for it in told["pictures"]:
        assert chen.ask("GET", it["preview"]).status_code == 200


def test_the_other_side_is_only_elsewhere_to_whoever_may_not(app: Flask, li: Tablet):
    sun = hired(app, "sun", "dispatcher", EAST)

    _, told = reused_by(app, li, sun)

    assert [it["side"] for it in told["pictures"]] == ["own"]
    assert (told["about"], told["register"], told["elsewhere"] != "") == ("", "", True)
    detail = got(sun, f"/v1/differences/{told['id']}")["difference"]
    assert (detail["about"], detail["register"]) == ("", "")


@pytest.mark.parametrize("code", [EXACT, ALIKE])
def test_the_words_of_both_sorts_ask_for_a_look(code: str):
    assert LABELS[code].endswith("请人工核对")


@pytest.mark.parametrize("code", [EXACT, ALIKE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_accused_in_any_language(code: str, language: str):
    """Name, account and suggestion say what is seen, and nothing of who meant what."""
    said = [LABELS[code], HAPPENED[code], SUGGESTED[code].why]

    read = " ".join(say(one, {"about": "2"}, language) for one in said).lower()

    assert [word for word in ACCUSING if word in read] == []
