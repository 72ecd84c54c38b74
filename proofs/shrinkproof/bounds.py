"""A theorem's right-hand side at given constants: exact, and only where its hypotheses hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from shrinkproof import library
from shrinkproof.kernel.term import Term, free, subterms
from shrinkproof.language.evaluate import EvaluationError, Evaluator, Recursion
from shrinkproof.language.statement import Hypothesis, Statement

# Quantities that a user gives although a statement defines them (F itself is not given).
GIVEN = {
    "Delta": "how far F(w_0) lies above F_inf",
    "gap": "how far F(w_0) lies above F_star",
    "D2": "the squared distance from w_0 to w_star",
}
ORDER = ("L", "c", "mu", "q", "q_min", "q_max", "sigma2", "tau2", "K", *GIVEN)
# Never negative by what they are, whatever a theorem says of them.
NONNEGATIVE = {
    **{name: f"it is {words}" for name, words in GIVEN.items()},
    "sigma2": "it is a variance",
    "tau2": "it is a second moment",
}
LONGEST = 10**5  # terms of an exact sum or product
LARGEST = 500_000  # bits of an exact power: a second's work, and 150,000 digits to read
LARGEST_STEP = 50_000  # bits of an element of a recursion: a second's work for all that lead to it
LONGEST_EXPONENT = 5  # digits: "1e999999999" is short but would fill the memory


class BoundError(ValueError):
    """Constants that a bound cannot be computed from; the message says which, and why."""


@dataclass(frozen=True)
class Bound:
    """The value of a theorem's right-hand side, and the hypotheses it rests on.

    ``checked``: names of the hypotheses that the constants were found to satisfy; the others
    speak of the objective and the process, and are the user's to know.
    """

    statement: Statement
    value: Fraction
    checked: tuple[str, ...]

    @property
    def decimal(self) -> str:
        return decimal_up(self.value)

    @property
    def assumed(self) -> tuple[Hypothesis, ...]:
        settled = self.checked
        return tuple(
            h for h in self.statement.hypotheses if not h.defines and h.name not in settled
        )


def decimal_up(x: Fraction, digits: int = 12) -> str:
    """A decimal that is not below x, and exact where ``digits`` significant digits suffice."""
    context = Context(prec=digits, rounding=ROUND_CEILING)
    return f"{context.divide(Decimal(x.numerator), Decimal(x.denominator)).normalize(context):f}"


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
    names = [name for name, _ in _needed(statement.conclusion[2])]
    for h in statement.hypotheses:
        if _is_about_constants(h):
            names += [d for d, kind in _needed(h.prop) if kind == "sym"]
    for rule in statement.recursions.values():
        needed = [*_needed(rule.start), *_needed(rule.step)]
        names += [name for name, _ in needed if name != rule.variable]
    found = set(names) - set(statement.recursions)
    return tuple(sorted(found, key=lambda n: (ORDER.index(n) if n in ORDER else 0, n)))


def _needed(t: Term) -> list[tuple[str, str]]:
    """Free symbols as (name, kind), a given abbreviation standing for its whole body."""
    if t[0] == "named" and t[1] in GIVEN:
        return [(t[1], "sym")]
    if t[0] == "sym":
        return [(t[1], t[0])]
    if t[0] == "at":
        return [(t[1], t[0]), *_needed(t[4])]
    if t[0] == "ix":
        return [(t[1], "index")] if t[1] else []
    if t[0] in ("value", "grad", "inner", "oracle", "vmean"):
        return [("", t[0])]
    found = [n for x in t.args if isinstance(x, Term) and x.sort != "stage" for n in _needed(x)]
    bound_name = t[1] if t[0] in ("sum", "prod") else t[1][1] if t[0] == "forall" else None
    return [n for n in found if n[0] != bound_name]


def _is_about_constants(h: Hypothesis) -> bool:
    """Whether the hypothesis speaks of numbers and sequences alone, and assumes something."""
    return not h.defines and not any(
        x[0] in ("value", "grad", "inner", "oracle", "vmean", "veq", "mean")
        or (x[0] in ("sym", "at") and x[2] == "vector")
        for x in subterms(h.prop)
    )


def evaluate_bound(name: str, values: Mapping[str, Any]) -> Bound:
    """The right-hand side of a theorem, exactly.

    ``name``: id or label.  ``values``: int or Fraction for each of ``parameters``; for a sequence
    one number, meaning constant, or a tuple of K numbers; q_min and q_max default to the
    least and greatest q.  Raises BoundError where a name is missing or unknown, a value is out
    of its range, or a hypothesis of the theorem is violated.
    """
    statement = library.result(name).statement
    label = statement.label
    conclusion = statement.conclusion
    takes = parameters(statement) if conclusion.op in ("le", "lt", "eq") else ("",)
    if "" in takes:
        raise BoundError(f"{label}: its right-hand side is not a number made of constants")
    optional = {"q"} if _sequence(statement, "q") else set()
    given = {n: _exact(label, n, v) for n, v in values.items()}
    if unknown := sorted(set(given) - set(takes) - optional):
        raise BoundError(f"{label}: unknown name {unknown[0]}; it takes {', '.join(takes)}")
    for end, pick in (("q_min", min), ("q_max", max)):
        if end in takes and "q" in given:
            given.setdefault(end, pick(_listed(given["q"])))
    if missing := [n for n in takes if n not in given]:
        raise BoundError(f"{label}: missing {', '.join(missing)}; it takes {', '.join(takes)}")
    ready = _ready(statement, given, takes)
    # Where every sequence is constant, step 0 stands for all steps.
    varying = any(len(_listed(v)) > 1 for v in given.values())
    checked = tuple(_check(statement, Constants(ready, ready.get("K", 0) if varying else 1)))
    try:
        value = Constants(ready, ready.get("K", 0), statement.recursions).scalar(conclusion[2])
    except EvaluationError as error:
        raise BoundError(f"{label}: {error}") from None
    return Bound(statement, value, checked)


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


def _ready(statement: Statement, given: Mapping[str, Any], takes: Iterable[str]) -> dict[str, Any]:
    """The values as the evaluator wants them, each within what its name means."""
    label, ready = statement.label, dict(given)
    for name, value in given.items():
        if isinstance(value, tuple) and not _sequence(statement, name):
            raise BoundError(f"{label}: {name} is one number, not a list of {len(value)}")
    if "K" in given:
        steps = given["K"]
        if steps.denominator != 1 or steps < 0:
            raise BoundError(f"{label}: K = {steps} is not a number of steps; give an integer >= 0")
        ready["K"] = int(steps)
        loops = statement.recursions or any(
            x[0] in ("sum", "prod") for x in subterms(statement.conclusion[2])
        )
        if loops and steps > LONGEST:
            raise BoundError(
                f"{label}: K = {steps} is too long for an exact sum; at most {LONGEST}"
            )
    for name, value in given.items():
        if name in NONNEGATIVE and min(_listed(value)) < 0:
            raise BoundError(f"{label}: {name} = {value} is negative, but {NONNEGATIVE[name]}")
        if _sequence(statement, name):
            ready[name] = _constant_or_list(label, name, _listed(value), ready.get("K"))
    if "q_min" in given and given["q_min"] > given["q_max"]:
        raise BoundError(
            f"{label}: q_min = {given['q_min']} exceeds q_max = {given['q_max']}; "
            "no q_k lies between"
        )
    return ready


def _constant_or_list(label: str, name: str, values: tuple[Any, ...], steps: int | None) -> Any:
    if len(values) == 1:
        return lambda _: values[0]
    if steps is not None and len(values) != steps:
        raise BoundError(f"{label}: {name} has {len(values)} values; give one, or K = {steps}")
    return lambda i: values[i]


def _bits(x: Fraction) -> int:
    return max(x.numerator.bit_length(), x.denominator.bit_length())


class Constants(Evaluator):
    """The evaluator where all is deterministic: an expectation is what it is taken of."""

    def __init__(
        self,
        values: Mapping[str, Any],
        steps: int,
        recursions: Mapping[str, Recursion] = MappingProxyType({}),
    ) -> None:
        super().__init__(values, recursions=recursions)
        self.steps = steps

    def _mean(self, t: Term) -> Any:
        return self.scalar(t[2])

    def _raised(self, x: Any, times: int) -> Any:
        if abs(x) not in (0, 1):
            self._fits(times * _bits(x), LARGEST)
        return x**times

    def _recursive(self, name: str, i: int) -> Any:
        for j in range(len(self._computed.get(name, ())), i):
            self._fits(_bits(super()._recursive(name, j)), LARGEST_STEP)
        return super()._recursive(name, i)

    def _fits(self, bits: int, most: int) -> None:
        if bits > most:
            raise EvaluationError(
                f"K = {self.steps} is too large for an exact value: it has some {bits // 3} digits"
            )

    def violation(self, prop: Term) -> str | None:
        """The first instance of a hypothesis that fails, in numbers; None if all hold."""
        if prop[0] == "forall":
            for i in range(max(self.steps, 1)):
                self.values[prop[1][1]] = i
                if (found := self.violation(prop[2])) is not None:
                    return f"at {prop[1][1]} = {i}: {found}"
            return None
        left, right = self.scalar(prop[1]), self.scalar(prop[2])
        holds = left <= right if prop[0] == "le" else left < right
        return None if holds else f"{left} {'<=' if prop[0] == 'le' else '<'} {right} is false"


def _check(statement: Statement, constants: Constants) -> list[str]:
    """Names of the hypotheses that hold for the constants; BoundError at the first violated."""
    checked = []
    for h in statement.hypotheses:
        if not _is_about_constants(h):
            continue
        try:
            found = constants.violation(h.prop)
        except EvaluationError:
            continue
        if found is not None:
            raise BoundError(
                f"{statement.label}: hypothesis {h.name} is violated ({h.words}): {found}"
            )
        checked.append(h.name)
    return checked
