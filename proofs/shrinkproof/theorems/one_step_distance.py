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

from shrinkproof.kernel import Theorem, cut, expect, generalise, instantiate, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, equal, forall, norm2, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import gradient_step, shrunken_moments
from shrinkproof.theorems.one_step import UPDATE, alpha, mu
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    L_POSITIVE,
    SAMPLING,
    SMOOTHNESS,
    STATIONARY,
    STRONG_CONVEXITY,
    c,
    contracting,
    k,
    q,
    sigma2,
    stepsize,
    tau2,
    w,
    w_star,
)

CONTRACTING = contracting(lambda i: stepsize[i], q)
rate = (1 - c * alpha) ** 2
offset = w[k] - w_star

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
        *CONTRACTING,
    ),
    conclusions=(
        forall(
            k,
            E(norm2(w[k + 1] - w_star), past(k))
            <= rate * norm2(offset) + alpha**2 * sigma2 + mu**2 * tau2,
        ),
    ),
)


def exact_step(theorem: Theorem) -> Theorem:
    """A conclusion of F7 for the exact step from w_k with the effective stepsize."""
    theorem = instantiate(theorem, {"a": alpha})
    for condition in CONTRACTING:
        theorem = cut(specialise(given(condition), k), theorem)
    return specialise(theorem, w[k])


@proof_of(STATEMENT)
def prove() -> Theorem:
    moved = offset - mu * shrunken_moments.direction
    square = linear(
        equal(norm2(w[k + 1] - w_star), norm2(moved)),
        using=[(w[k + 1] - w_star + moved, specialise(given(UPDATE), k))],
    )
    mean, moment = (specialise(t, k) for t in shrunken_moments.prove())
    step = linear(
        STATEMENT.conclusion[2],
        using=[
            (1, exact_step(gradient_step.prove()[0])),
            (1, expect(square, past(k))),
            (-2 * mu * offset, mean),
            (mu**2, moment),
        ],
    )
    return generalise(step, k)
