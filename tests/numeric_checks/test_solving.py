"""Intervals of open constants, against ends worked out by hand."""

import pytest
from flint import arb, fmpq

from shrinkproof.evaluation import Difference
from shrinkproof.solving import Interval, NoInterval, allowed, root_bounds

HALF = fmpq(1, 2)


def solve(*functions, op="le", start=None):
    def along(t):
        return [Difference(op, f(t), None, (), None) for f in functions]

    return allowed(along, start or Interval())


@pytest.mark.parametrize(
    ("functions", "low", "high"),
    [
        ([lambda t: 1 - 3 * t], None, fmpq(1, 3)),
        ([lambda t: t - 2], fmpq(2), None),
        ([lambda t: t, lambda t: 1 - t, lambda t: 2 - t], fmpq(0), fmpq(1)),
        ([lambda t: 4 - t**2], fmpq(-2), fmpq(2)),
        ([lambda t: fmpq(9, 4) - (t - 1) ** 2], -HALF, fmpq(5, 2)),
        ([lambda t: t**2 - 4], fmpq(2), None),
        ([lambda t: 1 - 3 / t], fmpq(3), None),
        ([lambda t: fmpq(5)], None, None),
    ],
)
def test_ends(functions, low, high):
    found = solve(*functions)
    assert (found.low, found.high) == (low, high)
    for end in filter(None, (low, high)):
        assert min(f(end) for f in functions) == 0


def test_irrational_ends_are_rounded_inwards():
    def f(t):
        return 1 - t / 2 - 1 / (4 * t)  # zero at 1 -+ sqrt(1/2)

    found = solve(f)
    for end, outwards in ((found.low, -1), (found.high, 1)):
        assert f(end) > 0 > f(end + outwards * fmpq(1, 10**9))


def test_what_is_never_true_is_an_empty_interval():
    assert solve(lambda t: fmpq(-1)).is_empty
    assert solve(lambda t: t - 2, lambda t: 1 - t).is_empty
    assert solve(lambda t: -1 - t**2).is_empty
    assert not solve(lambda t: t - 2, lambda t: 2 - t).is_empty
    assert solve(lambda t: t - 2, lambda t: 2 - t, op="lt").is_empty


def test_strict_and_equal():
    assert solve(lambda t: t - 2, op="lt") == Interval(low=fmpq(2), low_open=True)
    assert solve(lambda t: 2 * t - 1, op="eq") == Interval(HALF, HALF)
    assert solve(lambda t: fmpq(0), op="eq") == Interval()
    assert solve(lambda t: fmpq(1), op="eq").is_empty


@pytest.mark.parametrize(
    ("f", "why"),
    [
        (lambda t: t**3 - 1, "neither"),
        (lambda t: 1 / t**2, "neither"),
        (lambda t: arb(2).sqrt() - t, "balls"),
    ],
)
def test_what_cannot_be_solved_is_said_to_be_so(f, why):
    with pytest.raises(NoInterval, match=why):
        solve(f)


@pytest.mark.parametrize("square", [fmpq(4, 9), fmpq(2), fmpq(0), fmpq(10**30 + 1), fmpq(1, 7)])
def test_roots_are_enclosed_and_exact_where_rational(square):
    low, high = root_bounds(square)
    assert low**2 <= square <= high**2
    assert (low == high) == (square in (fmpq(4, 9), 0))


@pytest.mark.parametrize(
    ("interval", "places"),
    [
        (Interval(fmpq(1), fmpq(3)), {0: 1, 1: 3, HALF: 2}),
        (Interval(fmpq(0), fmpq(4), True, True), {0: 1, 1: 3, HALF: 2}),
        (Interval(low=fmpq(2)), {1: 2, HALF: 4}),
        (Interval(low=fmpq(0)), {1: 0, HALF: 5}),
        (Interval(low=fmpq(0), low_open=True), {1: fmpq(5, 3), HALF: 5}),
        (Interval(high=fmpq(3)), {1: 3, HALF: 0}),
        (Interval(), {0: -5, 1: 10}),
    ],
)
def test_places(interval, places):
    for place, expected in places.items():
        assert interval.at(fmpq(place), fmpq(5)) == expected
