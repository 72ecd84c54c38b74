"""Steps that the theorems about quantized gradients with a fixed stepsize share.

Each quantizer has its hypotheses and its one-step bound, in the form that ``convergence`` takes.
"""

from __future__ import annotations

from functools import cache

from shrinkproof.kernel import Theorem, cut, generalise, instantiate, specialise
from shrinkproof.language.statement import Hypothesis
from shrinkproof.language.symbols import E, named, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step_relative_absolute, one_step_unbiased
from shrinkproof.theorems.bias_variance import T_POSITIVE
from shrinkproof.theorems.proving import given
from shrinkproof.theorems.setting import (
    L_POSITIVE,
    MU_POSITIVE,
    Q3,
    Q4,
    SMOOTHNESS,
    UNBIASED,
    VARIANCE,
    F,
    L,
    fixed,
    gradient_norm2,
    k,
    mu,
    omega,
    quantized_update,
    w,
)

PROCESS = (L_POSITIVE, SMOOTHNESS, quantized_update(fixed), UNBIASED, VARIANCE, MU_POSITIVE)

STEPSIZE_BOUND = Hypothesis(
    "stepsize_bound", mu * (1 + omega) <= 1 / L, "mu (1 + omega) is at most 1/L"
)
UNBIASED_QUANTIZER = (*PROCESS, *Q3.hypotheses, STEPSIZE_BOUND)
unbiased_noise = L * mu * one_step_unbiased.second_moment

kappa = named("kappa", one_step_relative_absolute.decrease(mu))
KAPPA_POSITIVE = Hypothesis("kappa_positive", kappa > 0, "kappa is positive")
BIASED_QUANTIZER = (*PROCESS, *Q4.hypotheses, T_POSITIVE, KAPPA_POSITIVE)
biased_noise = one_step_relative_absolute.noise(mu)


@cache
def unbiased_step() -> Theorem:
    """O4 for the stepsize mu; mu (1 + omega) <= 1/L leaves at least half of the decrease."""
    step = instantiate(one_step_unbiased.prove()[0], {"mu": ("k", mu)})
    bound = linear(
        E(F(w[k + 1]), past(k)) <= F(w[k]) - mu / 2 * gradient_norm2(k) + mu / 2 * unbiased_noise,
        using=[(1, specialise(step, k)), (L * mu / 2 * gradient_norm2(k), given(STEPSIZE_BOUND))],
        facts=[given(L_POSITIVE), given(MU_POSITIVE)],
    )
    return generalise(bound, k)


@cache
def biased_step() -> Theorem:
    """O5a for the stepsize mu."""
    nonnegative = linear(mu >= 0, products=[mu], facts=[given(MU_POSITIVE)])
    step = instantiate(one_step_relative_absolute.prove()[0], {"mu": ("k", mu)})
    return cut(generalise(nonnegative, k), step)
