r"""Gradients of smooth strongly convex functions are cocoercive.

Label: F5c
Statement: $\text{for all } x, y\colon \lVert \nabla F(x) - \nabla F(y) \rVert^2 + c L \lVert x - y
    \rVert^2 \le (c + L) \langle \nabla F(x) - \nabla F(y), x - y \rangle$
Assumptions: F is c-strongly convex and its gradient L-Lipschitz, L > 0. Nothing is assumed of c: it
    may be L, 0 or negative.
Tightness: exact: equality for F = (L/2) norm(w)^2 and for F = (c/2) norm(w)^2.
Uses: interpolation
Source: Nesterov, Introductory Lectures on Convex Optimization (2004), Theorem 2.1.12.
Needs: strong convexity: F(w) = -(L/2) w^2 violates it for every c > 0.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, assume, cases, generalise, instantiate, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import forall, inner, norm2, point
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import interpolation
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    C_BELOW_L,
    L_POSITIVE,
    SMOOTHNESS,
    STRONG_CONVEXITY,
    F,
    L,
    c,
    x,
    y,
)


def claim(x: Term, y: Term) -> Term:
    change = F.grad(x) - F.grad(y)
    return norm2(change) + c * L * norm2(x - y) <= (c + L) * inner(change, x - y)


STATEMENT = Statement(
    id="cocoercivity",
    label="F5c",
    title="Gradients of smooth strongly convex functions are cocoercive",
    hypotheses=(L_POSITIVE, SMOOTHNESS, STRONG_CONVEXITY),
    conclusions=(forall(x, y, claim(x, y)),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    """Both ways between x and y; for c >= L, strong convexity and the Lipschitz bound suffice."""
    a, b = point("a"), point("b")

    def both_ways(theorem: Theorem) -> list[Theorem]:
        return [specialise(theorem, a, b), specialise(theorem, b, a)]

    below = linear(
        claim(a, b),
        using=[(L - c, t) for t in both_ways(interpolation.prove()[0])],
        facts=[given(L_POSITIVE), given(C_BELOW_L)],
    )
    above = assume(c >= L)
    L_positive = given(L_POSITIVE)
    total = linear(c + L >= 0, products=[c - L, 2 * L], facts=[above, L_positive])
    beyond = linear(
        claim(a, b),
        using=[
            *((c + L, t) for t in both_ways(given(STRONG_CONVEXITY))),
            (1, specialise(given(SMOOTHNESS), b, a)),
        ],
        products=[(c + L) * (c - L) * norm2(a - b)],
        facts=[L_positive, above, total],
    )
    bound = cases(below, beyond, c, L)
    return generalise(instantiate(bound, {"a": x, "b": y}), x, y)
