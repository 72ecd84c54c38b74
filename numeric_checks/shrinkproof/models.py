"""Which quantizer models hold on a run, with their exact constants.

The models Q1 to Q5 (`theorems.setting.MODELS`) are hypotheses about rounded gradients, not facts
about hardware: round to nearest gives factors above 1, underflow gives 0.  `models` looks at the
gradients that a run has seen and says which hypotheses held there.  A verdict is about that run
only; `whole_run` finds, among all gradients of a long run, the few that decide it.

A run is a sequence of steps; a step holds the samples that share one past (one iterate w_k).  That
grouping is what Q1 and Q2 are about: their factor may depend on the step but not on the sample.
Coordinates are rounded independently, and every model speaks of their means, their second moments
or their factors alone: so a sample lists one law for each coordinate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from flint import fmpq

from shrinkproof.exact import Vector, dot, norm2, scale, subtract
from shrinkproof.quantizers import Law, Quantizer


class Sample(NamedTuple):
    """A stochastic gradient, the law of each rounded coordinate, and where in the run it was."""

    gradient: Vector
    laws: tuple[Law, ...]
    where: str = ""

    @property
    def mean(self) -> Vector:
        """E[Q(g) | g]."""
        return tuple(sum((p * value for p, value in law), fmpq(0)) for law in self.laws)

    def spread(self, centre: Vector) -> fmpq:
        """E[norm(Q(g) - centre)^2 | g]."""
        terms = (
            p * (value - c) ** 2
            for law, c in zip(self.laws, centre, strict=True)
            for p, value in law
        )
        return sum(terms, fmpq(0))

    def outcomes(self) -> Iterator[tuple[int, fmpq, fmpq]]:
        """(coordinate, before, after) for every outcome of positive probability."""
        for i, (before, law) in enumerate(zip(self.gradient, self.laws, strict=True)):
            for _, after in law:
                yield i, before, after


Step: TypeAlias = "Sequence[Sample]"


class Distortion(NamedTuple):
    """What rounding did to one vector g, exactly.

    shrinkage: <Q(g), g> / norm(g)^2.  relative_error2: norm(Q(g) - g)^2 / norm(g)^2, the
    square of the relative error (the error itself is irrational).
    """

    shrinkage: fmpq
    relative_error2: fmpq


def measure(g: Vector, quantized: Vector) -> Distortion:
    """Shrinkage and squared relative error of one rounded vector.

    Raises ValueError for g = 0, which has neither, and for different lengths.
    """
    square = norm2(g)
    if square == 0:
        raise ValueError("g = 0 has no shrinkage factor: expected a nonzero vector")
    return Distortion(dot(quantized, g) / square, norm2(subtract(quantized, g)) / square)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether one model holds on the run, and the exact constants measured there.

    reason: something that broke the model; empty if it holds.
    """

    model: str
    holds: bool
    constants: Mapping[str, fmpq] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ModelReport:
    """One verdict per model; `report["Q3"]` looks one up, `holding` names those that hold.

    | model | holds when | constants |
    |---|---|---|
    | Q1 | Q2 with tau2 = 0: Q(g) = q g, not random | q_min, q_max |
    | Q2 | E Q(g) = q g, one q in (0, 1] for all samples of a step | q_min, q_max, tau2 |
    | Q3 | E Q(g) = g | omega: least with tau2 = 0; tau2: least with omega = 0 |
    | Q4 | E norm(Q(g) - g)^2 <= u^2 norm(g)^2 with u < 1 | u2: least; eta2: least with u = 0 |
    | Q5 | Q(g)_i = q_i g_i in every outcome, every q_i >= q_min > 0 | q_min, q_max |

    Q4 without u < 1 and Q5 with q_min = 0 would hold for rounding everything to zero: no theorem
    can use them.  The constants of Q4 and Q5 are there also where the model fails, if they exist.
    """

    verdicts: tuple[Verdict, ...]

    def __getitem__(self, model: str) -> Verdict:
        for verdict in self.verdicts:
            if verdict.model == model:
                return verdict
        raise KeyError(f"no model {model!r}: expected Q1, Q2, Q3, Q4 or Q5")

    @property
    def holding(self) -> tuple[str, ...]:
        return tuple(verdict.model for verdict in self.verdicts if verdict.holds)


def samples(
    quantizer: Quantizer,
    gradients: Sequence[Vector],
    where: Callable[[int], str] = "sample {}".format,
) -> Step:
    """One step: the gradients seen at one iterate, each with the exact laws of its rounding."""
    return tuple(
        Sample(g, tuple(quantizer.law(x) for x in g), where(j)) for j, g in enumerate(gradients)
    )


def models(steps: Sequence[Step]) -> ModelReport:
    """Which of Q1 to Q5 hold on this run.

    Raises ValueError for a run without samples, vectors of different lengths, and laws that are
    no probability distributions.
    """
    every = [sample for step in steps for sample in step]
    _validate(every)
    noisy = _additive(steps)
    return ModelReport(
        verdicts=(_scaled(noisy), noisy, _unbiased(every), _relative(every), _coordinates(every))
    )


def _validate(every: Sequence[Sample]) -> None:
    if not every:
        raise ValueError("the run has no samples: expected at least one (g, law of Q(g))")
    for g, laws, where in every:
        if len(laws) != len(g):
            raise ValueError(f"{where}: Q(g) and g differ in length")
        for law in laws:
            if not all(p > 0 for p, _ in law) or sum((p for p, _ in law), fmpq(0)) != 1:
                raise ValueError(f"{where}: expected positive probabilities that sum to 1")


def _verdict(
    model: str, reasons: Sequence[str], constants: Mapping[str, fmpq], *, kept: bool = False
) -> Verdict:
    """kept: whether the constants mean something where the model fails."""
    return Verdict(
        model=model,
        holds=not reasons,
        constants=constants if kept or not reasons else {},
        reason=reasons[0] if reasons else "",
    )


def _range(factors: Sequence[fmpq]) -> dict[str, fmpq]:
    return {"q_min": min(factors), "q_max": max(factors)} if factors else {}


def _additive(steps: Sequence[Step]) -> Verdict:
    """Q2: every sample fixes a factor; those of one step must agree."""
    reasons: list[str] = []
    factors: list[fmpq] = []
    noise = fmpq(0)
    for step in steps:
        at_this_past: set[fmpq] = set()
        for sample in step:
            g, mean, square = sample.gradient, sample.mean, norm2(sample.gradient)
            factor = dot(mean, g) / square if square else fmpq(1)
            noise = max(noise, sample.spread(scale(factor, g)))
            if mean != scale(factor, g):
                reasons.append(f"{sample.where}: E Q(g) is no multiple of g")
            elif square:
                at_this_past.add(factor)
                if not 0 < factor <= 1:
                    reasons.append(f"{sample.where}: q = {factor} is outside (0, 1]")
        if len(at_this_past) > 1:
            listed = ", ".join(str(q) for q in sorted(at_this_past))
            reasons.append(f"{step[0].where}: q depends on the sample: {listed}")
        factors += at_this_past
    return _verdict("Q2", reasons, _range(factors) | {"tau2": noise})


def _scaled(noisy: Verdict) -> Verdict:
    """Q1: noise of second moment zero is no noise."""
    reason = noisy.reason
    if noisy.holds and noisy.constants["tau2"] != 0:
        reason = f"Q(g) is random: second moment {noisy.constants['tau2']} around q g"
    constants = {name: q for name, q in noisy.constants.items() if name != "tau2"}
    return _verdict("Q1", [reason] if reason else [], constants)


def _unbiased(every: Sequence[Sample]) -> Verdict:
    """Q3: omega is finite unless the zero vector is rounded to something else."""
    reasons = [f"{s.where}: E Q(g) is not g" for s in every if s.mean != s.gradient]
    spreads = [(s.spread(s.gradient), norm2(s.gradient)) for s in every]
    constants = {"tau2": max(spread for spread, _ in spreads)}
    if all(square or not spread for spread, square in spreads):
        constants["omega"] = max((s / square for s, square in spreads if square), default=fmpq(0))
    return _verdict("Q3", reasons, constants)


def _relative(every: Sequence[Sample]) -> Verdict:
    """Q4: u is finite unless the zero vector is rounded to something else."""
    reasons: list[str] = []
    relative, absolute, finite = [fmpq(0)], [fmpq(0)], True
    for sample in every:
        square, error = norm2(sample.gradient), sample.spread(sample.gradient)
        absolute.append(error)
        if square:
            relative.append(error / square)
            if error >= square:
                reasons.append(f"{sample.where}: u >= 1, but the theorems need u < 1")
        elif error:
            finite = False
            reasons.append(f"{sample.where}: g = 0 but Q(g) is not")
    constants = {"eta2": max(absolute)} | ({"u2": max(relative)} if finite else {})
    return _verdict("Q4", reasons, constants, kept=True)


def _coordinates(every: Sequence[Sample]) -> Verdict:
    """Q5: a coordinate that is zero has no factor and must stay zero."""
    reasons: list[str] = []
    factors: list[fmpq] = []
    for sample in every:
        for i, before, after in sample.outcomes():
            if before:
                factors.append(after / before)
                if not after / before > 0:
                    reasons.append(f"{sample.where}, coordinate {i}: factor {after / before}")
            elif after:
                reasons.append(f"{sample.where}, coordinate {i}: 0 is rounded to {after}")
    return _verdict("Q5", reasons, _range(factors), kept=True)
