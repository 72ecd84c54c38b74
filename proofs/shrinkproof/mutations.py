"""Wrong variants of a statement, made by rule, and the kernel's refusal of each.

A mutant changes one thing: a constant, an exponent, an end of the range of q_k, a term, the number
of steps, the direction of the inequality, or a hypothesis that it leaves out.  What is changed is
the conclusion, and the recursion that defines a sequence in it; other hypotheses stay.

A mutant is refused if the theorem's proof cannot be run towards it: every rule that the script
called is called again with the same change in all the terms that it was given, hypotheses apart,
and at the latest ``Statement.require`` sees that what is left proves something else.  The kernel
is sound, so a mutant that it does not refuse is a theorem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from shrinkproof import kernel
from shrinkproof.export.printer import text
from shrinkproof.kernel import ProofError, Theorem
from shrinkproof.kernel.normal import same
from shrinkproof.kernel.term import VECTOR, Term, lift, make, subterms
from shrinkproof.language.rewriting import exchange, put
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import number
from shrinkproof.library import Result
from shrinkproof.theorems.setting import D2, Delta, K, gap, q_max, q_min

KINDS = ("constant", "exponent", "ends", "term", "steps", "direction", "hypothesis")
Change = Callable[[Term], Term]

# Each bound rises with these, or falls: halved or tripled they make it claim too much.
HALVED = ("sigma2", "tau2", "eta2", "L", "u", "omega", "h")
TRIPLED = ("c",)
DROPPED = ("sigma2", "tau2", "eta2", "u", "omega")
STARTS = (Delta, gap, D2)


@dataclass(frozen=True)
class Mutant:
    """A wrong variant: ``change`` makes it of the theorem's terms; ``dropped`` is left out."""

    kind: str
    name: str
    statement: Statement
    change: Change = lambda t: t
    dropped: Hypothesis | None = None


def mutants(statement: Statement) -> tuple[Mutant, ...]:
    """Every wrong variant that the rules of this module make of a statement, in a fixed order."""
    found: dict[str, Mutant] = {}
    for kind, name, change in _changes(statement):
        mutant = _changed(statement, kind, name, change)
        if mutant is not None:
            found.setdefault(name, mutant)
    for h in statement.hypotheses:
        if not h.defines:
            without = statement.without(h.name)
            name = f"without {h.name}"
            found[name] = Mutant("hypothesis", name, without, dropped=h)
    return tuple(found.values())


def _changed(statement: Statement, kind: str, name: str, change: Change) -> Mutant | None:
    """The statement changed, unless it says the same after as before."""
    hypotheses = tuple(
        replace(h, prop=change(h.prop)) if h.defines else h for h in statement.hypotheses
    )
    conclusions = tuple(map(change, statement.conclusions))
    pairs = zip(conclusions, statement.conclusions, strict=True)
    if hypotheses == statement.hypotheses and all(same(a, b) for a, b in pairs):
        return None
    bodies = {t[1]: t[2] for t in _claimed(statement) if t[0] == "named"}

    def unfolded(t: Term) -> Term | None:
        """An abbreviation stands for what it says, and not for what it says after a change."""
        if t[0] == "named" and bodies.get(t[1]) != t[2]:
            return exchange(t[2], unfolded)
        return None

    wrong = replace(
        statement,
        hypotheses=hypotheses,
        conclusions=tuple(exchange(c, unfolded) for c in conclusions),
    )
    return Mutant(kind, name, wrong, change)


def _changes(statement: Statement) -> Iterator[tuple[str, str, Change]]:
    """(kind, name, change) of everything but the hypotheses left out."""
    symbols = _parameters(statement)
    for name in HALVED:
        if name in symbols:
            yield "constant", f"{name} halved", _put(symbols[name], symbols[name] / 2)
    for name in TRIPLED:
        if name in symbols:
            yield "constant", f"{name} tripled", _put(symbols[name], 3 * symbols[name])
    for start in STARTS:
        yield "constant", f"{start[1]} halved", _put(start, start / 2)
    for name in DROPPED:
        if name in symbols:
            yield "term", f"{name} dropped", _put(symbols[name], lift(0))
    yield "ends", "q_max for q_min", _put(q_min, q_max)
    yield "ends", "q_min for q_max", _put(q_max, q_min)
    swapped = {q_min: q_max, q_max: q_min}
    yield "ends", "q_min and q_max swapped", _where_it_matters(lambda t: exchange(t, swapped.get))
    for base in _squared(statement):
        yield "exponent", f"({text(base)})^3 for its square", _put(base**2, base**3)
        yield "exponent", f"{text(base)} for its square", _put(base**2, base)
    body = _body(statement.conclusion)
    yield from _of_body(body)


def _of_body(body: Term) -> Iterator[tuple[str, str, Change]]:
    """Changes of the main conclusion, a <= b or a = b, quantifiers apart."""
    op, left, right = body

    def to(new: Term) -> Change:
        return lambda t: put(t, body, new)

    yield "constant", "right side halved", to(make(op, left, Fraction(1, 2) * right))
    if op == "veq":
        return
    yield "steps", "K+1 for K", to(make(op, left, _one_step_more(right)))
    if right[0] == "add":
        for addend in right.args:
            if op != "eq" and text(addend).startswith("-"):
                continue  # without what it subtracts, a bound says less
            rest = make("add", *(x for x in right.args if x is not addend))
            yield "term", f"without {text(addend)}", to(make(op, left, rest))
    if op in ("le", "lt"):
        yield "direction", "reversed", to(make(op, right, left))
    if op == "le":
        yield "direction", "strict", to(make("lt", left, right))
    if op == "eq":
        yield "constant", "right side one more", to(make(op, left, right + 1))


def _one_step_more(t: Term) -> Term:
    """K+1 for K where K is a number or an exponent: a process need not go beyond w_K."""

    def more(x: Term) -> Term | None:
        if x == number(K):
            return number(K + 1)
        return make("power", x[1], K + 1) if x[0] == "power" and x[2] == K else None

    return exchange(t, more)


def _put(old: Term, new: Term) -> Change:
    return _where_it_matters(lambda t: put(t, old, new))


def _where_it_matters(change: Change) -> Change:
    """In an equation on the right side alone: changed on both, an identity in x is one in x/2."""

    def changed(t: Term) -> Term:
        if t[0] == "forall":
            return make("forall", t[1], changed(t[2]))
        return make(t[0], t[1], change(t[2])) if t[0] in ("eq", "veq") else change(t)

    return changed


def _body(prop: Term) -> Term:
    while prop[0] == "forall":
        prop = prop[2]
    return prop


def _claimed(statement: Statement) -> Iterator[Term]:
    """The subterms of what a change reaches: conclusions, and recursions that define."""
    for prop in (*statement.conclusions, *(h.prop for h in statement.hypotheses if h.defines)):
        yield from subterms(prop)


def _parameters(statement: Statement) -> dict[str, Term]:
    return {t[1]: t for t in _claimed(statement) if t[0] == "sym" and t[2] != VECTOR}


def _squared(statement: Statement) -> tuple[Term, ...]:
    found = [t[1] for t in _claimed(statement) if t[0] == "pow" and t[2] == 2]
    return tuple(dict.fromkeys(found))


# -- refusal -------------------------------------------------------------------------------------


def refusal(result: Result, mutant: Mutant) -> str:
    """Why the kernel refuses the mutant, run through the theorem's own proof; "" if it does not."""
    try:
        mutant.statement.require(result.prove())
        return ""
    except ProofError:
        pass  # the theorem itself is not the mutant, of course
    again = Rerun(mutant)
    try:
        theorems = [again(t) for t in result.prove()]
    except ProofError as error:
        return str(error).partition("; left over")[0]  # what is left over can fill pages
    try:
        mutant.statement.require(theorems)
    except ProofError as error:
        return "what is proved is not the mutant" if "not the claim" in str(error) else str(error)
    return ""


class Rerun:
    """A derivation run again, rule by rule, with every term changed but what it assumes."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.known: dict[Theorem, Theorem] = {}
        self.terms: dict[Term, Term] = {}

    def __call__(self, theorem: Theorem) -> Theorem:
        if theorem not in self.known:
            self.known[theorem] = self._again(theorem)
        return self.known[theorem]

    def _again(self, theorem: Theorem) -> Theorem:
        premises = [self(p) for p in theorem.step.premises]
        dropped = self.mutant.dropped
        if dropped is not None and dropped.prop in theorem.hypotheses:
            raise ProofError(f"{theorem.step.rule}: {dropped.name} is not to be assumed")
        if theorem.step.rule == "assume":
            return theorem
        data = {name: self._changed(value) for name, value in theorem.step.data}
        goal = self._term(theorem.conclusion)
        unchanged = premises == list(theorem.step.premises) and goal == theorem.conclusion
        if unchanged and data == dict(theorem.step.data):
            return theorem
        return RULES[theorem.step.rule](premises, goal, data)

    def _term(self, t: Term) -> Term:
        if t not in self.terms:
            self.terms[t] = self.mutant.change(t)
        return self.terms[t]

    def _changed(self, value: Any) -> Any:
        if isinstance(value, Term):
            return self._term(value)
        if isinstance(value, Mapping):
            return {name: self._changed(x) for name, x in value.items()}
        if isinstance(value, tuple):
            return tuple(map(self._changed, value))
        return value


Data = dict[str, Any]
RULES: dict[str, Callable[[list[Theorem], Term, Data], Theorem]] = {
    "combine": lambda p, goal, d: kernel.combine(goal, p, d["products"], d["scale"], d["nonzero"]),
    "expect": lambda p, goal, d: kernel.expect(p[0], d["given"], goal),
    "specialise": lambda p, _, d: kernel.specialise(p[0], *d["values"]),
    "generalise": lambda p, _, d: kernel.generalise(p[0], *d["variables"]),
    "instantiate": lambda p, _, d: kernel.instantiate(p[0], d["values"]),
    "induct": lambda p, goal, _: kernel.induct(p[0], p[1], goal),
    "unfold": lambda _, __, d: kernel.unfold(d["term"], d["side"]),
    "root": lambda p, _, __: kernel.root(p[0]),
    "integrate": lambda p, goal, d: kernel.integrate(
        p[0], d["t"], d["x"], d["d"], d["function"], goal
    ),
    "rewrite": lambda p, goal, _: kernel.rewrite(p[0], p[1], goal),
    "cut": lambda p, _, __: kernel.cut(p[0], p[1]),
    "cases": lambda p, _, d: kernel.cases(p[0], p[1], d["a"], d["b"]),
}
