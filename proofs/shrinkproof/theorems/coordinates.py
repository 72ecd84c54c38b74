"""Coordinates in an orthonormal basis, and sums over them."""

from __future__ import annotations

from shrinkproof.kernel import Theorem, specialise
from shrinkproof.kernel.term import VECTOR, Term, lift
from shrinkproof.language.statement import Hypothesis
from shrinkproof.language.symbols import Sequence, Sum, equal, forall, index, inner
from shrinkproof.tactics.induction import by_induction
from shrinkproof.theorems.setting import x, y

e = Sequence("e", VECTOR, "start")
i, d = index("i"), index("d")


def coordinate(v: Term) -> Term:
    """Coordinate i of a vector."""
    return inner(e[i], v)


ORTHONORMAL = Hypothesis(
    "orthonormal_basis",
    forall(x, y, equal(inner(x, y), Sum(i, d, coordinate(x) * coordinate(y)))),
    "e_0, e_1, and so on, d in all, are an orthonormal basis (Parseval's identity)",
)


def summed(each: Theorem) -> Theorem:
    """From a_i <= b_i for all i: the sum of the a_i for i < d is at most that of the b_i."""
    variable, (_, a, b) = each.conclusion[1], each.conclusion[2]

    def claim(n: Term) -> Term:
        left = a if a == lift(0) else Sum(variable, n, a)
        return left <= Sum(variable, n, b)

    return specialise(by_induction(index("n"), claim, each), d)
