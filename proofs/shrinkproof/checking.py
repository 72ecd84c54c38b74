"""Property checks of many results at once, on all processors, as rows of data.

Each result's checks depend on the seed alone, so the rows are the same however many processes work.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType
from typing import Any

from shrinkproof import library
from shrinkproof.library import Result

Row = dict[str, Any]
EXAMPLES = 100  # random instances for each result in ``reproduce``, which takes two minutes at most
FEW = 4  # results: for so few, starting processes takes longer than the checks


def check_one(result: Result, examples: int, seed: int, step: Callable[[], object]) -> Row:
    """What the checks of one result found; ``step`` is called at every random example."""
    from shrinkproof.checks import check

    report = check(result.statement, examples=examples, random_seed=seed, progress=step)
    row: Row = {
        "id": result.id,
        "label": result.label,
        "title": result.title,
        "made_by_hand": report.sharp,
        "examples": report.examples,
        "held": report.held,
        "equalities": report.tight,
        "undecided": report.undecided,
    }
    if report.refuted is not None:
        row |= {"refuted": str(report.refuted), "script": report.refuted.script()}
    return row


def _by_name(name: str, examples: int, seed: int) -> Row:
    """The same in a process of its own: results are sent there by name."""
    return check_one(library.result(name), examples, seed, lambda: None)


class Checking:
    """Checks that run beside what else is done, from ``with`` on until their rows are asked for.

    step: called with a label at every example, or where processes work, at every result.
    """

    def __init__(
        self,
        results: Sequence[Result],
        *,
        examples: int,
        seed: int,
        step: Callable[[str], object],
        workers: int | None = None,
    ) -> None:
        self.results, self.examples, self.seed, self.step = results, examples, seed, step
        self.workers = min(workers or os.cpu_count() or 1, len(results))
        self.pool: ProcessPoolExecutor | None = None
        self.futures: list[Future[Row]] = []

    def __enter__(self) -> Checking:
        if self.workers > 1 and len(self.results) > FEW:
            # Not by fork: numerical libraries have threads, which do not survive it.
            context = multiprocessing.get_context("spawn")
            self.pool = ProcessPoolExecutor(self.workers, mp_context=context)
            self.futures = [
                self.pool.submit(_by_name, r.id, self.examples, self.seed) for r in self.results
            ]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)

    def rows(self) -> list[Row]:
        """One row for each result, in order; waits for them, or does the work here."""
        if self.pool is None:
            return [self._here(r) for r in self.results]
        found = []
        for result, future in zip(self.results, self.futures, strict=True):
            found.append(future.result())
            self.step(result.label)
        return found

    def _here(self, result: Result) -> Row:
        return check_one(result, self.examples, self.seed, lambda: self.step(result.label))

    @property
    def steps(self) -> int:
        """How often ``step`` will be called, at least."""
        return len(self.results) * (1 if self.pool is not None else self.examples)
