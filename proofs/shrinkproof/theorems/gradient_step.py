r"""One exact gradient step under strong convexity.

Label: F7
Statement: $\text{for all } x\colon \lVert x - a \nabla F(x) - w^\star \rVert^2 \le (1 - c a)^2
    \lVert x - w^\star \rVert^2$ and $\text{for all } x\colon F\bigl(x - a \nabla F(x)\bigr) -
    F^\star \le (1 - c a)^2 \bigl(F(x) - F^\star\bigr)$
Assumptions: F is c-strongly convex with an L-Lipschitz gradient, L > 0; w_star is a minimiser; the
    stepsize a is nonnegative and at most 2/(L + c). The first conclusion allows a c of any sign.
Tightness: exact: equality, at every stepsize, for F = (c/2) norm(w)^2.
Uses: descent-lemma, strong-convexity-implies-pl, interpolation, cocoercivity
Source: Taylor, Hendrickx, Glineur, Exact worst-case convergence rates of the proximal gradient
    method for composite convex minimization (2018); the certificates are ours.
Needs: a <= 2/(L + c): beyond it, F = (L/2) norm(w)^2 contracts more slowly.
"""

from __future__ import annotations

from fractions import Fraction

from shrinkproof.kernel import Theorem, assume, cases, generalise, rewrite, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.rewriting import put
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import ZERO, forall, norm2, quantity
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import (
    cocoercivity,
    descent_lemma,
    interpolation,
    strong_convexity_implies_pl,
)
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    ATTAINED,
    C_BELOW_L,
    C_POSITIVE,
    L_POSITIVE,
    SMOOTHNESS,
    STATIONARY,
    STRONG_CONVEXITY,
    F,
    F_star,
    L,
    c,
    w_star,
    x,
)

a = quantity("a")
A_NONNEGATIVE = Hypothesis("a_nonnegative", a >= 0, "the stepsize a is not negative")
A_CONTRACTS = Hypothesis("a_contracts", a * (L + c) <= 2, "the stepsize a is at most 2/(L + c)")
rate = (1 - c * a) ** 2
grad, offset = F.grad(x), x - w_star
following = x - a * grad

STATEMENT = Statement(
    id="gradient-step",
    label="F7",
    title="One exact gradient step under strong convexity",
    hypotheses=(
        L_POSITIVE,
        C_POSITIVE,
        SMOOTHNESS,
        STRONG_CONVEXITY,
        ATTAINED,
        STATIONARY,
        A_NONNEGATIVE,
        A_CONTRACTS,
    ),
    conclusions=(
        forall(x, norm2(following - w_star) <= rate * norm2(offset)),
        forall(x, F(following) - F_star <= rate * (F(x) - F_star)),
    ),
)


def from_minimiser(theorem: Theorem, *points: Term) -> Theorem:
    """The theorem at points of which w_star is one, with 0 for the gradient there."""
    found = specialise(theorem, *points)
    goal = put(found.conclusion, F.grad(w_star), ZERO)
    return rewrite(found, given(STATIONARY), goal)


def distance() -> Theorem:
    strongly_convex = given(STRONG_CONVEXITY)
    longest = a * (2 - a * (L + c))
    return linear(
        STATEMENT.conclusions[0][2],
        using=[
            (a**2, from_minimiser(cocoercivity.prove()[0], x, w_star)),
            (longest, specialise(strongly_convex, x, w_star)),
            (longest, from_minimiser(strongly_convex, w_star, x)),
        ],
        facts=[given(A_NONNEGATIVE), given(A_CONTRACTS)],
    )


def below_L() -> Theorem:
    """Three times F5, between x, the next point and w_star, and two squares."""
    between = interpolation.prove()[0]
    nonnegative, contracts, below = given(A_NONNEGATIVE), given(A_CONTRACTS), given(C_BELOW_L)
    decrease = linear(
        1 - c * a >= 0,
        using=[(Fraction(1, 2), contracts)],
        products=[a * (L - c) / 2],
        facts=[nonnegative, below],
    )
    return linear(
        STATEMENT.conclusions[1][2],
        using=[
            (1 - c * a, specialise(between, x, following)),
            (c * a, from_minimiser(between, w_star, following)),
            (c * a * (1 - c * a), from_minimiser(between, w_star, x)),
            (rate - 1, given(ATTAINED)),
        ],
        squares=[
            (
                1 / (2 * (L - c)),
                F.grad(following) - L * a * c * offset + (a * (L + c) - 1) * grad,
            ),
            (a * L * (2 - a * (L + c)) / (2 * (L - c)), grad - c * offset),
        ],
        facts=[given(L_POSITIVE), given(C_POSITIVE), nonnegative, contracts, below, decrease],
    )


def gap_nonnegative() -> Theorem:
    """F_star <= F(x)."""
    return linear(
        F(x) - F_star >= 0,
        using=[(1, from_minimiser(given(STRONG_CONVEXITY), w_star, x)), (1, given(ATTAINED))],
        products=[c / 2 * norm2(offset)],
        facts=[given(C_POSITIVE)],
    )


def from_L_on() -> Theorem:
    """For c >= L the descent lemma and the Polyak-Lojasiewicz inequality suffice."""
    nonnegative, contracts, above = given(A_NONNEGATIVE), given(A_CONTRACTS), assume(c >= L)
    pl = specialise(strong_convexity_implies_pl.prove()[0], x)
    short = linear(
        L * a <= 2,
        using=[(1, contracts)],
        products=[c * a],
        facts=[nonnegative, given(C_POSITIVE)],
    )
    return linear(
        STATEMENT.conclusions[1][2],
        using=[
            (1, specialise(descent_lemma.prove()[0], x, following)),
            (a * (2 - L * a) / 2, pl),
            (c * a**2 * (c - L), gap_nonnegative()),
        ],
        facts=[nonnegative, above, short, given(C_POSITIVE)],
    )


@proof_of(STATEMENT)
def prove() -> tuple[Theorem, Theorem]:
    values = cases(below_L(), from_L_on(), c, L)
    return generalise(distance(), x), generalise(values, x)
