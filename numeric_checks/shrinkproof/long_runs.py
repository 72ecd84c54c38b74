"""How far the bounds are from the truth, exactly and over long horizons.

On quadratics the expectations of a theorem's left side follow from two moments (`moments`), for any
number of steps: so a bound can be compared with what it bounds, in rationals and without a limit.
Two problems are looked at, in dimension two, from the same start, with sampling noise, quantization
noise and a constant q = 1/2: one curved alike in both directions (c = L), where some bounds are
attained at every K, and one with c = L/4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq

from shrinkproof import library
from shrinkproof.evaluation import Instance
from shrinkproof.exact import norm2
from shrinkproof.moments import ByMoments
from shrinkproof.objectives import Quadratic
from shrinkproof.oracles import AdditiveNoise, Outcomes
from shrinkproof.process import Additive, Process, Scheduled

HORIZONS = (1, 10, 100, 1000)
THEOREMS = ("T1", "T3", "T3s", "T3e")
CURVATURES = (fmpq(1), fmpq(1, 4))  # c, at L = 1
STEPSIZE, SHRINKAGE = fmpq(1), fmpq(1, 2)


def coins(size: fmpq) -> Outcomes:
    """(+-size, 0) or (0, +-size), each with probability 1/4: second moment size^2."""
    zero, quarter = fmpq(0), fmpq(1, 4)
    ends = ((size, zero), (-size, zero), (zero, size), (zero, -size))
    return tuple((quarter, z) for z in ends)


@dataclass(frozen=True)
class Comparison:
    """A theorem, the constant c of the problem, and bound/truth at each of the HORIZONS."""

    theorem: str
    curvature: fmpq
    ratios: tuple[fmpq, ...]


def instance(curvature: fmpq, steps: int) -> Instance:
    """The problem with eigenvalues 1 and `curvature`, and all that the theorems take."""
    f = Quadratic(eigenvalues=(1, curvature), minimiser=(1, 2))
    oracle, noise = AdditiveNoise(f, coins(fmpq(1))), Additive(coins(fmpq(1, 4)))
    process = Process(
        oracle, (fmpq(3), fmpq(0)), (STEPSIZE,) * steps, Scheduled((SHRINKAGE,)), noise
    )
    constants = {
        "L": f.smoothness,
        "c": f.pl_constant,
        "mu": STEPSIZE,
        "q_min": SHRINKAGE,
        "q_max": SHRINKAGE,
        "sigma2": oracle.variance_bound,
        "tau2": sum((p * norm2(e) for p, e in noise.support), fmpq(0)),
        "F_star": f.minimum,
        "F_inf": f.minimum,
        "K": steps,
    }
    return Instance(constants, f, process, fixed_points={"w_star": f.minimiser})


def ratio(theorem: str, curvature: fmpq, steps: int) -> fmpq:
    """The theorem's right side over its left side, exactly."""
    slack = ByMoments(instance(curvature, steps)).slack(
        library.result(theorem).statement.conclusion
    )
    return slack.right / (slack.right - slack.value)


def comparisons() -> Iterator[Comparison]:
    for curvature in CURVATURES:
        for theorem in THEOREMS:
            ratios = tuple(ratio(theorem, curvature, steps) for steps in HORIZONS)
            yield Comparison(theorem, curvature, ratios)
