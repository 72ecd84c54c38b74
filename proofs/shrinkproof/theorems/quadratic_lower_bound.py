r"""The slowdown is real: SGD on a quadratic, exactly.

Label: LB
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star = B_s + \bigl((1 - c \mu q)^2\bigr)^K (\delta_0 -
    B_s)$ and $\mathbb{E}[\lVert w_K - w^\star \rVert^2] = B_d + \bigl((1 - c \mu q)^2\bigr)^K (D^2
    - B_d)$
Assumptions: F = F_star + (c/2) norm(w - w_star)^2, which is c-strongly convex with a c-Lipschitz
    gradient; sampling and quantization noise have exactly the variances sigma2 and tau2; the
    shrinkage factor q > 0 and the stepsize are constant, c mu q < 2.
Tightness: identity: T3d, T3e and T3pd, and for c = L also T3s and T3ps, hold with equality here, at
    every K and from every start.
Uses: nothing else of the library
Source: folklore; here with shrinkage and quantization noise.
Needs: c mu q < 2 for the floor to be one: beyond it, the noise is amplified for ever.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, rewrite, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, equal, forall, named, norm2, parameter, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import shrunken_moments
from shrinkproof.theorems.noise_floor import distance_floor
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_POSITIVE,
    D2,
    NOISE_UNBIASED,
    UNBIASED,
    F,
    F_star,
    K,
    c,
    eps,
    g,
    gap,
    k,
    mu,
    sigma2,
    tau2,
    w,
    w_star,
    x,
)

q = parameter("q")
QUADRATIC = Hypothesis(
    "quadratic",
    forall(x, equal(F(x), F_star + c / 2 * norm2(x - w_star))),
    "F is a quadratic with curvature c in every direction",
)
QUADRATIC_GRADIENT = Hypothesis(
    "quadratic_gradient",
    forall(x, equal(F.grad(x), c * (x - w_star))),
    "its gradient is that of the quadratic",
)
EXACT_VARIANCE = Hypothesis(
    "exact_variance",
    forall(k, equal(E(norm2(g[k] - F.grad(w[k])), past(k)), sigma2)),
    "the variance of the stochastic gradient is sigma2, given the past",
)
EXACT_NOISE_VARIANCE = Hypothesis(
    "exact_noise_variance",
    forall(k, equal(E(norm2(eps[k]), past(k)), tau2)),
    "the second moment of the quantization noise is tau2, given the past",
)
Q_POSITIVE = Hypothesis("q_positive", q > 0, "q is positive")
STABLE = Hypothesis("stable", c * mu * q < 2, "c mu q is less than 2")
UPDATE = Hypothesis(
    "update",
    forall(k, equal(w[k + 1], w[k] - mu * (q * g[k] + eps[k]))),
    "the iterates are those of SGD with shrunken, perturbed gradients",
)
rate = (1 - c * mu * q) ** 2
floor = named("B_d", distance_floor(q))
value_floor = named("B_s", c / 2 * floor)


def claim(n: Term) -> Term:
    return equal(E(norm2(w[n] - w_star)), floor + rate**n * (D2 - floor))


STATEMENT = Statement(
    id="quadratic-lower-bound",
    label="LB",
    title="The slowdown is real: SGD on a quadratic, exactly",
    hypotheses=(
        C_POSITIVE,
        Q_POSITIVE,
        STABLE,
        QUADRATIC,
        QUADRATIC_GRADIENT,
        UPDATE,
        UNBIASED,
        EXACT_VARIANCE,
        NOISE_UNBIASED,
        EXACT_NOISE_VARIANCE,
    ),
    conclusions=(
        equal(E(F(w[K])) - F_star, value_floor + rate**K * (gap - value_floor)),
        claim(K),
    ),
)


def one_step() -> Theorem:
    """E norm(w_{k+1} - w_star)^2, given the past, exactly."""
    offset = w[k] - w_star
    moved = offset - mu * (q * g[k] + eps[k])
    square = linear(
        equal(norm2(w[k + 1] - w_star), norm2(moved)),
        using=[(w[k + 1] - w_star + moved, specialise(given(UPDATE), k))],
    )
    gradient = specialise(given(QUADRATIC_GRADIENT), w[k])
    mean = linear(
        equal(E(g[k], past(k)), c * offset),
        using=[(1, specialise(given(UNBIASED), k)), (1, gradient)],
    )
    variance = rewrite(
        specialise(given(EXACT_VARIANCE), k),
        gradient,
        equal(E(norm2(g[k] - c * offset), past(k)), sigma2),
    )
    return linear(
        equal(
            E(norm2(w[k + 1] - w_star), past(k)),
            rate * norm2(offset) + mu**2 * (q**2 * sigma2 + tau2),
        ),
        using=[
            (1, expect(square, past(k))),
            (-2 * mu * q * (1 - c * mu * q) * offset, mean),
            (mu**2 * q**2, variance),
            (-2 * mu * offset, expect(specialise(given(NOISE_UNBIASED), k), past(k))),
            (2 * mu**2 * q, shrunken_moments.uncorrelated()),
            (mu**2, specialise(given(EXACT_NOISE_VARIANCE), k)),
        ],
    )


@proof_of(STATEMENT)
def prove() -> tuple[Theorem, Theorem]:
    facts = [given(h) for h in (C_POSITIVE, Q_POSITIVE, STABLE)]
    contraction = linear(
        equal(E(norm2(w[k + 1] - w_star), past(k)) - floor, rate * (norm2(w[k] - w_star) - floor)),
        using=[(1, one_step())],
        facts=facts,
    )
    contracting = generalise(expect(contraction, past(0)), k)
    distance = specialise(by_induction(k, claim, contracting, factor=lambda _: rate), K)
    quadratic = given(QUADRATIC)
    value = linear(
        STATEMENT.conclusions[0],
        using=[
            (1, expect(specialise(quadratic, w[K]), past(0))),
            (-(rate**K), specialise(quadratic, w[0])),
            (c / 2, distance),
        ],
    )
    return value, distance
