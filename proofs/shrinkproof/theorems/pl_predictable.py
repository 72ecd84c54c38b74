r"""SGD under the Polyak-Łojasiewicz inequality, predictable shrinkage.

Label: T3p
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_p + (1 - c \mu q_{\min})^K (\delta_0 -
    B_p)$
Assumptions: As T3, but q_k may be any function of the past.
Tightness: exact: for c = L, equality for every K for F = (L/2) norm(w)^2, from any start, at
    mu q_k = 1/L.
Uses: one-step-small-stepsize
Source: Karimi, Nutini, Schmidt (2016), Theorem 4, without shrinkage.
Needs: a predictable q_k: counterexample C1 refutes this statement for one that sees the sample.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import index, named
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import fixed_stepsize
from shrinkproof.theorems.convergence import decay, decaying
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_AT_MOST_L,
    C_POSITIVE,
    PL,
    Q_MIN_POSITIVE,
    c,
    mu,
    q,
    q_max,
    q_min,
    shrinkage_bounds,
)

rate = 1 - c * mu * q_min
floor = named("B_p", fixed_stepsize.worst_case_noise / (2 * c * q_min))

STATEMENT = Statement(
    id="pl-predictable",
    label="T3p",
    title="SGD under the Polyak-Łojasiewicz inequality, predictable shrinkage",
    hypotheses=(*fixed_stepsize.hypotheses(q), PL, C_POSITIVE, C_AT_MOST_L),
    conclusions=(decay(floor, rate),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    lower, upper = (specialise(given(h), index("")) for h in shrinkage_bounds(q))
    ordered = linear(q_min <= q_max, using=[(1, lower), (1, upper)])
    small = fixed_stepsize.rate_nonnegative(given(Q_MIN_POSITIVE), ordered)
    return decaying(fixed_stepsize.worst_case_step(), small)
