"""Vectors of the log: proofs that hold, heads that are signed, a line of keys."""

from itertools import pairwise
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from sync.epochs import Opened, lineage_of
from sync.heads import KeyWord, LogHead, fact_leaf, goes_on, head_text, key_text
from sync.log import consistency, inclusion, tree_hash
from sync.plain import but, plain
from sync.signing import public_jwk, sign, thumbprint

KEYS = [ec.derive_private_key(0x200 + n, ec.SECP256R1()) for n in range(4)]
LEAVES = [fact_leaf(f"fact {n}", 1_794_272_400_000 + n) for n in range(40)]
SIZES = (1, 2, 3, 7, 8, 21, 32, 40)
FORK = Opened(epoch="e2", parent="e1", fork_position=9, opened_ms=5)


def _over(a: int, b: int) -> bytes:
    return tree_hash(LEAVES[a:b])


def _hex(path: list[bytes]) -> list[str]:
    return [one.hex() for one in path]


def heads() -> Any:
    """Everything that a tablet checks about its server's book."""
    return {
        "included": [
            {"leaf": LEAVES[at].hex(), "at": at, "size": size,
             "path": _hex(inclusion(at, size, _over)), "root": _over(0, size).hex()}
            for size in SIZES for at in {0, size // 2, size - 1}
        ],
        "consistent": [
            {"old": old, "old_root": _over(0, old).hex(), "new": new,
             "root": _over(0, new).hex(), "path": _hex(consistency(old, new, _over))}
            for new in SIZES for old in (0, *SIZES) if old <= new
        ],
        "keys": [plain(one) for one in _line()],
        "names": [thumbprint(public_jwk(one.public_key())) for one in KEYS],
        "head": plain(_head("e1", 8)),
        "opened": plain(FORK),
        "steps": list(_steps()),
        "shown": list(_shown()),
        "offered": list(_offered()),
    }  # fmt: skip


def _head(epoch: str, size: int, root: str = "", by: int = 0) -> LogHead:
    one = LogHead(epoch=epoch, size=size, root=root or _over(0, size).hex(), at_ms=7,
                  key=thumbprint(public_jwk(KEYS[by].public_key())))  # fmt: skip
    return but(one, signature=sign(KEYS[by], head_text(one)))


def _line() -> list[KeyWord]:
    """Each key lets in the next, but nobody the last one."""
    line = [KeyWord(key=public_jwk(KEYS[0].public_key()))]
    for before, after in pairwise(KEYS):
        jwk, name = (
            public_jwk(after.public_key()),
            thumbprint(public_jwk(before.public_key())),
        )
        word = KeyWord(key=jwk, since_ms=len(line), before=name)
        text = key_text(word)
        signer = KEYS[0] if after is KEYS[-1] else before
        line.append(but(word, signature=sign(signer, text), answer=sign(after, text)))
    return line


def _steps() -> Any:
    lineage = lineage_of([FORK])
    pairs = (
        (_head("e1", 8), _head("e1", 21)), (_head("e1", 8), _head("e1", 8)),
        (_head("e1", 8), _head("e1", 8, "ab" * 32)), (_head("e1", 21), _head("e1", 8)),
        (_head("e1", 8), _head("e2", 21)),
        (_head("e1", 21, "ab" * 32), _head("e2", 32)),
        (_head("e1", 8, "ab" * 32), _head("e2", 32)), (_head("e1", 8), _head("e9", 8)),
    )  # fmt: skip
    for old, new in pairs:
        size = (min(old.size, new.size), max(old.size, new.size))
        path = _hex(consistency(*size, _over))
        yield {"old": plain(old), "new": plain(new), "path": path,
               "goes_on": goes_on(old, new, path, lineage)}  # fmt: skip


def _shown() -> Any:
    """What a tablet that met the first key makes of a head that it is shown: how many
    keys of the line it knows, what it holds, is shown and proven, does it take it."""
    e8, e21, other = _head("e1", 8), _head("e1", 21), "ab" * 32
    proof, line = _hex(consistency(8, 21, _over)), _line()
    forged, e2 = but(e21, at_ms=8), _head("e2", 32)
    cases: tuple[tuple[str, int, LogHead | None, LogHead, list[str], bool], ...] = (
        ("the first of all", 0, None, e8, [], True),
        ("one that goes on", 0, e8, e21, proof, True),
        ("of the key that the old one let in", 2, e8, _head("e1", 21, by=1), proof,
         True),
        ("of the old key, which is not forgotten", 3, e8, e21, proof, True),
        ("of a key not heard of yet", 0, e8, _head("e1", 21, by=1), proof, False),
        ("of a key that nobody let in", 4, e8, _head("e1", 21, by=3), proof, False),
        ("the first, of a key that nobody let in", 4, None, _head("e1", 8, by=3), [],
         False),
        ("altered after it was signed", 0, e8, forged, proof, False),
        ("with one entry altered", 0, e8, _head("e1", 21, other), proof, False),
        ("without a proof", 0, e8, e21, [], False),
        ("shorter than before", 0, e21, e8, [], False),
        ("as long, and another", 0, e8, _head("e1", 8, other), [], False),
        ("of an epoch after a restore", 0, _head("e1", 21, other), e2, [], True),
        ("of that epoch, altered before it", 0, _head("e1", 8, other), e2,
         _hex(consistency(8, 32, _over)), False),
        ("of an epoch that nobody owned up to", 0, e21, _head("e9", 32),
         _hex(consistency(21, 32, _over)), False),
    )  # fmt: skip
    for what, known, held, shown, path, taken in cases:
        yield {"what": what, "keys": [plain(one) for one in line[:known]],
               "held": held and plain(held), "shown": plain(shown), "path": path,
               "taken": taken}  # fmt: skip


def _offered() -> Any:
    """Keys that a server says it has: how many a tablet knew of the line, whether it
    takes something over, and how many it knows then."""
    line = _line()
    torn = but(line[1], signature=line[2].signature)
    cases = (
        ("a new key", 1, line[:2], 2), ("two at once", 0, line[:3], 3),
        ("one that nobody let in", 3, line, None),
        ("two, and one that nobody let in", 1, line, 3),
        ("another that nobody let in", 1, [line[0], torn], None),
        ("nothing new", 2, line[:2], None), ("fewer", 3, line[:2], None),
        ("those of somebody else", 1, line[3:], None),
    )  # fmt: skip
    for what, known, offered, then in cases:
        yield {"what": what, "keys": [plain(one) for one in line[:known]],
               "offered": [plain(one) for one in offered],
               "taken": then is not None, "known": then or known}  # fmt: skip
