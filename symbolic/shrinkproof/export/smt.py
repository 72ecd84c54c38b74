"""The arithmetic of a proof as SMT-LIB 2, for solvers that know nothing of the kernel.

Every ``combine`` step is an obligation.  What the language's laws do (expectations, inner products)
is taken from the kernel's normal forms, atom by atom; what the step does with them, the solver
must agree with.  Two modes:

    certified   as the step says it: its identity has no counterexample over the reals, and from the
                signs of its factors the goal's sign follows.  Both scripts must be unsatisfiable.
    blind       the goal's negation together with the premises alone.  Reported, not required: an
                atom is any real number to the solver, and some goals need more than that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Any

from shrinkproof.export.printer import text
from shrinkproof.kernel import normal as nf
from shrinkproof.kernel.rules import Theorem
from shrinkproof.kernel.term import VECTOR, Term, lift, make, minus

RELATIONS = {"le": ">=", "lt": ">", "eq": "=", "veq": "="}


@dataclass(frozen=True)
class Obligation:
    """What one step says about real numbers, as scripts of which each is to be unsatisfiable."""

    theorem: Theorem
    identity: str
    signs: str
    blind: str


def steps(theorems: Iterable[Theorem]) -> Iterator[Theorem]:
    """All steps of some proofs, each once, premises first."""
    seen: set[Theorem] = set()

    def walk(theorem: Theorem) -> Iterator[Theorem]:
        if theorem not in seen:
            seen.add(theorem)
            for premise in theorem.step.premises:
                yield from walk(premise)
            yield theorem

    for theorem in theorems:
        yield from walk(theorem)


def obligations(theorems: Iterable[Theorem]) -> list[Obligation]:
    return [obligation(t) for t in steps(theorems) if t.step.rule == "combine"]


def obligation(theorem: Theorem) -> Obligation:
    """The scripts for a theorem that ``combine`` made."""
    step = _Step(theorem)
    return Obligation(theorem, step.identity(), step.signs(), step.blind())


def number(c: Fraction) -> str:
    """A rational as SMT-LIB writes it."""
    size = f"{abs(c.numerator)}.0"
    if c.denominator != 1:
        size = f"(/ {size} {c.denominator}.0)"
    return f"(- {size})" if c < 0 else size


def applied(op: str, parts: Sequence[str], empty: str) -> str:
    return f"({op} {' '.join(parts)})" if len(parts) > 1 else parts[0] if parts else empty


class Atoms:
    """Names for atoms, in the order in which they are met."""

    def __init__(self) -> None:
        self.names: dict[Term, str] = {}

    def name(self, atom: Term) -> str:
        return self.names.setdefault(atom, f"a{len(self.names)}")

    def polynomial(self, p: nf.Polynomial) -> str:
        rows = []
        for monomial, c in sorted(p.items(), key=lambda row: [(nf.key(a), e) for a, e in row[0]]):
            factors = [self.name(a) for a, e in monomial for _ in range(e)]
            rows.append(applied("*", [number(c), *factors] if c != 1 else factors, number(c)))
        return applied("+", rows, "0.0")

    def term(self, t: Term) -> str:
        return self.polynomial(nf.normal(t))

    def declared(self) -> list[str]:
        return [f"; {text(a)}\n(declare-const {name} Real)" for a, name in self.names.items()]


class _Step:
    """A ``combine`` step, taken apart."""

    def __init__(self, theorem: Theorem) -> None:
        self.goal = theorem.conclusion
        self.premises = [p.conclusion for p in theorem.step.premises]
        self.data: Mapping[str, Any] = dict(theorem.step.data)
        self.gaps = [minus(p[2], p[1]) for p in self.premises]

    def identity(self) -> str:
        """The identity over a common denominator, so that it is one of polynomials."""
        atoms = Atoms()
        claims = [f"(not (= {a} {b}))" for a, b in self._sides(atoms)]
        return _written(atoms.declared(), [applied("or", claims, "false")])

    def _sides(self, atoms: Atoms) -> Iterator[tuple[str, str]]:
        """Both sides of the identity; for an equation of vectors, those of each coefficient."""
        scale = [self.gaps[i] for i in self.data["scale"]]
        difference = minus(self.goal[2], self.goal[1])
        if self.goal.op != "veq":
            rows = [(c, [self._factor(f) for f in factors]) for c, factors in self.data["products"]]
            yield self._over_one_denominator([*scale, difference], rows, atoms)
            return
        known = nf.vector(difference)
        terms = [(c, m, nf.vector(self.gaps[i])) for c, ((_, i, m),) in self.data["products"]]
        for base in sorted({*known, *(b for _, _, gap in terms for b in gap)}, key=nf.key):
            rows = [(c, [m, gap.get(base, lift(0))]) for c, m, gap in terms]
            yield self._over_one_denominator([*scale, known.get(base, lift(0))], rows, atoms)

    def _factor(self, f: Sequence[Any]) -> Term:
        word, first, *rest = f
        if word == "square":
            return make("inner", first, first) if first.sort == VECTOR else make("pow", first, 2)
        gap = self.gaps[first]
        if word == "recip":
            return make("recip", gap)
        op = "inner" if gap.sort == VECTOR else "mul"
        return make(op, rest[0], gap) if word == "times" else gap

    def _over_one_denominator(
        self, left: Sequence[Term], rows: Sequence[tuple[Fraction, Sequence[Term]]], atoms: Atoms
    ) -> tuple[str, str]:
        """left = sum of c times factors, times what makes the 1/x of every nonzero x go away."""
        units = self.units
        terms = [list(left), *(list(factors) for _, factors in rows)]
        given: list[Counter[Term]] = [Counter() for _ in terms]
        while True:
            cleared = [[_cleared(t, units) for t in factors] for factors in terms]
            powers = [
                sum((n for _, n in row), own) for row, own in zip(cleared, given, strict=True)
            ]
            common: Counter[Term] = reduce(or_, powers)
            if all(n == common for n in powers):
                break
            for factors, own, n in zip(terms, given, powers, strict=True):
                own.update(common - n)
                factors += (common - n).elements()  # which may themselves hold another 1/x
        numbers = [[], *([number(c)] if c != 1 else [] for c, _ in rows)]
        sides = [
            applied("*", [*c, *(atoms.polynomial(p) for p, _ in row)], "1.0")
            for c, row in zip(numbers, cleared, strict=True)
        ]
        return sides[0], applied("+", sides[1:], "0.0")

    @property
    def units(self) -> tuple[Term, ...]:
        """What the step knows not to be zero, and divides by."""
        found = (x for i in self.data["nonzero"] for x in nf.unit_atoms(self.gaps[i]))
        return tuple(dict.fromkeys(found))

    def _inverses(self, atoms: Atoms) -> list[str]:
        return [f"(= (* {atoms.term(x)} {atoms.term(make('recip', x))}) 1.0)" for x in self.units]

    def signs(self) -> str:
        """The goal's sign from those of factors, each any number of its sign."""
        names: dict[Any, str] = {}
        facts: list[str] = []

        def name(f: Sequence[Any]) -> str:
            key = (f[0], f[1])
            if key not in names:
                names[key] = f"f{len(names)}"
                strict = f[0] == "recip" or (f[0] == "gap" and self.premises[f[1]].op == "lt")
                facts.append(f"({'>' if strict else '>='} {names[key]} 0.0)")
            return names[key]

        products = [
            applied("*", [number(c), *map(name, factors)], "")
            for c, factors in self.data["products"]
            if not any(f[0] == "times" for f in factors)
        ]
        scale = [name(("gap", i)) for i in self.data["scale"]]
        facts.append(f"(= {applied('*', [*scale, 'goal'], '')} {applied('+', products, '0.0')})")
        facts.append(f"(not ({RELATIONS[self.goal.op]} goal 0.0))")
        declared = [f"(declare-const {n} Real)" for n in [*names.values(), "goal"]]
        return _written(declared, facts)

    def blind(self) -> str:
        atoms = Atoms()
        facts = self._inverses(atoms)
        for op, gap in zip((p.op for p in self.premises), self.gaps, strict=True):
            facts += [f"({RELATIONS[op]} {x} 0.0)" for x in _components(gap, atoms)]
        goal = _components(minus(self.goal[2], self.goal[1]), atoms)
        wrong = [f"(not ({RELATIONS[self.goal.op]} {x} 0.0))" for x in goal]
        squares = [
            f"(>= {n} 0.0)" for a, n in atoms.names.items() if a.op == "inner" and a[1] == a[2]
        ]
        return _script(atoms, [*facts, *squares, applied("or", wrong, "false")])


def _cleared(t: Term, units: Sequence[Term]) -> tuple[nf.Polynomial, Counter[Term]]:
    """t times powers of the units x, such that no 1/x is left in it; and those powers."""
    p, powers = nf.normal(t), Counter[Term]()
    inverse = {make("recip", x): x for x in units}
    while present := [a for m in p for a, _ in m if a in inverse]:
        unit = present[0]
        top = max(dict(m).get(unit, 0) for m in p)
        powers[inverse[unit]] += top
        p = nf.normal(
            make("add", *(_without(m, c, unit, inverse[unit], top) for m, c in p.items()))
        )
    return p, powers


def _without(m: nf.Monomial, c: Fraction, unit: Term, x: Term, top: int) -> Term:
    kept = nf.scalar_term({tuple((a, e) for a, e in m if a != unit): c})
    return make("mul", kept, make("pow", x, top - dict(m).get(unit, 0)))


def _components(gap: Term, atoms: Atoms) -> list[str]:
    if gap.sort == VECTOR:
        return [atoms.term(c) for c in nf.vector(gap).values()]
    return [atoms.term(gap)]


def _script(atoms: Atoms, facts: Sequence[str]) -> str:
    return _written(atoms.declared(), facts)


def _written(declared: Sequence[str], facts: Sequence[str]) -> str:
    lines = ["(set-logic QF_NRA)", *declared, *(f"(assert {fact})" for fact in facts)]
    return "\n".join([*lines, "(check-sat)", ""])
