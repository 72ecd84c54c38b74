r"""Nonconvex SGD with varying stepsizes.

Label: T2
Statement: $\frac{\sum_{k=0}^{K-1} \mu_k \mathbb{E}\bigl[\lVert \nabla F(w_k)
    \rVert^2\bigr]}{\sum_{k=0}^{K-1} \mu_k} \le \frac{2 \Delta + L (q_{\max}^2 \sigma^2 + \tau^2)
    \sum_{k=0}^{K-1} \mu_k^2}{q_{\min} \sum_{k=0}^{K-1} \mu_k}$
Assumptions: As T1, with stepsizes mu_k >= 0 that are fixed in advance, not all zero, each with
    mu_k q_max <= 1/L. A weighted average is at least the least of what is averaged: so the bound
    holds for the least E norm(grad F(w_k))^2 with k < K.
Tightness: upper: attained for every K without noise, for F = (L/2) norm(w)^2 at mu_k q_k = 1/L.
Uses: one-step-small-stepsize
Source: Bottou, Curtis, Nocedal (2018), Theorem 4.10, without shrinkage.
Needs: mu_k q_max <= 1/L, as in T1; the proof needs a predictable q_k.
"""

from __future__ import annotations

from functools import cache

from shrinkproof.kernel import Theorem, cut, expect, generalise, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, Sum, forall, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import fixed_stepsize, one_step, one_step_small
from shrinkproof.theorems.one_step import alpha
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    L_POSITIVE,
    Q_MIN_POSITIVE,
    Delta,
    F,
    K,
    L,
    gradient_norm2,
    k,
    q,
    q_max,
    q_min,
    shrinkage_bounds,
    sigma2,
    stepsize,
    tau2,
    w,
)

mu = stepsize[k]
V = q_max**2 * sigma2 + tau2

NONNEGATIVE = Hypothesis("mu_nonnegative", forall(k, mu >= 0), "the stepsizes are not negative")
SMALL = Hypothesis("mu_small", forall(k, mu * q_max <= 1 / L), "mu_k q_max is at most 1/L")
WEIGHTS_POSITIVE = Hypothesis(
    "weights_positive", Sum(k, K, mu) > 0, "the stepsizes are not all zero"
)


def gradients(length: Term) -> Term:
    """The sum of the squared gradients, weighted by the stepsizes."""
    return Sum(k, length, mu * E(gradient_norm2(k)))


def squares(length: Term) -> Term:
    return Sum(k, length, mu**2)


STATEMENT = Statement(
    id="nonconvex-diminishing",
    label="T2",
    title="Nonconvex SGD with varying stepsizes",
    hypotheses=(
        *one_step.STATEMENT.hypotheses,
        Q_MIN_POSITIVE,
        *shrinkage_bounds(q),
        NONNEGATIVE,
        SMALL,
        BOUNDED_BELOW,
        WEIGHTS_POSITIVE,
    ),
    conclusions=(
        gradients(K) / Sum(k, K, mu) <= (2 * Delta + L * V * squares(K)) / (q_min * Sum(k, K, mu)),
    ),
)


@cache
def noise_nonnegative() -> Theorem:
    return linear(
        V >= 0, products=[q_max**2 * sigma2, tau2], facts=fixed_stepsize.variances_nonnegative()
    )


@cache
def worst_case_step() -> Theorem:
    """O2 in expectation, with q_k replaced by the worse end, for all k."""
    lower, upper, positive = fixed_stepsize.between(q)
    L_positive, nonnegative, small = (
        given(L_POSITIVE),
        *(specialise(given(h), k) for h in (NONNEGATIVE, SMALL)),
    )
    facts = [L_positive, nonnegative, lower, upper, positive]
    conditions = (
        linear(alpha >= 0, products=[alpha], facts=facts),
        linear(alpha <= 1 / L, using=[(1, small), (mu, upper)], facts=facts),
    )
    step = one_step_small.prove()[0]
    for condition in conditions:
        step = cut(generalise(condition, k), step)
    total = linear(q_max + q[k] > 0, using=[(1, upper), (2, positive)])
    worst = linear(
        E(F(w[k + 1]), past(k)) <= F(w[k]) - mu * q_min / 2 * gradient_norm2(k) + L / 2 * mu**2 * V,
        using=[(1, specialise(step, k))],
        products=[
            mu * (q[k] - q_min) * gradient_norm2(k) / 2,
            L * mu**2 * sigma2 * (q_max - q[k]) * (q_max + q[k]) / 2,
        ],
        facts=[*facts, total, fixed_stepsize.variances_nonnegative()[0]],
    )
    return generalise(expect(worst, past(0)), k)


@proof_of(STATEMENT)
def prove() -> Theorem:
    def so_far(n: Term) -> Term:
        return E(F(w[n])) + q_min / 2 * gradients(n) <= F(w[0]) + L * V / 2 * squares(n)

    telescoped = specialise(by_induction(k, so_far, worst_case_step()), K)
    bounded = expect(specialise(given(BOUNDED_BELOW), w[K]), past(0))
    weight = 2 / q_min / Sum(k, K, mu)
    return linear(
        STATEMENT.conclusion,
        using=[(weight, telescoped), (weight, bounded)],
        facts=[given(Q_MIN_POSITIVE), given(WEIGHTS_POSITIVE)],
    )
