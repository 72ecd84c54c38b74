# fmt: off
# ruff: noqa: B905, E401, I001, PTH123  (for Python 3.9, and to keep all of it within 700 lines)
"""Re-check certificates of shrinkproof with nothing but Python's standard library.

    python checker.py FILE.json ...        (Python 3.9 or later; -O and -I change nothing)

A line for each theorem: label, SHA-256 of its file, the hypotheses that it rests on; then a closing
line.  Exit status 0: all hold; 1: one is refused; 2: no file is given.

Written from proofs/certificates/FORMAT.md; shares no code with the kernel.  Equality is decided by
normal forms: a scalar is a polynomial over Q in atoms, a vector a combination of base vectors with
polynomials in front, an atom a number for what no law takes apart; bound variables are de Bruijn's.
"""

import hashlib, json, re, sys
from fractions import Fraction
from functools import reduce
from math import gcd

LEVELS, BYTES, NATURAL, EXPONENT, DIGITS = 64, 4_000_000, 1_000_000, 100, 200
WORK = 1_000_000  # elementary operations on one file: a hundred times what the library needs

class Refused(Exception):
    """A certificate that does not check; the message says where and why."""

def demand(condition, why, value=None):
    if not condition:
        raise Refused(why)
    return value

# -- terms ---------------------------------------------------------------------------------------
# operator, sort, arguments.  Sorts: s scalar, v vector, i index, t stage, p proposition; further
# arguments: n name, # natural number, q rational, b x what is bound, S K T P one of WORDS.
SIGNATURE = """
    rat s q,  sym ? nSK,  at ? nSTi,  num s i,  add s s*,  mul s s*,  pow s s#,  recip s s,
    sqrt s s,  inner s vv,  value s nv,  mean s ts,  sum s bis,  prod s bis,  power s si,
    max s ss,  named s ns,  zero v -,  vadd v v*,  scale v sv,  grad v nv,  oracle v niv,
    vmean v tv,  ix i n#,  stage t iP,  le p ss,  lt p ss,  eq p ss,  veq p vv,  forall p xp
"""
SORT, TAKES, NODES = {}, {}, {}
for row in SIGNATURE.split(","):
    operator, SORT[operator], TAKES[operator] = row.split()
WORDS = {"S": ("scalar", "vector"), "K": ("start", "never"), "P": (0, 1)}
WORDS["T"], BINDERS = ("start", "past", "sample", "next"), ("sum", "prod", "forall")
START = ("", 0, 0)  # the stage at which nothing random is known

class Node:
    """A term; equal ones are one object.  But an index is a tuple (variable, offset), variable ""
    for none, a stage (variable, offset, phase), what is bound (name, kind, sort, known)."""

def node(op, *args):
    """The term, once its arguments are known to be of the right sorts."""
    found = NODES.get((op, *args))
    if found is None:
        found = Node()
        found.op, found.args, found.normal = op, args, None
        found.sort = SORT[op] if SORT[op] != "?" else args[1][0]
        found.free = free(found)  # declarations: (name, kind, sort, known)
        found.names, parts = {d[0] for d in found.free}, [x for x in args if isinstance(x, Node)]
        found.short = set(() if op != "named" else {args}).union(*(x.short for x in parts))
        bound = args[0][0] if op in BINDERS else None
        found.needs = needs(op, args, [x.needs for x in parts], bound)
        NODES[(op, *args)] = found
    return found

def sort(x):
    """The letter of a term's sort; "" for any other argument."""
    return {2: "i", 3: "t", 4: ""}[len(x)] if type(x) is tuple else getattr(x, "sort", "")

def free(x):
    """The declarations of a term's free symbols."""
    own, bound = set(), x.args[0] if x.op in BINDERS else None
    if x.op in ("sym", "at"):
        own = {(x.args[0], x.op, *x.args[1:3])}
    elif x.op in ("value", "grad", "oracle"):
        own = {(x.args[0], "oracle" if x.op == "oracle" else "function", "", "")}
    for y in x.args:
        if sort(y) in ("i", "t") and y[0]:
            own.add((y[0], "index", "", ""))
        if isinstance(y, Node):
            clash = bound and any(d[0] == bound[0] and d != bound for d in y.free)
            demand(not clash, f"{x.op} binds {bound}, which its body uses as something else")
            own |= y.free - {bound}
    return frozenset(own)

def needs(op, args, inside, bound):
    """The stages that together determine a term or atom, given those that its parts need; None
    where no stage is known to.  ``bound``: the variable of a sum or product."""
    if op == "at" and args[2] != "start":
        later, phase = {"past": (0, 0), "sample": (0, 1), "next": (1, 0)}[args[2]]
        return {(args[3][0], args[3][1] + later, phase)}
    if op in ("sym", "at"):
        return None if args[2] == "never" else set()
    if op in ("mean", "vmean"):
        return {args[0]}
    if None in inside:
        return None
    found = set().union(*inside, [(*args[1], 1)] if op == "oracle" else ())
    if op in ("sum", "prod") and any(s[0] == bound for s in found):
        return None
    out = int(op in ("sum", "prod"))  # a binder fewer in between
    return {(s[0] - out if type(s[0]) is int else s[0], *s[1:]) for s in found}

def settled(needed, stage):
    """Whether these stages are all known to come no later than this one."""
    return needed is not None and all(s[0] in ("", stage[0]) and s[1:] <= stage[1:] for s in needed)

def read(data, level=1):
    """A term from nested lists."""
    demand(level <= LEVELS, f"a term is nested deeper than {LEVELS} levels")
    fits = type(data) is list and data and type(data[0]) is str and data[0] in SORT
    demand(fits, "expected a term, a list that starts with an operator")
    op, args, takes = data[0], data[1:], TAKES[data[0]].strip("-")
    takes = takes[0] * len(args) if takes.endswith("*") else takes
    demand(len(args) == len(takes), f"{op} takes {len(takes)} arguments, not {len(args)}")
    found = [argument(kind, x, op, level + 1) for kind, x in zip(takes, args)]
    if op == "stage":
        return (*found[0], found[1])
    return tuple(found) if op == "ix" else node(op, *found)

def argument(kind, x, op, level):
    if kind == "x":
        found = read(x, level)
        variable = x[0] == "sym" or (x[0] == "ix" and found[0] != "" and found[1] == 0)
        demand(variable, f"{op} does not bind a {x[0]}")
        return (found[0], "index", "", "") if x[0] == "ix" else next(iter(found.free))
    if kind in "svitp":
        found = read(x, level)
        return demand(sort(found) == kind, f"{op} does not take a {x[0]}", found)
    if kind in "nb":
        x = x if op == "ix" and x == "" else name(x)
        return (x, "index", "", "") if kind == "b" else x
    if kind == "#":
        return natural(x, EXPONENT if op == "pow" else NATURAL)
    if kind == "q":
        return rational(x)
    fits = any(type(x) is type(word) and x == word for word in WORDS[kind])
    return demand(fits, f"{op} wants one of {WORDS[kind]}", x)

def name(x):
    fits = type(x) is str and 0 < len(x) <= 50 and x.isprintable() and " " not in x
    return demand(fits, "expected a name of at most 50 characters", x)

def natural(x, most):
    return demand(type(x) is int and 0 <= x <= most, f"expected an integer from 0 to {most}", x)

def rational(text):
    """p/q in lowest terms; an integer as an int, which is faster and equal."""
    fits = type(text) is str and len(text) <= DIGITS and re.fullmatch("-?[0-9]+/[0-9]+", text)
    demand(fits, 'expected a rational such as "-3/2"')
    p, q = map(int, text.split("/"))
    demand(q > 0 and gcd(p, q) == 1 and text == f"{p}/{q}", f"{text} is not in lowest terms")
    return p if q == 1 else Fraction(p, q)

def substitute(x, values):
    """Terms for free symbols, all at once; ("of", variable, term, "") for a sequence."""
    if sort(x) in ("i", "t") and x[0] in values:
        variable, offset = values[x[0]]
        return (variable, offset + x[1], *x[2:])
    values = {n: v for n, v in values.items() if n in getattr(x, "names", ())}
    if not values:
        return x
    if x.op == "sym":
        return values[x.args[0]]
    if x.op == "at" and x.args[0] in values:
        _, variable, body, _ = values[x.args[0]]
        return substitute(body, {variable: substitute(x.args[3], values)})
    *others, body = x.args
    others = [substitute(y, values) for y in others]
    if x.op in BINDERS:
        bound = x.args[0][0]
        values = {n: v for n, v in values.items() if n != bound and n in body.names}
        for v in values.values():
            names = v.names if isinstance(v, Node) else {v[0]} if sort(v) else v[2].names - {v[1]}
            demand(bound not in names, f"{bound!r} would be captured")
    return node(x.op, *others, substitute(body, values))

# -- normal forms --------------------------------------------------------------------------------
# polynomial: {monomial: coefficient}, monomial: ((atom, exponent), ...), sorted; vector: {atom:
# polynomial}; no zeros.  A variable is "", a free name, or how many binders are in between.
ATOMS, NEEDS, NUMBER = [], [], {}  # (operator, arguments as normal forms), what it needs; and back
ONE = {(): 1}
work = [0]

def spend(amount):
    work[0] += amount
    demand(work[0] <= WORK, f"checking it takes more than {WORK} operations")

def atom(op, *args):
    key = (op, *map(frozen, args))
    if op in ("inner", "max"):
        key = (op, frozenset(key[1:]))
    if key not in NUMBER:
        NUMBER[key] = len(ATOMS)
        ATOMS.append((op, args))
        inside = [NEEDS[a] for x in args for a in atoms(x)]
        NEEDS.append(needs(op, args, inside, 0))
    return NUMBER[key]

def atoms(x):
    """The atoms in a normal form; none in anything else."""
    found = set()
    for key, value in x.items() if type(x) is dict else ():
        found |= {key, *atoms(value)} if type(key) is int else {a for a, _ in key}
    return found

def frozen(x):
    return frozenset((key, frozen(c)) for key, c in x.items()) if type(x) is dict else x

def single(a):
    return {((a, 1),): 1}

def plus(p, q, factor=1):
    """p + factor q, for polynomials or vectors."""
    total = dict(p)
    spend(len(q))
    for key, c in q.items():
        vector = type(c) is dict
        new = plus(total.get(key, {}), c, factor) if vector else total.get(key, 0) + factor * c
        total[key] = new
        if not new:
            del total[key]
    return total

def times(p, q):
    """The product of two polynomials, or of a polynomial and a vector."""
    if type(next(iter(q), None)) is int:
        found = {base: times(p, c) for base, c in q.items()}
        return {base: c for base, c in found.items() if c}
    spend(len(p) * len(q))
    total = {}
    for m, c in p.items():
        for n, d in q.items():
            key = product(m, n) if m and n else m or n
            total[key] = total.get(key, 0) + c * d
    return {m: c for m, c in total.items() if c}

def product(m, n):
    e, f = dict(m), dict(n)
    return tuple(sorted((a, e.get(a, 0) + f.get(a, 0)) for a in {**e, **f}))

def raised(p, e):
    return reduce(times, [p] * e, ONE)

def inner(u, v):
    total = {}
    for a, c in u.items():
        for b, d in v.items():
            pair = single(atom("inner", {a: ONE}, {b: ONE}))
            total = plus(total, times(times(c, d), pair))
    return total

def reciprocal(p):
    """1/p: of a monomial, factor by factor; otherwise one coefficient of p is made 1 first."""
    demand(p, "1/0")
    first = min(p)
    c = {(): Fraction(1) / p[first]}
    if len(p) > 1:
        return times(c, single(atom("recip", times(c, p))))
    for a, e in first:
        op, args = ATOMS[a]
        c = times(c, raised(args[0] if op == "recip" else single(atom("recip", single(a))), e))
    return c

def mean(stage, p):
    """E[p | stage], of a polynomial or a vector."""
    total = {}
    for base, c in p.items() if type(next(iter(p), None)) is int else [(None, p)]:
        for m, q in c.items():
            known = tuple(x for x in m if settled(NEEDS[x[0]], stage))
            rest = tuple(x for x in m if x not in known)
            found = mean_of(stage, rest) if base is None else vector_mean(stage, rest, base)
            total = plus(total, times({known: q}, found))
    return total

def mean_of(stage, m):
    """E[m | stage] for a monomial none of whose factors the stage determines."""
    spend(10)
    if not m:
        return ONE
    op, args = ATOMS[m[0][0]]
    if op == "inner" and len(m) == 1 and m[0][1] == 1:
        for u, v in (args, args[::-1]):
            if determined(u, stage):
                return inner(u, mean(stage, v))
    for a, e in m:
        others = {tuple(x for x in m if x[0] != a): 1}
        for later, body in conditionals(a) if e == 1 else ():
            if settled({stage}, later) and determined(others, later):
                return mean(stage, times(others, body))
    return single(atom("mean", stage, {m: 1}))

def determined(x, stage):
    return all(settled(NEEDS[a], stage) for a in atoms(x))

def conditionals(a):
    """The ways to read an atom as an expectation: (stage, what is averaged)."""
    op, args = ATOMS[a]
    if op == "mean":
        yield args
    for u, v in (args, args[::-1]) if op == "inner" else ():
        op, inside = ATOMS[next(iter(v))]
        if op == "vmean" and determined(u, inside[0]):
            yield inside[0], inner(u, inside[1])

def vector_mean(stage, m, base):
    """E[m base | stage] for such a monomial and a base vector."""
    spend(10)
    op, args = ATOMS[base]
    if settled(NEEDS[base], stage):
        return times(mean_of(stage, m), {base: ONE})
    if op == "vmean" and settled({stage}, args[0]) and determined({m: 1}, args[0]):
        return mean(stage, times({m: 1}, args[1]))
    return {atom("vmean", stage, {base: {m: 1}}): ONE}

def normal(x, binders=()):
    """The polynomial of a scalar term, the combination of a vector term; names as they are."""
    if type(x) is tuple:
        return (binders[::-1].index(x[0]) if x[0] in binders else x[0], *x[1:])
    if not isinstance(x, Node):
        return x
    if not x.names.isdisjoint(binders):
        return expanded(x, binders)
    if x.normal is None:
        x.normal = expanded(x, ())
    return x.normal

def expanded(x, binders):
    op, args = x.op, x.args
    if op == "rat":
        return {(): args[0]} if args[0] else {}
    if op == "num":
        variable, offset = normal(args[0], binders)
        number = {(): offset} if offset else {}
        return plus(number, single(atom("num", (variable, 0)))) if variable != "" else number
    if op in ("sym", "at"):
        return build(op, [*normal(args[:1], binders), *(normal(y, binders) for y in args[1:])])
    if op in ("sum", "prod"):
        return build(op, [normal(args[1], binders), normal(args[2], (*binders, args[0][0]))])
    return build(op, [normal(y, binders) for y in args])

def build(op, args):
    """What an operator makes of normal forms."""
    if op in ("add", "vadd", "zero"):
        return reduce(plus, args, {})
    if op == "mul":
        return reduce(times, args, ONE)
    if op in BUILT:
        return BUILT[op](*args)
    found = atom(op, *args)
    vector = op in ("grad", "oracle") or args[1:2] == ["vector"]
    return {found: ONE} if vector else single(found)

BUILT = {"pow": raised, "scale": times, "inner": inner, "recip": reciprocal}
BUILT.update({"mean": mean, "vmean": mean, "named": lambda _, x: x})

def proposition(x, binders=()):
    """What two propositions share if they are equal by the laws, and only then."""
    if x.op == "forall":
        bound = x.args[0]
        return (x.op, bound[1:], proposition(x.args[1], (*binders, bound[0])))
    a, b = (normal(y, binders) for y in x.args)
    if x.op in ("eq", "veq"):
        return (x.op, frozenset({frozen(plus(a, b, -1)), frozen(plus(b, a, -1))}))
    return (x.op, frozen(plus(b, a, -1)))

def same(p, q):
    return p is q or proposition(p) == proposition(q)

def units_of(p):
    """The reciprocals that a nonzero p makes inverses: of its factors, or of itself, made monic."""
    if len(p) == 1:
        return [atom("recip", single(a)) for a, _ in next(iter(p))]
    return [a for m in reciprocal(p) for a, _ in m]

def cleared(p, units):
    """p, times powers of the units' arguments until no unit, a reciprocal, is left in it."""
    unit = next((a for a in units if a in atoms(p)), None)
    if unit is None:
        return p
    top, total = max(dict(m).get(unit, 0) for m in p), {}
    for m, c in p.items():
        kept = {tuple(x for x in m if x[0] != unit): c}
        total = plus(total, times(kept, raised(units[unit], top - dict(m).get(unit, 0))))
    return cleared(total, units)

def replaced(x, old, new):
    """A normal form with ``new`` wherever the atom ``old`` stands, inside atoms, too."""
    total = {}
    for key, c in x.items() if type(x) is dict else ():
        value = replaced(c, old, new) if type(key) is int else {(): c}
        for a, e in [(key, 1)] if type(key) is int else key:
            op, args = ATOMS[a]
            inside = new if a == old else build(op, [replaced(y, old, new) for y in args])
            value = times(value, inside if e == 1 else raised(inside, e))
        total = plus(total, value)
    return total if type(x) is dict else x

# -- rules ---------------------------------------------------------------------------------------
# A sequent is (hypotheses, conclusion).  A rule is given the premises, the conclusion claimed and,
# by name, the step's data; it returns hypotheses, and the conclusion that the claim must be.

NOUGHT, UNIT = node("rat", 0), node("rat", 1)

def form(sequent, *ops):
    return demand(sequent[1].op in ops, f"a premise must be {' or '.join(ops)}", sequent[1])

def take(data, sorts):
    """Read the terms of a step's data, each of the sort that its letter says."""
    terms = [read(x) for x in data]
    return demand([sort(x) for x in terms] == list(sorts), "a term is of another sort", terms)

def fits(value, declaration):
    """Whether a term has a symbol's sort and is determined whenever the symbol is."""
    _, kind, wanted, known = declaration
    if kind == "index":
        return sort(value) == "i"
    good = kind == "sym" and sort(value) == wanted[0]
    return good and (known == "never" or settled(value.needs, START))

def assume(premises, goal):
    () = premises
    return frozenset({goal}), goal

def combine(premises, goal, products, scale, nonzero):
    demand(goal.op != "forall", "the conclusion is quantified")
    kinds = [form(s, "le", "lt", "eq", "veq").op for s in premises]
    gaps = [plus(normal(p.args[1]), normal(p.args[0]), -1) for _, p in premises]
    vectors, equation = goal.op == "veq", goal.op in ("eq", "veq")

    def gap(i, *wanted):
        natural(i, len(premises) - 1)
        return demand(kinds[i] in wanted, f"premise {i} is not {' or '.join(wanted)}", gaps[i])

    def factor(word, first, *rest):
        """(its value, whether it is positive, whether it is zero)"""
        demand(len(rest) == (word == "times"), f"{word!r} with more or less than it takes")
        if word == "gap":
            return gap(first, "le", "lt"), kinds[first] == "lt", False
        if word == "recip":
            return reciprocal(gap(first, "lt")), True, False
        if word == "square":
            s = read(first)
            demand(sort(s) in ("s", "v"), "the square of neither a scalar nor a vector")
            return (inner if s.sort == "v" else times)(normal(s), normal(s)), False, False
        demand(word == "times", f"no factor {word!r}")
        zero, kind = gap(first, *(("veq",) if vectors else ("eq", "veq"))), kinds[first]
        (m,) = take(rest, "v" if kind == "veq" and not vectors else "s")
        return (inner if m.sort == "v" else times)(normal(m), zero), False, True

    total, positive = plus(normal(goal.args[1]), normal(goal.args[0]), -1), False
    for i in listed(scale):
        total = times(gap(i, "lt"), total)
    for c, factors in map(listed, listed(products)):
        c, found = rational(c), [factor(*listed(f)) for f in listed(factors)]
        vanishes = any(f[2] for f in found)
        demand(vanishes or (c > 0 and not equation), "a product without the sign that is wanted")
        demand(len(found) == 1 or not vectors, "a product of vectors")
        positive |= all(f[1] for f in found)
        total = plus(total, reduce(times, [f[0] for f in found], {(): c} if c else {}), -1)
    demand(goal.op != "lt" or positive, "no product is positive, and the conclusion is strict")
    units = {a: ATOMS[a][1][0] for i in listed(nonzero) for a in units_of(gap(i, "lt"))}
    for p in total.values() if vectors else [total]:
        demand(not cleared(p, units), "the identity does not hold")
    return frozenset().union(*(s[0] for s in premises)), goal

def expect(premises, goal, given):
    (p,), (given,) = premises, take([given], "t")
    sides = form(p, "le", "eq", "veq").args
    averaged = [node("vmean" if x.sort == "v" else "mean", given, x) for x in sides]
    demand(same(node(p[1].op, *averaged), goal), "the conclusion is not that expectation")
    return p[0], goal

def specialise(premises, goal, values):
    ((hypotheses, conclusion),) = premises
    for value in map(read, listed(values)):
        demand(conclusion.op == "forall", "more values than quantifiers")
        bound, body = conclusion.args
        demand(fits(value, bound), f"the value does not fit {bound}")
        conclusion = substitute(body, {bound[0]: value})
    return hypotheses, conclusion

def generalise(premises, goal, variables):
    ((hypotheses, conclusion),) = premises
    for x in reversed(listed(variables)):
        bound = argument("x", x, "forall", 1)
        conclusion = node("forall", bound, conclusion)
        demand(all(bound[0] not in h.names for h in hypotheses), f"a hypothesis mentions {bound}")
    return hypotheses, conclusion

def instantiate(premises, goal, values):
    ((hypotheses, conclusion),) = premises
    symbols = {d[0]: d for p in (conclusion, *hypotheses) for d in p.free}
    found = {}
    for symbol, value in values.items():
        demand(symbol in symbols, f"no symbol {symbol!r} occurs")
        _, kind, wanted, known = symbols[symbol]
        if kind == "at":
            keys(value, "body variable")
            variable, body = name(value["variable"]), take([value["body"]], wanted[0])[0]
            limit = {"past": (0, 0), "sample": (0, 1), "next": (1, 0)}.get(known)
            good = settled(body.needs, (variable, *limit) if limit else START)
            clash = {(variable, "sym"), (variable, "at")} & {d[:2] for d in body.free}
            demand(not clash, f"{variable!r} is not an index in the body")
            found[symbol] = ("of", variable, body, "")
        else:
            found[symbol] = read(value)
            good = fits(found[symbol], symbols[symbol])
        demand(good, f"what is put for {symbol!r} does not fit it")
    return frozenset(substitute(h, found) for h in hypotheses), substitute(conclusion, found)

def induct(premises, goal):
    (base, first), (step, following) = premises
    demand(goal.op == "forall" and goal.args[0][1] == "index", "it is not for every index")
    (k, *_), body = goal.args
    others = step - {body}
    demand(all(k not in h.names for h in others), f"a hypothesis of the step mentions {k!r}")
    demand(same(first, substitute(body, {k: ("", 0)})), "the base is not that of the claim")
    demand(same(following, substitute(body, {k: (k, 1)})), "the step is not that of the claim")
    return base | others, goal

def unfold(premises, goal, term, side):
    (), (x,) = premises, take([term], "s")
    natural(side, int(x.op == "max"))
    if x.op in ("num", "sqrt", "max"):
        return frozenset(), node("le", x.args[side] if x.op == "max" else NOUGHT, x)
    demand(x.op in ("sum", "prod", "power"), f"{x.op} has no defining fact")
    first, (variable, length), *rest = x.args
    if (variable, length) == ("", 0):
        return frozenset(), node("eq", x, NOUGHT if x.op == "sum" else UNIT)
    demand(length > 0, "there may be no last step to split off")
    last = (variable, length - 1)
    tail = first if x.op == "power" else substitute(rest[0], {first[0]: last})
    whole = node("add" if x.op == "sum" else "mul", node(x.op, first, last, *rest), tail)
    return frozenset(), node("eq", x, whole)

def root(premises, goal):
    ((hypotheses, p),) = premises
    demand(p.op in ("le", "lt") and p.args[0] is NOUGHT, "the premise is not of the form 0 <= x")
    return hypotheses, node("eq", node("pow", node("sqrt", p.args[1]), 2), p.args[1])

def integrate(premises, goal, t, x, d, function):
    (p,), (t, x, d) = premises, take([t, x, d], "svv")
    demand(t.op == "sym" and t.args[2] == "start", "the variable is not a deterministic symbol")
    hypotheses = p[0] - {node("lt", NOUGHT, t), node("lt", t, UNIT)}
    clear = all(t.args[0] not in y.names for y in (x, d, *hypotheses))
    demand(clear, "the variable occurs outside the integrand")
    slope, bound = map(normal, form(p, "le").args)
    point, step, variable = normal(x), normal(d), normal(t)
    gradient = build("grad", [name(function), plus(point, times(variable, step))])
    demand(slope == inner(gradient, step), "it is not the slope of F along that segment")
    total, ((moving, _),) = {}, next(iter(variable))
    for m, c in bound.items():
        rest = tuple(a for a in m if a[0] != moving)
        clear = replaced({rest: 1}, moving, {}) == {rest: 1}
        demand(clear, "the bound is not a polynomial in the variable")
        total = plus(total, {rest: Fraction(c) / (dict(m).get(moving, 0) + 1)})
    rise = [build("value", [function, y]) for y in (plus(point, step), point)]
    claimed = (goal.op, frozen(plus(total, plus(*rise, -1), -1)))
    demand(claimed == ("le", *proposition(goal)[1:]), "the conclusion is not that integral")
    return hypotheses, goal

def rewrite(premises, goal):
    p, e = premises
    left, right = map(normal, form(e, "eq", "veq").args)
    old = next(iter(atoms(left)), -1)
    demand(left in ({old: ONE}, single(old)), "the left side of the equation is not an atom")
    demand(goal.op == form(p, "le", "lt", "eq", "veq").op, "the conclusion has another form")
    sides = [replaced(normal(x), old, right) for x in (*p[1].args, *goal.args)]
    gap, claimed = plus(sides[1], sides[0], -1), plus(sides[3], sides[2], -1)
    turned = goal.op in ("eq", "veq") and not plus(gap, claimed)
    demand(gap == claimed or turned, "they still differ after the replacement")
    return p[0] | e[0], goal

def cut(premises, goal):
    (proved, lemma), (hypotheses, conclusion) = premises
    used = {h for h in hypotheses if same(h, lemma)}
    demand(used, "the first premise proves no hypothesis of the second")
    return proved | (hypotheses - used), conclusion

def cases(premises, goal, a, b):
    ((less, p), (more, q)), (a, b) = premises, take([a, b], "ss")
    demand(settled(a.needs, START) and settled(b.needs, START), "a side is not deterministic")
    demand(same(p, q), "the two cases prove different things")
    return (less - {node("lt", a, b)}) | (more - {node("le", b, a)}), p

RULES = [assume, combine, expect, specialise, generalise, instantiate, induct, unfold, root]
RULES = {rule.__name__: rule for rule in (*RULES, integrate, rewrite, cut, cases)}

# -- certificates --------------------------------------------------------------------------------

KEYS = {"conclusions": "prop step", "hypotheses": "name prop words"}
KEYS.update({"steps": "conclusion data premises rule", "symbols": "kind known name sort"})
ID, LABEL, NAME = "[a-z0-9]+(-[a-z0-9]+)*", "[A-Z][A-Za-z0-9]*", "[A-Za-z][A-Za-z0-9_]*"

def keys(x, wanted):
    demand(type(x) is dict and sorted(x) == sorted(wanted.split()), f"expected keys {wanted}")

def text(x, pattern=".*"):
    good = type(x) is str and 0 < len(x) <= 500 and x.isprintable() and re.fullmatch(pattern, x)
    return demand(good, f"expected a line of text of the form {pattern}", x)

def listed(x):
    return demand(type(x) is list, "expected a list", x)

def compact(x):
    return json.dumps(x, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

def written(data):
    """The bytes of a certificate: sorted by key, of its lists a row a line."""
    rows = {key: compact(value) for key, value in sorted(data.items())}
    for key in KEYS.keys() & rows.keys():
        rows[key] = "[\n" + ",\n".join("  " + compact(x) for x in data[key]) + "\n ]"
    return ("{\n" + ",\n".join(f' "{key}": {row}' for key, row in rows.items()) + "\n}\n").encode()

def load(raw):
    """The JSON data of a certificate; all is looked at but the terms and what they prove."""
    demand(len(raw) <= BYTES, f"larger than {BYTES} bytes")
    try:
        data = json.loads(raw.decode())  # a key twice, or a float, is not in form: see below
        kind, form = compact([data.get("format"), data.get("version")]), written(data)
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        raise Refused(f"not a certificate: {error}") from None
    keys(data, " ".join(KEYS) + " format id label title version")
    demand(kind == '["shrinkproof-certificate",1]', f"not of version 1, but {kind[:60]}")
    text(data["title"]), text(data["id"], ID), text(data["label"], LABEL)
    for part in KEYS:
        for row in listed(data[part]):
            keys(row, KEYS[part])
    names = [text(h["name"], NAME) for h in data["hypotheses"] if text(h["words"])]
    demand(len(names) == len(set(names)), "two hypotheses have one name")
    demand(form == raw, "not written in the one form that FORMAT.md fixes")
    return data

def checked(step, premises):
    """The sequent of a step."""
    rule, data, (goal,) = step["rule"], step["data"], take([step["conclusion"]], "p")
    demand(type(rule) is str and rule in RULES, f"no rule {rule!r}")
    code = RULES[rule].__code__
    keys(data, " ".join(code.co_varnames[2 : code.co_argcount]))
    hypotheses, conclusion = RULES[rule](premises, goal, **data)
    demand(conclusion is goal, f"{rule} does not conclude what is claimed")
    symbols = frozenset().union(*(p.free for p in (goal, *hypotheses)))
    demand(len({d[0] for d in symbols}) == len(symbols), "a symbol is declared in two ways")
    return hypotheses, goal

def check(data, known=None):
    """Refuse a certificate, as ``load`` returns it, unless it proves what it declares; ``known``
    remembers the steps of one certificate for the next."""
    work[0], place, known = 0, "statement", {} if known is None else known
    try:
        hypotheses = take([h["prop"] for h in data["hypotheses"]], "p" * len(data["hypotheses"]))
        goals = take([c["prop"] for c in data["conclusions"]], "p" * len(data["conclusions"]))
        symbols = sorted(frozenset().union(*(p.free for p in (*hypotheses, *goals))))
        rows = [dict(zip(("name", "kind", "sort", "known"), d)) for d in symbols]
        demand(compact(rows) == compact(data["symbols"]), "the symbols are not those declared")
        short = set().union(*(p.short for p in (*hypotheses, *goals)))
        names = [d[0] for d in (*symbols, *short)]
        demand(len(names) == len(set(names)), "a symbol or abbreviation has two meanings")
        sequents, used = [], set()
        for i, step in enumerate(data["steps"]):
            place = f"step {i}"
            premises = [sequents[natural(n, i - 1)] for n in listed(step["premises"])]
            used.update(step["premises"])
            seen = compact([step["rule"], step["conclusion"], step["data"]]), *premises
            if seen not in known:
                known[seen] = checked(step, premises)
            sequents.append(known[seen])
        place, rests_on = "conclusions", set()
        for c, goal in zip(data["conclusions"], goals):
            found = sequents[natural(c["step"], len(sequents) - 1)]
            demand(same(found[1], goal), f"step {c['step']} does not prove what is declared")
            rests_on |= found[0]
            used.add(c["step"])
        demand(goals and len(used) == len(sequents), "nothing is concluded, or a step is not used")
        exact = len(set(hypotheses)) == len(hypotheses) and rests_on == set(hypotheses)
        demand(exact, "it does not rest on exactly the hypotheses that it lists, each once")
    except Refused as error:
        raise Refused(f"{place}: {error}") from None
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
        raise Refused(f"{place}: malformed: {error}") from None

def main(paths):
    good, known = 0, {}
    for path in paths:
        try:
            with open(path, "rb") as file:
                raw = file.read(BYTES + 1)
            data = load(raw)
            check(data, known)
            good, names = good + 1, ", ".join(h["name"] for h in data["hypotheses"]) or "nothing"
            print(f"{data['label']}  {hashlib.sha256(raw).hexdigest()}  rests on {names}")
        except (Refused, OSError) as error:
            print(f"REFUSED  {path}: {error}")
    print(f"{good} of {len(paths)} certificates check")
    return 2 if not paths else int(good < len(paths))

if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
