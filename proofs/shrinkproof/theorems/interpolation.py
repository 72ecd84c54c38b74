r"""Smooth strongly convex interpolation.

Label: F5
Statement: $\text{for all } x, y\colon F(y) + \langle \nabla F(y), x - y \rangle + \frac{\lVert
    \nabla F(x) - \nabla F(y) \rVert^2}{2 L} + \frac{c L}{2 (L - c)} \Bigl\lVert x - y - \frac{1}{L}
    \bigl(\nabla F(x) - \nabla F(y)\bigr) \Bigr\rVert^2 \le F(x)$
Assumptions: F is c-strongly convex and its gradient L-Lipschitz, L > 0; c < L, of either sign.
Tightness: exact: equality for F = (L/2) norm(w)^2 and for F = (c/2) norm(w)^2.
Uses: descent-lemma
Source: Taylor, Hendrickx, Glineur, Smooth strongly convex interpolation and exact worst-case
    performance of first-order methods (2017), Theorem 4.
Needs: c < L: at c = L the quotient is undefined; see F5c.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, generalise, instantiate, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import forall, inner, norm2, point
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import descent_lemma
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
    return F(y) + inner(F.grad(y), x - y) + norm2(change) / (2 * L) + c * L / (2 * (L - c)) * norm2(
        x - y - change / L
    ) <= F(x)


STATEMENT = Statement(
    id="interpolation",
    label="F5",
    title="Smooth strongly convex interpolation",
    hypotheses=(L_POSITIVE, SMOOTHNESS, STRONG_CONVEXITY, C_BELOW_L),
    conclusions=(forall(x, y, claim(x, y)),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    """Between the upper bound from a and the lower bound from b, at the z that tells most."""
    a, b = point("a"), point("b")
    z = (L * a - c * b - F.grad(a) + F.grad(b)) / (L - c)
    bound = linear(
        claim(a, b),
        using=[
            (1, specialise(descent_lemma.prove()[0], a, z)),
            (1, specialise(given(STRONG_CONVEXITY), b, z)),
        ],
        facts=[given(L_POSITIVE), given(C_BELOW_L)],
    )
    return generalise(instantiate(bound, {"a": x, "b": y}), x, y)
