r"""Nonconvex SGD with the best fixed stepsize for K steps.

Label: T6
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \sqrt{\frac{2 \Delta L V}{K}}}{q_{\min}}$
Assumptions: As T1, with the stepsize that makes its bound smallest; K is large enough for it to
    be admissible, mu q_max <= 1/L.
Tightness: upper: for F = (L/2) norm(w)^2, at the least K that it allows, the ratio is 1 - 1/(2K).
Uses: nonconvex-fixed-step
Source: Ghadimi and Lan, SIAM J. Optim. 23 (2013), Corollary 2.2, without shrinkage.
Needs: some noise: without it the longest admissible stepsize is best.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, cut, instantiate, root, specialise, unfold
from shrinkproof.kernel.term import substitute
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import equal, index, named, number, sqrt
from shrinkproof.tactics.linear import linear
from shrinkproof.tactics.powers import root_positive
from shrinkproof.theorems import nonconvex_fixed_step
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    K_POSITIVE,
    L_POSITIVE,
    MU_POSITIVE,
    Q_MIN_POSITIVE,
    STEPSIZE_BOUND,
    Delta,
    K,
    L,
    q,
    q_max,
    q_min,
    shrinkage_bounds,
    sigma2,
    tau2,
)

V = named("V", q_max**2 * sigma2 + tau2)
best = named("mu_star", sqrt(2 * Delta / number(K) / L / V))
bound = sqrt(2 * Delta * L * V / number(K))


def at_best(hypothesis: Hypothesis) -> Hypothesis:
    return Hypothesis(hypothesis.name, substitute(hypothesis.prop, {"mu": best}), hypothesis.words)


DELTA_POSITIVE = Hypothesis("Delta_positive", Delta > 0, "w_0 does not attain F_inf")
NOISE_POSITIVE = Hypothesis("noise_positive", V > 0, "there is some noise")
ENOUGH_STEPS = Hypothesis(
    "enough_steps",
    2 * L * Delta * q_max**2 <= number(K) * V,
    "the number of steps is at least 2 L Delta q_max^2/V",
)
average = nonconvex_fixed_step.STATEMENT.conclusion[1]

STATEMENT = Statement(
    id="nonconvex-best-stepsize",
    label="T6",
    title="Nonconvex SGD with the best fixed stepsize for K steps",
    hypotheses=(
        *(
            at_best(h)
            for h in nonconvex_fixed_step.STATEMENT.hypotheses
            if h not in (MU_POSITIVE, STEPSIZE_BOUND)
        ),
        DELTA_POSITIVE,
        NOISE_POSITIVE,
        ENOUGH_STEPS,
    ),
    conclusions=(average <= 2 * bound / q_min,),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    facts = [
        given(h) for h in (L_POSITIVE, K_POSITIVE, Q_MIN_POSITIVE, DELTA_POSITIVE, NOISE_POSITIVE)
    ]
    x, y = best[2][1], bound[1]
    squared, bound_squared = (root(linear(z > 0, products=[z], facts=facts)) for z in (x, y))
    positive = root_positive(linear(x > 0, products=[x], facts=facts))
    facts.append(positive)
    lower, upper = (specialise(given(h), index("")) for h in shrinkage_bounds(q))
    q_max_positive = linear(q_max > 0, using=[(1, lower), (1, upper), (1, given(Q_MIN_POSITIVE))])
    total = linear(
        1 / L + best * q_max > 0, products=[1 / L, best * q_max], facts=[*facts, q_max_positive]
    )
    admissible = linear(
        best * q_max <= 1 / L,
        using=[
            (1 / (1 / L + best * q_max) / L / L / number(K) / V, given(ENOUGH_STEPS)),
            (q_max**2 / (1 / L + best * q_max), squared),
        ],
        facts=[*facts, total],
    )
    theorem = instantiate(nonconvex_fixed_step.prove()[0], {"mu": best})
    for condition in (positive, admissible):
        theorem = cut(condition, theorem)
    both = linear(
        bound + L * V * best > 0, using=[(1, unfold(bound))], products=[L * V * best], facts=facts
    )
    same = linear(
        equal(L * V * best, bound),
        using=[
            (-1 / (bound + L * V * best), bound_squared),
            ((L * V) ** 2 / (bound + L * V * best), squared),
        ],
        facts=[*facts, both],
    )
    return linear(
        STATEMENT.conclusion,
        using=[(1, theorem), (2 / q_min, same), (-L * V / best / q_min, squared)],
        facts=facts,
    )
