"""The abstract of arXiv:2508.07142, sentence by sentence: what holds, and what shows it.

A claim lists its evidence, for and against: results of the library, counterexamples, and exact
values.  Each piece is checked when it is asked for, and the verdict follows from those that stand:
for a claim without anything against it, "holds"; with both, it "holds under a further hypothesis",
the one that the results for it make; with nothing for it, it "fails".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from textwrap import fill
from typing import Any

from flint import fmpq

from shrinkproof import library
from shrinkproof.bias_floor import TRAPS, Attained
from shrinkproof.bounds import Constants
from shrinkproof.counterexamples import COUNTEREXAMPLES
from shrinkproof.exact import fraction
from shrinkproof.export.printer import text
from shrinkproof.formats import FORMATS
from shrinkproof.kernel import ProofError
from shrinkproof.planning import Decay
from shrinkproof.quantizers import Quantizer, Rounding

HOLDS, CONDITIONAL, FAILS, OPEN = (
    "holds",
    "holds under a further hypothesis",
    "fails",
    "open: some of its evidence does not stand",
)
PAPER = "arXiv:2508.07142"


@dataclass(frozen=True)
class Evidence:
    """Something that can be checked.

    id: a label of the library, of a counterexample, or a short name.  kind: "theorem",
    "counterexample" or "value".  check: whether it stands.
    """

    id: str
    kind: str
    shows: str
    check: Callable[[], bool]

    @cached_property
    def stands(self) -> bool:
        return self.check()


def theorem(label: str, shows: str) -> Evidence:
    """A result of the library, proved again."""

    def proved() -> bool:
        try:
            return bool(library.result(label).prove())
        except (ProofError, library.UnknownResult):
            return False

    return Evidence(label, "theorem", shows, proved)


def counterexample(label: str, shows: str) -> Evidence:
    """A counterexample, refuting again."""
    found = [c for c in COUNTEREXAMPLES if c.label == label]
    return Evidence(label, "counterexample", shows, lambda: bool(found) and found[0].refutes())


def rounded(name: str, rounding: Rounding, x: str, factor: str) -> Evidence:
    """A number whose rounded value is exactly that factor times it."""
    number = fmpq(Fraction(x).numerator, Fraction(x).denominator)

    def check() -> bool:
        quantizer = Quantizer(FORMATS[name], rounding)
        return bool(fraction(quantizer.round(number) / number) == Fraction(factor))

    shows = f"rounding {x} to {name} ({rounding.value}) multiplies it by q = {factor}"
    return Evidence(f"{name}, {rounding.value}", "value", shows, check)


HALF_Q = {"c": 1, "mu": 1, "q": Fraction(1, 2), "sigma2": 1}


def floors_differ(tau2: Fraction, sign: int, shows: str) -> Evidence:
    """The sign of B_d - B_1, the left side of A1, at c = mu = sigma2 = 1 and q = 1/2."""

    def check() -> bool:
        difference = library.result("A1").statement.conclusion[1]
        value: Fraction = Constants({**HALF_Q, "tau2": tau2}, 0).scalar(difference)
        return (value > 0) - (value < 0) == sign

    name = f"A1 at c = mu = sigma2 = 1, q = 1/2, tau2 = {tau2}"
    return Evidence(name, "value", shows, check)


def _trapped(name: str) -> Evidence:
    trap = TRAPS[name]
    shows = (
        "an instance on which E norm(grad F)^2 exceeds u^2 sigma2/72 at every step, "
        "for every stepsize up to 1/L"
    )
    return Evidence(f"{name} rounding", "value", shows, lambda: bool(trap.share > fmpq(1, 72)))


def _escaped(name: str) -> Evidence:
    shows = "on the same problem stochastic rounding gets below half of that (E3p)"
    return Evidence(
        "stochastic rounding", "value", shows, lambda: TRAPS[name].escape().steps is not None
    )


def _attained(u: Fraction) -> Evidence:
    """The limit of T7c's floor is a lower bound on an instance."""

    def check() -> bool:
        one = Attained(fmpq(u.numerator, u.denominator))
        given = {"u": u, "L": Fraction(0), "mu": Fraction(1), "Delta": Fraction(0)}
        limit = Decay("T7c", {**given, "sigma2": fraction(one.oracle.variance_bound)}).floor
        return fraction(next(one.gradient_norm2(fmpq(1, 2)))) == limit

    shows = f"an instance with u = {u} on which E norm(grad F)^2 is never below the floor of T7c"
    return Evidence("T7c attained", "value", shows, check)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim, in our words; what is for it and against it; and what that means.

    under: the hypothesis that the results for it make and the abstract does not.
    """

    id: str
    text: str
    supporting: tuple[Evidence, ...]
    against: tuple[Evidence, ...] = ()
    under: str = ""
    words: str

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return self.supporting + self.against

    @property
    def verdict(self) -> str:
        if not all(e.stands for e in self.evidence):
            return OPEN
        if not self.supporting:
            return FAILS
        return CONDITIONAL if self.against else HOLDS


NEAREST, TOWARD_ZERO = Rounding.NEAREST, Rounding.TOWARD_ZERO

CLAIMS = (
    Claim(
        id="effective-stepsize",
        text="Scaling the gradients by q_k replaces the stepsize mu_k by the effective stepsize "
        "mu_k q_k.",
        supporting=(theorem("S1", "the two runs are the same, path by path"),),
        words="An identity, whatever q_k depends on.",
    ),
    Claim(
        id="factors",
        text="Low precision scales each gradient by a factor q_k in (0, 1].",
        supporting=(theorem("R2", "truncation: 1/(1 + 2u) < Q/x <= 1"),),
        against=(
            rounded("e4m3fn", NEAREST, "11/10", "45/44"),
            rounded("e4m3fn", NEAREST, "1/1024", "0"),
        ),
        under="round toward zero, and no coordinate underflows",
        words="Round to nearest also enlarges, and underflow gives 0. Even truncation has one "
        "factor for each coordinate, and it sees the sample.",
    ),
    Claim(
        id="zero-mean-noise",
        text="Quantization adds zero-mean noise (version 1).",
        supporting=(
            theorem("R3", "stochastic rounding: E[Q(x)] = x, variance at most u^2 x^2/(1 + 2u)"),
        ),
        against=(rounded("e4m3fn", NEAREST, "10/9", "81/80"),),
        under="stochastic rounding, and nothing overflows",
        words="Deterministic rounding is a bias, not noise: given the gradient, nothing is random.",
    ),
    Claim(
        id="slower",
        text="Convergence is slower when q_min < 1.",
        supporting=(
            theorem("T8", "the steps that suffice grow as 1/q_min"),
            theorem("LB", "on a quadratic the rate is exactly (1 - c mu q)^2 per step"),
        ),
        words="At the same nominal stepsize, as far as the start is concerned; by the effective "
        "stepsize, mu/q makes up for it.",
    ),
    Claim(
        id="converges",
        text="Under smoothness and bounded variance SGD still converges, at a pace set by q_min.",
        supporting=(
            theorem("T1", "nonconvex, fixed stepsize"),
            theorem("T2c", "nonconvex, to any accuracy with diminishing stepsizes"),
            theorem("T3p", "Polyak-Lojasiewicz, fixed stepsize"),
            theorem("T4", "Polyak-Lojasiewicz, diminishing stepsizes: 1/K"),
            theorem("T5p", "convex"),
        ),
        against=(counterexample("C1", "q_k that sees the sample sends SGD uphill"),),
        under="q_k is a function of the past, not of the sample",
        words="The abstract does not say what q_k may depend on. If it sees the sample, as in real "
        "rounding, SGD comes only near a critical point (T7e, T7f). The sharpest floors (T3, T3e) "
        "need a schedule (C2, C3).",
    ),
    Claim(
        id="steady-error",
        text="The steady error level is higher, due to quantization.",
        supporting=(),
        against=(
            theorem("A2", "without additive noise the floor falls with q"),
            floors_differ(Fraction(0), -1, "without additive noise it is lower at q = 1/2"),
        ),
        words="Not from shrinkage alone: at the same stepsize a smaller q lowers the floor. The "
        "next three say when it is true.",
    ),
    Claim(
        id="steady-error-additive-noise",
        text="The steady error level is higher: q_k g_k + eps_k, same stepsize.",
        supporting=(
            theorem("A1", "higher if and only if tau2 > 2 q (1 - q) sigma2/(2 - c mu)"),
            floors_differ(Fraction(1, 2), 0, "at the threshold the floors are equal"),
            floors_differ(Fraction(1), 1, "above it the floor is higher"),
        ),
        against=(floors_differ(Fraction(1, 4), -1, "below it the floor is lower"),),
        under="tau2 > 2 q (1 - q) sigma2/(2 - c mu)",
        words="The additive noise has to outweigh what shrinkage takes away.",
    ),
    Claim(
        id="steady-error-matched-stepsize",
        text="The steady error level is higher: q_k g_k + eps_k, same effective stepsize.",
        supporting=(theorem("A3", "the floor is proportional to sigma2 + tau2/q^2"),),
        words="Where the stepsize makes up for q, additive noise raises the floor, the more the "
        "smaller q is; without it the floor is the same.",
    ),
    Claim(
        id="steady-error-deterministic-rounding",
        text="The steady error level is higher: deterministic rounding.",
        supporting=(
            theorem("T7c", "a floor of u^2 sigma2/(1 - u^2) at most, as mu tends to 0"),
            _attained(Fraction(1, 16)),
            _trapped("e4m3fn, nearest"),
            _trapped("e4m3fn, toward-zero"),
            theorem("E3n", "with stochastic rounding the floor vanishes with mu"),
            _escaped("e4m3fn, nearest"),
        ),
        words="A bias of order u^2 sigma2 stays, whatever the stepsize; stochastic rounding leaves "
        "none.",
    ),
)


def audit() -> list[dict[str, Any]]:
    """Every claim with its verdict, as data."""
    return [
        {
            "id": claim.id,
            "claim": claim.text,
            "verdict": claim.verdict,
            "under": claim.under,
            "evidence": [
                {
                    "id": e.id,
                    "kind": e.kind,
                    "for": e in claim.supporting,
                    "shows": e.shows,
                    "verified": e.stands,
                }
                | ({"concludes": _conclusions(e.id)} if e.kind == "theorem" and e.stands else {})
                for e in claim.evidence
            ],
            "words": claim.words,
        }
        for claim in CLAIMS
    ]


def _conclusions(label: str) -> list[str]:
    return [text(prop) for prop in library.result(label).statement.conclusions]


def as_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """The audit to read: a paragraph for each claim."""
    blocks = [f"What the abstract of {PAPER} says, in our words, and what is true of it."]
    for number, row in enumerate(rows, 1):
        verdict = f"{row['verdict']}: {row['under']}" if row["under"] else str(row["verdict"])
        lines = [
            fill(f"{number}. {row['claim']}", 92, subsequent_indent="   "),
            fill(f"{verdict[0].upper()}{verdict[1:]}. {row['words']}", 92, **_indented("   ")),
        ]
        for e in row["evidence"]:
            side = ("for" if e["for"] else "against") if e["verified"] else "DOES NOT STAND"
            lines.append(fill(f"{side}: {e['id']}: {e['shows']}", 92, **_indented(" " * 6)))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _indented(margin: str) -> dict[str, Any]:
    return {"initial_indent": margin, "subsequent_indent": margin}
