r"""SGD under the Polyak-Łojasiewicz inequality, diminishing stepsizes.

Label: T4
Statement: $\mathbb{E}\bigl[F(w_K)\bigr] - F^\star \le \frac{\nu}{\gamma + K}$
Assumptions: As T3p, with stepsizes beta/(gamma + k), gamma > 0, of which the first satisfies
    mu_0 q_max <= 1/L; c beta q_min > 1.
Tightness: upper: attained at K = 0; at K = 1, for F = (L/2) norm(w)^2 from its minimiser, with c =
    L, the ratio is 1 - 1/gamma^2.
Uses: one-step-small-stepsize
Source: Bottou, Curtis, Nocedal (2018), Theorem 4.7, under strong convexity and without shrinkage.
Needs: beta large enough: for F = (c/2) norm(w)^2 without noise and with q_k = q_min, the gap decays
    like K^(-2 c beta q_min), more slowly than 1/K where c beta q_min < 1/2.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, cut, expect, generalise, instantiate, specialise, unfold
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, maximum, named, number, parameter, past
from shrinkproof.tactics.induction import inductively
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import fixed_stepsize, nonconvex_diminishing
from shrinkproof.theorems.nonconvex_diminishing import V
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_AT_MOST_L,
    C_POSITIVE,
    L_POSITIVE,
    PL,
    Q_MIN_POSITIVE,
    SAMPLING,
    SMOOTHNESS,
    F,
    F_star,
    K,
    L,
    c,
    gap,
    k,
    q,
    q_max,
    q_min,
    shrinkage_bounds,
    sigma2,
    tau2,
    update,
    w,
)

beta, gamma = parameter("beta"), parameter("gamma")


def stepsize(i: Term) -> Term:
    return beta / (gamma + number(i))


GAMMA_POSITIVE = Hypothesis("gamma_positive", gamma > 0, "gamma is positive")
BETA_LARGE = Hypothesis("beta_large", c * beta * q_min > 1, "c beta q_min is greater than 1")
FIRST_STEPSIZE = Hypothesis(
    "first_stepsize", beta * q_max / gamma <= 1 / L, "the first stepsize times q_max is at most 1/L"
)
margin = c * beta * q_min - 1
nu = named("nu", maximum(gamma * gap, L * beta**2 * V / (2 * margin)))


def claim(n: Term) -> Term:
    return E(F(w[n])) - F_star <= nu / (gamma + number(n))


STATEMENT = Statement(
    id="pl-diminishing",
    label="T4",
    title="SGD under the Polyak-Łojasiewicz inequality, diminishing stepsizes",
    hypotheses=(
        L_POSITIVE,
        SMOOTHNESS,
        update(stepsize, q),
        *SAMPLING,
        Q_MIN_POSITIVE,
        *shrinkage_bounds(q),
        PL,
        C_POSITIVE,
        C_AT_MOST_L,
        GAMMA_POSITIVE,
        BETA_LARGE,
        FIRST_STEPSIZE,
    ),
    conclusions=(claim(K),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    lower, upper, positive = fixed_stepsize.between(q)
    signs = [given(h) for h in (L_POSITIVE, C_POSITIVE, Q_MIN_POSITIVE, GAMMA_POSITIVE)]
    large, first, steps = given(BETA_LARGE), given(FIRST_STEPSIZE), unfold(number(k))
    time, rate = gamma + number(k), 1 - c * q_min * stepsize(k)
    beta_positive = linear(
        beta > 0, using=[(1 / (c * q_min), large)], products=[1 / (c * q_min)], facts=signs
    )
    time_positive = linear(time > 0, using=[(1, steps)], products=[gamma], facts=signs)
    later = linear(time + 1 > 0, products=[time, 1], facts=[time_positive])
    high_positive = linear(q_max > 0, using=[(1, upper), (1, positive)])
    facts = [*signs, large, steps, beta_positive, time_positive, later, high_positive]

    step = instantiate(nonconvex_diminishing.worst_case_step(), {"mu": ("k", stepsize(k))})
    for condition in (
        linear(stepsize(k) >= 0, products=[stepsize(k)], facts=facts),
        linear(
            stepsize(k) * q_max <= 1 / L,
            using=[(1, first)],
            products=[beta * q_max * number(k) / gamma / time],
            facts=facts,
        ),
    ):
        step = cut(generalise(condition, k), step)

    larger = unfold(nu[2], 1)
    nu_nonnegative = linear(
        nu >= 0,
        using=[(1, larger)],
        products=[L * beta**2 * part / 2 / margin for part in (q_max**2 * sigma2, tau2)],
        facts=[*facts, *fixed_stepsize.variances_nonnegative()],
    )
    contraction = linear(
        E(F(w[k + 1])) - F_star - nu / (time + 1) <= rate * (E(F(w[k])) - F_star - nu / time),
        using=[
            (1, specialise(step, k)),
            (q_min / 2 * stepsize(k), expect(specialise(given(PL), w[k]), past(0))),
            (margin / time / time, larger),
        ],
        products=[nu / time / time / (time + 1)],
        facts=[*facts, nu_nonnegative],
    )
    slow = linear(
        rate >= 0,
        using=[
            (L * gamma / time, first),
            (L * beta / time, lower),
            (L * beta / time, upper),
            (q_min * beta / time, given(C_AT_MOST_L)),
        ],
        products=[number(k) / time],
        facts=facts,
    )

    def step_from(goal: Term, hypothesis: Theorem) -> Theorem:
        return linear(goal, using=[(rate, hypothesis), (1, contraction)], facts=[slow])

    def start(goal: Term) -> Theorem:
        return linear(goal, using=[(1 / gamma, unfold(nu[2], 0))], facts=signs)

    return specialise(inductively(k, claim, step_from, base=start), K)
