"""The exact layer: what it accepts, what it refuses, and that it is exact."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq, fmpz
from hypothesis import given
from hypothesis import strategies as st

from shrinkproof.exact import (
    add,
    axpy,
    bounds,
    dot,
    floor_log2,
    fraction,
    from_float,
    matvec,
    norm2,
    power_of_two,
    rational,
    scale,
    subtract,
    transpose,
    vector,
)

THIRD = fmpq(1, 3)


@pytest.mark.parametrize(
    "given_as",
    [THIRD, Fraction(1, 3), "1/3", " 1/3 ", "2/6"],
)
def test_rational_accepts_every_spelling(given_as):
    assert rational(given_as) == THIRD
    assert isinstance(rational(given_as), fmpq)


def test_decimal_text_means_the_decimal():
    assert rational("0.1") == rational("1e-1") == fmpq(1, 10)
    assert rational("0.1") != from_float(0.1)


@pytest.mark.parametrize("integer", [7, fmpz(7), np.int64(7), "7"])
def test_rational_accepts_integers(integer):
    assert rational(integer) == fmpq(7)


@pytest.mark.parametrize("floating", [0.5, np.float64(0.5), np.float32(0.5), float("nan")])
def test_rational_refuses_floats(floating):
    with pytest.raises(ValueError, match="from_float"):
        rational(floating)


@pytest.mark.parametrize(
    "bad", ["nan", "inf", "", "1/0", "1,5", "__import__('os')", "1e999999999", "1e-99999999"]
)
def test_rational_refuses_text_that_is_no_rational(bad):
    with pytest.raises(ValueError, match="expected"):
        rational(bad)


@pytest.mark.parametrize("bad", [arb(1), None, 1j, [1]])
def test_rational_refuses_other_things(bad):
    with pytest.raises(ValueError, match="is not a rational"):
        rational(bad)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_from_float_is_exact(x):
    assert fraction(from_float(x)) == Fraction(x)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_from_float_refuses_what_has_no_value(bad):
    with pytest.raises(ValueError, match="finite"):
        from_float(bad)


@given(st.fractions())
def test_fraction_round_trip(x):
    assert fraction(rational(x)) == x


def test_bounds_enclose():
    assert bounds(THIRD) == (THIRD, THIRD)
    lower, upper = bounds(arb(THIRD))
    assert lower < THIRD < upper
    with pytest.raises(ValueError, match="unbounded"):
        bounds(arb("inf"))
    with pytest.raises(ValueError, match="unbounded"):
        bounds(arb("nan"))


@given(st.fractions(min_value=Fraction(1, 10**9), max_value=10**9))
def test_floor_log2_brackets(x):
    exponent = floor_log2(rational(x))
    assert power_of_two(exponent) <= rational(x) < power_of_two(exponent + 1)


@pytest.mark.parametrize("bad", [fmpq(0), fmpq(-1)])
def test_floor_log2_refuses(bad):
    with pytest.raises(ValueError, match="positive"):
        floor_log2(bad)


def test_vectors_known_values():
    x, y = vector([1, "1/2"]), vector([Fraction(2), 3])
    assert dot(x, y) == fmpq(7, 2)
    assert norm2(x) == fmpq(5, 4)
    assert add(x, y) == (3, fmpq(7, 2))
    assert subtract(x, y) == (-1, fmpq(-5, 2))
    assert scale(2, x) == (2, 1)
    assert axpy(2, x, y) == (4, 4)
    assert matvec((x, y), (fmpq(2), fmpq(4))) == (4, 16)
    assert transpose((x, y)) == ((1, 2), (fmpq(1, 2), 3))
    assert dot((), ()) == 0


def test_vectors_of_balls_contain_the_exact_results():
    x, y = vector(["1/3", "2/7"]), vector(["5/9", "-1/10"])
    balls = tuple(arb(a) for a in x)
    for got, exact in zip(
        (dot(balls, y), *axpy(THIRD, balls, y)), (dot(x, y), *axpy(THIRD, x, y)), strict=True
    ):
        lower, upper = bounds(got)
        assert lower <= exact <= upper


@pytest.mark.parametrize("operation", [dot, add, subtract, lambda x, y: axpy(1, x, y)])
def test_lengths_must_agree(operation):
    with pytest.raises(ValueError, match="length 1 and 2"):
        operation(vector([1]), vector([1, 2]))
