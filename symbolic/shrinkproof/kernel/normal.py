# ruff: noqa: I001  (imports in as few lines as they need: the kernel is counted)
"""Normal forms: when two terms are equal by the laws of the language alone.

The laws are those of a commutative ring over Q (by SymPy's sparse polynomials: expansion, nothing
else), bilinearity and symmetry of the inner product, 1/(xy) = (1/x)(1/y), and those of conditional
expectation: linearity, E[c X | s] = c E[X | s] where s determines c, <u, E[v | s]> = E[<u, v> | s]
where s determines u, and the tower rule.  What a stage determines is read off the declarations.

``normal(t)`` is a polynomial in atoms, as a mapping from monomials to rationals.  An atom is a
term that no law takes apart further.  x * (1/x) is *not* 1 here; see ``is_zero``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, reduce
from itertools import count, product
from operator import add, mul
from types import MappingProxyType

from sympy import QQ
from sympy.polys.rings import PolyRing

from shrinkproof.kernel.term import SCALAR, VECTOR, Term, TermError, lift, make, minus, remembered
from shrinkproof.kernel.term import substitute, subterms

Monomial = tuple[tuple[Term, int], ...]
Polynomial = Mapping[Monomial, Fraction]

START = make("stage", make("ix", "", 0), 0)


def before(a: Term, b: Term) -> bool:
    """Whether stage a is known to come no later than stage b, for every value of the indices."""
    (_, i, phase), (_, j, later) = a, b
    return i[1] in ("", j[1]) and (i[2], phase) <= (j[2], later)


@remembered
def needs(t: Term) -> frozenset[Term] | None:
    """Stages that together determine t; None where no stage is known to."""
    op = t[0]
    if op == "sym":
        return frozenset() if t[3] == "start" else None
    if op == "at":
        i = t[4]
        if t[3] == "next":
            i = make("ix", i[1], i[2] + 1)
        stage = make("stage", i, int(t[3] == "sample"))
        return frozenset() if t[3] == "start" else frozenset({stage})
    if op in ("mean", "vmean"):
        return frozenset({t[1]})
    found = {make("stage", t[2], 1)} if op == "oracle" else set()
    for x in t.args:
        if isinstance(x, Term) and x.sort in (SCALAR, VECTOR):
            inner = needs(x)
            if inner is None:
                return None
            found |= inner
    if op in ("sum", "prod") and any(s[1][1] == t[1] for s in found):
        return None  # the last element would be needed, and its index is not a stage's
    return frozenset(found)


def determined(t: Term, stage: Term) -> bool:
    found = needs(t)
    return found is not None and all(before(s, stage) for s in found)


@cache
def _ring(size: int) -> PolyRing:
    return PolyRing([f"x{i}" for i in range(size)], QQ)


key = remembered(repr)  # a total order on terms that no hash seed changes


def _leaves(t: Term) -> set[Term]:
    if t[0] in ("add", "mul", "pow"):
        return set().union(*(_leaves(x) for x in t.args if isinstance(x, Term)))
    return set() if t[0] == "rat" else {t}


def _expand(t: Term) -> Polynomial:
    """Multiply out a term over +, *, ^ and atoms."""
    atoms = sorted(_leaves(t), key=key)
    ring = _ring(len(atoms))
    generators = dict(zip(atoms, ring.gens, strict=True))

    def value(x: Term):  # type: ignore[no-untyped-def]  # a SymPy PolyElement
        if x[0] == "rat":
            return ring.ground_new(QQ(x[1], x[2]))
        if x[0] == "pow":
            return value(x[1]) ** x[2] if x[2] else ring.one
        if x[0] not in ("add", "mul"):
            return generators[x]
        parts = [value(y) for y in x.args] or [ring.zero if x[0] == "add" else ring.one]
        return reduce(add if x[0] == "add" else mul, parts)

    rows = value(t).terms()
    named = ((tuple((atoms[i], e) for i, e in enumerate(es) if e), c) for es, c in rows)
    return {m: Fraction(int(c.numerator), int(c.denominator)) for m, c in named}


@remembered
def normal(t: Term) -> Polynomial:
    """The normal form of a scalar term."""
    return MappingProxyType(_expand(_flatten(t)))  # shared, hence read-only


def scalar_term(p: Polynomial) -> Term:
    """A polynomial written back as a term, monomials in a fixed order."""
    rows = sorted(p.items(), key=lambda row: [(key(a), e) for a, e in row[0]])
    parts = [([] if c == 1 else [lift(c)]) + [_power(a, e) for a, e in m] for m, c in rows]
    return _joined("add", lift(0), [_joined("mul", lift(1), factors) for factors in parts])


def _joined(op: str, empty: Term, parts: Sequence[Term]) -> Term:
    return parts[0] if len(parts) == 1 else make(op, *parts) if parts else empty


def _power(a: Term, e: int) -> Term:
    return a if e == 1 else make("pow", a, e)


def vector(t: Term) -> dict[Term, Term]:
    """A vector term as base vector -> coefficient (in canonical form, none zero)."""
    total: dict[Term, Term] = {}
    for base, c in _components(t):
        total[base] = make("add", total[base], c) if base in total else c
    found = {base: canonical(total[base]) for base in sorted(total, key=key)}
    return {base: c for base, c in found.items() if c != lift(0)}


def _components(t: Term) -> Iterable[tuple[Term, Term]]:
    op = t[0]
    if op == "vadd":
        for x in t.args:
            yield from _components(x)
    elif op == "scale":
        for base, c in _components(t[2]):
            yield base, make("mul", t[1], c)
    elif op == "vmean":
        for base, c in vector(t[2]).items():
            for m, q in normal(c).items():
                yield from _vector_mean(t[1], base, m, q)
    elif op in ("grad", "oracle"):
        yield make(*t[:-1], canonical(t[-1])), lift(1)
    elif op != "zero":
        yield t, lift(1)


def _split(m: Monomial, stage: Term) -> tuple[Term, Monomial]:
    """The part of a monomial that the stage determines, as a term, and the rest."""
    out = [_power(a, e) for a, e in m if determined(a, stage)]
    return make("mul", *out), tuple((a, e) for a, e in m if not determined(a, stage))


def _known(m: Monomial, stage: Term) -> bool:
    return all(determined(a, stage) for a, _ in m)


def _vector_mean(stage: Term, base: Term, m: Monomial, q: Fraction) -> Iterable[tuple[Term, Term]]:
    """The components of E[q m base | stage] for a monomial m and a base vector."""
    pulled, rest = _split(m, stage)
    pulled = make("mul", lift(q), pulled)
    if determined(base, stage):
        yield base, make("mul", pulled, make("mean", stage, _product(rest)))
    elif base[0] == "vmean" and before(stage, base[1]) and _known(rest, base[1]):
        tower = make("vmean", stage, make("scale", _product(rest), base[2]))
        yield from ((b, make("mul", pulled, c)) for b, c in _components(tower))
    else:
        yield make("vmean", stage, make("scale", _product(rest), base) if rest else base), pulled


def _product(m: Monomial) -> Term:
    return scalar_term({m: Fraction(1)})


@remembered
def canonical(t: Term) -> Term:
    """The term of t's sort that every term equal to it by the laws shares."""
    if t.sort == SCALAR:
        return scalar_term(normal(t))
    parts = [b if c == lift(1) else make("scale", c, b) for b, c in vector(t).items()]
    return _joined("vadd", make("zero"), parts)


@remembered
def _flatten(t: Term) -> Term:
    """A scalar term over +, *, ^ and atoms that equals t by the laws."""
    op = t[0]
    if op in ("rat", "sym", "at"):
        return t
    if op in ("add", "mul"):
        return make(op, *(_flatten(x) for x in t.args))
    if op == "pow":
        return make("pow", _flatten(t[1]), t[2])
    if op == "named":
        return _flatten(t[2])
    if op == "num":
        variable = [make("num", make("ix", t[1][1], 0))] if t[1][1] else []
        return make("add", lift(t[1][2]), *variable)
    if op == "inner":
        pairs = product(vector(t[1]).items(), vector(t[2]).items())
        rows = ((c, d, make("inner", *sorted((u, v), key=key))) for (u, c), (v, d) in pairs)
        return make("add", *(make("mul", *row) for row in rows))
    if op == "value":
        return make("value", t[1], canonical(t[2]))
    if op in ("power", "sqrt"):
        return make(op, canonical(t[1]), *t[2:])
    if op == "max":
        return make("max", *sorted((canonical(t[1]), canonical(t[2])), key=key))
    if op == "recip":
        return _reciprocal(normal(t[1]))
    if op == "mean":
        parts = (make("mul", lift(q), _mean(t[1], m)) for m, q in normal(t[2]).items())
        return make("add", *parts)
    if op in ("sum", "prod"):
        name = _fresh("#", canonical(t[3]), t[1])
        body = substitute(t[3], {t[1]: make("ix", name, 0)})
        return make(op, name, t[2], canonical(body))
    raise TermError(f"{op} is not a scalar")


def _fresh(mark: str, body: Term, old: str) -> str:
    """A name for a bound variable, the same whatever it was called before."""
    taken = {s for x in subterms(body) for s in x.args if type(s) is str} - {old}
    return next(name for i in count() if (name := f"{mark}{i}") not in taken)


def _reciprocal(p: Polynomial) -> Term:
    """1/p; of a monomial, the product of the atoms' reciprocals; otherwise p made monic."""
    if len(p) == 1:
        ((m, c),) = p.items()
        atoms = [(a[1] if a[0] == "recip" else make("recip", a), e) for a, e in m]
        return make("mul", lift(1 / c), *(_power(a, e) for a, e in atoms))
    if not p:
        raise TermError("1/0")
    lead = p[min(p, key=lambda m: [(key(a), e) for a, e in m])]
    monic = scalar_term({m: c / lead for m, c in p.items()})
    return make("mul", lift(1 / lead), make("recip", monic))


def _mean(stage: Term, m: Monomial) -> Term:
    """E[m | stage] for a monomial m: pull out what is determined, then the tower rule."""
    pulled, rest = _split(m, stage)
    if not rest:
        return pulled
    if len(rest) == 1 and rest[0][0][0] == "inner" and rest[0][1] == 1:
        for u, v in _both_ways(rest[0][0]):
            if determined(u, stage):
                within = make("inner", u, make("vmean", stage, v))
                return make("mul", pulled, _flatten(within))
    for i, (a, e) in enumerate(rest):
        others = rest[:i] + rest[i + 1 :]
        for t, inside in _conditionals(a) if e == 1 else ():
            if before(stage, t) and _known(others, t):
                within = make("mean", stage, make("mul", _product(others), inside))
                return make("mul", pulled, _flatten(within))
    return make("mul", pulled, make("mean", stage, _product(rest)))


def _both_ways(inner: Term) -> tuple[tuple[Term, Term], ...]:
    return (inner[1], inner[2]), (inner[2], inner[1])


def _conditionals(a: Term) -> Iterable[tuple[Term, Term]]:
    """The ways to read an atom as a conditional expectation: (stage, body)."""
    if a[0] == "mean":
        yield a[1], a[2]
    if a[0] == "inner":
        for u, v in _both_ways(a):
            if v[0] == "vmean" and determined(u, v[1]):
                yield v[1], make("inner", u, v[2])


def cleared(t: Term, nonzero: Iterable[Term] = ()) -> Polynomial:
    """The normal form of t, multiplied by powers of the listed x until no 1/x is left in it."""
    p = normal(t)
    units = {make("recip", a) for x in nonzero for a in unit_atoms(x)}
    while present := sorted({a for m in p for a, _ in m if a in units}, key=key):
        unit = present[0]
        top = max(dict(m).get(unit, 0) for m in p)
        rows = [
            make("mul", kept, make("pow", unit[1], top - dict(m).get(unit, 0)))
            for m, c in p.items()
            for kept in [scalar_term({tuple((a, e) for a, e in m if a != unit): c})]
        ]
        p = _expand(make("add", *rows))
    return p


def is_zero(t: Term, nonzero: Iterable[Term] = ()) -> bool:
    """Whether a scalar term is 0 by the laws and by x * (1/x) = 1 for the listed x."""
    return not cleared(t, nonzero)


def unit_atoms(x: Term) -> Iterable[Term]:
    """Atoms that are nonzero because x is; x itself, made monic, when it is no monomial."""
    p = normal(x)
    if len(p) == 1:
        return [a for a, _ in next(iter(p))]
    return [a[1] for a, _ in next(iter(normal(make("recip", x)))) if a[0] == "recip"]


@remembered
def canonical_prop(p: Term) -> Term:
    """The canonical form of a proposition: one side moved over, bound variables renamed."""
    if p[0] == "forall":
        variable, body = p[1], canonical_prop(p[2])
        new = make(variable[0], _fresh("@", body, variable[1]), *variable[2:])
        return make("forall", new, canonical_prop(substitute(p[2], {variable[1]: new})))
    least = canonical(minus(p[2], p[1]))
    if p[0] in ("eq", "veq"):
        least = min(least, canonical(minus(p[1], p[2])), key=key)
    return make(p[0], make("zero") if p[0] == "veq" else lift(0), least)


def same(p: Term, q: Term) -> bool:
    """Whether two propositions are equal by the laws, up to the names of bound variables."""
    return p == q or canonical_prop(p) == canonical_prop(q)
