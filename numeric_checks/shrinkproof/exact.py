"""Exact rationals, rigorous balls, and the few vector operations both share.

Verdicts are reached in python-flint's `fmpq` (exact rationals, about 15 times faster than
`fractions.Fraction`) or, for transcendental objectives, in `arb` (balls that contain the true
value).  A vector is a tuple of numbers, a matrix a tuple of rows.  A float enters only through
`from_float`, which keeps its exact dyadic value.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

from flint import arb, fmpq, fmpz

Number: TypeAlias = "fmpq | arb"
Rational: TypeAlias = "int | str | Fraction | fmpq"
Vector: TypeAlias = "tuple[Number, ...]"
Matrix: TypeAlias = "tuple[Vector, ...]"


def rational(x: Rational) -> fmpq:
    """The exact `fmpq` equal to an integer, a `Fraction`, an `fmpq`, or text such as "1/3", "0.1".

    Raises ValueError for a float (its decimal spelling is not its value: say which is meant,
    "0.1" or `from_float(0.1)`), for a ball, and for text that is no finite rational.
    """
    if isinstance(x, fmpq):
        return x
    if isinstance(x, fmpz):
        return fmpq(x)
    if isinstance(x, str):
        return _parsed(x)
    if isinstance(x, numbers.Rational):
        return fmpq(int(x.numerator), int(x.denominator))
    if isinstance(x, numbers.Real):
        raise ValueError(
            f"{x!r} is a float: write it as text or a Fraction, or use from_float "
            "for its exact binary value"
        )
    raise ValueError(f"{x!r} is not a rational: expected int, Fraction, fmpq or text like '1/3'")


def _parsed(text: str) -> fmpq:
    # "1e999999999" is short but would fill the memory.
    exponent = text.lower().partition("e")[2]
    try:
        if len(exponent.strip()) > 5:
            raise ValueError
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError(
            f"{text!r} is not a rational: expected text like '3', '1/3', '0.1'"
        ) from None
    return fmpq(value.numerator, value.denominator)


def from_float(x: float) -> fmpq:
    """The exact dyadic value of a finite float.  Raises ValueError for nan and infinities."""
    if not math.isfinite(x):
        raise ValueError(f"{x!r} has no rational value: expected a finite float")
    return fmpq(*x.as_integer_ratio())


def fraction(x: fmpq) -> Fraction:
    """The same rational as a `Fraction`, for the interface (flint and Fraction do not mix)."""
    return Fraction(int(x.numerator), int(x.denominator))


def bounds(x: Number) -> tuple[fmpq, fmpq]:
    """Rationals (lower, upper) that enclose a number; both are x itself if it is rational.

    Raises ValueError for a ball that is not finite.
    """
    if not isinstance(x, arb):
        return rational(x), rational(x)
    if not x.is_finite():
        raise ValueError(f"the ball {x} is unbounded: raise flint.ctx.prec or shrink the input")
    return x.lower().fmpq(), x.upper().fmpq()


def power_of_two(exponent: int) -> fmpq:
    """2^exponent, for any sign of the exponent."""
    return fmpq(2) ** exponent


def floor_log2(x: fmpq) -> int:
    """The integer e with 2^e <= x < 2^(e+1).  Raises ValueError unless x > 0."""
    if not x > 0:
        raise ValueError(f"log2 of {x} does not exist: expected a positive number")
    exponent = int(x.numerator.bit_length()) - int(x.denominator.bit_length())
    return exponent if power_of_two(exponent) <= x else exponent - 1


def vector(entries: Iterable[Rational]) -> Vector:
    """A vector of exact rationals; raises ValueError as `rational` does."""
    return tuple(rational(entry) for entry in entries)


def dot(x: Vector, y: Vector) -> Number:
    """The inner product <x, y>.  Raises ValueError if the lengths differ."""
    _same_length(x, y)
    return sum((a * b for a, b in zip(x, y, strict=True)), fmpq(0))


def norm2(x: Vector) -> Number:
    """The *squared* Euclidean norm <x, x>: exact, where the norm itself is irrational."""
    return dot(x, x)


def add(x: Vector, y: Vector) -> Vector:
    """x + y.  Raises ValueError if the lengths differ."""
    _same_length(x, y)
    return tuple(a + b for a, b in zip(x, y, strict=True))


def subtract(x: Vector, y: Vector) -> Vector:
    """x - y.  Raises ValueError if the lengths differ."""
    _same_length(x, y)
    return tuple(a - b for a, b in zip(x, y, strict=True))


def scale(factor: Number, x: Vector) -> Vector:
    """factor * x."""
    return tuple(factor * a for a in x)


def axpy(factor: Number, x: Vector, y: Vector) -> Vector:
    """factor * x + y.  Raises ValueError if the lengths differ."""
    _same_length(x, y)
    return tuple(factor * a + b for a, b in zip(x, y, strict=True))


def matvec(matrix: Matrix, x: Vector) -> Vector:
    """The product of a matrix (a tuple of rows) with x.  Raises ValueError if lengths differ."""
    return tuple(dot(row, x) for row in matrix)


def transpose(matrix: Matrix) -> Matrix:
    """The transpose of a matrix given as a tuple of rows of equal length."""
    return tuple(zip(*matrix, strict=True))


def _same_length(x: Vector, y: Vector) -> None:
    if len(x) != len(y):
        raise ValueError(f"vectors of length {len(x)} and {len(y)}: expected the same length")
