"""What things cost, as ratios measured in one run: ``python benchmarks/cost.py``.

Cold processes are timed by turns, and the least of several times is taken, so that what else the
machine does weighs on both sides of a ratio.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

REPEATS = 7
EXAMPLES = 200
CORE_CHAIN = ("F1", "F2", "F3", "F6", "S1", "S2", "O1", "O2", "T1", "T1s", "T3", "T3p")
SHRINKPROOF = ["-c", "import sys; from shrinkproof.cli import main; sys.exit(main())"]


def cold(arguments: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def least(*commands: Sequence[str]) -> list[float]:
    """The least time of each command, run by turns."""
    return [
        min(times)
        for times in zip(*([cold(c) for c in commands] for _ in range(REPEATS)), strict=True)
    ]


def examples_of(label: str, examine: Callable[[object], object]) -> float:
    """Seconds to draw EXAMPLES instances of a result and do something with each."""
    from hypothesis import HealthCheck, Phase, given, seed, settings

    from shrinkproof.instances import instances
    from shrinkproof.library import result

    @seed(0)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(instances(result(label).statement))
    def run(instance: object) -> None:
        examine(instance)

    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main() -> None:
    from shrinkproof import checker

    with tempfile.TemporaryDirectory() as folder:
        cold([*SHRINKPROOF, "derive", "--out", folder])
        files = sorted(map(str, Path(folder).glob("certificates/*.json")))
        sympy, chain, verify, usage, standalone, smt = least(
            ["-c", "import sympy"],
            [*SHRINKPROOF, "verify", *CORE_CHAIN],
            [*SHRINKPROOF, "verify"],
            [*SHRINKPROOF, "--help"],
            ["-O", "-I", checker.__file__, *files],
            [*SHRINKPROOF, "verify", "--checker", "smt"],
        )
    print(f"import sympy, cold                {sympy:7.3f} s")
    print(f"verify of the core chain, cold    {chain / sympy:7.2f} x import sympy   (at most 3)")
    print(f"shrinkproof verify, cold          {verify / sympy:7.2f} x import sympy   (at most 5)")
    print(f"shrinkproof --help, cold          {usage / sympy:7.2f} x import sympy   (at most 0.35)")
    print(f"checker.py, the whole library     {standalone / verify:7.2f} x verify   (at most 1.5)")
    print(f"verify --checker smt              {smt / verify:7.2f} x verify   (at most 10)")

    from shrinkproof import library
    from shrinkproof.checks import examine
    from shrinkproof.verdicts import Undecided

    for r in library.results():

        def both(instance: object, r: library.Result = r) -> None:
            with suppress(Undecided):
                examine(r.statement, instance)  # type: ignore[arg-type]

        times = [
            (examples_of(r.label, lambda instance: None), examples_of(r.label, both))
            for _ in range(3)
        ]
        drawn, total = (min(column) for column in zip(*times, strict=True))
        checked = total - drawn
        print(
            f"checking an example of {r.label:4}       {checked / drawn:7.2f} x generating it"
            "   (at most 3)"
        )


if __name__ == "__main__":
    main()
