"""The models of a whole run: the few gradients that decide, found among all of them.

`models` judges in exact rationals, too slow for the millions of coordinates that a run rounds.
`whole_run` reads every one of them in float64 and keeps those that can decide a model or a
constant; `models` judges these alone, with the same result as if it had judged all (a test compares
the two).  What float64 decides here is exact:

- the laws are (`Quantizer.law_array`): E Q(g) = g and Q(g)_i = 0 compare exact numbers;
- division is monotone: the least factor is among those whose rounded quotient is least, and
  factors with different rounded quotients differ.  What float64 cannot tell apart is kept;
- sums of squares have a relative error below (2 d + 20) 2^-53 after rows are scaled by powers of
  two, far below `MARGIN`: the greatest relative error is among those within the margin.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shrinkproof.exact import from_float
from shrinkproof.models import ModelReport, Step, models, samples
from shrinkproof.quantizers import ArrayLaw, FloatArray, Quantizer

MARGIN = 1e-9
_ROWS = 1 << 10  # rows at a time, to stay in the cache


def whole_run(quantizer: Quantizer, gradients: FloatArray) -> ModelReport:
    """Which models hold on all gradients of a run, shape (steps, trajectories, d).

    The trajectories share their past at step 0, where all start from one iterate, and nowhere else.
    Raises ValueError for a run without gradients, and as `Quantizer.law_array` does.
    """
    steps, trajectories, d = gradients.shape
    if not gradients.size:
        raise ValueError("the run has no samples: expected at least one gradient")
    rows = gradients.reshape(steps * trajectories, d)
    kept = decisive(quantizer, rows, shared=trajectories)

    def step(numbers: list[int]) -> Step:
        vectors = [tuple(map(from_float, rows[i].tolist())) for i in numbers]
        places = [f"step {i // trajectories}, trajectory {i % trajectories}" for i in numbers]
        return samples(quantizer, vectors, places.__getitem__)

    first = [i for i in kept if i < trajectories]
    return models([step(first), *(step([i]) for i in kept if i >= trajectories)])


def decisive(quantizer: Quantizer, rows: FloatArray, *, shared: int) -> list[int]:
    """The numbers of the rows that decide, ascending; the first `shared` rows share a past."""
    found = _Decisive(shared)
    for start in range(0, len(rows), _ROWS):
        part = rows[start : start + _ROWS]
        found.add(start, part, quantizer.law_array(part))
    return found.rows(rows)


class _Greatest:
    """The rows in which a quantity is greatest, up to a margin."""

    def __init__(self, margin: float) -> None:
        self.margin, self.top = margin, -np.inf
        self.found: list[tuple[float, int]] = []

    def add(self, start: int, values: FloatArray) -> None:
        top = max(self.top, float(values.max(initial=-np.inf)))
        if top == -np.inf:
            return
        least = top if np.isinf(top) else top - abs(top) * self.margin
        self.top = top
        self.found = [(x, i) for x, i in self.found if x >= least]
        self.found += [(float(values[i]), start + int(i)) for i in np.flatnonzero(values >= least)]

    def rows(self) -> Iterator[int]:
        return (i for _, i in self.found)


class _Decisive:
    """Collects the rows that can decide, chunk by chunk."""

    def __init__(self, shared: int) -> None:
        self.shared = shared
        self.greatest = {
            "least factor": _Greatest(0.0),
            "greatest factor": _Greatest(0.0),
            "relative error": _Greatest(MARGIN),
            "error": _Greatest(MARGIN),
            "variance": _Greatest(MARGIN),
        }
        self.firsts = {"start": 0}
        self.unclear: list[int] = []

    def rows(self, rows: FloatArray) -> list[int]:
        """The collected rows; of equal ones that share no past, the first."""
        every = {*self.firsts.values(), *self.unclear}
        for quantity in self.greatest.values():
            every.update(quantity.rows())
        different: dict[bytes, int] = {}
        for i in sorted(every):
            if i >= self.shared:
                different.setdefault(rows[i].tobytes(), i)
        return sorted({*(i for i in every if i < self.shared), *different.values()})

    def add(self, start: int, g: FloatArray, law: ArrayLaw) -> None:
        nonzero = g != 0
        mean = law.mean()
        identity = (mean == g).all(axis=1)
        lost = ((law.lower == 0) & nonzero).any(axis=1)
        self._first("biased", start, ~identity)
        self._first("factor zero", start, lost)
        self._first("no distortion", start, identity & nonzero.any(axis=1))
        with np.errstate(over="ignore"):  # beyond float64 all are kept
            self._factors(start, g, law, nonzero, lost)
            self._errors(start, g, law)
            self._multiples(start, g, mean, nonzero, identity)

    def _first(self, what: str, start: int, holds: NDArray[np.bool_]) -> None:
        if what not in self.firsts and holds.any():
            self.firsts[what] = start + int(holds.argmax())

    def _factors(
        self,
        start: int,
        g: FloatArray,
        law: ArrayLaw,
        nonzero: NDArray[np.bool_],
        lost: NDArray[np.bool_],
    ) -> None:
        least = np.divide(law.lower, g, out=np.full_like(g, np.inf), where=nonzero).min(axis=1)
        most = np.divide(law.upper, g, out=np.full_like(g, -np.inf), where=nonzero).max(axis=1)
        # Of the rows with a factor that is exactly 0, the first stands for all.
        self.greatest["least factor"].add(start, np.where(lost, -np.inf, -least))
        self.greatest["greatest factor"].add(start, np.where(most > 0, most, -np.inf))

    def _errors(self, start: int, g: FloatArray, law: ArrayLaw) -> None:
        below, above = law.lower - g, law.upper - g
        unit, error_unit = _exponents(g), _exponents(np.maximum(np.abs(below), np.abs(above)))
        # Scaled by powers of two, squares neither overflow nor vanish.
        square = (np.ldexp(g, -unit) ** 2).sum(axis=1)
        below, above = (np.ldexp(x, -error_unit) ** 2 for x in (below, above))
        error = ((1 - law.chance) * below + law.chance * above).sum(axis=1)
        vanished = ((law.lower == 0) & (law.upper == 0)).all(axis=1) & (square > 0)
        self._first("vanished", start, vanished)  # u = 1, exactly
        relative = np.divide(error, square, out=np.zeros_like(error), where=square > 0)
        relative = np.ldexp(relative, 2 * (error_unit - unit)[:, 0])
        absolute = np.ldexp(error, 2 * error_unit[:, 0])
        relative[vanished | (relative == 0)] = -np.inf
        self.greatest["relative error"].add(start, relative)
        self.greatest["error"].add(start, np.where(error > 0, absolute, -np.inf))
        variance = (law.chance * (1 - law.chance) * (law.upper - law.lower) ** 2).sum(axis=1)
        self.greatest["variance"].add(start, np.where(variance > 0, variance, -np.inf))

    def _multiples(
        self,
        start: int,
        g: FloatArray,
        mean: FloatArray,
        nonzero: NDArray[np.bool_],
        identity: NDArray[np.bool_],
    ) -> None:
        """Rows whose E Q(g) may be a multiple of g, as far as float64 can tell."""
        if "no multiple" in self.firsts:
            return
        quotient = np.divide(mean, g, out=np.full_like(g, np.nan), where=nonzero)
        with np.errstate(invalid="ignore"):
            low, high = np.fmin.reduce(quotient, axis=1), np.fmax.reduce(quotient, axis=1)
        self._first("no multiple", start, low < high)
        until = self.firsts.get("no multiple", start + len(g)) - start
        self.unclear += [start + int(i) for i in np.flatnonzero(~identity[:until])]


def _exponents(x: FloatArray) -> NDArray[np.intc]:
    """The power of two of each row's greatest entry, as a column."""
    exponents: NDArray[np.intc] = np.frexp(np.abs(x).max(axis=1, keepdims=True))[1]
    return exponents
