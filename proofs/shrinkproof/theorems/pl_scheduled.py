r"""SGD under the Polyak-Łojasiewicz inequality, scheduled shrinkage.

Label: T3
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B + \biggl(\prod_{k=0}^{K-1} (1 - c \mu
    q_k)\biggr) (\delta_0 - B)$
Assumptions: The Polyak-Lojasiewicz inequality with 0 < c <= L, an L-Lipschitz gradient; q_k is a
    sequence fixed in advance between q_min > 0 and q_max; mu q_max <= 1/L. No relation of the start
    to the floor B is needed.
Tightness: exact: for c = L, equality for every K for F = (L/2) norm(w)^2, from any start, at
    mu q_k = 1/L.
Uses: one-step-small-stepsize
Source: Karimi, Nutini, Schmidt (2016), Theorem 4, without shrinkage and with the cruder floor of
    T3p.
Needs: a schedule: a predictable q_k can exceed the floor of every schedule (counterexample C3); for
    those there is T3p.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import Term, lift
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, Prod, maximum, named, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import fixed_stepsize
from shrinkproof.theorems.noise_floor import noise_at_an_end
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_AT_MOST_L,
    C_POSITIVE,
    L_POSITIVE,
    MU_POSITIVE,
    PL,
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


@proof_of(STATEMENT)
def prove() -> Theorem:
    _, upper, positive = fixed_stepsize.between(q)
    signs = [given(h) for h in (L_POSITIVE, C_POSITIVE, MU_POSITIVE)]
    noise = noise_at_an_end(
        worse_end, lambda q: mu * q, slope=mu, curvature=lift(0), signs=signs[2:]
    )
    contraction = linear(
        E(F(w[k + 1]), past(k)) - F_star - floor <= rate * (F(w[k]) - F_star - floor),
        using=[
            (1, fixed_stepsize.one_step(q)),
            (mu * q[k] / 2, specialise(given(PL), w[k])),
            (L * mu / 2, noise),
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
