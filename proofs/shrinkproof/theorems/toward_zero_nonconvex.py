r"""Nonconvex SGD with gradients rounded toward zero.

Label: E2n
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu m \kappa} + \frac{(1 + L \mu m) \bigl((\rho^2 + L \mu m) \sigma^2 +
    \eta^2\bigr)}{\kappa}$
Assumptions: As E1n, but rounded toward zero. To rounding errors of the relative size of E1n this is
    SGD with the effective stepsize mu m, and kappa > 0 as for L mu m <= 1 and p >= 1.
Tightness: upper: the floor tends to (rho^2 sigma2 + eta2)/(1 - rho^2) as mu tends to 0.
Uses: nonconvex-relative-absolute
Source: T7g at t = 1 for the gradients Q_k/m and the stepsize mu m, from R2 and R4.
Needs: no overflow: S times each coordinate of the gradient is at most the largest number of the
    format; what exceeds it is off by more than rounding.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, cut, generalise, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import equal, named, number
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import nonconvex_relative_absolute, one_step_relative
from shrinkproof.theorems.convergence import average
from shrinkproof.theorems.coordinates import ORTHONORMAL, coordinate, d, i
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quantized import FIXED_STEPSIZE
from shrinkproof.theorems.rounding import (
    TOWARD_ZERO,
    S,
    before,
    biased_noise,
    expected,
    h,
    m,
    positive,
    rho,
    summed_up,
    with_weight_1,
)
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    K_POSITIVE,
    MU_POSITIVE,
    Q,
    fixed,
    g,
    k,
    mu,
    quantized_update,
    w,
)

alpha = mu * m
kappa = named("kappa", one_step_relative.decrease(alpha, rho))
eta2 = named("eta2", number(d) * (h / S) ** 2)
noise = biased_noise(alpha, eta2)
KAPPA_POSITIVE = Hypothesis("kappa_positive", kappa > 0, "kappa is positive")
HYPOTHESES = (*FIXED_STEPSIZE, ORTHONORMAL, TOWARD_ZERO, KAPPA_POSITIVE)

STATEMENT = Statement(
    id="toward-zero-nonconvex",
    label="E2n",
    title="Nonconvex SGD with gradients rounded toward zero",
    hypotheses=(*HYPOTHESES, BOUNDED_BELOW, K_POSITIVE),
    conclusions=(average(noise / kappa, alpha * kappa),),
)


def with_rounding(theorem: Theorem) -> Theorem:
    """T7g or T7h for Q_k/m and mu m, its conditions derived from those on the coordinates."""
    above, below, m_positive = positive()
    facts = [above, below, m_positive]
    each = linear(
        coordinate(Q[k] / m - g[k]) ** 2 <= rho**2 * before**2 + (h / S) ** 2,
        using=[((1 / m) ** 2, specialise(given(TOWARD_ZERO), k, i))],
        squares=[(1, rho * h / S)],
        facts=facts,
    )
    error = summed_up(Q[k] / m - g[k], rho**2, (h / S) ** 2, expected(generalise(each, i)))
    update = linear(
        equal(w[k + 1], w[k] - alpha * (Q[k] / m)),
        using=[(1, specialise(given(quantized_update(fixed)), k))],
        facts=[m_positive],
    )
    alpha_positive = linear(alpha > 0, products=[alpha], facts=[given(MU_POSITIVE), m_positive])
    scaled = with_weight_1(theorem, eta2[2], {"Q": ("k", Q[k] / m), "mu": alpha})
    for condition in (
        alpha_positive,
        generalise(update, k),
        generalise(error, k),
        given(KAPPA_POSITIVE),
    ):
        scaled = cut(condition, scaled)
    return scaled


@proof_of(STATEMENT)
def prove() -> Theorem:
    theorem = with_rounding(nonconvex_relative_absolute.prove()[0])
    return linear(STATEMENT.conclusion, using=[(1, theorem)])
