r"""Convex SGD: the average iterate.

Label: T5
Statement: $\mathbb{E}\biggl[F\biggl(\frac{1}{\sum_{k=0}^{K-1} \mu_k q_k} s_K\biggr)\biggr] -
    F^\star \le \frac{D^2 + \sum_{k=0}^{K-1} \bigl((\mu_k q_k)^2 \sigma^2 + \mu_k^2 \tau^2\bigr)}{2
    \sum_{k=0}^{K-1} \mu_k q_k}$
Assumptions: As T5p, but stepsizes and q_k are sequences fixed in advance. The average of the
    iterates is weighted by the effective stepsizes, which are not all zero.
Tightness: upper: attained at K = 1; later, averaging loses what Jensen's inequality gives away.
Uses: convex-weighted-sum
Source: Nemirovski, Juditsky, Lan, Shapiro, Robust stochastic approximation (2009), Section 2.2, for
    bounded gradients and without shrinkage.
Needs: a schedule, so that the weights are numbers; for predictable q_k there is T5p.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, instantiate, specialise
from shrinkproof.kernel.term import VECTOR, Term
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import ZERO, E, Sequence, Sum, equal, forall, inner, past, point
from shrinkproof.tactics.induction import inductively
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import convex_weighted_sum
from shrinkproof.theorems.nonconvex_scheduled import WEIGHTS_POSITIVE, alpha, noise
from shrinkproof.theorems.one_step_small import NONNEGATIVE
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import CONVEXITY, D2, SCHEDULED, F, F_star, K, k, scheduled, w

s = Sequence("s", VECTOR, "past")
SUM_START = Hypothesis("sum_start", equal(s[0], ZERO), "s starts at 0")
SUM_STEP = Hypothesis(
    "sum_step",
    forall(k, equal(s[k + 1], s[k] + alpha * w[k])),
    "s adds up the iterates, weighted by the effective stepsizes",
)


def weights(length: Term) -> Term:
    return Sum(k, length, alpha)


average = s[K] / weights(K)

STATEMENT = Statement(
    id="convex-average",
    label="T5",
    title="Convex SGD: the average iterate",
    hypotheses=(
        *map(scheduled, convex_weighted_sum.STATEMENT.hypotheses),
        SUM_START,
        SUM_STEP,
        WEIGHTS_POSITIVE,
    ),
    conclusions=(E(F(average)) - F_star <= (D2 + noise(K)) / (2 * weights(K)),),
)


def jensen() -> Theorem:
    """At any point b, the tangent of F lies below F at each iterate, hence on average."""
    b = point("b")
    tangent = linear(
        alpha * (F(b) - F_star) + inner(F.grad(b), s[k + 1] - s[k] - alpha * b)
        <= alpha * (F(w[k]) - F_star),
        using=[
            (alpha, specialise(given(CONVEXITY), b, w[k])),
            (F.grad(b), specialise(given(SUM_STEP), k)),
        ],
        facts=[specialise(given(scheduled(NONNEGATIVE)), k)],
    )

    def claim(n: Term) -> Term:
        spread = inner(F.grad(b), s[n] - weights(n) * b)
        return E(weights(n) * (F(b) - F_star) + spread) <= Sum(k, n, E(alpha * (F(w[k]) - F_star)))

    def start(goal: Term) -> Theorem:
        at_zero = linear(equal(inner(F.grad(b), s[0]), 0), using=[(F.grad(b), given(SUM_START))])
        return linear(goal, using=[(1, expect(at_zero, past(0)))])

    def step(goal: Term, hypothesis: Theorem) -> Theorem:
        return linear(goal, using=[(1, hypothesis), (1, expect(tangent, past(0)))])

    return generalise(specialise(inductively(k, claim, step, base=start), K), b)


@proof_of(STATEMENT)
def prove() -> Theorem:
    weighted_sum = instantiate(convex_weighted_sum.prove()[0], SCHEDULED)
    return linear(
        STATEMENT.conclusion,
        using=[
            (1 / weights(K), specialise(jensen(), average)),
            (1 / weights(K), weighted_sum),
        ],
        facts=[given(WEIGHTS_POSITIVE)],
    )
