r"""SGD under strong convexity, scheduled shrinkage: values.

Label: T3s
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_s + \biggl(\prod_{k=0}^{K-1} (1 - c \mu
    q_k)^2\biggr) (\delta_0 - B_s)$
Assumptions: As T3e, with F_star the minimum. Against T3: twice its rate, and half its floor where
    mu is small.
Tightness: exact: for c = L, equality for every K for F = (L/2) norm(w)^2 and constant q_k (LB).
Uses: one-step-values
Source: new; without noise and shrinkage, Taylor, Hendrickx, Glineur (2018).
Needs: a schedule: a predictable q_k can exceed the floor of every schedule (counterexample C2);
    for those there is T3ps.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, Prod, named, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step_values, strongly_convex
from shrinkproof.theorems.distance_closed_form import rate
from shrinkproof.theorems.noise_floor import B_d
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    ATTAINED,
    L_POSITIVE,
    MU_POSITIVE,
    F,
    F_star,
    K,
    L,
    gap,
    k,
    mu,
    w,
)
from shrinkproof.theorems.setting import q_scheduled as q

floor = named("B_s", L / 2 * B_d)


def claim(n: Term) -> Term:
    return E(F(w[n])) - F_star <= floor + Prod(k, n, rate) * (gap - floor)


STATEMENT = Statement(
    id="values-scheduled",
    label="T3s",
    title="SGD under strong convexity, scheduled shrinkage: values",
    hypotheses=(*strongly_convex.hypotheses(q), ATTAINED),
    conclusions=(claim(K),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    one_step = strongly_convex.at_fixed_stepsize(one_step_values.prove()[0], q)
    contraction = linear(
        E(F(w[k + 1]), past(k)) - F_star - floor <= rate * (F(w[k]) - F_star - floor),
        using=[(1, one_step), (L / 2 * mu, strongly_convex.noise_below_floor())],
        facts=[given(L_POSITIVE), given(MU_POSITIVE)],
    )
    contracting = generalise(expect(contraction, past(0)), k)
    return specialise(by_induction(k, claim, contracting, factor=lambda _: rate), K)
