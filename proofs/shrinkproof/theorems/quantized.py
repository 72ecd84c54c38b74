"""Steps that the theorems about quantized gradients share: w_{k+1} = w_k - mu_k Q_k."""

from __future__ import annotations

from functools import cache

from shrinkproof.kernel import Theorem, cut, generalise, instantiate, rewrite, specialise
from shrinkproof.language.symbols import inner, norm2
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import descent_lemma
from shrinkproof.theorems.proving import given
from shrinkproof.theorems.setting import (
    L_POSITIVE,
    MU_POSITIVE,
    SMOOTHNESS,
    UNBIASED,
    VARIANCE,
    F,
    L,
    Q,
    fixed,
    k,
    mu,
    quantized_update,
    stepsize,
    w,
)

UPDATE = quantized_update(lambda i: stepsize[i])
FIXED_STEPSIZE = (L_POSITIVE, SMOOTHNESS, quantized_update(fixed), UNBIASED, VARIANCE, MU_POSITIVE)
"""What every theorem with a fixed stepsize assumes of the process, whatever the quantizer."""


@cache
def descent() -> Theorem:
    """The descent lemma along step k."""
    mu = stepsize[k]
    return rewrite(
        specialise(descent_lemma.prove()[0], w[k], w[k + 1]),
        specialise(given(UPDATE), k),
        F(w[k + 1]) <= F(w[k]) - mu * inner(F.grad(w[k]), Q[k]) + L * mu**2 / 2 * norm2(Q[k]),
    )


def at_fixed_stepsize(theorem: Theorem) -> Theorem:
    """A theorem for stepsizes mu_k >= 0, with all of them mu > 0."""
    nonnegative = linear(mu >= 0, products=[mu], facts=[given(MU_POSITIVE)])
    return cut(generalise(nonnegative, k), instantiate(theorem, {"mu": ("k", mu)}))


__all__ = ["FIXED_STEPSIZE", "UPDATE", "at_fixed_stepsize", "descent"]
