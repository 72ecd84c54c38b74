"""Instances made by hand on which bounds are nearly attained: always tried, before any random one.

Most bounds for SGD are tight on a quadratic in one or two dimensions, with the largest stepsize
allowed, constants no looser than they have to be, and either no noise at all or one kind of noise
alone, from the minimiser.  Bounds that a random, predictable q_k attains want heavy-tailed noise,
and q_k small where the iterate is far out.  No number here is 1, so that no factor hides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

from flint import fmpq

from shrinkproof.evaluation import Instance
from shrinkproof.exact import Vector, add
from shrinkproof.formats import FORMATS
from shrinkproof.ingredients import Menu, coin, menu, points
from shrinkproof.objectives import Objective, Quadratic, RationalWells
from shrinkproof.oracles import AdditiveNoise, ExactGradient, Oracle, Shifted
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
from shrinkproof.recipes import Recipe, Split, complete
from shrinkproof.verdicts import violated_hypotheses

ZERO, ONE, HALF, QUARTER = fmpq(0), fmpq(1), fmpq(1, 2), fmpq(1, 4)
LARGE, SMALL, TINY = fmpq(3), fmpq(1, 3), fmpq(1, 100)

BOWL = Quadratic(eigenvalues=(2,), minimiser=(0,))
VALLEY = Quadratic(eigenvalues=(2, fmpq(2, 5)), minimiser=(0, 3), minimum=-2)
SINGULAR = Quadratic(eigenvalues=(2, 0), minimiser=(0, 3))
RIDGE = RationalWells(depths=(-3,), centre=(2,))
SHAPES: dict[str, tuple[Objective, ...]] = {
    "isotropic": (BOWL,),
    "strongly convex": (VALLEY,),
    "convex": (SINGULAR,),
    "nonconvex": (RIDGE,),
}
Rule = tuple[Shrinkage, tuple[fmpq, fmpq]]


@cache
def sharp_instances(reading: Reading) -> tuple[Instance, ...]:
    """All of them that satisfy the statement's hypotheses."""
    return tuple(instance for _, instance in sharp_recipes(reading))


@cache
def sharp_recipes(reading: Reading) -> tuple[tuple[Recipe, Instance], ...]:
    """The same with the recipes that they were made from."""
    found = []
    for recipe in _recipes(reading):
        instance = complete(reading, recipe)
        if instance is None or (recipe.rounds and violated_hypotheses(reading.statement, instance)):
            continue
        found.append((recipe, instance))
    return tuple(found)


def _recipes(reading: Reading) -> Iterator[Recipe]:
    chosen = menu(reading)
    if chosen.base.oracle is None:
        yield from _of_numbers(reading, chosen.base)
    elif chosen.base.cell is not None:
        yield from _of_cells(chosen.base, chosen.base.cell)
    elif reading.has_process:
        yield from _of_processes(reading, chosen)
    else:
        yield from _of_points(reading, chosen)


def _of_numbers(reading: Reading, base: Recipe) -> Iterator[Recipe]:
    """Corners of what the hypotheses allow, approached in every order."""
    orders = 24 if len(reading.constants) <= 4 else 6
    for order, rest, last in product(range(orders), (ONE, HALF), (ZERO, QUARTER, HALF, ONE)):
        places = (rest,) * (len(reading.constants) - 1) + (last,)
        for horizon in (0, 1, 3) if reading.indices else (1,):
            yield replace(base, order=order, rest=places, unit=LARGE, horizon=horizon)
            yield replace(base, order=order, rest=(*places[1:], rest), unit=SMALL, horizon=horizon)


def _of_cells(base: Recipe, cell: Quantizer) -> Iterator[Recipe]:
    """A number at chosen places between two neighbours of a format."""
    u, h = cell.format.unit_roundoff, cell.format.subnormal_spacing
    worst = (1 + 2 * u) / (1 + u)
    places = (worst, 1 + u, 1 + u / 2, 1 + 3 * u / 2, ONE, 1 + fmpq(199, 100) * u)
    subnormal = [h * x / cell.scale for x in (HALF, QUARTER, fmpq(3, 2), fmpq(99, 100), fmpq(2))]
    for value in (*(x * 2 / cell.scale for x in places), *subnormal):
        start = (value / 2,)  # the gradient of BOWL there is the value
        for place in (ONE, ZERO):
            oracle = ExactGradient(BOWL)
            yield replace(base, oracle=oracle, start=start, horizon=1, rest=(place,))


def _of_points(reading: Reading, chosen: Menu) -> Iterator[Recipe]:
    """Two points at a time, along the axes and across, near the minimiser and far."""
    for name, shapes in SHAPES.items():
        for f, loose in product(shapes if name in chosen.objectives else (), chosen.loose):
            d = f.dimension
            centre = f.minimiser or (fmpq(2),) * d
            offsets = [(ZERO,) * d, *_axes(d, LARGE), *_axes(d, -SMALL), (ONE,) * d]
            if isinstance(f, RationalWells):
                offsets += [(fmpq(n, 100),) for n in (1, 3, 99, 101)]
            around = tuple(add(centre, x) for x in offsets)
            oracle = ExactGradient(f)
            recipe = replace(
                chosen.base,
                oracle=oracle,
                start=around[1],
                points=points(reading, *around),
                loose=(ONE, loose),
            )
            for places in ((ONE,), (HALF,), (ZERO,)):
                yield replace(recipe, rest=places)


def _axes(d: int, length: fmpq) -> list[Vector]:
    return [tuple(length * (i == j) for j in range(d)) for i in range(d)]


def _of_processes(reading: Reading, chosen: Menu) -> Iterator[Recipe]:
    scheduled: list[Rule] = [(Scheduled((ONE,)), (ONE, ONE))]
    if "constant" in chosen.shrinkages:
        scheduled.append((Scheduled((HALF,)), (HALF, HALF)))
    if "scheduled" in chosen.shrinkages:
        scheduled += [(Scheduled(q), (HALF, ONE)) for q in ((HALF,), (HALF, ONE))]
    quantized = "Q" in reading.symbols
    if quantized:  # where q_k is but one way to quantize
        scheduled = scheduled[:2]
    horizons = {chosen.shortest, 1, 2 if quantized else 3}
    for oracle, start, noise in _noisy(chosen):
        for rule, horizon in product(scheduled, horizons):
            yield from _runs(reading, chosen, oracle, start, rule, noise, horizon)
    for oracle, start, rule, noise in _random(chosen):
        yield from _runs(reading, chosen, oracle, start, rule, noise, 2 if quantized else 4)
    if quantized:
        for noise, start, horizon in product(_quantizers(chosen), (LARGE, ZERO), (1, 2)):
            for law in (coin(HALF), coin(ZERO)):
                run = (AdditiveNoise(BOWL, law), (start,), scheduled[0], noise, horizon)
                yield from _runs(reading, chosen, *run)


def _noisy(chosen: Menu) -> Iterator[tuple[Oracle, Vector, Noise]]:
    """Which noise there is, and where the process starts: most at the minimiser, if it is noisy."""
    quantized = Additive(coin(HALF)) if "additive" in chosen.noises else Silent()
    sampled = AdditiveNoise(BOWL, coin(LARGE))
    yield ExactGradient(BOWL), (LARGE,), Silent()
    yield sampled, (ZERO,), Silent()
    yield ExactGradient(BOWL), (ZERO,), quantized
    yield sampled, (ONE,), Silent()
    yield sampled, (LARGE / 2,), Silent()
    yield sampled, (ONE,), quantized
    if "biased" in chosen.oracles:
        yield Shifted(sampled, (fmpq(-5),)), (SMALL,), Silent()
    if "biased" in chosen.noises:
        yield ExactGradient(BOWL), (SMALL,), Additive(((ONE, (fmpq(-5),)),))
    if "strongly convex" in chosen.objectives:
        for axis in _axes(2, LARGE):
            yield ExactGradient(VALLEY), add(VALLEY.minimiser, axis), Silent()
            noise = tuple((HALF, tuple(s * x for x in axis)) for s in (1, -1))
            yield AdditiveNoise(VALLEY, noise), VALLEY.minimiser, Silent()
    if "nonconvex" in chosen.objectives:
        yield AdditiveNoise(RIDGE, coin(HALF)), (fmpq(5, 2),), quantized


def _random(chosen: Menu) -> Iterator[tuple[Oracle, Vector, Rule, Noise]]:
    """Factors that depend on the past, or on the sample, against heavy-tailed noise."""
    rare = coin(LARGE, chance=TINY)
    for low, high in ((QUARTER, ONE), (fmpq(1, 50), HALF)):
        ends = low, high
        if "predictable" in chosen.shrinkages:
            for near, far in ((high, low), (low, high)):
                rule: Rule = Split(near, far, (ZERO,)), ends
                yield AdditiveNoise(BOWL, rare), (ZERO,), rule, Silent()
                yield AdditiveNoise(BOWL, coin(LARGE, chance=HALF)), (ZERO,), rule, Silent()
                if "additive" in chosen.noises:
                    yield ExactGradient(BOWL), (ZERO,), rule, Additive(rare)
        if "of the sample" in chosen.shrinkages:
            for above, below in ((high, low), (low, high)):
                rule = OfSample((ONE,), above, below), ends
                yield AdditiveNoise(BOWL, coin(LARGE)), (SMALL,), rule, Silent()
                yield ExactGradient(BOWL), (LARGE,), rule, Silent()


def _quantizers(chosen: Menu) -> Iterator[Noise]:
    kinds: dict[str, tuple[Noise, ...]] = {
        "relative": (Relative(HALF), Relative(QUARTER)),
        "dropped": (Dropped(fmpq(4, 5)), Dropped(HALF)),
        "relative and additive": (Both(Relative(HALF), Additive(coin(SMALL))),),
        "coordinatewise": (Coordinatewise(QUARTER, ONE), Coordinatewise(ONE, HALF)),
        "biased": (Additive(((ONE, (-SMALL,)),)),),
    }
    for name, noises in kinds.items():
        yield from noises if name in chosen.noises else ()
    for rounding in Rounding:
        if rounding.value in chosen.noises:
            yield RoundingError(Quantizer(FORMATS["e2m1"], rounding, scale=fmpq(3, 2)))


def _runs(
    reading: Reading,
    chosen: Menu,
    oracle: Oracle,
    start: Vector,
    rule: Rule,
    noise: Noise,
    horizon: int,
) -> Iterator[Recipe]:
    d = len(start)
    around = (start, tuple(fmpq(i + 1) for i in range(d)), (fmpq(-7),) * d)
    for loose, stepsize in product(chosen.loose, (ONE, HALF)):
        if stepsize == ONE or (horizon == 1 and loose == chosen.loose[0]):
            yield replace(
                chosen.base,
                oracle=oracle,
                start=start,
                shrinkage=rule[0],
                q_range=rule[1],
                noise=noise,
                horizon=horizon,
                stepsizes=(stepsize,),
                loose=(ONE, loose),
                points=points(reading, *around),
            )
