r"""Moments of the shrunken gradient.

Label: S2
Statement: $\text{for all } k\colon \mathbb{E}[q_k g_k + \varepsilon_k \mid \mathcal{F}_k] = q_k
    \nabla F(w_k)$ and $\text{for all } k\colon \mathbb{E}[\lVert q_k g_k + \varepsilon_k \rVert^2
    \mid \mathcal{F}_k] \le q_k^2 \bigl(\lVert \nabla F(w_k) \rVert^2 + \sigma^2\bigr) + \tau^2$
Assumptions: The stochastic gradient and the quantization noise are unbiased with bounded second
    moments; q_k is a function of the past.
Tightness: exact: the first is an identity, the second an equality where both variances are
    attained.
Uses: nothing else of the library
Source: Yun, arXiv:2508.07142 (2025), in the form of its v1, with additive noise.
Needs: a predictable q_k: with one that sees the sample the mean can point the other way
    (counterexample C1).
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, equal, forall, inner, norm2, past, sample
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    NOISE_UNBIASED,
    NOISE_VARIANCE,
    SAMPLING,
    UNBIASED,
    VARIANCE,
    F,
    eps,
    g,
    gradient_norm2,
    k,
    q,
    sigma2,
    tau2,
    w,
)

direction = q[k] * g[k] + eps[k]
grad = F.grad(w[k])

STATEMENT = Statement(
    id="shrunken-moments",
    label="S2",
    title="Moments of the shrunken gradient",
    hypotheses=SAMPLING,
    conclusions=(
        forall(k, equal(E(direction, past(k)), q[k] * grad)),
        forall(
            k,
            E(norm2(direction), past(k)) <= q[k] ** 2 * (gradient_norm2(k) + sigma2) + tau2,
        ),
    ),
)


def uncorrelated() -> Theorem:
    """E[<g_k, eps_k> | past] = 0."""
    noise_mean = specialise(given(NOISE_UNBIASED), k)
    return expect(
        linear(equal(E(inner(g[k], eps[k]), sample(k)), 0), using=[(g[k], noise_mean)]),
        past(k),
        equal(E(inner(g[k], eps[k]), past(k)), 0),
    )


@proof_of(STATEMENT)
def prove() -> tuple[Theorem, Theorem]:
    first, second = STATEMENT.conclusions
    unbiased, variance, noise_mean, noise_variance = (
        specialise(given(h), k) for h in (UNBIASED, VARIANCE, NOISE_UNBIASED, NOISE_VARIANCE)
    )
    mean = linear(first[2], using=[(q[k], unbiased), (1, expect(noise_mean, past(k)))])
    moment = linear(
        second[2],
        using=[
            (q[k] ** 2, variance),
            (1, noise_variance),
            (2 * q[k] ** 2 * grad, unbiased),
            (2 * q[k], uncorrelated()),
        ],
    )
    return generalise(mean, k), generalise(moment, k)
