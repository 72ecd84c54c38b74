"""Stochastic gradient oracles with finite support, exactly unbiased by construction.

An oracle lists its outcomes at w as (probability, gradient) pairs, so expectations are finite
sums.  Its `variance_bound` is sigma2 with E norm(g - grad F(w))^2 <= sigma2 at *every* w.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol, TypeAlias

from flint import fmpq

from shrinkproof.exact import (
    Number,
    Vector,
    add,
    norm2,
    rational,
    scale,
    vector,
)
from shrinkproof.objectives import Objective, Quadratic, RationalWells, RidgeLogistic

Outcomes: TypeAlias = "tuple[tuple[fmpq, Vector], ...]"


class Oracle(Protocol):
    """A stochastic gradient of `objective`.

    variance_bound: sigma2 >= 0, certified for all w, or None where no uniform bound is known.
    outcomes: (probability, gradient) pairs at w; probabilities are positive and sum to 1, and
    the mean is the gradient at w exactly (for balls: the balls overlap).
    """

    @property
    def objective(self) -> Objective: ...
    @property
    def variance_bound(self) -> fmpq | None: ...
    def outcomes(self, w: Vector) -> Outcomes: ...


@dataclass(frozen=True)
class ExactGradient:
    """The gradient itself: sigma2 = 0."""

    objective: Objective
    variance_bound: ClassVar[fmpq] = fmpq(0)

    def outcomes(self, w: Vector) -> Outcomes:
        return ((fmpq(1), self.objective.gradient(w)),)


@dataclass(frozen=True)
class AdditiveNoise:
    """grad F(w) + z, where z has the finite law `support`, whatever w.

    support: (probability, z) pairs.  Since sum p z = 0, sigma2 = sum p norm(z)^2 is the
    variance itself, at every w.  Raises ValueError unless the probabilities are positive and
    sum to 1, the mean is exactly zero and every z has the objective's dimension.
    """

    objective: Objective
    support: Outcomes

    def __post_init__(self) -> None:
        support = tuple((rational(p), vector(z)) for p, z in self.support)
        object.__setattr__(self, "support", support)
        if not all(p > 0 for p, _ in support) or sum((p for p, _ in support), fmpq(0)) != 1:
            raise ValueError(f"support {self.support}: expected probabilities > 0 that sum to 1")
        if any(len(z) != self.objective.dimension for _, z in support):
            raise ValueError(f"support: expected vectors of length {self.objective.dimension}")
        mean = tuple(
            sum(entries) for entries in zip(*(scale(p, z) for p, z in support), strict=True)
        )
        if any(mean):
            raise ValueError(f"support has mean {mean}: expected exactly zero")

    @property
    def variance_bound(self) -> fmpq:
        return sum((p * norm2(z) for p, z in self.support), fmpq(0))

    def outcomes(self, w: Vector) -> Outcomes:
        gradient = self.objective.gradient(w)
        return tuple((p, add(gradient, z)) for p, z in self.support)


@dataclass(frozen=True)
class Shifted:
    """Another oracle with the same bias added to every outcome: what unbiasedness excludes.

    variance_bound: of the distance from the gradient, E norm(g - grad F)^2, the bias included.
    """

    oracle: Oracle
    bias: Vector

    @property
    def objective(self) -> Objective:
        return self.oracle.objective

    @property
    def variance_bound(self) -> fmpq | None:
        variance = self.oracle.variance_bound
        return None if variance is None else variance + norm2(self.bias)

    def outcomes(self, w: Vector) -> Outcomes:
        return tuple((p, add(g, self.bias)) for p, g in self.oracle.outcomes(w))


@dataclass(frozen=True)
class Mean:
    """F = (1/n) sum of components, objectives of one dimension.

    Certified: means of Lipschitz constants, of lower bounds, and of strong convexity constants
    (if every component has one) are such constants of the mean; and strong convexity gives PL.
    Raises ValueError for no components or different dimensions.
    """

    components: tuple[Objective, ...]
    minimum: ClassVar[None] = None
    minimiser: ClassVar[None] = None

    def __post_init__(self) -> None:
        dimensions = sorted({f.dimension for f in self.components})
        if len(dimensions) != 1:
            raise ValueError(f"components of dimensions {dimensions}: expected exactly one")

    @property
    def dimension(self) -> int:
        return self.components[0].dimension

    @property
    def smoothness(self) -> fmpq:
        return _average([f.smoothness for f in self.components])

    @property
    def strong_convexity(self) -> fmpq | None:
        known = [c for f in self.components if (c := f.strong_convexity) is not None]
        return _average(known) if len(known) == len(self.components) else None

    @property
    def pl_constant(self) -> fmpq | None:
        return self.strong_convexity

    @property
    def lower_bound(self) -> fmpq:
        return _average([f.lower_bound for f in self.components])

    @property
    def is_exact(self) -> bool:
        return all(f.is_exact for f in self.components)

    def value(self, w: Vector) -> Number:
        return _average([f.value(w) for f in self.components])

    def gradient(self, w: Vector) -> Vector:
        return _mean([f.gradient(w) for f in self.components])


@dataclass(frozen=True)
class FiniteSum:
    """One component drawn uniformly: the stochastic gradient of empirical risk.

    objective is the mean of the components.  Without more structure its variance grows with w,
    so there is no sigma2; the subclasses have one.  Raises ValueError as `Mean` does.
    """

    components: tuple[Objective, ...]

    def __post_init__(self) -> None:
        Mean(self.components)

    @cached_property
    def objective(self) -> Objective:
        return Mean(self.components)

    @property
    def variance_bound(self) -> fmpq | None:
        return None

    def outcomes(self, w: Vector) -> Outcomes:
        probability = fmpq(1, len(self.components))
        return tuple((probability, f.gradient(w)) for f in self.components)


@dataclass(frozen=True)
class QuadraticSum(FiniteSum):
    """Quadratics that share the matrix A: their mean has the same A, at the mean minimiser.

    grad f_i(w) - grad F(w) = A (m - m_i), whatever w, so sigma2 = (1/n) sum norm(A (m - m_i))^2
    is the variance itself.  The minimum is (1/n) sum (f_i(m_i) + (m - m_i)^T A (m - m_i) / 2).
    Raises ValueError if eigenvalues or reflections differ between components.
    """

    components: tuple[Quadratic, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if len({(f.eigenvalues, f.reflections) for f in self.components}) != 1:
            raise ValueError("components differ in eigenvalues or reflections: expected one matrix")

    @cached_property
    def objective(self) -> Quadratic:
        first = self.components[0]
        centre = _mean([f.minimiser for f in self.components])
        return Quadratic(
            eigenvalues=first.eigenvalues,
            reflections=first.reflections,
            minimiser=centre,
            minimum=_average([f.value(centre) for f in self.components]),
        )

    @cached_property
    def variance_bound(self) -> fmpq:
        centre = self.objective.minimiser
        return _average([norm2(f.gradient(centre)) for f in self.components])


@dataclass(frozen=True)
class WellSum(FiniteSum):
    """Rational wells: nonconvex, with noise that depends on w.

    sigma2 = (1/n) sum gradient_bound2 of the components: a variance is at most a second moment.
    """

    components: tuple[RationalWells, ...]

    @property
    def variance_bound(self) -> fmpq:
        return _average([f.gradient_bound2 for f in self.components])


@dataclass(frozen=True)
class LogisticSum(FiniteSum):
    """One sample of a ridge logistic regression: `LogisticSum(objective.components())`.

    Only the loss part x_i s_i with abs(s_i) < 1 differs between samples, so the variance is
    at most its second moment, and sigma2 = (1/n) sum norm(x_i)^2.
    Raises ValueError unless the components have one sample each and one ridge.
    """

    components: tuple[RidgeLogistic, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(len(f.labels) != 1 for f in self.components):
            raise ValueError("a component has several samples: expected objective.components()")
        if len({f.ridge for f in self.components}) != 1:
            raise ValueError("components differ in ridge: expected one")

    @cached_property
    def objective(self) -> RidgeLogistic:
        return RidgeLogistic(
            features=tuple(f.features[0] for f in self.components),
            labels=tuple(f.labels[0] for f in self.components),
            ridge=self.components[0].ridge,
        )

    @property
    def variance_bound(self) -> fmpq:
        return _average([norm2(f.features[0]) for f in self.components])


def _average(entries: Sequence[Number]) -> Number:
    return sum(entries, fmpq(0)) / len(entries)


def _mean(vectors: Sequence[Vector]) -> Vector:
    return tuple(_average(entries) for entries in zip(*vectors, strict=True))
