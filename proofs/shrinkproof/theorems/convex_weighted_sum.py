r"""Convex SGD with any small stepsizes: the weighted sum of suboptimalities.

Label: T5p
Statement: $\sum_{k=0}^{K-1} \mathbb{E}\bigl[\mu_k q_k \bigl(F(w_k) - F^\star\bigr)\bigr] \le
    \frac{D^2 + \sum_{k=0}^{K-1} \bigl(\mathbb{E}\bigl[(\mu_k q_k)^2\bigr] \sigma^2 + \mu_k^2
    \tau^2\bigr)}{2}$
Assumptions: F is convex with an L-Lipschitz gradient and a minimiser w_star; effective stepsizes
    are between 0 and 1/L; q_k is a function of the past.
Tightness: upper: attained for every K without noise, for F = (L/2) norm(w)^2 at mu_k q_k = 1/L.
Uses: convex-smooth, shrunken-moments
Source: Nemirovski, Juditsky, Lan, Shapiro, Robust stochastic approximation (2009), Section 2.2, for
    bounded gradients and without shrinkage.
Needs: convexity, and a predictable q_k.
"""

from __future__ import annotations

from fractions import Fraction

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, Sum, norm2, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import convex_smooth, one_step_distance
from shrinkproof.theorems.nonconvex_weighted import noise
from shrinkproof.theorems.one_step import UPDATE, alpha
from shrinkproof.theorems.one_step_small import NONNEGATIVE, SMALL
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    ATTAINED,
    CONVEXITY,
    D2,
    L_POSITIVE,
    SAMPLING,
    SMOOTHNESS,
    STATIONARY,
    F,
    F_star,
    K,
    L,
    gradient_norm2,
    k,
    w,
    w_star,
)


def suboptimality(length: Term) -> Term:
    return Sum(k, length, E(alpha * (F(w[k]) - F_star)))


STATEMENT = Statement(
    id="convex-weighted-sum",
    label="T5p",
    title="Convex SGD with any small stepsizes: the weighted sum of suboptimalities",
    hypotheses=(
        L_POSITIVE,
        SMOOTHNESS,
        CONVEXITY,
        ATTAINED,
        STATIONARY,
        UPDATE,
        *SAMPLING,
        NONNEGATIVE,
        SMALL,
    ),
    conclusions=(suboptimality(K) <= (D2 + noise(K)) / 2,),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    nonnegative, small = (specialise(given(h), k) for h in (NONNEGATIVE, SMALL))
    one_step = linear(
        E(norm2(w[k + 1] - w_star), past(k))
        <= norm2(w[k] - w_star) - 2 * alpha * (F(w[k]) - F_star) + one_step_distance.noise,
        using=[
            (1, one_step_distance.decoupled()),
            (2 * alpha, specialise(convex_smooth.prove()[0], w[k])),
        ],
        products=[alpha * (1 / L - alpha) * gradient_norm2(k)],
        facts=[given(L_POSITIVE), nonnegative, small],
    )

    def so_far(n: Term) -> Term:
        return E(norm2(w[n] - w_star)) + 2 * suboptimality(n) <= D2 + noise(n)

    telescoped = by_induction(k, so_far, generalise(expect(one_step, past(0)), k))
    end = w[K] - w_star
    nonnegative = expect(linear(norm2(end) >= 0, squares=[(1, end)]), past(0))
    half = Fraction(1, 2)
    return linear(
        STATEMENT.conclusion, using=[(half, specialise(telescoped, K)), (half, nonnegative)]
    )
