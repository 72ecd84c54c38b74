r"""SGD under the Polyak-Łojasiewicz inequality with an unbiased quantizer.

Label: T7b
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_{\omega} + (1 - c \mu)^K (\delta_0 -
    B_{\omega})$
Assumptions: As T7a, with the Polyak-Lojasiewicz inequality, 0 < c <= L, in place of a bound from
    below.
Tightness: exact: for c = L, equality for every K for F = (L/2) norm(w)^2, from any start, at
    mu (1 + omega) = 1/L, where both variances are attained.
Uses: one-step-unbiased
Source: Karimi, Nutini, Schmidt (2016), Theorem 4, without quantization; Khirirat, Feyzmahdavian,
    Johansson (2018).
Needs: an unbiased quantizer: with a biased one the floor does not vanish with mu (T7d).
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import named
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.convergence import decay, decaying
from shrinkproof.theorems.nonconvex_unbiased import HYPOTHESES, STEPSIZE_BOUND, noise, step
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_AT_MOST_L,
    C_POSITIVE,
    L_POSITIVE,
    MU_POSITIVE,
    PL,
    Q3,
    L,
    c,
    mu,
    omega,
)

floor = named("B_omega", noise / (2 * c))

STATEMENT = Statement(
    id="pl-unbiased",
    label="T7b",
    title="SGD under the Polyak-Łojasiewicz inequality with an unbiased quantizer",
    hypotheses=(*HYPOTHESES, PL, C_POSITIVE, C_AT_MOST_L),
    conclusions=(decay(floor, 1 - c * mu),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    *_, omega_nonnegative = map(given, Q3.hypotheses)
    small = linear(
        c * mu <= 1,
        using=[(L, given(STEPSIZE_BOUND)), (mu, given(C_AT_MOST_L))],
        products=[L * mu * omega],
        facts=[given(L_POSITIVE), given(MU_POSITIVE), omega_nonnegative],
    )
    return decaying(step(), small)
