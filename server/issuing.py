"""Issue an acceptance form: collect what is known, print it, and seal the file.

May not enter: who may have it, HTTP, how it looks.
"""

from server.paper import copy_of, paper
from server.paper.gathering import known
from server.parts import Parts
from sync.sealed import sealed


def issued(
    parts: Parts, name: str, copy: str, round_number: int | None, *, whole: bool
) -> bytes:
    """The PDF of this order's acceptance, for one of its readers.

    Refused: `not_accepted`, `sheet_absent`, `paper_busy`, `paper_too_large`.
    """
    found = known(parts.engine, parts.keys, parts.proofs, parts.originals, name,
                  round_number)  # fmt: skip
    made = paper(
        found, copy_of(copy, whole=whole),
        public_url=parts.config.public_url,
        offset_minutes=parts.config.utc_offset_minutes,
    )  # fmt: skip
    return sealed(made, parts.keys.name, parts.keys.seal)
