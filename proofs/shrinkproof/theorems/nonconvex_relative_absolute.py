r"""Nonconvex SGD with relative and absolute rounding errors.

Label: T7g
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu \kappa} + \frac{L \mu \Bigl(1 + \frac{L \mu}{t}\Bigr) \sigma^2 + (t + L
    \mu) (u^2 \sigma^2 + \eta^2)}{\kappa}$
Assumptions: As O5a, with one stepsize mu > 0, the weight t > 0 such that kappa > 0, and F bounded
    below. At t = 1 and small mu that is u < 1.
Tightness: upper: at t = 1 the floor tends to (u^2 sigma2 + eta2)/(1 - u^2) as mu tends to 0, and
    no smaller limit is true.
Uses: one-step-relative-absolute
Source: Ajalloeian and Stich, On the convergence of SGD with biased gradients (2020), with other
    constants.
Needs: u < 1: an error as large as the gradient can be its negative, and then nothing moves.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement
from shrinkproof.theorems import convergence
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quantized_fixed_stepsize import (
    BIASED_QUANTIZER,
    KAPPA_POSITIVE,
    biased_noise,
    biased_step,
    kappa,
)
from shrinkproof.theorems.setting import BOUNDED_BELOW, K_POSITIVE, mu

STATEMENT = Statement(
    id="nonconvex-relative-absolute",
    label="T7g",
    title="Nonconvex SGD with relative and absolute rounding errors",
    hypotheses=(*BIASED_QUANTIZER, BOUNDED_BELOW, K_POSITIVE),
    conclusions=(convergence.average(biased_noise / kappa, mu * kappa),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    return convergence.averaged(kappa, biased_noise, biased_step(), given(KAPPA_POSITIVE))
