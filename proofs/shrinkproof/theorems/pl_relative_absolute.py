r"""SGD under the Polyak-Łojasiewicz inequality with relative and absolute rounding errors.

Label: T7h
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le B_{\eta} + (1 - c \mu \kappa)^K (\delta_0 -
    B_{\eta})$
Assumptions: As T7g, with the Polyak-Lojasiewicz inequality, 0 < c <= L, in place of a bound from
    below.
Tightness: upper: at t = 1 the floor tends to (u^2 sigma2 + eta2)/(2c (1 - u^2)) as mu tends to 0,
    and no smaller limit is true.
Uses: one-step-relative-absolute
Source: Ajalloeian and Stich, On the convergence of SGD with biased gradients (2020), with other
    constants.
Needs: u < 1: an error as large as the gradient can be its negative, and then nothing moves.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import named
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import convergence
from shrinkproof.theorems.bias_variance import T_POSITIVE, t
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quantized_fixed_stepsize import (
    BIASED_QUANTIZER,
    KAPPA_POSITIVE,
    biased_noise,
    biased_step,
    kappa,
)
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

floor = named("B_eta", biased_noise / (2 * c * kappa))

STATEMENT = Statement(
    id="pl-relative-absolute",
    label="T7h",
    title="SGD under the Polyak-Łojasiewicz inequality with relative and absolute rounding errors",
    hypotheses=(*BIASED_QUANTIZER, PL, C_POSITIVE, C_AT_MOST_L),
    conclusions=(convergence.decay(floor, 1 - c * mu * kappa),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    positive, rest = given(KAPPA_POSITIVE), 1 - L * mu
    small = linear(
        c * mu * kappa <= 1,
        using=[(mu * kappa, given(C_AT_MOST_L))],
        products=[rest**2, L * mu / t * rest**2, L * mu * t * u**2, (L * mu * u) ** 2],
        facts=[given(L_POSITIVE), given(MU_POSITIVE), given(T_POSITIVE), positive],
    )
    return convergence.decaying(kappa, biased_noise, biased_step(), positive, small)
