r"""SGD under the Polyak-Łojasiewicz inequality with scaled coordinates.

Label: T7f
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_q + (1 - c \mu m \kappa)^K (\delta_0 -
    B_q)$
Assumptions: As T7e, with the Polyak-Lojasiewicz inequality, 0 < c <= L, in place of a bound from
    below.
Tightness: upper: the floor tends to (q_max - q_min)^2 sigma2/(8 c q_min q_max) as mu tends to 0;
    attained for every K without noise, as T7d.
Uses: reduction, pl-relative
Source: T7d for the gradients Q_k/m and the stepsize mu m.
Needs: q_min > 0: where coordinates may be flushed to zero nothing need move.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import named
from shrinkproof.theorems import pl_relative
from shrinkproof.theorems.convergence import decay
from shrinkproof.theorems.nonconvex_sample_dependent import (
    HYPOTHESES,
    alpha,
    kappa,
    noise,
    with_relative_error,
)
from shrinkproof.theorems.proving import proof_of
from shrinkproof.theorems.setting import C_AT_MOST_L, C_POSITIVE, PL, c

floor = named("B_q", noise / (2 * c * kappa))

STATEMENT = Statement(
    id="pl-sample-dependent",
    label="T7f",
    title="SGD under the Polyak-Łojasiewicz inequality with scaled coordinates",
    hypotheses=(*HYPOTHESES, PL, C_POSITIVE, C_AT_MOST_L),
    conclusions=(decay(floor, 1 - c * alpha * kappa),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    return with_relative_error(pl_relative.prove()[0])
