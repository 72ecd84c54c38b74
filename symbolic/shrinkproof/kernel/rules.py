# ruff: noqa: I001  (imports in as few lines as they need: the kernel is counted)
"""The inference rules: the only code that makes a Theorem.

    class Theorem                                   hypotheses |- conclusion, and how it was made
    assume      (prop)                              {P} |- P
    combine     (goal, premises, products, ...)     the certificate rule, an identity over Q
    expect      (theorem, given)                    a <= b  gives  E[a | given] <= E[b | given]
    specialise  (theorem, values)                   forall-elimination, outermost variables
    generalise  (theorem, *variables)               forall-introduction
    instantiate (theorem, values)                   a term for a free symbol, hypotheses included
    induct      (base, step, goal)                  P(0), P(k) => P(k+1)  gives  forall k. P(k)
    unfold      (term)                              defining facts of sums, products, powers, max, N
    root        (theorem)                           0 <= x  gives  sqrt(x)^2 = x
    integrate   (theorem, t, x, d)                  a bound on the slope of F along a segment
    rewrite     (theorem, equation, goal)           equals for equals
    cut         (lemma, theorem)                    a proved theorem for a hypothesis
    cases       (less, greater)                     a < b or b <= a, for deterministic a, b
    assumptions (theorem)                           exactly the hypotheses that its proof used

A theorem is read on a finite probability space: "if every hypothesis holds at every outcome, so
does the conclusion" (outcomes of probability zero left out).  Every rule checks all that it needs
and trusts no caller.  Where a premise does not fit it raises ProofError, whose message starts with
the name of the rule that refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import wraps
from typing import Any, NoReturn, ParamSpec
from weakref import WeakKeyDictionary

from shrinkproof.kernel import normal as nf
from shrinkproof.kernel.term import PROP, SCALAR, VECTOR, Term, bound, check, free, free_names
from shrinkproof.kernel.term import lift, make, minus, substitute

__all__ = ["ProofError", "Step", "Theorem", "assume", "assumptions", "cases", "combine", "cut"]
__all__ += ["expect", "generalise", "induct", "instantiate", "integrate", "rewrite", "root"]
__all__ += ["specialise", "unfold"]


class ProofError(Exception):
    """A step that its rule does not allow."""


@dataclass(frozen=True)
class Step:
    """How a theorem was made: the rule, its premises, and the rest of what the rule was given."""

    rule: str
    premises: tuple[Theorem, ...]
    data: tuple[tuple[str, Any], ...]


class Theorem:
    """Hypotheses |- conclusion.  Only the rules of this module make one.

    The object holds nothing: what it proves lies in a table that only this module's rules write,
    so that no attribute of it can be changed, and a look-alike proves nothing.
    """

    __slots__ = ("__weakref__",)

    def __new__(cls, *_: object, **__: object) -> NoReturn:
        raise TypeError("a Theorem is made by the rules of shrinkproof.kernel alone")

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Theorem cannot be subclassed")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Theorem does not pickle; export a certificate and have it checked")

    @property
    def hypotheses(self) -> frozenset[Term]:
        return _read(self)[0]

    @property
    def conclusion(self) -> Term:
        return _read(self)[1]

    @property
    def step(self) -> Step:
        return _read(self)[2]

    def __repr__(self) -> str:
        from shrinkproof.export.text import sequent

        return sequent(self)

    def _repr_latex_(self) -> str:
        from shrinkproof.export.latex import display

        return display(self.conclusion)


Record = tuple[frozenset[Term], Term, Step]


def _table() -> tuple[Callable[..., Theorem], Callable[[Any], Record]]:
    proved: WeakKeyDictionary[Theorem, Record] = WeakKeyDictionary()

    def mint(hyps: Any, conclusion: Term, rule: str, *premises: Theorem, **data: Any) -> Theorem:
        record = frozenset(hyps), check(conclusion), Step(rule, premises, tuple(data.items()))
        declared: dict[str, tuple[str, ...]] = {}
        for declaration in frozenset().union(free(conclusion), *map(free, record[0])):
            if declared.setdefault(declaration[0], declaration) != declaration:
                raise ProofError(f"{declaration[0]!r} is declared in two ways")
        theorem: Theorem = object.__new__(Theorem)  # type: ignore[arg-type]
        proved[theorem] = record
        return theorem

    def read(theorem: Any) -> Record:
        if type(theorem) is not Theorem or theorem not in proved:
            raise ProofError("not a theorem of this kernel")
        return proved[theorem]

    return mint, read


_mint, _read = _table()


def _refuse(why: str) -> NoReturn:
    raise ProofError(why)


P = ParamSpec("P")


def _rule(rule: Callable[P, Theorem]) -> Callable[P, Theorem]:
    """Refusals name the rule, and malformed input of any kind is one."""

    @wraps(rule)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Theorem:
        try:
            return rule(*args, **kwargs)
        except Exception as error:  # whatever went wrong, nothing is proved
            raise ProofError(f"{rule.__name__}: {error}") from error

    return guarded


def _given(term: Any, sort: str) -> Term:
    """A term that a caller handed over, checked through and through."""
    if check(term).sort != sort:
        _refuse(f"wanted a {sort}, got a {term.sort}")
    return term  # type: ignore[no-any-return]


def _plain(theorem: Theorem, *ops: str) -> Term:
    """The conclusion of a premise, which must be of one of these forms."""
    conclusion = _read(theorem)[1]
    if conclusion.op not in ops:
        _refuse(f"wanted a premise of the form {'/'.join(ops)}, got {conclusion.op}")
    return conclusion


def _fraction(c: Any) -> Fraction:
    return Fraction(c) if type(c) in (int, Fraction) else _refuse("inexact coefficient")


def assumptions(theorem: Theorem) -> tuple[Term, ...]:
    """Exactly the hypotheses that the proof used, in a fixed order."""
    return tuple(sorted(_read(theorem)[0], key=nf.key))


@_rule
def assume(prop: Term) -> Theorem:
    """A named hypothesis.

            ------- assume
            P |- P

    Sound: the conclusion is among the hypotheses.
    **Fails when** P is not a well-formed proposition.
    """
    prop = _given(prop, PROP)
    return _mint({prop}, prop, "assume")


@_rule
def combine(
    goal: Term,
    premises: Sequence[Theorem] = (),
    products: Sequence[tuple[Fraction | int, Sequence[tuple[Any, ...]]]] = (),
    scale: Sequence[int] = (),
    nonzero: Sequence[int] = (),
) -> Theorem:
    """The certificate rule: every inequality is a nonnegative combination of known ones.

        G_i |- l_i <= r_i  (or <, =)       D (rhs - lhs) = sum_j c_j prod_i f_ji
        ---------------------------------------------------------------------- combine
                          union of G_i |- lhs <= rhs  (or <, =)

    Each c_j is a positive rational (any rational where the goal is an equation) and each factor is
      ("gap", i)        r_i - l_i of premise i, an inequality;
      ("recip", i)      1/(r_i - l_i) of premise i, a strict one;
      ("square", s)     s^2 of a scalar term, <s, s> of a vector term;
      ("times", i, m)   m (r_i - l_i) of premise i, an equation: m any scalar; for an equation of
                        vectors, <m, r_i - l_i> with m any vector (for a vector goal, any scalar m).
    D is the product of the gaps of the strict premises listed in ``scale`` (1 if none).  The
    identity may use x (1/x) = 1 for the gaps x of the strict premises listed in ``nonzero``.
    Sound: D > 0 and the right side is a sum of products of nonnegative numbers (ordered field;
    Positivstellensatz); a strict goal needs one product all of whose factors are positive.
    **Fails when** the identity does not hold, a coefficient is not positive, a factor's sign is not
    established by a premise, or a product of a goal "=" has no factor "times".
    """
    # What can be read only once, or differently the next time, is read here and never again.
    premises, scale, nonzero = tuple(premises), tuple(scale), tuple(nonzero)
    rows = tuple((_fraction(c), tuple(map(tuple, factors))) for c, factors in products)
    goal = _given(goal, PROP)
    if goal.op == "forall":
        _refuse("the goal is quantified; prove an instance and generalise")
    if any(type(f[0]) is not str or type(f[1]) not in (int, Term) for _, r in rows for f in r):
        _refuse("a factor is a word and a premise's number, or a word and a term")
    known = [_plain(t, "le", "lt", "eq", "veq") for t in premises]
    gap, kind = [minus(p[2], p[1]) for p in known], [p.op for p in known]

    def strict(i: int) -> Term:
        if kind[i] != "lt":
            _refuse(f"premise {i} is used as positive but is not strict")
        return gap[i]

    def factor(f: Sequence[Any]) -> tuple[Term, str]:
        """The factor as a term, and its sign: "+" positive, "0" nonnegative, "=" zero."""
        if f[0] == "gap" and kind[f[1]] in ("le", "lt"):
            return gap[f[1]], "+" if kind[f[1]] == "lt" else "0"
        if f[0] == "recip":
            return make("recip", strict(f[1])), "+"
        if f[0] == "square":
            s = check(f[1])
            return (make("inner", s, s) if s.sort == VECTOR else make("pow", s, 2)), "0"
        if f[0] == "times" and kind[f[1]] == "eq":
            return make("mul", _given(f[2], SCALAR), gap[f[1]]), "="
        if f[0] == "times" and kind[f[1]] == "veq" and goal.op != "veq":
            return make("inner", _given(f[2], VECTOR), gap[f[1]]), "="
        if f[0] == "times" and kind[f[1]] == "veq":
            return make("scale", _given(f[2], SCALAR), gap[f[1]]), "="
        return _refuse(f"factor {f[0]!r} does not fit its premise")

    times = "scale" if goal.op == "veq" else "mul"
    difference, positive = minus(goal[2], goal[1]), False
    for i in scale:
        difference = make(times, strict(i), difference)
    for c, factors in rows:
        parts = [factor(f) for f in factors]
        signs = {sign for _, sign in parts}
        if "=" not in signs and (c <= 0 or goal.op in ("eq", "veq")):
            _refuse(f"product with coefficient {c} has no sign that the goal can use")
        if goal.op == "veq" and len(parts) != 1:
            _refuse("a vector goal takes one factor in each product")
        positive |= signs <= {"+"}
        terms = [term for term, _ in parts]
        difference = minus(difference, make(times, lift(c), *terms))
    if goal.op == "lt" and not positive:
        _refuse("a strict goal needs a product all of whose factors are positive")
    units = [strict(i) for i in nonzero]
    rest = nf.vector(difference).values() if goal.op == "veq" else [difference]
    if not all(nf.is_zero(x, units) for x in rest):
        _refuse(f"the identity does not hold; left over: {nf.canonical(difference)}")
    used = frozenset().union(*(_read(t)[0] for t in premises))
    data = {"products": rows, "scale": scale, "nonzero": nonzero}
    return _mint(used, goal, "combine", *premises, **data)


@_rule
def expect(theorem: Theorem, given: Term, goal: Term | None = None) -> Theorem:
    """Monotone, linear conditional expectation.

              G |- a <= b  (or =)
        ------------------------------- expect
        G |- E[a | given] <= E[b | given]

    A goal may be stated; it must then equal that conclusion by the laws of normal.py, which pull
    out of an expectation what ``given`` determines, as declared, and nothing else.
    Sound: the premise holds at every outcome, and E[. | given] is linear and monotone.
    **Fails when** the premise is quantified or strict, or the goal needs more than those laws,
    as where it pulls out a factor that sees the sample.
    """
    p = _plain(theorem, "le", "eq", "veq")
    given = _given(given, "stage")
    op = "vmean" if p.op == "veq" else "mean"
    conclusion = make(p.op, make(op, given, p[1]), make(op, given, p[2]))
    if goal is not None and not nf.same(conclusion, _given(goal, PROP)):
        _refuse("the goal is not that expectation; does it pull out what is not yet determined?")
    chosen = conclusion if goal is None else goal
    return _mint(_read(theorem)[0], chosen, "expect", theorem, given=given)


def _replacements(values: Mapping[str, Any], declared: Iterable[tuple[str, ...]]) -> None:
    """Each value fits its symbol: the sort, and determined no later than the symbol is."""
    kinds = {d[0]: d for d in declared}
    for name, value in values.items():
        if type(name) is not str or name not in kinds:
            _refuse(f"no symbol {name!r} to put a term for")
        _, kind, sort, known = kinds[name]
        if kind == "index":
            _given(value, "index")
        elif kind == "sym":
            if not nf.determined(_given(value, sort), nf.START) and known != "never":
                _refuse(f"{name!r} is deterministic; the term for it is not")
        elif kind == "at" and type(value) is tuple and len(value) == 2:
            body = _given(value[1], sort)
            slot = make("at", name, sort, known, make("ix", value[0], 0))
            stage = make("ix", value[0], int(known == "next"))
            limit = make("stage", stage, int(known == "sample")) if nf.needs(slot) else nf.START
            if not nf.determined(body, limit):
                _refuse(f"{name!r} is declared {known!r}; the term for it is known later")
        else:
            _refuse(f"{name!r} is a {kind} and takes no such term")


@_rule
def specialise(theorem: Theorem, *values: Term) -> Theorem:
    """Terms for the outermost quantified variables.

        G |- forall x. P(x)
        ------------------- specialise
             G |- P(t)

    Sound: t has x's sort and is determined whenever x is.
    **Fails when** the conclusion has too few quantifiers, t does not fit x, or a variable of t
    would be captured.
    """
    conclusion = _read(theorem)[1]
    for value in values:
        if conclusion.op != "forall":
            _refuse("the conclusion is not quantified any further")
        variable, body = conclusion[1], conclusion[2]
        _replacements({variable[1]: value}, free(variable))
        conclusion = substitute(body, {variable[1]: value})
    return _mint(_read(theorem)[0], conclusion, "specialise", theorem, values=values)


@_rule
def generalise(theorem: Theorem, *variables: Term) -> Theorem:
    """A free variable that no hypothesis mentions, quantified.

            G |- P(x)
        ------------------- generalise   (x not free in G)
        G |- forall x. P(x)

    Sound: G says nothing about x.
    **Fails when** a hypothesis mentions x, or x is not a symbol or an index.
    """
    hypotheses, conclusion, _ = _read(theorem)
    for x in reversed(variables):
        conclusion = make("forall", x, conclusion)
        if any(x[1] in free_names(h) for h in hypotheses):
            _refuse(f"a hypothesis mentions {x[1]!r}")
    return _mint(hypotheses, conclusion, "generalise", theorem, variables=variables)


@_rule
def instantiate(theorem: Theorem, values: Mapping[str, Any]) -> Theorem:
    """Terms for free symbols, in the hypotheses too; a pair (variable, body) for a sequence.

            G |- P
        -------------- instantiate
        G[t/x] |- P[t/x]

    Sound: theorems hold for all values of their free symbols that fit the declarations.
    **Fails when** a term has another sort or is determined later than its symbol is declared
    to be, a symbol does not occur, or a variable would be captured.
    """
    values, (hypotheses, conclusion, _) = dict(values), _read(theorem)
    _replacements(values, frozenset().union(free(conclusion), *map(free, hypotheses)))
    new = [substitute(h, values) for h in hypotheses]
    return _mint(new, substitute(conclusion, values), "instantiate", theorem, values=dict(values))


@_rule
def induct(base: Theorem, step: Theorem, goal: Term) -> Theorem:
    """Induction over the natural numbers.

        G |- P(0)      H, P(k) |- P(k+1)
        -------------------------------- induct   (k not free in H)
             G, H |- forall k. P(k)

    Sound: induction; H says nothing about k.
    **Fails when** the goal is not quantified over an index, either premise is not that instance of
    it, or a hypothesis other than P(k) mentions k.
    """
    goal = _given(goal, PROP)
    if goal.op != "forall" or goal[1].op != "ix":
        _refuse("the goal is not quantified over an index")
    k, body = goal[1], goal[2]
    others = _read(step)[0] - {body}
    if any(k[1] in free_names(h) for h in others):
        _refuse(f"a hypothesis of the step other than P({k[1]}) mentions {k[1]!r}")
    for theorem, offset, at in ((base, "", 0), (step, k[1], 1)):
        wanted = substitute(body, {k[1]: make("ix", offset, at)})
        if not nf.same(_read(theorem)[1], wanted):
            _refuse(f"the {'step' if at else 'base'} does not prove P at that index")
    return _mint(_read(base)[0] | others, goal, "induct", base, step)


@_rule
def unfold(term: Term, side: int = 0) -> Theorem:
    """Defining facts.

        sum_{i<0} d(i) = 0      sum_{i<k+1} d(i) = sum_{i<k} d(i) + d(k)      (prod: 1 and *)
        x^0 = 1     x^(k+1) = x^k x     a <= max(a, b)     b <= max(a, b)  (side = 1)
        0 <= k      0 <= sqrt(x)

    Sound: definitions.
    **Fails when** the term is none of these, or its length has no last step to split off.
    """
    term = _given(term, SCALAR)
    if term.op in ("num", "sqrt"):
        fact = make("le", lift(0), term)
    elif term.op == "max" and side in (0, 1):
        fact = make("le", term[1 + side], term)
    elif term.op not in ("sum", "prod", "power"):
        _refuse(f"{term.op} has no defining fact")
    elif term[2] == make("ix", "", 0):
        fact = make("eq", term, lift(int(term.op != "sum")))
    elif term[2][2] == 0:
        _refuse(f"the length {term[2][1]!r} may be 0: there is no last step to split off")
    else:
        last = make("ix", term[2][1], term[2][2] - 1)
        tail = term[1] if term.op == "power" else substitute(term[3], {term[1]: last})
        head = make(term.op, term[1], last, *term[3:])
        fact = make("eq", term, make("add" if term.op == "sum" else "mul", head, tail))
    return _mint((), fact, "unfold", term=term, side=side)


@_rule
def root(theorem: Theorem) -> Theorem:
    """What a square root is.

          G |- 0 <= x  (or <)
        ----------------------- root
          G |- sqrt(x)^2 = x

    Sound: by the definition of sqrt(x), the root >= 0 of x.
    **Fails when** the premise does not bound a scalar below by 0, written as it stands.
    """
    conclusion = _plain(theorem, "le", "lt")
    if conclusion[1] != lift(0):
        _refuse("the premise is not of the form 0 <= x")
    x = conclusion[2]
    goal = make("eq", make("pow", make("sqrt", x), 2), x)
    return _mint(_read(theorem)[0], goal, "root", theorem)


@_rule
def integrate(theorem: Theorem, t: Term, x: Term, d: Term, function: str, goal: Term) -> Theorem:
    """A bound on a slope gives a bound on the increase.

        G, 0 < t, t < 1 |- <grad F(x + t d), d> <= p(t)
        ----------------------------------------------- integrate   (t not free in G, x, d)
             G |- F(x + d) - F(x) <= int_0^1 p(t) dt

    with p a polynomial in t.  Either hypothesis on t may be absent.
    Sound: F(x + t d) - F(x) - int_0^t p has a nonpositive derivative on (0, 1) and vanishes at 0
    (mean value theorem; F is differentiable with gradient grad F).
    **Fails when** t occurs elsewhere in G, in x or d, or in p otherwise than as a polynomial, or
    the premise is not about that segment.
    """
    p = _plain(theorem, "le")
    for term, sort in ((t, SCALAR), (x, VECTOR), (d, VECTOR)):
        _given(term, sort)
    if t.op != "sym" or t[3] != "start":
        _refuse("the variable of integration is not a deterministic scalar symbol")
    hypotheses = _read(theorem)[0] - {make("lt", lift(0), t), make("lt", t, lift(1))}
    if any(t[1] in free_names(y) for y in (x, d, *hypotheses)):
        _refuse(f"{t[1]!r} occurs outside the integrand")
    point = make("vadd", x, make("scale", t, d))
    if nf.normal(p[1]) != nf.normal(make("inner", make("grad", function, point), d)):
        _refuse("the left side is not the slope of F along that segment")
    total: list[Term] = []
    for monomial, c in nf.normal(p[2]).items():
        powers = dict(monomial)
        n = powers.pop(t, 0)
        if any(t[1] in free_names(atom) for atom in powers):
            _refuse(f"the bound is not a polynomial in {t[1]!r}")
        total.append(nf.scalar_term({tuple(powers.items()): c / (n + 1)}))
    end, start = make("value", function, make("vadd", x, d)), make("value", function, x)
    if not nf.same(make("le", minus(end, start), make("add", *total)), _given(goal, PROP)):
        _refuse("the goal is not the integrated inequality")
    return _mint(hypotheses, goal, "integrate", theorem, t=t, x=x, d=d, function=function)


def _replace(t: Term, old: Term, new: Term) -> Term:
    if t == old:
        return new
    if bound(t) is not None and bound(t) in free_names(new) | free_names(old):
        _refuse(f"variable capture: {bound(t)!r} is bound in the target")
    parts = tuple(_replace(x, old, new) if isinstance(x, Term) else x for x in t.args)
    return t if parts == t.args else make(t[0], *parts)


@_rule
def rewrite(theorem: Theorem, equation: Theorem, goal: Term) -> Theorem:
    """Equals for equals, anywhere, also inside F(.), grad F(.) and expectations.

        G |- P      H |- a = b
        ---------------------- rewrite   (P and Q agree once b stands for a in both)
             G, H |- Q

    Sound: under a = b at every outcome, P and Q each say what they say with b for a.
    **Fails when** a is not an atom in canonical form, P or Q is quantified, or they do not agree.
    """
    p = _plain(theorem, "le", "lt", "eq", "veq")
    e = _plain(equation, "eq", "veq")
    goal = _given(goal, PROP)
    old = nf.canonical(e[1])
    if old.op in ("add", "mul", "pow", "rat", "vadd", "scale", "zero") or goal.op != p.op:
        _refuse("the left side of the equation is not an atom, or the goal has another form")
    sides = [[_replace(nf.canonical(x), old, e[2]) for x in prop.args] for prop in (p, goal)]
    if not nf.same(make(p.op, *sides[0]), make(p.op, *sides[1])):
        _refuse("premise and goal still differ after the replacement")
    return _mint(_read(theorem)[0] | _read(equation)[0], goal, "rewrite", theorem, equation)


@_rule
def cut(lemma: Theorem, theorem: Theorem) -> Theorem:
    """A proved theorem in place of a hypothesis.

        G |- A      H, A |- C
        --------------------- cut
             G, H |- C

    Sound: by transitivity of consequence.
    **Fails when** the lemma's conclusion is not one of the theorem's hypotheses.
    """
    (proved, a, _), (hypotheses, conclusion, _) = _read(lemma), _read(theorem)
    used = {h for h in hypotheses if nf.same(h, a)}
    if not used:
        _refuse("the lemma's conclusion is not a hypothesis of the theorem")
    return _mint(proved | (hypotheses - used), conclusion, "cut", lemma, theorem)


@_rule
def cases(less: Theorem, greater: Theorem, a: Term, b: Term) -> Theorem:
    """Two cases that exclude each other.

        G, a < b |- P      H, b <= a |- P
        --------------------------------- cases   (a, b deterministic)
                 G, H |- P

    Sound: a deterministic inequality holds at every outcome or at none.  For random a, b neither
    case need hold at every outcome, which is what hypotheses say.
    **Fails when** a or b is random, or the premises do not prove the same P.
    """
    a, b = _given(a, SCALAR), _given(b, SCALAR)
    if not (nf.determined(a, nf.START) and nf.determined(b, nf.START)):
        _refuse("the two sides are not deterministic")
    if not nf.same(_read(less)[1], _read(greater)[1]):
        _refuse("the two cases prove different things")
    hypotheses = (_read(less)[0] - {make("lt", a, b)}) | (_read(greater)[0] - {make("le", b, a)})
    return _mint(hypotheses, _read(less)[1], "cases", less, greater, a=a, b=b)
