"""`doorstep` that hands out the tablet's app from a folder of the tests' own.

    python -m tests.web.serve FOLDER serve --bind …

A test may put another version there while the server runs. May not enter: anything
else that is different from what its users start.
"""

import sys
from pathlib import Path

from server import tablet_app
from server.cli import main

if __name__ == "__main__":
    tablet_app.BUILT = Path(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
