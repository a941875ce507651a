# ruff: noqa: INP001 -- a script for whoever checks, no part of the program
"""Draw one round again from an unpacked export: python3 recompute_draw.py FOLDER WORKFLOW ROUND."""

import json
import sys
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from hmac import digest
from pathlib import Path

if [each.isdecimal() for each in sys.argv[3:]] != [True] or not Path(sys.argv[1]).is_dir():
    sys.exit("Say the folder of an unpacked export, a workflow and the number of a round.")
folder, workflow, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
found = {}
for line in (folder / "entries.jsonl").open(encoding="utf-8"):
    entry = json.loads(line)
    if entry["on"] == f"round/{workflow}/{number}" and entry["kind"].startswith("round."):
        found[entry["kind"]] = entry["facts"]
if not {"round.opened", "round.drawn"} <= found.keys():
    sys.exit(
        f"Round {number} of {workflow} is not drawn in this export: nothing is there to compare."
    )
opened, drawn = found["round.opened"], found["round.drawn"]
populations = map(json.loads, (folder / "populations.jsonl").open(encoding="utf-8"))
mine = (each for each in populations if (each["workflow"], each["round"]) == (workflow, number))
outputs = next(mine)["outputs"]
seed = bytes.fromhex(drawn["seed"])
ranked = sorted((digest(seed, name.encode(), "sha256"), name, of) for name, *_, of in outputs)
sizes = Counter(of for _, _, of in ranked)
sample, floor = found.get("round.tightened", opened)["sample"], drawn["floor"]
if opened.get("share_bp"):  # said before the draw is how many at most; the share is of what arrived
    usual, share = opened["usual"], -(-len(outputs) * opened["share_bp"] // 10_000)
    sample = sample // usual * min(usual, max(opened["least"], share))
if drawn["cut_from"] == sample:  # to the time that reviewers have; verify.py computes that again
    sample = drawn["sample"]
places = Counter({of: min(floor, size) for of, size in sizes.items()} if floor else {})
for _, _, of in [] if floor else ranked[:sample]:
    places[of] += 1
while floor and places.total() < min(sample, len(outputs)):
    behind = (Fraction(2 * places[of] + 1, sizes[of]) for of in sizes)
    waiting = [each for each in zip(behind, sizes, strict=True) if places[each[1]] < sizes[each[1]]]
    places[min(waiting)[1]] += 1
chosen = []
for of in sorted(sizes):
    chosen += [name for _, name, category in ranked if category == of][: places[of]]
is_committed = sha256(seed).hexdigest() == opened["commitment"]
is_drawn = chosen == drawn["drawn"]
sys.stdout.writelines(f"{name}\n" for name in chosen)
sys.stderr.write(f"the seed is {'' if is_committed else 'NOT '}the one committed to\n")
sys.stderr.write(f"the draw is {'' if is_drawn else 'NOT '}the one on record\n")
sys.exit(0 if is_committed and is_drawn else 1)
