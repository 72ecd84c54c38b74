r"""Strong convexity implies the Polyak-Łojasiewicz inequality.

Label: F3
Statement: $\text{for all } x\colon 2 c \bigl(F(x) - F^\star\bigr) \le \lVert \nabla F(x) \rVert^2$
Assumptions: F is c-strongly convex, c > 0, and F_star is its value at some point w_star.
Tightness: exact: equality for F = (c/2) norm(w)^2.
Uses: nothing else of the library
Source: Karimi, Nutini, Schmidt, Linear convergence under the Polyak-Lojasiewicz condition (2016),
    Theorem 2.
Needs: strong convexity: F(w) = w^4 satisfies the inequality for no c.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, generalise, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    ATTAINED,
    C_POSITIVE,
    PL,
    STRONG_CONVEXITY,
    F,
    c,
    w_star,
    x,
)

STATEMENT = Statement(
    id="strong-convexity-implies-pl",
    label="F3",
    title="Strong convexity implies the Polyak-Łojasiewicz inequality",
    hypotheses=(C_POSITIVE, STRONG_CONVEXITY, ATTAINED),
    conclusions=(PL.prop,),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    inequality = linear(
        STATEMENT.conclusion[2],
        using=[
            (2 * c, specialise(given(STRONG_CONVEXITY), x, w_star)),
            (-2 * c, given(ATTAINED)),
        ],
        squares=[(1, F.grad(x) + c * (w_star - x))],
        facts=[given(C_POSITIVE)],
    )
    return generalise(inequality, x)
