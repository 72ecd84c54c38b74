r"""One step of SGD with relative and absolute rounding errors.

Label: O5a
Statement: $\text{for all } k\colon \mathbb{E}\bigl[F(w_{k+1}) \mid \mathcal{F}_k\bigr] \le F(w_k) -
    \frac{\mu_k}{2} \Bigl(2 - L \mu_k - \frac{(1 - L \mu_k)^2}{t} - (t + L \mu_k) u^2\Bigr) \lVert
    \nabla F(w_k) \rVert^2 + \frac{\mu_k}{2} \Bigl(L \mu_k \Bigl(1 + \frac{L \mu_k}{t}\Bigr)
    \sigma^2 + (t + L \mu_k) (u^2 \sigma^2 + \eta^2)\Bigr)$
Assumptions: F has an L-Lipschitz gradient; the stochastic gradient is unbiased with variance at
    most sigma2; given the sample, the mean square of the rounding error is at most u^2 norm(g)^2 +
    eta2, whatever its bias (model Q4). The stepsize is not negative, and of any size; the weight t
    is free.
Tightness: exact: equality for F = (L/2) norm(w)^2 where the noise of g is orthogonal to the
    gradient, the error Q - g is (L mu g - gradient)/t, and sigma2 and u^2 norm(g)^2 + eta2 are
    attained.
Uses: descent-lemma
Source: for errors of this kind, with other constants, Ajalloeian and Stich, On the convergence of
    SGD with biased gradients (2020); the free weight is ours.
Needs: the weight: the best t depends on the gradient, so no single inequality of this kind is best
    everywhere.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, forall, norm2, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import quantized
from shrinkproof.theorems.bias_variance import T_POSITIVE, t
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    L_POSITIVE,
    Q4,
    SMOOTHNESS,
    UNBIASED,
    VARIANCE,
    F,
    L,
    Q,
    eta2,
    g,
    gradient_norm2,
    k,
    sigma2,
    stepsize,
    u,
    w,
)

mu = stepsize[k]
MU_NONNEGATIVE = Hypothesis("mu_nonnegative", forall(k, mu >= 0), "the stepsizes are not negative")


def decrease(step: Term) -> Term:
    """The decrease is step/2 times this times the squared gradient."""
    return 2 - L * step - (1 - L * step) ** 2 / t - (t + L * step) * u**2


def noise(step: Term) -> Term:
    """The noise of the step is step/2 times this."""
    sampling = L * step * (1 + L * step / t) * sigma2
    return sampling + (t + L * step) * (u**2 * sigma2 + eta2)


STATEMENT = Statement(
    id="one-step-relative-absolute",
    label="O5a",
    title="One step of SGD with relative and absolute rounding errors",
    hypotheses=(
        L_POSITIVE,
        SMOOTHNESS,
        quantized.UPDATE,
        UNBIASED,
        VARIANCE,
        *Q4.hypotheses,
        MU_NONNEGATIVE,
        T_POSITIVE,
    ),
    conclusions=(
        forall(
            k,
            E(F(w[k + 1]), past(k))
            <= F(w[k]) - mu / 2 * decrease(mu) * gradient_norm2(k) + mu / 2 * noise(mu),
        ),
    ),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    """Young's inequality for the error and L mu g - gradient, whose two parts do not correlate."""
    error, grad, G = Q[k] - g[k], F.grad(w[k]), gradient_norm2(k)
    aim = L * mu * g[k] - grad
    unbiased, variance = (specialise(given(h), k) for h in (UNBIASED, VARIANCE))
    rounding, *_ = Q4.hypotheses
    moment = linear(
        E(norm2(g[k]), past(k)) <= G + sigma2, using=[(1, variance), (2 * grad, unbiased)]
    )
    small = linear(
        E(norm2(error), past(k)) <= u**2 * (G + sigma2) + eta2,
        using=[(1, expect(specialise(given(rounding), k), past(k))), (u**2, moment)],
    )
    near = linear(
        E(norm2(aim), past(k)) <= (1 - L * mu) ** 2 * G + (L * mu) ** 2 * sigma2,
        using=[((L * mu) ** 2, moment), (-2 * L * mu * grad, unbiased)],
    )
    young = linear(norm2(aim - t * error) >= 0, squares=[(1, aim - t * error)])
    step = linear(
        STATEMENT.conclusion[2],
        using=[
            (1, expect(quantized.descent(), past(k))),
            (mu / (2 * t), expect(young, past(k))),
            (mu / (2 * t), near),
            (mu * t / 2, small),
            (L * mu**2 / 2, small),
            (L * mu**2 / 2, moment),
            (-mu * grad, unbiased),
        ],
        facts=[given(L_POSITIVE), given(T_POSITIVE), specialise(given(MU_NONNEGATIVE), k)],
    )
    return generalise(step, k)
