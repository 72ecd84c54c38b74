"""Low-precision SGD as a finite random process, exactly: the readable reference.

    w_{k+1} = w_k - mu_k (q_k g_k + eps_k)

Step k draws a sample (hence the stochastic gradient g_k), then the noise eps_k.  The shrinkage
factor q_k comes from a schedule, from the past, or, outside the paper's model, from the sample.
All laws have finite support, so every expectation is a finite sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from flint import ctx, fmpq

from shrinkproof.exact import Number, Vector, add, axpy, dot, norm2, scale, subtract
from shrinkproof.objectives import Objective
from shrinkproof.oracles import Oracle, Outcomes

if TYPE_CHECKING:  # it needs NumPy, which is slow to import
    from shrinkproof.quantizers import Quantizer

State = tuple[Vector, ...]


class Shrinkage(Protocol):
    """``known``: "start", "past" or "sample".  ``factor``: q_k; g only matters for "sample"."""

    known: ClassVar[str]

    def factor(self, k: int, w: Vector, g: Vector | None) -> Number: ...


@dataclass(frozen=True)
class Scheduled:
    """A sequence fixed in advance, repeated if it is short."""

    values: tuple[fmpq, ...]
    known: ClassVar[str] = "start"

    def factor(self, k: int, w: Vector, g: Vector | None) -> fmpq:
        return self.values[k % len(self.values)]


@dataclass(frozen=True)
class Predictable:
    """A function of the past: one factor near a centre, another far from it.

    Raises ValueError where a ball does not tell near from far.
    """

    near: fmpq
    far: fmpq
    centre: Vector
    radius2: fmpq
    known: ClassVar[str] = "past"

    def factor(self, k: int, w: Vector, g: Vector | None) -> fmpq:
        distance2 = norm2(subtract(w, self.centre))
        if not (distance2 <= self.radius2 or distance2 > self.radius2):
            raise ValueError(f"{distance2} is neither at most {self.radius2} nor above it")
        return self.near if distance2 <= self.radius2 else self.far


@dataclass(frozen=True)
class OfSample:
    """A function of the sample: by the side of a hyperplane on which g lies."""

    normal: Vector
    above: fmpq
    below: fmpq
    known: ClassVar[str] = "sample"

    def factor(self, k: int, w: Vector, g: Vector | None) -> fmpq:
        if g is None:
            raise ValueError("this shrinkage factor depends on the sample; no sample was given")
        return self.above if dot(self.normal, g) > 0 else self.below


@dataclass(frozen=True)
class Rounded:
    """q_k = Q(grad F(w_k)) / grad F(w_k), in dimension one: a deterministic rounding's own factor.

    Without sampling it is a function of the past.
    """

    objective: Objective
    quantizer: Quantizer
    known: ClassVar[str] = "past"

    def factor(self, k: int, w: Vector, g: Vector | None) -> fmpq:
        (slope,) = self.objective.gradient(w)
        return self.quantizer.round(slope) / slope if slope != 0 else fmpq(1)


class Noise(Protocol):
    """The law of eps_k given the past, the sample and q_k; Q_k = q_k g_k + eps_k."""

    def law(self, g: Vector, q: Number) -> Outcomes: ...


@dataclass(frozen=True)
class Silent:
    """No quantization noise: the paper's v4."""

    def law(self, g: Vector, q: Number) -> Outcomes:
        return ((fmpq(1), scale(fmpq(0), g)),)


@dataclass(frozen=True)
class Additive:
    """Zero-mean noise of a fixed finite law: the paper's v1."""

    support: Outcomes

    def law(self, g: Vector, q: Number) -> Outcomes:
        return self.support


@dataclass(frozen=True)
class Relative:
    """Q_k = (1 + size) q_k g_k or (1 - size) q_k g_k, each with probability 1/2."""

    size: fmpq

    def law(self, g: Vector, q: Number) -> Outcomes:
        error = scale(self.size * q, g)
        return ((fmpq(1, 2), error), (fmpq(1, 2), scale(fmpq(-1), error)))


@dataclass(frozen=True)
class Dropped:
    """Q_k = q_k g_k / kept with probability ``kept``, and 0 otherwise: random sparsification."""

    kept: fmpq

    def law(self, g: Vector, q: Number) -> Outcomes:
        whole = scale(q, g)
        return (
            (self.kept, scale(1 / self.kept - 1, whole)),
            (1 - self.kept, scale(fmpq(-1), whole)),
        )


@dataclass(frozen=True)
class Coordinatewise:
    """Every coordinate of q_k g_k times one of two factors, by its sign: it sees the sample."""

    above: fmpq
    below: fmpq

    def law(self, g: Vector, q: Number) -> Outcomes:
        parts = scale(q, g)
        factors = (self.above if x > 0 else self.below for x in parts)
        return ((fmpq(1), tuple((f - 1) * x for f, x in zip(factors, parts, strict=True))),)


@dataclass(frozen=True)
class Both:
    """The sum of two independent noises."""

    one: Noise
    other: Noise

    def law(self, g: Vector, q: Number) -> Outcomes:
        return tuple(
            (p * r, add(a, b)) for p, a in self.one.law(g, q) for r, b in self.other.law(g, q)
        )


@dataclass(frozen=True)
class RoundingError:
    """The rounding error of q_k g_k under a quantizer (unbiased if it rounds stochastically)."""

    quantizer: Quantizer

    def law(self, g: Vector, q: Number) -> Outcomes:
        direction = scale(q, g)
        return tuple((p, subtract(v, direction)) for p, v in self.quantizer.law_vector(direction))


@dataclass(frozen=True)
class Process:
    """SGD on ``oracle.objective`` from ``start``, one step for each of ``stepsizes``.

    Stepsizes are rationals, or balls where they are irrational.
    """

    oracle: Oracle
    start: Vector
    stepsizes: tuple[Number, ...]
    shrinkage: Shrinkage
    noise: Noise = Silent()

    @property
    def names(self) -> tuple[str, ...]:
        """The sequences that a state holds, by name."""
        return ("w",)

    @property
    def horizon(self) -> int:
        return len(self.stepsizes)

    @cached_property
    def is_exact(self) -> bool:
        """Whether all is rational: then equal states are merged, and signs are certain."""
        return self.oracle.objective.is_exact and all(isinstance(x, fmpq) for x in self.stepsizes)

    @property
    def initial(self) -> State:
        return (self.start,)

    def samples(self, k: int, w: Vector) -> list[tuple[fmpq, Number, Vector]]:
        """(probability, q_k, g_k) for each sample of step k at w."""
        return [(p, self.shrinkage.factor(k, w, g), g) for p, g in self.oracle.outcomes(w)]

    def advance(self, k: int, state: State, xi: int, q: Number, g: Vector, eps: Vector) -> State:
        """The state after step k, whose sample had the number xi."""
        return (axpy(-self.stepsizes[k], add(scale(q, g), eps), state[0]),)

    @cached_property
    def _laws(self) -> dict[int, list[dict[Any, tuple[fmpq, State]]]]:
        return {}

    def law(self, k: int) -> list[tuple[fmpq, State]]:
        """The law of the state after k steps; equal states are merged where they are exact."""
        # Balls are as sharp as the working precision, which a caller may raise.
        precision = 0 if self.is_exact else ctx.prec
        first = {self.initial: (fmpq(1), self.initial)}
        laws = self._laws.setdefault(precision, [first])
        while len(laws) <= k:
            step = len(laws) - 1
            merged: dict[Any, tuple[fmpq, State]] = {}
            for p, state in laws[step].values():
                for xi, (chance, q, g) in enumerate(self.samples(step, state[0])):
                    for weight, eps in self.noise.law(g, q):
                        new = self.advance(step, state, xi, q, g, eps)
                        key = new if self.is_exact else len(merged)
                        before = merged.get(key, (fmpq(0), new))[0]
                        merged[key] = before + p * chance * weight, new
            laws.append(merged)
        return list(laws[k].values())
