"""What holds of an instance by construction, where trying it out settles nothing.

A hypothesis about all points holds because of what the objective is, and not because it holds at
some.  An equation between balls is never settled; what is said here of irrational stepsizes holds
for whichever numbers in their balls they are.
"""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, ctx, fmpq

from shrinkproof.evaluation import Instance, OnInstance
from shrinkproof.kernel.term import SCALAR, Term, make
from shrinkproof.objectives import Objective, Quadratic
from shrinkproof.oracles import AdditiveNoise, ExactGradient
from shrinkproof.process import Process
from shrinkproof.reading import stepsize_of_update
from shrinkproof.theorems.coordinates import ORTHONORMAL
from shrinkproof.theorems.quadratic_lower_bound import QUADRATIC, QUADRATIC_GRADIENT
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    CONVEXITY,
    PL,
    SMOOTHNESS,
    STRONG_CONVEXITY,
    UNBIASED,
    VARIANCE,
    q,
    update,
)

BITS = 4096  # more than stepsizes are computed with, so that their balls contain those made here


def by_construction(instance: Instance, prop: Term) -> bool | None:
    """Whether a hypothesis holds by construction; None if it is not one that this module knows."""
    if prop in OF_OBJECTIVES:
        if instance.objective is None:
            return False
        return OF_OBJECTIVES[prop](instance.objective, instance)
    process = instance.process
    if process is None or process.is_exact:
        return None
    oracle = process.oracle
    if (found := stepsize_of_update(prop)) is not None:
        own = type(process) is Process and prop == update(lambda _: found[1], q).prop
        return own and _are_stepsizes(instance, process, *found)
    if prop == UNBIASED.prop:
        return isinstance(oracle, (ExactGradient, AdditiveNoise))
    if prop == VARIANCE.prop:
        bound = oracle.variance_bound
        return bound is not None and bool(bound <= instance.constants["sigma2"])
    return _says_what_stepsizes_are(instance, process, prop)


# -- all points ------------------------------------------------------------------------------------


def _smooth(f: Objective, instance: Instance) -> bool:
    least = max(f.eigenvalues) if isinstance(f, Quadratic) else f.smoothness
    return bool(abs(instance.constants["L"]) >= least)


def _convexity(f: Objective) -> fmpq:
    """A c for which f is c-strongly convex, the largest one of a quadratic."""
    if isinstance(f, Quadratic):
        return min(f.eigenvalues)
    return -f.smoothness if f.strong_convexity is None else f.strong_convexity


def _strongly_convex(f: Objective, instance: Instance) -> bool:
    return bool(instance.constants["c"] <= _convexity(f))


def _convex(f: Objective, instance: Instance) -> bool:
    return bool(_convexity(f) >= 0)


def _bounded_below(f: Objective, instance: Instance) -> bool:
    return bool(instance.constants["F_inf"] <= f.lower_bound)


def _polyak_lojasiewicz(f: Objective, instance: Instance) -> bool:
    """2c (F - F_star) <= norm(grad F)^2: for c <= 0 it says little, and less for F_star above F."""
    c, F_star = instance.constants["c"], instance.constants["F_star"]
    if c <= 0:
        return bool(F_star <= f.lower_bound)
    if isinstance(f, Quadratic):
        return bool(c <= min((e for e in f.eigenvalues if e), default=c) and F_star >= f.minimum)
    return bool(
        f.pl_constant is not None
        and f.minimum is not None
        and c <= f.pl_constant
        and F_star >= f.minimum
    )


def _quadratic_gradient(f: Objective, instance: Instance) -> bool:
    """grad F(x) = c (x - w_star)."""
    c = instance.constants["c"]
    if not isinstance(f, Quadratic) or any(e != c for e in f.eigenvalues):
        return False
    return bool(c == 0 or f.minimiser == instance.fixed_points["w_star"])


def _quadratic(f: Objective, instance: Instance) -> bool:
    """F(x) = F_star + (c/2) norm(x - w_star)^2."""
    known = isinstance(f, Quadratic) and f.minimum == instance.constants["F_star"]
    return known and _quadratic_gradient(f, instance)


def _orthonormal(f: Objective, instance: Instance) -> bool:
    """Whether the vectors are the standard basis, whole; beyond it they are zero."""
    return "e" not in instance.fixed_points and bool(instance.constants["d"] >= f.dimension)


OF_OBJECTIVES: dict[Term, Callable[[Objective, Instance], bool]] = {
    SMOOTHNESS.prop: _smooth,
    STRONG_CONVEXITY.prop: _strongly_convex,
    CONVEXITY.prop: _convex,
    BOUNDED_BELOW.prop: _bounded_below,
    PL.prop: _polyak_lojasiewicz,
    QUADRATIC.prop: _quadratic,
    QUADRATIC_GRADIENT.prop: _quadratic_gradient,
    ORTHONORMAL.prop: _orthonormal,
}


# -- irrational stepsizes --------------------------------------------------------------------------


def _says_what_stepsizes_are(instance: Instance, process: Process, prop: Term) -> bool | None:
    """Whether it says which numbers in their balls the stepsizes are."""
    if prop[0] != "forall" or prop[2][0] != "eq":
        return None
    (_, variable, (_, left, right)) = prop
    if left != make("at", "mu", SCALAR, "start", variable):
        return None
    return _are_stepsizes(instance, process, variable[1], right)


def _are_stepsizes(instance: Instance, process: Process, k: str, term: Term) -> bool:
    """Whether the values of a term are numbers in the balls of the stepsizes."""
    with ctx.workprec(BITS):
        view = OnInstance(instance)
        for i, step in enumerate(process.stepsizes):
            view.values[k] = i
            if not arb(step).contains(arb(view.scalar(term))):
                return False
    return True
