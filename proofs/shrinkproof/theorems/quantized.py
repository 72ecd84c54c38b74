"""Steps that the theorems about quantized gradients share: w_{k+1} = w_k - mu_k Q_k."""

from __future__ import annotations

from functools import cache

from shrinkproof.kernel import Theorem, rewrite, specialise
from shrinkproof.language.symbols import inner, norm2
from shrinkproof.theorems import descent_lemma
from shrinkproof.theorems.proving import given
from shrinkproof.theorems.setting import F, L, Q, k, quantized_update, stepsize, w

UPDATE = quantized_update(lambda i: stepsize[i])


@cache
def descent() -> Theorem:
    """The descent lemma along step k."""
    mu = stepsize[k]
    return rewrite(
        specialise(descent_lemma.prove()[0], w[k], w[k + 1]),
        specialise(given(UPDATE), k),
        F(w[k + 1]) <= F(w[k]) - mu * inner(F.grad(w[k]), Q[k]) + L * mu**2 / 2 * norm2(Q[k]),
    )
