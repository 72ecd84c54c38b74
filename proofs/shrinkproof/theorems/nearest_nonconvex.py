r"""Nonconvex SGD with gradients rounded to nearest.

Label: E1n
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu \kappa} + \frac{(1 + L \mu) \bigl((\rho^2 + L \mu) \sigma^2 +
    \eta^2\bigr)}{\kappa}$
Assumptions: The gradient, times the loss scale S, is rounded to nearest, coordinate by coordinate,
    to a format with p significant bits and subnormal spacing h; no coordinate overflows. F has an
    L-Lipschitz gradient and is bounded below; one stepsize mu > 0 such that kappa > 0, as it is for
    L mu <= 1 and p >= 1.
Tightness: upper: the floor tends to (rho^2 sigma2 + eta2)/(1 - rho^2) as mu tends to 0; that it
    does not vanish is real (an exact instance shows it).
Uses: nonconvex-relative-absolute
Source: T7g at t = 1, from R1 and R4.
Needs: no overflow: S times each coordinate of the gradient is at most the largest number of the
    format; what exceeds it is off by more than rounding.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, cut, generalise, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import named, number
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import nonconvex_relative_absolute, one_step_relative
from shrinkproof.theorems.convergence import average
from shrinkproof.theorems.coordinates import ORTHONORMAL, d
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quantized import FIXED_STEPSIZE
from shrinkproof.theorems.rounding import (
    NEAREST,
    S,
    biased_noise,
    expected,
    h,
    rho,
    summed_up,
    with_weight_1,
)
from shrinkproof.theorems.setting import BOUNDED_BELOW, K_POSITIVE, Q, g, k, mu

kappa = named("kappa", one_step_relative.decrease(mu, rho))
eta2 = named("eta2", number(d) * (h / (2 * S)) ** 2)
noise = biased_noise(mu, eta2)
KAPPA_POSITIVE = Hypothesis("kappa_positive", kappa > 0, "kappa is positive")
HYPOTHESES = (*FIXED_STEPSIZE, ORTHONORMAL, NEAREST, KAPPA_POSITIVE)

STATEMENT = Statement(
    id="nearest-nonconvex",
    label="E1n",
    title="Nonconvex SGD with gradients rounded to nearest",
    hypotheses=(*HYPOTHESES, BOUNDED_BELOW, K_POSITIVE),
    conclusions=(average(noise / kappa, mu * kappa),),
)


def with_rounding(theorem: Theorem) -> Theorem:
    """T7g or T7h, its conditions on the error derived from those on the coordinates."""
    each = expected(specialise(given(NEAREST), k))
    error = summed_up(Q[k] - g[k], rho**2, (h / (2 * S)) ** 2, each)
    rounded = cut(generalise(error, k), with_weight_1(theorem, eta2[2]))
    return cut(given(KAPPA_POSITIVE), rounded)


@proof_of(STATEMENT)
def prove() -> Theorem:
    theorem = with_rounding(nonconvex_relative_absolute.prove()[0])
    return linear(STATEMENT.conclusion, using=[(1, theorem)])
