r"""Nonconvex SGD with an unbiased quantizer.

Label: T7a
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu} + L \mu \bigl((1 + \omega) \sigma^2 + \tau^2\bigr)$
Assumptions: As O4, with one stepsize mu > 0, mu (1 + omega) <= 1/L, and F bounded below.
Tightness: upper: the floor vanishes with mu; attained at K = 1.
Uses: one-step-unbiased
Source: Khirirat, Feyzmahdavian, Johansson, Distributed learning with compressed gradients (2018);
    without quantization, Ghadimi and Lan, SIAM J. Optim. 23 (2013), Theorem 2.1.
Needs: an unbiased quantizer: with a biased one the average keeps a floor whatever mu (T7c).
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.kernel.term import lift
from shrinkproof.language.statement import Statement
from shrinkproof.theorems import convergence
from shrinkproof.theorems.proving import proof_of
from shrinkproof.theorems.quantized_fixed_stepsize import (
    UNBIASED_QUANTIZER,
    unbiased_noise,
    unbiased_step,
)
from shrinkproof.theorems.setting import BOUNDED_BELOW, K_POSITIVE

STATEMENT = Statement(
    id="nonconvex-unbiased",
    label="T7a",
    title="Nonconvex SGD with an unbiased quantizer",
    hypotheses=(*UNBIASED_QUANTIZER, BOUNDED_BELOW, K_POSITIVE),
    conclusions=(convergence.average(unbiased_noise),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    return convergence.averaged(
        lift(1), unbiased_noise, unbiased_step(), convergence.one_positive()
    )
