r"""The steady error at a matched effective stepsize.

Label: A3
Statement: $B_d = \frac{\alpha \Bigl(\sigma^2 + \frac{\tau^2}{q^2}\Bigr)}{c (2 - c \alpha)}$
Assumptions: The left side is the floor of LB with stepsize mu and shrinkage factor q, alpha = mu q.
    At q = 1 and tau2 = 0 the right side is the floor of full precision at the stepsize alpha: so
    matching the effective stepsize leaves the floor proportional to sigma2 + tau2/q^2.
Tightness: identity.
Uses: nothing else of the library
Source: new.
Needs: q > 0.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import equal, named
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quadratic_lower_bound import Q_POSITIVE, floor, q
from shrinkproof.theorems.setting import c, mu, sigma2, tau2

alpha = named("alpha", mu * q)

STATEMENT = Statement(
    id="matched-effective-stepsize",
    label="A3",
    title="The steady error at a matched effective stepsize",
    hypotheses=(Q_POSITIVE,),
    conclusions=(equal(floor, alpha * (sigma2 + tau2 / q**2) / c / (2 - c * alpha)),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    return linear(STATEMENT.conclusion, facts=[given(Q_POSITIVE)])
