"""Instances beyond those made for a theorem: one of them, with something in it changed.

The property checks make instances that satisfy a statement, with constants as the whole theorem
wants them.  A mutant that leaves a hypothesis out, or whose power shows at another scale only, asks
for others: here a constant, the stepsizes, the factors q_k or the distinguished point are changed.
What still satisfies every hypothesis of the mutant, exactly, may refute it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import islice
from typing import Any

from flint import fmpq

from shrinkproof.beside import Beside
from shrinkproof.checks import Refuted
from shrinkproof.evaluation import Instance
from shrinkproof.exact import Number, Vector, norm2, scale
from shrinkproof.language.evaluate import EvaluationError
from shrinkproof.language.statement import Statement
from shrinkproof.oracles import ExactGradient, Shifted
from shrinkproof.process import Additive, Process, Scheduled, Silent, State
from shrinkproof.reading import read
from shrinkproof.sharp import sharp_instances
from shrinkproof.verdicts import Undecided, decided, fails, violated

FACTORS = (fmpq(-1), fmpq(0), fmpq(1, 2), fmpq(2), fmpq(1, 10), fmpq(10), fmpq(-3))
STEPSIZES = ("mu", "mu0")
FAR = fmpq(100)
LONG = 8  # steps
MOST = 12


def refuted_when_spoiled(
    theorem: Statement, mutant: Statement, *, most: int = MOST
) -> Refuted | None:
    """An instance of the theorem, changed in one place, that refutes the mutant.

    most: about how many instances are changed, spread over all that are made by hand.
    """
    made = sharp_instances(read(theorem))
    some = islice(made, 0, None, max(1, len(made) // most))
    changed = (x for instance in some for x in spoiled(instance))
    return next(filter(None, (refutes(mutant, x) for x in changed)), None)


def spoiled(instance: Instance) -> Iterator[Instance]:
    """The instance with one thing changed, in every way that this module knows."""
    process = instance.process
    for factor in FACTORS:
        for name, value in instance.constants.items():
            if not isinstance(value, int) and value * factor != value:
                constants = _with(instance.constants, name, value * factor)
                yield replace(instance, constants=constants)
                if "L" in constants and name != "L":
                    negative = _with(constants, "L", -constants["L"])
                    yield replace(instance, constants=negative)
        if process is not None:
            scaled = replace(process, stepsizes=tuple(factor * x for x in process.stepsizes))
            yield replace(instance, process=scaled)
            for constants in _scaled(instance, factor):
                yield replace(instance, process=scaled, constants=constants)
                if "L" in constants:
                    negative = _with(constants, "L", -constants["L"])
                    yield replace(instance, process=scaled, constants=negative)
        if process is not None and isinstance(process.shrinkage, Scheduled) and factor > 0:
            yield _other_scale(instance, process, process.shrinkage, factor)
    for name, value in instance.constants.items():
        if not isinstance(value, int):
            for step in (-1, 1):
                yield replace(instance, constants=_with(instance.constants, name, value + step))
    if process is not None:
        yield replace(instance, process=replace(process, shrinkage=Scheduled((fmpq(0),))))
        yield from _pushed(instance, process)
        yield from _standing_still(instance, process)
    for name, point in instance.fixed_points.items():
        moved = {**instance.fixed_points, name: tuple(x + 1 for x in point)}
        yield replace(instance, fixed_points=moved)
        if instance.objective is not None and "F_star" in instance.constants:
            attained = instance.objective.value(moved[name])
            constants = _with(instance.constants, "F_star", attained)
            yield replace(instance, fixed_points=moved, constants=constants)
            if "c" in constants:
                weak = _with(constants, "c", -constants["c"])
                yield replace(instance, fixed_points=moved, constants=weak)


@dataclass(frozen=True)
class Pushed(Beside):
    """A process, one of whose sequences leaves its recursion: at the start, or at every step."""

    sequence: str = "w"
    at_start: bool = False

    @cached_property
    def initial(self) -> State:
        return self._pushed(super().initial, self.at_start)

    def advance(self, k: int, state: State, xi: int, q: Number, g: Vector, eps: Vector) -> State:
        return self._pushed(super().advance(k, state, xi, q, g, eps), not self.at_start)

    def _pushed(self, state: State, really: bool) -> State:
        return tuple(
            tuple(entry + FAR for entry in x) if really and name == self.sequence else x
            for name, x in zip(self.names, state, strict=True)
        )


def _pushed(instance: Instance, process: Process) -> Iterator[Instance]:
    parts = {f.name: getattr(process, f.name) for f in fields(process)}
    for name in process.names:
        for at_start in (False, True):
            yield replace(instance, process=Pushed(**parts, sequence=name, at_start=at_start))


def _other_scale(
    instance: Instance, process: Process, shrinkage: Scheduled, factor: fmpq
) -> Instance:
    """Factors q_k so many times as large, and stepsizes as small: the same effective stepsizes."""
    constants = dict(instance.constants)
    for name in ("q", "q_min", "q_max"):
        if name in constants:
            constants[name] *= factor
    for name in STEPSIZES:
        if name in constants:
            constants[name] /= factor
    slower = replace(
        process,
        shrinkage=Scheduled(tuple(factor * q for q in shrinkage.values)),
        stepsizes=tuple(x / factor for x in process.stepsizes),
    )
    return replace(instance, process=slower, constants=constants)


def _standing_still(instance: Instance, process: Process) -> Iterator[Instance]:
    """A bias that cancels the gradient at the start, of the sample or of the noise, for ever."""
    f, w, shrinkage = process.oracle.objective, process.start, process.shrinkage
    if not isinstance(shrinkage, Scheduled) or len(shrinkage.values) > 1:
        return
    gradient, (q,) = f.gradient(w), shrinkage.values
    size, one = norm2(gradient), fmpq(1)
    noise = Additive(((one, scale(-q, gradient)),))
    slow = tuple(x / 4 for x in (process.stepsizes * LONG)[:LONG])
    constants = dict(instance.constants)
    constants |= {"K": LONG} if "K" in constants else {}
    constants |= {n: constants[n] / 4 for n in STEPSIZES if n in constants}
    for oracle, added, sigma2, tau2 in (
        (Shifted(ExactGradient(f), scale(-one, gradient)), Silent(), size, fmpq(0)),
        (ExactGradient(f), noise, fmpq(0), q * q * size),
    ):
        variances = {"sigma2": sigma2, "tau2": tau2}
        known = constants | {n: x for n, x in variances.items() if n in constants}
        still = replace(process, oracle=oracle, noise=added, stepsizes=slow)
        yield replace(instance, process=still, constants=known)


def _scaled(instance: Instance, factor: fmpq) -> Iterator[dict[str, Any]]:
    """The constants, and those with the stepsize among them scaled."""
    yield dict(instance.constants)
    for name in STEPSIZES:
        if name in instance.constants:
            yield _with(instance.constants, name, factor * instance.constants[name])


def _with(constants: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    return {**constants, name: value}


def _satisfies(instance: Instance, mutant: Statement) -> bool:
    """Whether every hypothesis is established; those that cost little are looked at first."""
    cheap = set(read(mutant).about_constants)
    ordered = sorted(mutant.hypotheses, key=lambda h: h not in cheap)
    return all(violated(instance, h.prop) is False for h in ordered)


def refutes(mutant: Statement, instance: Instance) -> Refuted | None:
    """The instance as one that refutes the mutant, if it does; sequences are those it defines."""
    recursions = {**instance.recursions, **read(mutant).recursions}
    instance = replace(instance, recursions=recursions)
    try:
        for conclusion in mutant.conclusions:
            slack = decided(instance, conclusion)
            if fails(conclusion, slack) and _satisfies(instance, mutant):
                return Refuted(mutant, instance, conclusion, slack)
    except (EvaluationError, Undecided, LookupError, ArithmeticError):
        pass  # not an instance at all: some symbol has no value
    return None
