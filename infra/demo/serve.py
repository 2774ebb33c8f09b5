"""`doorstep` with the demonstration's clock.

python -m infra.demo.serve CLOCK            commands by the line
python -m infra.demo.serve CLOCK serve …    one command
"""

import sys
from pathlib import Path

from infra.demo.clock import read_clock
from infra.demo.lines import obey
from server.cli import main

if __name__ == "__main__":
    now = read_clock(Path(sys.argv[1]))
    if sys.argv[2:]:
        sys.exit(main(sys.argv[2:], now=now))
    obey(lambda arguments: main(arguments, now=now))
