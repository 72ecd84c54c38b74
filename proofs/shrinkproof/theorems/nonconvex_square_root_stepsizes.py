r"""Nonconvex SGD with stepsizes mu0/sqrt(k + 1).

Label: T2r
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{\sqrt{K + 1} \bigl(2 \Delta + L (q_{\max}^2 \sigma^2 + \tau^2) \mu_0^2 H\bigr)}{K \mu_0
    q_{\min}}$ and $\frac{\sum_{k=0}^{K-1} \mu_k \mathbb{E}\bigl[\lVert \nabla F(w_k)
    \rVert^2\bigr]}{\sum_{k=0}^{K-1} \mu_k} \le \frac{2 \Delta + L (q_{\max}^2 \sigma^2 + \tau^2)
    \mu_0^2 H}{2 \mu_0 q_{\min} (\sqrt{K + 1} - 1)}$
Assumptions: As T2, with mu_k = mu0/sqrt(k+1), mu0 > 0, mu0 q_max <= 1/L, and at least one step.
    The first is the plain average, the second the average weighted by the stepsizes.
Tightness: upper: T2, with the sum of the stepsizes bounded below; of order log(K)/sqrt(K).
Uses: nonconvex-diminishing
Source: Bottou, Curtis, Nocedal (2018), Section 4.3; Ghadimi and Lan (2013), without shrinkage.
Needs: mu0 q_max <= 1/L, as in T1; the proof needs a predictable q_k.
"""

from __future__ import annotations

from functools import cache

from shrinkproof.kernel import Theorem, cut, expect, generalise, root, specialise, unfold
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import (
    E,
    Sum,
    equal,
    forall,
    index,
    named,
    number,
    parameter,
    past,
    sqrt,
)
from shrinkproof.tactics.induction import inductively
from shrinkproof.tactics.linear import linear
from shrinkproof.tactics.powers import root_positive
from shrinkproof.theorems import nonconvex_diminishing
from shrinkproof.theorems.nonconvex_diminishing import (
    NONNEGATIVE,
    SMALL,
    WEIGHTS_POSITIVE,
    V,
    gradients,
    mu,
    noise_nonnegative,
    squares,
)
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    K_POSITIVE,
    L_POSITIVE,
    Q_MIN_POSITIVE,
    Delta,
    F,
    K,
    L,
    gradient_norm2,
    k,
    q_max,
    q_min,
    w,
)

mu0 = parameter("mu0")
MU0_POSITIVE = Hypothesis("mu0_positive", mu0 > 0, "mu0 is positive")
MU0_SMALL = Hypothesis("mu0_small", mu0 * q_max <= 1 / L, "mu0 q_max is at most 1/L")
STEPSIZES = Hypothesis(
    "stepsizes",
    forall(k, equal(mu, mu0 / sqrt(number(k + 1)))),
    "the stepsizes fall like one over the square root of the number of steps",
)


def harmonic(n: Term) -> Term:
    return Sum(k, n, 1 / number(k + 1))


def unweighted(n: Term) -> Term:
    """The sum of the squared gradients."""
    return Sum(k, n, E(gradient_norm2(k)))


H = named("H", harmonic(K))
root_K = sqrt(number(K + 1))
numerator = 2 * Delta + L * V * mu0**2 * H
stepsizes = Sum(k, K, mu)

STATEMENT = Statement(
    id="nonconvex-square-root-stepsizes",
    label="T2r",
    title="Nonconvex SGD with stepsizes mu0/sqrt(k + 1)",
    hypotheses=(
        *(
            h
            for h in nonconvex_diminishing.STATEMENT.hypotheses
            if h not in (NONNEGATIVE, SMALL, WEIGHTS_POSITIVE)
        ),
        MU0_POSITIVE,
        MU0_SMALL,
        STEPSIZES,
        K_POSITIVE,
    ),
    conclusions=(
        unweighted(K) / number(K) <= root_K * numerator / (number(K) * mu0 * q_min),
        gradients(K) / stepsizes <= numerator / (2 * mu0 * q_min) / (root_K - 1),
    ),
)

a, b = sqrt(number(k + 1)), sqrt(number(k + 2))


@cache
def roots() -> tuple[Theorem, ...]:
    """0 < k + 1; 0 < a and a^2 = k + 1; 0 < b and b^2 = k + 2; 1 <= a and a <= b."""
    natural = unfold(number(k))
    one, two = (
        linear(number(i) > 0, products=[i[2], number(k)], facts=[natural]) for i in (k + 1, k + 2)
    )
    a_positive, a_squared = root_positive(one), root(one)
    b_positive, b_squared = root_positive(two), root(two)
    total = linear(a + 1 > 0, using=[(1, a_positive)], products=[1])
    at_least_1 = linear(
        a >= 1, using=[(-1 / (a + 1), a_squared), (1 / (a + 1), natural)], facts=[total]
    )
    both = linear(a + b > 0, using=[(1, a_positive), (1, b_positive)])
    growing = linear(
        a <= b,
        using=[(1 / (a + b), a_squared), (-1 / (a + b), b_squared)],
        products=[1 / (a + b)],
        facts=[both],
    )
    return one, a_positive, a_squared, b_positive, b_squared, at_least_1, growing


def sums_of_stepsizes() -> tuple[Theorem, ...]:
    """2 mu0 (sqrt(K+1) - 1) <= sum mu_k, sum mu_k^2 <= mu0^2 H, and 0 <= H."""
    natural, a_positive, a_squared, _, b_squared, *_ = roots()
    chosen, mu0_positive = specialise(given(STEPSIZES), k), given(MU0_POSITIVE)

    def start(goal: Term) -> Theorem:
        one = linear(number(index("") + 1) > 0, products=[1])
        total = linear(1 + sqrt(1) > 0, using=[(1, root_positive(one))], products=[1])
        return linear(goal, using=[(2 * mu0 / (1 + sqrt(1)), root(one))], facts=[total])

    def long(goal: Term, so_far: Theorem) -> Theorem:
        return linear(
            goal,
            using=[(1, so_far), (-1, chosen), (mu0 / a, b_squared), (-mu0 / a, a_squared)],
            squares=[(mu0 / a, a - b)],
            facts=[mu0_positive, a_positive],
        )

    def short(goal: Term, so_far: Theorem) -> Theorem:
        scale = mu0**2 / a / a / number(k + 1)
        return linear(
            goal,
            using=[(1, so_far), (mu + mu0 / a, chosen), (-scale, a_squared)],
            facts=[a_positive, natural],
        )

    def more(goal: Term, so_far: Theorem) -> Theorem:
        return linear(goal, using=[(1, so_far)], products=[1 / number(k + 1)], facts=[natural])

    found = (
        inductively(k, lambda n: least(n) <= Sum(k, n, mu), long, base=start),
        inductively(k, lambda n: squares(n) <= mu0**2 * harmonic(n), short),
        inductively(k, lambda n: harmonic(n) >= 0, more),
    )
    return tuple(specialise(t, K) for t in found)


def least(n: Term) -> Term:
    """What the first n stepsizes sum to at least."""
    return 2 * mu0 * (sqrt(number(n + 1)) - 1)


def last_weighs_least() -> Theorem:
    """The weights fall: (mu0/sqrt(K+1)) sum E norm(grad)^2 <= sum mu_k E norm(grad)^2."""
    _, a_positive, _, b_positive, _, _, growing = roots()
    chosen, G = specialise(given(STEPSIZES), k), E(gradient_norm2(k))
    square = linear(gradient_norm2(k) >= 0, squares=[(1, F.grad(w[k]))])
    one = expect(square, past(0), G >= 0)

    def adds(goal: Term, so_far: Theorem) -> Theorem:
        return linear(goal, using=[(1, so_far), (1, one)])

    all_so_far = specialise(inductively(k, lambda n: unweighted(n) >= 0, adds), k)

    def step(goal: Term, so_far: Theorem) -> Theorem:
        lost = mu0 / a / b * (b - a)
        return linear(
            goal,
            using=[(1, so_far), (-G, chosen)],
            products=[lost * unweighted(k), lost * G],
            facts=[given(MU0_POSITIVE), a_positive, b_positive, growing, one, all_so_far],
        )

    def claim(n: Term) -> Term:
        return mu0 / sqrt(number(n + 1)) * unweighted(n) <= gradients(n)

    return specialise(inductively(k, claim, step), K)


def with_these_stepsizes(total_positive: Theorem) -> Theorem:
    """T2, its conditions derived from those on mu0."""
    _, a_positive, *_, at_least_1, _ = roots()
    chosen = specialise(given(STEPSIZES), k)
    nonnegative = linear(
        mu >= 0, using=[(-1, chosen)], products=[mu0 / a], facts=[given(MU0_POSITIVE), a_positive]
    )
    small = linear(
        mu * q_max <= 1 / L,
        using=[(q_max, chosen), (1 / a, given(MU0_SMALL))],
        products=[(a - 1) / a / L],
        facts=[given(L_POSITIVE), a_positive, at_least_1],
    )
    theorem = nonconvex_diminishing.prove()[0]
    for condition in (generalise(nonnegative, k), generalise(small, k), total_positive):
        theorem = cut(condition, theorem)
    return theorem


@proof_of(STATEMENT)
def prove() -> tuple[Theorem, Theorem]:
    lower, upper, H_nonnegative = sums_of_stepsizes()
    root_positive_K, root_squared = (specialise(generalise(t, k), K) for t in roots()[1:3])
    total = linear(root_K + 1 > 0, using=[(1, root_positive_K)], products=[1])
    above_1 = linear(
        root_K - 1 > 0,
        using=[(1 / (root_K + 1), given(K_POSITIVE)), (-1 / (root_K + 1), root_squared)],
        facts=[total],
    )
    signs = [given(h) for h in (L_POSITIVE, Q_MIN_POSITIVE, MU0_POSITIVE, K_POSITIVE)]
    signs += [root_positive_K, above_1, noise_nonnegative()]
    positive = linear(stepsizes > 0, using=[(1, lower)], products=[least(K)], facts=signs)
    theorem = with_these_stepsizes(positive)
    numerator_nonnegative = linear(
        numerator >= 0,
        using=[(2, specialise(given(BOUNDED_BELOW), w[0]))],
        products=[L * V * mu0**2 * H],
        facts=[*signs, H_nonnegative],
    )
    signs += [positive, numerator_nonnegative]
    plain, weighted = STATEMENT.conclusions
    scale = root_K / number(K) / mu0
    return (
        linear(
            plain,
            using=[
                (scale, last_weighs_least()),
                (scale * stepsizes, theorem),
                (scale / q_min * L * V, upper),
            ],
            facts=signs,
        ),
        linear(
            weighted,
            using=[
                (1, theorem),
                (L * V / q_min / stepsizes, upper),
                (numerator / (2 * mu0) / q_min / (root_K - 1) / stepsizes, lower),
            ],
            facts=signs,
        ),
    )
