r"""SGD under strong convexity, predictable shrinkage: distances.

Label: T3pd
Statement: $\mathbb{E}[\lVert w_K - w^\star \rVert^2] \le B_{\mathrm{pd}} + \bigl((1 - c \mu
    q_{\min})^2\bigr)^K (D^2 - B_{\mathrm{pd}})$
Assumptions: As T3e, but q_k may be any function of the past, and c <= L.
Tightness: exact: equality for every K for F = (c/2) norm(w)^2, q_k = q_min = q_max (LB).
Uses: one-step-distance
Source: new; without noise and shrinkage, Taylor, Hendrickx, Glineur (2018).
Needs: a predictable q_k: counterexample C1 refutes this statement for one that sees the sample.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, named, norm2, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step_distance, strongly_convex
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_AT_MOST_L,
    C_POSITIVE,
    D2,
    Q_MIN_POSITIVE,
    K,
    k,
    q,
    w,
    w_star,
)
from shrinkproof.theorems.strongly_convex import worst_floor
from shrinkproof.theorems.strongly_convex import worst_rate as rate

floor = named("B_pd", worst_floor)


def claim(n: Term) -> Term:
    return E(norm2(w[n] - w_star)) <= floor + rate**n * (D2 - floor)


STATEMENT = Statement(
    id="distance-predictable",
    label="T3pd",
    title="SGD under strong convexity, predictable shrinkage: distances",
    hypotheses=(*strongly_convex.hypotheses(q), C_AT_MOST_L),
    conclusions=(claim(K),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    error = norm2(w[k] - w_star)
    nonnegative = linear(error >= 0, squares=[(1, w[k] - w_star)])
    contraction = linear(
        E(norm2(w[k + 1] - w_star), past(k)) - floor <= rate * (error - floor),
        using=[
            (1, strongly_convex.at_fixed_stepsize(one_step_distance.prove()[0], q)),
            (1, strongly_convex.slowest(error, nonnegative)),
            (1, strongly_convex.noisiest()),
        ],
        facts=[
            given(C_POSITIVE),
            given(Q_MIN_POSITIVE),
            strongly_convex.drift_positive(q)[1],
        ],
    )
    contracting = generalise(expect(contraction, past(0)), k)
    return specialise(by_induction(k, claim, contracting, factor=lambda _: rate), K)
