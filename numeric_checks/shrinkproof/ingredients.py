"""What instances are made of, and which of it fits a statement.

An ingredient fits a statement if, on a typical instance made with it, every hypothesis holds.  That
is found by trying, so that a new statement needs no new code here unless it needs a new ingredient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from flint import fmpq

from shrinkproof.exact import Vector, add
from shrinkproof.formats import FORMATS
from shrinkproof.kernel.term import SCALAR, Term
from shrinkproof.language.evaluate import EvaluationError
from shrinkproof.objectives import Objective, Quadratic, RationalWells, RidgeLogistic
from shrinkproof.oracles import (
    AdditiveNoise,
    ExactGradient,
    LogisticSum,
    Oracle,
    Outcomes,
    QuadraticSum,
    Shifted,
    WellSum,
)
from shrinkproof.process import (
    Additive,
    Both,
    Coordinatewise,
    Dropped,
    Noise,
    OfSample,
    Relative,
    RoundingError,
    Scheduled,
    Shrinkage,
    Silent,
)
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.reading import Reading
from shrinkproof.recipes import MOST_ORDERS, Recipe, Split, complete
from shrinkproof.theorems.setting import eps, g, w
from shrinkproof.verdicts import violated, violated_hypotheses

ONE, HALF = fmpq(1), fmpq(1, 2)
KNOWN = {"start": ("start",), "past": ("start", "past"), "sample": ("start", "past", "sample")}


class NothingToTry(ValueError):
    """A statement whose hypotheses hold on nothing that can be built here; the message says why."""


def coin(size: fmpq, dimension: int = 1, chance: fmpq = ONE) -> Outcomes:
    """+z or -z, with a small chance a large z: z has ``size`` in every coordinate."""
    z, zero = (size,) * dimension, (fmpq(0),) * dimension
    ends = ((chance / 2, z), (chance / 2, tuple(-x for x in z)))
    return ends if chance == 1 else (*ends, (1 - chance, zero))


# One typical member of each family: as general as the family is.
OBJECTIVES: dict[str, Objective] = {
    "isotropic": Quadratic(eigenvalues=(2, 2), minimiser=(0, 0)),
    "strongly convex": Quadratic(
        eigenvalues=(2, HALF), minimiser=(1, 2), minimum=3, reflections=((1, 2),)
    ),
    "convex": Quadratic(eigenvalues=(2, 0), minimiser=(1, 2), minimum=3, reflections=((1, 2),)),
    "attained": RationalWells(depths=(1, 2), centre=(1, 1)),
    "nonconvex": RationalWells(depths=(1, -2), centre=(1, 1)),
    "logistic": RidgeLogistic(features=((1, 2), (2, -1)), labels=(1, -1), ridge=HALF),
}
ORACLES = ("exact", "additive", "sum", "biased")
E2M1 = FORMATS["e2m1"]
LOOSE = (ONE, HALF)
AROUND = ((2, 1), (0, -1), (5, 2), (-4, 7), (1, 0))  # near the origin, and far on both sides
CURVATURES = ("pl_constant", "strong_convexity")


def typical_shrinkages(d: int) -> dict[str, tuple[Shrinkage, tuple[fmpq, fmpq]]]:
    """Rules for q_k with the ranges that they keep to, in dimension d."""
    return {
        "constant": (Scheduled((HALF,)), (HALF, HALF)),
        "scheduled": (Scheduled((HALF, ONE)), (HALF, ONE)),
        "predictable": (Split(HALF, ONE, (fmpq(0),) * d), (HALF, ONE)),
        "of the sample": (OfSample((ONE,) * d, HALF, ONE), (HALF, ONE)),
    }


def typical_noises(d: int) -> dict[str, Noise]:
    """Quantization noises, in dimension d."""
    additive = Additive(coin(HALF, d))
    return {
        "none": Silent(),
        "additive": additive,
        "relative": Relative(HALF),
        "dropped": Dropped(fmpq(4, 5)),
        "relative and additive": Both(Relative(HALF), additive),
        "coordinatewise": Coordinatewise(HALF, ONE),
        "biased": Additive(((ONE, (ONE,) * d),)),
        **{r.value: RoundingError(Quantizer(E2M1, r, scale=HALF)) for r in Rounding},
    }


def sampled(objective: Objective, kind: str, size: fmpq = ONE) -> Oracle:
    """A typical oracle of one kind, with noise or bias of that size."""
    d = objective.dimension
    if kind == "exact":
        return ExactGradient(objective)
    if kind == "biased":
        return Shifted(ExactGradient(objective), (size,) * d)
    if kind == "sum" and isinstance(objective, Quadratic):
        shifts = [(size,) * d, (-size,) * d]
        return QuadraticSum(
            tuple(replace(objective, minimiser=add(objective.minimiser, s)) for s in shifts)
        )
    if kind == "sum" and isinstance(objective, RationalWells):
        return WellSum((objective, replace(objective, depths=objective.depths[::-1])))
    if kind == "sum" and isinstance(objective, RidgeLogistic):
        return LogisticSum(objective.components())
    return AdditiveNoise(objective, coin(size, d))


@dataclass(frozen=True)
class Menu:
    """The ingredients that fit a statement, by name, and the recipe from which all were tried."""

    base: Recipe
    objectives: tuple[str, ...]
    oracles: tuple[str, ...]
    shrinkages: tuple[str, ...]
    noises: tuple[str, ...]
    loose: tuple[fmpq, ...]
    shortest: int  # the least number of steps

    def __repr__(self) -> str:
        return "a menu"


@cache
def menu(reading: Reading) -> Menu:
    """What fits.  Raises NothingToTry if not even the simplest instances do."""
    base, size = _base(reading)
    if base.oracle is None:
        return Menu(base, (), (), (), (), (ONE,), 0)
    noisy = {"eps", "Q"} & set(reading.symbols)
    bowl = base.oracle.objective
    factors = LOOSE if "c" in reading.constants else (ONE,)

    def fitting(recipes: Iterator[tuple[str, Recipe]]) -> tuple[str, ...]:
        return tuple(name for name, recipe in recipes if _fits(reading, recipe))

    def objectives() -> Iterator[tuple[str, Recipe]]:
        for name, f in OBJECTIVES.items():
            yield name, with_oracle(reading, base, sampled(f, "additive", size))

    def oracles() -> Iterator[tuple[str, Recipe]]:
        for kind in ORACLES:
            yield kind, with_oracle(reading, base, sampled(bowl, kind, size))

    def shrinkages() -> Iterator[tuple[str, Recipe]]:
        for name, (rule, ends) in typical_shrinkages(bowl.dimension).items():
            if rule.known in KNOWN[reading.shrinkage_known]:
                yield name, replace(base, shrinkage=rule, q_range=ends)

    def noises() -> Iterator[tuple[str, Recipe]]:
        for name, noise in typical_noises(bowl.dimension).items():
            if noisy or name == "none":
                yield name, replace(base, noise=noise)

    return Menu(
        base,
        fitting(objectives()),
        fitting(oracles()),
        fitting(shrinkages()),
        fitting(noises()),
        tuple(x for x in factors if _fits(reading, replace(base, loose=(ONE, x)))),
        0 if _fits(reading, replace(base, horizon=0)) else 1,
    )


def points(reading: Reading, *found: Vector) -> tuple[Vector | Term, ...]:
    """What to try for quantified vectors: the given points, and random ones if there are any."""
    if not reading.has_process:
        return found
    random = {"g": g[0], "w": w[1], "eps": eps[0]}
    symbols = set(reading.symbols)
    return (*found, *(t for n, t in random.items() if n in symbols or not {"w", "g"} & symbols))


def with_oracle(reading: Reading, recipe: Recipe, oracle: Oracle) -> Recipe:
    """The recipe with another oracle, and points all around."""
    d = oracle.objective.dimension
    around = [tuple(fmpq(a + b * i) for i in range(d)) for a, b in AROUND]
    return replace(recipe, oracle=oracle, start=around[0], points=points(reading, *around))


def _bases(reading: Reading) -> Iterator[tuple[Recipe, fmpq]]:
    """The simplest recipes, and how large their noise is; one has to satisfy every hypothesis."""
    if not reading.has_objective:
        yield from ((Recipe(rest=(place,)), ONE) for place in (ONE, HALF))
        return
    for curvature, loose in product(CURVATURES, LOOSE):
        recipe = Recipe(horizon=2, loose=(ONE, loose), curvature=curvature)
        if speaks_of_numbers(reading):
            line = Quadratic(eigenvalues=(2,), minimiser=(0,))
            for scale in (ONE, fmpq(1, 2**16)):  # normal numbers, and subnormal ones
                cell = Quantizer(FORMATS["e5m2"], Rounding.STOCHASTIC, scale=scale)
                rounded = replace(recipe, cell=cell, noise=RoundingError(cell))
                yield with_oracle(reading, rounded, AdditiveNoise(line, coin(ONE))), ONE
            continue
        for size, noise in ((ONE, Silent()), (fmpq(10), Additive(coin(fmpq(10), 2)))):
            oracle = sampled(OBJECTIVES["isotropic"], "additive", size)
            yield with_oracle(reading, replace(recipe, noise=noise), oracle), size


def _base(reading: Reading) -> tuple[Recipe, fmpq]:
    """The simplest recipe on which every hypothesis holds, and how large its noise is."""
    why = "no constants satisfy its hypotheses on constants"
    for recipe, size in _bases(reading):
        try:
            instance = complete(reading, recipe)
            if instance is None:
                continue
            broken = violated_hypotheses(reading.statement, instance)
            for conclusion in reading.statement.conclusions:
                violated(instance, conclusion)  # whichever way: every symbol has a value
        except EvaluationError as error:
            raise NothingToTry(f"{reading.statement.label}: {error}") from None
        if not broken:
            # The order that settles this one at once will mostly do for others.
            orders = (replace(recipe, order=i) for i in range(MOST_ORDERS))
            return next(r for r in orders if complete(reading, r, orders=1)), size
        why = f"its hypothesis {broken[0]} fails on every instance that was built"
    raise NothingToTry(f"{reading.statement.label}: {why}")


def speaks_of_numbers(reading: Reading) -> bool:
    """Whether the statement is about single random numbers, such as those that are rounded."""
    scalars = [d for d in reading.symbols.values() if d[1:3] == ("at", SCALAR) and d[0] != "q"]
    return any(d[3] in ("sample", "next") for d in scalars)


def _fits(reading: Reading, recipe: Recipe) -> bool:
    try:
        instance = complete(reading, recipe)
        return instance is not None and not violated_hypotheses(reading.statement, instance)
    except EvaluationError:
        return False
