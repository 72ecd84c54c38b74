r"""Rounding in the subnormal range.

Label: R4
Statement: $\text{for all } k\colon (N_k - x_k)^2 \le \Bigl(\frac{h}{2}\Bigr)^2$ and $\text{for all
    } k\colon x_k - Z_k < h$ and $\text{for all } k\colon -q_{\min} h^2 \le (Z_k - q_{\min} x_k)
    (x_k - Z_k)$ and $\text{for all } k\colon \mathbb{E}\bigl[(Q_k - x_k)^2 \mid \mathcal{F}_k,
    \xi_k\bigr] \le \Bigl(\frac{h}{2}\Bigr)^2$
Assumptions: The sample of step k determines x_k >= 0 and a_k >= 0, the largest multiple of the
    spacing h that does not exceed it. N_k, Z_k and Q_k are x_k rounded to nearest, toward zero and
    stochastically. For x_k < 0 read -x_k and so on. The spacing is h below the smallest normal
    number; elsewhere the same holds with the spacing there.
Tightness: exact: equality in the first and in the last halfway between the neighbours; x_k - Z_k
    comes as near to h as one likes.
Uses: stochastic-rounding
Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), Section 2.1; Croci et al.,
    Stochastic rounding (2022), Section 2.
Needs: no overflow.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, cut, generalise, instantiate, specialise
from shrinkproof.kernel.term import SCALAR, substitute
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, Sequence, equal, forall, parameter, sample
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import stochastic_rounding
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import k, q_min
from shrinkproof.theorems.stochastic_rounding import INDICATOR, PROBABILITY, ROUNDED, Q, a, x

h = parameter("h")
N, Z = (Sequence(name, SCALAR, "sample") for name in "NZ")
constant = {"h": ("k", h)}


def with_constant_spacing(hypothesis: Hypothesis) -> Hypothesis:
    return Hypothesis(hypothesis.name, substitute(hypothesis.prop, constant), hypothesis.words)


H_POSITIVE = Hypothesis("h_positive", h > 0, "the spacing is positive")
LOWER = Hypothesis("at_least_a", forall(k, a[k] <= x[k]), "a_k does not exceed x_k")
UPPER = Hypothesis("below_next", forall(k, x[k] < a[k] + h), "the number after a_k exceeds x_k")
A_NONNEGATIVE = Hypothesis("a_nonnegative", forall(k, a[k] >= 0), "a_k is not negative")
NEAREST = (
    Hypothesis(
        "as_near_as_lower",
        forall(k, (N[k] - x[k]) ** 2 <= (x[k] - a[k]) ** 2),
        "N_k is no farther from x_k than a_k is",
    ),
    Hypothesis(
        "as_near_as_upper",
        forall(k, (N[k] - x[k]) ** 2 <= (a[k] + h - x[k]) ** 2),
        "nor than the number after a_k is",
    ),
)
TOWARD_ZERO = Hypothesis("toward_zero", forall(k, equal(Z[k], a[k])), "Z_k is a_k")
Q_MIN = (
    Hypothesis("q_min_nonnegative", q_min >= 0, "q_min is not negative"),
    Hypothesis("q_min_at_most_1", q_min <= 1, "q_min is at most 1"),
)

STATEMENT = Statement(
    id="subnormal-rounding",
    label="R4",
    title="Rounding in the subnormal range",
    hypotheses=(
        H_POSITIVE,
        LOWER,
        UPPER,
        A_NONNEGATIVE,
        *NEAREST,
        TOWARD_ZERO,
        *Q_MIN,
        INDICATOR,
        *map(with_constant_spacing, (PROBABILITY, ROUNDED)),
    ),
    conclusions=(
        forall(k, (N[k] - x[k]) ** 2 <= (h / 2) ** 2),
        forall(k, x[k] - Z[k] < h),
        forall(k, (Z[k] - q_min * x[k]) * (x[k] - Z[k]) >= -q_min * h**2),
        forall(k, E((Q[k] - x[k]) ** 2, sample(k)) <= (h / 2) ** 2),
    ),
)


@proof_of(STATEMENT)
def prove() -> tuple[Theorem, ...]:
    nearest, below, sector = (c[2] for c in STATEMENT.conclusions[:3])
    positive = given(H_POSITIVE)
    lower, upper, nonnegative, near_lower, near_upper, zero = (
        specialise(given(p), k) for p in (LOWER, UPPER, A_NONNEGATIVE, *NEAREST, TOWARD_ZERO)
    )
    facts = [positive, lower, upper, nonnegative, *map(given, Q_MIN)]
    half = linear(
        nearest,
        using=[((a[k] + h - x[k]) / h, near_lower), ((x[k] - a[k]) / h, near_upper)],
        squares=[(1, x[k] - a[k] - h / 2)],
        facts=facts,
    )
    truncated = linear(below, using=[(1, upper), (-1, zero)])
    within = linear(
        sector,
        using=[(Z[k] + a[k] - (1 + q_min) * x[k], zero)],
        products=[
            (1 - q_min) * a[k] * (x[k] - a[k]),
            q_min * (a[k] + h - x[k]) * (x[k] - a[k]),
            q_min * (a[k] + h - x[k]) * h,
        ],
        facts=facts,
    )
    third = instantiate(stochastic_rounding.prove()[2], constant)
    spread = specialise(cut(generalise(positive, k), third), k)
    return tuple(generalise(t, k) for t in (half, truncated, within, spread))
