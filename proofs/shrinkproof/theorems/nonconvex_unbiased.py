r"""Nonconvex SGD with an unbiased quantizer.

Label: T7a
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu} + L \mu \bigl((1 + \omega) \sigma^2 + \tau^2\bigr)$
Assumptions: As O4, with one stepsize mu > 0, mu (1 + omega) <= 1/L, and F bounded below.
Tightness: upper: the floor vanishes with mu; attained for every K without noise, for
    F = (L/2) norm(w)^2 at mu = 1/L.
Uses: one-step-unbiased
Source: Khirirat, Feyzmahdavian, Johansson, Distributed learning with compressed gradients (2018);
    without quantization, Ghadimi and Lan, SIAM J. Optim. 23 (2013), Theorem 2.1.
Needs: an unbiased quantizer: with a biased one the average keeps a floor whatever mu (T7c).
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, generalise, instantiate, specialise
from shrinkproof.kernel.term import lift
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step_unbiased
from shrinkproof.theorems.convergence import OneStep, average, averaged
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quantized import FIXED_STEPSIZE
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    K_POSITIVE,
    L_POSITIVE,
    MU_POSITIVE,
    Q3,
    F,
    L,
    gradient_norm2,
    k,
    mu,
    omega,
    w,
)

STEPSIZE_BOUND = Hypothesis(
    "stepsize_bound", mu * (1 + omega) <= 1 / L, "mu (1 + omega) is at most 1/L"
)
HYPOTHESES = (*FIXED_STEPSIZE, *Q3.hypotheses, STEPSIZE_BOUND)
noise = L * mu * one_step_unbiased.second_moment

STATEMENT = Statement(
    id="nonconvex-unbiased",
    label="T7a",
    title="Nonconvex SGD with an unbiased quantizer",
    hypotheses=(*HYPOTHESES, BOUNDED_BELOW, K_POSITIVE),
    conclusions=(average(noise, mu),),
)


def half_of_the_decrease() -> Theorem:
    """O4 for the stepsize mu, where mu (1 + omega) <= 1/L leaves at least half of the decrease."""
    step = instantiate(one_step_unbiased.prove()[0], {"mu": ("k", mu)})
    bound = linear(
        E(F(w[k + 1]), past(k)) <= F(w[k]) - mu / 2 * gradient_norm2(k) + mu / 2 * noise,
        using=[(1, specialise(step, k)), (L * mu / 2 * gradient_norm2(k), given(STEPSIZE_BOUND))],
        facts=[given(L_POSITIVE), given(MU_POSITIVE)],
    )
    return generalise(bound, k)


def step() -> OneStep:
    """The one-step bound: theta = 1."""
    positive = linear(lift(1) > 0, products=[1])
    return OneStep(lift(1), noise, half_of_the_decrease(), positive)


@proof_of(STATEMENT)
def prove() -> Theorem:
    return averaged(step())
