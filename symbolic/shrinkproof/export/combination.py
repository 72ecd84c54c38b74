"""The certificate rule in words: the difference of the two sides as a sum of terms of known sign.

In a certificate [n] stands for the right side minus the left side of (n).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from shrinkproof.export.outline import Outline, bracketed
from shrinkproof.export.printer import text
from shrinkproof.export.tidy import tidy
from shrinkproof.export.wording import Reason, Words
from shrinkproof.kernel.rules import Theorem
from shrinkproof.kernel.term import SCALAR, VECTOR, Term, lift, make

EXPLICIT = 20  # characters of a difference that a certificate spells out


def gap(theorem: Theorem) -> Term:
    """The right side minus the left side."""
    left: Term = theorem.conclusion[1]
    right: Term = theorem.conclusion[2]
    zero = (make("rat", 0, 1), make("zero"))
    return right if left in zero else -left if right in zero else right - left


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
    divided = [make("recip", x) for x in below if x != lift(1)]
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


def combined(outline: Outline, step: Theorem) -> Reason:
    """The reason for a combination."""
    premises, data = outline.premises(step), dict(step.step.data)
    supposed = outline.local(step)
    by = outline.cited(p for p in premises if p.conclusion not in supposed)
    if not data["products"]:
        return Reason(("Multiplying out, with ", *by) if by else ("Multiplying out",))
    if (moved := _rearranged(step)) is not None:
        others = outline.cited(p for i, p in enumerate(premises) if i != moved)
        start = outline.cited([premises[moved]])
        return Reason(("Rearranging ", *start, *((" with ", *others) if others else ())))

    def gap_of(i: int) -> Term:
        return shown_gap(outline, premises[i])

    total = certificate(step, gap_of)
    lead: Words = ("By ", *by) if by else ("We have",)
    if text(total) == text(gap(step)) and not data["scale"]:
        return Reason(lead)
    vanishing = [{f[1] for f in fs if f[0] == "times"} for _, fs in data["products"]]
    zero = outline.cited(p for i, p in enumerate(premises) if any(i in x for x in vanishing))
    return Reason(lead, total, scale(step, gap_of), _signs(step, zero, not all(vanishing)))


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
