"""The owner's own page: by a link that nobody guesses, without an account (X6, A0, C6).

What is said there is the owner's word; nobody who works here can say it for them.
"""

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.asked_codes import code_for
from server.board import document
from server.confirming import MOST_WRONG, VALID_MS, Confirming
from server.database import reading
from server.issuing import issued
from server.owner_links import LASTS_MS, made, revoke
from server.owner_tables import owner_code, owner_link, owner_report
from server.people_tables import trace
from server.public.codes import code_of
from server.tables import fact, private
from sync.access import FIELD, ROLES, WRITERS
from sync.facts import What
from sync.facts.dispatch import ReviewResolved
from sync.facts.owner import (
    OWNER,
    CertificateRevoked,
    OwnerAsked,
    OwnerComplained,
    OwnerConfirmed,
    OwnerDisputed,
    OwnerRated,
)
from sync.order import Order
from sync.problems import Refused
from sync.strength import ASKED, CONFIRMED, TABLET, strength
from tests.server.signed import Job, ordinary
from tests.together.conftest import worlds
from tests.world import World


@pytest.fixture
def world(
    tmp_path_factory: pytest.TempPathFactory, database_url: str
) -> Iterator[World]:
    with worlds(tmp_path_factory.mktemp("owner")) as begun:
        yield begun(database_url=database_url)


@pytest.fixture
def signed(world: World) -> Job:
    job = ordinary(world)
    job.signs()
    return job


def sheet_of(job: Job, round_: int = 1) -> str:
    return job.li.sees(job.stream).rounds[round_ - 1].verdicts[-1].sheet


def link_to(job: Job) -> str:
    parts = job.world.parts
    return f"/o/{made(parts.engine, parts.keys, job.stream, 'chen', job.world.ms)}"


def opens(job: Job, path: str, **more: object) -> TestResponse:
    return job.world.app.test_client().open(path, **more)


def says(job: Job, **said: str) -> TestResponse:
    return opens(job, link_to(job), method="POST", data=said, follow_redirects=True)


def heading(answer: TestResponse) -> str:
    return re.findall(r"<h1>.*?</span> (.*?)</h1>", answer.text, re.DOTALL)[0]


def check_page(job: Job, round_: int = 1) -> str:
    return heading(opens(job, f"/v/{code_of(sheet_of(job, round_))}"))


def facts_of(job: Job, kind: str) -> list[dict[str, object]]:
    chosen = select(fact.c.body).where(fact.c.stream == job.stream)
    with reading(job.world.parts.engine) as connection:
        every = [json.loads(one) for one in connection.execute(chosen).scalars()]
    return [one for one in every if one["t"] == kind]


def order_of(job: Job) -> Order:
    with reading(job.world.parts.engine) as connection:
        found = document(connection, job.stream)
    assert found is not None
    return found


def confirming(job: Job) -> Confirming:
    parts = job.world.parts
    return Confirming(parts.engine, parts.keys, parts.ledger)


def may_text_owners(job: Job) -> None:
    parts = job.world.parts
    parts.notices.targets.add("sms", "短信", "*", "zhou", job.world.ms)


def asks(job: Job) -> str:
    """Chen asks the owner; the code that goes to the owner's phone."""
    may_text_owners(job)
    receipt = confirming(job).ask(job.stream, "chen", job.world.ms)
    return code_for(job.world.parts.keys, receipt.id, sheet_of(job))


def types(job: Job, code: str) -> TestResponse:
    return opens(job, link_to(job), method="POST", data={"do": "confirm", "code": code},
                 follow_redirects=True)  # fmt: skip


# nobody who works here speaks for the owner


OWNERS = (OwnerConfirmed, OwnerRated, OwnerComplained, OwnerDisputed)


@pytest.mark.parametrize("kind", OWNERS, ids=lambda one: one.kind)
def test_nobody_who_works_here_may_state_what_an_owner_says(kind: type[What]):
    assert WRITERS[kind.kind].isdisjoint(ROLES)


def test_a_tablet_that_fills_in_the_owners_survey_is_set_aside(signed: Job):
    signed.tells(OwnerRated(stars=5))
    signed.arrives_at_server()

    assert facts_of(signed, "owner.rated") == []
    assert order_of(signed).marks == ()


def test_a_tablet_that_confirms_for_the_owner_is_set_aside(signed: Job):
    signed.tells(OwnerAsked(sheet=sheet_of(signed)))
    signed.arrives_at_server()
    asked = order_of(signed).asked[-1].fact
    signed.tells(OwnerConfirmed(sheet=sheet_of(signed), asked=asked, means="sms"))
    signed.arrives_at_server()

    assert strength(order_of(signed), sheet_of(signed)) == ASKED


def test_a_technician_may_ask_the_owner():
    assert WRITERS["owner.asked"] >= FIELD


def test_a_mark_is_by_the_owner_and_by_nobody_else(signed: Job):
    says(signed, do="rate", stars="4", chips="polite")

    (mark,) = facts_of(signed, "owner.rated")
    assert (mark["by"], mark["pl"]["stars"]) == (OWNER, 4)


# the link


def test_the_link_is_kept_as_a_digest_alone(signed: Job):
    token = link_to(signed).removeprefix("/o/")

    assert token not in str(signed.world.rows(owner_link))


@pytest.mark.parametrize("token", ["A" * 22, "A" * 21, "x", "é", "../v"])
def test_what_is_no_link_opens_nothing(signed: Job, token: str):
    assert opens(signed, f"/o/{token}").status_code == 404


def test_a_link_is_over_after_half_a_year(signed: Job):
    link = link_to(signed)
    signed.world.ms += LASTS_MS

    assert heading(opens(signed, link)) == "没有办成"


def test_a_link_that_was_revoked_opens_nothing_and_a_new_one_does(signed: Job):
    link, parts = link_to(signed), signed.world.parts
    revoke(parts.engine, signed.stream, "chen", "转发", signed.world.ms)

    assert opens(signed, link).status_code == 404
    assert opens(signed, link_to(signed)).status_code == 200
    assert "owner_link.revoke" in str(signed.world.rows(trace))


def test_the_link_of_one_order_opens_no_photo_of_another(world: World, signed: Job):
    other = ordinary(world, number="R-other")
    other.photographs("after", 1, 77)
    other.signs()
    theirs = order_of(other).photos[-1].blob.sha256

    assert opens(signed, f"{link_to(signed)}?photo={theirs}").status_code == 404


def test_a_photo_of_ones_own_order_is_shown_without_metadata(signed: Job):
    mine = order_of(signed).photos[0].blob.sha256

    answer = opens(signed, f"{link_to(signed)}?photo={mine}&small=1")

    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert b"Exif" not in answer.data


def test_the_paper_is_the_owners_copy(signed: Job):
    answer = opens(signed, f"{link_to(signed)}?paper=pdf")

    parts = signed.world.parts
    assert answer.data == issued(parts, signed.stream, "owner", None, whole=True)


def test_the_page_says_what_was_done_and_shortens_the_telephone(signed: Job):
    text = opens(signed, link_to(signed)).text

    assert "更换角阀" in text
    assert "¥88.50" in text
    assert "13800138000" not in text


def test_the_page_is_small(signed: Job):
    assert len(opens(signed, link_to(signed)).data) < 30 * 1024


def test_before_anybody_has_signed_the_page_says_how_far_it_is(world: World):
    job = ordinary(world, number="R-open")
    job.arrives_at_server()

    assert heading(opens(job, link_to(job))) == "您的报修"


# complaints and disputes


def test_a_dispute_stands_on_the_check_page_until_the_desk_has_looked(signed: Job):
    says(signed, do="dispute", reason="not_signed")
    assert check_page(signed) == "有争议，处理中"

    (review,) = [
        one for one in order_of(signed).reviews if one.code == "owner_disputes"
    ]
    signed.decides(ReviewResolved(review=review.id, reason="as_it_is"))

    assert check_page(signed) == "记录属实，现行有效"


def test_a_dispute_is_stated_once(signed: Job):
    says(signed, do="dispute", reason="amount")

    again = says(signed, do="dispute", reason="amount")

    assert again.status_code == 409
    assert len(facts_of(signed, "owner.disputed")) == 1


def test_a_complaint_waits_for_the_desk(signed: Job):
    says(signed, do="complain", subject="quality", words="又漏了")

    assert "owner_complains" in {one.code for one in order_of(signed).reviews}


def test_what_is_said_of_a_person_is_no_fact_and_on_no_tablet(signed: Job):
    """C6: whoever it is about never sees it."""
    says(signed, do="complain", subject="person", words="态度恶劣")

    assert facts_of(signed, "owner.complained") == []
    assert "态度恶劣" not in str(signed.world.rows(private))
    assert "态度恶劣" in str(signed.world.rows(owner_report))


def test_nothing_filled_in_is_nothing_said(signed: Job):
    assert says(signed, do="rate").status_code == 422


def test_a_certificate_that_the_desk_took_back_says_why(signed: Job):
    signed.decides(CertificateRevoked(sheet=sheet_of(signed), reason="amount_wrong"))

    answer = opens(signed, f"/v/{code_of(sheet_of(signed))}")

    assert heading(answer) == "已撤销"
    assert "金额有误" in answer.text


# the owner's own phone


def test_the_code_of_the_phone_confirms_the_sheet(signed: Job):
    types(signed, asks(signed))

    assert strength(order_of(signed), sheet_of(signed)) == CONFIRMED


def test_nobody_asked_is_a_signature_on_the_tablet_alone(signed: Job):
    assert strength(order_of(signed), sheet_of(signed)) == TABLET


def test_no_answer_is_recorded_as_no_answer(signed: Job):
    asks(signed)
    signed.world.ms += VALID_MS * 100

    text = "".join(opens(signed, f"/v/{code_of(sheet_of(signed))}").text.split())
    assert strength(order_of(signed), sheet_of(signed)) == ASKED
    assert "未确认" in text
    assert "未确认：已请业主用自己的手机确认" in signed.paper().words


def test_the_paper_says_that_the_owner_confirmed(signed: Job):
    types(signed, asks(signed))

    words = signed.paper().words
    assert "确认了这份验收单" in words
    assert "没有另用自己的手机确认" not in words


def test_a_code_counts_once(signed: Job):
    code = asks(signed)
    types(signed, code)

    assert types(signed, code).status_code == 403
    assert len(facts_of(signed, "owner.confirmed")) == 1


def test_a_code_is_over_after_half_an_hour(signed: Job):
    code = asks(signed)
    signed.world.ms += VALID_MS

    assert types(signed, code).status_code == 403


def test_after_five_wrong_codes_the_right_one_is_over(signed: Job):
    code = asks(signed)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(MOST_WRONG):
        types(signed, wrong)

    assert types(signed, code).status_code == 403
    assert facts_of(signed, "owner.confirmed") == []


def test_asking_again_gives_no_more_tries_than_an_order_has(signed: Job):
    """Whoever can ask cannot guess for ever."""
    for _ in range(6):
        wrong = f"{(int(asks(signed)) + 1) % 10**6:06d}"
        for _ in range(MOST_WRONG):
            types(signed, wrong)
        signed.world.ms += 120_000

    assert types(signed, asks(signed)).status_code == 403
    assert facts_of(signed, "owner.confirmed") == []


def test_a_code_for_another_sheet_confirms_nothing(world: World):
    """The owner was asked about round one; the order was mended and signed anew."""
    job = ordinary(world, number="R-again")
    job.signs()
    first = asks(job)
    job.mends(1, words="加固")
    job.inspects(1, 1)
    job.signs()
    world.ms += 120_000
    asks(job)

    assert types(job, first).status_code == 403
    assert strength(order_of(job), sheet_of(job)) == ASKED


def test_the_code_is_kept_nowhere(signed: Job):
    code = asks(signed)
    signed.world.parts.notices.look()

    tables = str([signed.world.rows(one) for one in (owner_code, fact, private)])
    assert code not in tables


def test_the_code_goes_to_the_owners_phone_and_to_nobody_else(signed: Job):
    parts = signed.world.parts
    parts.notices.once()
    code = asks(signed)
    parts.notices.once()

    sent = (signed.world.config.data / "sms.jsonl").read_text("utf-8")
    told = [json.loads(one) for one in sent.splitlines() if code in one]
    assert [one["to"] for one in told] == ["13800138000"]


def test_nobody_is_asked_twice_in_a_minute(signed: Job):
    asks(signed)

    with pytest.raises(Refused, match="秒后再试"):
        asks(signed)


def test_without_a_signature_nobody_can_be_asked(world: World):
    job = ordinary(world, number="R-none")
    may_text_owners(job)

    with pytest.raises(Refused, match="没有业主签字"):
        confirming(job).ask(job.stream, "chen", world.ms)
