r"""One step of shrunken SGD under strong convexity: distance to the minimiser.

Label: O6
Statement: $\text{for all } k\colon \mathbb{E}[\lVert w_{k+1} - w^\star \rVert^2 \mid \mathcal{F}_k]
    \le (1 - c \mu_k q_k)^2 \lVert w_k - w^\star \rVert^2 + (\mu_k q_k)^2 \sigma^2 + \mu_k^2 \tau^2$
Assumptions: F is c-strongly convex with an L-Lipschitz gradient; sampling and quantization as in
    S2; effective stepsizes between 0 and 2/(L + c). Nothing is assumed of c.
Tightness: exact: equality for F = (c/2) norm(w)^2.
Uses: gradient-step, shrunken-moments
Source: Nesterov, Introductory Lectures on Convex Optimization (2004), Theorem 2.1.15, for the exact
    step, at a slower rate.
Needs: mu_k q_k <= 2/(L + c): beyond it, F = (L/2) norm(w)^2 contracts more slowly.
"""

from __future__ import annotations

from functools import cache

from shrinkproof.kernel import Theorem, cut, expect, generalise, instantiate, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, equal, forall, norm2, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import gradient_step, shrunken_moments
from shrinkproof.theorems.one_step import UPDATE, alpha, grad, mu
from shrinkproof.theorems.one_step_small import NONNEGATIVE
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    L_POSITIVE,
    SAMPLING,
    SMOOTHNESS,
    STATIONARY,
    STRONG_CONVEXITY,
    L,
    c,
    k,
    sigma2,
    tau2,
    w,
    w_star,
)

CONTRACTS = Hypothesis(
    "alpha_contracts",
    forall(k, alpha * (L + c) <= 2),
    "effective stepsizes are at most 2/(L + c)",
)
rate = (1 - c * alpha) ** 2
offset = w[k] - w_star
noise = alpha**2 * sigma2 + mu**2 * tau2

STATEMENT = Statement(
    id="one-step-distance",
    label="O6",
    title="One step of shrunken SGD under strong convexity: distance to the minimiser",
    hypotheses=(
        L_POSITIVE,
        SMOOTHNESS,
        STRONG_CONVEXITY,
        STATIONARY,
        UPDATE,
        *SAMPLING,
        NONNEGATIVE,
        CONTRACTS,
    ),
    conclusions=(
        forall(
            k,
            E(norm2(w[k + 1] - w_star), past(k)) <= rate * norm2(offset) + noise,
        ),
    ),
)


def exact_step(theorem: Theorem) -> Theorem:
    """A conclusion of F7 for the exact step from w_k with the effective stepsize."""
    theorem = instantiate(theorem, {"a": alpha})
    for condition in (NONNEGATIVE, CONTRACTS):
        theorem = cut(specialise(given(condition), k), theorem)
    return specialise(theorem, w[k])


@cache
def decoupled() -> Theorem:
    """O3 for distances, at step k: an exact step, then noise.  Needs nothing of F."""
    moved = offset - mu * shrunken_moments.direction
    square = linear(
        equal(norm2(w[k + 1] - w_star), norm2(moved)),
        using=[(w[k + 1] - w_star + moved, specialise(given(UPDATE), k))],
    )
    mean, moment = (specialise(t, k) for t in shrunken_moments.prove())
    return linear(
        E(norm2(w[k + 1] - w_star), past(k)) <= norm2(offset - alpha * grad) + noise,
        using=[(1, expect(square, past(k))), (-2 * mu * offset, mean), (mu**2, moment)],
    )


@proof_of(STATEMENT)
def prove() -> Theorem:
    step = linear(
        STATEMENT.conclusion[2],
        using=[(1, decoupled()), (1, exact_step(gradient_step.prove()[0]))],
    )
    return generalise(step, k)
