r"""SGD under the Polyak-Łojasiewicz inequality, predictable shrinkage.

Label: T3p
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_p + (1 - c \mu q_{\min})^K (\delta_0 -
    B_p)$
Assumptions: As T3, but q_k may be any function of the past.
Tightness: exact: for c = L, equality for every K for F = (L/2) norm(w)^2 from its minimiser,
    at mu q_k = 1/L.
Uses: one-step-small-stepsize
Source: Karimi, Nutini, Schmidt (2016), Theorem 4, without shrinkage.
Needs: a predictable q_k: counterexample C1 refutes this statement for one that sees the sample.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, index, named, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import fixed_stepsize
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_AT_MOST_L,
    C_POSITIVE,
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
    q,
    q_max,
    q_min,
    shrinkage_bounds,
    sigma2,
    tau2,
    w,
)

rate = 1 - c * mu * q_min
floor = named("B_p", L * mu * (q_max**2 * sigma2 + tau2) / (2 * c * q_min))


def claim(n: Term) -> Term:
    return E(F(w[n])) - F_star <= floor + rate**n * (gap - floor)


STATEMENT = Statement(
    id="pl-predictable",
    label="T3p",
    title="SGD under the Polyak-Łojasiewicz inequality, predictable shrinkage",
    hypotheses=(*fixed_stepsize.hypotheses(q), PL, C_POSITIVE, C_AT_MOST_L),
    conclusions=(claim(K),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    positive = [given(h) for h in (C_POSITIVE, MU_POSITIVE, Q_MIN_POSITIVE)]
    contraction = linear(
        E(F(w[k + 1]), past(k)) - F_star - floor <= rate * (F(w[k]) - F_star - floor),
        using=[
            (1, specialise(fixed_stepsize.worst_case_step(), k)),
            (mu * q_min / 2, specialise(given(PL), w[k])),
        ],
        facts=positive,
    )
    lower, upper = (specialise(given(h), index("")) for h in shrinkage_bounds(q))
    ordered = linear(q_min <= q_max, using=[(1, lower), (1, upper)])
    return specialise(
        by_induction(
            k,
            claim,
            generalise(expect(contraction, past(0)), k),
            factor=lambda _: rate,
            facts=[fixed_stepsize.rate_nonnegative(given(Q_MIN_POSITIVE), ordered)],
        ),
        K,
    )
