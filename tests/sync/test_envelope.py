"""A fact on the wire: exactly its bytes, and nothing that only looks like one.

Whatever is handed in, the answer is a fact or a refusal with a code that has a sentence
(F20, X19); never another exception.
"""

import json
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import envelope
from sync.envelope import (
    MAX_BODY_BYTES,
    MAX_INTEGER,
    BlobRef,
    commitment,
    committed,
    digest,
    fact_id,
    matches,
    read,
    read_json,
    write,
)
from sync.facts import KINDS, Fact, understand
from sync.facts.intake import Logged
from sync.facts.work import Photographed
from sync.order import order_stream
from sync.plain import plain
from sync.problems import SENTENCES, Refused
from tests.story import Story, picture, salted
from tests.sync.drawn import heads, records

SALT = "AAAAAAAAAAAAAAAAAAAAAA"
unhurried = settings(deadline=None, max_examples=40)

GOOD: dict[str, Any] = {
    "v": 1,
    "t": "work.photographed",
    "tv": 1,
    "st": order_stream("BX-2026-0119"),
    "log": "li.1",
    "n": 2,
    "p": digest(b"the one before"),
    "e": "e1",
    "bs": 3,
    "l": 7,
    "by": "li",
    "at": {"w": 1_794_272_400_000, "z": 480},
    "pl": {"moment": "before"},
    "pc": {},
    "bl": [plain(picture("tap"))],
}

# JSON text by JSON text: none of these is a value of any field of a fact's head.
POISON = {
    "null": "null",
    "true": "true",
    "false": "false",
    "negative": "-1",
    "fraction": "1.0",
    "exponent": "1e3",
    "huge exponent": "1e400",
    "small fraction": "-0.5",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "2^53": str(MAX_INTEGER + 1),
    "-2^53": str(-MAX_INTEGER - 1),
    "thirty digits": "9" * 30,
    "five thousand digits": "9" * 5000,
    "leading zero": "01",
    "plus": "+1",
    "hex": "0x10",
    "bare minus": "-",
    "undefined": "undefined",
    "empty text": '""',
    "blank": '" "',
    "two words": '"a b"',
    "path": '"../../etc/passwd"',
    "upper case": '"LI"',
    "line feed": r'"li\n"',
    "raw line feed": '"li\n"',
    "raw tab": '"li\t"',
    "NUL": r'"li\u0000"',
    "raw NUL": '"li\0"',
    "high surrogate": r'"\ud800"',
    "low surrogate": r'"\udc00li"',
    "swapped surrogates": r'"\udc00\ud800"',
    "byte order mark": '"\ufeffli"',
    "accent": '"é"',
    "full-width digit": '"１"',
    "right to left": '"\u202eil"',
    "65 letters": f'"{"x" * 65}"',
    "bad escape": r'"\x"',
    "unended": '"li',
    "apostrophes": "'li'",
    "list of null": "[null]",
    "list in list": "[[]]",
    "NUL in a list": r'["a\u0000"]',
    "surrogate in lists": r'[[["\ud800"]]]',
    "equal keys in a list": '[{"a":1,"a":2}]',
    "fraction in a list": "[1.5]",
    "trailing comma": "[1,]",
    "missing value": "[,]",
    "equal keys": '{"w":1,"w":2,"z":0}',
    "equal keys by escape": r'{"w":1,"\u0077":2,"z":0}',
    "equal keys deep": '{"w":1,"z":0,"a":{"b":[{"c":1,"c":1}]}}',
    "surrogate deep": r'{"w":1,"z":0,"a":{"b":["\ud800"]}}',
    "fraction beside the clocks": '{"w":1,"z":0,"a":1.5}',
    "fraction in a list beside the clocks": '{"w":1,"z":0,"a":[1,[2.0]]}',
    "exponent beside the clocks": '{"w":1,"z":0,"a":1e400}',
    "NaN beside the clocks": '{"w":1,"z":0,"a":NaN}',
    "2^53 beside the clocks": f'{{"w":1,"z":0,"a":{MAX_INTEGER + 1}}}',
    "NUL in a list beside the clocks": r'{"w":1,"z":0,"a":["\u0000"]}',
    "surrogate in lists beside the clocks": r'{"w":1,"z":0,"a":[[["\ud800"]]]}',
    "NUL in a key": r'{"w":1,"z":0,"a\u0000":1}',
    "surrogate in a key": r'{"w":1,"z":0,"\ud800":1}',
    "no key": "{1:1}",
    "wrong record": '{"sha256":1}',
    "forty lists": "[" * 40 + "]" * 40,
    "forty objects": '{"w":1,"z":0,"a":' + '{"a":' * 40 + "1" + "}" * 41,
    "seven thousand lists": "[" * 7000 + "]" * 7000,
    "unended lists": "[" * 7000,
    "comment": "/* */ 1",
    "nothing": "",
}


def body(**changes: Any) -> str:
    return json.dumps(GOOD | changes, ensure_ascii=False)


def poisoned(text: str, field: str, held: dict[str, Any] | None = None) -> str:
    """A body in which this field is this text."""
    frame = dict(held or GOOD)
    frame[field] = "POISON"
    return json.dumps(frame, ensure_ascii=False).replace('"POISON"', text)


def taken(text: str) -> Fact | str:
    """The fact in this text, or the code of the refusal."""
    try:
        return understand(read(text))
    except Refused as refused:
        refusal = refused
    assert refusal.code in SENTENCES
    assert str(refusal).encode()
    return refusal.code


def test_the_good_one_is_good():
    assert isinstance(taken(body()), Fact)


@pytest.mark.parametrize("field", GOOD)
@pytest.mark.parametrize("text", POISON.values(), ids=POISON)
def test_poison_in_the_head_is_refused_with_a_code(field: str, text: str):
    assert isinstance(taken(poisoned(text, field)), str)


@pytest.mark.parametrize("text", POISON.values(), ids=POISON)
def test_poison_instead_of_a_body_is_refused_with_a_code(text: str):
    assert isinstance(taken(text), str)


@pytest.mark.parametrize("field", [name for name in GOOD if name not in {"pc", "bl"}])
def test_every_field_is_needed(field: str):
    frame = {name: value for name, value in GOOD.items() if name != field}
    assert taken(json.dumps(frame)) == "field_missing"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_poison_in_a_payload_is_refused_or_plain_text(kind: type[Any]):
    """A text field takes any clean text; nothing else gets in, and nothing breaks."""

    @unhurried
    @given(st.data(), st.sampled_from(sorted(POISON)))
    def try_one(data: st.DataObject, name: str) -> None:
        what = data.draw(records(kind))
        head = data.draw(heads(what, 3))
        whole = json.loads(write(kind.kind, 1, head, plain(what)))
        fields = [*kind.__struct_fields__, "surplus"]
        field = data.draw(st.sampled_from(fields))
        payload = poisoned(POISON[name], field, whole["pl"])
        fact = taken(poisoned(payload, "pl", whole))
        if isinstance(fact, Fact):
            held = plain(fact.what)
            assert understand(read(write(kind.kind, 1, fact.head, held))).what == (
                fact.what
            )
            assert field != "surplus"

    try_one()


@pytest.mark.parametrize(
    "stream",
    [
        "order:9B2F6C1E-5D0A-5E1B-8F4C-1A0D6E7B3C52",
        "order:9b2f6c1e5d0a5e1b8f4c1a0d6e7b3c52",
        "order:{9b2f6c1e-5d0a-5e1b-8f4c-1a0d6e7b3c52}",
        "order:9b2f6c1e-5d0a-5e1b-8f4c-1a0d6e7b3c5",
        "order:9b2f6c1e-5d0a-5e1b-8f4c-1a0d6e7b3c52\n",
        "order:",
        "Order:9b2f6c1e-5d0a-5e1b-8f4c-1a0d6e7b3c52",
        "device:li",  # a stream, but no kind of fact belongs there yet
        "catalog:prices",
        "person:li",
        "device:",
        "device:LI",
    ],
)
def test_a_stream_has_one_form(stream: str):
    assert taken(body(st=stream)) == "field_misshapen"


def test_the_first_fact_of_a_log_has_none_before_it():
    assert isinstance(taken(body(n=1, p=None)), Fact)
    assert taken(body(n=1)) == "field_misshapen"


@pytest.mark.parametrize("prev", [None, "", "x" * 42, "x" * 44, "=" * 43, 1])
def test_every_other_fact_names_the_one_before_it(prev: object):
    assert taken(body(p=prev)) == "field_misshapen"


def test_a_field_from_a_later_version_is_not_guessed_at():
    assert taken(body(zz=1)) == "field_unknown"


@pytest.mark.parametrize("version", [0, 2, "1", None, True, [1]])
def test_another_version_is_said_to_be_another_version(version: object):
    assert taken(body(v=version)) == "version_unknown"


@pytest.mark.parametrize(
    ("kind", "version"), [("visit.flown_in", 1), ("work.photographed", 2)]
)
def test_an_unknown_kind_is_said_to_be_unknown(kind: str, version: int):
    assert taken(body(t=kind, tv=version)) == "kind_unknown"


def test_exactly_sixteen_kibibytes_are_a_body_and_one_more_is_not():
    """Bytes count, not characters."""
    room = MAX_BODY_BYTES - len(body(pl={"moment": ""}).encode())
    text = "漏" * (room // 3) + "x" * (room % 3)
    longest = body(pl={"moment": text})
    assert len(longest.encode()) == MAX_BODY_BYTES
    assert isinstance(taken(longest), Fact)
    assert taken(longest + " ") == "body_too_long"


def test_what_can_be_read_does_not_depend_on_who_reads():
    """Nesting is bounded by the format, not by how deep the reader's own stack is."""
    nested = '{"w":1,"z":0,"a":' + "[" * 60 + "]" * 60 + "}"
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(10_000)
        roomy = taken(poisoned(nested, "at"))
    finally:
        sys.setrecursionlimit(limit)
    assert roomy == taken(poisoned(nested, "at")) == "body_unreadable"


def test_brackets_in_a_text_are_no_nesting():
    assert isinstance(taken(body(pl={"moment": '[{"' * 200})), Fact)


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "A" * 64},
        {"sha256": "a" * 63},
        {"sha256": "a" * 64 + "\n"},
        {"bytes": 0},
        {"bytes": -1},
        {"type": ""},
        {"type": "image"},
        {"type": "image/png\r\nSet-Cookie: a"},
        {"type": "image/png; charset=utf-8"},
        {"type": "a/" + "b" * 200},
        {"role": ""},
        {"role": "Photo"},
    ],
)
def test_a_reference_to_bytes_has_one_form(change: dict[str, Any]):
    assert taken(body(bl=[GOOD["bl"][0] | change])) == "field_misshapen"


def test_a_role_that_the_kind_does_not_speak_of_is_refused():
    assert taken(body(bl=[GOOD["bl"][0] | {"role": "sheet"}])) == "field_unknown"


def test_two_pictures_under_one_role_are_refused():
    """The second one would never be seen."""
    two = [plain(picture("tap")), plain(picture("floor"))]
    assert taken(body(bl=two)) == "field_misshapen"


def test_a_list_of_bytes_is_bounded():
    assert taken(body(bl=GOOD["bl"] * 33)) == "field_misshapen"


def test_a_private_value_that_the_kind_does_not_know_is_refused():
    assert taken(body(pc={"phone": digest(b"")})) == "field_unknown"


@unhurried
@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_is_a_fact_or_refused(text: str):
    assert isinstance(taken(text), str)


@unhurried
@given(st.data())
def test_a_body_with_some_characters_changed_is_a_fact_or_refused(data: st.DataObject):
    letters = list(body())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(letters) - 1))
        letters[place] = data.draw(st.sampled_from('"{}[]:,0-9eE\\\0\ud800. \n'))
    taken("".join(letters))


def test_a_fact_is_named_by_its_exact_bytes():
    assert fact_id(body()) != fact_id(body() + " ")
    assert read(body() + " ").body == body() + " "


def test_what_could_not_be_read_is_never_written(story: Story):
    with pytest.raises(Refused) as refused:
        story.told_by("li", Photographed(moment="x" * MAX_BODY_BYTES))
    assert refused.value.code == "body_too_long"


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_no_database_keeps_is_never_written(story: Story, text: str):
    with pytest.raises(Refused) as refused:
        story.told_by("chen", Logged(registered_ms=1, site=text))
    assert refused.value.code == "body_unreadable"


@pytest.mark.parametrize("text", ["[]", '"a"', "1", "null"])
def test_a_body_is_an_object(text: str):
    with pytest.raises(Refused, match="not an object"):
        read_json(text)


# private values


def test_a_commitment_is_met_by_its_value_alone():
    promised = commitment("phone", SALT, "13800000000")
    assert matches("phone", [SALT, "13800000000"], promised)
    assert not matches("phone", [SALT, "13800000001"], promised)
    assert not matches("owner", [SALT, "13800000000"], promised)
    assert not matches("phone", ["B" + SALT[1:], "13800000000"], promised)


def test_name_and_value_cannot_be_cut_elsewhere():
    assert commitment("ab", SALT, "c") != commitment("a", SALT, "bc")


def test_commitments_come_one_for_each_value():
    held = salted({"phone": "1", "owner": "Zhao"})
    assert committed(held) == {
        name: commitment(name, *salted_value) for name, salted_value in held.items()
    }


@pytest.mark.parametrize(
    "held",
    [
        None, 1, "text", [], [SALT], [SALT, "v", "w"], [SALT, 1], [1, "v"],
        [SALT, None], ["", "v"], ["短", "v"], [SALT + "A", "v"], [SALT + "\n", "v"],
        [SALT, "a\0b"], [SALT, "\ud800"], {"salt": SALT}, [[SALT], "v"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["phone", "\ud800", ""])
@pytest.mark.parametrize("promised", [None, "x" * 43])
def test_a_malformed_private_value_matches_nothing(
    held: object, name: str, promised: str | None
):
    assert not matches(name, held, promised)


@pytest.mark.parametrize("name", ["phone", "\ud800", "a\0b"])
def test_a_value_that_was_never_promised_matches_nothing(name: str):
    assert not matches(name, [SALT, "13800000000"], None)


def test_a_blob_is_found_by_its_role_and_never_by_its_place(story: Story):
    story.dispatched("li")
    story.repaired_by("li")
    signed = story.accepted_at("li")
    sheet, strokes = signed.fact.head.blobs
    assert (signed.fact.blob("signature"), signed.fact.blob("sheet")) == (
        strokes,
        sheet,
    )
    assert signed.fact.blob("photo") is None
    assert isinstance(sheet, BlobRef)


# the fast way and the strict one

WRITTEN = GOOD | {"pc": {"words": digest(b"words")}}

ODD = [
    True, False, None, 0, -1, MAX_INTEGER, MAX_INTEGER + 1, 2**64, 1.0, "", "x", "li\n",
    "A" * 43, "A" * 44, [], {}, [1], {"k": {"k": [1.5]}}, {"x": "A" * 43},
    [{"sha256": "a" * 64, "bytes": MAX_INTEGER + 1, "type": "image/png", "role": "x"}],
    [{"sha256": "a" * 64, "bytes": True, "type": "image/png", "role": "photo"}],
]  # fmt: skip


@pytest.mark.parametrize("field", [*GOOD, "zz"])
def test_what_is_read_fast_is_read_the_same_strictly(field: str):
    """The fast parsers may leave a body to the strict one, and never say anything else
    about it."""
    frame = as_written(WRITTEN | {field: "POISON"})
    for text in (*map(as_written, ODD), *POISON.values()):
        body = frame.replace('"POISON"', text)
        found = envelope._read_as_written(body, body.encode())
        if found is not None:
            assert found == envelope._envelope(body, envelope._read_strictly(body))


@pytest.mark.parametrize(("n", "prev"), [(1, "A" * 43), (2, None)])
def test_a_first_fact_has_none_before_it_and_every_other_one_has(
    n: int, prev: str | None
):
    assert taken(as_written(GOOD | {"n": n, "p": prev})) == "field_misshapen"


def test_most_bodies_are_read_fast():
    plainer = {name: held for name, held in WRITTEN.items() if name not in ("pc", "bl")}
    for body in (as_written(WRITTEN), as_written(plainer)):
        assert envelope._read_as_written(body, body.encode()) == read(body)


def test_what_is_not_written_as_usual_is_read_slowly():
    turned = as_written(dict(reversed(WRITTEN.items())))
    for body in (f" {as_written(WRITTEN)}", turned):
        assert envelope._read_as_written(body, body.encode()) is None


def as_written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
