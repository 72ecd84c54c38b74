r"""One step of SGD with an unbiased quantizer.

Label: O4
Statement: $\text{for all } k\colon \mathbb{E}\bigl[F(w_{k+1}) \mid \mathcal{F}_k\bigr] \le F(w_k) -
    \mu_k \Bigl(1 - \frac{L \mu_k (1 + \omega)}{2}\Bigr) \lVert \nabla F(w_k) \rVert^2 + \frac{L
    \mu_k^2}{2} \bigl((1 + \omega) \sigma^2 + \tau^2\bigr)$
Assumptions: F has an L-Lipschitz gradient; the stochastic gradient is unbiased with variance at
    most sigma2; the quantizer is unbiased with variance at most omega norm(g)^2 + tau2 (model Q3).
    No sign or size of the stepsize is assumed.
Tightness: exact: equality for F = (L/2) norm(w)^2 where both variances are attained.
Uses: descent-lemma
Source: Bottou, Curtis, Nocedal, Optimization Methods for Large-Scale Machine Learning (2018), Lemma
    4.4, with the second moment of an unbiased quantizer (Alistarh et al., QSGD, 2017).
Needs: E[Q(g) | g] = g: rounding to nearest has a bias that no stepsize removes (T7c).
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, equal, forall, inner, past, sample
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import quantized
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quantized import UPDATE
from shrinkproof.theorems.setting import (
    L_POSITIVE,
    Q3,
    SMOOTHNESS,
    UNBIASED,
    VARIANCE,
    F,
    L,
    Q,
    g,
    gradient_norm2,
    k,
    omega,
    sigma2,
    stepsize,
    tau2,
    w,
)

mu = stepsize[k]
grad = F.grad(w[k])
second_moment = (1 + omega) * sigma2 + tau2

STATEMENT = Statement(
    id="one-step-unbiased",
    label="O4",
    title="One step of SGD with an unbiased quantizer",
    hypotheses=(L_POSITIVE, SMOOTHNESS, UPDATE, UNBIASED, VARIANCE, *Q3.hypotheses),
    conclusions=(
        forall(
            k,
            E(F(w[k + 1]), past(k))
            <= F(w[k])
            - mu * (1 - L * mu * (1 + omega) / 2) * gradient_norm2(k)
            + L * mu**2 / 2 * second_moment,
        ),
    ),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    rounding_mean, rounding_error, omega_nonnegative = map(given, Q3.hypotheses)
    unbiased, variance = (specialise(given(h), k) for h in (UNBIASED, VARIANCE))
    mean = specialise(rounding_mean, k)
    uncorrelated = expect(
        linear(equal(E(inner(g[k], Q[k] - g[k]), sample(k)), 0), using=[(g[k], mean)]), past(k)
    )
    step = linear(
        STATEMENT.conclusion[2],
        using=[
            (1, expect(quantized.descent(), past(k))),
            (L * mu**2 / 2, expect(specialise(rounding_error, k), past(k))),
            (L * mu**2 / 2, variance),
            (L * mu**2 / 2 * omega, variance),
            (-mu * grad, expect(mean, past(k))),
            (L * mu**2, uncorrelated),
            (L * mu**2 * (1 + omega) * grad - mu * grad, unbiased),
        ],
        facts=[given(L_POSITIVE), omega_nonnegative],
    )
    return generalise(step, k)
