"""Powers with a symbolic exponent, and square roots: the signs that certificates ask for."""

from __future__ import annotations

from shrinkproof.kernel.rules import Theorem, assume, cases, root, specialise, unfold
from shrinkproof.kernel.term import Term, lift
from shrinkproof.language.symbols import index, sqrt
from shrinkproof.tactics.induction import inductively
from shrinkproof.tactics.linear import linear


def power_nonnegative(nonnegative: Theorem, exponent: Term) -> Theorem:
    """0 <= x^n, from 0 <= x."""
    x, n = nonnegative.conclusion[2], index("n")

    def base(goal: Term) -> Theorem:
        return linear(goal, products=[1])

    def step(goal: Term, so_far: Theorem) -> Theorem:
        return linear(goal, products=[x**n * x], facts=[so_far, nonnegative])

    return specialise(inductively(n, lambda n: x**n >= 0, step, base=base), exponent)


def root_positive(positive: Theorem) -> Theorem:
    """0 < sqrt(x), from 0 < x for a deterministic x: otherwise sqrt(x)^2 = x were at most 0."""
    x = positive.conclusion[2]
    y = sqrt(x)
    not_positive = assume(y <= 0)
    absurd = linear(
        y > 0,
        using=[(1, positive), (1, unfold(y)), (y, not_positive), (-1, root(positive))],
        facts=[unfold(y)],
    )
    return cases(assume(y > 0), absurd, lift(0), y)
