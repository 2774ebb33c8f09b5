"""What is suggested where facts disagree, and what the two sides are: a table.

A: what was done in the field stands. B: what the desk decided, or the later one,
stands. M: a person has to put it together by hand. It is a suggestion; the person says
why. May not enter: how it is shown.
"""

from collections.abc import Mapping

from sync.facts import KINDS
from sync.order import Order, Review
from sync.plain import Record
from sync.words import N_

FIELD, DESK, BY_HAND = "a", "b", "m"

# By the review's code. Somebody who stood in the home did the work, whatever the desk
# decided meanwhile; money, signatures and identities are nobody's to guess.
SUGGESTED: Mapping[str, str] = {
    "not_assigned": FIELD,
    "cancelled_unseen": FIELD,
    "after_cancelled": BY_HAND,
    "closed_unseen": FIELD,
    "after_closed": BY_HAND,
    "double_arrival": FIELD,
    "contradiction": BY_HAND,
    "parallel_edit": BY_HAND,
    "signed_older_version": BY_HAND,
    "record_incomplete": DESK,
    "signature_missing": DESK,
    "correction_missed": BY_HAND,
    "out_of_turn": FIELD,
    "lamport_jump": FIELD,
    "owner_disputes": BY_HAND,
    "owner_complains": BY_HAND,
    "fork": BY_HAND,
}

# What a person may decide about a review, by the reason that its fact holds for good:
# add, never rename. Desk, tablet and API say these words and no others.
DECISIONS: Mapping[str, str] = {
    "field_stands": N_("以现场的记录为准"),
    "desk_stands": N_("以调度的决定为准，现场的记录留作附件"),
    "first_stands": N_("以第一份为准"),
    "second_stands": N_("以第二份为准"),
    "as_it_is": N_("按原样保留，不用再做什么"),
    "to_be_completed": N_("请维修人员补充或更正"),
    "by_hand": N_("另行处理，见说明"),
}

# Which of them A, B and M are: where one side says something, where the field stands
# against the desk, where two of a kind stand against each other.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "one": {FIELD: "as_it_is", DESK: "to_be_completed", BY_HAND: "by_hand"},
    "mixed": {FIELD: "field_stands", DESK: "desk_stands", BY_HAND: "by_hand"},
    "alike": {FIELD: "first_stands", DESK: "second_stands", BY_HAND: "by_hand"},
}


class Side(Record, frozen=True, kw_only=True):
    """One side of it: the facts that stand together."""

    side: str  # a, b
    entries: tuple[str, ...]


def suggested(review: Review) -> str:
    """What is suggested about it."""
    return SUGGESTED.get(review.code, BY_HAND)


def choices(order: Order, review: Review) -> Mapping[str, str]:
    """What A, B and M are for it, by the reasons that are recorded."""
    known = {one.id: KINDS[one.kind].decides for one in order.history}
    told = [known[one] for one in review.facts if one in known]
    if len(told) < 2:
        return CHOICES["one"]
    return CHOICES["mixed" if len(set(told)) > 1 else "alike"]


def sides(order: Order, review: Review) -> tuple[Side, Side]:
    """What the field recorded against what the desk decided; where it is one or the
    other alone, the first fact against the rest."""
    kinds = {one.id: KINDS[one.kind].decides for one in order.history}
    decided = tuple(one for one in review.facts if kinds.get(one))
    done = tuple(one for one in review.facts if not kinds.get(one))
    if not decided or not done:
        done, decided = review.facts[:1], review.facts[1:]
    return Side(side=FIELD, entries=done), Side(side=DESK, entries=decided)
