"""A theorem's right-hand side at given constants: exact, and only where its hypotheses hold.

The right-hand side of an equation counts too: it is the left side's value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from shrinkproof import library
from shrinkproof.constants import LARGEST, Constants, TooLarge, Undecided, decimal_up
from shrinkproof.export.printer import quantifiers, text
from shrinkproof.kernel.term import VECTOR, Term, free, subterms
from shrinkproof.language.evaluate import EvaluationError
from shrinkproof.language.statement import Hypothesis, Statement

# Quantities that a user gives although a statement defines them (F itself is not given).
GIVEN = {
    "Delta": "how far F(w_0) lies above F_inf",
    "gap": "how far F(w_0) lies above F_star",
    "D2": "the squared distance from w_0 to w_star",
}
ORDER = (
    *("L", "c", "mu", "mu0", "beta", "gamma", "q", "q_min", "q_max", "sigma2", "tau2"),
    *("omega", "u", "eta2", "t", "p", "h", "S", "d", "K", "epsilon", "s", "S2", *GIVEN),
)
# What values are by what they are, whatever a theorem says of them.
NONNEGATIVE = {
    **{name: f"it is {words}" for name, words in GIVEN.items()},
    "sigma2": "it is a variance",
    "tau2": "it is a second moment",
    "eta2": "it is a squared error",
    "h": "it is a spacing",
}
POSITIVE = {"S": "it is a scale"}
COUNTS = {"K": "number of steps", "p": "number of bits", "d": "dimension"}
LONGEST = 10**5  # terms of an exact sum or product
LONGEST_EXPONENT = 5  # digits: "1e999999999" is short but would fill the memory
_SPACE = ("value", "grad", "inner", "oracle", "vmean")  # where F and vectors are spoken of


class BoundError(ValueError):
    """Constants that a bound cannot be computed from; the message says which, and why."""


@dataclass(frozen=True)
class Bound:
    """A theorem's right-hand side, between two rationals, and the hypotheses it rests on.

    ``lower``, ``upper``: equal where the right-hand side is rational.  ``checked``: names of the
    hypotheses that the constants were found to satisfy; the others speak of the objective and the
    process, and are the user's to know, except for definitions.
    """

    statement: Statement
    lower: Fraction
    upper: Fraction
    checked: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        return self.lower == self.upper

    @property
    def value(self) -> Fraction:
        """The right-hand side itself.  Raises BoundError where a root in it is irrational."""
        if not self.is_exact:
            raise BoundError(
                f"{self.statement.label}: its right-hand side is known between two rationals"
            )
        return self.upper

    @property
    def decimal(self) -> str:
        return decimal_up(self.upper)

    @property
    def assumed(self) -> tuple[Hypothesis, ...]:
        return tuple(
            h for h in self.statement.hypotheses if not h.defines and h.name not in self.checked
        )


def parse_rational(text: str) -> Fraction:
    """The exact rational that "1/10" or "0.1" or "2e-3" spells; ValueError otherwise."""
    exponent = text.lower().partition("e")[2].strip(" +-")
    if len(exponent) > LONGEST_EXPONENT:
        raise ValueError(f"{text!r} is out of range")
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{text!r} is not an exact number such as 3, 1/10 or 0.1") from None


def parameters(statement: Statement) -> tuple[str, ...]:
    """The names that its bound takes, in a customary order."""
    return tuple(sorted(_kinds(statement), key=lambda n: (_place(n), n)))


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _kinds(statement: Statement) -> dict[str, str]:
    """The kind of each name to be given: "sym", "at" or "index"; the name "" for other things."""
    found = dict(_needed(statement, statement.conclusion[2]))
    for h in _about_constants(statement):
        found.update((name, kind) for name, kind in _needed(statement, h.prop) if kind != "at")
    return found


def _optional(statement: Statement) -> set[str]:
    """Sequences that only hypotheses speak of: they are checked where they are given."""
    needed = (n for h in _about_constants(statement) for n in _needed(statement, h.prop))
    return {name for name, kind in needed if kind == "at"}


def _needed(statement: Statement, t: Term) -> list[tuple[str, str]]:
    """Free symbols as (name, kind), a given abbreviation standing for its whole body."""
    recursions = dict(statement.recursions)

    def walk(t: Term) -> list[tuple[str, str]]:
        if t[0] == "named" and t[1] in GIVEN:
            return [(t[1], "sym")]
        if t[0] in _SPACE or t.sort == VECTOR:
            return [("", t[0])]
        if t[0] == "ix":
            return [(t[1], "index")] if t[1] else []
        found = [n for x in t.args if isinstance(x, Term) and x[0] != "stage" for n in walk(x)]
        if t[0] == "sym":
            return [(t[1], t[0])]
        if t[0] == "at":
            rule = recursions.pop(t[1], None)
            if rule is not None:
                found += [n for x in (rule.start, rule.step) for n in walk(x)]
                return [n for n in found if n[0] != rule.variable]
            return found if t[1] in statement.recursions else [*found, (t[1], t[0])]
        bound = t[1] if t[0] in ("sum", "prod") else t[1][1] if t[0] == "forall" else None
        return [n for n in found if n[0] != bound]

    return walk(t)


def _about_constants(statement: Statement) -> tuple[Hypothesis, ...]:
    """The hypotheses that speak of numbers and sequences alone, and are no definitions."""
    return tuple(h for h in statement.hypotheses if not h.defines and _is_about_numbers(h.prop))


def _is_about_numbers(t: Term) -> bool:
    if t[0] == "named" and t[1] in GIVEN:
        return True
    if t[0] in (*_SPACE, "veq", "mean") or t.sort == VECTOR:
        return False
    return all(_is_about_numbers(x) for x in t.args if isinstance(x, Term))


def evaluate_bound(name: str, values: Mapping[str, Any]) -> Bound:
    """The right-hand side of a theorem, exactly, or between two rationals where it is irrational.

    ``name``: id or label.  ``values``: int or Fraction for each of ``parameters``; for a sequence
    one number, meaning constant, or a tuple of K numbers; q_min and q_max default to the
    least and greatest q.  Raises BoundError where the conclusion bounds no number, a name is
    missing or unknown, a value is out of its range, or a hypothesis of the theorem is violated.
    """
    statement = library.result(name).statement
    label = statement.label
    kinds = _kinds_of_a_bound(statement)
    takes = parameters(statement)
    given = {n: _exact(label, n, v) for n, v in values.items()}
    if unknown := sorted(set(given) - set(takes) - _optional(statement)):
        raise BoundError(f"{label}: unknown name {unknown[0]}; it takes {', '.join(takes)}")
    for end, pick in (("q_min", min), ("q_max", max)):
        if end in takes and "q" in given:
            given.setdefault(end, pick(_listed(given["q"])))
    if missing := [n for n in takes if n not in given]:
        raise BoundError(f"{label}: missing {', '.join(missing)}; it takes {', '.join(takes)}")
    ready = _ready(statement, given, {n for n, kind in kinds.items() if kind == "index"})
    # Where every sequence is constant, step 0 stands for all steps.
    varying = any(len(_listed(v)) > 1 for v in given.values())
    constants = Constants(ready, ready.get("K", 0) if varying else 1, statement.recursions)
    checked = _checked(statement, constants)
    try:
        lower, upper = constants.enclosure(statement.conclusion[2])
    except EvaluationError as error:
        raise BoundError(f"{label}: {error}") from None
    return Bound(statement, lower, upper, checked)


def _kinds_of_a_bound(statement: Statement) -> dict[str, str]:
    """The names that the bound takes; BoundError where the conclusion bounds no number."""
    label, conclusion = statement.label, statement.conclusion
    if conclusion.op == "forall":
        variables, _ = quantifiers(conclusion)
        names = ", ".join(text(x) for x in variables)
        raise BoundError(f"{label}: its conclusion is about all {names}; it bounds no number")
    kinds = _kinds(statement)
    if "" in kinds:
        raise BoundError(f"{label}: its right-hand side is not a number made of constants")
    return kinds


def _exact(label: str, name: str, value: Any) -> Any:
    if isinstance(value, tuple) and value:
        return tuple(_exact(label, name, v) for v in value)
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    raise BoundError(f"{label}: {name} = {value!r} is not exact; give an int, Fraction or tuple")


def _listed(x: Any) -> tuple[Any, ...]:
    return x if isinstance(x, tuple) else (x,)


def _sequence(statement: Statement, name: str) -> bool:
    props = [*statement.conclusions, *(h.prop for h in statement.hypotheses)]
    return any(d[:2] == (name, "at") for p in props for d in free(p))


def _ready(
    statement: Statement, given: Mapping[str, Any], counts: Collection[str]
) -> dict[str, Any]:
    """The values as the evaluator wants them, each within what its name means."""
    label, ready = statement.label, dict(given)
    for name, value in given.items():
        if isinstance(value, tuple) and not _sequence(statement, name):
            raise BoundError(f"{label}: {name} is one number, not a list of {len(value)}")
        if name in counts:
            ready[name] = _count(label, name, value)
        least = min(_listed(value))
        if name in NONNEGATIVE and least < 0:
            raise BoundError(f"{label}: {name} = {least} is negative, but {NONNEGATIVE[name]}")
        if name in POSITIVE and least <= 0:
            raise BoundError(f"{label}: {name} = {least} is not positive, but {POSITIVE[name]}")
    if ready.get("K", 0) > LONGEST and _loops(statement):
        raise BoundError(
            f"{label}: K = {ready['K']} is too long for an exact sum; at most {LONGEST}"
        )
    for name, value in given.items():
        if _sequence(statement, name):
            ready[name] = _constant_or_list(label, name, _listed(value), ready.get("K"))
    if "q_min" in given and given["q_min"] > given.get("q_max", given["q_min"]):
        raise BoundError(
            f"{label}: q_min = {given['q_min']} exceeds q_max = {given['q_max']}; "
            "no q_k lies between"
        )
    return ready


def _count(label: str, name: str, value: Fraction) -> int:
    if value.denominator != 1 or value < 0:
        raise BoundError(
            f"{label}: {name} = {value} is not a {COUNTS.get(name, 'natural number')}; "
            "give an integer >= 0"
        )
    return int(value)


def _loops(statement: Statement) -> bool:
    """Whether something is summed, multiplied or computed step by step up to K."""
    terms = [statement.conclusion[2], *(h.prop for h in _about_constants(statement))]
    return any(
        x[0] in ("sum", "prod") or (x[0] == "at" and x[1] in statement.recursions)
        for t in terms
        for x in subterms(t)
    )


def _constant_or_list(label: str, name: str, values: tuple[Any, ...], steps: int | None) -> Any:
    if len(values) == 1:
        return lambda _: values[0]
    if steps is not None and len(values) != steps:
        raise BoundError(f"{label}: {name} has {len(values)} values; give one, or K = {steps}")
    return lambda i: values[i]


def _checked(statement: Statement, constants: Constants) -> tuple[str, ...]:
    """Names of the hypotheses that hold for the constants; BoundError at the first violated."""
    checked = []
    for h in _about_constants(statement):
        try:
            found = constants.violation(h.prop)
        except (TooLarge, Undecided) as error:
            raise BoundError(
                f"{statement.label}: hypothesis {h.name} ({h.words}) cannot be checked: {error}"
            ) from None
        except EvaluationError:
            continue  # it speaks of something that was not given
        if found is not None:
            raise BoundError(
                f"{statement.label}: hypothesis {h.name} is violated ({h.words}): {found}"
            )
        checked.append(h.name)
    return tuple(checked)


__all__ = [
    "LARGEST",
    "Bound",
    "BoundError",
    "Constants",
    "decimal_up",
    "evaluate_bound",
    "parameters",
    "parse_rational",
]
