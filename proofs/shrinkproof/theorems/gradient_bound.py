r"""Gradient bounded by suboptimality.

Label: F2
Statement: $\text{for all } x\colon \lVert \nabla F(x) \rVert^2 \le 2 L \bigl(F(x) - F_{\inf}\bigr)$
Assumptions: The gradient of F is L-Lipschitz, L > 0; F_inf is a lower bound of F on the whole
    space.
Tightness: exact: equality for F = (L/2) norm(w)^2.
Uses: descent-lemma
Source: Nesterov, Introductory Lectures on Convex Optimization (2004), Section 2.1.
Needs: the bound on the whole space: on a half-line, F(w) = w has gradient 1 where F is smallest.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, generalise, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import forall, norm2
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import descent_lemma
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import BOUNDED_BELOW, L_POSITIVE, SMOOTHNESS, F, F_inf, L, x

STATEMENT = Statement(
    id="gradient-bound",
    label="F2",
    title="Gradient bounded by suboptimality",
    hypotheses=(L_POSITIVE, SMOOTHNESS, BOUNDED_BELOW),
    conclusions=(forall(x, norm2(F.grad(x)) <= 2 * L * (F(x) - F_inf)),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    minimiser_of_the_model = x - F.grad(x) / L
    bound = linear(
        STATEMENT.conclusion[2],
        using=[
            (2 * L, specialise(descent_lemma.prove()[0], x, minimiser_of_the_model)),
            (2 * L, specialise(given(BOUNDED_BELOW), minimiser_of_the_model)),
        ],
        facts=[given(L_POSITIVE)],
    )
    return generalise(bound, x)
