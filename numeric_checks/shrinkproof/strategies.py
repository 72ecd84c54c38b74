"""Hypothesis strategies for exact instances: objectives, oracles, noise, quantizers.

Cheap (a handful of small draws per object, nothing filtered or rejected), and they shrink
towards one dimension, zero vectors, small integers and the first entry of each list.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import TypeVar

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from shrinkproof.exact import Rational, Vector, add, scale, subtract
from shrinkproof.formats import FORMATS, format_named
from shrinkproof.objectives import Objective, Quadratic, RationalWells, RidgeLogistic
from shrinkproof.oracles import (
    AdditiveNoise,
    ExactGradient,
    LogisticSum,
    Oracle,
    Outcomes,
    QuadraticSum,
    WellSum,
)
from shrinkproof.quantizers import Quantizer, Rounding

T = TypeVar("T")

_EIGENVALUES = (1, 2, 3, fmpq(1, 2), fmpq(1, 3), fmpq(5, 4), fmpq(1, 10))
_TINY = (fmpq(1, 1000), fmpq(1, 10**6))
_WIDTHS = (1, 2, fmpq(1, 2), fmpq(1, 10))
_RIDGES = (1, fmpq(1, 2), fmpq(1, 10), fmpq(1, 1000))
_DENOMINATORS = (1, 2, 4, 3, 10)


@cache
def rationals(
    *, max_numerator: int = 16, denominators: tuple[int, ...] = _DENOMINATORS
) -> SearchStrategy[fmpq]:
    """n / d with abs(n) <= max_numerator and d from the list; shrinks to 0."""
    numerators = sorted(range(-max_numerator, max_numerator + 1), key=lambda n: (abs(n), -n))
    return _ratios(numerators, denominators)


@cache
def positive_rationals(
    *, max_numerator: int = 16, denominators: tuple[int, ...] = _DENOMINATORS
) -> SearchStrategy[fmpq]:
    """n / d with 1 <= n <= max_numerator and d from the list; shrinks to 1."""
    return _ratios(range(1, max_numerator + 1), denominators)


def _ratios(numerators: Sequence[int], denominators: Sequence[int]) -> SearchStrategy[fmpq]:
    # One draw instead of two: drawing is what an example costs.
    return st.sampled_from(
        list(dict.fromkeys(fmpq(n, d) for d in denominators for n in numerators))
    )


@cache
def vectors(dimension: int) -> SearchStrategy[Vector]:
    """Vectors of `rationals()`."""
    return st.tuples(*[rationals()] * dimension)


@cache
def _vectors(dimension: int, size: int) -> SearchStrategy[tuple[Vector, ...]]:
    return st.tuples(*[vectors(dimension)] * size)


@cache
def _several(pool: tuple[T, ...], size: int) -> SearchStrategy[tuple[T, ...]]:
    """Tuples of entries of a pool; made once, since making a strategy costs as much as a draw."""
    return st.tuples(*[st.sampled_from(pool)] * size)


@st.composite
def quadratics(
    draw: DrawFn,
    *,
    min_dim: int = 1,
    max_dim: int = 3,
    strongly_convex: bool | None = None,
    ill_conditioned: bool = True,
) -> Quadratic:
    """Convex quadratics with dense or diagonal matrix.

    strongly_convex: True for positive eigenvalues only, False for at least one zero, None for
    either.  ill_conditioned: allow eigenvalues down to 10^-6.
    """
    dimension = draw(st.integers(min_dim, max_dim))
    pool: tuple[Rational, ...] = _EIGENVALUES + (_TINY if ill_conditioned else ())
    pool += () if strongly_convex else (0,)
    eigenvalues = draw(_several(pool, dimension))
    if strongly_convex is False:
        eigenvalues = (fmpq(0), *eigenvalues[1:])
    return Quadratic(
        eigenvalues=eigenvalues,
        minimiser=draw(vectors(dimension)),
        minimum=draw(rationals()),
        reflections=draw(_reflections(dimension)),
    )


@st.composite
def wells(draw: DrawFn, *, min_dim: int = 1, max_dim: int = 3) -> RationalWells:
    """Nonconvex rational wells, with depths of either sign."""
    dimension = draw(st.integers(min_dim, max_dim))
    return RationalWells(
        depths=draw(vectors(dimension)),
        centre=draw(vectors(dimension)),
        scale=draw(st.sampled_from(_WIDTHS)),
        reflections=draw(_reflections(dimension)),
    )


@st.composite
def logistics(
    draw: DrawFn, *, min_dim: int = 1, max_dim: int = 3, max_samples: int = 4
) -> RidgeLogistic:
    """Ridge logistic regressions, separable or not."""
    dimension = draw(st.integers(min_dim, max_dim))
    size = draw(st.integers(1, max_samples))
    return RidgeLogistic(
        features=draw(_vectors(dimension, size)),
        labels=draw(_several((1, -1), size)),
        ridge=draw(st.sampled_from(_RIDGES)),
    )


def objectives(
    *, min_dim: int = 1, max_dim: int = 3, exact: bool = True
) -> SearchStrategy[Objective]:
    """Quadratics and wells; with exact=False logistic regressions too, whose values are balls."""
    kinds: list[SearchStrategy[Objective]] = [
        quadratics(min_dim=min_dim, max_dim=max_dim),
        wells(min_dim=min_dim, max_dim=max_dim),
        logistics(min_dim=min_dim, max_dim=max_dim),
    ]
    return st.one_of(kinds[:2] if exact else kinds)


@st.composite
def noises(draw: DrawFn, dimension: int, *, max_support: int = 4) -> Outcomes:
    """Zero-mean laws (probability, vector) on at most max_support points, for AdditiveNoise."""
    size = draw(st.integers(1, max_support))
    weights = draw(_several((1, 2, 3, 4), size))
    points = draw(_vectors(dimension, size))
    probabilities = [fmpq(weight, sum(weights)) for weight in weights]
    return tuple(zip(probabilities, _centred(points, probabilities), strict=True))


@st.composite
def oracles(
    draw: DrawFn, objective: Objective, *, kinds: Sequence[str] = ("exact", "additive", "sum")
) -> Oracle:
    """Unbiased oracles with a variance bound, for this objective.

    `oracle.objective` is the same function; only for wells it may be another object, a `Mean`
    with larger certified constants.
    """
    kind = draw(st.sampled_from(kinds))
    if kind == "exact":
        return ExactGradient(objective)
    if kind == "sum":
        if isinstance(objective, RidgeLogistic):
            return LogisticSum(objective.components())
        size = draw(st.integers(2, 3))
        points = draw(_vectors(objective.dimension, size))
        shifts = _centred(points, [fmpq(1, size)] * size)
        if isinstance(objective, Quadratic):
            return _quadratic_sum(objective, shifts)
        if isinstance(objective, RationalWells):
            return _well_sum(objective, shifts)
    return AdditiveNoise(objective, draw(noises(objective.dimension)))


def quantizers(
    *,
    formats: Sequence[str] = tuple(FORMATS),
    roundings: Sequence[Rounding] = tuple(Rounding),
    scales: Sequence[Rational] = (1, 2, 1024, fmpq(1, 8)),
    saturate: bool = True,
) -> SearchStrategy[Quantizer]:
    """Every combination of the given formats, rounding modes and loss scales."""
    return st.sampled_from(
        [
            Quantizer(format_named(name), rounding, scale=factor, saturate=saturate)
            for name, rounding, factor in product(formats, roundings, scales)
        ]
    )


@cache
def _reflections(dimension: int) -> SearchStrategy[tuple[Vector, ...]]:
    # A leading 1 keeps every normal nonzero without rejecting any draw.
    normal = st.tuples(st.just(fmpq(1)), *[rationals(max_numerator=3)] * (dimension - 1))
    return st.sampled_from(range(dimension)).flatmap(lambda m: st.tuples(*[normal] * m))


def _centred(points: Sequence[Vector], probabilities: Sequence[fmpq]) -> tuple[Vector, ...]:
    mean = scale(fmpq(0), points[0])
    for probability, point in zip(probabilities, points, strict=True):
        mean = add(mean, scale(probability, point))
    return tuple(subtract(point, mean) for point in points)


def _quadratic_sum(objective: Quadratic, shifts: Sequence[Vector]) -> QuadraticSum:
    """Minimisers around the objective's, minima lowered so that the mean is the objective."""
    centres = [add(objective.minimiser, shift) for shift in shifts]
    excess = sum((objective.value(m) - objective.minimum for m in centres), fmpq(0))
    return QuadraticSum(
        tuple(
            Quadratic(
                eigenvalues=objective.eigenvalues,
                reflections=objective.reflections,
                minimiser=centre,
                minimum=objective.minimum - excess / len(centres),
            )
            for centre in centres
        )
    )


def _well_sum(objective: RationalWells, shifts: Sequence[Vector]) -> WellSum:
    """F is linear in the depths, so depths around the objective's average to it."""
    return WellSum(
        tuple(
            RationalWells(
                depths=add(objective.depths, shift),
                centre=objective.centre,
                scale=objective.scale,
                reflections=objective.reflections,
            )
            for shift in shifts
        )
    )
