"""What a company's own headings mean: saved once, for exports that come again.

May not enter: rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import Engine, select

from server.central_tables import central_mapping
from server.database import reading, writing
from sync.problems import Refused
from sync.register import Sheet, field_named, is_heading


@dataclass(frozen=True, kw_only=True)
class Headings:
    """Their heading -> ours, under a name."""

    name: str
    columns: Mapping[str, str]

    def known(self) -> Callable[[str], bool]:
        """Is this a heading, theirs or ours?"""
        theirs = {bare(one) for one in self.columns}
        return lambda heading: is_heading(heading) or bare(heading) in theirs

    def applied(self, sheet: Sheet) -> Sheet:
        """The sheet under our headings; one of ours that theirs displaces is left as
        it is and read as one that we do not know."""
        ours = {bare(theirs): one for theirs, one in self.columns.items()}
        taken = {field_named(one) for one in ours.values()}
        found = []
        for heading in sheet.columns:
            if bare(heading) in ours:
                found.append(ours[bare(heading)])
            elif field_named(heading) in taken:
                found.append(f"*{heading}*原列")
            else:
                found.append(heading)
        return replace(sheet, columns=tuple(found))


NONE = Headings(name="", columns={})


def bare(heading: str) -> str:
    """A heading as it is compared."""
    return "".join(heading.split()).upper()


def save(engine: Engine, made: Headings, by: str, now_ms: int) -> None:
    """Keep it, in place of what the name meant before."""
    for ours in made.columns.values():
        if field_named(ours) is None:
            raise Refused("mapping_unknown", found=ours)
    row = {
        "columns": orjson.dumps(dict(made.columns)).decode(), "by": by,
        "made_ms": now_ms,
    }  # fmt: skip
    with writing(engine) as connection:
        chosen = central_mapping.c.name == made.name
        if connection.execute(select(central_mapping.c.name).where(chosen)).first():
            connection.execute(central_mapping.update().where(chosen).values(row))
        else:
            connection.execute(central_mapping.insert().values(name=made.name, **row))


def saved(engine: Engine, name: str) -> Headings:
    """The mapping of this name."""
    with reading(engine) as connection:
        text = connection.execute(
            select(central_mapping.c.columns).where(central_mapping.c.name == name)
        ).scalar()
    if text is None:
        raise Refused("mapping_missing", name=name)
    return Headings(name=name, columns=orjson.loads(text))


def all_saved(engine: Engine) -> list[Headings]:
    """All of them, by name."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(central_mapping).order_by(central_mapping.c.name)
        ).all()
    return [Headings(name=one.name, columns=orjson.loads(one.columns)) for one in rows]
