"""Why a multiplier is nonnegative, in the words of the certificate rule.

Nothing here is trusted: a wrong answer is refused by ``combine``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from shrinkproof.kernel.normal import canonical, normal
from shrinkproof.kernel.rules import ProofError, Theorem
from shrinkproof.kernel.term import Term, make

Factors = list[tuple[Any, ...]]


class Signs:
    """Facts ``a <= b`` and ``a < b`` as the known signs of their gaps ``b - a``."""

    def __init__(self, facts: Sequence[Theorem]) -> None:
        self.gaps: dict[Term, int] = {}
        self.strict: dict[Term, int] = {}
        for i, fact in enumerate(facts):
            op, left, right = fact.conclusion
            if op in ("le", "lt"):
                (self.strict if op == "lt" else self.gaps)[canonical(right - left)] = i

    def factors(self, multiplier: Term) -> tuple[Fraction, Factors]:
        """A product of known signs equal to the multiplier: (rational, factors).

        Parts whose own sign no fact gives are looked up together, as one product.
        """
        coefficient, factors, unknown = Fraction(1), [], []
        for part in multiplier.args if multiplier.op == "mul" else (multiplier,):
            try:
                c, f = self._one(part)
            except ProofError:
                unknown.append(part)
            else:
                coefficient *= c
                factors += f
        if unknown:
            known = self._lookup(canonical(make("mul", *unknown)))
            if known is None:
                raise ProofError(f"positivity: no fact gives the sign of {unknown[0]!r}")
            factors.append(("gap", known))
        return coefficient, factors

    def _one(self, t: Term) -> tuple[Fraction, Factors]:
        if t.op == "mul":
            return self.factors(t)
        if t.op == "rat":
            return Fraction(t[1], t[2]), []
        if (known := self._lookup(canonical(t))) is not None:
            return Fraction(1), [("gap", known)]
        if t.op == "pow":
            c, f = self.factors(t[1]) if t[2] % 2 else (Fraction(1), [])
            return c, [("square", t[1])] * (t[2] // 2) + f
        if t.op == "inner" and t[1] == t[2]:
            return Fraction(1), [("square", t[1])]
        if t.op == "recip" and canonical(t[1]) in self.strict:
            return Fraction(1), [("recip", self.strict[canonical(t[1])])]
        rows = normal(t) or {(): Fraction(0)}
        if len(rows) == 1:
            ((monomial, c),) = rows.items()
            if not monomial:
                return c, []
            if monomial != ((t, 1),):
                total: Factors = []
                for atom, e in monomial:
                    scale, f = self._one(make("pow", atom, e) if e > 1 else atom)
                    c, total = c * scale, total + f
                return c, total
        raise ProofError(f"positivity: no fact gives the sign of {t!r}")

    def _lookup(self, gap: Term) -> int | None:
        return self.strict.get(gap, self.gaps.get(gap))
