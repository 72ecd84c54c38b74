r"""Scaling each coordinate is a relative rounding error.

Label: RL
Statement: $\text{for all } k\colon \lVert Q_k - m g_k \rVert^2 \le \rho^2 \lVert m g_k \rVert^2$
Assumptions: Q_k lies between q_min g_k and q_max g_k in the sense of the sector condition (model
    Q5); q_min + q_max > 0. The factors may see the sample, and neither need be positive.
Tightness: exact: equality for Q_k = q_min g_k and for Q_k = q_max g_k.
Uses: nothing else of the library
Source: the sector condition of absolute stability (Lur'e and Postnikov, 1944), as a ball.
Needs: q_min + q_max > 0: the effective stepsize is mu m.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, generalise, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import forall, named, norm2
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import Q5, Q, g, k, q_max, q_min

RANGE_POSITIVE = Hypothesis("range_positive", q_min + q_max > 0, "q_min + q_max is positive")
middle = named("m", (q_min + q_max) / 2)
error = named("rho", (q_max - q_min) / (q_max + q_min))

STATEMENT = Statement(
    id="reduction",
    label="RL",
    title="Scaling each coordinate is a relative rounding error",
    hypotheses=(*Q5.hypotheses, RANGE_POSITIVE),
    conclusions=(forall(k, norm2(Q[k] - middle * g[k]) <= error**2 * norm2(middle * g[k])),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    (sector,) = Q5.hypotheses
    ball = linear(
        STATEMENT.conclusion[2],
        using=[(1, specialise(given(sector), k))],
        facts=[given(RANGE_POSITIVE)],
    )
    return generalise(ball, k)
