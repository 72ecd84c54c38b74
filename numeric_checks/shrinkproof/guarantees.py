"""What is proved for gradients that are rounded to a format, format by format and mode by mode.

The lemmas R1 to R3 say which model a way of rounding satisfies while nothing overflows and no
coordinate is subnormal; the end-to-end theorems E1 to E3 say what follows for SGD, underflow
included.  Every number here is a part of their statements, evaluated: no formula is typed a second
time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from flint import fmpq

from shrinkproof import library
from shrinkproof.exact import fraction
from shrinkproof.formats import FORMATS, Format
from shrinkproof.kernel.term import Term
from shrinkproof.language.evaluate import Evaluator
from shrinkproof.language.symbols import sqrt
from shrinkproof.planning import Decay, least_initial
from shrinkproof.quantizers import Quantizer, Rounding

Constants = Mapping[str, Fraction]
ONE, ZERO = Fraction(1), Fraction(0)
EXACT: Constants = {"q_min": ONE, "q_max": ONE, "tau2": ZERO}  # T1 and T3p without rounding


@dataclass(frozen=True, kw_only=True)
class Mode:
    """A way of rounding: the model, the lemma that proves it, and what follows end to end.

    constants: those of the model, read off the lemma at unit roundoff u.  nonconvex, pl: theorems.
    """

    model: str
    lemma: str
    nonconvex: str
    pl: str
    constants: Callable[[Fraction], Constants]


def _side(label: str, conclusion: int, side: int) -> Term:
    """The left (1) or right (2) side of a lemma's inequality."""
    prop = library.result(label).statement.conclusions[conclusion]
    found: Term = (prop[2] if prop.op == "forall" else prop)[side]
    return found


def _at(t: Term, u: Fraction, x: object) -> Fraction:
    value: Fraction = Evaluator({"u": u, "x": x, "k": 0}).scalar(t)
    return value


MODES = {
    Rounding.NEAREST: Mode(
        model="Q4",
        lemma="R1",  # (Q - x)^2 <= (.. x)^2
        nonconvex="E1n",
        pl="E1p",
        constants=lambda u: {"u": _at(sqrt(_side("R1", 0, 2)), u, ONE)},
    ),
    Rounding.TOWARD_ZERO: Mode(
        model="Q5",
        lemma="R2",  # .. < Q/x <= ..
        nonconvex="E2n",
        pl="E2p",
        constants=lambda u: {
            "q_min": _at(_side("R2", 2, 1), u, ONE),
            "q_max": _at(_side("R2", 0, 2), u, ONE),
        },
    ),
    Rounding.STOCHASTIC: Mode(
        model="Q3",
        lemma="R3",  # E (Q - x)^2 <= .. x^2
        nonconvex="E3n",
        pl="E3p",
        constants=lambda u: {"omega": _at(_side("R3", 3, 2), u, lambda _: ONE)},
    ),
}


@dataclass(frozen=True)
class Guarantee:
    """What rounding costs, while every nonzero coordinate stays in the normal range.

    All of it compares with exact gradients, T1 at q = 1, and is read off the bound
    initial/K + floor of the mode's theorem, without underflow: at h = 0.
    """

    format: Format
    rounding: Rounding

    @property
    def mode(self) -> Mode:
        return MODES[self.rounding]

    @property
    def unit_roundoff(self) -> Fraction:
        return fraction(self.format.unit_roundoff)

    @cached_property
    def constants(self) -> Constants:
        """Of the model: u, or q_min and q_max, or omega."""
        return self.mode.constants(self.unit_roundoff)

    @property
    def overflow(self) -> fmpq:
        """The magnitude beyond which a number does not round to a finite one."""
        return Quantizer(self.format, self.rounding).overflow[0]

    def _given(self, **more: Fraction) -> Constants:
        bits = Fraction(self.format.precision)
        return {"p": bits, "h": ZERO, "S": ONE, "d": ONE, "Delta": ONE, **more}

    def _decay(self, **more: Fraction) -> Decay:
        return Decay(self.mode.nonconvex, self._given(**more))

    @cached_property
    def stepsize_factor(self) -> Fraction:
        """The effective stepsize over the nominal one, in the limit of small stepsizes.

        The bound depends on L through L mu alone, so that L = 0 is that limit.
        """
        exact = Decay("T1", {**EXACT, "Delta": ONE, "L": ZERO, "mu": ONE, "sigma2": ZERO})
        return exact.initial / self._decay(L=ZERO, mu=ONE, sigma2=ZERO).initial

    @cached_property
    def bias_floor(self) -> Fraction:
        """The floor of the mean squared gradient that no stepsize removes, over sigma2."""
        return self._decay(L=ZERO, mu=ONE, sigma2=ONE).floor

    @cached_property
    def noise_factor(self) -> Fraction | None:
        """The noise floor over that of exact gradients at the same stepsize; None beside a bias."""
        if self.bias_floor:
            return None
        exact = Decay("T1", {**EXACT, "Delta": ONE, "L": ONE, "mu": ONE, "sigma2": ONE})
        return self._decay(L=ONE, mu=ONE, sigma2=ONE).floor / exact.floor

    @cached_property
    def steps_factor(self) -> Fraction:
        """The steps to a target over those with exact gradients, without noise, each at the best
        stepsize of a few significant bits."""
        given = {"L": ONE, "sigma2": ZERO}
        exact = least_initial("T1", {**EXACT, **given, "Delta": ONE})
        return least_initial(self.mode.nonconvex, self._given(**given)) / exact


def guarantees() -> tuple[Guarantee, ...]:
    """One for every format and rounding, formats first."""
    return tuple(Guarantee(fmt, rounding) for fmt in FORMATS.values() for rounding in Rounding)


def rounded_constants(quantizer: Quantizer, dimension: int) -> Constants:
    """What E1 to E3 take of a quantizer and of the dimension."""
    return {
        "p": Fraction(quantizer.format.precision),
        "h": fraction(quantizer.format.subnormal_spacing),
        "S": fraction(quantizer.scale),
        "d": Fraction(dimension),
    }
