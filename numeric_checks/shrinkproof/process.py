"""Low-precision SGD as a finite random process, exactly: the readable reference.

    w_{k+1} = w_k - mu_k (q_k g_k + eps_k)

Step k draws a sample (hence the stochastic gradient g_k), then the noise eps_k.  The shrinkage
factor q_k comes from a schedule, from the past, or, outside the paper's model, from the sample.
All laws have finite support, so every expectation is a finite sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol

from flint import fmpq

from shrinkproof.exact import Number, Vector, add, axpy, dot, norm2, scale, subtract
from shrinkproof.oracles import Oracle, Outcomes
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
    """A function of the past: one factor near a centre, another far from it."""

    near: fmpq
    far: fmpq
    centre: Vector
    radius2: fmpq
    known: ClassVar[str] = "past"

    def factor(self, k: int, w: Vector, g: Vector | None) -> fmpq:
        return self.near if norm2(subtract(w, self.centre)) <= self.radius2 else self.far


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


class Noise(Protocol):
    """The law of eps_k given the past, the sample and q_k."""

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
class RoundingError:
    """The rounding error of q_k g_k under a quantizer (unbiased if it rounds stochastically)."""

    quantizer: Quantizer

    def law(self, g: Vector, q: Number) -> Outcomes:
        direction = scale(q, g)
        return tuple((p, subtract(v, direction)) for p, v in self.quantizer.law_vector(direction))


@dataclass(frozen=True)
class Process:
    """SGD on ``oracle.objective`` from ``start``, one step for each of ``stepsizes``."""

    oracle: Oracle
    start: Vector
    stepsizes: tuple[fmpq, ...]
    shrinkage: Shrinkage
    noise: Noise = Silent()

    names: ClassVar[tuple[str, ...]] = ("w",)

    @property
    def horizon(self) -> int:
        return len(self.stepsizes)

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
    def _laws(self) -> list[dict[Any, tuple[fmpq, State]]]:
        return [{self.initial: (fmpq(1), self.initial)}]

    def law(self, k: int) -> list[tuple[fmpq, State]]:
        """The law of the state after k steps; equal states are merged where they are exact."""
        while len(self._laws) <= k:
            step = len(self._laws) - 1
            merged: dict[Any, tuple[fmpq, State]] = {}
            for p, state in self._laws[step].values():
                for xi, (chance, q, g) in enumerate(self.samples(step, state[0])):
                    for weight, eps in self.noise.law(g, q):
                        new = self.advance(step, state, xi, q, g, eps)
                        key = new if self.oracle.objective.is_exact else len(merged)
                        before = merged.get(key, (fmpq(0), new))[0]
                        merged[key] = before + p * chance * weight, new
            self._laws.append(merged)
        return list(self._laws[k].values())


@dataclass(frozen=True)
class Twins(Process):
    """The process w, and beside it plain SGD v with stepsizes mu_k q_k on the same samples."""

    names: ClassVar[tuple[str, ...]] = ("w", "v")

    @property
    def initial(self) -> State:
        return (self.start, self.start)

    def advance(self, k: int, state: State, xi: int, q: Number, g: Vector, eps: Vector) -> State:
        (w,) = super().advance(k, state, xi, q, g, eps)
        plain = self.oracle.outcomes(state[1])[xi][1]
        return w, axpy(-self.stepsizes[k] * q, add(plain, scale(1 / q, eps)), state[1])
