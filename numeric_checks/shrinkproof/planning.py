"""Stepsize and number of steps that reach a target, by a theorem's own bound.

The bounds of the library that decay to a floor have one of two shapes,

    initial/K + floor    or    floor + rate^K (gap - floor),

and `Decay` reads floor, initial and rate off the statement: no formula is typed here.  All of them
are rationals at rational constants, so the smallest K is exact; in the second shape it is decided
by logarithms in rigorous balls.  Floats rank stepsizes, and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

from flint import arb, ctx

from shrinkproof import library
from shrinkproof.bounds import BoundError, Constants, evaluate_bound
from shrinkproof.exact import floor_log2, rational
from shrinkproof.kernel.term import Term, free_names, lift, subterms
from shrinkproof.language.evaluate import EvaluationError

BITS = 6  # of a stepsize: near the optimum 1 % more or less costs some 0.01 % more steps
OCTAVES = 48  # how far below 8/L to look for an admissible stepsize
FARTHEST = 1 << 20  # octaves below that to look for a stepsize that suffices
MOST_BITS = 1 << 14


@dataclass(frozen=True)
class Shape:
    """The parts of a right-hand side: what is free of K, the rest, and the base of its power."""

    floor: tuple[Term, ...]
    initial: Term
    rate: Term | None


@cache
def shape(name: str) -> Shape:
    """The shape of a theorem's bound.  Raises ValueError where it has neither of the two."""
    statement = library.result(name).statement
    right = statement.conclusion[2] if statement.conclusion.op == "le" else lift(0)
    addends = right.args if right.op == "add" else (right,)
    growing = [t for t in addends if "K" in free_names(t)]
    powers = {t for t in subterms(right) if t.op == "power" and "K" in free_names(t[2])}
    if (
        len(growing) != 1
        or len(powers) > 1
        or any(t.op in ("sum", "prod") for t in subterms(right))
    ):
        raise ValueError(f"{name}: its bound does not decay to a floor")
    floor = tuple(t for t in addends if t not in growing)
    return Shape(floor, growing[0], next(iter(powers))[1] if powers else None)


@dataclass(frozen=True)
class Decay:
    """A theorem at all of its constants but K."""

    theorem: str
    constants: Mapping[str, Fraction]

    def _value(self, t: Term, steps: int = 1) -> Fraction:
        value: Fraction = Constants({**self.constants, "K": steps}, steps).scalar(t)
        return value

    def gap(self, prop: Term) -> Fraction:
        """Right side minus left side of an inequality between constants."""
        return self._value(prop[2]) - self._value(prop[1])

    def bound(self, steps: int) -> Fraction:
        """The bound after that many steps; raises BoundError where a hypothesis is violated."""
        return evaluate_bound(self.theorem, {**self.constants, "K": steps}).value

    @cached_property
    def admissible(self) -> bool:
        """Whether the constants satisfy the theorem's hypotheses."""
        try:
            self.bound(1)
        except BoundError:
            return False
        return True

    @cached_property
    def floor(self) -> Fraction:
        """What the bound tends to as K grows."""
        return sum((self._value(t) for t in shape(self.theorem).floor), start=Fraction(0))

    @cached_property
    def initial(self) -> Fraction:
        """How far the bound lies above the floor: after one step in the shape initial/K, and at the
        start in the other."""
        return self._value(shape(self.theorem).initial, 0 if self.rate is not None else 1)

    @cached_property
    def rate(self) -> Fraction | None:
        rate = shape(self.theorem).rate
        return None if rate is None else self._value(rate)

    def steps(self, target: Fraction) -> int | None:
        """The least K whose bound is at most the target; None if there is none."""
        margin = target - self.floor
        if self.rate is None:
            return max(1, math.ceil(self.initial / margin)) if margin > 0 else None
        if self.initial <= margin:
            return 0
        if margin <= 0:
            return None
        return least_power(self.rate, margin / self.initial)

    def cost(self, target: Fraction) -> float:
        """Roughly the logarithm of that number, for ranking; infinite if there is none."""
        margin = target - self.floor
        if self.rate is not None and self.initial <= margin:
            return -math.inf
        if margin <= 0:
            return math.inf
        ratio = _log(self.initial) - _log(margin)
        if self.rate is None:
            return ratio
        decay = 1 - self.rate
        speed = math.log(-math.log1p(-float(decay))) if 1e-9 < decay < 1 else _log(decay)
        return math.log(ratio) - speed


def _log(x: Fraction) -> float:
    """The logarithm of any positive rational, also where it is no float; minus infinity at 0."""
    return math.log(x.numerator) - math.log(x.denominator) if x > 0 else -math.inf


def least_power(rate: Fraction, target: Fraction) -> int:
    """The least n with rate^n <= target, for 0 <= rate < 1 and 0 < target < 1."""
    if rate <= target:
        return 1
    kept, bits = ctx.prec, 64
    try:
        while True:
            ctx.prec = bits
            quotient = arb(rational(target)).log() / arb(rational(rate)).log()
            low, high = (end.ceil().unique_fmpz() for end in (quotient.lower(), quotient.upper()))
            if low is not None and low == high:
                return int(low)
            if bits >= MOST_BITS and high is not None:  # or rate^n = target, exactly
                return int(low) if _equal_power(rate, int(low), target) else int(high)
            bits *= 2
    finally:
        ctx.prec = kept


def _equal_power(rate: Fraction, n: int, target: Fraction) -> bool:
    if n * (rate.denominator.bit_length() - 1) > target.denominator.bit_length():
        return False  # the power has a longer denominator
    return rate**n == target


@dataclass(frozen=True)
class Choices:
    """A theorem at every admissible stepsize: an interval, open at 0.

    constants: all that the theorem takes but mu and K.  Raises BoundError where the theorem
    applies at no stepsize.
    """

    theorem: str
    constants: Mapping[str, Fraction]

    def at(self, mu: Fraction) -> Decay:
        return Decay(self.theorem, {**self.constants, "mu": mu})

    @cached_property
    def octave(self) -> Fraction:
        """The largest admissible power of two."""
        mu = Fraction(2) ** (3 - floor_log2(rational(self.constants["L"])))  # above 4/L
        for _ in range(OCTAVES):
            if self.at(mu).admissible:
                return mu
            mu /= 2
        self.at(mu).bound(1)  # says which hypothesis is violated
        raise BoundError(f"{self.theorem}: no stepsize is admissible")

    @cached_property
    def largest(self) -> Fraction:
        """The largest admissible stepsize, where the hypotheses are affine in mu; otherwise the
        largest of BITS bits."""
        mu = unit = self.octave
        for end in self._ends():
            if end >= mu and self.at(end).admissible:
                return end
        for _ in range(BITS - 1):
            unit /= 2
            mu = mu + unit if self.at(mu + unit).admissible else mu
        return mu

    def _ends(self) -> Iterator[Fraction]:
        """Stepsizes at which a hypothesis that is affine in mu turns false."""
        for h in library.result(self.theorem).statement.hypotheses:
            if "mu" in free_names(h.prop) and h.prop.op == "le":
                with suppress(EvaluationError):
                    one, two, three = (self.at(Fraction(n)).gap(h.prop) for n in (1, 2, 3))
                    if two - one == three - two != 0:
                        yield 1 - one / (two - one)

    def best(self, cost: Callable[[Decay], Any], *, bits: int = BITS) -> Decay:
        """The cheapest stepsize up to a factor near 1 + 2^-bits, for a cost that first falls and
        then rises: the cheapest power of two, then always the best of the neighbours at half the
        distance; or the largest of all, if that is cheaper."""

        @cache
        def price(mu: Fraction) -> Any:
            decay = self.at(mu)
            return cost(decay) if decay.admissible else math.inf

        mu = unit = self._cheapest_power(price)
        for _ in range(bits):
            unit /= 2
            mu = min((mu, mu - unit, mu + unit), key=price)
        return self.at(min(mu, self.largest, key=price))

    def _cheapest_power(self, price: Callable[[Fraction], Any]) -> Fraction:
        """Of the powers of two: beyond all that cost infinitely much, until it gets no cheaper."""

        def at(n: int) -> Any:
            return price(self.octave / (1 << n))

        dear, n = -1, 0
        while at(n) == math.inf:
            dear, n = n, 2 * n + 1
            if n > FARTHEST:
                raise BoundError(f"{self.theorem}: no stepsize above 2^-{FARTHEST} suffices")
        while n - dear > 1:
            middle = (dear + n) // 2
            dear, n = (middle, n) if at(middle) == math.inf else (dear, middle)
        while at(n + 1) < at(n):
            n += 1
        return self.octave / (1 << n)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a target is reached: the stepsize that needs the fewest steps, of those looked at.

    steps: the least K whose bound is at most the target; None if the target is not above the floor
    of any stepsize.  limit: the floor as mu tends to 0.  largest: see `Choices.largest`.
    """

    theorem: str
    target: Fraction
    stepsize: Fraction | None
    steps: int | None
    limit: Fraction
    largest: Fraction


def plan(theorem: str, constants: Mapping[str, Fraction], target: Fraction) -> Plan:
    """The fewest steps with which the theorem reaches the target, and the stepsize for that.

    Errors as in `Choices`.
    """
    choices = Choices(theorem, constants)
    limit, best, steps = choices.at(Fraction(0)).floor, choices.at(choices.octave), None
    if best.steps(target) != 0 and limit < target:
        best = choices.best(lambda decay: decay.cost(target))
    if limit < target or best.steps(target) == 0:
        steps = best.steps(target)
    return Plan(
        theorem=theorem,
        target=target,
        stepsize=None if steps is None else best.constants["mu"],
        steps=steps,
        limit=limit,
        largest=choices.largest,
    )


def least_initial(theorem: str, constants: Mapping[str, Fraction]) -> Fraction:
    """The least first part of a bound initial/K + floor over the stepsizes; errors as there."""
    return Choices(theorem, constants).best(lambda decay: decay.initial, bits=12).initial
