"""Why a step holds, rule by rule, in the words of a proof on paper.

A certificate is shown as what it is: the right side minus the left side, written as a sum of terms
whose signs are known.  In it, [n] stands for the right side minus the left side of (n).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from shrinkproof.export.outline import Outline, Reference, Words, bracketed, trivial
from shrinkproof.export.printer import text
from shrinkproof.kernel import normal as nf
from shrinkproof.kernel.rules import Theorem
from shrinkproof.kernel.term import SCALAR, VECTOR, Term, free, lift, make, subterms

EXPLICIT = 20  # characters of a difference that a certificate spells out
DOT = "·"


@dataclass(frozen=True)
class Reason:
    """Words before the formula; then, of an inequality, the certificate; then words after it."""

    lead: Words
    certificate: Term | None = None
    scale: Term | None = None
    tail: Words = ()


def reason(outline: Outline, step: Theorem) -> Reason:
    """The reason for a step that has a line."""
    rule = outline.rule(step)
    local = list(outline.local(step))
    found = _RULES.get(rule, _adapted)(outline, step)
    if not local or rule == "cases":
        return found
    suppose: Words = ("Suppose ", *listed([(p,) for p in local]), ". ")
    return replace(found, lead=(*suppose, *found.lead))


def listed(items: Iterable[Words]) -> Words:
    """a, b and c."""
    each = list(dict.fromkeys(items))
    words: Words = ()
    for i, item in enumerate(each):
        joint = "" if i == 0 else " and " if i == len(each) - 1 else ", "
        words += (joint, *item)
    return words


def cited(outline: Outline, steps: Iterable[Theorem]) -> Words:
    """The citations of some steps: numbers first, then hypotheses by name, then formulas."""
    references = [outline.references[t] for t in steps]
    references.sort(key=lambda r: (not r.word.isdigit(), not r.word))
    numbers = sorted({int(r.word) for r in references if r.word.isdigit()})
    others = [r.words for r in references if not r.word.isdigit()]
    return listed([*((f"({n})",) for n in numbers), *others])


# the certificate rule


def gap(theorem: Theorem) -> Term:
    """The right side minus the left side."""
    _, left, right = theorem.conclusion
    zero = (make("rat", 0, 1), make("zero"))
    return right if left in zero else -left if right in zero else right - left


def shown_gap(outline: Outline, theorem: Theorem) -> Term:
    """The same as a reader sees it: spelled out where it is short, and [n] otherwise."""
    cited, difference = outline.references[theorem], gap(theorem)
    if not cited.word or len(text(difference)) <= EXPLICIT:
        return difference
    return bracketed(cited, VECTOR if theorem.conclusion.op == "veq" else SCALAR)


def product(
    coefficient: Fraction, factors: Iterable[tuple[Any, ...]], gap_of: Callable[[int], Term]
) -> Term:
    """One product of a certificate: symbols above reciprocals, then the other factors."""
    above, below, rest = [lift(coefficient.numerator)], [], []
    if coefficient.denominator != 1:
        below.append(lift(coefficient.denominator))
    for kind, *data in factors:
        if kind == "recip":
            below.append(gap_of(data[0]))
            continue
        if kind == "square":
            s = data[0]
            term = make("inner", s, s) if s.sort == VECTOR else make("pow", s, 2)
        elif kind == "gap":
            term = gap_of(data[0])
        else:
            term = _times(data[1], gap_of(data[0]))
        simple = term.op in ("sym", "at", "num", "pow") and not str(term[1]).startswith("[")
        (above if simple else rest).append(term)
    scalars = [*above, *([make("recip", make("mul", *below))] if below else [])]
    return _times_all([*scalars, *rest])


def _times(m: Term, difference: Term) -> Term:
    if m.sort == SCALAR:
        return m * difference
    if m.op == "scale":
        return m[1] * make("inner", m[2], difference)
    return make("inner", m, difference)


def _times_all(terms: list[Term]) -> Term:
    total = terms[0]
    for x in terms[1:]:
        total = total * x
    return total


def certificate(step: Theorem, gap_of: Callable[[int], Term]) -> Term:
    """A combination, as a sum of products; ``gap_of`` gives the difference of premise i."""
    terms = [product(c, factors, gap_of) for c, factors in dict(step.step.data)["products"]]
    if len(terms) == 1:
        return terms[0]
    return make("vadd" if step.conclusion.op == "veq" else "add", *terms)


def scale(step: Theorem, gap_of: Callable[[int], Term]) -> Term | None:
    factors = [gap_of(i) for i in dict(step.step.data)["scale"]]
    return _times_all(factors) if factors else None


def _combine(outline: Outline, step: Theorem) -> Reason:
    premises = outline.premises(step)
    data = dict(step.step.data)
    products = data["products"]
    by = cited(outline, premises)
    if not products:
        return Reason(("Multiplying out, with ", *by) if by else ("Multiplying out",))
    if (moved := _rearranged(step)) is not None:
        others = cited(outline, (p for i, p in enumerate(premises) if i != moved))
        start = cited(outline, [premises[moved]])
        return Reason(("Rearranging ", *start, *((" with ", *others) if others else ())))

    def gap_of(i: int) -> Term:
        return shown_gap(outline, premises[i])

    total = certificate(step, gap_of)
    if text(total) == text(gap(step)) and not data["scale"]:
        return Reason(("By ", *by) if by else ("As a square",))
    zero = [
        p
        for i, p in enumerate(premises)
        if any(("times", i) == f[:2] for _, fs in products for f in fs)
    ]
    nonnegative = any(f[0] != "times" for _, fs in products for f in fs)
    return Reason(
        ("By ", *by) if by else ("With squares",),
        total,
        scale(step, gap_of),
        _signs(step, len(products), cited(outline, zero), nonnegative),
    )


def _signs(step: Theorem, products: int, zero: Words, nonnegative: bool) -> Words:
    """What is to be said of the terms of a certificate."""
    sign = "positive" if step.conclusion.op == "lt" else "nonnegative"
    if not nonnegative:
        return ("which is zero",)
    if zero:
        return (f"where every term is {sign} or, by ", *zero, ", zero")
    if products == 1:
        return (f"which is {sign}",)
    if sign == "positive":
        return ("a sum of nonnegative terms that are not all zero",)
    return ("a sum of nonnegative terms",)


def _rearranged(step: Theorem) -> int | None:
    """The premise that a combination merely rearranges."""
    data = dict(step.step.data)
    if len(data["products"]) != 1 or data["scale"]:
        return None
    ((c, factors),) = data["products"]
    ((kind, *rest), *others) = factors
    alone = kind == "gap" or (kind == "times" and rest[1] in (lift(1), lift(-1)))
    return int(rest[0]) if c == 1 and not others and alone else None


# the other rules


def _expect(outline: Outline, step: Theorem) -> Reason:
    (premise,) = outline.premises(step)
    stage = dict(step.step.data)["given"]
    expectation = make("mean", stage, make("sym", DOT, SCALAR, "never"))
    out = _pulled_out(premise.conclusion, stage) if step.conclusion.op != "forall" else []
    tail: Words = ()
    if out:
        pronoun = "it" if len(out) == 1 else "they"
        verb = "comes" if len(out) == 1 else "come"
        tail = ("where ", *listed([(x,) for x in out]), f" {verb} out of the expectation, since ")
        tail += (stage, f" determines {'it' if len(out) == 1 else 'them'}")
        del pronoun
    return Reason(("Taking ", expectation, " in ", *cited(outline, [premise])), tail=tail)


def _pulled_out(prop: Term, stage: Term) -> list[Term]:
    """The random factors that the stage determines and that stand beside one it does not."""
    found: dict[Term, None] = {}
    rows: list[list[Term]] = []
    for side in (prop[1], prop[2]):
        if side.sort == VECTOR:
            for base, c in nf.vector(side).items():
                rows += [[base, *(a for a, _ in m)] for m in nf.normal(c)]
        else:
            rows += [[a for a, _ in m] for m in nf.normal(side)]
    for row in rows:
        late = [a for a in row if not nf.determined(a, stage)]
        parts = [a for a in row if a not in late] if late else []
        parts += [v for a in late if a.op == "inner" for v in (a[1], a[2])]
        for a in parts:
            if nf.determined(a, stage) and not nf.determined(a, nf.START):
                found[a] = None
    return list(found)


def _induct(outline: Outline, step: Theorem) -> Reason:
    base, following = ([p] for p in outline.premises(step))
    k = step.conclusion[1]
    words = ("By induction on ", k, ", from ", *cited(outline, base), " for ", (k, lift(0)))
    return Reason((*words, " and the step ", *cited(outline, following)))


def _integrate(outline: Outline, step: Theorem) -> Reason:
    data = dict(step.step.data)
    premise = cited(outline, outline.premises(step))
    t, x, d = data["t"], data["x"], data["d"]
    between = make("lt", t, lift(1))
    words = ("Integrating ", *premise, " over ", make("lt", lift(0), t), ", ", between)
    return Reason((*words, ", along the segment from ", x, " to ", x + d))


_DEFINED = {
    ("sum", True): "the empty sum is 0",
    ("prod", True): "the empty product is 1",
    ("power", True): "a zeroth power is 1",
    ("sum", False): "a sum is the sum of all but its last term, and that term",
    ("prod", False): "a product is the product of all but its last factor, times that factor",
    ("power", False): "the next power has one more factor",
}


def _rewrite(outline: Outline, step: Theorem) -> Reason:
    premise, equation = outline.premises(step)
    equations = [equation]
    while premise not in outline.references:
        premise, equation = outline.premises(premise)
        equations.append(equation)
    defining = [e for e in reversed(equations) if outline.rule(e) == "unfold"]
    others = [e for e in reversed(equations) if e not in defining]
    lead: Words = ("From ", *cited(outline, [premise]))
    if others:
        lead = ("Substituting ", *cited(outline, others), " in ", *cited(outline, [premise]))
    facts = []
    for e in defining:
        term = dict(e.step.data)["term"]
        facts.append((_DEFINED[term.op, not term[2][1] and not term[2][2]],))
    return Reason((*lead, ", as ", *listed(facts)) if facts else lead)


def _cases(outline: Outline, step: Theorem) -> Reason:
    data = dict(step.step.data)
    less, greater = ([p] for p in outline.premises(step))
    first = (*cited(outline, less), " if ", data["a"] < data["b"])
    return Reason(
        ("By ", *first, " and by ", *cited(outline, greater), " if ", data["b"] <= data["a"])
    )


def _unfold(_: Outline, step: Theorem) -> Reason:
    names = {"sum": "sum", "prod": "product", "power": "power", "max": "maximum"}
    return Reason((f"By the definition of the {names[dict(step.step.data)['term'].op]}",))


def _assume(outline: Outline, step: Theorem) -> Reason:
    k = outline.supposed.get(step.conclusion)
    return Reason(
        ("Suppose, for induction on ", k, ", that") if k is not None else ("Suppose that",)
    )


# the same theorem, put differently


def _adapted(outline: Outline, step: Theorem) -> Reason:
    return Reason(("By ", *_source(outline, step, whole=True)))


def _source(outline: Outline, step: Theorem, whole: bool = False) -> Words:
    """Where a theorem comes from; ``whole``: though the step itself can be cited."""
    if step in outline.references and not whole:
        return cited(outline, [step])
    rule, data = outline.rule(step), dict(step.step.data)
    if rule == "known":
        return (outline.known[step],)
    if rule == "cut":
        lemmas, theorem = [], step
        while outline.rule(theorem) == "cut" and (
            theorem is step or theorem not in outline.references
        ):
            lemma, theorem = outline.premises(theorem)
            lemmas.append(lemma)
        condition = "condition" if len(lemmas) == 1 else "conditions"
        holds = listed([_source(outline, x) for x in reversed(lemmas)])
        return (*_source(outline, theorem), f", its {condition} holding by ", *holds)
    premise = outline.premises(step)[0]
    source = _source(outline, premise)
    if rule == "specialise" and not trivial(step):
        return (*source, " at ", *_values(_outermost(premise.conclusion, data["values"])))
    if rule == "instantiate":
        return (*source, " with ", *_values(_declared(premise, data["values"])))
    return source


def _outermost(prop: Term, values: Iterable[Term]) -> Iterable[tuple[Term, Term]]:
    for value in values:
        if prop[1] != value:
            yield prop[1], value
        prop = prop[2]


def _declared(theorem: Theorem, values: Mapping[str, Any]) -> Iterable[tuple[Term, Term]]:
    """Each symbol as a term, with what is put for it."""
    props = (theorem.conclusion, *theorem.hypotheses)
    declared = {d[0]: d for p in props for d in free(p)}
    for name, value in values.items():
        _, kind, sort, known = declared[name]
        if kind == "at":
            yield make("at", name, sort, known, make("ix", value[0], 0)), value[1]
        elif kind == "index":
            yield make("ix", name, 0), value
        else:
            yield make("sym", name, sort, known), value


def _values(pairs: Iterable[tuple[Term, Term]]) -> Words:
    items: list[Words] = []
    for symbol, value in pairs:
        same = text(symbol) == text(value)  # declared anew: a schedule in place of any q_k
        items.append((symbol, " fixed in advance") if same else ((symbol, value),))
    return listed(items)


_RULES: dict[str, Callable[[Outline, Theorem], Reason]] = {
    "combine": _combine,
    "expect": _expect,
    "induct": _induct,
    "integrate": _integrate,
    "rewrite": _rewrite,
    "cases": _cases,
    "unfold": _unfold,
    "assume": _assume,
}
