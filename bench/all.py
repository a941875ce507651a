"""`python bench/all.py`: every bench, one after the other, whatever came of the one before."""

import subprocess
import sys
from pathlib import Path
from typing import Final

BENCHES: Final = (
    "ack.py",
    "home.py",
    "chart.py",
    "draw.py",
    "update.py",
    "page.py",
    "backtest.py",
    "metrics.py",
    "due.py",
    "startup.py",
    "fanout.py",
    "callers.py",
    "rush.py",
)


def main() -> int:
    """Run them and give 0 if each kept its bar, else 1."""
    failed = [each for each in BENCHES if not _keeps_its_bar(each)]
    if failed:
        print(f"Above the bar, or broken: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def _keeps_its_bar(bench: str) -> bool:
    print(f"== {bench}", flush=True)
    command = [sys.executable, str(Path(__file__).with_name(bench))]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
