r"""SGD under the Polyak-Łojasiewicz inequality, rounded to nearest.

Label: E1p
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_u + (1 - c \mu \kappa)^K (\delta_0 - B_u)$
Assumptions: As E1n, with the Polyak-Lojasiewicz inequality, 0 < c <= L, in place of a bound from
    below.
Tightness: upper: the floor tends to (rho^2 sigma2 + eta2)/(2c (1 - rho^2)) as mu tends to 0; that
    it does not vanish is real (an exact instance shows it). Attained for every K without noise, as
    T7d, where h = 0.
Uses: pl-relative-absolute
Source: T7h at t = 1, from R1 and R4.
Needs: no overflow, as in E1n.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import named
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import pl_relative_absolute
from shrinkproof.theorems.convergence import decay
from shrinkproof.theorems.nearest_nonconvex import HYPOTHESES, kappa, noise, with_rounding
from shrinkproof.theorems.proving import proof_of
from shrinkproof.theorems.setting import C_AT_MOST_L, C_POSITIVE, PL, c, mu

floor = named("B_u", noise / (2 * c * kappa))

STATEMENT = Statement(
    id="nearest-pl",
    label="E1p",
    title="SGD under the Polyak-Łojasiewicz inequality, rounded to nearest",
    hypotheses=(*HYPOTHESES, PL, C_POSITIVE, C_AT_MOST_L),
    conclusions=(decay(floor, 1 - c * mu * kappa),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    theorem = with_rounding(pl_relative_absolute.prove()[0])
    return linear(STATEMENT.conclusion, using=[(1, theorem)])
