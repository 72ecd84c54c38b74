"""Bounds: known values for known constants, and refusals that say what is wrong."""

from fractions import Fraction as Q

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shrinkproof.bounds import BoundError, decimal_up, evaluate_bound, parameters, parse_rational
from shrinkproof.library import result

T1 = dict(L=1, mu=Q(1, 10), q_min=Q(1, 2), q_max=1, sigma2=Q(1, 4), tau2=Q(1, 100), K=100, Delta=3)
T3 = dict(L=2, c=1, mu=Q(1, 4), q=Q(1, 2), sigma2=1, tau2=Q(1, 8), K=3, gap=2)


def test_t1_at_known_constants():
    expected = Q(2 * 3) / (100 * Q(1, 10) * Q(1, 2)) + Q(1, 10) * (Q(1, 4) + Q(1, 100)) / Q(1, 2)
    assert evaluate_bound("T1", T1).value == expected == Q(313, 250)
    assert evaluate_bound("nonconvex-fixed-step", T1).decimal == "1.252"


positive = st.fractions(Q(1, 50), 5, max_denominator=50)


@given(positive, positive, positive, positive, positive, st.integers(1, 500), positive)
def test_t1_agrees_with_its_formula(L, fraction_of_limit, q, sigma2, tau2, K, Delta):
    q_min, q_max = q / 10, q
    mu = fraction_of_limit / 5 / (L * q_max)
    values = dict(L=L, mu=mu, q_min=q_min, q_max=q_max, sigma2=sigma2, tau2=tau2, K=K, Delta=Delta)
    expected = 2 * Delta / (K * mu * q_min) + L * mu * (q_max**2 * sigma2 + tau2) / q_min
    assert evaluate_bound("T1", values).value == expected


@given(st.lists(st.sampled_from([Q(1, 4), Q(1, 2), Q(1)]), min_size=1, max_size=5), positive)
def test_t3_agrees_with_its_formula(factors, gap):
    K, L, c, mu, sigma2, tau2 = len(factors), Q(2), Q(1), Q(1, 3), Q(3), Q(1, 7)
    values = dict(L=L, c=c, mu=mu, q=tuple(factors), sigma2=sigma2, tau2=tau2, K=K, gap=gap)
    ends = (min(factors), max(factors))
    floor = L * mu / (2 * c) * max(q * sigma2 + tau2 / q for q in ends)
    product = Q(1)
    for q in factors:
        product *= 1 - c * mu * q
    assert evaluate_bound("T3", values).value == floor + product * (gap - floor)


def test_t3p_and_t1s_agree_with_their_formulas():
    values = {**T3, "q_min": Q(1, 4), "q_max": Q(1)}
    del values["q"]
    floor = Q(2) * Q(1, 4) * (1 + Q(1, 8)) / (2 * Q(1, 4))
    assert evaluate_bound("T3p", values).value == floor + (1 - Q(1, 16)) ** 3 * (2 - floor)
    weighted = dict(L=2, mu=(Q(1, 2), Q(1)), q=(1, Q(1, 2)), sigma2=3, tau2=Q(1, 2), K=2, Delta=5)
    total = (Q(1, 4) * 3 + Q(1, 4) / 2) + (Q(1, 4) * 3 + Q(1, 2))
    assert evaluate_bound("T1s", weighted).value == 10 + 2 * total


def test_sequences_one_value_means_constant_and_ends_default():
    constant = evaluate_bound("T3", T3).value
    assert evaluate_bound("T3", {**T3, "q": (Q(1, 2),) * 3}).value == constant
    assert evaluate_bound("T3", {**T3, "q_min": Q(1, 2), "q_max": Q(1, 2)}).value == constant
    assert evaluate_bound("T1", {**T1, "q": Q(1, 2)}).value == evaluate_bound("T1", T1).value


def test_a_long_constant_product_is_quick():
    assert evaluate_bound("T3", {**T3, "K": 20_000}).value > 0


@pytest.mark.parametrize(
    ("label", "change", "why"),
    [
        ("T1", {"mu": 2}, "hypothesis stepsize_bound is violated"),
        ("T1", {"mu": 0}, "hypothesis mu_positive is violated"),
        ("T1", {"L": 0}, "hypothesis L_positive is violated"),
        ("T1", {"L": -1}, "hypothesis L_positive is violated"),
        ("T1", {"K": 0}, "hypothesis K_positive is violated"),
        ("T1", {"K": Q(1, 2)}, "K = 1/2 is not a number of steps"),
        ("T1", {"K": -3}, "K = -3 is not a number of steps"),
        ("T1", {"q_min": 1, "q_max": Q(1, 2)}, "q_min = 1 exceeds q_max = 1/2"),
        ("T1", {"q_min": 0}, "hypothesis q_min_positive is violated"),
        ("T1", {"q": (Q(1, 4), 1)}, "q has 2 values"),
        ("T1", {"q": Q(1, 4)}, "hypothesis q_lower is violated"),
        ("T1", {"sigma2": -1}, "sigma2 = -1 is negative"),
        ("T1", {"Delta": -1}, "Delta = -1 is negative"),
        ("T1", {"L": (1, 2)}, "L is one number, not a list of 2"),
        ("T1", {"L": 0.5}, "L = 0.5 is not exact"),
        ("T1", {"L": None}, "missing L"),
        ("T1", {"nu": 1}, "unknown name nu; it takes L, mu, q_min"),
        ("T3", {"c": 3}, "hypothesis c_at_most_L is violated"),
        ("T3", {"q": None}, "missing q"),
        ("T3", {"q": (1, 1, 3)}, "hypothesis stepsize_bound is violated"),
        ("T3", {"K": 10**7}, "too long for an exact sum"),
        ("T3", {"K": 10**5, "q": Q(1, 100)}, "too large for an exact value: it has some"),
        ("T1", {"K": (2, 2)}, "K is one number, not a list of 2"),
        ("T1", {"sigma2": (1, 1)}, "sigma2 is one number, not a list of 2"),
        ("F1", {}, "its right-hand side is not a number made of constants"),
    ],
)
def test_refusals_say_what_is_wrong(label, change, why):
    values = {**(T3 if label == "T3" else T1), **change}
    values = {name: v for name, v in values.items() if v is not None}
    with pytest.raises(BoundError, match=rf"^{label}: .*{why}"):
        evaluate_bound(label, values)


def test_a_power_that_would_fill_the_memory_is_refused():
    values = {**T3, "q_min": Q(1, 2), "q_max": Q(1, 2), "K": 10**30}
    del values["q"]
    with pytest.raises(BoundError, match="too large for an exact value"):
        evaluate_bound("T3p", values)
    assert evaluate_bound("T1", {**T1, "K": 10**30}).value > 0
    assert evaluate_bound("T1", {**T1, "q": Q(1, 2), "K": 10**30}).value > 0


def test_a_recursion_that_would_take_for_ever_is_refused():
    with pytest.raises(BoundError, match="T3d: K = 100000 is too large for an exact value"):
        evaluate_bound("T3d", {**T3D, "K": 10**5})
    assert evaluate_bound("T3d", {**T3D, "K": 1000}).value > 0


@pytest.mark.parametrize("text", ["nan", "inf", "", "1/0", "x", "1e999999999", "0x10", "1 2"])
def test_what_is_no_exact_number_is_refused(text):
    with pytest.raises(ValueError):
        parse_rational(text)


def test_decimals_and_fractions_are_the_same_numbers():
    assert parse_rational("0.1") == parse_rational("1/10") == parse_rational("1e-1") == Q(1, 10)


@given(st.fractions(0, 10**6))
def test_decimals_are_rounded_up(x):
    shown = Q(decimal_up(x))
    assert x <= shown <= x + max(x, Q(1, 10**9)) / 10**11


T3D = {"L": 2, "c": 1, "mu": Q(1, 3), "q": Q(1, 2), "sigma2": 3, "tau2": 1, "D2": 5, "K": 3}


def test_a_recursion_gives_what_its_closed_form_gives():
    assert evaluate_bound("T3d", T3D).value == evaluate_bound("T3e", T3D).value
    varying = {**T3D, "q": (Q(1, 2), Q(1, 3), Q(1))}
    assert evaluate_bound("T3d", varying).value < evaluate_bound("T3e", varying).value
    assert parameters(result("T3d").statement) == (
        *("L", "c", "mu", "q", "sigma2", "tau2", "K", "D2"),
    )


def test_definitions_are_no_hypotheses_for_a_user_to_check():
    found = evaluate_bound("T3d", T3D)
    assert "radius_step" not in (*found.checked, *(h.name for h in found.assumed))
    with pytest.raises(BoundError, match="T3d: hypothesis alpha_contracts is violated"):
        evaluate_bound("T3d", {**T3D, "mu": 2})


def test_the_right_side_of_an_equation_is_its_value():
    exact = {name: T3D[name] for name in ("c", "mu", "q", "sigma2", "tau2", "D2", "K")}
    assert evaluate_bound("LB", exact).value == evaluate_bound("T3e", T3D).value


def test_parameters_are_what_a_user_must_give():
    assert parameters(result("T3").statement) == (
        *("L", "c", "mu", "q", "q_min", "q_max", "sigma2", "tau2", "K", "gap"),
    )
