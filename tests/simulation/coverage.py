"""Which faults a campaign must have met, and how often it did.

May not enter: how a fault is brought about.
"""

from collections.abc import Iterator, Mapping

# What fires -> the row of the list of faults that it stands for.
FAULTS: Mapping[str, str] = {
    "lose_answer": "F1: the answer is lost after the work was done",
    "lose_request": "F1: the request is lost",
    "double": "F2: the request arrives twice",
    "double_late": "F2: it arrives once more, much later",
    "push_again": "F2: an old push is repeated word for word",
    "arrive_late": "F3: the request arrives after later ones",
    "cut_request": "F4: the request is cut short",
    "cut_answer": "F4: the answer is cut short",
    "flip_request": "F4: a bit of the request is turned over",
    "flip_answer": "F4: a bit of the answer is turned over",
    "fall_over": "F5: 500, before or after the work was done",
    "server_dies_in_work": "F5: the server dies between two statements",
    "server_disk_full_in_work": "F7: the server's disk is full",
    "server_locked_in_work": "F8: somebody else holds the database",
    "clock_jumps": "F10: a tablet's clock is set",
    "reboot": "F10: a tablet is switched off and on",
    "wipe": "F11: a tablet is wiped and replaced",
    "died_writing": "F12: a tablet dies while it writes a fact",
    "tablet_dies": "F12: a tablet dies in an exchange",
    "drop_projection": "F13: what a tablet took home is lost",
    "revoke": "F14: a tablet is stolen and revoked",
    "desk_decides_meanwhile": "F16: the desk decides while tablets exchange",
    "restore_backup": "F17: a backup is brought back",
    "restore_database": "F17: an old database file is put back",
    "restore_with_shelf": "F17: old database and old pictures are put back",
    "clone": "F18/F15: a tablet is copied and both go on",
    "older_server": "F19: the server is older than the tablets",
    "quarantine_replayed": "F19: quarantine is read again after the upgrade",
    "bad_facts": "F20: what is no fact is handed in among facts",
    "newer_kind": "F20: a kind that the server does not know",
    "tablet_disk_full": "F24: a tablet is full",
    "portal": "F26: a captive portal answers 200",
    "bad_gateway": "F26: something in between answers 502",
    "stale_answer": "F26: something in between answers from memory",
    "verified_backup": "F28: a backup is made and seen to be whole",
    "erase_order": "X21: an owner's words are erased",
    "false_claim": "X1: a tablet claims something about another's log",
    "strange_order": "X9: a tablet speaks of an order that it never had",
    "odd_cursor": "K6: a cursor that nobody gave",
    "server_restarts": "the server is stopped and started",
    "day_ends": "days pass",
    "go_offline": "a tablet is out of coverage",
    "sign": "an owner signs",
    "cancel": "the desk cancels",
    "give_helper": "two people work on one order",
    "first_sync": "everything is taken home anew",
}


def missing(fired: Mapping[str, int]) -> list[str]:
    """Faults that never fired."""
    return [name for name in FAULTS if not fired.get(name)]


def table(fired: Mapping[str, int]) -> Iterator[str]:
    """How often each fault fired."""
    for name, words in FAULTS.items():
        yield f"{fired.get(name, 0):>9}  {name:<26} {words}"
