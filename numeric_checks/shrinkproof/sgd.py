"""Low-precision SGD on many trajectories at once: the vectorised twin of ``process``.

The same process in float64: w <- w - mu_k Q_k, where Q_k is made of the stochastic gradient g_k.
``iterate`` is the loop that everything trains with; ``simulate`` runs it on a ``Process``, where
Q_k = q_k g_k + eps_k and eps_k may be the rounding error of a quantizer.  Where float64 holds every
number on the way exactly (short dyadic data), a trajectory is one of those that ``process``
enumerates, to the last bit; the tests hold it to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from shrinkproof.exact import Vector, fraction
from shrinkproof.objectives import Objective, Quadratic, RationalWells, reflect
from shrinkproof.oracles import AdditiveNoise, ExactGradient, FiniteSum, Mean, Outcomes
from shrinkproof.process import (
    Additive,
    OfSample,
    Predictable,
    Process,
    RoundingError,
    Scheduled,
    Silent,
)

Array = NDArray[np.float64]


class Step(NamedTuple):
    """One step of every trajectory, arrays of shape (trajectories, d).

    gradient: g_k.  direction: Q_k, what is subtracted, times the stepsize.  after: w_{k+1}.
    """

    gradient: Array
    direction: Array
    after: Array


def iterate(
    start: Array,
    stepsizes: Iterable[float],
    gradient: Callable[[Array], Array],
    disturbed: Callable[[int, Array, Array], Array],
) -> Iterator[Step]:
    """The steps w_{k+1} = w_k - mu_k Q_k from `start`, with Q_k = disturbed(k, w_k, g_k)."""
    w = start
    for k, mu in enumerate(stepsizes):
        g = gradient(w)
        direction = disturbed(k, w, g)
        w = w - mu * direction
        yield Step(g, direction, w)


def simulate(process: Process, *, trajectories: int, rng: np.random.Generator) -> Array:
    """Iterates w_0, ..., w_K of independent trajectories, shape (K + 1, trajectories, d).

    Raises TypeError for an objective, oracle, shrinkage or noise that has no vectorised form.
    """

    def disturb(k: int, w: Array, g: Array) -> Array:
        return disturbed(process, shrinkage_factors(process, k, w, g)[:, None] * g, rng)

    start = np.tile(_floats(process.start), (trajectories, 1))
    steps = iterate(
        start,
        (float(fraction(mu)) for mu in process.stepsizes),
        lambda w: stochastic_gradients(process, w, rng),
        disturb,
    )
    return np.array([start, *(step.after for step in steps)])


def gradients(objective: Objective, w: Array) -> Array:
    """grad F at each row of w, shape (n, d)."""
    if isinstance(objective, Quadratic):
        hessian = np.array([_floats(row) for row in objective.hessian])
        slopes: Array = (w - _floats(objective.minimiser)) @ hessian
        return slopes
    if isinstance(objective, RationalWells):
        d, width = objective.dimension, float(fraction(objective.scale))
        units = [tuple(fmpq(int(i == j)) for j in range(d)) for i in range(d)]
        turn = np.array([_floats(reflect(objective.reflections, e)) for e in units])
        t = width * ((w - _floats(objective.centre)) @ turn)
        slopes = width * (2 * _floats(objective.depths) * t / (1 + t**2) ** 2) @ turn.T
        return slopes
    if isinstance(objective, Mean):
        parts = [gradients(f, w) for f in objective.components]
        return np.asarray(sum(parts) / len(parts))
    raise TypeError(f"no vectorised gradient for {type(objective).__name__}")


def stochastic_gradients(process: Process, w: Array, rng: np.random.Generator) -> Array:
    """One stochastic gradient at each row of w, shape (n, d)."""
    oracle = process.oracle
    if isinstance(oracle, ExactGradient):
        return gradients(oracle.objective, w)
    if isinstance(oracle, AdditiveNoise):
        return gradients(oracle.objective, w) + _drawn(oracle.support, len(w), rng)
    if isinstance(oracle, FiniteSum):
        parts = np.array([gradients(f, w) for f in oracle.components])
        chosen: Array = parts[rng.integers(0, len(parts), len(w)), np.arange(len(w))]
        return chosen
    raise TypeError(f"no vectorised form for {type(oracle).__name__}")


def shrinkage_factors(process: Process, k: int, w: Array, g: Array) -> Array:
    """q_k for each trajectory, shape (n,)."""
    rule = process.shrinkage
    if isinstance(rule, Scheduled):
        return np.full(len(w), float(fraction(rule.factor(k, process.start, None))))
    if isinstance(rule, Predictable):
        near = ((w - _floats(rule.centre)) ** 2).sum(axis=1) <= float(fraction(rule.radius2))
        return np.where(near, float(fraction(rule.near)), float(fraction(rule.far)))
    if isinstance(rule, OfSample):
        above = g @ _floats(rule.normal) > 0
        return np.where(above, float(fraction(rule.above)), float(fraction(rule.below)))
    raise TypeError(f"no vectorised form for {type(rule).__name__}")


def disturbed(process: Process, direction: Array, rng: np.random.Generator) -> Array:
    """q_k g_k + eps_k for each row q_k g_k of ``direction``, shape (n, d)."""
    noise = process.noise
    if isinstance(noise, Silent):
        return direction
    if isinstance(noise, Additive):
        return direction + _drawn(noise.support, len(direction), rng)
    if isinstance(noise, RoundingError):
        return noise.quantizer.round_array(direction, rng)
    raise TypeError(f"no vectorised form for {type(noise).__name__}")


def _drawn(law: Outcomes, size: int, rng: np.random.Generator) -> Array:
    probabilities = [float(fraction(p)) for p, _ in law]
    points = np.array([_floats(z) for _, z in law])
    chosen: Array = points[rng.choice(len(points), size, p=probabilities)]
    return chosen


def _floats(x: Vector) -> Array:
    return np.array([float(fraction(entry)) for entry in x])
