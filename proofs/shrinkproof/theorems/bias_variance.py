r"""Bias-variance decomposition and Young's inequality.

Label: F6
Statement: $\text{for all } X, k\colon \mathbb{E}[\lVert X \rVert^2 \mid \mathcal{F}_k] = \lVert
    \mathbb{E}[X \mid \mathcal{F}_k] \rVert^2 + \mathbb{E}\bigl[\lVert X - \mathbb{E}[X \mid
    \mathcal{F}_k] \rVert^2 \mid \mathcal{F}_k\bigr]$ and $\text{for all } a, b\colon 2 \langle a, b
    \rangle \le t \lVert a \rVert^2 + \frac{\lVert b \rVert^2}{t}$
Assumptions: X, a and b are any random vectors of the space; t > 0.
Tightness: exact: the first is an identity, the second an equality at b = t a.
Uses: nothing else of the library
Source: textbook.
Needs: t > 0: at t = 0 nothing bounds 2 <a, b>.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, generalise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, equal, forall, inner, norm2, parameter, past, point
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import k

X, a, b = point("X"), point("a"), point("b")
t = parameter("t")
T_POSITIVE = Hypothesis("t_positive", t > 0, "the weight t is positive")
mean = E(X, past(k))

STATEMENT = Statement(
    id="bias-variance-and-young",
    label="F6",
    title="Bias-variance decomposition and Young's inequality",
    hypotheses=(T_POSITIVE,),
    conclusions=(
        forall(X, k, equal(E(norm2(X), past(k)), norm2(mean) + E(norm2(X - mean), past(k)))),
        forall(a, b, 2 * inner(a, b) <= t * norm2(a) + norm2(b) / t),
    ),
)


@proof_of(STATEMENT)
def prove() -> tuple[Theorem, Theorem]:
    decomposition, young = STATEMENT.conclusions
    return (
        generalise(linear(decomposition[2][2]), X, k),
        generalise(
            linear(young[2][2], squares=[(1 / t, t * a - b)], facts=[given(T_POSITIVE)]), a, b
        ),
    )
