"""SMT solvers in processes of their own, with a bound on time that holds.

    python -m shrinkproof.export.solvers [--blind] [--out DIR] FILE.json ...

prints, for each certificate, to how many of its obligations all solvers agree, and how many each
finds without the certificate; and writes the scripts into a folder.  In-process time
limits do not bind either solver in all of its procedures, so a process that is late is ended.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from shrinkproof.export.certificate import LARGEST, CertificateError, parse
from shrinkproof.export.replay import replay
from shrinkproof.export.smt import Obligation, obligations
from shrinkproof.kernel import ProofError

SOLVERS = {"z3": "z3-solver", "cvc5": "cvc5"}  # the module, and the package that has it
SERVER = Path(__file__).with_name("solving.py")
SECONDS = 10  # for each script; the library's take about 0.01


def missing() -> list[str]:
    """The packages of solvers that are not installed."""
    return [package for module, package in SOLVERS.items() if find_spec(module) is None]


class Solver:
    """A solver by name; ``ask`` says unsat, sat or unknown."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.process: subprocess.Popen[str] | None = None
        self.answers: dict[str, str] = {}

    def ask(self, script: str, seconds: float = SECONDS) -> str:
        """Whether the script is satisfiable; unknown, too, if it takes longer than that."""
        if script not in self.answers:
            self.answers[script] = self._answer(script, seconds)
        return self.answers[script]

    def _answer(self, script: str, seconds: float) -> str:
        if self.process is None:
            command = [sys.executable, "-u", "-P", str(SERVER), self.name]
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
            self._line(60)  # "ready"
        if self.process is None or self.process.stdin is None:
            return "unknown"
        try:
            self.process.stdin.write(json.dumps(script) + "\n")
            self.process.stdin.flush()
        except OSError:
            self.close()
            return "unknown"
        return self._line(seconds)

    def _line(self, seconds: float) -> str:
        """The next line that the process writes; it is ended if none comes in time."""
        process = self.process
        if process is None or process.stdout is None:
            return "unknown"
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            found = process.stdout.readline().strip()
        finally:
            timer.cancel()
        if found not in ("ready", "sat", "unsat", "unknown"):
            self.close()
            return "unknown"
        return found

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


@contextmanager
def solvers() -> Iterator[list[Solver]]:
    """All solvers, ended afterwards."""
    found = [Solver(name) for name in SOLVERS]
    try:
        yield found
    finally:
        for solver in found:
            solver.close()


@dataclass(frozen=True)
class Answer:
    """What a solver says of one script."""

    solver: str
    mode: str
    verdict: str
    obligation: Obligation

    @property
    def script(self) -> str:
        return str(getattr(self.obligation, self.mode))


def certified(
    proofs: Iterable[Obligation], asked: Sequence[Solver], seconds: float = SECONDS
) -> list[Answer]:
    """Every answer that was to be unsat and is not."""
    answers = (
        Answer(s.name, mode, s.ask(getattr(o, mode), seconds), o)
        for o in proofs
        for mode in ("identity", "signs")
        for s in asked
    )
    return [a for a in answers if a.verdict != "unsat"]


# -- the report ----------------------------------------------------------------------------------


def _read(path: Path) -> tuple[dict[str, Any], list[Obligation]]:
    """A certificate and its obligations."""
    with path.open("rb") as file:
        data = parse(file.read(LARGEST + 1))
    return data, obligations(replay(data))


def _report(
    label: str, found: Sequence[Obligation], asked: Sequence[Solver], blind: bool
) -> tuple[str, bool]:
    """A line on one certificate, and whether all that must be unsatisfiable is."""
    wrong = certified(found, asked)
    certain = len(found) - len({id(a.obligation) for a in wrong})
    line = f"{label:<6}{certain} of {len(found)} certified"
    for solver in asked if blind else ():
        alone = sum(solver.ask(o.blind, 1) == "unsat" for o in found)
        line += f", {alone} by {solver.name} alone"
    return line, not wrong


def _write(folder: Path, name: str, found: Sequence[Obligation]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for i, obligation in enumerate(found):
        for mode in ("identity", "signs", "blind"):
            script: str = getattr(obligation, mode)
            (folder / f"{name}-{i}-{mode}.smt2").write_text(script, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m shrinkproof.export.solvers")
    parser.add_argument("--blind", action="store_true", help="also the goals from premises alone")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write the scripts")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.json")
    options = parser.parse_args(arguments)
    if absent := missing():
        print(
            f"not installed: {', '.join(absent)}; pip install {' '.join(absent)}", file=sys.stderr
        )
        return 3
    good = True
    with solvers() as asked:
        for path in options.files:
            try:
                data, found = _read(path)
            except (CertificateError, ProofError, OSError) as error:
                print(f"{path}: {error}", file=sys.stderr)
                return 2
            line, holds = _report(data["label"], found, asked, options.blind)
            good &= holds
            print(line)
            if options.out is not None:
                _write(options.out, data["id"], found)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
