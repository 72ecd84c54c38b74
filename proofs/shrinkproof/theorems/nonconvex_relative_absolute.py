r"""Nonconvex SGD with relative and absolute rounding errors.

Label: T7g
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu \kappa} + \frac{L \mu \Bigl(1 + \frac{L \mu}{t}\Bigr) \sigma^2 + (t + L
    \mu) (u^2 \sigma^2 + \eta^2)}{\kappa}$
Assumptions: As O5a, with one stepsize mu > 0, the weight t > 0 such that kappa > 0, and F bounded
    below. At t = 1 and small mu that is u < 1.
Tightness: upper: at t = 1 the floor tends to (u^2 sigma2 + eta2)/(1 - u^2) as mu tends to 0, and
    no smaller limit is true; attained for every K without noise, as T7c.
Uses: one-step-relative-absolute
Source: Ajalloeian and Stich, On the convergence of SGD with biased gradients (2020), with other
    constants.
Needs: u < 1: an error as large as the gradient can be its negative, and then nothing moves.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import named
from shrinkproof.theorems import one_step_relative_absolute
from shrinkproof.theorems.bias_variance import T_POSITIVE
from shrinkproof.theorems.convergence import OneStep, average, averaged
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quantized import FIXED_STEPSIZE, at_fixed_stepsize
from shrinkproof.theorems.setting import BOUNDED_BELOW, K_POSITIVE, Q4, mu

kappa = named("kappa", one_step_relative_absolute.decrease(mu))
noise = one_step_relative_absolute.noise(mu)
KAPPA_POSITIVE = Hypothesis("kappa_positive", kappa > 0, "kappa is positive")
HYPOTHESES = (*FIXED_STEPSIZE, *Q4.hypotheses, T_POSITIVE, KAPPA_POSITIVE)

STATEMENT = Statement(
    id="nonconvex-relative-absolute",
    label="T7g",
    title="Nonconvex SGD with relative and absolute rounding errors",
    hypotheses=(*HYPOTHESES, BOUNDED_BELOW, K_POSITIVE),
    conclusions=(average(noise / kappa, mu * kappa),),
)


def step() -> OneStep:
    """The one-step bound: theta = kappa."""
    bound = at_fixed_stepsize(one_step_relative_absolute.prove()[0])
    return OneStep(kappa, noise, bound, given(KAPPA_POSITIVE))


@proof_of(STATEMENT)
def prove() -> Theorem:
    return averaged(step())
