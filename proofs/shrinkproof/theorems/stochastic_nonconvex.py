r"""Nonconvex SGD with stochastically rounded gradients.

Label: E3n
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu} + L \mu \bigl((1 + \omega) \sigma^2 + \tau^2\bigr)$
Assumptions: As E1n, but rounded stochastically, and mu (1 + omega) <= 1/L.
Tightness: upper: the floor vanishes with mu.
Uses: nonconvex-unbiased
Source: T7a, from R3 and R4.
Needs: no overflow: S times each coordinate of the gradient is at most the largest number of the
    format; what exceeds it is rounded with a bias.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, cut, generalise, instantiate, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import named, number
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import nonconvex_unbiased
from shrinkproof.theorems.convergence import average
from shrinkproof.theorems.coordinates import ORTHONORMAL, d
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quantized import FIXED_STEPSIZE
from shrinkproof.theorems.rounding import STOCHASTIC, S, h, omega, positive, summed_up, u
from shrinkproof.theorems.setting import BOUNDED_BELOW, K_POSITIVE, L, Q, g, k, mu, sigma2

tau2 = named("tau2", number(d) * (h / (2 * S)) ** 2)
noise = L * mu * ((1 + omega) * sigma2 + tau2)
STEPSIZE_BOUND = Hypothesis(
    "stepsize_bound", mu * (1 + omega) <= 1 / L, "mu (1 + omega) is at most 1/L"
)
HYPOTHESES = (*FIXED_STEPSIZE, ORTHONORMAL, *STOCHASTIC, STEPSIZE_BOUND)

STATEMENT = Statement(
    id="stochastic-nonconvex",
    label="E3n",
    title="Nonconvex SGD with stochastically rounded gradients",
    hypotheses=(*HYPOTHESES, BOUNDED_BELOW, K_POSITIVE),
    conclusions=(average(noise, mu),),
)


def with_rounding(theorem: Theorem) -> Theorem:
    """T7a or T7b, its conditions on the quantizer derived from those on the coordinates."""
    each = specialise(given(STOCHASTIC[0]), k)
    error = summed_up(Q[k] - g[k], omega, (h / (2 * S)) ** 2, each)
    nonnegative = linear(omega >= 0, products=[u**2 / (1 + 2 * u)], facts=positive())
    rounded = instantiate(theorem, {"omega": omega, "tau2": tau2[2]})
    for condition in (generalise(error, k), nonnegative, given(STEPSIZE_BOUND)):
        rounded = cut(condition, rounded)
    return rounded


@proof_of(STATEMENT)
def prove() -> Theorem:
    theorem = with_rounding(nonconvex_unbiased.prove()[0])
    return linear(STATEMENT.conclusion, using=[(1, theorem)])
