r"""SGD under the Polyak-Łojasiewicz inequality with relative rounding errors.

Label: T7d
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_u + (1 - c \mu \kappa)^K (\delta_0 - B_u)$
Assumptions: As T7c, with the Polyak-Lojasiewicz inequality, 0 < c <= L, in place of a bound from
    below.
Tightness: upper: the floor tends to u^2 sigma2/(2c (1 - u^2)) as mu tends to 0, and no smaller
    limit is true; attained for every K without noise, for F = (L/2) norm(w)^2 and
    Q_k = (1 - u) g_k at mu = (1 - u)/L.
Uses: one-step-relative
Source: Ajalloeian and Stich, On the convergence of SGD with biased gradients (2020), with other
    constants.
Needs: u < 1: an error as large as the gradient can be its negative, and then nothing moves.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import named
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.convergence import decay, decaying
from shrinkproof.theorems.nonconvex_relative import HYPOTHESES, KAPPA_POSITIVE, kappa, noise, step
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_AT_MOST_L,
    C_POSITIVE,
    L_POSITIVE,
    MU_POSITIVE,
    PL,
    L,
    c,
    mu,
    u,
)

floor = named("B_u", noise / (2 * c * kappa))

STATEMENT = Statement(
    id="pl-relative",
    label="T7d",
    title="SGD under the Polyak-Łojasiewicz inequality with relative rounding errors",
    hypotheses=(*HYPOTHESES, PL, C_POSITIVE, C_AT_MOST_L),
    conclusions=(decay(floor, 1 - c * mu * kappa),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    a, rest = L * mu, 1 - L * mu
    small = linear(
        c * mu * kappa <= 1,
        using=[(mu * kappa, given(C_AT_MOST_L))],
        products=[rest**2, a * rest**2, a * u**2, (a * u) ** 2],
        facts=[given(L_POSITIVE), given(MU_POSITIVE), given(KAPPA_POSITIVE)],
    )
    return decaying(step(), small)
