"""The call register (来电来访登记表) as people keep it, read into rows that we trust.

`cells` reads one cell, `columns` says which heading means what, `rows` reads a sheet.
May not enter: files and their encodings (`server/register` brings the sheet), and what
is done with a row afterwards.
"""

from sync.register.columns import COLUMNS, field_named, is_heading, spoken
from sync.register.rows import (
    REASONS,
    Reason,
    Register,
    RegisterRow,
    Sheet,
    SheetRow,
    WrongRow,
    read_rows,
    told_interval,
)

__all__ = [
    "COLUMNS",
    "REASONS",
    "Reason",
    "Register",
    "RegisterRow",
    "Sheet",
    "SheetRow",
    "WrongRow",
    "field_named",
    "is_heading",
    "read_rows",
    "spoken",
    "told_interval",
]
