r"""Nonconvex SGD with scaled coordinates.

Label: T7e
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu m \kappa} + \frac{(1 + L \mu m) (\rho^2 + L \mu m) \sigma^2}{\kappa}$
Assumptions: Q_k lies between q_min g_k and q_max g_k (model Q5), as where each coordinate is scaled
    by a factor of that range, which may see the sample; q_min + q_max > 0; one stepsize mu > 0 such
    that kappa > 0, which small stepsizes are when q_min > 0; F is bounded below.
Tightness: upper: the floor tends to (q_max - q_min)^2 sigma2/(4 q_min q_max) as mu tends to 0;
    attained for every K without noise, for F = (L/2) norm(w)^2 at mu = 1/L and Q_k = g_k.
Uses: reduction, nonconvex-relative
Source: T7c for the gradients Q_k/m and the stepsize mu m.
Needs: q_min > 0: where coordinates may be flushed to zero nothing need move.
"""

from __future__ import annotations

from fractions import Fraction

from shrinkproof.kernel import Theorem, cut, expect, generalise, instantiate, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import equal, named, norm2, sample
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import nonconvex_relative, one_step_relative, reduction
from shrinkproof.theorems.convergence import average
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quantized import FIXED_STEPSIZE
from shrinkproof.theorems.reduction import RANGE_POSITIVE, error, middle
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    K_POSITIVE,
    MU_POSITIVE,
    Q5,
    Q,
    fixed,
    g,
    k,
    mu,
    quantized_update,
    w,
)

alpha = mu * middle
kappa = named("kappa", one_step_relative.decrease(alpha, error))
noise = one_step_relative.noise(alpha, error)
KAPPA_POSITIVE = Hypothesis("kappa_positive", kappa > 0, "kappa is positive")
HYPOTHESES = (*FIXED_STEPSIZE, *Q5.hypotheses, RANGE_POSITIVE, KAPPA_POSITIVE)

STATEMENT = Statement(
    id="nonconvex-sample-dependent",
    label="T7e",
    title="Nonconvex SGD with scaled coordinates",
    hypotheses=(*HYPOTHESES, BOUNDED_BELOW, K_POSITIVE),
    conclusions=(average(noise / kappa, alpha * kappa),),
)


def with_relative_error(theorem: Theorem) -> Theorem:
    """A theorem about relative errors, for the gradients Q_k/m and the stepsize mu m."""
    scaled = instantiate(theorem, {"Q": ("k", Q[k] / middle), "mu": alpha, "u": error})
    range_positive = given(RANGE_POSITIVE)
    middle_positive = linear(middle > 0, using=[(Fraction(1, 2), range_positive)])
    alpha_positive = linear(
        alpha > 0, products=[alpha], facts=[given(MU_POSITIVE), middle_positive]
    )
    update = linear(
        equal(w[k + 1], w[k] - alpha * (Q[k] / middle)),
        using=[(1, specialise(given(quantized_update(fixed)), k))],
        facts=[middle_positive],
    )
    small = linear(
        norm2(Q[k] / middle - g[k]) <= error**2 * norm2(g[k]),
        using=[((1 / middle) ** 2, specialise(reduction.prove()[0], k))],
        facts=[range_positive, middle_positive],
    )
    for condition in (
        alpha_positive,
        generalise(update, k),
        generalise(expect(small, sample(k)), k),
        given(KAPPA_POSITIVE),
    ):
        scaled = cut(condition, scaled)
    return scaled


@proof_of(STATEMENT)
def prove() -> Theorem:
    return with_relative_error(nonconvex_relative.prove()[0])
