r"""Nonconvex SGD with relative rounding errors.

Label: T7c
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu \kappa} + \frac{(1 + L \mu) (u^2 + L \mu) \sigma^2}{\kappa}$
Assumptions: As O5, with one stepsize mu > 0 such that kappa > 0, and F bounded below. For small mu
    that is u < 1.
Tightness: upper: the floor tends to u^2 sigma2/(1 - u^2) as mu tends to 0, and no smaller limit is
    true; attained for every K without noise, for F = (L/2) norm(w)^2 at mu = 1/L and u = 0.
Uses: one-step-relative
Source: Ajalloeian and Stich, On the convergence of SGD with biased gradients (2020), with other
    constants.
Needs: u < 1: an error as large as the gradient can be its negative, and then nothing moves.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import named
from shrinkproof.theorems import one_step_relative
from shrinkproof.theorems.convergence import OneStep, average, averaged
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quantized import FIXED_STEPSIZE, at_fixed_stepsize
from shrinkproof.theorems.setting import BOUNDED_BELOW, K_POSITIVE, Q4_RELATIVE, mu, u

kappa = named("kappa", one_step_relative.decrease(mu, u))
noise = one_step_relative.noise(mu, u)
KAPPA_POSITIVE = Hypothesis("kappa_positive", kappa > 0, "kappa is positive")
HYPOTHESES = (*FIXED_STEPSIZE, *Q4_RELATIVE.hypotheses, KAPPA_POSITIVE)

STATEMENT = Statement(
    id="nonconvex-relative",
    label="T7c",
    title="Nonconvex SGD with relative rounding errors",
    hypotheses=(*HYPOTHESES, BOUNDED_BELOW, K_POSITIVE),
    conclusions=(average(noise / kappa, mu * kappa),),
)


def step() -> OneStep:
    """The one-step bound: theta = kappa."""
    bound = at_fixed_stepsize(one_step_relative.prove()[0])
    return OneStep(kappa, noise, bound, given(KAPPA_POSITIVE))


@proof_of(STATEMENT)
def prove() -> Theorem:
    return averaged(step())
