"""Steps that the theorems under strong convexity with a fixed stepsize share."""

from __future__ import annotations

from functools import cache

from shrinkproof.kernel import Theorem, cut, generalise, instantiate, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Hypothesis
from shrinkproof.language.symbols import Sequence
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.fixed_stepsize import between, variances_nonnegative
from shrinkproof.theorems.noise_floor import B_d, noise_at_an_end
from shrinkproof.theorems.proving import given
from shrinkproof.theorems.setting import (
    C_AT_MOST_L,
    C_POSITIVE,
    L_POSITIVE,
    MU_POSITIVE,
    Q_MIN_POSITIVE,
    SAMPLING,
    SMOOTHNESS,
    STATIONARY,
    STEPSIZE_CONTRACTS,
    STRONG_CONVEXITY,
    L,
    c,
    fixed,
    k,
    mu,
    q,
    q_max,
    q_min,
    q_scheduled,
    shrinkage_bounds,
    sigma2,
    tau2,
    update,
)

worst_rate = (1 - c * mu * q_min) ** 2
worst_noise = mu**2 * (q_max**2 * sigma2 + tau2)
worst_floor = mu * (q_max**2 * sigma2 + tau2) / (c * q_min) / (2 - c * mu * q_min)


def hypotheses(shrinkage: Sequence) -> tuple[Hypothesis, ...]:
    """What every theorem under strong convexity with a fixed stepsize assumes."""
    return (
        L_POSITIVE,
        C_POSITIVE,
        SMOOTHNESS,
        STRONG_CONVEXITY,
        STATIONARY,
        update(fixed, shrinkage),
        *SAMPLING,
        MU_POSITIVE,
        Q_MIN_POSITIVE,
        *shrinkage_bounds(shrinkage),
        STEPSIZE_CONTRACTS,
    )


def at_fixed_stepsize(theorem: Theorem, shrinkage: Sequence) -> Theorem:
    """O6 or O7 at step k, their conditions on alpha_k derived from those on mu, q_min, q_max."""
    _, upper, positive = between(shrinkage)
    signs = [given(h) for h in (L_POSITIVE, C_POSITIVE, MU_POSITIVE)]
    alpha = mu * shrinkage[k]
    nonnegative = linear(alpha >= 0, products=[alpha], facts=[*signs, positive])
    contracts = linear(
        alpha * (L + c) <= 2,
        using=[(1, given(STEPSIZE_CONTRACTS)), (L * mu, upper), (c * mu, upper)],
        facts=signs,
    )
    theorem = instantiate(theorem, {"mu": ("k", mu)})
    if shrinkage != q:
        theorem = instantiate(theorem, {"q": ("k", shrinkage[k])})
    for condition in (nonnegative, contracts):
        theorem = cut(generalise(condition, k), theorem)
    return specialise(theorem, k)


@cache
def drift_positive(shrinkage: Sequence) -> tuple[Theorem, Theorem]:
    """0 < 2 - c mu q at q_max and at q_min."""
    lower, upper, positive = between(shrinkage)
    signs = [given(h) for h in (L_POSITIVE, C_POSITIVE, MU_POSITIVE)]
    high_positive = linear(q_max > 0, using=[(1, upper), (1, positive)])
    at_high = linear(
        c * mu * q_max < 2,
        using=[(1, given(STEPSIZE_CONTRACTS))],
        products=[L * mu * q_max],
        facts=[*signs, high_positive],
    )
    at_low = linear(
        c * mu * q_min < 2,
        using=[(1, at_high), (c * mu, lower), (c * mu, upper)],
        facts=signs,
    )
    return at_high, at_low


@cache
def noise_below_floor() -> Theorem:
    """mu (q_k^2 sigma2 + tau2) <= c q_k (2 - c mu q_k) B_d."""
    return noise_at_an_end(
        B_d,
        lambda q: c * q * (2 - c * mu * q),
        slope=2 * c,
        curvature=c**2 * mu,
        signs=[given(C_POSITIVE), *drift_positive(q_scheduled)],
    )


def slowest(error: Term, nonnegative: Theorem) -> Theorem:
    """(1 - c mu q_k)^2 X <= (1 - c mu q_min)^2 X, from a theorem 0 <= X."""
    lower, upper, positive = between(q)
    signs = [given(h) for h in (C_POSITIVE, MU_POSITIVE)]
    ordered = linear(
        c * mu * (q[k] + q_min) <= 2,
        using=[
            (1, given(STEPSIZE_CONTRACTS)),
            (mu * q_max, given(C_AT_MOST_L)),
            (2 * c * mu, upper),
            (c * mu, lower),
        ],
        facts=[*signs, linear(q_max > 0, using=[(1, upper), (1, positive)])],
    )
    return linear(
        (1 - c * mu * q[k]) ** 2 * error <= worst_rate * error,
        products=[c * mu * (q[k] - q_min) * (2 - c * mu * (q[k] + q_min)) * error],
        facts=[*signs, lower, ordered, nonnegative],
    )


@cache
def noisiest() -> Theorem:
    """mu^2 (q_k^2 sigma2 + tau2) is at most what it is at q_max."""
    _, upper, positive = between(q)
    total = linear(q_max + q[k] > 0, using=[(1, upper), (2, positive)])
    return linear(
        mu**2 * (q[k] ** 2 * sigma2 + tau2) <= worst_noise,
        products=[mu**2 * sigma2 * (q_max - q[k]) * (q_max + q[k])],
        facts=[upper, total, variances_nonnegative()[0]],
    )


__all__ = [
    "at_fixed_stepsize",
    "drift_positive",
    "hypotheses",
    "noise_below_floor",
    "noisiest",
    "slowest",
]
