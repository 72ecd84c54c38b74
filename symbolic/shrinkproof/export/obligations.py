"""What a certificate owes to arithmetic: its steps by the rule ``combine``, about real numbers.

A step by that rule is an identity of polynomials over the signs of its premises.  Whatever no law
of arithmetic takes apart (a value of F, an inner product, an expectation, 1/x where x is not known
to be nonzero) is a real variable here.  So the step becomes: for all real numbers, if the premises
hold, so does the goal; and the multipliers that prove it come along.  Another program can check the
multipliers (``coq``) or find its own proof (``smt``); neither needs to know what an expectation is.

Inner products are multiplied out on the way, and a square <s, s> of a vector becomes a premise
0 <= <s, s>.  In an equation of vectors, the base vectors are variables too: such a step is linear
in them, so that it holds for vectors if and only if it holds for numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from shrinkproof.export.certificate import decode, rational
from shrinkproof.kernel.normal import Polynomial, normal, unit_atoms, vector
from shrinkproof.kernel.term import SCALAR, VECTOR, Term, lift, make, minus

Factor = tuple[Any, ...]
Product = tuple[Fraction, tuple[Factor, ...]]


@dataclass(frozen=True)
class Obligation:
    """For all real x0, x1, ...: if the premises hold, the goal does.

    ``premises`` and ``goal`` are of the forms le, lt and eq, over +, *, ^ and 1/x with x among the
    factors of the gaps that ``nonzero`` lists.  ``products``, ``scale`` and ``nonzero`` are those
    of the rule ``combine``; the factors are gap, recip, square and times, all of them of scalars.
    ``atoms``: what the variables stand for; obligations that differ in it alone are equal.
    """

    premises: tuple[Term, ...]
    goal: Term
    products: tuple[Product, ...]
    scale: tuple[int, ...]
    nonzero: tuple[int, ...]
    atoms: tuple[Term, ...] = field(compare=False)

    def gap(self, i: int) -> Term:
        """What premise i says is not negative, positive or zero."""
        return minus(self.premises[i][2], self.premises[i][1])

    @property
    def units(self) -> tuple[tuple[int, Term], ...]:
        """What is nonzero, as factors of gaps: (premise, factor), each factor once."""
        found: dict[Term, int] = {}
        for i in self.nonzero:
            for x in unit_atoms(self.gap(i)):
                found.setdefault(x, i)
        return tuple((i, x) for x, i in found.items())

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables, one for each atom."""
        return tuple(f"x{i}" for i in range(len(self.atoms)))


def obligations(certificate: Mapping[str, Any]) -> dict[int, Obligation]:
    """The obligations of a certificate, by the number of the step."""
    steps = certificate["steps"]
    conclusions = [decode(s["conclusion"], f"step {n}, conclusion") for n, s in enumerate(steps)]
    return {
        n: obligation(
            conclusions[n],
            [conclusions[p] for p in s["premises"]],
            [_product(row, f"step {n}, products") for row in s["data"]["products"]],
            s["data"]["scale"],
            s["data"]["nonzero"],
        )
        for n, s in enumerate(steps)
        if s["rule"] == "combine"
    }


def _product(row: Any, where: str) -> Product:
    c, factors = row
    read = (tuple(decode(x, where) if isinstance(x, list) else x for x in f) for f in factors)
    return rational(c, where), tuple(read)


def obligation(
    goal: Term,
    premises: Sequence[Term],
    products: Sequence[Product],
    scale: Sequence[int],
    nonzero: Sequence[int],
) -> Obligation:
    """One step by the rule ``combine``, given as that rule is, with its atoms as variables."""
    atoms = _Atoms(x for i in nonzero for x in unit_atoms(minus(premises[i][2], premises[i][1])))
    linear = goal.op == "veq"  # otherwise an equation of vectors enters by inner products
    kept = [i for i, p in enumerate(premises) if linear or p.op != "veq"]
    place = {old: new for new, old in enumerate(kept)}
    found = [atoms.relation(premises[i]) for i in kept]
    rows: list[Product] = []
    for c, factors in products:
        row: list[Factor] = []
        for word, *rest in factors:
            if word == "square" and rest[0].sort == VECTOR:
                row.append(("gap", len(found)))
                found.append(atoms.relation(make("le", lift(0), make("inner", rest[0], rest[0]))))
            elif word == "square":
                row.append((word, atoms.term(rest[0])))
            elif word == "times" and rest[0] not in place:
                left, right = (make("inner", rest[1], x) for x in premises[rest[0]].args)
                row.append((word, len(found), lift(1)))
                found.append(atoms.relation(make("eq", left, right)))
            else:
                row.append((word, place[rest[0]], *(atoms.term(x) for x in rest[1:])))
        rows.append((c, tuple(row)))
    return Obligation(
        tuple(found),
        atoms.relation(goal),
        tuple(rows),
        tuple(place[i] for i in scale),
        tuple(place[i] for i in nonzero),
        tuple(atoms.names),
    )


class _Atoms:
    """Variables for atoms, in the order in which they are met."""

    def __init__(self, units: Iterable[Term]) -> None:
        self.units = frozenset(units)
        self.names: dict[Term, Term] = {}

    def relation(self, p: Term) -> Term:
        return make("eq" if p.op == "veq" else p.op, *(self.term(x) for x in p.args))

    def term(self, t: Term) -> Term:
        """A scalar as it is written, down to its atoms; a vector in its base vectors."""
        if t.sort == VECTOR:
            parts = [(c, self._name(b)) for b, c in vector(t).items()]
            rows = [[x] if c == lift(1) else [self.term(c), x] for c, x in parts]
            return _joined("add", [_joined("mul", row) for row in rows])
        if t.op == "named":
            return self.term(t[2])
        if t.op in ("add", "mul", "pow"):
            return make(t.op, *(self.term(x) if isinstance(x, Term) else x for x in t.args))
        return t if t.op == "rat" else self._polynomial(normal(t))

    def _polynomial(self, p: Polynomial) -> Term:
        rows = [
            [*([] if c == 1 and m else [lift(c)]), *(self._power(a, e) for a, e in m)]
            for m, c in p.items()
        ]
        return _joined("add", [_joined("mul", row) for row in rows])

    def _power(self, a: Term, e: int) -> Term:
        unit = a.op == "recip" and a[1] in self.units
        base = make("recip", self.term(a[1])) if unit else self._name(a)
        return base if e == 1 else make("pow", base, e)

    def _name(self, atom: Term) -> Term:
        new = make("sym", f"x{len(self.names)}", SCALAR, "never")
        return self.names.setdefault(atom, new)


def _joined(op: str, parts: Sequence[Term]) -> Term:
    if not parts:
        return lift(int(op == "mul"))
    return parts[0] if len(parts) == 1 else make(op, *parts)
