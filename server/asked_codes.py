"""The code with which an owner confirms: made from the server's secret, kept nowhere.

May not enter: when it counts (`server/confirming.py`), how it travels.
"""

from server.keys import Keys

DIGITS = 6


def code_for(keys: Keys, asked: str, sheet: str) -> str:
    """Six digits that belong to this question about this sheet, and to no other."""
    made = keys.mac("owner code", f"{asked} {sheet}".encode())
    return f"{int.from_bytes(made, 'big') % 10**DIGITS:0{DIGITS}d}"
