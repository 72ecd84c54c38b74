"""What a term is worth, exactly, once its symbols have values.

One evaluator serves bounds and checks alike.  This one knows the deterministic scalar part of the
language; ``numeric_checks`` adds vectors, objectives and expectations by overriding ``_other``.
Numbers are of whatever exact type the values have: Fraction, fmpq, or balls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from types import MappingProxyType
from typing import Any

from shrinkproof.kernel.term import Term


class EvaluationError(ValueError):
    """A term whose value the given symbols do not determine."""


@dataclass(frozen=True)
class Recursion:
    """A sequence r of scalars: r_0 = start, r_{k+1} = step, a term in r_k and the variable k."""

    start: Term
    variable: str
    step: Term


class Evaluator:
    """Evaluates scalar terms.

    ``values``: numbers for parameters and, by its name, for any abbreviation that is to be taken as
    given; integers for index variables; for sequences, functions from an index to a number.
    ``rational`` makes a number from a numerator and a denominator.  ``recursions``: the sequences
    that a statement defines, by name.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        rational: Callable[[int, int], Any] = Fraction,
        recursions: Mapping[str, Recursion] = MappingProxyType({}),
    ) -> None:
        self.values = dict(values)
        self.rational = rational
        self.recursions = recursions
        self._computed: dict[str, list[Any]] = {}

    def index(self, t: Term) -> int:
        """The natural number that an index term stands for."""
        return int(t[2]) + (int(self._look_up(t[1])) if t[1] else 0)

    def scalar(self, t: Term) -> Any:
        """The value of a scalar term.  Raises EvaluationError where a symbol has none."""
        method = getattr(self, f"_{t[0]}", None)
        return method(t) if method is not None else self._other(t)

    def _other(self, t: Term) -> Any:
        raise EvaluationError(f"no value for {t[0]} from constants alone")

    def _look_up(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise EvaluationError(f"no value for {name}") from None

    def _rat(self, t: Term) -> Any:
        return self.rational(t[1], t[2])

    def _sym(self, t: Term) -> Any:
        return self._look_up(t[1])

    def _at(self, t: Term) -> Any:
        if t[1] in self.recursions:
            return self._recursive(t[1], self.index(t[4]))
        return self._look_up(t[1])(self.index(t[4]))

    def _recursive(self, name: str, i: int) -> Any:
        """Element i of a sequence that is defined by recursion."""
        rule = self.recursions[name]
        known = self._computed.setdefault(name, [])
        if not known:
            known.append(self.scalar(rule.start))
        outer = self.values.get(rule.variable)
        while len(known) <= i:
            self.values[rule.variable] = len(known) - 1
            known.append(self.scalar(rule.step))
        self._restore(rule.variable, outer)
        return known[i]

    def _restore(self, variable: str, outer: Any) -> None:
        self.values.pop(variable, None)
        if outer is not None:
            self.values[variable] = outer

    def _num(self, t: Term) -> Any:
        return self.rational(self.index(t[1]), 1)

    def _add(self, t: Term) -> Any:
        total = self.rational(0, 1)
        for x in t.args:
            total = total + self.scalar(x)
        return total

    def _mul(self, t: Term) -> Any:
        total = self.rational(1, 1)
        for x in t.args:
            total = total * self.scalar(x)
        return total

    def _pow(self, t: Term) -> Any:
        return self.scalar(t[1]) ** t[2]

    def _power(self, t: Term) -> Any:
        return self._raised(self.scalar(t[1]), self.index(t[2]))

    def _raised(self, x: Any, times: int) -> Any:
        return x**times

    def _recip(self, t: Term) -> Any:
        # 1/0 is 0 in the language, so that every term has a value.
        x = self.scalar(t[1])
        return x if x == 0 else self.rational(1, 1) / x

    def _sqrt(self, t: Term) -> Any:
        x = self.scalar(t[1])
        return self._root(x) if x > 0 else self.rational(0, 1)

    def _root(self, x: Any) -> Any:
        """The square root of a positive number, exact where it is rational."""
        p, q = isqrt(int(x.numerator)), isqrt(int(x.denominator))
        if p * p != x.numerator or q * q != x.denominator:
            raise EvaluationError(f"the square root of {x} is irrational")
        return self.rational(p, q)

    def _max(self, t: Term) -> Any:
        a, b = self.scalar(t[1]), self.scalar(t[2])
        return a if a >= b else b

    def _named(self, t: Term) -> Any:
        return self.values[t[1]] if t[1] in self.values else self.scalar(t[2])

    def _run(self, t: Term) -> Iterator[None]:
        """Let the variable of a sum or product take each of its values in turn."""
        variable, outer = t[1], self.values.get(t[1])
        for i in range(self.index(t[2])):
            self.values[variable] = i
            yield
        self._restore(variable, outer)

    def _sum(self, t: Term) -> Any:
        return sum((self.scalar(t[3]) for _ in self._run(t)), start=self.rational(0, 1))

    def _prod(self, t: Term) -> Any:
        total = self.rational(1, 1)
        for x, times in Counter(self.scalar(t[3]) for _ in self._run(t)).items():
            total = total * self._raised(x, times)  # a long constant product is one power
        return total
