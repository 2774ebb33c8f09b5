"""A ZIP of files as they are, in one possible form: the same files, the same bytes.

Nothing is packed, dated or commented, so a file that is read has to be, to the last
byte, what would be written: whatever else somebody puts into it, between its parts or
behind them, shows. May not enter: what is in the files.
"""

import struct
import zlib
from collections.abc import Sequence

from sync.problems import Refused

MOST_FILES = 10_000
MOST_BYTES = 0x7FFF_FFFF  # of the whole: plain ZIP, which every program reads
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_NEEDS, _UTF8, _STORED, _MIDNIGHT, _1980 = 20, 0x800, 0, 0, 0x21

Files = Sequence[tuple[str, bytes]]


def zipped(files: Files) -> bytes:
    """These files, in this sequence."""
    parts, names, at = [], [], 0
    for name, data in files:
        called, sum_ = name.encode(), zlib.crc32(data)
        said = (_UTF8, _STORED, _MIDNIGHT, _1980, sum_, len(data), len(data))
        head = _LOCAL.pack(b"PK\3\4", _NEEDS, *said, len(called), 0) + called
        names += [
            _CENTRAL.pack(b"PK\1\2", _NEEDS, _NEEDS, *said, len(called),
                          0, 0, 0, 0, 0, at) + called
        ]  # fmt: skip
        parts += [head, data]
        at += len(head) + len(data)
        if at > MOST_BYTES or len(names) > MOST_FILES:
            raise Refused("evidence_too_large")
    listed, many = b"".join(names), len(names)
    end = _END.pack(b"PK\5\6", 0, 0, many, many, len(listed), at, 0)
    return b"".join([*parts, listed, end])


def unzipped(data: bytes) -> list[tuple[str, bytes]]:
    """What lies in it, in its sequence; refuses what `zipped` would not have made."""
    files, at = [], 0
    while data[at : at + 4] == b"PK\3\4":
        try:
            said = _LOCAL.unpack_from(data, at)
            begins = at + _LOCAL.size + said[9]
            name = data[at + _LOCAL.size : begins].decode()
        except (struct.error, UnicodeDecodeError):
            break
        at = begins + said[8]
        files.append((name, data[begins:at]))
    if not files or zipped(files) != data:
        raise Refused("evidence_altered", at=_where(data, files))
    return files


def _where(data: bytes, files: Files) -> str:
    """The file at which it first differs from what would have been made."""
    made, at = zipped(files), 0
    for name, held in files:
        at += _LOCAL.size + len(name.encode()) + len(held)
        if data[:at] != made[:at]:
            return name
    return ""
