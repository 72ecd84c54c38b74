"""The untrusted search: it finds certificates, and says when it finds none."""

from fractions import Fraction

import pytest

from shrinkproof.kernel import ProofError, assume, generalise, unfold
from shrinkproof.language.symbols import (
    Prod,
    Sequence,
    Sum,
    equal,
    forall,
    index,
    inner,
    norm2,
    number,
    parameter,
    point,
    sqrt,
)
from shrinkproof.tactics.induction import by_induction, inductively, unfolded
from shrinkproof.tactics.linear import linear, solve
from shrinkproof.tactics.positivity import Signs
from shrinkproof.tactics.powers import power_nonnegative, root_positive

a, b, x, y, t = map(parameter, "abxyt")
u, v = point("u"), point("v")
k = index("k")
POSITIVE = [assume(p > 0) for p in (a, b, t)]


def test_positivity_takes_a_multiplier_apart():
    signs = Signs([*POSITIVE, assume(x <= y)])
    assert signs.factors(3 * a * x**2 / b) == (
        Fraction(3),
        [("gap", 0), ("square", x), ("recip", 1)],
    )
    assert signs.factors((y - x) * a**3) == (
        Fraction(1),
        [("gap", 3), ("square", a), ("gap", 0)],
    )
    assert signs.factors(norm2(u)) == (Fraction(1), [("square", u)])


def test_positivity_looks_up_what_is_left_as_one_product():
    signs = Signs([assume(x * y >= 0), *POSITIVE])
    assert signs.factors(a * x * y) == (Fraction(1), [("gap", 1), ("gap", 0)])


def test_positivity_knows_the_reciprocal_of_a_strict_gap_whatever_its_leading_sign():
    gaps = (x - y, y - x, 2 * x - 3)
    signs = Signs([assume(gap > 0) for gap in gaps])
    for i, gap in enumerate(gaps):
        assert signs.factors(1 / gap) == (Fraction(1), [("recip", i)])


@pytest.mark.parametrize("multiplier", [x, x - y, 1 / x, x**3, inner(u, v), -a * x])
def test_positivity_refuses_what_no_fact_gives(multiplier):
    with pytest.raises(ProofError, match="positivity: no fact gives the sign"):
        Signs(POSITIVE).factors(multiplier)


def test_a_negative_number_is_left_to_the_kernel_to_refuse():
    with pytest.raises(ProofError, match=r"^combine: product with coefficient -1"):
        linear(x <= y, using=[(-1, assume(y <= x))])


def test_linear_proves_with_given_multipliers():
    theorem = linear(a * x <= a * y, using=[(a, assume(x <= y))], facts=POSITIVE)
    assert theorem.conclusion == (a * x <= a * y)
    assert theorem.hypotheses == {(a > 0), (x <= y)}  # and not b > 0


def test_linear_uses_equations_with_any_multiplier():
    theorem = linear(equal(x * x, y * y), using=[(x + y, assume(equal(x, y)))])
    assert theorem.hypotheses == {equal(x, y)}


def test_solve_finds_young():
    theorem = solve(
        2 * inner(u, v) <= t * norm2(u) + norm2(v) / t,
        squares=[(1 / t, t * u - v)],
        facts=POSITIVE,
    )
    ((c, factors),) = dict(theorem.step.data)["products"]
    assert c == 1
    assert [f[0] for f in factors] == ["recip", "square"]


def test_solve_finds_rational_weights_among_many_candidates():
    theorem = solve(
        6 * x <= 4 * y + 2 * t,
        using=[(1, assume(x <= y)), (1, assume(x <= t)), (1, assume(y <= t))],
    )
    weights = [c for c, _ in dict(theorem.step.data)["products"]]
    assert weights == [4, 2]


@pytest.mark.parametrize("goal", [x <= 2 * y, y <= x, x <= y - 1])
def test_solve_says_when_there_is_no_combination(goal):
    with pytest.raises(ProofError, match=r"^(solve: no combination|combine: product)"):
        solve(goal, using=[(1, assume(x <= y))])


def test_unfolding_splits_off_the_last_step_and_puts_it_back():
    d = Sequence("d", "scalar", "start")
    length = index("K", 1)
    goal = equal(Sum(k, length, d[k]), Sum(k, index("K"), d[k]) + d[index("K")])
    assert unfolded(goal, linear).conclusion == goal


def test_telescoping():
    s, d = Sequence("s", "scalar", "start"), Sequence("d", "scalar", "start")
    step = assume(forall(k, s[k + 1] + d[k] <= s[k]))
    theorem = by_induction(k, lambda n: s[n] + Sum(k, n, d[k]) <= s[0], step)
    assert theorem.hypotheses == step.hypotheses


def test_contraction():
    s, r = Sequence("s", "scalar", "start"), Sequence("r", "scalar", "start")
    step = assume(forall(k, s[k + 1] <= r[k] * s[k]))
    sign = assume(forall(k, r[k] >= 0))
    theorem = by_induction(
        k,
        lambda n: s[n] <= Prod(k, n, r[k]) * s[0],
        step,
        factor=lambda n: r[n],
        at_each_step=[sign],
    )
    assert theorem.hypotheses == step.hypotheses | sign.hypotheses


def test_a_contraction_without_the_sign_of_its_factor_is_refused():
    s, r = Sequence("s", "scalar", "start"), Sequence("r", "scalar", "start")
    step = assume(forall(k, s[k + 1] <= r[k] * s[k]))
    with pytest.raises(ProofError, match="positivity"):
        by_induction(k, lambda n: s[n] <= Prod(k, n, r[k]) * s[0], step, factor=lambda n: r[n])


def test_a_wrong_invariant_is_refused():
    s = Sequence("s", "scalar", "start")
    step = generalise(assume(forall(k, s[k + 1] <= s[k] + 1)))
    with pytest.raises(ProofError, match="combine: the identity does not hold"):
        by_induction(k, lambda n: s[n] <= s[0] + number(n) / 2, step)


def test_induction_asks_for_the_base_and_for_each_step():
    def claim(n):
        return Sum(k, n, number(k)) <= number(n) ** 2

    def step(goal, so_far):
        return linear(goal, using=[(1, so_far)], products=[1, number(k)], facts=[unfold(number(k))])

    assert inductively(k, claim, step).conclusion == forall(k, claim(k))
    with pytest.raises(ProofError, match="combine: the identity does not hold"):
        inductively(k, lambda n: claim(n + 1), step)
    with pytest.raises(ProofError, match="combine: the identity does not hold"):
        inductively(k, claim, lambda goal, so_far: linear(goal, using=[(1, so_far)]))


def test_powers_of_what_is_nonnegative_are():
    theorem = power_nonnegative(assume(x >= 0), index("K"))
    assert theorem.conclusion == (x ** index("K") >= 0)
    assert theorem.hypotheses == {x >= 0}
    for other in (y <= x, x < y):
        with pytest.raises(ProofError, match="positivity: no fact gives the sign"):
            power_nonnegative(assume(other), index("K"))


def test_roots_of_what_is_positive_are():
    theorem = root_positive(assume(a > 0))
    assert theorem.conclusion == (sqrt(a) > 0)
    assert theorem.hypotheses == {a > 0}
    with pytest.raises(ProofError, match="root: the premise is not of the form 0 <= x"):
        root_positive(assume(a < b))
    with pytest.raises(ProofError, match="a strict goal needs a product"):
        root_positive(assume(a >= 0))
