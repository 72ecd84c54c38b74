"""Why a step holds, rule by rule, in the words of a proof on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from shrinkproof.export.combination import combined
from shrinkproof.export.outline import Outline
from shrinkproof.export.printer import text
from shrinkproof.export.tidy import pulled_out
from shrinkproof.export.wording import Reason, Words, listed
from shrinkproof.kernel.rules import Theorem
from shrinkproof.kernel.term import SCALAR, Term, free, lift, make, subterms


def reason(outline: Outline, step: Theorem) -> Reason:
    """The reason for a step that has a line."""
    found = _RULES.get(outline.rule(step), _adapted)(outline, step)
    local = [p for p in outline.local(step) if p not in _distinguished(outline, step)]
    if not local:
        return found
    suppose: Words = ("Suppose ", *listed([(p,) for p in local]), ". ")
    return replace(found, lead=(*suppose, *found.lead))


def _expect(outline: Outline, step: Theorem) -> Reason:
    stage = dict(step.step.data)["given"]
    expectation = make("mean", stage, make("sym", "·", SCALAR, "never"))
    lead = ("Taking ", expectation, " in ", *outline.cited(outline.premises(step)))
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
        *outline.cited(base),
        " for ",
        make("eq", make("num", k), lift(0)),
    )
    return Reason((*words, " and the step ", *outline.cited(following)))


def _integrate(outline: Outline, step: Theorem) -> Reason:
    data = dict(step.step.data)
    lead = ("Integrating ", *outline.cited(outline.premises(step)), " over ", data["t"])
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
    others = outline.cited(e for e in equations if e not in defining)
    facts = listed((_defined(dict(e.step.data)["term"]),) for e in defining)
    if premise not in outline.references:
        found = combined(outline, premise)
        if not dict(premise.step.data)["products"] and not premise.step.premises:
            return Reason(("As ", *facts))
        return replace(found, lead=(*found.lead, ", and as ", *facts))
    start = outline.cited([premise])
    lead: Words = ("Substituting ", *others, " in ", *start) if others else ("From ", *start)
    return Reason((*lead, ", as ", *facts) if facts else lead)


def _defined(term: Term) -> str:
    return _DEFINED[term.op, term[2] == make("ix", "", 0)]


def _distinguished(outline: Outline, step: Theorem) -> tuple[Term, ...]:
    """The two cases, where the step is that one of them holds."""
    if outline.rule(step) != "cases":
        return ()
    data = dict(step.step.data)
    return data["a"] < data["b"], data["b"] <= data["a"]


def _cases(outline: Outline, step: Theorem) -> Reason:
    data = dict(step.step.data)
    less, greater = ([p] for p in outline.premises(step))
    first = (*outline.cited(less), " if ", data["a"] < data["b"])
    return Reason(
        ("By ", *first, " and by ", *outline.cited(greater), " if ", data["b"] <= data["a"])
    )


def _unfold(_: Outline, step: Theorem) -> Reason:
    names = {"prod": "product", "max": "maximum", "num": "natural numbers", "sqrt": "square root"}
    op = dict(step.step.data)["term"].op
    return Reason((f"By the definition of the {names.get(op, op)}",))


def _root(outline: Outline, step: Theorem) -> Reason:
    return Reason(
        ("By ", *outline.cited(outline.premises(step)), " and the definition of the square root")
    )


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
        return outline.cited([step])
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
        by = listed([outline.cited(x for x in lemmas if x in outline.references), *holds])
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
    "combine": combined,
    "expect": _expect,
    "induct": _induct,
    "integrate": _integrate,
    "rewrite": _rewrite,
    "cases": _cases,
    "unfold": _unfold,
    "root": _root,
    "assume": _assume,
}
