"""Why a step holds, rule by rule, in the words of a proof on paper.

A certificate is shown as what it is: the right side minus the left side, written as a sum of terms
whose signs are known.  In it, [n] stands for the right side minus the left side of (n).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from shrinkproof.export.outline import Outline, Words, bracketed
from shrinkproof.export.printer import text
from shrinkproof.export.tidy import pulled_out, tidy
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
    found = _RULES.get(outline.rule(step), _adapted)(outline, step)
    local = outline.local(step)
    if not local:
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
    references.sort(key=lambda r: not r.word)
    numbers = sorted({int(r.word) for r in references if r.word.isdigit()})
    others = [r.words for r in references if not r.word.isdigit()]
    return listed([*((f"({n})",) for n in numbers), *others])


# the certificate rule


def gap(theorem: Theorem) -> Term:
    """The right side minus the left side."""
    _, left, right = theorem.conclusion
    zero = (make("rat", 0, 1), make("zero"))
    return right if left in zero else -left if right in zero else right - left  # type: ignore[no-any-return]


def shown_gap(outline: Outline, theorem: Theorem) -> Term:
    """The same as a reader sees it: spelled out where it is short, and [n] otherwise."""
    cited, difference = outline.references[theorem], tidy(gap(theorem))
    if not cited.word or len(text(difference)) <= EXPLICIT:
        return difference
    return bracketed(cited, VECTOR if theorem.conclusion.op == "veq" else SCALAR)


def product(
    coefficient: Fraction, factors: Iterable[tuple[Any, ...]], gap_of: Callable[[int], Term]
) -> Term:
    """One product of a certificate: symbols above reciprocals, then the other factors."""
    above, below = [lift(coefficient.numerator)], [lift(coefficient.denominator)]
    rest: list[Term] = []
    for kind, *data in factors:
        if kind == "recip":
            below.append(gap_of(data[0]))
        elif kind == "square":
            s = data[0]
            rest.append(make("inner", s, s) if s.sort == VECTOR else make("pow", s, 2))
        elif kind == "gap":
            rest.append(gap_of(data[0]))
        else:
            rest.append(_times(data[1], gap_of(data[0])))
    above += [x for x in rest if _simple(x)]
    divided = [] if below == [lift(1)] else [make("recip", make("mul", *below))]
    return _product([*above, *divided, *(x for x in rest if not _simple(x))])


def _simple(t: Term) -> bool:
    """A rational expression in symbols; brackets are none."""
    if t.op in ("add", "mul", "pow"):
        return all(_simple(x) for x in t.args if isinstance(x, Term))
    return t.op in ("at", "num", "rat") or (t.op == "sym" and not t[1].startswith("["))


def _times(m: Term, difference: Term) -> Term:
    if m.sort == SCALAR:
        return m * difference
    if m.op == "scale":
        return _times(m[1], make("inner", m[2], difference))
    return make("inner", m, difference)


def _product(terms: list[Term]) -> Term:
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
    return _product(factors) if factors else None


def _combine(outline: Outline, step: Theorem) -> Reason:
    premises, data = outline.premises(step), dict(step.step.data)
    supposed = outline.local(step)
    by = cited(outline, (p for p in premises if p.conclusion not in supposed))
    if not data["products"]:
        return Reason(("Multiplying out, with ", *by) if by else ("Multiplying out",))
    if (moved := _rearranged(step)) is not None:
        others = cited(outline, (p for i, p in enumerate(premises) if i != moved))
        start = cited(outline, [premises[moved]])
        return Reason(("Rearranging ", *start, *((" with ", *others) if others else ())))

    def gap_of(i: int) -> Term:
        return shown_gap(outline, premises[i])

    total = certificate(step, gap_of)
    lead: Words = ("By ", *by) if by else ("We have",)
    if text(total) == text(gap(step)) and not data["scale"]:
        return Reason(lead)
    kinds = {f[:2] if f[0] == "times" else () for _, factors in data["products"] for f in factors}
    zero = cited(outline, (p for i, p in enumerate(premises) if ("times", i) in kinds))
    return Reason(lead, total, scale(step, gap_of), _signs(step, zero, () in kinds))


def _signs(step: Theorem, zero: Words, signed: bool) -> Words:
    """What is to be said of the terms of a certificate: which vanish, and the others' sign."""
    strict = step.conclusion.op == "lt"
    if not signed:
        return ("which is zero",)
    if len(dict(step.step.data)["products"]) == 1:
        return ("which is positive" if strict else "which is nonnegative",)
    one = ", one of them positive" if strict else ""
    if zero:
        return ("whose terms are nonnegative", one, " or, by ", *zero, ", zero")
    return ("a sum of nonnegative terms", one)


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
    stage = dict(step.step.data)["given"]
    expectation = make("mean", stage, make("sym", "·", SCALAR, "never"))
    lead = ("Taking ", expectation, " in ", *cited(outline, outline.premises(step)))
    op, left, right = outline.premises(step)[0].conclusion
    if any(t.op in ("mean", "vmean") and t[1] != stage for t in subterms(make(op, left, right))):
        lead = (*lead, ", by the tower rule")
    mean = "vmean" if op == "veq" else "mean"
    out = pulled_out(make(op, make(mean, stage, left), make(mean, stage, right)), stage)
    if not out:
        return Reason(lead)
    verb, them = ("comes", "it") if len(out) == 1 else ("come", "them")
    what = listed([(x,) for x in out])
    return Reason(
        lead, tail=("where ", *what, f" {verb} out, since ", stage, f" determines {them}")
    )


def _induct(outline: Outline, step: Theorem) -> Reason:
    base, following = ([p] for p in outline.premises(step))
    k = step.conclusion[1]
    words = (
        "By induction on ",
        k,
        ", from ",
        *cited(outline, base),
        " for ",
        make("eq", make("num", k), lift(0)),
    )
    return Reason((*words, " and the step ", *cited(outline, following)))


def _integrate(outline: Outline, step: Theorem) -> Reason:
    data = dict(step.step.data)
    lead = ("Integrating ", *cited(outline, outline.premises(step)), " over ", data["t"])
    x, d = data["x"], data["d"]
    return Reason((*lead, " from 0 to 1, along the segment from ", x, " to ", x + d))


_DEFINED = {
    ("sum", True): "the empty sum is 0",
    ("prod", True): "the empty product is 1",
    ("power", True): "a zeroth power is 1",
    ("sum", False): "the sum has one term more",
    ("prod", False): "the product has one factor more",
    ("power", False): "the power has one factor more",
}


def _rewrite(outline: Outline, step: Theorem) -> Reason:
    premise, equation = outline.premises(step)
    equations = [equation]
    while premise not in outline.references and outline.rule(premise) == "rewrite":
        premise, equation = outline.premises(premise)
        equations.insert(0, equation)
    defining = [e for e in equations if outline.rule(e) == "unfold"]
    others = cited(outline, (e for e in equations if e not in defining))
    facts = listed((_defined(dict(e.step.data)["term"]),) for e in defining)
    if premise not in outline.references:
        found = _combine(outline, premise)
        if not dict(premise.step.data)["products"] and not premise.step.premises:
            return Reason(("As ", *facts))
        return replace(found, lead=(*found.lead, ", and as ", *facts))
    start = cited(outline, [premise])
    lead: Words = ("Substituting ", *others, " in ", *start) if others else ("From ", *start)
    return Reason((*lead, ", as ", *facts) if facts else lead)


def _defined(term: Term) -> str:
    return _DEFINED[term.op, term[2] == make("ix", "", 0)]


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
    rule = outline.rule(step)
    if rule == "known":
        return (outline.known[step],)
    chain = [step]
    while (p := outline.premises(chain[-1])[-1 if rule == "cut" else 0]) not in outline.references:
        if outline.rule(p) != rule:
            break
        chain.append(p)
    source = _source(outline, p)
    if rule == "cut":
        lemmas = [outline.premises(t)[0] for t in chain]
        holds = [_source(outline, x) for x in lemmas if x not in outline.references]
        by = listed([cited(outline, (x for x in lemmas if x in outline.references)), *holds])
        return (*source, f", its condition{'s' * (len(lemmas) > 1)} holding by ", *by)
    pairs = [pair for t in reversed(chain) for pair in _put_in(outline.premises(t)[0], t)]
    if not pairs:
        return source
    return (*source, " at " if rule == "specialise" else " with ", *_values(pairs))


def _put_in(theorem: Theorem, step: Theorem) -> Iterator[tuple[Term, Term]]:
    """Each symbol, as a term, with what the step puts for it."""
    values, prop = dict(step.step.data).get("values", ()), theorem.conclusion
    if step.step.rule == "specialise":
        for value in values:
            if prop[1] != value:
                yield prop[1], value
            prop = prop[2]
        return
    declared = {d[0]: d for p in (prop, *theorem.hypotheses) for d in free(p)}
    for name in values:
        _, kind, sort, known = declared[name]
        if kind == "at":
            variable, body = values[name]
            yield make("at", name, sort, known, make("ix", variable, 0)), body
        else:
            symbol = make("ix", name, 0) if kind == "index" else make("sym", name, sort, known)
            yield symbol, values[name]


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
