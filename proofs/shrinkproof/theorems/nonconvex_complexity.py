r"""Nonconvex SGD: steps that suffice.

Label: T8
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \epsilon + \frac{L \mu (q_{\max}^2 \sigma^2 + \tau^2)}{q_{\min}}$
Assumptions: As T1, and K is at least 2 Delta/(mu q_min epsilon).
Tightness: upper: T1, at the least K that it allows: attained for every K without noise.
Uses: nonconvex-fixed-step
Source: Ghadimi and Lan, SIAM J. Optim. 23 (2013), Corollary 2.2, without shrinkage.
Needs: what T1 needs. Beyond its floor, the steps grow by the factor 1/q_min and by no more.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import number, parameter
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import nonconvex_fixed_step
from shrinkproof.theorems.nonconvex_fixed_step import floor
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    K_POSITIVE,
    MU_POSITIVE,
    Q_MIN_POSITIVE,
    Delta,
    K,
    mu,
    q_min,
)

epsilon = parameter("epsilon")
average = nonconvex_fixed_step.STATEMENT.conclusion[1]

ENOUGH_STEPS = Hypothesis(
    "enough_steps",
    number(K) * mu * q_min * epsilon >= 2 * Delta,
    "the number of steps is at least 2 Delta/(mu q_min epsilon)",
)

STATEMENT = Statement(
    id="nonconvex-complexity",
    label="T8",
    title="Nonconvex SGD: steps that suffice",
    hypotheses=(*nonconvex_fixed_step.STATEMENT.hypotheses, ENOUGH_STEPS),
    conclusions=(average <= epsilon + floor,),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    return linear(
        STATEMENT.conclusion,
        using=[
            (1, nonconvex_fixed_step.prove()[0]),
            (1 / (number(K) * mu * q_min), given(ENOUGH_STEPS)),
        ],
        facts=[given(h) for h in (K_POSITIVE, MU_POSITIVE, Q_MIN_POSITIVE)],
    )
