r"""SGD under strong convexity, predictable shrinkage: values.

Label: T3ps
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_{\mathrm{ps}} + \bigl((1 - c \mu
    q_{\min})^2\bigr)^K (\delta_0 - B_{\mathrm{ps}})$
Assumptions: As T3s, but q_k may be any function of the past, and c <= L. Against T3p: twice its
    rate, and half its floor where mu is small.
Tightness: exact: for c = L, equality for every K for F = (L/2) norm(w)^2, q_k = q_min = q_max (LB).
Uses: one-step-values
Source: new; without noise and shrinkage, Taylor, Hendrickx, Glineur (2018).
Needs: a predictable q_k: counterexample C1 refutes this statement for one that sees the sample.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, named, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import gradient_step, one_step_values, strongly_convex
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    ATTAINED,
    C_AT_MOST_L,
    C_POSITIVE,
    L_POSITIVE,
    Q_MIN_POSITIVE,
    F,
    F_star,
    K,
    L,
    gap,
    k,
    q,
    w,
    x,
)
from shrinkproof.theorems.strongly_convex import worst_floor
from shrinkproof.theorems.strongly_convex import worst_rate as rate

floor = named("B_ps", L / 2 * worst_floor)


def claim(n: Term) -> Term:
    return E(F(w[n])) - F_star <= floor + rate**n * (gap - floor)


STATEMENT = Statement(
    id="values-predictable",
    label="T3ps",
    title="SGD under strong convexity, predictable shrinkage: values",
    hypotheses=(*strongly_convex.hypotheses(q), ATTAINED, C_AT_MOST_L),
    conclusions=(claim(K),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    error = F(w[k]) - F_star
    nonnegative = specialise(generalise(gradient_step.gap_nonnegative(), x), w[k])
    contraction = linear(
        E(F(w[k + 1]), past(k)) - F_star - floor <= rate * (error - floor),
        using=[
            (1, strongly_convex.at_fixed_stepsize(one_step_values.prove()[0], q)),
            (1, strongly_convex.slowest(error, nonnegative)),
            (L / 2, strongly_convex.noisiest()),
        ],
        facts=[
            given(C_POSITIVE),
            given(Q_MIN_POSITIVE),
            strongly_convex.drift_positive(q)[1],
            given(L_POSITIVE),
        ],
    )
    contracting = generalise(expect(contraction, past(0)), k)
    return specialise(by_induction(k, claim, contracting, factor=lambda _: rate), K)
