"""Plans: exact step counts, against brute force and against the bounds themselves."""

from fractions import Fraction as Q

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof import library
from shrinkproof.bounds import BoundError, evaluate_bound
from shrinkproof.planning import Choices, Decay, least_initial, least_power, plan, shape

EXACT = dict(q_min=Q(1), q_max=Q(1), tau2=Q(0))
COMMON = dict(L=Q(4), sigma2=Q(1, 2))
E4M3 = dict(p=Q(4), h=Q(1, 512), S=Q(16), d=Q(30))
THEOREMS = {
    "T1": COMMON | EXACT | dict(Delta=Q(3)),
    "T3p": COMMON | EXACT | dict(c=Q(1, 2), gap=Q(3)),
    "T7a": COMMON | dict(omega=Q(1, 288), tau2=Q(1, 100), Delta=Q(3)),
    "T7b": COMMON | dict(omega=Q(1, 288), tau2=Q(1, 100), c=Q(1, 2), gap=Q(3)),
    "T7c": COMMON | dict(u=Q(1, 17), Delta=Q(3)),
    "T7d": COMMON | dict(u=Q(1, 17), c=Q(1, 2), gap=Q(3)),
    "T7e": COMMON | dict(q_min=Q(8, 9), q_max=Q(1), Delta=Q(3)),
    "E1n": COMMON | E4M3 | dict(Delta=Q(3)),
    "E1p": COMMON | E4M3 | dict(c=Q(1, 2), gap=Q(3)),
    "E2n": COMMON | E4M3 | dict(Delta=Q(3)),
    "E2p": COMMON | E4M3 | dict(c=Q(1, 2), gap=Q(3)),
    "E3n": COMMON | E4M3 | dict(Delta=Q(3)),
    "E3p": COMMON | E4M3 | dict(c=Q(1, 2), gap=Q(3)),
    "T7f": COMMON | dict(q_min=Q(8, 9), q_max=Q(1), c=Q(1, 2), gap=Q(3)),
}
every_theorem = pytest.mark.parametrize("name", THEOREMS)


@every_theorem
@pytest.mark.parametrize("mu", [Q(1, 5), Q(1, 64)], ids=str)
def test_a_bound_is_the_sum_of_its_parts(name, mu):
    decay = Decay(name, {**THEOREMS[name], "mu": mu})
    for steps in (1, 2, 7):
        shrunk = Q(1, steps) if decay.rate is None else decay.rate**steps
        assert decay.bound(steps) == decay.floor + shrunk * decay.initial


@every_theorem
@pytest.mark.parametrize("target", [Q(1, 2), Q(1, 10), Q(1, 50)], ids=str)
def test_steps_are_the_least_that_suffice(name, target):
    found = plan(name, THEOREMS[name], target)
    given = {**THEOREMS[name], "mu": found.stepsize}
    assert found.steps > 1
    assert evaluate_bound(name, {**given, "K": found.steps}).value <= target
    assert evaluate_bound(name, {**given, "K": found.steps - 1}).value > target


@every_theorem
def test_no_other_stepsize_needs_many_fewer_steps(name):
    target = Q(1, 20)
    found = plan(name, THEOREMS[name], target)
    for n in range(-60, 400):
        other = Decay(name, {**THEOREMS[name], "mu": found.stepsize * (1 + Q(n, 64))})
        if n > -64 and other.admissible and (steps := other.steps(target)) is not None:
            assert steps >= found.steps * Q(999, 1000)


@every_theorem
def test_the_largest_stepsize_is_admissible_and_hardly_a_larger_one_is(name):
    largest = Choices(name, THEOREMS[name]).largest
    assert Decay(name, {**THEOREMS[name], "mu": largest}).admissible
    assert not Decay(name, {**THEOREMS[name], "mu": largest * Q(33, 32)}).admissible


def test_known_optima():
    """T1 at q = 1: mu = target/(2 L sigma2) needs K = 8 Delta L sigma2/target^2 steps."""
    found = plan("T1", THEOREMS["T1"], Q(1, 64))
    assert (found.stepsize, found.steps) == (Q(1, 256), 8 * 3 * 4 * 64**2 // 2)
    assert Choices("T7a", THEOREMS["T7a"]).largest == 1 / (Q(4) * Q(289, 288))
    assert least_initial("T1", THEOREMS["T1"]) == 2 * 3 * 4


@pytest.mark.parametrize("name", ["T7c", "T7d", "T7e", "T7f"])
def test_a_target_below_the_bias_floor_is_not_reached(name):
    limit = plan(name, THEOREMS[name], Q(1)).limit
    assert limit == Q(1, 288) / 2 * (1 if "c" not in THEOREMS[name] else 1 / (2 * Q(1, 2)))
    assert plan(name, THEOREMS[name], limit).steps is None
    assert plan(name, THEOREMS[name], limit * Q(9, 10)).stepsize is None
    assert plan(name, THEOREMS[name], limit * Q(11, 10)).steps > 0


@pytest.mark.parametrize("exponent", [30, 400, 3000])
def test_tiny_targets_are_reached_too(exponent):
    """Beyond what floats can hold, with noise and without."""
    target = Q(1, 10**exponent)
    for name in ("T1", "T3p", "T7a", "T7b"):
        noisy = plan(name, THEOREMS[name], target)
        quiet = plan(name, THEOREMS[name] | {"sigma2": Q(0), "tau2": Q(0)}, target)
        assert noisy.steps > quiet.steps > exponent
        assert noisy.stepsize < quiet.stepsize <= quiet.largest
    assert plan("T1", THEOREMS["T1"], target).steps <= 48 * 10 ** (2 * exponent) * Q(1001, 1000)


def test_a_target_that_holds_at_the_start_needs_no_step():
    assert plan("T3p", THEOREMS["T3p"], Q(3)).steps == 0
    assert plan("T1", THEOREMS["T1"], Q(10**6)).steps == 1


@settings(max_examples=300, deadline=None)
@given(st.fractions(0, 1, max_denominator=300), st.fractions(0, 1, max_denominator=10**6))
def test_least_power(rate, target):
    if 0 <= rate < 1 and 0 < target < 1:
        n = least_power(rate, target)
        assert rate**n <= target < rate ** (n - 1)


@pytest.mark.parametrize("n", [1, 2, 5, 40])
@pytest.mark.parametrize("rate", [Q(1, 2), Q(2, 3), Q(99, 100)])
def test_an_exact_power_is_reached_at_its_exponent(rate, n):
    assert least_power(rate, rate**n) == n
    assert least_power(rate, rate**n - Q(1, 10**200)) == n + 1
    assert least_power(rate, rate**n + Q(1, 10**200)) == n


def test_many_steps_are_no_trouble():
    rate = 1 - Q(1, 10**9)
    assert least_power(rate, Q(1, 10**6)) == 13815510552


@pytest.mark.parametrize("name", ["T1s", "T3", "F1", "O1", "S1"])
def test_other_shapes_are_refused(name):
    with pytest.raises(ValueError, match="does not decay to a floor"):
        shape(name)


def test_a_theorem_that_applies_nowhere_says_why():
    with pytest.raises(BoundError, match=r"T3p: hypothesis c_at_most_L is violated"):
        plan("T3p", THEOREMS["T3p"] | {"c": Q(5)}, Q(1))
    with pytest.raises(BoundError, match=r"T7c: hypothesis kappa_positive is violated"):
        plan("T7c", THEOREMS["T7c"] | {"u": Q(2)}, Q(1))


def test_the_shapes_are_found_in_the_library():
    """All bounds with a fixed stepsize and no sum decay in one of the two ways."""
    decaying = set()
    for result in library.results():
        try:
            shape(result.id)
        except ValueError:
            continue
        decaying.add(result.label)
    assert set(THEOREMS) <= decaying
