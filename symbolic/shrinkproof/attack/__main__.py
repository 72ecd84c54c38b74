"""The mutation campaign: ``python -m shrinkproof.attack FILE.json ...`` prints its table.

Exit status: 0 no mutant survives and the checkers agree on all; 1 otherwise; 2 bad usage.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shrinkproof.attack.judging import STRONGER, SURVIVOR, VERDICTS, Disagreement, Judges, judge
from shrinkproof.attack.mutants import mutants
from shrinkproof.attack.places import Data
from shrinkproof.export.certificate import LARGEST, CertificateError, parse

EACH = 120  # mutants of each certificate


@dataclass
class Campaign:
    """What became of the mutants: counts by kind and verdict, and what is to be named."""

    judges: Judges = field(default_factory=Judges)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    named: dict[str, list[str]] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)

    def attack(self, data: Data, seed: int, each: int) -> None:
        for mutant in mutants(data, seed, each):
            try:
                verdict = judge(self.judges, data, mutant)
            except Disagreement as error:
                self.disagreements.append(str(error))
                continue
            self.counts[mutant.kind, verdict] += 1
            if verdict in (STRONGER, SURVIVOR):
                self.named.setdefault(verdict, []).append(f"{data['label']}, {mutant.words}")

    @property
    def holds(self) -> bool:
        return not self.disagreements and not self.named.get(SURVIVOR)

    def table(self) -> list[tuple[str, ...]]:
        kinds = sorted({kind for kind, _ in self.counts})
        rows = [(kind, *(self.counts[kind, v] for v in VERDICTS)) for kind in kinds]
        rows.append(("all", *(sum(column) for column in list(zip(*rows, strict=True))[1:])))
        return [
            ("", "mutants", *VERDICTS),
            *((str(k), str(sum(ns)), *map(str, ns)) for k, *ns in rows),  # type: ignore[arg-type]
        ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m shrinkproof.attack", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.json")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="(default 0)")
    parser.add_argument("--each", type=int, default=EACH, metavar="N", help=f"(default {EACH})")
    options = parser.parse_args(arguments)
    campaign = Campaign()
    for path in options.files:
        try:
            with path.open("rb") as file:
                data = parse(file.read(LARGEST + 1))
        except (CertificateError, OSError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 2
        campaign.attack(data, options.seed, options.each)
        if sys.stderr.isatty():
            print(f"\r{data['label']:<8}", end="", file=sys.stderr, flush=True)
    for row in campaign.table():
        print(row[0].ljust(12), *(x.rjust(9) for x in row[1:]))
    for verdict, rows in campaign.named.items():
        print(f"\n{verdict}:", *rows, sep="\n  ")
    for words in campaign.disagreements:
        print(f"\nthe checkers disagree: {words}")
    agreed = "" if campaign.disagreements else "the kernel and checker.py agree on every mutant; "
    print(f"\n{agreed}{len(campaign.named.get(SURVIVOR, []))} survivors")
    return 0 if campaign.holds else 1


if __name__ == "__main__":
    sys.exit(main())
