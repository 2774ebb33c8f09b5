"""What happens to an order of the sample month: one story each, told as it goes.

A story yields the instant at which it goes on (`hours.py`: by day, at the door, or
whenever); whoever plays the month lets time pass. A story ends well if time allows:
what is left open is of the last days. To add one, write it and give it a weight in
STORIES. May not enter: doors, tables.
"""

from collections.abc import Callable, Iterator, Mapping

from server.seed.hours import AtTheDoor, InOffice
from server.seed.jobs import HOUR_MS, Job
from server.seed.words import (
    COMMENTS,
    COMPLAINED,
    DISPUTED,
    LOOKED_AT,
    TURNED_AWAY,
)
from sync.facts.survey import ThingReturned, ThingTakenAway
from sync.facts.visit import NobodyHome, TurnedAway
from sync.facts.work import PartUsed, Retracted
from sync.moment import DAY_MS, MINUTE_MS
from sync.order import Payer

Story = Iterator[int]


def _asked(job: Job, least: int = 1, most: int = 8) -> Story:
    """The call, and a little later the desk gives it to somebody."""
    job.logged()
    yield InOffice(job.now_ms + job.minutes(least, most))
    job.dispatched()


def _on_the_way(job: Job) -> Story:
    """The tablet learns of it, its person opens it and drives."""
    yield job.now_ms + job.minutes(1, 4)
    job.handed_in()
    job.seen()
    yield AtTheDoor(job.now_ms + job.minutes(1, 3))
    job.set_off()
    yield job.now_ms + job.minutes(3, 9)


def _in_touch(job: Job) -> Story:
    """The tablet hears what is new, as soon as there is coverage."""
    while not job.handed_in():
        yield job.pad.away_until_ms


def _to_the_signature(job: Job, round_: int = 1) -> Story:
    """Found, agreed, repaired, inspected, signed."""
    yield job.now_ms + job.minutes(3, 8)
    job.photographed("before")
    job.surveyed()
    job.agreed()
    yield job.now_ms + job.minutes(9, 30)
    job.photographed("during")
    yield job.now_ms + job.minutes(6, 40)
    job.repaired()
    job.inspected(round_, passed=True)
    job.accepted(round_)
    job.paid_and_rated(round_)
    job.left()


def _signed_later(job: Job, days: int = 1) -> Story:
    """Somebody comes again for what is left, and for the signature."""
    yield AtTheDoor(job.window(days) + job.minutes(0, 60))
    job.handed_in()
    job.at_the_door()
    yield job.now_ms + job.minutes(10, 30)
    job.recorded()
    job.inspected_and_signed()
    job.left()
    job.handed_in()


def _decided_at_the_desk(job: Job) -> Story:
    """What waits for a person is decided, days later."""
    yield InOffice(job.now_ms + job.minutes(2_500, 5_000))
    job.looked_at("looked_into", LOOKED_AT)


def sees_to_it(job: Job) -> Story:
    """Whoever has called, somebody is sent and does it."""
    yield InOffice(job.now_ms + job.minutes(5, 30))
    job.dispatched()
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def sees_to_it_at_once(job: Job) -> Story:
    """Called, sent, done, handed in."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def usual(job: Job) -> Story:
    """As it should be, with a network at both ends."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    job.handed_in()
    if job.fault.priority == "emergency":
        job.made_safe()
        job.handed_in()
    yield from _to_the_signature(job)
    yield job.now_ms + job.minutes(1, 10)
    job.handed_in()
    yield InOffice(job.now_ms + DAY_MS)
    if job.dice.random() < 0.6:
        job.closed()


def has_just_come(job: Job) -> Story:
    """Somebody stands in the home, and has looked at nothing yet."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    job.handed_in()


def in_the_cellar(job: Job) -> Story:
    """Nothing is heard between the car park and the evening."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.away(job.dice.randrange(120, 420))
    job.at_the_door()
    yield from _to_the_signature(job)
    yield job.pad.away_until_ms + MINUTE_MS
    job.handed_in()


def sent_back_once(job: Job) -> Story:
    """The owner finds fault, and signs two days later."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield job.now_ms + job.minutes(3, 8)
    job.photographed("before")
    job.surveyed()
    job.agreed()
    yield job.now_ms + job.minutes(20, 60)
    job.repaired()
    job.inspected(1, passed=False)
    job.sent_back()
    job.left()
    job.handed_in()
    yield AtTheDoor(job.window(2) + job.minutes(0, 100))
    job.at_the_door()
    yield job.now_ms + job.minutes(20, 50)
    job.repaired()
    job.inspected(2, passed=True)
    job.accepted(2)
    job.paid_and_rated(2)
    job.left()
    job.handed_in()


def will_not_sign(job: Job) -> Story:
    """Done, shown, and the owner will not sign; the desk calls about it, the manager
    too, and some come round."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield job.now_ms + job.minutes(5, 9)
    job.photographed("before")
    job.surveyed()
    job.agreed()
    yield job.now_ms + job.minutes(20, 60)
    job.repaired()
    job.inspected(1, passed=True)
    job.unsigned()
    job.left()
    job.handed_in()
    yield InOffice(job.now_ms + job.minutes(30, 90))
    job.commented(COMMENTS[2])
    if job.dice.random() < 0.7:
        yield from _signed_later(job, 4)


def nobody_home(job: Job) -> Story:
    """Rung twice; another time is agreed, and it is a second visit (二次上门)."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.arrived()
    job.tell(NobodyHome())
    job.gone()
    start_ms = job.window(1)
    job.appointed(start_ms, reason="无人应答")
    job.handed_in()
    yield AtTheDoor(start_ms + job.minutes(2, 50))
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def turned_away(job: Job) -> Story:
    """The owner does not let anybody in; in the end nobody needs to come."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.arrived()
    job.tell(TurnedAway(reason=job.dice.choice(TURNED_AWAY)))
    job.gone()
    job.handed_in()
    yield InOffice(job.now_ms + job.minutes(60, 1200))
    job.cancelled("owner_withdrew", "业主来电：已自行解决，不用再来。")


def waits_for_parts(job: Job) -> Story:
    """Held until a part is there, then done on the day agreed."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield job.now_ms + job.minutes(4, 9)
    job.photographed("before")
    job.surveyed()
    job.agreed(job.now_ms + 6 * DAY_MS)
    job.left()
    job.handed_in()
    yield InOffice(job.now_ms + job.minutes(15, 60))
    job.held("parts", "等供应商发货，预计三天。")
    yield InOffice(job.now_ms + 2 * DAY_MS + job.minutes(0, 600))
    job.resumed("配件已到，可以约时间。")
    start_ms = job.window(1)
    job.handed_in()
    job.appointed(start_ms)
    job.handed_in()
    yield AtTheDoor(start_ms + job.minutes(0, 100))
    job.at_the_door()
    yield job.now_ms + job.minutes(20, 60)
    job.repaired()
    job.inspected(1, passed=True)
    job.accepted()
    job.left()
    job.handed_in()


def too_dear(job: Job) -> Story:
    """Above what may be decided on site: waits for a manager (L4)."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield job.now_ms + job.minutes(4, 9)
    job.photographed("before")
    job.surveyed()
    dear = job.dice.randrange(1_100, 6_000) * 100
    job.too_dear(dear)
    job.left()
    job.handed_in()
    yield InOffice(job.now_ms + 18 * HOUR_MS + job.minutes(0, 600))
    job.approved(dear)
    job.handed_in()
    yield AtTheDoor(job.window(1) + job.minutes(0, 60))
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def given_to_another_meanwhile(job: Job) -> Story:
    """Out of coverage at the door, while the desk sends somebody else (F16)."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.away(90)
    first = job.pad
    job.at_the_door(first)
    yield job.now_ms + job.minutes(5, 15)
    other = job.town.fitting(job.fault.trade, job.dice, but=first.actor)
    job.dispatched(other)
    job.surveyed(first)
    job.left(first)
    yield first.away_until_ms + MINUTE_MS
    job.handed_in(first)
    yield from _decided_at_the_desk(job)
    yield AtTheDoor(job.now_ms + job.minutes(30, 200))
    job.handed_in()
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def cancelled_too_late(job: Job) -> Story:
    """The owner withdraws, and the tablet does not hear of it in time."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.away(80)
    yield job.now_ms + job.minutes(1, 4)
    job.cancelled("owner_withdrew", "业主来电撤单。")
    yield job.now_ms + job.minutes(4, 9)
    job.at_the_door()
    job.left()
    yield job.pad.away_until_ms + MINUTE_MS
    job.handed_in()
    yield from _decided_at_the_desk(job)


def cancelled_and_gone_there(job: Job) -> Story:
    """Withdrawn; the owner calls the technician all the same, who goes."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.cancelled("owner_withdrew", "业主说先不修了。")
    yield from _in_touch(job)
    job.gone()
    yield AtTheDoor(job.now_ms + job.minutes(60, 140))
    job.at_the_door()
    job.left()
    job.handed_in()
    yield from _decided_at_the_desk(job)


def closed_meanwhile(job: Job) -> Story:
    """Closed at the desk while one more part waits on a tablet in a cellar."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()
    job.away(100)
    job.part_used("密封胶", 1_200)
    yield job.now_ms + job.minutes(20, 60)
    job.closed()
    yield job.pad.away_until_ms + MINUTE_MS
    job.handed_in()
    yield from _decided_at_the_desk(job)


def paid_after_closing(job: Job) -> Story:
    """The owner pays when everything is closed already, and the technician knows."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()
    yield InOffice(job.now_ms + job.minutes(30, 60))
    job.closed()
    yield from _in_touch(job)
    yield job.now_ms + job.minutes(20, 90)
    job.paid()
    job.handed_in()
    yield from _decided_at_the_desk(job)


def signature_left_out(job: Job) -> Story:
    """The owner agreed, and the strokes are missing (A2)."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield job.now_ms + job.minutes(5, 9)
    job.photographed("before")
    job.surveyed()
    job.agreed()
    yield job.now_ms + job.minutes(20, 50)
    job.repaired()
    job.inspected(1, passed=True)
    job.accepted(signed=False)
    job.left()
    job.handed_in()
    yield from _decided_at_the_desk(job)


def takes_back_too_much(job: Job) -> Story:
    """The technician takes back what the owner signed: nobody but the owner can."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    word = job.facts["signed"].id
    job.tell(Retracted(fact=word, reason="wrong_order"), {"words": "签到别家单上了"})
    job.handed_in()
    yield from _decided_at_the_desk(job)


def two_of_one_tablet(job: Job) -> Story:
    """A tablet was set up from a copy of another: both go on under one name."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    job.handed_in()
    copy = job.pad.copied()
    yield job.now_ms + job.minutes(5, 9)
    job.photographed("before")
    job.photographed("before", copy)
    job.handed_in(copy)
    job.handed_in()
    yield from _to_the_signature(job)
    job.handed_in()
    yield from _decided_at_the_desk(job)


def counts_wrongly(job: Job) -> Story:
    """A tablet with a damaged store counts tens of thousands of records too far."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield job.now_ms + job.minutes(5, 9)
    job.photographed("before")
    job.tell(PartUsed(line=job.line(1_500), price_list=job.PRICES), {"name": "生料带"},
             leap=40_000)  # fmt: skip
    job.handed_in()
    yield from _to_the_signature(job)
    job.handed_in()
    yield from _decided_at_the_desk(job)


def two_words_of_the_owner(job: Job) -> Story:
    """Signed on one tablet and sent back on another, neither knowing of the other."""
    yield from _asked(job)
    first = job.pad
    name = job.town.fitting(job.fault.trade, job.dice, but=first.actor)
    job.dispatched(first.actor, name)
    other = job.town.tablets[name]
    yield from _on_the_way(job)
    job.handed_in(other)
    job.at_the_door()
    job.arrived(other)
    yield job.now_ms + job.minutes(5, 9)
    job.photographed("before")
    job.surveyed()
    job.agreed()
    yield job.now_ms + job.minutes(15, 40)
    job.repaired()
    job.handed_in()
    job.handed_in(other)
    job.away(60)
    job.away(60, other)
    job.inspected(1, passed=True)
    job.accepted()
    yield job.now_ms + job.minutes(5, 9)
    job.inspected(1, passed=False, pad=other)
    job.sent_back(1, other)
    job.left()
    job.left(other)
    yield job.now_ms + job.minutes(61, 90)
    job.handed_in()
    job.handed_in(other)
    yield InOffice(job.now_ms + job.minutes(15, 50))
    job.commented(COMMENTS[2])
    yield from _decided_at_the_desk(job)
    yield from _signed_later(job)


def two_surveys(job: Job) -> Story:
    """Lead and helper both survey it, in the same cellar."""
    yield from _asked(job)
    first = job.pad
    name = job.town.fitting(job.fault.trade, job.dice, but=first.actor)
    job.dispatched(first.actor, name)
    other = job.town.tablets[name]
    yield from _on_the_way(job)
    job.handed_in(other)
    job.away(40)
    job.away(40, other)
    job.at_the_door()
    job.arrived(other)
    job.surveyed()
    job.surveyed(other, cause="使用不当")
    yield job.now_ms + job.minutes(41, 60)
    job.left(other)
    job.handed_in()
    job.handed_in(other)
    yield job.now_ms + job.minutes(20, 60)
    job.agreed()
    job.repaired()
    job.left()
    job.handed_in()
    yield from _decided_at_the_desk(job)
    yield from _signed_later(job)


def one_more_thing(job: Job) -> Story:
    """Something is added to what the owner has signed already (A2)."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    job.found(3, "装修", Payer.COMPANY, "门框磕碰，一并补漆", "入户门框")
    job.handed_in()
    yield from _decided_at_the_desk(job)


def forgot_the_record(job: Job) -> Story:
    """Said to be done, and nobody wrote what was done (V5)."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield job.now_ms + job.minutes(5, 9)
    job.photographed("before")
    job.surveyed()
    job.agreed()
    yield job.now_ms + job.minutes(15, 40)
    job.repaired(recorded=False)
    job.left()
    job.handed_in()
    yield from _signed_later(job, 2)


def arrived_twice(job: Job) -> Story:
    """Left without saying so, and came again."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.arrived()
    job.gone()
    job.handed_in()
    yield AtTheDoor(job.now_ms + job.minutes(90, 200))
    job.at_the_door()
    job.handed_in()
    yield from _to_the_signature(job)
    job.handed_in()
    yield InOffice(job.now_ms + job.minutes(2_500, 5_000))
    job.looked_at("forgot_to_leave", "师傅说上一次走时忘了点离场。")


def took_it_along(job: Job) -> Story:
    """Something leaves the home against a receipt, and comes back later, or not yet."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield job.now_ms + job.minutes(5, 12)
    job.photographed("before")
    job.surveyed()
    receipt = f"QJ-{job.number[-4:]}"
    job.tell(ThingTakenAway(receipt=receipt), {"what": job.fault.goods})
    job.left()
    job.handed_in()
    yield AtTheDoor(job.window(2) + job.minutes(0, 100))
    job.at_the_door()
    job.tell(ThingReturned(receipt=receipt))
    yield from _to_the_signature(job)
    job.handed_in()


def by_appointment(job: Job) -> Story:
    """The owner wants tomorrow, and says so at once."""
    yield from _asked(job, 2, 6)
    yield job.now_ms + job.minutes(1, 3)
    job.handed_in()
    start_ms = job.window(1)
    job.appointed(start_ms)
    job.handed_in()
    yield AtTheDoor(start_ms + job.minutes(-10, 100))
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def left_lying(job: Job) -> Story:
    """Nobody is sent for hours, and the owner calls again."""
    job.logged()
    yield InOffice(job.now_ms + job.minutes(90, 200))
    job.commented(COMMENTS[0])
    yield InOffice(job.now_ms + job.minutes(120, 400))
    job.dispatched()
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def never_opened(job: Job) -> Story:
    """Given to somebody who does not look for hours."""
    yield from _asked(job, 1, 3)
    yield InOffice(job.now_ms + job.minutes(150, 400))
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def just_given(job: Job) -> Story:
    """Given a moment ago to somebody who stands in a cellar and cannot know of it."""
    job.logged()
    job.dispatched()
    job.away(job.dice.randrange(20, 60))
    yield job.pad.away_until_ms + MINUTE_MS
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def nobody_yet(job: Job) -> Story:
    """Registered, and that is all for a long while."""
    yield from _asked(job, 240, 500)
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def photos_to_follow(job: Job) -> Story:
    """The facts are here; their pictures are still on the tablet."""
    yield from _asked(job)
    yield from _on_the_way(job)
    job.at_the_door()
    yield job.now_ms + job.minutes(4, 8)
    job.photographed("before")
    job.pad.photos_stay = True
    job.surveyed()
    job.handed_in()
    yield job.now_ms + job.minutes(120, 300)
    job.pad.photos_stay = False
    yield from _to_the_signature(job)
    job.handed_in()


def shows_an_old_picture(job: Job) -> Story:
    """Whoever mended the like before hands in that picture once more (V4)."""
    job.logged()
    yield InOffice(job.now_ms + job.minutes(2, 9))
    who, job.old = job.town.pictures.get(job.fault.trade, ("", b""))
    job.dispatched(who)
    yield from _on_the_way(job)
    job.at_the_door()
    yield from _to_the_signature(job)
    job.handed_in()


def disputed_at_home(job: Job) -> Story:
    """Signed, and an hour later the owner disagrees on the page of their own (C5)."""
    yield from sees_to_it_at_once(job)
    yield job.now_ms + job.minutes(40, 80)
    job.disputed("amount", DISPUTED)
    yield from _decided_at_the_desk(job)


def complained_of(job: Job) -> Story:
    """Signed, and it drips again before the evening."""
    yield from sees_to_it_at_once(job)
    yield job.now_ms + job.minutes(40, 80)
    job.complained("quality", COMPLAINED)
    yield from _decided_at_the_desk(job)


def not_a_repair(job: Job) -> Story:
    """A complaint, an enquiry, a suggestion: in hand, and answered by telephone."""
    job.logged()
    yield InOffice(job.now_ms + job.minutes(20, 600))
    job.commented("已电话答复，业主表示理解。")
    yield InOffice(job.now_ms + job.minutes(200, 2_000))
    job.closed()


# How likely each is, of a thousand.
STORIES: Mapping[Callable[[Job], Story], int] = {
    usual: 330,
    in_the_cellar: 160,
    by_appointment: 110,
    sent_back_once: 60,
    nobody_home: 45,
    waits_for_parts: 50,
    will_not_sign: 22,
    turned_away: 22,
    too_dear: 22,
    took_it_along: 18,
    given_to_another_meanwhile: 18,
    cancelled_too_late: 14,
    cancelled_and_gone_there: 6,
    closed_meanwhile: 6,
    paid_after_closing: 8,
    signature_left_out: 6,
    takes_back_too_much: 4,
    two_of_one_tablet: 2,
    counts_wrongly: 2,
    two_words_of_the_owner: 10,
    two_surveys: 14,
    one_more_thing: 14,
    forgot_the_record: 18,
    arrived_twice: 12,
    photos_to_follow: 14,
    left_lying: 25,
    never_opened: 12,
}
# What goes on at this minute, by minutes of the clock; by night these are emergencies.
UNDER_WAY: tuple[tuple[Callable[[Job], Story], int], ...] = (
    (nobody_yet, 4), (nobody_yet, 17), (never_opened, 7), (has_just_come, 75),
    (usual, 22), (usual, 38), (usual, 58), (just_given, 1),
)  # fmt: skip
# So that every screen has something to show, each is told once near the end, so many
# minutes of daylight before it: what a review needs may wait for a morning, for another
# home and for coverage.
SHOWN_AT_THE_END: tuple[tuple[Callable[[Job], Story], int], ...] = (
    (nobody_yet, 130), (never_opened, 95), (in_the_cellar, 95), (in_the_cellar, 50),
    (by_appointment, 300), (by_appointment, 900), (waits_for_parts, 270),
    (waits_for_parts, 1_200), (too_dear, 330), (sent_back_once, 260),
    (sent_back_once, 700), (will_not_sign, 500), (took_it_along, 600),
    (two_words_of_the_owner, 590), (two_surveys, 620),
    (given_to_another_meanwhile, 580), (cancelled_too_late, 570),
    (cancelled_and_gone_there, 780), (closed_meanwhile, 720), (paid_after_closing, 690),
    (signature_left_out, 660), (takes_back_too_much, 560), (two_of_one_tablet, 640),
    (counts_wrongly, 600), (forgot_the_record, 610), (one_more_thing, 630),
    (arrived_twice, 860), (photos_to_follow, 110), (left_lying, 180),
    (nobody_home, 310), (turned_away, 120),
)  # fmt: skip
# What owners say from home: told once, so many minutes of daylight before the end.
SAID_AFTERWARDS: tuple[tuple[Callable[[Job], Story], int], ...] = (
    (disputed_at_home, 420), (complained_of, 540),
)  # fmt: skip
