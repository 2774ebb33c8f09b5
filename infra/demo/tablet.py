"""`field` with the clocks of one of the demonstration's tablets, by the line.

python -m infra.demo.tablet CLOCK OFF_MS BEGUN_MS HOME
"""

import sys
from pathlib import Path

from field_client.cli import main
from infra.demo.clock import TabletClocks
from infra.demo.lines import obey

if __name__ == "__main__":
    clock, off_ms, begun_ms, home = sys.argv[1:]
    clocks = TabletClocks(Path(clock), int(off_ms), int(begun_ms))
    obey(lambda arguments: main(arguments, clocks=clocks, home=Path(home)))
