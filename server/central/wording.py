"""A difference in the reader's words: what happened, and what each side says.

May not enter: which sentence belongs to which code (`sync/reconcile/telling.py`).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from server.story import yuan
from server.words import say
from sync.card import STAGES
from sync.missing import LABELS as LACKING
from sync.reconcile.telling import HAPPENED, NOTHING, SHAPES, TEXT, WORDS
from sync.register import REASONS
from sync.words import N_

Language = str | None


def sides(
    code: str, register: str, field: str, offset: int, language: Language = None
) -> tuple[str, str]:
    """What the register says, and what the field."""
    shapes = SHAPES.get(code, TEXT)
    said = [
        _written(shape, value, offset, language)
        for shape, value in zip(shapes, (register, field), strict=True)
    ]
    return said[0], said[1]


def happened(
    code: str, register: str, field: str, about: str, offset: int,
    language: Language = None,
) -> str:  # fmt: skip
    """What happened, in one sentence."""
    theirs, ours = sides(code, register, field, offset, language)
    facts = {"register": theirs, "field": ours, "about": about}
    return say(HAPPENED[code], facts, language)


def _written(shape: str, value: str, offset: int, language: Language) -> str:
    if not value:
        return say(NOTHING, {}, language)
    write = _SHAPES.get(shape)
    try:
        return write(value, offset, language) if write else value
    except ValueError:  # of a version that wrote it otherwise: as it stands
        return value


def _at(ms: int, offset: int, form: str = "%m-%d %H:%M") -> str:
    there = datetime.fromtimestamp(ms // 1000, UTC) + timedelta(minutes=offset)
    return there.strftime(form)


def _time(value: str, offset: int, _language: Language) -> str:
    return _at(int(value), offset)


def _interval(value: str, offset: int, _language: Language) -> str:
    """To the minute; what is open on a side says so."""
    first, _, end = value.partition("–")
    begins = _at(int(first), offset) if first != "None" else ""
    ends = _at(int(end), offset) if end != "None" else ""
    if begins == ends:
        return begins
    if begins[:5] == ends[:5]:
        return f"{begins}–{ends[6:]}"
    return f"{begins}–{ends}"


def _fen(value: str, _offset: int, _language: Language) -> str:
    return yuan(int(value))


def _fens(value: str, _offset: int, language: Language) -> str:
    material, _, labour = value.partition("+")
    nothing = say(NOTHING, {}, language)
    facts = {
        "material": yuan(int(material)) if material else nothing,
        "labour": yuan(int(labour)) if labour else nothing,
    }
    return say(N_("材料 {material}，人工 {labour}"), facts, language)


def _word(value: str, _offset: int, language: Language) -> str:
    return _in(WORDS, value, language)


def _words(value: str, _offset: int, language: Language) -> str:
    joint = say(N_("、"), {}, language)
    return joint.join(_in(WORDS, one, language) for one in value.split(", "))


def _stage(value: str, _offset: int, language: Language) -> str:
    return _in(STAGES, value, language)


def _truth(value: str, _offset: int, language: Language) -> str:
    return say(N_("有") if value == "True" else N_("没有"), {}, language)


def _stars(value: str, _offset: int, language: Language) -> str:
    return say(N_("{stars} 星"), {"stars": value}, language)


def _lacks(value: str, _offset: int, language: Language) -> str:
    said = (one.rpartition(" ") for one in value.split(", "))
    return "；".join(
        say(LACKING[code], {"count": count}, language) if code in LACKING else code
        for code, _, count in said
    )


def _why(value: str, _offset: int, language: Language) -> str:
    blank = dict.fromkeys(("column", "found", "instead"), "…")
    return "；".join(
        say(REASONS[one], blank, language) if one in REASONS else one
        for one in value.split(", ")
    )


def _picture(value: str, _offset: int, language: Language) -> str:
    return say(N_("照片 {digest}"), {"digest": value[:12]}, language)


def _in(table: Mapping[str, str], value: str, language: Language) -> str:
    return say(table[value], {}, language) if value in table else value


_SHAPES: Mapping[str, Callable[[str, int, Language], str]] = {
    "time": _time, "interval": _interval, "fen": _fen, "fens": _fens, "word": _word,
    "words": _words, "stage": _stage, "truth": _truth, "stars": _stars,
    "lacks": _lacks, "why": _why, "picture": _picture,
}  # fmt: skip
