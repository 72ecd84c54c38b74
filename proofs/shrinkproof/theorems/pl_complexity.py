r"""SGD under the Polyak-Łojasiewicz inequality: steps that suffice.

Label: T8p
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le \epsilon + B_p$
Assumptions: As T3p, and K c mu q_min is at least s (((gap - B_p)/epsilon)^(1/s) - 1) for some
    natural number s >= 1 of one's choice, epsilon > 0. As s grows, that tends to
    log((gap - B_p)/epsilon).
Tightness: exact: for c = L, equality for every K for F = (L/2) norm(w)^2 from its minimiser, at
    mu q_k = 1/L and epsilon = 0; elsewhere (1 - r)^K is bounded by (1 + K r/s)^(-s).
Uses: bernoulli, pl-predictable
Source: Karimi, Nutini, Schmidt (2016), Theorem 4, without shrinkage.
Needs: what T3p needs. Beyond its floor, the steps grow by the factor 1/q_min and by no more.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, cut, instantiate, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, index, number
from shrinkproof.tactics.linear import linear
from shrinkproof.tactics.powers import power_nonnegative
from shrinkproof.theorems import bernoulli, fixed_stepsize, pl_predictable
from shrinkproof.theorems.bernoulli import S_POSITIVE, s
from shrinkproof.theorems.nonconvex_complexity import epsilon
from shrinkproof.theorems.pl_predictable import floor, rate
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_POSITIVE,
    MU_POSITIVE,
    Q_MIN_POSITIVE,
    F,
    F_star,
    K,
    c,
    gap,
    mu,
    q,
    q_max,
    q_min,
    shrinkage_bounds,
    w,
)

EPSILON_NONNEGATIVE = Hypothesis("epsilon_nonnegative", epsilon >= 0, "epsilon is not negative")
growth = (1 + number(K) * (c * mu * q_min) / number(s)) ** s
ENOUGH_STEPS = Hypothesis(
    "enough_steps",
    gap <= floor + epsilon * growth,
    "the steps are enough to bring the initial gap down to epsilon above the floor",
)

STATEMENT = Statement(
    id="pl-complexity",
    label="T8p",
    title="SGD under the Polyak-Łojasiewicz inequality: steps that suffice",
    hypotheses=(
        *pl_predictable.STATEMENT.hypotheses,
        S_POSITIVE,
        EPSILON_NONNEGATIVE,
        ENOUGH_STEPS,
    ),
    conclusions=(E(F(w[K])) - F_star <= epsilon + floor,),
)


def rate_between_0_and_1() -> tuple[Theorem, Theorem]:
    """0 <= c mu q_min and c mu q_min <= 1."""
    signs = [given(h) for h in (C_POSITIVE, MU_POSITIVE, Q_MIN_POSITIVE)]
    lower, upper = (specialise(given(h), index("")) for h in shrinkage_bounds(q))
    ordered = linear(q_min <= q_max, using=[(1, lower), (1, upper)])
    r = c * mu * q_min
    return (
        linear(r >= 0, products=[r], facts=signs),
        fixed_stepsize.rate_nonnegative(given(Q_MIN_POSITIVE), ordered),
    )


@proof_of(STATEMENT)
def prove() -> Theorem:
    nonnegative, at_most_1 = rate_between_0_and_1()
    shrinks = instantiate(bernoulli.prove()[0], {"r": c * mu * q_min})
    for condition in (nonnegative, at_most_1):
        shrinks = cut(condition, shrinks)
    decay = power_nonnegative(linear(rate >= 0, using=[(1, at_most_1)]), K)
    return linear(
        STATEMENT.conclusion,
        using=[
            (1, pl_predictable.prove()[0]),
            (rate**K, given(ENOUGH_STEPS)),
            (epsilon, shrinks),
        ],
        facts=[decay, given(EPSILON_NONNEGATIVE)],
    )
