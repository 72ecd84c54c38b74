r"""Gradients of smooth convex functions point away from the minimiser.

Label: F4
Statement: $\text{for all } x\colon F(x) - F^\star + \frac{\lVert \nabla F(x) \rVert^2}{2 L} \le
    \langle \nabla F(x), x - w^\star \rangle$
Assumptions: F is convex and its gradient L-Lipschitz, L > 0; w_star is a minimiser.
Tightness: exact: equality for F = (L/2) norm(w)^2.
Uses: descent-lemma
Source: Nesterov, Introductory Lectures on Convex Optimization (2004), Theorem 2.1.5.
Needs: convexity: F(w) = -(L/2) w^2 at w_star = 0 violates it.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, generalise, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import forall, inner, norm2
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import descent_lemma
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    ATTAINED,
    CONVEXITY,
    L_POSITIVE,
    SMOOTHNESS,
    STATIONARY,
    F,
    F_star,
    L,
    w_star,
    x,
)

STATEMENT = Statement(
    id="convex-smooth",
    label="F4",
    title="Gradients of smooth convex functions point away from the minimiser",
    hypotheses=(L_POSITIVE, SMOOTHNESS, CONVEXITY, ATTAINED, STATIONARY),
    conclusions=(
        forall(x, F(x) - F_star + norm2(F.grad(x)) / (2 * L) <= inner(F.grad(x), x - w_star)),
    ),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    z = w_star + F.grad(x) / L
    bound = linear(
        STATEMENT.conclusion[2],
        using=[
            (1, specialise(given(CONVEXITY), x, z)),
            (1, specialise(descent_lemma.prove()[0], w_star, z)),
            (F.grad(x) / L, given(STATIONARY)),
            (-1, given(ATTAINED)),
        ],
        facts=[given(L_POSITIVE)],
    )
    return generalise(bound, x)
