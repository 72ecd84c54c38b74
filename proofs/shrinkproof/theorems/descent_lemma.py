r"""Descent lemma.

Label: F1
Statement: $\text{for all } x, y\colon F(y) \le F(x) + \langle \nabla F(x), y - x \rangle +
    \frac{L}{2} \lVert y - x \rVert^2$
Assumptions: The gradient of F is L-Lipschitz, L > 0.
Tightness: exact: equality for F = (L/2) norm(w)^2.
Uses: nothing else of the library
Source: Nesterov, Introductory Lectures on Convex Optimization (2004), Lemma 1.2.3.
Needs: a Lipschitz gradient; norm(w)^4 satisfies it for no L.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, assume, generalise, integrate, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import forall, inner, norm2, parameter, point
from shrinkproof.tactics.linear import linear, solve
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import L_POSITIVE, SMOOTHNESS, F, L, x, y

STATEMENT = Statement(
    id="descent-lemma",
    label="F1",
    title="Descent lemma",
    hypotheses=(L_POSITIVE, SMOOTHNESS),
    conclusions=(forall(x, y, F(y) <= F(x) + inner(F.grad(x), y - x) + L / 2 * norm2(y - x)),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    t, d = parameter("t"), point("d")
    positive = [given(L_POSITIVE), assume(t > 0)]
    lipschitz = specialise(given(SMOOTHNESS), x, x + t * d)
    change = F.grad(x + t * d) - F.grad(x)
    slope = solve(
        inner(F.grad(x + t * d), d) <= inner(F.grad(x), d) + L * t * norm2(d),
        using=[(1 / (L * t), lipschitz)],
        squares=[(1 / (L * t), change - L * t * d)],
        facts=positive,
    )
    claim = F(x + d) <= F(x) + inner(F.grad(x), d) + L / 2 * norm2(d)
    segment = specialise(generalise(integrate(slope, t, x, d, "F", claim), d), y - x)
    lemma = linear(STATEMENT.conclusion[2][2], using=[(1, segment)])
    return generalise(lemma, x, y)
