r"""SGD under the Polyak-Łojasiewicz inequality, rounded toward zero.

Label: E2p
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_u + (1 - c \mu m \kappa)^K (\delta_0 -
    B_u)$
Assumptions: As E2n, with the Polyak-Lojasiewicz inequality, 0 < c <= L, in place of a bound from
    below.
Tightness: upper: the floor tends to (rho^2 sigma2 + eta2)/(2c (1 - rho^2)) as mu tends to 0;
    attained for every K without noise, as T7d, where h = 0.
Uses: pl-relative-absolute
Source: T7h at t = 1 for the gradients Q_k/m and the stepsize mu m, from R2 and R4.
Needs: no overflow, as in E2n.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import named
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import pl_relative_absolute
from shrinkproof.theorems.convergence import decay
from shrinkproof.theorems.proving import proof_of
from shrinkproof.theorems.setting import C_AT_MOST_L, C_POSITIVE, PL, c
from shrinkproof.theorems.toward_zero_nonconvex import (
    HYPOTHESES,
    alpha,
    kappa,
    noise,
    with_rounding,
)

floor = named("B_u", noise / (2 * c * kappa))

STATEMENT = Statement(
    id="toward-zero-pl",
    label="E2p",
    title="SGD under the Polyak-Łojasiewicz inequality, rounded toward zero",
    hypotheses=(*HYPOTHESES, PL, C_POSITIVE, C_AT_MOST_L),
    conclusions=(decay(floor, 1 - c * alpha * kappa),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    theorem = with_rounding(pl_relative_absolute.prove()[0])
    return linear(STATEMENT.conclusion, using=[(1, theorem)])
