"""Certificates from multipliers, given or solved for.

A proof in a paper says "multiply this by that and add".  ``linear`` takes it at that word and hands
the kernel a certificate; ``solve`` also finds the rational numbers in front.  Neither is trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sympy import QQ
from sympy.polys.rings import PolyRing
from sympy.polys.solvers import solve_lin_sys

from shrinkproof.kernel.normal import Monomial, cleared, unit_atoms
from shrinkproof.kernel.rules import ProofError, Theorem, combine
from shrinkproof.kernel.term import VECTOR, Term, lift, make, subterms
from shrinkproof.tactics.positivity import Signs

Using = Sequence[tuple[Any, Theorem]]
Squares = Sequence[tuple[Any, Term]]


def linear(
    goal: Term,
    *,
    using: Using = (),
    squares: Squares = (),
    products: Sequence[Any] = (),
    facts: Sequence[Theorem] = (),
) -> Theorem:
    """The goal, as the sum of: multiplier x premise, multiplier x square, products of known signs.

    The multiplier of an inequality, of a square, and each of ``products`` must be a product of
    rationals, even powers and gaps of ``facts``; the multiplier of an equation is any term, and of
    an equation of vectors in a scalar goal, any vector.  Division uses the strict facts.
    """
    signs = Signs(facts)
    facts = [*facts, *(t for _, t in using)]
    first = len(facts) - len(using)
    rows: list[tuple[Any, list[tuple[Any, ...]]]] = []
    for i, (multiplier, theorem) in enumerate(using, first):
        if theorem.conclusion.op in ("eq", "veq"):
            rows.append((1, [("times", i, lift(multiplier))]))
        else:
            c, factors = signs.factors(lift(multiplier))
            rows.append((c, [*factors, ("gap", i)]))
    for multiplier, term in squares:
        c, factors = signs.factors(lift(multiplier))
        rows.append((c, [*factors, ("square", term)]))
    rows += [signs.factors(lift(p)) for p in products]
    nonzero = [i for i, t in enumerate(facts) if t.conclusion.op == "lt"]
    return _trimmed(goal, facts, [row for row in rows if row[0]], nonzero)


def _trimmed(goal: Term, facts: Sequence[Theorem], rows: Any, nonzero: Sequence[int]) -> Theorem:
    """Call the rule with only those facts that the certificate uses."""
    used = sorted({f[1] for _, factors in rows for f in factors if f[0] != "square"})
    divisors = _divisors(goal, facts, rows) if nonzero else frozenset()
    needed = [i for i in nonzero if not divisors.isdisjoint(unit_atoms(_gap(facts[i])))]
    keep = sorted({*used, *needed})
    new = {old: i for i, old in enumerate(keep)}
    products = [
        (c, [f if f[0] == "square" else (f[0], new[f[1]], *f[2:]) for f in factors])
        for c, factors in rows
    ]
    return combine(goal, [facts[i] for i in keep], products, (), [new[i] for i in needed])


def _gap(fact: Theorem) -> Term:
    _, left, right = fact.conclusion
    gap: Term = right - left
    return gap


def _divisors(goal: Term, facts: Sequence[Theorem], rows: Any) -> set[Term]:
    """What the identity divides by, and so must be known to be nonzero."""
    terms = [goal]
    for _, factors in rows:
        for f in factors:
            if f[0] == "square":
                terms.append(f[1])
            elif f[0] == "recip":
                terms.append(make("recip", _gap(facts[f[1]])))
            else:
                terms += [facts[f[1]].conclusion, *f[2:]]
    return {a for t in terms for x in subterms(t) if x.op == "recip" for a in unit_atoms(x[1])}


def solve(
    goal: Term,
    *,
    using: Using = (),
    squares: Squares = (),
    products: Sequence[Any] = (),
    facts: Sequence[Theorem] = (),
) -> Theorem:
    """As ``linear``, with a rational number in front of each multiplier to be found.

    The numbers solve a linear system; where it leaves some free, those are 0.  Raises ProofError
    where there is no solution, or the one found has a negative weight on an inequality.
    """
    if goal.op == "veq":
        raise ProofError("solve: wants a scalar goal")
    candidates: list[Term] = []
    for multiplier, theorem in using:
        gap = theorem.conclusion[2] - theorem.conclusion[1]
        multiplier = lift(multiplier)
        candidates.append(
            make("inner", multiplier, gap) if multiplier.sort == VECTOR else multiplier * gap
        )
    for multiplier, term in squares:
        square = make("inner", term, term) if term.sort == VECTOR else term**2
        candidates.append(lift(multiplier) * square)
    candidates += map(lift, products)
    weights = _weights(goal, candidates, [*facts, *(t for _, t in using)])
    cut = (len(using), len(using) + len(squares))
    return linear(
        goal,
        using=[(w * m, t) for w, (m, t) in zip(weights, using, strict=False) if w],
        squares=[(w * m, s) for w, (m, s) in zip(weights[cut[0] :], squares, strict=False) if w],
        products=[w * p for w, p in zip(weights[cut[1] :], products, strict=True) if w],
        facts=facts,
    )


def _weights(goal: Term, candidates: Sequence[Term], facts: Sequence[Theorem]) -> list[Fraction]:
    unknown = [make("sym", f"?{i}", "scalar", "start") for i in range(len(candidates))]
    difference = goal[2] - goal[1]
    for u, candidate in zip(unknown, candidates, strict=True):
        difference = difference - u * candidate
    strict = [t.conclusion for t in facts if t.conclusion.op == "lt"]
    rest = cleared(difference, [c[2] - c[1] for c in strict])
    ring = PolyRing([u[1] for u in unknown], QQ)
    place = dict(zip(unknown, ring.gens, strict=True))
    rows: dict[Monomial, Any] = {}
    for monomial, c in rest.items():
        outside = tuple((a, e) for a, e in monomial if a not in place)
        (inside,) = [place[a] for a, _ in monomial if a in place] or [ring.one]
        rows[outside] = rows.get(outside, ring.zero) + inside * QQ(c.numerator, c.denominator)
    found = solve_lin_sys(list(rows.values()), ring)
    if found is None:
        raise ProofError("solve: no combination of these premises gives the goal")
    return [_with_free_at_zero(found.get(place[u], 0)) for u in unknown]


def _with_free_at_zero(x: Any) -> Fraction:
    """A weight as solve_lin_sys gives it, a number or a polynomial in the free weights."""
    if hasattr(x, "ring"):
        x = x.get(x.ring.zero_monom, QQ(0))
    x = QQ(x)
    return Fraction(int(x.numerator), int(x.denominator))
