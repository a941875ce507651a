"""The guide's outputs as a pipeline would report them now, as JSON lines for `python -m`."""

import json
import sys
from typing import Final

from sandbox.demo.children import beside
from sandbox.demo.leftovers import OUTPUTS
from sandbox.player import Player
from sandbox.wire import Json

SAMPLES: Final = beside("samples", OUTPUTS)


def fresh_outputs(player: Player) -> list[Json]:
    """Give eight outputs that nobody has reported before, produced at the workspace's time.

    The story has taken weeks, a visitor may move the clock, and the same id would be the same
    output.
    """
    now, turn = player.world()["clock"]["iso"], player.logged()
    rows = (json.loads(line) for line in SAMPLES.read_text("utf-8").splitlines())
    return [
        row | {"output_id": f"guide-{turn}-{number}", "produced_at": now}
        for number, row in enumerate(rows, start=1)
    ]


def main() -> None:
    """Print the outputs for the sandbox at the address that is the only argument."""
    for each in fresh_outputs(Player(sys.argv[1])):
        sys.stdout.write(json.dumps(each, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
