r"""Nonconvex SGD with stepsizes whose squares are summable.

Label: T2c
Statement: $\frac{\sum_{k=0}^{K-1} \mu_k \mathbb{E}\bigl[\lVert \nabla F(w_k)
    \rVert^2\bigr]}{\sum_{k=0}^{K-1} \mu_k} \le \epsilon$
Assumptions: As T2, with stepsizes whose squares sum to at most S2, and K so large that
    q_min epsilon sum_{k<K} mu_k is at least 2 Delta + L (q_max^2 sigma2 + tau2) S2. If the mu_k
    have an infinite sum, then for every epsilon > 0 all large enough K are such: the weighted
    average, and with it the least E norm(grad F(w_k))^2, tends to 0.
Tightness: upper: T2, at the least K that it allows: attained for every K without noise.
Uses: nonconvex-diminishing
Source: Bottou, Curtis, Nocedal (2018), Theorem 4.10, without shrinkage.
Needs: an infinite sum of the mu_k: with a finite one the iterates can stop short of every critical
    point.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import Sum, forall, index, parameter
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import nonconvex_diminishing
from shrinkproof.theorems.nonconvex_complexity import epsilon
from shrinkproof.theorems.nonconvex_diminishing import WEIGHTS_POSITIVE, V, mu, squares
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import L_POSITIVE, Q_MIN_POSITIVE, Delta, K, L, k, q_min

S2 = parameter("S2")
n = index("n")
average = nonconvex_diminishing.STATEMENT.conclusion[1]

SQUARES_SUMMABLE = Hypothesis(
    "squares_summable", forall(n, squares(n) <= S2), "the squares of the stepsizes sum to S2"
)
ENOUGH_STEPS = Hypothesis(
    "enough_steps",
    2 * Delta + L * V * S2 <= q_min * epsilon * Sum(k, K, mu),
    "the stepsizes sum to enough",
)

STATEMENT = Statement(
    id="nonconvex-convergence",
    label="T2c",
    title="Nonconvex SGD with stepsizes whose squares are summable",
    hypotheses=(*nonconvex_diminishing.STATEMENT.hypotheses, SQUARES_SUMMABLE, ENOUGH_STEPS),
    conclusions=(average <= epsilon,),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    weight = 1 / q_min / Sum(k, K, mu)
    return linear(
        STATEMENT.conclusion,
        using=[
            (1, nonconvex_diminishing.prove()[0]),
            (L * V * weight, specialise(given(SQUARES_SUMMABLE), K)),
            (weight, given(ENOUGH_STEPS)),
        ],
        facts=[
            given(L_POSITIVE),
            given(Q_MIN_POSITIVE),
            given(WEIGHTS_POSITIVE),
            nonconvex_diminishing.noise_nonnegative(),
        ],
    )
