"""Constants that hypotheses leave open: the exact interval of each, and a place in it.

A hypothesis says of one constant x, all others being known, that some differences are nonnegative.
Where these are polynomials in x of degree two at most, perhaps divided by x, the x allowed form an
interval, found exactly from a few values.  So a stepsize can be as large as its theorem allows, and
a variance as small as the process allows, whatever the theorem.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isqrt

from flint import fmpq

from shrinkproof.evaluation import Difference

SCALE = 2**32  # irrational ends are rounded inwards, to multiples of about 1/SCALE
PROBES = tuple(map(fmpq, (1, 2, 3, 4)))


class NoInterval(ValueError):
    """What is allowed is no interval that these means can find."""


@dataclass(frozen=True)
class Interval:
    """The rationals between two ends; None is an infinite one, and open ends do not belong."""

    low: fmpq | None = None
    high: fmpq | None = None
    low_open: bool = False
    high_open: bool = False

    def above(self, x: fmpq, open_: bool = False) -> Interval:
        """The part at or above x."""
        if self.low is None or x > self.low:
            return replace(self, low=x, low_open=open_)
        return replace(self, low_open=self.low_open or (open_ and x == self.low))

    def below(self, x: fmpq, open_: bool = False) -> Interval:
        """The part at or below x."""
        if self.high is None or x < self.high:
            return replace(self, high=x, high_open=open_)
        return replace(self, high_open=self.high_open or (open_ and x == self.high))

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return bool(self.low > self.high) or (
            bool(self.low == self.high) and (self.low_open or self.high_open)
        )

    def at(self, place: fmpq, unit: fmpq) -> fmpq:
        """A number of the interval: from its low end (place 0) to its high end (place 1).

        With one finite end, place 1 is that end, and smaller places lie farther from it, at a
        distance of (1/place - 1) units, or times the end's size where it is not zero.  With none,
        places 0 to 1 are mapped to -1 to 2 units.  An open end is replaced by place 3/4 or 1/4.
        """
        low, high = self.low, self.high
        if low is not None and high is not None:
            place = fmpq(1, 4) if place == 0 and self.low_open else place
            place = fmpq(3, 4) if place == 1 and self.high_open else place
            return low + place * (high - low)
        if place == 1 and (self.low_open or self.high_open):
            place = fmpq(3, 4)
        units = 1 / max(place, fmpq(1, 10)) - 1
        if low is not None:
            return low + units * (abs(low) or unit)
        return (3 * place - 1) * unit if high is None else high - units * (abs(high) or unit)


def allowed(along: Callable[[fmpq], Sequence[Difference]], start: Interval) -> Interval:
    """Where in an interval all differences are nonnegative (zero, for equations).

    along: the differences of a hypothesis, for a value of the constant; the same ones each time.
    Where the allowed numbers lie on two sides of a gap, the upper side is taken.  Raises NoInterval
    where they are balls, or no such polynomials.
    """
    for outcome in zip(*map(along, PROBES), strict=True):
        values = [d.value for d in outcome]
        if not all(isinstance(v, fmpq) for v in values):
            raise NoInterval("balls")
        start = _solved(values, outcome[0].op, start)
    return start


def _solved(values: Sequence[fmpq], op: str, start: Interval) -> Interval:
    found = _polynomial(values)
    if found is None:  # perhaps x times it is one
        found = _polynomial([x * v for x, v in zip(PROBES, values, strict=True)])
        start = start.above(fmpq(0), True)
    if found is None:
        raise NoInterval("neither polynomials nor polynomials over x")
    a, b, c = found
    strict = op == "lt"
    if a == 0 and b == 0:
        fails = c < 0 or (c == 0 and strict) or (c != 0 and op == "eq")
        return Interval(fmpq(0), fmpq(-1)) if fails else start
    if a == 0:
        end = -c / b
        if op == "eq":
            return start.above(end).below(end)
        return start.above(end, strict) if b > 0 else start.below(end, strict)
    if op == "eq":
        raise NoInterval("an equation of degree two")
    return _between_roots(a, b, c, strict, start)


def _between_roots(a: fmpq, b: fmpq, c: fmpq, strict: bool, start: Interval) -> Interval:
    """Where a x^2 + b x + c is nonnegative: between its roots for a < 0, else above them."""
    middle, square = -b / (2 * a), (b * b - 4 * a * c) / (4 * a * a)
    if square < 0:
        return start if a > 0 else Interval(fmpq(0), fmpq(-1))
    below, above = root_bounds(square)
    if a > 0:
        return start.above(middle + above, strict)
    return start.above(middle - below, strict).below(middle + below, strict)


def root_bounds(square: fmpq) -> tuple[fmpq, fmpq]:
    """Rationals around the square root of a nonnegative one; both are the root if it is one."""
    p, q = int(square.numerator), int(square.denominator)
    n = isqrt(p * q * SCALE * SCALE)
    exact = n * n == p * q * SCALE * SCALE
    return fmpq(n, q * SCALE), fmpq(n + (not exact), q * SCALE)


def _polynomial(values: Sequence[fmpq]) -> tuple[fmpq, fmpq, fmpq] | None:
    """(a, b, c) with a x^2 + b x + c through the values at PROBES, if there is one."""
    first, second, third, fourth = values
    if fourth - 3 * third + 3 * second - first != 0:
        return None
    a = (third - 2 * second + first) / 2
    b = second - first - 3 * a
    return a, b, first - a - b
