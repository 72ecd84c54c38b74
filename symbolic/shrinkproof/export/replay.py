"""A certificate put through the kernel: every step by the rule that it names, or it proves nothing.

A step is believed only if the kernel, given its premises and data, makes a theorem of which the
certificate would write that very step.  And a certificate is believed only as a whole: each step
is used, the conclusions declared are those proved, and the symbols and hypotheses declared are
exactly those that the proof is about and rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from shrinkproof import kernel
from shrinkproof.export.certificate import (
    CertificateError,
    abbreviations,
    check_form,
    compact,
    decode,
    rational,
    step_of,
    symbols,
)
from shrinkproof.kernel.normal import key, same
from shrinkproof.kernel.rules import ProofError, Theorem
from shrinkproof.kernel.term import PROP, Term

Known = dict[Any, Theorem]


def replay(data: Any, known: Known | None = None) -> tuple[Theorem, ...]:
    """Prove it again: every step through the kernel's rules; its conclusions as theorems.

    ``known`` remembers steps from one certificate to the next: what is proved stays proved.
    Raises CertificateError for malformed data, ProofError where a rule refuses a step, or the
    proof is not exactly that of what the certificate declares.
    """
    check_form(data)
    hypotheses = [_prop(h["prop"], f"hypotheses, {i}") for i, h in enumerate(data["hypotheses"])]
    conclusions = [_prop(c["prop"], f"conclusions, {i}") for i, c in enumerate(data["conclusions"])]
    _declared(data, [*hypotheses, *conclusions])
    theorems: list[Theorem] = []
    for i, step in enumerate(data["steps"]):
        theorems.append(_step(step, theorems, f"step {i}", {} if known is None else known))
    ends = [c["step"] for c in data["conclusions"]]
    _numbers(ends, len(theorems), "conclusions, step")
    used = {*ends, *(n for step in data["steps"] for n in step["premises"])}
    if idle := sorted(set(range(len(theorems))) - used):
        raise CertificateError(f"step {idle[0]}: nothing uses it")
    found = tuple(theorems[n] for n in ends)
    for i, (theorem, prop) in enumerate(zip(found, conclusions, strict=True)):
        if not same(theorem.conclusion, prop):
            raise ProofError(f"conclusions, {i}: step {ends[i]} does not prove it")
    rests_on = frozenset().union(*(t.hypotheses for t in found))
    if unlisted := rests_on - set(hypotheses):
        raise ProofError(
            f"it rests on a hypothesis that it does not list: {min(unlisted, key=key)}"
        )
    for h, prop in zip(data["hypotheses"], hypotheses, strict=True):
        if prop not in rests_on or hypotheses.count(prop) > 1:
            raise ProofError(f"it does not rest on the hypothesis {h['name']!r}, or lists it twice")
    return found


def _prop(data: Any, where: str) -> Term:
    term = decode(data, where)
    if term.sort != PROP:
        raise CertificateError(f"{where}: expected a proposition, got a {term.sort}")
    return term


def _declared(data: Mapping[str, Any], props: Sequence[Term]) -> None:
    """The symbols declared are the free ones, as they are; no abbreviation misleads."""
    wanted = symbols(props)
    if compact(data["symbols"]) != compact(wanted):
        raise CertificateError("symbols: not exactly those of the hypotheses and conclusions")
    names = [s["name"] for s in wanted]
    if twice := sorted(n for n in set(names) if names.count(n) > 1):
        raise CertificateError(f"symbols: {twice[0]!r} is declared in two ways")
    for name, bodies in abbreviations(props).items():
        if len(bodies) > 1 or name in names:
            raise CertificateError(f"{name!r} abbreviates two terms, or is a symbol's name, too")


def _step(step: Mapping[str, Any], before: Sequence[Theorem], where: str, known: Known) -> Theorem:
    numbers = _numbers(step["premises"], len(before), f"{where}, premises")
    rule = step["rule"]
    if type(rule) is not str or rule not in RULES:
        raise CertificateError(f"{where}: no rule {rule!r}")
    premises = [before[n] for n in numbers]
    seen = rule, tuple(premises), compact(step["conclusion"]), compact(step["data"])
    if seen in known:
        return known[seen]
    goal = decode(step["conclusion"], f"{where}, conclusion")
    try:
        arguments = _Data(step["data"], len(premises), f"{where}, data")
        theorem = RULES[rule](premises, goal, arguments)
    except CertificateError:
        raise
    except ProofError as error:
        raise ProofError(f"{where}: {error}") from None
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise CertificateError(f"{where}: not what the rule {rule} takes: {error}") from None
    if theorem.conclusion != goal:
        raise ProofError(f"{where}: {rule} does not conclude what is claimed")
    if theorem.step.premises != tuple(premises) or compact(step) != compact(
        step_of(theorem, numbers)
    ):
        raise CertificateError(f"{where}: more or other data than the rule {rule} takes")
    known[seen] = theorem
    return theorem


def _numbers(x: Any, below: int, where: str) -> list[int]:
    if type(x) is not list or not all(type(n) is int and 0 <= n < below for n in x):
        raise CertificateError(f"{where}: expected a list of integers from 0 to {below - 1}")
    return x


class _Data:
    """The rest of what a rule was given, read as what the rule wants."""

    def __init__(self, data: Any, premises: int, where: str) -> None:
        if type(data) is not dict:
            raise CertificateError(f"{where}: expected an object")
        self.data, self.premises, self.where = data, premises, where

    def numbers(self, name: str, below: int | None = None) -> list[int]:
        limit = self.premises if below is None else below
        return _numbers(self.data[name], limit, f"{self.where}, {name}")

    def term(self, name: str) -> Term:
        return decode(self.data[name], f"{self.where}, {name}")

    def terms(self, name: str) -> list[Term]:
        return [decode(x, f"{self.where}, {name}") for x in self.data[name]]

    def products(self) -> list[tuple[Fraction, list[tuple[Any, ...]]]]:
        where = f"{self.where}, products"
        return [
            (rational(c, where), [self._factor(f, where) for f in factors])
            for c, factors in self.data["products"]
        ]

    def _factor(self, data: Any, where: str) -> tuple[Any, ...]:
        word, *rest = data
        numbers = [] if word == "square" else _numbers(rest[:1], self.premises, where)
        terms = [decode(x, where) for x in rest[len(numbers) :]]
        if len(terms) != {"gap": 0, "recip": 0, "square": 1, "times": 1}[word]:
            raise CertificateError(f"{where}: {word} with {len(terms)} terms")
        return word, *numbers, *terms

    def values(self) -> dict[str, Any]:
        where = f"{self.where}, values"
        return {name: self._value(x, where) for name, x in self.data["values"].items()}

    def _value(self, data: Any, where: str) -> Any:
        if type(data) is not dict:
            return decode(data, where)
        body = decode(data["body"], where)
        decode(["sym", data["variable"], "scalar", "start"], where)  # a name, and not an empty one
        return (data["variable"], body)

    def side(self, term: Term) -> int:
        (side,) = _numbers([self.data["side"]], 2 if term.op == "max" else 1, f"{self.where}, side")
        return side

    def name(self, name: str) -> str:
        decode(["value", self.data[name], ["zero"]], f"{self.where}, {name}")
        return str(self.data[name])


def _unfold(d: _Data) -> Theorem:
    term = d.term("term")
    return kernel.unfold(term, d.side(term))


RULES: dict[str, Callable[[list[Theorem], Term, _Data], Theorem]] = {
    "assume": lambda _, goal, __: kernel.assume(goal),
    "combine": lambda p, goal, d: kernel.combine(
        goal, p, d.products(), d.numbers("scale"), d.numbers("nonzero")
    ),
    "expect": lambda p, goal, d: kernel.expect(p[0], d.term("given"), goal),
    "specialise": lambda p, _, d: kernel.specialise(p[0], *d.terms("values")),
    "generalise": lambda p, _, d: kernel.generalise(p[0], *d.terms("variables")),
    "instantiate": lambda p, _, d: kernel.instantiate(p[0], d.values()),
    "induct": lambda p, goal, _: kernel.induct(p[0], p[1], goal),
    "unfold": lambda _, __, d: _unfold(d),
    "root": lambda p, _, __: kernel.root(p[0]),
    "integrate": lambda p, goal, d: kernel.integrate(
        p[0], d.term("t"), d.term("x"), d.term("d"), d.name("function"), goal
    ),
    "rewrite": lambda p, goal, _: kernel.rewrite(p[0], p[1], goal),
    "cut": lambda p, _, __: kernel.cut(p[0], p[1]),
    "cases": lambda p, _, d: kernel.cases(p[0], p[1], d.term("a"), d.term("b")),
}
