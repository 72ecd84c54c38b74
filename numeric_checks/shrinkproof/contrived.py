"""Instances contrived for mutants that nothing else refutes, and for bounds, as data.

Each scene is SGD in dimension one, with what a statement may ask of it: every statement takes the
constants that it has.  A scene breaks some hypotheses of most statements; it counts where it keeps
those of a mutant.  What it is good for stands beside it: F = w^2 wherever no objective is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from flint import fmpq

from shrinkproof.beside import Beside
from shrinkproof.cells import Cell
from shrinkproof.evaluation import Instance, OnInstance
from shrinkproof.exact import Number, Vector
from shrinkproof.formats import FORMATS
from shrinkproof.ingredients import coin, points, speaks_of_numbers
from shrinkproof.kernel.term import subterms
from shrinkproof.known import distortion
from shrinkproof.objectives import Objective, Quadratic, RationalWells
from shrinkproof.oracles import AdditiveNoise, ExactGradient, Oracle, Outcomes, Shifted
from shrinkproof.process import (
    Additive,
    Both,
    Coordinatewise,
    Dropped,
    Noise,
    Process,
    Relative,
    RoundingError,
    Scheduled,
    Silent,
)
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.reading import Reading
from shrinkproof.recipes import affordable
from shrinkproof.solving import Interval
from shrinkproof.spoiled import Pushed
from shrinkproof.stepsizes import constrained, given_by

MOST_STATES = 200
ZERO, ONE, HALF, QUARTER = fmpq(0), fmpq(1), fmpq(1, 2), fmpq(1, 4)


def parabola(curvature: fmpq | int) -> Quadratic:
    return Quadratic(eigenvalues=(curvature,), minimiser=(0,))


BOWL, WIDE, STEEP, FLAT = parabola(2), parabola(fmpq(1, 10)), parabola(20), parabola(0)
WELL = RationalWells(depths=(3,), centre=(0,))
PEAK = RationalWells(depths=(-3,), centre=(2,))


def always(x: fmpq) -> Outcomes:
    return ((ONE, (x,)),)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A run of SGD on an objective, and what is declared of it.

    q: every factor q_k.  sampled: the law of g_k - grad F(w_k), which is biased if it has one
    outcome.  pushed: w leaves its recursion at every step.  declared: constants that are not what
    the run has.  fixed: fixed points other than the origin.
    """

    objective: Objective = BOWL
    start: fmpq = ZERO
    steps: tuple[fmpq, ...] = (HALF,)
    q: fmpq = ONE
    sampled: Outcomes = ()
    noise: Noise = field(default=Silent())
    cell: Cell | None = None
    pushed: bool = False
    declared: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Vector] = field(default_factory=dict)

    def instance(self, reading: Reading) -> Instance | None:
        """The scene as an instance; None if the statement wants a constant that it has not."""
        known = self._constants() | dict(self.declared)
        names = (*reading.constants, *reading.indices)
        if any(n not in known for n in names if n != "epsilon"):
            return None
        if speaks_of_numbers(reading) != (self.cell is not None):
            return None
        if _of_any_vectors(reading) and len(self.steps) > 1:
            return None
        fixed = {"w_star": (ZERO,), **self.fixed}
        at_rest = Process(self._oracle(), (self.start,), (), Scheduled((self.q,)), self.noise)
        bare = Instance(
            {n: known[n] for n in names if n in known},
            self.objective,
            at_rest,
            points(reading, (self.start,), (self.start + 1,), (fmpq(-7),)),
            {n: x for n, x in fixed.items() if n in reading.symbols},
            reading.recursions,
            self.cell,
        )
        if not reading.has_process:
            return replace(bare, process=None)
        steps: tuple[Number, ...] = self.steps
        if reading.stepsize is not None and reading.stepsize[1][0] != "at":
            steps = given_by(OnInstance(bare), *reading.stepsize, len(steps))
        process = replace(at_rest, stepsizes=steps)
        if reading.vector_recursions or self.pushed:
            parts = (at_rest.oracle, at_rest.start, steps, at_rest.shrinkage, at_rest.noise)
            kind = Pushed if self.pushed else Beside
            process = kind(*parts, reading.vector_recursions, bare.constants)
        if affordable(process, MOST_STATES) < process.horizon:
            return None
        return _with_epsilon(reading, replace(bare, process=process))

    def _constants(self) -> dict[str, Any]:
        added = distortion(self.noise)
        return {
            "L": self.objective.smoothness,
            "c": self.objective.smoothness,
            "F_inf": ZERO,
            "F_star": ZERO,
            "sigma2": sum((p * z[0] ** 2 for p, z in self.sampled), ZERO),
            "tau2": added.absolute or ZERO,
            "eta2": added.absolute or ZERO,
            **dict.fromkeys(("q", "q_min", "q_max"), self.q),
            **dict.fromkeys(("mu", "mu0", "a"), self.steps[0]),
            "S2": sum((x**2 for x in self.steps), ZERO),
            "omega": ZERO,
            "u": ZERO,
            "h": ZERO,
            "S": ONE,
            "t": ONE,
            "K": len(self.steps),
            "d": 1,
            "p": 8,
            "s": 1,
        }

    def _oracle(self) -> Oracle:
        exact = ExactGradient(self.objective)
        if len(self.sampled) == 1:
            return Shifted(exact, self.sampled[0][1])
        return AdditiveNoise(self.objective, self.sampled) if self.sampled else exact


def _of_any_vectors(reading: Reading) -> bool:
    """Whether it concludes something of all random vectors: then outcomes are whole runs."""
    found = (t for prop in reading.statement.conclusions for t in subterms(prop))
    return reading.has_process and any(t[0] == "forall" and t[1][0] == "sym" for t in found)


def _with_epsilon(reading: Reading, instance: Instance) -> Instance:
    """The instance with the least epsilon that the hypotheses allow; -1 if they allow any."""
    if "epsilon" not in reading.constants:
        return instance
    view = OnInstance(instance)

    def put(x: fmpq) -> None:
        view.values["epsilon"] = x

    low = constrained(reading, view, "epsilon", put, Interval()).low
    epsilon = -ONE if low is None else low
    return replace(instance, constants={**instance.constants, "epsilon": epsilon})


def _rounded(x: fmpq, **declared: Any) -> Scene:
    """One number of size x being rounded stochastically to e2m1: 0, 1/2, 1, 3/2, 2, ..."""
    quantizer = Quantizer(FORMATS["e2m1"], Rounding.STOCHASTIC)
    replaced = {n: fmpq(y) for n, y in declared.pop("replaced", {}).items()}
    cell = Cell(quantizer, declared.pop("affine", (ONE, ZERO)), replaced)
    known = {"h": HALF, "u": QUARTER, "q_min": ONE} | declared
    return Scene(start=x / 2, noise=RoundingError(quantizer), cell=cell, declared=known)


COIN = Additive(coin(ONE))
SCENES: tuple[Scene, ...] = (
    # F is constant, so that the inequality holds for every c: 1 - c mu = -2.
    Scene(
        objective=FLAT,
        steps=(fmpq(1, 10),) * 2,
        declared={"L": fmpq(1, 10), "c": 30, "sigma2": ONE},
    ),
    # Stepsizes above 1, from the minimiser, with either noise.
    Scene(objective=WIDE, steps=(fmpq(10),) * 2, sampled=coin(ONE)),
    Scene(objective=WIDE, steps=(fmpq(10),) * 2, noise=COIN),
    # Convexity with c < 0: exact near the peak, or far from exact.
    *(
        Scene(
            objective=PEAK,
            start=fmpq(201, 100),
            steps=(QUARTER,),
            declared={"L": size, "c": -size},
            fixed={"w_star": (fmpq(2),)},
        )
        for size in (fmpq(6), fmpq(60))
    ),
    # A bias keeps the iterate where the gradient is 1: of the sample, of the noise.
    *(
        Scene(start=HALF, steps=steps, **kind)
        for steps in ((fmpq(1, 8),) * 64, (HALF,) * 30)
        for kind in (
            {"sampled": always(-ONE)},
            {"noise": Additive(always(-ONE))},
            {"noise": Additive(always(-ONE)), "declared": {"h": 2}},
            {"noise": Additive(always(-ONE)), "declared": {"h": 2, "d": 0}},
            {"noise": Additive(always(-ONE)), "declared": {"h": 1, "d": 0}},
        )
    ),
    # The same with rounding errors of another size, which tell powers apart.
    *(
        Scene(
            start=size / 2,
            steps=(fmpq(1, 8),) * 64,
            noise=Additive(always(-size)),
            declared={"h": spacing * size},
        )
        for size in (HALF, fmpq(3))
        for spacing in (1, 2)
    ),
    # An iterate that goes elsewhere.
    Scene(start=ONE, steps=(QUARTER,) * 2, pushed=True),
    # Vectors that are no basis: none of them for the absolute errors, zeros for the sector.
    Scene(steps=(QUARTER,) * 2, noise=COIN, declared={"h": 2, "d": 0}),
    Scene(steps=(QUARTER,), noise=Additive(always(ONE)), declared={"h": 2, "d": 0}),
    Scene(start=ONE, noise=Additive(always(fmpq(5))), fixed={"e": (ZERO,)}),
    # A step back, then forward to the minimiser.
    Scene(start=ONE, steps=(-QUARTER, HALF)),
    # Nothing moves; no step, no factor: with nothing to bring down, epsilon may be negative.
    Scene(),
    Scene(steps=(ZERO,)),
    Scene(steps=(QUARTER,), declared={"q_min": ZERO}),
    Scene(steps=(QUARTER,), declared={"K": 0}),
    # Nothing but noise.
    Scene(q=ZERO, noise=COIN),
    Scene(objective=FLAT, steps=(ONE,), sampled=coin(ONE), declared={"c": ZERO}),
    # Factors above q_max; too long a step; too small an L; too large an F_inf.
    Scene(start=ONE, steps=(HALF,) * 2, q=fmpq(10), declared={"q_min": ONE, "q_max": ONE}),
    Scene(start=ONE, steps=(fmpq(10),) * 2),
    Scene(objective=STEEP, start=ONE, steps=(HALF,) * 2, declared={"L": 2, "c": 2}),
    Scene(start=ONE, steps=(QUARTER,), declared={"F_inf": ONE}),
    # Noise under large and small factors, for their powers.
    Scene(steps=(fmpq(1, 20),) * 2, q=fmpq(10), sampled=coin(ONE)),
    Scene(steps=(fmpq(5),) * 2, q=fmpq(1, 10), sampled=coin(ONE)),
    Scene(steps=(HALF,) * 4, sampled=coin(ONE)),
    Scene(steps=(HALF,) * 4, noise=COIN),
    Scene(steps=(HALF,) * 4, q=fmpq(1, 10), noise=COIN, declared={"q_max": ONE}),
    # The best fixed stepsize, which is 20, 1/10, 2 and then 1/2.
    Scene(start=ONE, declared={"L": fmpq(1, 200), "sigma2": ONE}),
    Scene(start=ONE, declared={"sigma2": ONE, "F_inf": fmpq(99, 100)}),
    Scene(start=ONE, declared={"sigma2": QUARTER}),
    Scene(steps=(HALF,) * 2, sampled=coin(fmpq(4)), declared={"sigma2": ONE, "F_inf": -HALF}),
    Scene(
        steps=(HALF,) * 2,
        noise=Additive(coin(fmpq(4))),
        declared={"tau2": ONE, "F_inf": -HALF},
    ),
    Scene(start=ONE, steps=(HALF,) * 2, sampled=coin(fmpq(2), chance=HALF)),
    Scene(start=ONE, steps=(HALF,) * 2, noise=Additive(coin(fmpq(2), chance=HALF))),
    Scene(
        start=ONE,
        steps=(HALF,) * 3,
        q=fmpq(1, 100),
        declared={"q_max": ONE, "sigma2": fmpq(4, 3)},
    ),
    Scene(
        start=HALF,
        steps=(HALF,) * 2,
        q=fmpq(10),
        declared={"q_min": ONE, "q_max": ONE, "sigma2": ONE, "F_inf": -QUARTER},
    ),
    # Stepsizes beta/(gamma + k).
    Scene(q=fmpq(10), sampled=coin(ONE), declared={"beta": fmpq(1, 10), "gamma": fmpq(2)}),
    Scene(start=ONE, q=fmpq(5), declared={"q_min": fmpq(-5), "beta": -ONE, "gamma": ONE}),
    Scene(start=ONE, declared={"c": fmpq(-5), "beta": -ONE, "gamma": ONE}),
    Scene(start=ONE, declared={"beta": ONE, "gamma": -HALF}),
    # Not convex; a point that is no minimiser.
    Scene(objective=WELL, start=ONE, steps=(fmpq(1, 6),) * 3),
    Scene(start=fmpq(2), declared={"F_star": ONE}, fixed={"w_star": (ONE,)}),
    # 1 + omega < 0, and a variance far below what is declared.
    Scene(start=ONE, steps=(QUARTER,), declared={"omega": -2, "tau2": 8, "sigma2": fmpq(1000)}),
    # Either nothing is sent, or so much that the next iterate forgets where it came from.
    Scene(steps=(QUARTER,) * 9, sampled=coin(ONE), noise=Dropped(HALF), declared={"omega": ONE}),
    Scene(
        steps=(fmpq(4, 9),) * 24, sampled=coin(ONE), noise=Dropped(fmpq(8, 9)), declared={"p": 1}
    ),
    # A relative error of 1/5, upward from the minimiser and downward to it.
    Scene(
        steps=(fmpq(5, 12),) * 5,
        sampled=coin(ONE),
        noise=Coordinatewise(fmpq(6, 5), fmpq(6, 5)),
        declared={"u": fmpq(1, 5), "q_min": fmpq(4, 5), "q_max": fmpq(6, 5), "p": 2},
    ),
    Scene(steps=(HALF,) * 5, sampled=coin(ONE), declared={"p": 2}),
    Scene(
        start=ONE,
        steps=(fmpq(2, 5),) * 2,
        noise=Coordinatewise(fmpq(4, 5), fmpq(4, 5)),
        declared={"p": 2},
    ),
    Scene(
        start=ONE,
        steps=(fmpq(12, 25),) * 2,
        noise=Coordinatewise(fmpq(2, 3), fmpq(2, 3)),
        declared={"p": 2},
    ),
    Scene(start=ONE, steps=(fmpq(3, 5),), declared={"p": 24}),
    # One significant bit: kappa vanishes with a lower power of rho, and 1/0 is 0.
    Scene(sampled=coin(ONE), declared={"p": 0}),
    Scene(steps=(fmpq(3, 4),), sampled=coin(ONE), declared={"p": 0}),
    # A step so long that kappa is negative, on a curvature far above c.
    Scene(start=ONE, steps=(fmpq(21, 20),), declared={"c": fmpq(1, 50), "p": 2}),
    # Both sides equal, or nearly, for the tightness of bounds: without noise,
    Scene(start=ONE, declared={"p": 24}),
    Scene(start=ONE, steps=(QUARTER,), q=HALF, declared={"u": HALF}),
    Scene(start=ONE, steps=(fmpq(4, 9),), q=HALF, declared={"q_max": ONE}),
    Scene(start=ONE, steps=(fmpq(1, 3),), q=fmpq(2, 3), declared={"p": 1}),
    # and with it.
    Scene(
        start=ONE,
        steps=(fmpq(2, 5),),
        sampled=coin(HALF),
        noise=Both(Relative(HALF), Additive(coin(fmpq(1, 3)))),
        declared={"omega": QUARTER},
    ),
    Scene(
        start=ONE,
        steps=(fmpq(4, 9),),
        sampled=coin(HALF),
        noise=Both(Dropped(fmpq(8, 9)), Additive(coin(fmpq(1, 3)))),
        declared={"omega": fmpq(1, 8), "p": 1, "h": fmpq(2, 3)},
    ),
    Scene(start=ONE, steps=(HALF,) * 16, noise=Additive(coin(HALF))),
    Scene(sampled=coin(ONE), declared={"beta": fmpq(50), "gamma": fmpq(100)}),
    # Numbers that are no rounding.
    _rounded(fmpq(5, 4), replaced={"h": 0, "B": 0, "Q": 1, "a": 1}),
    _rounded(fmpq(5, 4), replaced={"B": 1, "Q": fmpq(3, 2)}),
    _rounded(fmpq(5, 4), replaced={"Q": 7}),
    _rounded(ONE, replaced={"a": -1, "h": 2, "x": -1, "B": 0, "Q": -1}, u=-ONE),
    _rounded(fmpq(21, 20), affine=(fmpq(16), fmpq(-15)), u=fmpq(4)),
    _rounded(fmpq(5, 4), q_min=fmpq(10)),
    # Rates r that are none.
    Scene(declared={"r": fmpq(-4), "s": 2}),
    Scene(steps=(HALF,) * 2, declared={"r": fmpq(3)}),
    # Numbers that are, in larger units, or nearly are, below 1/2.
    *(
        _rounded(x, affine=(fmpq(16), ZERO), replaced=moved, h=fmpq(8))
        for x, moved in ((QUARTER, {"N": 8}), (fmpq(1, 10), {}), (fmpq(9, 20), {}))
    ),
    _rounded(QUARTER, affine=(ONE, fmpq(-5)), q_min=ZERO),
    _rounded(ONE, replaced={"a": 0, "x": 1, "B": 1, "Q": 1, "N": 1, "Z": 0}, h=ONE),
    _rounded(fmpq(1, 20), replaced={"N": HALF}),
    _rounded(fmpq(9, 20), replaced={"N": 0}),
    _rounded(QUARTER, replaced={"Z": -1}),
    _rounded(QUARTER, replaced={"Q": 7}),
)


@cache
def contrived(reading: Reading) -> tuple[Instance, ...]:
    """Every scene that has the constants which the statement wants, the shortest first."""
    shortest_first = sorted(SCENES, key=lambda scene: len(scene.steps))
    found = (scene.instance(reading) for scene in shortest_first)
    return tuple(instance for instance in found if instance is not None)
