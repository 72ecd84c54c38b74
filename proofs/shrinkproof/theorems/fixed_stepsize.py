"""Steps that the theorems with a fixed stepsize share: the conditions of O2, and its weakenings."""

from __future__ import annotations

from functools import cache

from shrinkproof.kernel import Theorem, cut, expect, generalise, instantiate, specialise
from shrinkproof.language.statement import Hypothesis
from shrinkproof.language.symbols import E, Sequence, norm2, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step_small
from shrinkproof.theorems.convergence import OneStep
from shrinkproof.theorems.proving import given
from shrinkproof.theorems.setting import (
    C_AT_MOST_L,
    L_POSITIVE,
    MU_POSITIVE,
    NOISE_VARIANCE,
    Q_MIN_POSITIVE,
    SAMPLING,
    SMOOTHNESS,
    STEPSIZE_BOUND,
    VARIANCE,
    F,
    L,
    c,
    eps,
    fixed,
    g,
    gradient_norm2,
    k,
    mu,
    q,
    q_max,
    q_min,
    shrinkage_bounds,
    sigma2,
    tau2,
    update,
    w,
)

worst_case_noise = L * mu * (q_max**2 * sigma2 + tau2)


def hypotheses(shrinkage: Sequence) -> tuple[Hypothesis, ...]:
    """What every theorem with a fixed stepsize assumes of the process."""
    return (
        L_POSITIVE,
        SMOOTHNESS,
        update(fixed, shrinkage),
        *SAMPLING,
        MU_POSITIVE,
        Q_MIN_POSITIVE,
        *shrinkage_bounds(shrinkage),
        STEPSIZE_BOUND,
    )


def between(shrinkage: Sequence) -> tuple[Theorem, Theorem, Theorem]:
    """At step k: q_min <= q_k, q_k <= q_max, 0 < q_k."""
    lower, upper = (specialise(given(h), k) for h in shrinkage_bounds(shrinkage))
    positive = linear(shrinkage[k] > 0, using=[(1, lower), (1, given(Q_MIN_POSITIVE))])
    return lower, upper, positive


@cache
def one_step(shrinkage: Sequence) -> Theorem:
    """O2 at step k, its conditions on alpha_k = mu q_k derived from those on mu, q_min, q_max."""
    _, upper, positive = between(shrinkage)
    L_pos, mu_pos = given(L_POSITIVE), given(MU_POSITIVE)
    alpha = mu * shrinkage[k]
    nonnegative = linear(alpha >= 0, products=[alpha], facts=[mu_pos, positive])
    small = linear(
        alpha <= 1 / L,
        using=[(1, given(STEPSIZE_BOUND)), (mu, upper)],
        facts=[L_pos, mu_pos],
    )
    theorem = instantiate(one_step_small.prove()[0], {"mu": ("k", mu)})
    if shrinkage != q:
        theorem = instantiate(theorem, {"q": ("k", shrinkage[k])})
    for condition in (nonnegative, small):
        theorem = cut(generalise(condition, k), theorem)
    return specialise(theorem, k)


@cache
def variances_nonnegative() -> tuple[Theorem, Theorem]:
    """0 <= sigma2 and 0 <= tau2: each bounds a mean square."""
    found = []
    for bounded, bound, hypothesis in (
        (g[0] - F.grad(w[0]), sigma2, VARIANCE),
        (eps[0], tau2, NOISE_VARIANCE),
    ):
        square = linear(norm2(bounded) >= 0, squares=[(1, bounded)])
        at_zero = specialise(given(hypothesis), past(0)[1])
        found.append(linear(bound >= 0, using=[(1, expect(square, past(0))), (1, at_zero)]))
    return found[0], found[1]


@cache
def worst_case_step() -> OneStep:
    """For predictable q_k, with q_k replaced by the worse end: theta = q_min."""
    lower, upper, positive = between(q)
    total = linear(q_max + q[k] > 0, using=[(1, upper), (2, positive)])
    worst = linear(
        E(F(w[k + 1]), past(k))
        <= F(w[k]) - mu * q_min / 2 * gradient_norm2(k) + mu / 2 * worst_case_noise,
        using=[(1, one_step(q))],
        products=[
            mu * (q[k] - q_min) * gradient_norm2(k) / 2,
            L * mu**2 * sigma2 * (q_max - q[k]) * (q_max + q[k]) / 2,
        ],
        facts=[
            given(L_POSITIVE),
            given(MU_POSITIVE),
            lower,
            upper,
            total,
            variances_nonnegative()[0],
        ],
    )
    return OneStep(q_min, worst_case_noise, generalise(worst, k), given(Q_MIN_POSITIVE))


def rate_nonnegative(lower: Theorem, upper: Theorem) -> Theorem:
    """0 <= 1 - c mu r, from theorems 0 < r and r <= q_max."""
    r = upper.conclusion[1]
    return linear(
        c * mu * r <= 1,
        using=[(L, given(STEPSIZE_BOUND)), (L * mu, upper), (mu * r, given(C_AT_MOST_L))],
        facts=[given(L_POSITIVE), given(MU_POSITIVE), lower],
    )


__all__ = [
    "between",
    "hypotheses",
    "one_step",
    "rate_nonnegative",
    "variances_nonnegative",
    "worst_case_noise",
    "worst_case_step",
]
