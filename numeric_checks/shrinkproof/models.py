"""Which quantizer models hold on a run, with their exact constants.

The models Q1 to Q5 are hypotheses about rounded gradients, not facts about hardware: round to
nearest gives factors above 1, underflow gives 0.  `models` looks at the gradients one run has
seen and says which hypotheses held there.  A verdict is about that run only.

A run is a sequence of steps; a step holds the samples that share one past (one iterate w_k); a
sample is a pair (g, law of Q(g)).  That grouping is what Q1 and Q2 are about: their factor may
depend on the step but not on the sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from flint import fmpq

from shrinkproof.exact import Vector, axpy, dot, norm2, scale, subtract
from shrinkproof.quantizers import Quantizer, VectorLaw

Sample: TypeAlias = "tuple[Vector, VectorLaw]"
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

    constants: those that exist, whether or not the model holds; an absent one is infinite or
    was not constrained.  reason: the first thing that broke the model; empty if it holds.
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
    | Q4 | norm(Q(g) - g) <= u norm(g), u finite | u2: u^2 with eta = 0; eta2: eta^2 with u = 0 |
    | Q5 | Q(g)_i = q_i g_i, every q_i >= q_min > 0 | q_min, q_max |

    Q4 and Q5 speak of every outcome that has positive probability.  Theorems on Q4 need u < 1,
    and q_max <= 1 in Q5 is shrinkage: both are read off the constants.
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


def samples(quantizer: Quantizer, gradients: Sequence[Vector]) -> Step:
    """One step: the gradients seen at one iterate, each with the exact law of its rounding."""
    return tuple((g, quantizer.law_vector(g)) for g in gradients)


def models(steps: Sequence[Step]) -> ModelReport:
    """Which of Q1 to Q5 hold on this run.

    Raises ValueError for a run without samples, vectors of different lengths, and laws that are
    no probability distributions.
    """
    _validate(steps)
    noisy = _additive(steps)
    return ModelReport(
        verdicts=(_scaled(noisy), noisy, _unbiased(steps), _relative(steps), _coordinates(steps))
    )


def _validate(steps: Sequence[Step]) -> None:
    if not any(step for step in steps):
        raise ValueError("the run has no samples: expected at least one (g, law of Q(g))")
    for where, g, law in _walk(steps):
        if any(len(value) != len(g) for _, value in law):
            raise ValueError(f"{where}: Q(g) and g differ in length")
        if not all(p > 0 for p, _ in law) or sum((p for p, _ in law), fmpq(0)) != 1:
            raise ValueError(f"{where}: expected positive probabilities that sum to 1")


def _walk(steps: Sequence[Step]) -> Iterator[tuple[str, Vector, VectorLaw]]:
    for k, step in enumerate(steps):
        for j, (g, law) in enumerate(step):
            yield f"step {k}, sample {j}", g, law


def _mean(law: VectorLaw) -> Vector:
    total = scale(fmpq(0), law[0][1])
    for p, value in law:
        total = axpy(p, value, total)
    return total


def _spread(law: VectorLaw, centre: Vector) -> fmpq:
    """E norm(Q - centre)^2."""
    return sum((p * norm2(subtract(value, centre)) for p, value in law), fmpq(0))


def _range(factors: Sequence[fmpq]) -> dict[str, fmpq]:
    return {"q_min": min(factors), "q_max": max(factors)} if factors else {}


def _additive(steps: Sequence[Step]) -> Verdict:
    """Q2: every sample fixes a factor; those of one step must agree."""
    reasons: list[str] = []
    factors: list[fmpq] = []
    noise = fmpq(0)
    for k, step in enumerate(steps):
        at_this_past: set[fmpq] = set()
        for j, (g, law) in enumerate(step):
            mean, square = _mean(law), norm2(g)
            factor = dot(mean, g) / square if square else fmpq(1)
            noise = max(noise, _spread(law, scale(factor, g)))
            if mean != scale(factor, g):
                reasons.append(f"step {k}, sample {j}: E Q(g) is no multiple of g")
            elif square:
                at_this_past.add(factor)
                if not 0 < factor <= 1:
                    reasons.append(f"step {k}, sample {j}: q = {factor} is outside (0, 1]")
        if len(at_this_past) > 1:
            listed = ", ".join(str(q) for q in sorted(at_this_past))
            reasons.append(f"step {k}: q depends on the sample: {listed}")
        factors += at_this_past
    constants = _range(factors)
    if not reasons:
        constants["tau2"] = noise
    return Verdict(model="Q2", holds=not reasons, constants=constants, reason=_first(reasons))


def _scaled(noisy: Verdict) -> Verdict:
    """Q1: noise of second moment zero is no noise."""
    reason = noisy.reason
    if noisy.holds and noisy.constants["tau2"] != 0:
        reason = f"Q(g) is random: second moment {noisy.constants['tau2']} around q g"
    constants = {name: q for name, q in noisy.constants.items() if name != "tau2"}
    return Verdict(model="Q1", holds=not reason, constants=constants, reason=reason)


def _unbiased(steps: Sequence[Step]) -> Verdict:
    """Q3: omega is finite unless the zero vector is rounded to something else."""
    reasons = [f"{where}: E Q(g) is not g" for where, g, law in _walk(steps) if _mean(law) != g]
    if reasons:
        return Verdict(model="Q3", holds=False, reason=_first(reasons))
    spreads = [(_spread(law, g), norm2(g)) for _, g, law in _walk(steps)]
    constants = {"tau2": max(spread for spread, _ in spreads)}
    if all(square or not spread for spread, square in spreads):
        constants["omega"] = max((s / square for s, square in spreads if square), default=fmpq(0))
    return Verdict(model="Q3", holds=True, constants=constants)


def _relative(steps: Sequence[Step]) -> Verdict:
    """Q4: u is finite unless the zero vector is rounded to something else."""
    reasons: list[str] = []
    relative, absolute = [fmpq(0)], [fmpq(0)]
    for where, g, law in _walk(steps):
        square, error = norm2(g), max(norm2(subtract(value, g)) for _, value in law)
        absolute.append(error)
        if square:
            relative.append(error / square)
        elif error:
            reasons.append(f"{where}: g = 0 but Q(g) is not")
    constants = {"eta2": max(absolute)} | ({} if reasons else {"u2": max(relative)})
    return Verdict(model="Q4", holds=not reasons, constants=constants, reason=_first(reasons))


def _coordinates(steps: Sequence[Step]) -> Verdict:
    """Q5: a coordinate that is zero has no factor and must stay zero."""
    reasons: list[str] = []
    factors: list[fmpq] = []
    for where, g, law in _walk(steps):
        for _, value in law:
            for i, (before, after) in enumerate(zip(g, value, strict=True)):
                if before:
                    factors.append(after / before)
                    if not after / before > 0:
                        reasons.append(f"{where}, coordinate {i}: factor {after / before}")
                elif after:
                    reasons.append(f"{where}, coordinate {i}: 0 is rounded to {after}")
    return Verdict(model="Q5", holds=not reasons, constants=_range(factors), reason=_first(reasons))


def _first(reasons: Sequence[str]) -> str:
    return reasons[0] if reasons else ""
