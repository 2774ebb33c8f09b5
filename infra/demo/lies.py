"""What the month-end register makes of it: honest rows, and rows that lie.

An honest row agrees with the field: its arrival minute holds the true arrival. Every
kind of lie is told once, each in a row of its own as long as there are homes it fits;
after that about a fifth of the rows lie. May not enter: how it is found out.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from re import fullmatch

from infra.demo.happenings import Home, Lie
from infra.demo.town import DAY, MINUTE, TECHNICIANS, chance
from sync.register import RegisterRow

Teller = Callable[[RegisterRow, Home, Random], RegisterRow]

# Two things really happened in these homes; a lie on top would prove nothing.
HONEST = {"reassigned_while_offline_after_arrival", "cancelled_too_late"}
OWN_ROWS = 2  # the row that stands there twice, and the stranger's
SATISFACTION = ("very_satisfied", "satisfied", "satisfied", "neutral", "dissatisfied")


def month_end(
    seed: int, opened: tuple[RegisterRow, ...], homes: tuple[Home, ...]
) -> tuple[tuple[RegisterRow, ...], tuple[Lie, ...]]:
    """The closed register, and what in it is not so."""
    by_number = {home.number: home for home in homes}
    honest = {
        row.number: _honest(
            row, by_number[row.number], chance(seed, "desk", row.number)
        )
        if row.number in by_number
        else replace(row, state="open")
        for row in opened
    }
    dice = chance(seed, "lies")
    told, lies = _told(honest, homes, dice)
    rows = [told[row.number] for row in opened if row.number in told]
    rows, twice = _twice(rows, homes, lies, dice)
    stranger = _stranger(opened, rows, dice)
    told_of = Lie(stranger.number, "unknown_number", "—", stranger.number)
    return (*rows, stranger), (*lies, *twice, told_of)


def _honest(row: RegisterRow, home: Home, dice: Random) -> RegisterRow:
    over = home.result == "pass"
    completed = _minute(home.rounds[-1].completed_ms)
    waits = any("rework" in incident for incident in home.incidents) and not over
    return replace(
        row,
        payer=home.items[0].payer,
        technician=_name(home.technician),
        arrived_ms=_minute(home.arrived_ms),
        completed_ms=completed,
        result=home.result,
        signed=home.signed,
        material_fen=home.material_fen,
        labour_fen=home.labour_fen,
        charged_fen=home.charged_fen,
        called_back_ms=completed + DAY if over else None,
        satisfaction=dice.choice(SATISFACTION) if over else None,
        state="closed" if over else "rework" if waits else "open",
    )


def _told(
    honest: Mapping[str, RegisterRow], homes: tuple[Home, ...], dice: Random
) -> tuple[dict[str, RegisterRow], tuple[Lie, ...]]:
    told = dict(honest)
    lies: list[Lie] = []
    clean = [home for home in homes if not home.incidents & HONEST]
    dice.shuffle(clean)
    codes = [*TELLERS, "missing_in_register"]
    for n in range(max(len(codes), len(honest) // 5 - OWN_ROWS)):
        code = codes[n] if n < len(codes) else dice.choice([*TELLERS])
        if n >= len(codes) and len(clean) == 1:
            break  # `_twice` needs a true row
        home = next((home for home in clean if FITS[code](home)), None)
        if home is None:
            continue
        clean.remove(home)
        row = honest[home.number]
        if code == "missing_in_register":
            del told[home.number]
            lies.append(Lie(home.number, code, home.number, "—"))
            continue
        told[home.number] = TELLERS[code](row, home, dice)
        field = FIELD[code]
        before, after = getattr(row, field), getattr(told[home.number], field)
        also = ALSO.get(code, ())
        lies.append(Lie(home.number, code, str(before), str(after), also))
    return told, tuple(lies)


def _twice(
    rows: list[RegisterRow],
    homes: tuple[Home, ...],
    lies: tuple[Lie, ...],
    dice: Random,
) -> tuple[list[RegisterRow], tuple[Lie, ...]]:
    """One true row stands there once more, further down."""
    lied = {lie.number for lie in lies}
    worked = {home.number for home in homes if not home.incidents & HONEST} - lied
    places = [n for n, row in enumerate(rows) if row.number in worked]
    if not places:
        return rows, ()
    place = dice.choice(places)
    again = rows[place]
    below = dice.randint(place + 1, len(rows))
    return [*rows[:below], again, *rows[below:]], (
        Lie(again.number, "number_twice", "1", "2"),
    )


def _stranger(
    opened: tuple[RegisterRow, ...], rows: list[RegisterRow], dice: Random
) -> RegisterRow:
    """A row like the others under a number that nobody in the field ever heard."""
    last = max(row.number for row in opened)
    match = fullmatch(r"(.*?)(\d{1,9})", last)
    head, digits = match.groups() if match else (last, "0")
    number = f"{head}{int(digits) + dice.randint(3, 9):0{len(digits)}}"
    known = {row.number for row in opened}
    while number in known:
        number += "9"
    finished = [row for row in rows if row.state == "closed"] or list(opened)
    return replace(dice.choice(finished), number=number)


def _arrived_early(row: RegisterRow, _home: Home, _dice: Random) -> RegisterRow:
    """At the door before the desk had assigned anybody, so before any arrival.

    Nobody is assigned within five minutes of the call (`homes.DESK_MINUTES`).
    """
    return replace(row, arrived_ms=_minute(row.registered_ms) + 2 * MINUTE)


def _not_noted(row: RegisterRow, _home: Home, _dice: Random) -> RegisterRow:
    return replace(row, arrived_ms=None)


def _somebody_else(row: RegisterRow, home: Home, _dice: Random) -> RegisterRow:
    other = next(t.name for t in TECHNICIANS if t.id != home.technician)
    return replace(row, technician=other)


def _other_amount(row: RegisterRow, _home: Home, dice: Random) -> RegisterRow:
    more = dice.choice((10, 20, 50, 88)) * 100
    return replace(row, charged_fen=(row.charged_fen or 0) + more)


def _signed_they_say(row: RegisterRow, _home: Home, _dice: Random) -> RegisterRow:
    return replace(row, signed=True)


def _never_signed(row: RegisterRow, _home: Home, _dice: Random) -> RegisterRow:
    return replace(row, signed=False)


def _passed_they_say(row: RegisterRow, _home: Home, _dice: Random) -> RegisterRow:
    return replace(row, result="pass", state="closed")


# The rarest fit first: only one or two homes give occasion for them.
TELLERS: Mapping[str, Teller] = {
    "signature_claimed": _signed_they_say,
    "result_differs": _passed_they_say,
    "signature_denied": _never_signed,
    "arrival_differs": _arrived_early,
    "arrival_missing": _not_noted,
    "technician_differs": _somebody_else,
    "amount_differs": _other_amount,
}
FIELD = {
    "signature_claimed": "signed",
    "result_differs": "result",
    "signature_denied": "signed",
    "arrival_differs": "arrived_ms",
    "arrival_missing": "arrived_ms",
    "technician_differs": "technician",
    "amount_differs": "charged_fen",
}
# What a lie says besides: who calls a repair good that the owner sent back, closes it.
ALSO: Mapping[str, tuple[str, ...]] = {"result_differs": ("closed_unaccepted",)}
FITS: Mapping[str, Callable[[Home], bool]] = {
    "signature_claimed": lambda home: home.rounds[-1].signature_refused is not None,
    "result_differs": lambda home: home.result == "fail",
    "signature_denied": lambda home: home.signed,
    "arrival_differs": lambda home: home.signed,
    "arrival_missing": lambda home: home.signed,
    "technician_differs": lambda home: home.signed,
    "amount_differs": lambda home: home.signed,
    "missing_in_register": lambda home: home.signed,
}


def _name(technician: str) -> str:
    return next(t.name for t in TECHNICIANS if t.id == technician)


def _minute(at_ms: int) -> int:
    return at_ms // MINUTE * MINUTE
