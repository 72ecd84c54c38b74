r"""SGD under the Polyak-Łojasiewicz inequality, scheduled shrinkage.

Label: T3
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B + \biggl(\prod_{k=0}^{K-1} (1 - c \mu
    q_k)\biggr) (\delta_0 - B)$
Assumptions: The Polyak-Lojasiewicz inequality with 0 < c <= L, an L-Lipschitz gradient; q_k is a
    sequence fixed in advance between q_min > 0 and q_max; mu q_max <= 1/L. No relation of the start
    to the floor B is needed.
Tightness: exact: for c = L, equality for every K for F = (L/2) norm(w)^2 from its minimiser,
    at mu q_k = 1/L.
Uses: one-step-small-stepsize
Source: Karimi, Nutini, Schmidt (2016), Theorem 4, without shrinkage and with the cruder floor of
    T3p.
Needs: a schedule: a predictable q_k can exceed the floor of every schedule; for those there is T3p.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, assume, cases, expect, generalise, specialise, unfold
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, Prod, maximum, named, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import fixed_stepsize
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_AT_MOST_L,
    C_POSITIVE,
    L_POSITIVE,
    MU_POSITIVE,
    PL,
    Q_MIN_POSITIVE,
    F,
    F_star,
    K,
    L,
    c,
    gap,
    k,
    mu,
    q_max,
    q_min,
    sigma2,
    tau2,
    w,
)
from shrinkproof.theorems.setting import q_scheduled as q

worse_end = maximum(q_min * sigma2 + tau2 / q_min, q_max * sigma2 + tau2 / q_max)
floor = named("B", L * mu / (2 * c) * worse_end)
rate = 1 - c * mu * q[k]


def claim(n: Term) -> Term:
    return E(F(w[n])) - F_star <= floor + Prod(k, n, rate) * (gap - floor)


STATEMENT = Statement(
    id="pl-scheduled",
    label="T3",
    title="SGD under the Polyak-Łojasiewicz inequality, scheduled shrinkage",
    hypotheses=(*fixed_stepsize.hypotheses(q), PL, C_POSITIVE, C_AT_MOST_L),
    conclusions=(claim(K),),
)


def noise_at_most_at_an_end() -> Theorem:
    """q_k^2 sigma2 + tau2 <= q_k M, M the larger of q sigma2 + tau2/q at the two ends.

    M q - sigma2 q^2 - tau2 is concave in q and not negative at the ends; between two different
    ends q_k is a convex combination of them, and where they coincide it is both.
    """
    lower, upper, positive = fixed_stepsize.between(q)
    low_positive = given(Q_MIN_POSITIVE)
    high_positive = linear(q_max > 0, using=[(1, upper), (1, positive)])
    variances = fixed_stepsize.variances_nonnegative()
    facts = [low_positive, high_positive, lower, upper, positive, *variances]

    def at_end(end: Term, side: int) -> Theorem:
        return linear(
            end**2 * sigma2 + tau2 <= end * worse_end,
            using=[(end, unfold(worse_end, side))],
            facts=facts,
        )

    claim = q[k] ** 2 * sigma2 + tau2 <= q[k] * worse_end
    at_low, at_high = at_end(q_min, 0), at_end(q_max, 1)
    width = q_max - q_min
    distinct = linear(
        claim,
        using=[((q_max - q[k]) / width, at_low), ((q[k] - q_min) / width, at_high)],
        products=[sigma2 * (q[k] - q_min) * (q_max - q[k])],
        facts=[*facts, assume(q_min < q_max)],
    )
    floor_nonnegative = linear(
        worse_end >= 0,
        using=[(1, unfold(worse_end, 0))],
        products=[q_min * sigma2, tau2 / q_min],
        facts=facts,
    )
    equal_ends = assume(q_max <= q_min)
    total = linear(q[k] + q_min > 0, using=[(1, positive), (1, low_positive)])
    coinciding = linear(
        claim,
        using=[(1, at_low)],
        products=[
            (q[k] - q_min) * worse_end,
            sigma2 * (q[k] + q_min) * (q_max - q[k]),
            sigma2 * (q[k] + q_min) * (q_min - q_max),
        ],
        facts=[*facts, floor_nonnegative, equal_ends, total],
    )
    return cases(distinct, coinciding, q_min, q_max)


@proof_of(STATEMENT)
def prove() -> Theorem:
    _, upper, positive = fixed_stepsize.between(q)
    signs = [given(h) for h in (L_POSITIVE, C_POSITIVE, MU_POSITIVE)]
    contraction = linear(
        E(F(w[k + 1]), past(k)) - F_star - floor <= rate * (F(w[k]) - F_star - floor),
        using=[
            (1, fixed_stepsize.one_step(q)),
            (mu * q[k] / 2, specialise(given(PL), w[k])),
            (L * mu**2 / 2, noise_at_most_at_an_end()),
        ],
        facts=[*signs, positive],
    )
    return specialise(
        by_induction(
            k,
            claim,
            generalise(expect(contraction, past(0)), k),
            factor=lambda _: rate,
            at_each_step=[generalise(fixed_stepsize.rate_nonnegative(positive, upper), k)],
        ),
        K,
    )
