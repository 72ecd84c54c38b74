"""What a term is worth, exactly, once its symbols have values.

One evaluator serves bounds and checks alike.  This one knows the deterministic scalar part of the
language; ``numeric_checks`` adds vectors, objectives and expectations by overriding ``_other``.
Numbers are of whatever exact type the values have: Fraction, fmpq, or balls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from shrinkproof.kernel.term import Term


class EvaluationError(ValueError):
    """A term whose value the given symbols do not determine."""


class Evaluator:
    """Evaluates scalar terms.

    ``values``: numbers for parameters and, by its name, for any abbreviation that is to be taken as
    given; integers for index variables; for sequences, functions from an index to a number.
    ``rational`` makes a number from a numerator and a denominator.
    """

    def __init__(
        self, values: Mapping[str, Any], rational: Callable[[int, int], Any] = Fraction
    ) -> None:
        self.values = dict(values)
        self.rational = rational

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
        return self._look_up(t[1])(self.index(t[4]))

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
        self.values.pop(variable, None)
        if outer is not None:
            self.values[variable] = outer

    def _sum(self, t: Term) -> Any:
        return sum((self.scalar(t[3]) for _ in self._run(t)), start=self.rational(0, 1))

    def _prod(self, t: Term) -> Any:
        total = self.rational(1, 1)
        for x, times in Counter(self.scalar(t[3]) for _ in self._run(t)).items():
            total = total * self._raised(x, times)  # a long constant product is one power
        return total
