"""`doorstep` that hands out the apps from folders of the tests' own.

    python -m tests.web.serve TABLET CONSOLE serve --bind …

A test may put another version there while the server runs. May not enter: anything
else that is different from what its users start.
"""

import sys
from pathlib import Path

from server import web_apps
from server.cli import main

if __name__ == "__main__":
    web_apps.BUILT.update(tablet=Path(sys.argv[1]), console=Path(sys.argv[2]))
    sys.exit(main(sys.argv[3:]))
