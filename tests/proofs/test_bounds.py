"""Bounds: known values, agreement with the statements, and refusals that say what is wrong."""

from fractions import Fraction as Q
from math import isqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof import library
from shrinkproof.bounds import (
    GIVEN,
    BoundError,
    decimal_up,
    evaluate_bound,
    parameters,
    parse_rational,
)
from shrinkproof.constants import Constants, TooLarge, Undecided, decimal_down
from shrinkproof.kernel import unfold
from shrinkproof.kernel.normal import canonical
from shrinkproof.kernel.term import Term, lift, make, substitute, subterms
from shrinkproof.language.evaluate import EvaluationError
from shrinkproof.language.symbols import (
    Sequence,
    Sum,
    equal,
    forall,
    index,
    number,
    parameter,
    sqrt,
)
from shrinkproof.library import result

T1 = dict(L=1, mu=Q(1, 10), q_min=Q(1, 2), q_max=1, sigma2=Q(1, 4), tau2=Q(1, 100), K=100, Delta=3)
T3 = dict(L=2, c=1, mu=Q(1, 4), q=Q(1, 2), sigma2=1, tau2=Q(1, 8), K=3, gap=2)

# One set of constants, and what each theorem's formula makes of it, computed apart from this code.
COMMON = dict(
    L=2, c=1, mu=Q(1, 4), q_min=Q(1, 2), q_max=1, sigma2=3, tau2=Q(1, 2), K=3, Delta=5, gap=5, D2=7
)
MUS = dict(mu=(Q(1, 2), Q(1, 4), Q(1, 8)))
QS = dict(q=(Q(1, 2), Q(3, 4), 1))
FORMAT = dict(p=4, h=Q(1, 512), S=8, d=10)
KNOWN = {
    "T1": ({}, Q(181, 6)),
    "T1s": (MUS | QS, Q(1409, 128)),
    "T2": (MUS, Q(787, 28)),
    "T2s": (MUS | QS, Q(1409, 72)),
    "T2r": (dict(mu0=Q(1, 2)), Q(317, 12)),
    "T3": (QS, Q(12593, 4096)),
    "T3p": ({}, Q(8043, 2048)),
    "T3d": (MUS | QS, Q(151221, 65536)),
    "T3e": (QS, Q(1231021, 524288)),
    "T3s": (QS, Q(932905, 524288)),
    "T3pd": ({}, Q(958405, 262144)),
    "T3ps": ({}, Q(723107, 262144)),
    "T4": (dict(beta=4, gamma=8), Q(56, 11)),
    "T5": (MUS | QS, Q(1921, 288)),
    "T5p": (MUS | QS, Q(1921, 512)),
    "T6": (dict(K=40, sigma2=0), 2),
    "T7a": (dict(omega=Q(1, 16)), Q(1457, 96)),
    "T7b": (dict(omega=Q(1, 16)), Q(10823, 4096)),
    "T7c": (dict(u=Q(1, 4)), Q(1523, 111)),
    "T7d": (dict(u=Q(1, 4)), Q(10477063, 4194304)),
    "T7e": ({}, Q(11395, 623)),
    "T7f": ({}, Q(173397869005, 57982058496)),
    "T7g": (dict(u=Q(1, 4), eta2=Q(1, 10), t=2), Q(1529, 117)),
    "T7h": (dict(u=Q(1, 4), eta2=Q(1, 10), t=2), Q(10012541, 4194304)),
    "T8": (dict(K=80, epsilon=1), Q(9, 2)),
    "T8p": (dict(K=8, epsilon=2, s=1), Q(15, 4)),
    "E1n": (FORMAT, Q(907597066957, 72427241472)),
    "E1p": (FORMAT, Q(7452947572360281599, 3317442222718189568)),
    "E2n": (FORMAT, Q(12739299411057, 977237180416)),
    "E2p": (FORMAT, Q(38645367636166934185085297, 16742455860350618022445056)),
    "E3n": (FORMAT, Q(2987393039, 201326592)),
    "E3p": (FORMAT, Q(65570603563, 25769803776)),
    "A2": ({}, Q(3, 7)),
}


def constants(label, change):
    takes = parameters(result(label).statement)
    return {n: v for n, v in (COMMON | change).items() if n in takes or n in change}


@pytest.mark.parametrize("label", list(KNOWN))
def test_known_values(label):
    change, expected = KNOWN[label]
    found = evaluate_bound(label, constants(label, change))
    assert found.value == found.lower == found.upper == expected
    assert evaluate_bound(result(label).id, constants(label, change)).value == expected


def test_every_theorem_that_bounds_a_number_has_a_known_value():
    bounding = {
        r.label
        for r in library.results()
        if r.kind == "theorem" and r.statement.conclusion.op in ("le", "lt")
    }
    assert bounding <= {*KNOWN, "T2c"}  # T2c bounds by the epsilon that it is given


def test_t1_of_the_readme():
    expected = Q(2 * 3) / (100 * Q(1, 10) * Q(1, 2)) + Q(1, 10) * (Q(1, 4) + Q(1, 100)) / Q(1, 2)
    assert evaluate_bound("T1", T1).value == expected == Q(313, 250)
    assert evaluate_bound("nonconvex-fixed-step", T1).decimal == "1.252"


# The statement's own term, worked out by the kernel: unfold and normal form, no evaluator


def reduced(t, values, recursions):
    """The term with numbers put in, sums, products and powers unfolded, as one rational."""

    def walk(t):
        op = t[0]
        if op == "named" and t[1] in GIVEN:
            return lift(values[t[1]])
        if op == "sym":
            return lift(values[t[1]])
        if op == "ix":
            return index("", t[2] + (int(values[t[1]]) if t[1] else 0))
        if op == "at":
            i = walk(t[4])[2]
            if t[1] not in recursions:
                value = values[t[1]]
                return lift(value[i] if isinstance(value, tuple) else value)
            rule = recursions[t[1]]
            step = {rule.variable: index("", i - 1)} if i else {}
            return walk(substitute(rule.step if i else rule.start, step))
        if op in ("sum", "prod", "power"):
            return walk(unfold(make(op, t[1], walk(t[2]), *t[3:])).conclusion[2])
        if op == "mean":
            return walk(t[2])
        if op == "max":
            return max((rational(walk(x)) for x in t.args), key=lambda r: Q(r[1], r[2]))
        return make(op, *(walk(x) if isinstance(x, Term) else x for x in t.args))

    return rational(walk(t))


def rational(t):
    number = canonical(t)
    assert number.op == "rat", number
    return number


RATIONAL = sorted(set(KNOWN) - {"T2r", "T6"})
anything = st.fractions(Q(1, 50), 5, max_denominator=50)


@pytest.mark.parametrize("label", RATIONAL)
@settings(max_examples=15)
@given(data=st.data())
def test_bounds_are_what_their_statements_say_on_arbitrary_rationals(label, data):
    statement = result(label).statement
    steps = data.draw(st.integers(1, 4))
    values = {}
    for name in parameters(statement):
        several = name in ("mu", "q") and is_sequence(statement, name)
        values[name] = data.draw(
            st.tuples(*[anything] * steps) if several else anything, label=name
        )
    values |= {name: data.draw(st.integers(1, 5)) for name in {"p", "d", "s"} & set(values)}
    values |= {"K": steps} if "K" in values else {}
    ready = {n: as_sequence(v) if isinstance(v, tuple) else v for n, v in values.items()}
    found = Constants(ready, steps, statement.recursions).enclosure(statement.conclusion[2])
    number = reduced(statement.conclusion[2], values, statement.recursions)
    assert found == (Q(number[1], number[2]),) * 2


def as_sequence(values):
    return lambda i: values[i]


def is_sequence(statement, name):
    return any(x[:2] == ("at", name) for x in subterms(statement.conclusion[2])) or (
        name in ("mu", "q") and bool(statement.recursions)
    )


@settings(max_examples=30)
@given(anything, anything, anything, anything, st.integers(1, 500), anything)
def test_admissible_constants_are_never_refused(L, part, q, sigma2, K, Delta):
    values = dict(
        L=L, mu=part / 5 / (L * q), q_min=q / 10, q_max=q, sigma2=sigma2, tau2=sigma2, K=K
    )
    assert evaluate_bound("T1", {**values, "Delta": Delta}).value > 0


# Square roots


def test_an_irrational_bound_is_enclosed():
    found = evaluate_bound("T6", constants("T6", {"K": 7}))
    square = 4 * 2 * 5 * 2 * (3 + Q(1, 2)) / 7 / Q(1, 4)  # (2 sqrt(2 Delta L V/K)/q_min)^2
    assert found.lower**2 < square < found.upper**2
    assert found.upper - found.lower <= found.upper * Q(1, 10**13)
    assert found.upper <= Q(found.decimal) <= found.upper * (1 + Q(1, 10**11))
    assert not found.is_exact
    with pytest.raises(
        BoundError, match=r"^T6: its right-hand side is known between two rationals"
    ):
        _ = found.value


def test_the_harmonic_sum_and_the_root_of_t2r_are_both_there():
    found = evaluate_bound("T2r", constants("T2r", {"mu0": Q(1, 2), "K": 4}))
    above = 10 + 7 * Q(1, 4) * Q(25, 12)  # 2 Delta + L V mu0^2 H, over sqrt(5) - 1
    for end, sign in ((found.lower, 1), (found.upper, -1)):
        root = above / (end * Q(1, 2)) + 1
        assert (root**2 - 5) * sign > 0


mu, K = parameter("mu"), index("K")
TWO_ROOTS = sqrt(2) * sqrt(3) <= sqrt(6)


@pytest.mark.parametrize("digits", [5, 16, 17, 40, 300])
def test_a_comparison_with_a_root_is_decided_however_close(digits):
    close = decimal_down(Q(2), 1)
    assert close == "2"
    root = Constants({}, 1).enclosure(sqrt(2))
    assert root[0] ** 2 < 2 < root[1] ** 2
    scale = 10**digits
    below = Q(isqrt(2 * scale**2), scale)
    for value, holds in ((below, True), (below + Q(1, scale), False)):
        found = Constants({"mu": value}, 1)
        assert (found.violation(mu < sqrt(2)) is None) is holds
        assert (found.violation(sqrt(2) < mu) is None) is not holds
        assert (found.violation(mu <= sqrt(2)) is None) is holds


def test_what_balls_cannot_tell_apart_is_left_undecided():
    with pytest.raises(Undecided, match="16384 bits do not tell its two sides apart"):
        Constants({}, 1).violation(TWO_ROOTS)
    assert Constants({}, 1).violation(sqrt(4) * sqrt(9) <= sqrt(36)) is None
    with pytest.raises(Undecided, match="16384 bits do not suffice"):
        Constants({}, 1).enclosure(sqrt(2) * sqrt(3) - sqrt(6))
    with pytest.raises(EvaluationError):
        Constants({}, 1).enclosure(1 / (sqrt(2) * sqrt(3) - sqrt(6)))
    with pytest.raises(EvaluationError):
        Constants({}, 1).enclosure(sqrt(sqrt(2) * sqrt(3) - sqrt(6)))


def test_a_violated_hypothesis_with_a_root_shows_both_sides():
    found = Constants({"mu": Q(3, 2)}, 1).violation(mu <= sqrt(2))
    assert found == "3/2 <= 1.41421356238 (rounded up) is false"


def test_an_equation_is_a_hypothesis_that_can_fail():
    assert Constants({"mu": Q(2)}, 1).violation(equal(mu, sqrt(4))) is None
    assert "= 2 is false" in Constants({"mu": Q(3)}, 1).violation(equal(mu, sqrt(4)))


# Sequences


def test_sequences_one_value_means_constant_and_ends_default():
    constant = evaluate_bound("T3", T3).value
    assert evaluate_bound("T3", {**T3, "q": (Q(1, 2),) * 3}).value == constant
    assert evaluate_bound("T3", {**T3, "q_min": Q(1, 2), "q_max": Q(1, 2)}).value == constant
    assert evaluate_bound("T1", {**T1, "q": Q(1, 2)}).value == evaluate_bound("T1", T1).value


def test_a_recursion_runs_over_the_lists_that_are_given():
    values = constants("T3d", dict(mu=Q(1, 4), q=Q(1, 2)))
    listed = {**values, "mu": (Q(1, 4),) * 3, "q": (Q(1, 2),) * 3}
    assert evaluate_bound("T3d", values).value == evaluate_bound("T3d", listed).value
    assert evaluate_bound("T3d", {**values, "K": 0}).value == values["D2"]
    with pytest.raises(BoundError, match=r"^T3d: q has 2 values; give one, or K = 3"):
        evaluate_bound("T3d", {**values, "q": (1, 1)})


def test_a_recursion_that_would_take_for_ever_is_refused():
    values = constants("T3d", dict(mu=Q(1, 3), q=Q(1, 3), K=10**5))
    with pytest.raises(BoundError, match="T3d: K = 100000 is too large for an exact value: r_"):
        evaluate_bound("T3d", values)
    assert evaluate_bound("T3d", {**values, "K": 1000}).value > 0


def test_a_recursion_gives_what_its_closed_form_gives():
    values = constants("T3e", dict(q=Q(1, 2)))
    recursive = {n: v for n, v in values.items() if n not in ("q_min", "q_max")}
    closed = evaluate_bound("T3e", {**values, "q_max": Q(1, 2)}).value
    assert evaluate_bound("T3d", recursive).value == closed
    varying = {**recursive, "q": (Q(1, 2), Q(1, 3), 1)}
    assert evaluate_bound("T3d", varying).value < evaluate_bound("T3e", varying).value


def test_definitions_are_no_hypotheses_for_a_user_to_check():
    values = constants("T3d", MUS | QS)
    found = evaluate_bound("T3d", values)
    assert "radius_step" not in (*found.checked, *(h.name for h in found.assumed))
    with pytest.raises(BoundError, match="T3d: hypothesis alpha_contracts is violated"):
        evaluate_bound("T3d", {**values, "mu": 2})


def test_the_right_side_of_an_equation_is_its_value():
    values = constants("LB", dict(q=Q(1, 2)))
    ends = dict(q=Q(1, 2), L=2)
    assert evaluate_bound("LB", values).value == evaluate_bound("T3e", values | ends).value


def test_a_hypothesis_about_partial_sums_is_checked_up_to_the_last():
    values = constants("T2c", dict(K=2, mu=(Q(1, 2), Q(1, 2)), S2=Q(1, 2), epsilon=100))
    assert "squares_summable" in evaluate_bound("T2c", values).checked
    with pytest.raises(BoundError, match=r"squares_summable is violated .*: at n = 2: 1/2 <= 2/5"):
        evaluate_bound("T2c", {**values, "S2": Q(2, 5)})
    del values["mu"]
    assert "squares_summable" not in evaluate_bound("T2c", values).checked


def test_sums_may_be_asked_for_in_any_order():
    k, n = index("k"), index("n")
    found = Constants({}, 1)
    for length in (5, 7, 7, 3, 0, 8):
        found.values["n"] = length
        assert found.scalar(Sum(k, n, number(k + 1))) == length * (length + 1) // 2
    found.values |= {"K": 3, "n": 0}
    triangle = Sum(n, K, Sum(k, n, number(n)))
    assert found.scalar(triangle) == 0 + 1 + 4
    a = Sequence("a", "scalar", "start")
    assert Constants({"a": lambda i: Q(i), "K": 3}, 3).violation(forall(k, a[k] <= 1)) == (
        "at k = 2: 2 <= 1 is false"
    )


def test_a_long_constant_product_is_quick():
    assert evaluate_bound("T3", {**T3, "K": 20_000}).value > 0


# Refusals


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
        ("T2", {"mu": (1, Q(-1, 2))}, "mu has 2 values; give one, or K = 3"),
        (
            "T2",
            {"mu": (Q(1, 2), Q(-1, 2), 0)},
            "mu_nonnegative is violated .*: at k = 1: 0 <= -1/2",
        ),
        ("T2", {"mu": 0}, "weights_positive is violated"),
        ("T2r", {"mu0": 1}, "mu0_small is violated"),
        ("T4", {"beta": 2, "gamma": 8}, "beta_large is violated"),
        ("T6", {"K": 1}, "enough_steps is violated"),
        ("T6", {"sigma2": 0, "tau2": 0}, "noise_positive is violated"),
        ("T8", {"epsilon": Q(1, 100)}, r"enough_steps is violated .*: 10 <= 3/800 is false"),
        ("T8p", {"epsilon": Q(1, 9), "s": 1}, "enough_steps is violated"),
        ("T8p", {"epsilon": 1, "s": Q(1, 2)}, "s = 1/2 is not a natural number"),
        ("T7h", {"u": 1, "eta2": 0, "t": 1}, "kappa_positive is violated"),
        ("T7g", {"u": Q(1, 4), "eta2": -1, "t": 1}, "eta2 = -1 is negative, but it is a squared"),
        ("E1n", {**FORMAT, "S": 0}, "S = 0 is not positive, but it is a scale"),
        ("E1n", {**FORMAT, "h": -1}, "h = -1 is negative, but it is a spacing"),
        ("E1n", {**FORMAT, "p": Q(7, 2)}, "p = 7/2 is not a number of bits; give an integer"),
        ("E3p", {**FORMAT, "d": -1}, "d = -1 is not a dimension"),
        ("E2n", {**FORMAT, "p": 10**9}, r"kappa_positive .* cannot be checked: a power with exp"),
        ("F1", {}, "its conclusion is about all x, y; it bounds no number"),
        ("O1", {}, "its conclusion is about all k; it bounds no number"),
        ("RL", {}, "its conclusion is about all k; it bounds no number"),
        ("S1", {}, "its right-hand side is not a number made of constants"),
        ("F3", {}, "its conclusion is about all x; it bounds no number"),
    ],
)
def test_refusals_say_what_is_wrong(label, change, why):
    base = {"T1": T1, "T3": T3}.get(label)
    values = {**base, **change} if base else constants(label, change)
    values = {name: v for name, v in values.items() if v is not None}
    with pytest.raises(BoundError, match=rf"^{label}: .*{why}") as refused:
        evaluate_bound(label, values)
    assert "\n" not in str(refused.value)


def test_a_power_that_would_fill_the_memory_is_refused():
    values = {**T3, "q_min": Q(1, 2), "q_max": Q(1, 2), "K": 10**30}
    del values["q"]
    with pytest.raises(BoundError, match="too large for an exact value"):
        evaluate_bound("T3p", values)
    assert evaluate_bound("T1", {**T1, "K": 10**30}).value > 0
    assert evaluate_bound("T1", {**T1, "q": Q(1, 2), "K": 10**30}).value > 0


def test_an_enclosure_that_would_fill_the_memory_is_refused():
    with pytest.raises(TooLarge, match="too large or too small to be written out"):
        Constants({"K": 10**9}, 1).enclosure(sqrt(2) ** K)


@pytest.mark.parametrize("text", ["nan", "inf", "", "1/0", "x", "1e999999999", "0x10", "1 2"])
def test_what_is_no_exact_number_is_refused(text):
    with pytest.raises(ValueError):
        parse_rational(text)


def test_decimals_and_fractions_are_the_same_numbers():
    assert parse_rational("0.1") == parse_rational("1/10") == parse_rational("1e-1") == Q(1, 10)


@given(st.fractions(0, 10**6))
def test_decimals_are_rounded_up_or_down(x):
    up, down = Q(decimal_up(x)), Q(decimal_down(x))
    assert x - x / 10**11 <= down <= x <= up <= x + max(x, Q(1, 10**9)) / 10**11


def test_parameters_are_what_a_user_must_give():
    assert parameters(result("T3").statement) == (
        *("L", "c", "mu", "q", "q_min", "q_max", "sigma2", "tau2", "K", "gap"),
    )
    assert parameters(result("T3d").statement) == (
        *("L", "c", "mu", "q", "sigma2", "tau2", "K", "D2"),
    )
    assert parameters(result("E1n").statement) == (
        *("L", "mu", "sigma2", "p", "h", "S", "d", "K", "Delta"),
    )
