"""Where noise settles at a fixed stepsize, and why no schedule of q_k goes above its worse end.

Under strong convexity a step with shrinkage factor q multiplies squared distances by
(1 - c mu q)^2 and adds mu^2 (q^2 sigma2 + tau2).  ``distance_floor`` is what stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shrinkproof.kernel import Theorem, assume, cases, unfold
from shrinkproof.kernel.term import Term
from shrinkproof.language.symbols import maximum, named
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.fixed_stepsize import between, variances_nonnegative
from shrinkproof.theorems.proving import given
from shrinkproof.theorems.setting import (
    MU_POSITIVE,
    Q_MIN_POSITIVE,
    c,
    k,
    mu,
    q_max,
    q_min,
    q_scheduled,
    sigma2,
    tau2,
)


def distance_floor(q: Term, noise: Term | None = tau2) -> Term:
    """The squared distance that a step with shrinkage factor q leaves as it is, on average.

    ``noise``: the second moment of the quantization noise; None where there is none.
    """
    sampled = q * sigma2
    return mu * (sampled if noise is None else sampled + noise / q) / c / (2 - c * mu * q)


B_d = named("B_d", maximum(distance_floor(q_min), distance_floor(q_max)))


def noise_at_an_end(
    worse_end: Term,
    drift: Callable[[Term], Term],
    *,
    slope: Term,
    curvature: Term,
    signs: Sequence[Theorem],
) -> Theorem:
    """noise(q_k) <= drift(q_k) M, where M is the larger of noise/drift at the two ends.

    noise(q) = mu (q^2 sigma2 + tau2) and drift(q) = slope q - curvature q^2, so drift M - noise is
    concave in q and not negative at the ends; between two different ends q_k is a convex
    combination of them, and where they coincide it is both.  ``signs``: what makes slope,
    curvature and the drift at the ends positive.
    """
    q = q_scheduled[k]
    lower, upper, positive = between(q_scheduled)
    low_positive = given(Q_MIN_POSITIVE)
    high_positive = linear(q_max > 0, using=[(1, upper), (1, positive)])
    facts = [given(MU_POSITIVE), low_positive, high_positive, lower, upper, positive]
    facts += [*variances_nonnegative(), *signs]

    def claim(q: Term) -> Term:
        return mu * (q**2 * sigma2 + tau2) <= drift(q) * worse_end

    def at_end(end: Term, side: int) -> Theorem:
        larger = unfold(worse_end[2] if worse_end.op == "named" else worse_end, side)
        return linear(claim(end), using=[(drift(end), larger)], facts=facts)

    at_low, at_high = at_end(q_min, 0), at_end(q_max, 1)
    nonnegative = linear(
        worse_end >= 0,
        using=[(1 / drift(q_min), at_low)],
        products=[mu * part / drift(q_min) for part in (q_min**2 * sigma2, tau2)],
        facts=[*facts, linear(drift(q_min) > 0, products=[drift(q_min)], facts=facts)],
    )
    facts += [nonnegative]
    bends = mu * sigma2, curvature * worse_end
    distinct = linear(
        claim(q),
        using=[
            ((q_max - q) / (q_max - q_min), at_low),
            ((q - q_min) / (q_max - q_min), at_high),
        ],
        products=[bend * (q - q_min) * (q_max - q) for bend in bends],
        facts=[*facts, assume(q_min < q_max)],
    )
    back = [(q + q_min) * part for part in (q_max - q, q_min - q_max)]
    coinciding = linear(
        claim(q),
        using=[(1, at_low)],
        products=[
            slope * (q - q_min) * worse_end,
            *(bend * part for bend in bends for part in back),
        ],
        facts=[
            *facts,
            assume(q_max <= q_min),
            linear(q + q_min > 0, using=[(1, positive), (1, low_positive)]),
        ],
    )
    return cases(distinct, coinciding, q_min, q_max)
