"""Terms at given constants: exactly where that is rational, between two rationals where it is not.

No float decides anything.  A value with an irrational square root in it is enclosed by balls of
rising precision (arb, in python-flint), and a comparison is made once the two sides lie apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from math import isqrt
from types import MappingProxyType
from typing import Any

from flint import arb, ctx, fmpq

from shrinkproof.kernel.term import Term, free, minus, subterms
from shrinkproof.language.evaluate import EvaluationError, Evaluator, Recursion

LARGEST = 500_000  # bits of an exact power: a second's work, and 150,000 digits to read
LARGEST_ELEMENT = 50_000  # bits of an element of a sequence that needs all earlier ones
PRECISIONS = tuple(64 << i for i in range(9))  # bits of balls, up to 16,384
ACCURACY = 56  # bits of an enclosure: more than the digits that are shown
DIGITS = 15  # decimal digits of its ends


class TooLarge(EvaluationError):
    """A value that is exact, but too long to compute or to read."""


class Undecided(EvaluationError):
    """What balls of the highest precision leave open."""


class _Straddles(Exception):
    """A ball around 0 where a sign is needed."""


def decimal_up(x: Fraction, digits: int = 12) -> str:
    """A decimal that is not below x, and exact where ``digits`` significant digits suffice."""
    return _decimal(x, digits, ROUND_CEILING)


def decimal_down(x: Fraction, digits: int = 12) -> str:
    """A decimal that is not above x, and exact where ``digits`` significant digits suffice."""
    return _decimal(x, digits, ROUND_FLOOR)


def _decimal(x: Fraction, digits: int, rounding: str) -> str:
    context = Context(prec=digits, rounding=rounding)
    return f"{context.divide(Decimal(x.numerator), Decimal(x.denominator)).normalize(context):f}"


class Constants(Evaluator):
    """The evaluator where all is deterministic: an expectation is what it is taken of.

    ``values``: Fractions for parameters, int for index variables, functions for sequences.
    ``steps``: for how many of them a hypothesis about all steps is checked.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        steps: int,
        recursions: Mapping[str, Recursion] = MappingProxyType({}),
    ) -> None:
        super().__init__(values, recursions=recursions)
        self.steps = steps
        self._sums: dict[tuple[Any, ...], tuple[int, Any]] = {}

    def _mean(self, t: Term) -> Any:
        return self.scalar(t[2])

    def _raised(self, x: Any, times: int) -> Any:
        bits = times * max(x.numerator.bit_length(), x.denominator.bit_length())
        if abs(x) not in (0, 1) and bits > LARGEST:
            raise TooLarge(
                f"a power with exponent {times} is too large for an exact value: "
                f"it has some {bits // 3} digits"
            )
        return x**times

    def _recursive(self, name: str, i: int) -> Any:
        """Element i; the earlier ones first, so that growing too long is noticed in time."""
        for n in range(len(self._computed.get(name, ())), i):
            self._check_length(name, n, super()._recursive(name, n))
        return super()._recursive(name, i)

    def _check_length(self, name: str, n: int, x: Any) -> None:
        if (bits := x.denominator.bit_length()) > LARGEST_ELEMENT:
            raise TooLarge(
                f"K = {self.values.get('K')} is too large for an exact value: {name}_{n} alone "
                f"has some {bits // 3} digits"
            )

    def _sum(self, t: Term) -> Any:
        """Added in pairs, so that few additions are long, and going on from a shorter sum."""
        others = sorted(d[0] for d in free(t[3]) if d[1] == "index" and d[0] != t[1])
        key = (t[1], t[3], *(self._look_up(n) for n in others))
        length = self.index(t[2])
        done, total = self._sums.get(key, (0, self.rational(0, 1)))
        if done > length:
            done, total = 0, self.rational(0, 1)
        outer = self.values.get(t[1])
        parts = [total]
        for i in range(done, length):
            self.values[t[1]] = i
            parts.append(self.scalar(t[3]))
        self._restore(t[1], outer)
        while len(parts) > 1:
            pairs = zip(parts[::2], [*parts[1::2], self.rational(0, 1)], strict=False)
            parts = [a + b for a, b in pairs]
        self._sums[key] = length, parts[0]
        return parts[0]

    # what is irrational

    def has_irrational_root(self, t: Term) -> bool:
        """Whether a square root in the term is irrational, or not known before it is summed."""
        return any(not self._is_square(x[1]) for x in subterms(t) if x[0] == "sqrt")

    def _is_square(self, t: Term) -> bool:
        try:
            x = self.scalar(t)
        except EvaluationError:
            return False
        return x <= 0 or all(isqrt(n) ** 2 == n for n in (x.numerator, x.denominator))

    def enclosure(self, t: Term) -> tuple[Fraction, Fraction]:
        """Rationals that enclose the value of the term; twice the value itself if it is rational.

        Raises EvaluationError where a symbol has no value, TooLarge and Undecided.
        """
        if not self.has_irrational_root(t):
            value = self.scalar(t)
            return value, value
        for x in self._balls(t):
            if x.is_finite() and x.rel_accuracy_bits() >= ACCURACY:
                ends = _exactly(x.lower()), _exactly(x.upper())
                lower, upper = decimal_down(ends[0], DIGITS), decimal_up(ends[1], DIGITS)
                return Fraction(lower), Fraction(upper)
        raise Undecided(f"{PRECISIONS[-1]} bits do not suffice to enclose its value")

    def order(self, left: Term, right: Term) -> int:
        """-1, 0 or 1 as left is less than, equal to or greater than right; errors as above."""
        if not (self.has_irrational_root(left) or self.has_irrational_root(right)):
            a, b = self.scalar(left), self.scalar(right)
            return int(a > b) - int(a < b)
        for x in self._balls(minus(left, right)):
            if x.is_zero() or not x.contains(0):
                return int(x > 0) - int(x < 0)
        raise Undecided(f"{PRECISIONS[-1]} bits do not tell its two sides apart")

    def _balls(self, t: Term) -> Iterator[Any]:
        for bits in PRECISIONS:
            with ctx.workprec(bits):
                try:
                    x = _Balls(self).scalar(t)
                except _Straddles:
                    continue
            yield x

    def shown(self, t: Term) -> str:
        lower, upper = self.enclosure(t)
        return str(lower) if lower == upper else f"{decimal_up(upper)} (rounded up)"

    # hypotheses

    def violation(self, prop: Term) -> str | None:
        """The first instance of a hypothesis that fails, in numbers; None if all hold."""
        if prop[0] == "forall":
            name = prop[1][1]
            for i in self._instances(name, prop[2]):
                self.values[name] = i
                if (found := self.violation(prop[2])) is not None:
                    return f"at {name} = {i}: {found}"
            self.values.pop(name, None)
            return None
        order = self.order(prop[1], prop[2])
        sign, holds = {
            "le": ("<=", order <= 0),
            "lt": ("<", order < 0),
            "eq": ("=", order == 0),
        }[prop[0]]
        return None if holds else f"{self.shown(prop[1])} {sign} {self.shown(prop[2])} is false"

    def _instances(self, name: str, body: Term) -> range:
        """The steps, and the number K of steps itself where the index is no subscript."""
        holders = {
            t[0]
            for t in subterms(body)
            for x in t.args
            if isinstance(x, Term) and x[0] == "ix" and x[1] == name
        }
        total = self.values.get("K", 0)
        if holders <= {"at"}:
            return range(max(self.steps, 1))
        return range(max(total, 1) if "at" in holders else total + 1)


class _Balls(Constants):
    """The same constants as balls, at the working precision."""

    def __init__(self, exact: Constants) -> None:
        values = {name: _ball(x) for name, x in exact.values.items()}
        super().__init__(values, exact.steps, exact.recursions)
        self.rational = _rational_ball

    def _sqrt(self, t: Term) -> Any:
        x = self.scalar(t[1])
        if not (x > 0 or x <= 0):
            raise _Straddles
        return x.sqrt() if x > 0 else arb(0)

    def _recip(self, t: Term) -> Any:
        x = self.scalar(t[1])
        if x.contains(0) and not x.is_zero():
            raise _Straddles
        return x if x.is_zero() else 1 / x

    def _max(self, t: Term) -> Any:
        return self.scalar(t[1]).max(self.scalar(t[2]))

    def _raised(self, x: Any, times: int) -> Any:
        return x**times

    def _check_length(self, name: str, n: int, x: Any) -> None:
        """A ball has the length of the working precision."""


def _rational_ball(numerator: int, denominator: int) -> Any:
    return arb(fmpq(numerator, denominator))


def _ball(x: Any) -> Any:
    if isinstance(x, Fraction):
        return _rational_ball(x.numerator, x.denominator)
    return x if isinstance(x, int) else lambda i: _ball(x(i))


def _exactly(x: Any) -> Fraction:
    """The end of a ball, a dyadic rational."""
    mantissa, exponent = (int(n) for n in x.man_exp())
    if abs(exponent) > LARGEST:
        raise TooLarge(f"a value near 2^({exponent}) is too large or too small to be written out")
    return mantissa * Fraction(2) ** exponent


__all__ = ["LARGEST", "Constants", "TooLarge", "Undecided", "decimal_down", "decimal_up"]
