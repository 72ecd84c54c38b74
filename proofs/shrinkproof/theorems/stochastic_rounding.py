r"""Stochastic rounding.

Label: R3
Statement: $\text{for all } k\colon \mathbb{E}[Q_k \mid \mathcal{F}_k, \xi_k] = x_k$ and $\text{for
    all } k\colon \mathbb{E}\bigl[(Q_k - x_k)^2 \mid \mathcal{F}_k, \xi_k\bigr] = (x_k - a_k) (a_k +
    h_k - x_k)$ and $\text{for all } k\colon \mathbb{E}\bigl[(Q_k - x_k)^2 \mid \mathcal{F}_k,
    \xi_k\bigr] \le \Bigl(\frac{h_k}{2}\Bigr)^2$ and $\text{for all } k\colon \mathbb{E}\bigl[(Q_k -
    x_k)^2 \mid \mathcal{F}_k, \xi_k\bigr] \le \frac{u^2}{1 + 2 u} x_k^2$
Assumptions: The sample of step k determines x_k > 0 and its neighbours in the format: a_k, which
    does not exceed it, and a_k + h_k. Q_k is the upper one with probability (x_k - a_k)/h_k. The
    spacing is at most 2 u a_k: with p significant bits, u = 2^(-p). For x_k < 0 read -x_k and
    -Q_k. No underflow (there is R4 for that) and no overflow.
Tightness: exact: the first two are identities; equality in the third halfway between the
    neighbours, and in the last at x = a (1 + 2 u)/(1 + u) where h = 2 u a.
Uses: nothing else of the library
Source: Croci et al., Stochastic rounding: implementation, error analysis and applications, R. Soc.
    Open Sci. 9 (2022), Section 2; the sharp u^2/(1 + 2 u) is below their u^2.
Needs: no overflow: a saturated number is biased.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import SCALAR
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, Sequence, equal, forall, sample
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.round_to_nearest import U_POSITIVE
from shrinkproof.theorems.setting import k, u

x, a, h = (Sequence(name, SCALAR, "sample") for name in "xah")
B, Q = (Sequence(name, SCALAR, "next") for name in "BQ")

SPACING_POSITIVE = Hypothesis("spacing_positive", forall(k, h[k] > 0), "the spacing is positive")
INDICATOR = Hypothesis("indicator", forall(k, equal(B[k] * (1 - B[k]), 0)), "B_k is 0 or 1")
PROBABILITY = Hypothesis(
    "probability",
    forall(k, equal(E(B[k], sample(k)), (x[k] - a[k]) / h[k])),
    "it is 1 with the probability that keeps the mean",
)
ROUNDED = Hypothesis(
    "rounded",
    forall(k, equal(Q[k], a[k] + h[k] * B[k])),
    "Q_k is the upper neighbour of x_k where B_k is 1, and the lower one elsewhere",
)
RELATIVE_SPACING = Hypothesis(
    "relative_spacing", forall(k, h[k] <= 2 * u * a[k]), "the spacing is at most 2 u times a_k"
)

variance = E((Q[k] - x[k]) ** 2, sample(k))

STATEMENT = Statement(
    id="stochastic-rounding",
    label="R3",
    title="Stochastic rounding",
    hypotheses=(
        SPACING_POSITIVE,
        INDICATOR,
        PROBABILITY,
        ROUNDED,
        RELATIVE_SPACING,
        U_POSITIVE,
    ),
    conclusions=(
        forall(k, equal(E(Q[k], sample(k)), x[k])),
        forall(k, equal(variance, (x[k] - a[k]) * (a[k] + h[k] - x[k]))),
        forall(k, variance <= (h[k] / 2) ** 2),
        forall(k, variance <= u**2 / (1 + 2 * u) * x[k] ** 2),
    ),
)


@proof_of(STATEMENT)
def prove() -> tuple[Theorem, ...]:
    mean, exact, at_most, relative = (c[2] for c in STATEMENT.conclusions)
    positive, indicator, probability, rounded, spacing = (
        specialise(given(h), k) for h in STATEMENT.hypotheses[:-1]
    )
    unbiased = linear(
        mean, using=[(1, expect(rounded, sample(k))), (h[k], probability)], facts=[positive]
    )
    slope = h[k] ** 2 - 2 * h[k] * (x[k] - a[k])
    square = linear(
        equal((Q[k] - x[k]) ** 2, (x[k] - a[k]) ** 2 + slope * B[k]),
        using=[(Q[k] + a[k] + h[k] * B[k] - 2 * x[k], rounded), (-(h[k] ** 2), indicator)],
    )
    second_moment = linear(
        exact,
        using=[(1, expect(square, sample(k))), (slope, probability)],
        facts=[positive],
    )
    half = linear(
        at_most,
        using=[(1, second_moment)],
        squares=[(1, x[k] - a[k] - h[k] / 2)],
    )
    likely = linear(B[k] >= 0, using=[(-1, indicator)], squares=[(1, B[k])])
    above = linear(
        x[k] - a[k] >= 0,
        using=[(h[k], expect(likely, sample(k))), (h[k], probability)],
        facts=[positive],
    )
    u_positive = given(U_POSITIVE)
    sharp = linear(
        relative,
        using=[(1, second_moment), (x[k] - a[k], spacing)],
        squares=[(1 / (1 + 2 * u), (1 + u) * x[k] - (1 + 2 * u) * a[k])],
        facts=[above, linear(1 + 2 * u > 0, products=[1, 2 * u], facts=[u_positive])],
    )
    return tuple(generalise(t, k) for t in (unbiased, second_moment, half, sharp))
