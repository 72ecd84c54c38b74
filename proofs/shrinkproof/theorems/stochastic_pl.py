r"""SGD under the Polyak-Łojasiewicz inequality, stochastically rounded.

Label: E3p
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_u + (1 - c \mu)^K (\delta_0 - B_u)$
Assumptions: As E3n, with the Polyak-Lojasiewicz inequality, 0 < c <= L, in place of a bound from
    below.
Tightness: exact: as T7b, where the variance of every rounding is as large as it may be. The floor
    vanishes with mu.
Uses: pl-unbiased
Source: T7b, from R3 and R4.
Needs: no overflow, as in E3n.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import named
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import pl_unbiased
from shrinkproof.theorems.convergence import decay
from shrinkproof.theorems.proving import proof_of
from shrinkproof.theorems.setting import C_AT_MOST_L, C_POSITIVE, PL, c, mu
from shrinkproof.theorems.stochastic_nonconvex import HYPOTHESES, noise, with_rounding

floor = named("B_u", noise / (2 * c))

STATEMENT = Statement(
    id="stochastic-pl",
    label="E3p",
    title="SGD under the Polyak-Łojasiewicz inequality, stochastically rounded",
    hypotheses=(*HYPOTHESES, PL, C_POSITIVE, C_AT_MOST_L),
    conclusions=(decay(floor, 1 - c * mu),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    theorem = with_rounding(pl_unbiased.prove()[0])
    return linear(STATEMENT.conclusion, using=[(1, theorem)])
