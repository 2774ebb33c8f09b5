"""People and programs outside are told once, by ways that are on the list (I4, X14)."""

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from email import message_from_string
from email.header import decode_header, make_header
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask
from sqlalchemy import update

from server.database import writing
from server.ledger import Decision
from server.notices.outbox import Notice, due, lease
from server.notices.reach import Reach, Unreachable
from server.notices.signing import dingtalk_query, feishu_fields, webhook_headers
from server.notices.telling import Notices
from server.people_tables import account
from server.places import Event, place
from sync.access import Grant
from sync.facts.dispatch import Cancelled, Dispatched
from sync.facts.intake import Logged
from sync.facts.visit import Appointed, Arrived, SetOff
from sync.order import order_stream
from sync.problems import Refused
from sync.telling import Telling
from tests.server.callers import Tablet, employ, parts_of
from tests.server.conftest import Clock
from tests.server.receivers import MailServer, Receiver, listening, mailing
from tests.sync.shanghai import at

MONDAY = at("2026-11-23 09:00")
MINUTE = 60_000
GROUP = ("wecom", "维修群")
LOOPBACK = "127.0.0.0/8"


@pytest.fixture(autouse=True)
def monday(clock: Clock) -> None:
    clock.ms = MONDAY


@pytest.fixture
def robot() -> Iterator[Receiver]:
    """A group's robot."""
    with listening() as receiver:
        yield receiver


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mailing() as server:
        yield server


@pytest.fixture
def inside(start: Callable[..., Flask]) -> Flask:
    """A server that may tell loopback."""
    return ready(start(notices_inside=LOOPBACK))


def ready(app: Flask) -> Flask:
    """Looked at once: what happens from now on is told."""
    employ(app, "chen", "dispatcher")
    notices_of(app).look()
    return app


def notices_of(app: Flask) -> Notices:
    return parts_of(app).notices


def allow(app: Flask, kind: str, address: str, **more: Any) -> str:
    """Sun puts this on the list."""
    name, parts = more.pop("name", "x"), parts_of(app)
    added = parts.notices.targets.add(kind, name, address, "sun", parts.now(), **more)
    return added.id


def happens(
    app: Flask, number: str, what: Any, private: Any = None, by: str = "chen"
) -> None:
    """Somebody states this, and the server hears of it at once."""
    parts = parts_of(app)
    one = Decision(stream=order_stream(number), what=what, private=private or {})
    parts.ledger.decide([one], by, parts.now())


def asked(app: Flask, number: str = "1", **more: Any) -> None:
    """Zhao asks for a repair."""
    now = parts_of(app).now()
    what = Logged(number=number, registered_ms=now - now % MINUTE, site="东苑",
                  trade="给排水", **more)  # fmt: skip
    private = {"building": "3", "unit": "2", "room": "1702", "owner": "赵敏",
               "phone": "13900001234", "fault": "水槽下渗水"}  # fmt: skip
    happens(app, number, what, private)


def tell(app: Flask, clock: Clock, minutes: int = 2) -> None:
    """Everything is looked at, and then what is due is sent."""
    notices_of(app).look()
    clock.ms += minutes * MINUTE
    notices_of(app).send()


def states(app: Flask) -> list[tuple[str, int, str | None]]:
    """Every notice: its state, how often it was tried, why it failed."""
    found = notices_of(app).outbox.list()
    return [(one.state, one.tries, one.error) for one in found]


def only(app: Flask) -> Notice:
    (one,) = notices_of(app).outbox.list()
    return one


# nothing goes where nobody allowed it


def test_what_is_not_on_the_list_is_told_nothing(
    inside: Flask, clock: Clock, robot: Receiver
):
    asked(inside)
    tell(inside, clock)

    assert (robot.got, states(inside)) == ([], [])


def test_what_is_taken_off_the_list_is_not_told_what_is_on_its_way(
    inside: Flask, clock: Clock, robot: Receiver
):
    target = allow(inside, "wecom", robot.url)
    asked(inside)
    notices_of(inside).look()
    notices_of(inside).targets.remove(target, clock.ms, webhooks=False)
    tell(inside, clock)

    assert (robot.got, states(inside)) == ([], [("dead", 1, "target_not_allowed")])


def test_a_private_address_is_not_asked_unless_the_operator_said_so(
    start: Callable[..., Flask], clock: Clock, robot: Receiver
):
    app = ready(start())
    allow(app, "wecom", robot.url)
    asked(app)
    tell(app, clock)

    assert (robot.got, states(app)) == ([], [("dead", 1, "address_inside")])


def test_a_redirect_is_not_followed(inside: Flask, clock: Clock, robot: Receiver):
    with listening() as other:
        robot.usual = (302, {"Location": other.url}, b"")
        allow(inside, "wecom", robot.url)
        asked(inside)
        tell(inside, clock)

        assert (other.got, states(inside)) == ([], [("dead", 1, "redirected")])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/x", "http://", "http://a b/", "file:///etc/passwd",
        "http://user@example.com/", "http://127.0.0.1:99999/", "http://x/\n",
        "http://例子.example/",
    ],
)  # fmt: skip
def test_what_is_no_address_comes_on_no_list(inside: Flask, url: str):
    with pytest.raises(Refused) as caught:
        allow(inside, "feishu", url)

    assert caught.value.code == "target_address_wrong"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "[::1]", "0.0.0.0",  # noqa: S104 - asked, not bound to
        "[::ffff:127.0.0.1]", "[fe80::1]", "100.64.0.1", "2130706433", "localhost",
    ],
)  # fmt: skip
def test_no_name_for_a_private_address_is_let_through(host: str):
    with pytest.raises(Unreachable) as caught:
        Reach().post(f"https://{host}/", b"", {})

    assert caught.value.code == "address_inside"


def test_the_world_is_not_told_anything_without_tls(monkeypatch: pytest.MonkeyPatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(Unreachable) as caught:
        Reach().post("http://example.com/", b"", {})

    assert caught.value.code == "address_inside"


def test_a_name_with_one_private_address_is_not_asked_at_all(
    monkeypatch: pytest.MonkeyPatch,
):
    """A name whose owner answers with ours among its own (DNS rebinding)."""
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("93.184.216.34", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(Unreachable) as caught:
        Reach().post("https://example.com/", b"", {})

    assert caught.value.code == "address_inside"


# nothing is lost, nothing is told twice


def test_what_failed_is_told_after_a_restart(
    start: Callable[..., Flask], clock: Clock, robot: Receiver
):
    app = ready(start(notices_inside=LOOPBACK))
    allow(app, "wecom", robot.url)
    robot.answers = [(503, {}, b"")]
    asked(app)
    tell(app, clock)
    again = start(notices_inside=LOOPBACK)
    clock.ms += MINUTE
    notices_of(again).send()

    assert (len(robot.got), states(again)) == (2, [("sent", 1, None)])


def test_looking_ends_where_something_else_than_a_fact_came_last(
    inside: Flask, clock: Clock
):
    """A tablet said what it holds: that has a place in the ledger and is no news."""
    asked(inside)
    with writing(parts_of(inside).engine) as connection:
        said = Event(what="shown", id="x", stream=order_stream("1"), received_ms=MONDAY)
        place(connection, [said])

    assert [notices_of(inside).look() for _ in range(2)] == [1, 0]


def test_looking_twice_tells_once(inside: Flask, clock: Clock, robot: Receiver):
    allow(inside, "wecom", robot.url)
    asked(inside)
    for _ in range(3):
        tell(inside, clock)

    assert len(robot.got) == 1


def test_two_servers_tell_once(
    start: Callable[..., Flask], clock: Clock, robot: Receiver
):
    one = ready(start(notices_inside=LOOPBACK))
    other = start(notices_inside=LOOPBACK)
    allow(one, "wecom", robot.url)
    asked(one)
    for app in (one, other, one, other):
        tell(app, clock, 1)

    assert len(robot.got) == 1


def test_who_died_on_the_way_leaves_it_to_the_next(
    inside: Flask, clock: Clock, robot: Receiver
):
    """A process took the notice and was killed before it could say how it went."""
    allow(inside, "wecom", robot.url)
    asked(inside)
    notices_of(inside).look()
    clock.ms += 2 * MINUTE
    with writing(parts_of(inside).engine) as connection:
        assert lease(connection, due(connection, clock.ms), clock.ms)
    notices_of(inside).send()
    at_once = len(robot.got)
    clock.ms += 3 * MINUTE
    notices_of(inside).send()

    assert (at_once, len(robot.got)) == (0, 1)


def test_what_fails_again_and_again_waits_for_a_person(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    robot.usual = (500, {}, b"")
    asked(inside)
    notices_of(inside).look()
    for _ in range(12):
        clock.ms += 5 * 60 * MINUTE
        notices_of(inside).send()

    assert (len(robot.got), states(inside)) == (10, [("dead", 10, "status_500")])


def test_the_wait_doubles(inside: Flask, clock: Clock, robot: Receiver):
    allow(inside, "wecom", robot.url)
    robot.usual = (500, {}, b"")
    asked(inside)
    notices_of(inside).look()
    waits = []
    for _ in range(4):
        clock.ms += 60 * MINUTE
        notices_of(inside).send()
        waits.append((only(inside).next_ms or 0) - clock.ms)

    assert waits == [10_000, 20_000, 40_000, 80_000]


def test_a_receiver_that_says_when_is_not_asked_before(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    robot.answers = [(429, {"Retry-After": "900"}, b"")]
    asked(inside)
    tell(inside, clock)

    assert (only(inside).next_ms or 0) - clock.ms == 900_000


def test_what_was_given_up_is_told_when_a_person_says_so(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    robot.answers = [(400, {}, b"")]
    asked(inside)
    tell(inside, clock)
    notices_of(inside).outbox.replay(only(inside).id, clock.ms)
    notices_of(inside).send()

    assert (len(robot.got), only(inside).state) == (2, "sent")


def test_one_target_that_fails_holds_up_no_other(
    inside: Flask, clock: Clock, robot: Receiver
):
    with listening() as broken:
        broken.usual = (500, {}, b"")
        allow(inside, "wecom", broken.url)
        allow(inside, "feishu", robot.url)
        asked(inside)
        tell(inside, clock)

        assert len(robot.got) == 1


def test_who_begins_today_is_not_told_of_yesterday(
    start: Callable[..., Flask], clock: Clock, robot: Receiver
):
    app = start(notices_inside=LOOPBACK)
    employ(app, "chen", "dispatcher")
    allow(app, "wecom", robot.url)
    asked(app)
    tell(app, clock)

    assert robot.got == []


def test_a_month_of_the_register_that_is_read_in_is_no_news(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    month_ago = Logged(number="9", registered_ms=clock.ms - 30 * 24 * 60 * MINUTE)
    happens(inside, "9", month_ago)
    tell(inside, clock)

    assert robot.got == []


# a group is not talked to death


def test_what_is_not_urgent_is_told_together(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    for number in "123":
        asked(inside, number)
    tell(inside, clock)

    assert [text.splitlines()[0] for text in robot.texts] == ["3 条通知"]


def test_an_emergency_is_told_at_once_and_by_itself(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    asked(inside, "1")
    asked(inside, "2", priority="emergency")
    tell(inside, clock, 0)

    assert robot.texts == ["新报修 2：东苑 3-2-***，给排水，特急"]


def test_no_minute_has_more_than_twenty_messages(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    for number in range(60):
        asked(inside, str(number), priority="emergency")
    notices_of(inside).look()
    sent: list[int] = []
    for _ in range(300):
        notices_of(inside).send()
        sent += [clock.ms] * (len(robot.got) - len(sent))
        clock.ms += 1000

    in_a_minute = [sum(first <= one < first + MINUTE for one in sent) for first in sent]
    assert (len(sent), max(in_a_minute) <= 20) == (60, True)


def test_a_robot_that_says_too_fast_is_left_alone_for_a_minute(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    robot.answers = [(200, {}, b'{"errcode": 45009}')]
    asked(inside)
    tell(inside, clock)

    assert (only(inside).next_ms or 0) - clock.ms == MINUTE


def test_a_robot_that_answers_200_and_an_error_has_not_taken_it(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    robot.answers = [(200, {}, b'{"errcode": 93000, "errmsg": "invalid key"}')]
    asked(inside)
    tell(inside, clock)

    assert states(inside) == [("failed", 1, "robot_93000")]


# what is said to whom


def test_a_group_learns_neither_name_nor_room_nor_telephone(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    asked(inside)
    happens(inside, "1", Dispatched(technician="li"))
    tell(inside, clock)

    (text,) = robot.texts
    assert [
        word for word in ("赵敏", "1702", "13900001234", "渗水") if word in text
    ] == []


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("wecom", {"msgtype": "text", "text": {"content": "…"}}),
        ("dingtalk", {"msgtype": "text", "text": {"content": "…"},
                      "at": {"isAtAll": False}}),
        ("feishu", {"msg_type": "text", "content": {"text": "…"}}),
    ],
)  # fmt: skip
def test_each_robot_gets_the_shape_it_wants(
    inside: Flask, clock: Clock, robot: Receiver, kind: str, shape: Any
):
    allow(inside, kind, robot.url)
    asked(inside)
    tell(inside, clock)
    said = json.loads(robot.got[0].body.decode().replace(robot.texts[0], "…"))

    assert said == shape


def test_dingtalk_is_signed_as_its_maker_says():
    """The key is the secret, over time and secret in two lines."""
    said = parse_qs(dingtalk_query("SEC1", 1_700_000_000_000))
    right = hmac.new(b"SEC1", b"1700000000000\nSEC1", hashlib.sha256).digest()

    assert said["sign"] == [base64.b64encode(right).decode()]


def test_feishu_is_signed_as_its_maker_says():
    """The key is time and secret in two lines, over nothing."""
    said = feishu_fields("S", 1_700_000_000)
    right = hmac.new(b"1700000000\nS", b"", hashlib.sha256).digest()

    assert said["sign"] == base64.b64encode(right).decode()


def test_the_lead_of_the_day_is_told_of_a_new_request(
    inside: Flask, clock: Clock, mail: MailServer, start: Callable[..., Flask]
):
    app = start(notices_inside=LOOPBACK, smtp_url=mail.url, mail_from="d@example.com")
    allow(app, "email", "lead@example.com")
    asked(app)
    tell(app, clock)
    letter = message_from_string(mail.letters[0])

    assert mail.recipients == ["lead@example.com"]
    assert str(make_header(decode_header(letter["Subject"]))) == "新报修"


def test_people_are_written_to_at_their_own_address(
    start: Callable[..., Flask], clock: Clock, mail: MailServer
):
    app = start(notices_inside=LOOPBACK, smtp_url=mail.url, mail_from="d@example.com")
    ready(app)
    parts = parts_of(app)
    employ(app, "li", "technician")
    parts.people.speak("li", "en")
    with parts.engine.begin() as connection:
        mine = account.c.person == "li"
        connection.execute(update(account).where(mine).values(email="li@example.com"))
    allow(app, "email", "*", audiences=["technician"])
    asked(app)
    happens(app, "1", Dispatched(technician="li"))
    tell(app, clock)

    assert mail.recipients == ["li@example.com"]


def test_several_things_for_one_address_are_one_letter(
    start: Callable[..., Flask], clock: Clock, mail: MailServer
):
    app = start(notices_inside=LOOPBACK, smtp_url=mail.url, mail_from="d@example.com")
    ready(app)
    allow(app, "email", "lead@example.com")
    for number in "123":
        asked(app, number)
    tell(app, clock)

    assert len(mail.letters) == 1


def test_a_recipient_whom_nobody_knows_is_given_up(
    start: Callable[..., Flask], clock: Clock, mail: MailServer
):
    app = start(notices_inside=LOOPBACK, smtp_url=mail.url, mail_from="d@example.com")
    ready(app)
    mail.unknown = {"gone@example.com"}
    allow(app, "email", "gone@example.com")
    asked(app)
    tell(app, clock)

    assert states(app) == [("dead", 1, "recipient_refused")]


def test_an_owner_is_told_who_comes_and_when(inside: Flask, clock: Clock, li: Tablet):
    allow(inside, "sms", "*")
    asked(inside)
    happens(inside, "1", Dispatched(technician="li"))
    window = (MONDAY + 60 * MINUTE, MONDAY + 180 * MINUTE)
    happens(inside, "1", Appointed(start_ms=window[0], end_ms=window[1]))
    tell(inside, clock)

    assert texted(inside) == [
        ("13900001234", "您的报修 1 已安排Li师傅，会先与您联系。"),
        ("13900001234", "您的报修 1 已约定 11-23 10:00–12:00 上门。"),
    ]


def texted(app: Flask) -> list[tuple[str, str]]:
    """The text messages, as they lie in the file."""
    file = parts_of(app).config.data / "sms.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    said = [json.loads(line) for line in lines]
    return sorted((one["to"], one["text"]) for one in said)


def test_an_arrival_that_is_handed_in_hours_later_is_no_news(
    inside: Flask, clock: Clock
):
    allow(inside, "sms", "*")
    asked(inside)
    happens(inside, "1", Arrived())
    clock.ms += 5 * 60 * MINUTE
    tell(inside, clock)

    assert texted(inside) == []


ON_THE_WAY = "Li师傅已出发，正在去您家的路上（报修 1）。"


@pytest.fixture
def on_the_way(inside: Flask, li: Tablet) -> Flask:
    """Li has Zhao's order, is at the line and has just set off."""
    allow(inside, "sms", "*")
    asked(inside)
    happens(inside, "1", Dispatched(technician="li"))
    happens(inside, "1", SetOff(), by="li")
    return inside


def set_off_texts(app: Flask) -> list[str]:
    return [text for _, text in texted(app) if "出发" in text]


def set_off_notices(app: Flask) -> list[tuple[str, str | None]]:
    found = notices_of(app).outbox.list()
    return [(one.state, one.error) for one in found if one.kind == "on_the_way"]


def test_an_owner_is_told_once_that_somebody_is_on_the_way(
    on_the_way: Flask, clock: Clock
):
    for _ in range(2):
        tell(on_the_way, clock)

    assert set_off_texts(on_the_way) == [ON_THE_WAY]


def test_who_is_there_already_is_not_said_to_be_on_the_way(
    on_the_way: Flask, clock: Clock
):
    """Both were handed in at once, after a dead spot."""
    happens(on_the_way, "1", Arrived(), by="li")
    tell(on_the_way, clock)

    assert set_off_notices(on_the_way) == []


def test_a_setting_off_that_is_handed_in_late_is_no_news(
    on_the_way: Flask, clock: Clock
):
    clock.ms += 15 * MINUTE
    tell(on_the_way, clock)

    assert set_off_notices(on_the_way) == []


def test_an_order_that_went_to_another_meanwhile_says_nothing_of_the_first(
    on_the_way: Flask, clock: Clock
):
    happens(on_the_way, "1", Dispatched(technician="wang"))
    tell(on_the_way, clock)

    assert set_off_texts(on_the_way) == []


@pytest.mark.parametrize("overtaken", [True, False])
def test_what_waited_for_the_gateway_too_long_is_not_said_behind_time(
    on_the_way: Flask, clock: Clock, overtaken: bool
):
    """It was worth telling when it went into the outbox."""
    notices_of(on_the_way).look()
    if overtaken:
        happens(on_the_way, "1", Arrived(), by="li")
    clock.ms += MINUTE if overtaken else 15 * MINUTE
    notices_of(on_the_way).send()

    assert set_off_texts(on_the_way) == []
    assert set_off_notices(on_the_way) == [("dead", "too_late")]


def test_how_long_it_is_news_is_the_companys_to_say():
    assert (
        Telling(fresh_minutes={"on_the_way": 5}).fresh_until_ms("on_the_way", 0)
        == 5 * MINUTE
    )


def test_text_messages_go_through_the_operators_gateway(
    start: Callable[..., Flask], clock: Clock, robot: Receiver
):
    app = ready(start(notices_inside=LOOPBACK, sms_url=robot.url))
    allow(app, "sms", "*")
    asked(app)
    happens(app, "1", Dispatched(technician="li"))
    tell(app, clock)

    assert [one.json["to"] for one in robot.got] == ["13900001234"]


def test_the_outbox_holds_nothing_of_an_owner(inside: Flask, clock: Clock):
    allow(inside, "sms", "*")
    asked(inside)
    happens(inside, "1", Dispatched(technician="li"))
    notices_of(inside).look()
    held = repr(notices_of(inside).outbox.list())

    assert "139" not in held and "赵" not in held


# promises in danger


def climb(app: Flask, clock: Clock, minutes: int) -> None:
    """So many minutes after the request, the clocks are looked at."""
    clock.ms = MONDAY + minutes * MINUTE
    notices_of(app).look_at_clocks()
    clock.ms += 2 * MINUTE
    notices_of(app).send()


def test_the_lead_is_told_before_a_promise_is_broken_and_the_manager_after(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url, audiences=["lead", "manager"])
    asked(inside)
    for minutes in (10, 15, 16, 30, 50, 55):
        climb(inside, clock, minutes)
    told = [one.split("到场")[1].split("（")[0] for one in robot.texts]

    assert told == ["还剩 3 分钟", "已超 32 分钟"]


def test_what_is_there_in_time_is_nobodys_trouble(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    asked(inside)
    clock.ms += 5 * MINUTE
    happens(inside, "1", Arrived())
    climb(inside, clock, 60)

    assert robot.got == []


# programs are told, and can check it


SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_a_signature_is_that_of_the_convention():
    """The example of the convention's own libraries."""
    signed = webhook_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}', [SECRET]
    )

    assert signed["webhook-signature"] == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def hooked(app: Flask, url: str, *kinds: str) -> tuple[str, str]:
    """A program of somebody's is told; the webhook and its secret."""
    parts = parts_of(app)
    made, secret = parts.notices.targets.add_webhook(url, "sun", parts.now(), kinds)
    return made.id, secret


def signatures(body: bytes, headers: dict[str, str], secret: str) -> bool:
    """Whether one of these is right, as a receiver checks it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in headers["webhook-signature"].split()


def test_a_receiver_can_check_the_very_bytes_it_got(
    inside: Flask, clock: Clock, robot: Receiver
):
    _, secret = hooked(inside, robot.url)
    asked(inside)
    tell(inside, clock)
    (got,) = robot.got

    assert signatures(got.body, got.headers, secret)
    assert not signatures(got.body + b" ", got.headers, secret)


def test_sent_again_it_is_the_same_message_under_the_same_name(
    inside: Flask, clock: Clock, robot: Receiver
):
    hooked(inside, robot.url)
    robot.answers = [(503, {}, b"")]
    asked(inside)
    tell(inside, clock)
    tell(inside, clock)
    first, second = robot.got

    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_for_a_day_after_a_new_secret_both_are_right(
    inside: Flask, clock: Clock, robot: Receiver
):
    name, former = hooked(inside, robot.url)
    secret = notices_of(inside).targets.rotate(name, clock.ms)
    asked(inside)
    tell(inside, clock)
    clock.ms += 25 * 60 * MINUTE
    happens(inside, "1", Cancelled(reason="withdrew"))
    tell(inside, clock)
    checked = [
        [signatures(one.body, one.headers, held) for held in (former, secret)]
        for one in robot.got
    ]

    assert checked == [[True, True], [False, True]]


def test_a_program_is_told_which_fact_and_never_what_stands_in_it(
    inside: Flask, clock: Clock, robot: Receiver
):
    hooked(inside, robot.url)
    asked(inside)
    tell(inside, clock)
    said = robot.got[0].json

    assert (said["type"], sorted(said["data"])) == (
        "intake.logged",
        ["fact", "number", "order", "position", "received_ms", "type"],
    )


def test_a_program_is_told_only_of_the_kinds_it_asked_for(
    inside: Flask, clock: Clock, robot: Receiver
):
    hooked(inside, robot.url, "dispatch.cancelled")
    asked(inside)
    happens(inside, "1", Cancelled(reason="withdrew"))
    tell(inside, clock)

    assert [one.json["type"] for one in robot.got] == ["dispatch.cancelled"]


# the doors


def test_only_administrators_change_the_list(inside: Flask):
    said = {"kind": "email", "name": "x", "address": "x@example.com"}
    answers = [
        employ(inside, role, role).ask("POST", "/v1/targets", said).status_code
        for role in ("administrator", "manager", "dispatcher", "technician")
    ]

    assert answers == [201, 403, 403, 403]


def test_a_robots_key_is_shown_to_nobody(inside: Flask, robot: Receiver):
    allow(inside, "wecom", robot.url, secret="SEC1")
    sun = employ(inside, "sun", "administrator")

    assert "secret" not in sun.ask("GET", "/v1/targets").text.lower()


def test_a_webhooks_secret_is_shown_once(inside: Flask, robot: Receiver):
    sun = employ(inside, "sun", "administrator")
    made = sun.ask("POST", "/v1/webhooks", {"url": robot.url})

    assert made.json["secret"].startswith("whsec_")
    assert made.json["secret"] not in sun.ask("GET", "/v1/webhooks").text


def test_the_desk_sees_what_could_not_be_told_and_an_administrator_tries_again(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    robot.answers = [(400, {}, b"")]
    asked(inside)
    tell(inside, clock)
    chen, sun = (employ(inside, *one) for one in
                 (("chen", "dispatcher"), ("sun", "administrator")))  # fmt: skip
    (dead,) = chen.ask("GET", "/v1/notices?state=dead").json["notices"]
    answer = sun.ask("POST", f"/v1/notices/{dead['id']}/replay")

    assert (dead["error"], answer.json["state"]) == ("status_400", "waiting")
    assert dead["number"] == answer.json["number"] == "1"
    assert dead.keys().isdisjoint({"facts", "stream"})


def test_what_was_told_of_another_project_is_nobody_elses_business(
    inside: Flask, clock: Clock, robot: Receiver
):
    hooked(inside, robot.url)
    asked(inside)
    tell(inside, clock)
    gu = employ(inside, "gu", "dispatcher")
    theirs = [Grant(role="dispatcher", project="西苑")]
    parts_of(inside).people.add("gu", "Gu", theirs, 0)
    page = gu.ask("GET", "/v1/notices").json

    assert (page["notices"], page["counts"]["sent"]) == ([], 0)


def test_a_webhook_that_is_posted_twice_is_one(inside: Flask):
    sun = employ(inside, "sun", "administrator")
    said = {"url": "https://erp.example/hook"}
    key = {"Idempotency-Key": "k1"}
    answers = [sun.ask("POST", "/v1/webhooks", said, **key).json for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(sun.ask("GET", "/v1/webhooks").json["webhooks"]) == 1


def test_what_has_arrived_is_not_tried_again(
    inside: Flask, clock: Clock, robot: Receiver
):
    allow(inside, "wecom", robot.url)
    asked(inside)
    tell(inside, clock)
    sun = employ(inside, "sun", "administrator")
    answer = sun.ask("POST", f"/v1/notices/{only(inside).id}/replay")

    assert (answer.status_code, answer.json["code"]) == (409, "notice_not_dead")


def test_the_outbox_is_read_page_by_page(inside: Flask, clock: Clock, robot: Receiver):
    hooked(inside, robot.url)
    for number in "12345":
        asked(inside, number)
    tell(inside, clock)
    chen, where, found = employ(inside, "chen", "dispatcher"), "", []
    while where is not None:
        page = chen.ask("GET", f"/v1/notices?limit=2{where}").json
        found += [one["id"] for one in page["notices"]]
        where = f"&cursor={page['next']}" if page["next"] else None

    assert len(set(found)) == len(found) == 5
