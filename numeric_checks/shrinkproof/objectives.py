"""Objectives whose constants are proved by construction.

A check of a theorem needs constants that *are* bounds, not estimates: every class here says
why its smoothness, strong convexity and lower bound hold.  `value` and `gradient` are generic:
rational in, rational out where `is_exact`; balls in, balls out always.  Vectors are tuples of
length `dimension`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

from flint import arb, ctx, fmpq

from shrinkproof.exact import (
    Matrix,
    Number,
    Rational,
    Vector,
    axpy,
    bounds,
    dot,
    from_float,
    matvec,
    norm2,
    rational,
    scale,
    subtract,
    transpose,
    vector,
)

_ZERO, _ONE = fmpq(0), fmpq(1)


class Objective(Protocol):
    """F : R^dimension -> R with certified constants, exact rationals unless said otherwise.

    smoothness: L > 0, a Lipschitz constant of the gradient.  strong_convexity: c > 0 or None.
    pl_constant: c > 0 with 2c (F(w) - F_star) <= norm(grad F(w))^2, or None.  lower_bound:
    F_inf <= F(w).  minimum: F_star, a ball around it if it is irrational, None if unknown or
    not attained.  minimiser: an exact one, or None.  is_exact: rational arithmetic suffices.
    """

    @property
    def dimension(self) -> int: ...
    @property
    def smoothness(self) -> fmpq: ...
    @property
    def strong_convexity(self) -> fmpq | None: ...
    @property
    def pl_constant(self) -> fmpq | None: ...
    @property
    def lower_bound(self) -> fmpq: ...
    @property
    def minimum(self) -> Number | None: ...
    @property
    def minimiser(self) -> Vector | None: ...
    @property
    def is_exact(self) -> bool: ...
    def value(self, w: Vector) -> Number: ...
    def gradient(self, w: Vector) -> Vector: ...


def reflect(normals: Sequence[Vector], x: Vector) -> Vector:
    """R_1 ... R_m x, where R_i = I - 2 v v^T / (v^T v) reflects along v = normals[i].

    The product is orthogonal with rational entries; its inverse reflects in reverse order.
    """
    for normal in reversed(normals):
        x = axpy(-2 * dot(normal, x) / norm2(normal), normal, x)
    return x


@dataclass(frozen=True, kw_only=True)
class Quadratic:
    """F(w) = (w - minimiser)^T A (w - minimiser) / 2 + minimum, A = H diag(eigenvalues) H^T.

    eigenvalues: all >= 0.  minimiser: not the only one if A is singular.  reflections: the
    normals of the reflections whose product is H; none for a diagonal A.

    Certified by the spectrum: L is the largest eigenvalue, c the least one if it is positive.
    With x = H^T (w - minimiser), norm(grad F)^2 = sum e_i^2 x_i^2 >= e sum e_i x_i^2 =
    2 e (F - F_star) for the least positive eigenvalue e, the PL constant.  If A = 0 any
    positive numbers will do, and L = e = 1 is taken.

    Raises ValueError for a negative eigenvalue, a zero normal or lengths that differ.
    """

    eigenvalues: Vector
    minimiser: Vector
    minimum: fmpq = _ZERO
    reflections: tuple[Vector, ...] = ()
    is_exact: ClassVar[bool] = True

    def __post_init__(self) -> None:
        eigenvalues = vector(self.eigenvalues)
        if not eigenvalues or min(eigenvalues) < 0:
            raise ValueError(f"eigenvalues = {self.eigenvalues}: expected at least one, all >= 0")
        _set(
            self,
            eigenvalues=eigenvalues,
            minimiser=_sized("minimiser", self.minimiser, len(eigenvalues)),
            minimum=rational(self.minimum),
            reflections=_normals(self.reflections, len(eigenvalues)),
        )

    @property
    def dimension(self) -> int:
        return len(self.eigenvalues)

    @property
    def smoothness(self) -> fmpq:
        return max(self.eigenvalues) or fmpq(1)

    @property
    def strong_convexity(self) -> fmpq | None:
        return min(self.eigenvalues) or None

    @property
    def pl_constant(self) -> fmpq:
        return min((e for e in self.eigenvalues if e), default=fmpq(1))

    @property
    def lower_bound(self) -> fmpq:
        return self.minimum

    @cached_property
    def hessian(self) -> Matrix:
        """A as a tuple of rows (its columns, since it is symmetric)."""
        return tuple(self._multiply(unit) for unit in _identity(self.dimension))

    def _multiply(self, x: Vector) -> Vector:
        turned = reflect(self.reflections[::-1], x)
        stretched = tuple(e * t for e, t in zip(self.eigenvalues, turned, strict=True))
        return reflect(self.reflections, stretched)

    def value(self, w: Vector) -> Number:
        x = subtract(w, self.minimiser)
        return dot(x, matvec(self.hessian, x)) / 2 + self.minimum

    def gradient(self, w: Vector) -> Vector:
        return matvec(self.hessian, subtract(w, self.minimiser))


@dataclass(frozen=True, kw_only=True)
class RationalWells:
    """F(w) = sum_i depths_i phi(t_i), phi(t) = t^2 / (1 + t^2), t = scale H (w - centre).

    Nonconvex, bounded and rational.  depths: of any sign.  scale > 0.  reflections: the normals
    of the reflections whose product is H.

    Certified: phi'' = (2 - 6 t^2) / (1 + t^2)^3 has its extremes 2 at t = 0 and -1/2 at
    t^2 = 1, so L = 2 scale^2 max abs(depths_i).  Since 0 <= phi < 1 and phi -> 1, the infimum is
    sum_i min(depths_i, 0); it is attained, at the centre, only if no depth is negative.  If all
    depths are zero any L will do, and 1 is taken.

    Raises ValueError for scale <= 0, a zero normal or lengths that differ.
    """

    depths: Vector
    centre: Vector
    scale: fmpq = _ONE
    reflections: tuple[Vector, ...] = ()
    is_exact: ClassVar[bool] = True
    strong_convexity: ClassVar[None] = None
    pl_constant: ClassVar[None] = None

    def __post_init__(self) -> None:
        depths, stretch = vector(self.depths), rational(self.scale)
        if not depths:
            raise ValueError("depths is empty: expected at least one")
        if not stretch > 0:
            raise ValueError(f"scale = {stretch}: expected a positive rational")
        _set(
            self,
            depths=depths,
            centre=_sized("centre", self.centre, len(depths)),
            scale=stretch,
            reflections=_normals(self.reflections, len(depths)),
        )

    @property
    def dimension(self) -> int:
        return len(self.depths)

    @property
    def smoothness(self) -> fmpq:
        return 2 * self.scale**2 * max(abs(a) for a in self.depths) or fmpq(1)

    @property
    def lower_bound(self) -> fmpq:
        return sum((a for a in self.depths if a < 0), fmpq(0))

    @property
    def minimum(self) -> fmpq | None:
        return None if self.minimiser is None else fmpq(0)

    @property
    def minimiser(self) -> Vector | None:
        return None if min(self.depths) < 0 else self.centre

    @property
    def gradient_bound2(self) -> fmpq:
        """A bound of norm(grad F(w))^2 over all w: phi'^2 has its maximum 27/64 at t^2 = 1/3."""
        return fmpq(27, 64) * self.scale**2 * norm2(self.depths)

    def _positions(self, w: Vector) -> Vector:
        return scale(self.scale, reflect(self.reflections, subtract(w, self.centre)))

    def value(self, w: Vector) -> Number:
        # t * t because arb's t**2 is nan for a ball around zero; and 1 - 1/(1 + t^2) mentions t
        # in one place, which keeps balls tight.
        terms = zip(self.depths, self._positions(w), strict=True)
        return sum((a * (1 - 1 / (1 + t * t)) for a, t in terms), fmpq(0))

    def gradient(self, w: Vector) -> Vector:
        terms = zip(self.depths, self._positions(w), strict=True)
        slopes = tuple(2 * a * t / ((1 + t * t) * (1 + t * t)) for a, t in terms)
        return scale(self.scale, reflect(self.reflections[::-1], slopes))


@dataclass(frozen=True, kw_only=True)
class RidgeLogistic:
    """F(w) = (1/n) sum_i log(1 + exp(-labels_i <features_i, w>)) + (ridge/2) norm(w)^2.

    features: n vectors of equal length.  labels: n entries, 1 or -1.  ridge > 0.  Values are
    balls at flint's working precision, `flint.ctx.prec` bits, also for rational w.

    Certified: the second derivative of log(1 + exp) lies in (0, 1/4], so with X the matrix of
    features c = ridge and L = ridge + lambda_max(X^T X) / (4n), where lambda_max is at most the
    trace and at most every row sum of absolute values of X^T X or X X^T, which share their
    nonzero spectrum.  F >= 0.  F_star is enclosed by `minimum_enclosure`.

    Raises ValueError for no data, other labels, ridge <= 0 or lengths that differ.
    """

    features: tuple[Vector, ...]
    labels: tuple[int, ...]
    ridge: fmpq
    is_exact: ClassVar[bool] = False
    minimiser: ClassVar[None] = None

    def __post_init__(self) -> None:
        ridge, labels = rational(self.ridge), tuple(self.labels)
        if not self.features or not self.features[0]:
            raise ValueError("features is empty: expected at least one nonempty vector")
        if not ridge > 0:
            raise ValueError(f"ridge = {ridge}: expected a positive rational")
        if len(labels) != len(self.features) or not set(labels) <= {1, -1}:
            raise ValueError(f"labels = {labels}: expected {len(self.features)} entries 1 or -1")
        width = len(self.features[0])
        features = tuple(_sized(f"features[{i}]", x, width) for i, x in enumerate(self.features))
        _set(self, features=features, labels=labels, ridge=ridge)

    @property
    def dimension(self) -> int:
        return len(self.features[0])

    @cached_property
    def smoothness(self) -> fmpq:
        columns = transpose(self.features)
        trace = sum((norm2(x) for x in self.features), fmpq(0))
        row_sums = (_greatest_row_sum(self.features), _greatest_row_sum(columns))
        return self.ridge + min(trace, *row_sums) / (4 * len(self.features))

    @property
    def strong_convexity(self) -> fmpq:
        return self.ridge

    @property
    def pl_constant(self) -> fmpq:
        return self.ridge

    @property
    def lower_bound(self) -> fmpq:
        return fmpq(0)

    @property
    def minimum(self) -> arb:
        lower, upper = self.minimum_enclosure()
        return arb(lower).union(arb(upper))

    def components(self) -> tuple[RidgeLogistic, ...]:
        """The n objectives of one sample each; F is their mean."""
        data = zip(self.features, self.labels, strict=True)
        return tuple(
            RidgeLogistic(features=(x,), labels=(label,), ridge=self.ridge) for x, label in data
        )

    @cached_property
    def _signed(self) -> tuple[Vector, ...]:
        return tuple(scale(fmpq(y), x) for x, y in zip(self.features, self.labels, strict=True))

    def value(self, w: Vector) -> arb:
        loss = sum((_softplus(-arb(dot(x, w))) for x in self._signed), arb(0))
        return loss / len(self.labels) + self.ridge * norm2(w) / 2

    def gradient(self, w: Vector) -> tuple[arb, ...]:
        total = scale(self.ridge * len(self.labels), w)
        for x in self._signed:
            total = axpy(-_sigmoid(-arb(dot(x, w))), x, total)
        return tuple(arb(entry) / len(self.labels) for entry in total)

    def minimum_enclosure(self) -> tuple[fmpq, fmpq]:
        """Rationals (lower, upper) around F_star.

        F(w) - norm(grad F(w))^2 / (2 ridge) <= F_star <= F(w) for every w, by strong convexity;
        a float Newton method only proposes w, so the bounds hold even if it fails.
        """
        return self._enclosure

    @cached_property
    def _enclosure(self) -> tuple[fmpq, fmpq]:
        w = self._candidate()
        with ctx.workprec(max(ctx.prec, 128)):
            lowest, upper = bounds(self.value(w))
            _, square = bounds(norm2(self.gradient(w)))
        return max(fmpq(0), lowest - square / (2 * self.ridge)), upper

    def _candidate(self) -> Vector:
        from shrinkproof.newton import minimiser  # NumPy is slow to import, and needed here alone

        try:
            rows = [[float(entry) for entry in row] for row in self._signed]
            return tuple(from_float(entry) for entry in minimiser(rows, float(self.ridge)))
        except (OverflowError, ValueError):
            return (fmpq(0),) * self.dimension  # data beyond float64: a wide enclosure


def _set(instance: object, **fields: object) -> None:
    """Stores validated fields while a frozen dataclass is being made."""
    for name, entry in fields.items():
        object.__setattr__(instance, name, entry)


def _sized(name: str, entries: Sequence[Rational], dimension: int) -> Vector:
    if len(entries) != dimension:
        raise ValueError(f"{name} has length {len(entries)}: expected {dimension}")
    return vector(entries)


def _normals(reflections: Sequence[Sequence[Rational]], dimension: int) -> tuple[Vector, ...]:
    normals = tuple(vector(normal) for normal in reflections)
    for i, normal in enumerate(normals):
        if len(normal) != dimension or not any(normal):
            raise ValueError(f"reflections[{i}]: expected a nonzero vector of length {dimension}")
    return normals


def _identity(dimension: int) -> Matrix:
    return tuple(tuple(fmpq(i == j) for j in range(dimension)) for i in range(dimension))


def _greatest_row_sum(rows: Matrix) -> fmpq:
    """The greatest row sum of absolute values of the Gram matrix of these rows."""
    return max(sum((abs(dot(x, y)) for y in rows), fmpq(0)) for x in rows)


def _softplus(t: arb) -> arb:
    """log(1 + exp(t)) without a huge exponential; either branch is right for every t."""
    return t + (-t).exp().log1p() if t > 0 else t.exp().log1p()


def _sigmoid(t: arb) -> arb:
    """1 / (1 + exp(-t)), with the same care."""
    return 1 / (1 + (-t).exp()) if t > 0 else t.exp() / (1 + t.exp())
