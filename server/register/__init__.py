"""The call register as a file: CSV or XLSX in, wrong rows out.

Gives sheets of text cells; what the cells mean is `sync/register`. May not enter: the
ledger, orders, HTTP.
"""

from server.register.formulas import neutral, unneutral
from server.register.reading import read_register
from server.register.wrong_rows import write_wrong_rows

__all__ = ["neutral", "read_register", "unneutral", "write_wrong_rows"]
