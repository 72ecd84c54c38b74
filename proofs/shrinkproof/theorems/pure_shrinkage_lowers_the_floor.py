r"""Without additive noise, shrinkage lowers the steady error.

Label: A2
Statement: $\frac{\mu q_{\min} \sigma^2}{c (2 - c \mu q_{\min})} \le \frac{\mu q_{\max} \sigma^2}{c
    (2 - c \mu q_{\max})}$
Assumptions: The two sides are the floors of LB with the factors q_min and q_max, at the same
    stepsize, without quantization noise; q_max = 1 is full precision.
Tightness: exact: equality at q_min = q_max.
Uses: nothing else of the library
Source: new; it corrects "a higher steady error level due to quantization" of arXiv:2508.07142.
Needs: tau2 = 0: with additive noise the floor can rise (A1).
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.noise_floor import distance_floor
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import C_POSITIVE, MU_POSITIVE, c, mu, q_max, q_min, sigma2

SIGMA2_NONNEGATIVE = Hypothesis("sigma2_nonnegative", sigma2 >= 0, "sigma2 is a variance")
Q_ORDERED = Hypothesis("q_ordered", q_min <= q_max, "q_min is at most q_max")
STABLE_AT_Q_MAX = Hypothesis("stable_at_q_max", c * mu * q_max < 2, "c mu q_max is less than 2")

STATEMENT = Statement(
    id="pure-shrinkage-lowers-the-floor",
    label="A2",
    title="Without additive noise, shrinkage lowers the steady error",
    hypotheses=(C_POSITIVE, MU_POSITIVE, SIGMA2_NONNEGATIVE, Q_ORDERED, STABLE_AT_Q_MAX),
    conclusions=(distance_floor(q_min, None) <= distance_floor(q_max, None),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    signs = [given(h) for h in STATEMENT.hypotheses]
    ordered, at_q_max = given(Q_ORDERED), given(STABLE_AT_Q_MAX)
    at_q_min = linear(c * mu * q_min < 2, using=[(1, at_q_max), (c * mu, ordered)], facts=signs)
    rise = 2 * mu * sigma2 / c / (2 - c * mu * q_min) / (2 - c * mu * q_max)
    return linear(STATEMENT.conclusion, using=[(rise, ordered)], facts=[*signs, at_q_min])
