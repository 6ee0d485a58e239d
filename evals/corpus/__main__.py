"""`python -m evals.corpus`: how well requests are understood without any model."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence

from evals.corpus.grade import Graded, graded
from evals.corpus.play import Player
from evals.corpus.report import figures, table
from evals.corpus.requests import HALVES, read


def run(half: str, player: Player | None = None) -> list[Graded]:
    """Every request of a half, played and graded."""
    player = player or Player()
    return [graded(request, player.play(request)) for request in read(half)]


def main(argv: Sequence[str] | None = None) -> None:
    """Measure both halves, or one; failures are listed for the tuning half, elsewhere only with --show."""
    parser = argparse.ArgumentParser(prog="python -m evals.corpus", description=__doc__)
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--fails", type=int, default=0, metavar="N", help="list N failures")
    parser.add_argument("--family", help="only failures of this family")
    parser.add_argument(
        "--show", action="store_true", help="list failures of the reporting half, which ends its use"
    )
    given = parser.parse_args(argv)
    results = {half: run(half) for half in HALVES if given.half in (None, half)}
    found = {half: figures(graded_) for half, graded_ in results.items()}
    sys.stdout.write((json.dumps(found, indent=1) if given.json else table(found)) + "\n")
    for half, all_ in results.items():
        if given.fails and (half == "tuning" or given.show):
            _list(all_, given.fails, given.family)


def _list(results: Sequence[Graded], most: int, family: str | None) -> None:
    failed = [r for r in results if r.verdict != "right" and family in (None, r.request.family)]
    counts = Counter((r.request.family, r.verdict) for r in failed)
    for (name, verdict), count in counts.most_common():
        sys.stdout.write(f"{count:4} {verdict:8} {name}\n")
    for result in failed[:most]:
        sys.stdout.write(f"{_line(result)}\n")


def _line(result: Graded) -> str:
    request, given = result.request, result.given
    wrong = [name for name, ok in result.fields.items() if not ok]
    answer = f"{given.tool} {json.dumps(given.input)}" if given.tool else given.question or given.said
    before = f"{' / '.join(request.before)} >> " if request.before else ""
    return f"{result.verdict} {request.family} [{request.clinic}] {before}{request.text!r} {wrong} -> {answer[:300]}"


if __name__ == "__main__":
    main()
