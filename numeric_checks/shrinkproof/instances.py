"""Hypothesis strategies: random instances that satisfy a statement's hypotheses.

What to draw is read off the statement: ``reading`` says which symbols need a meaning,
``ingredients`` what fits its hypotheses, and ``recipes`` settles every constant that is left open.
Half of the instances are sharp: in dimension one, with one kind of noise or none, and no constant
looser than it has to be.  There most bounds are nearly attained.
"""

from __future__ import annotations

from dataclasses import replace

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from shrinkproof.evaluation import Instance
from shrinkproof.exact import Vector
from shrinkproof.formats import FORMATS
from shrinkproof.ingredients import Menu, NothingToTry, coin, menu, points, sampled
from shrinkproof.language.statement import Statement
from shrinkproof.objectives import Objective, Quadratic
from shrinkproof.oracles import AdditiveNoise, ExactGradient, Oracle
from shrinkproof.process import (
    Additive,
    Both,
    Coordinatewise,
    Dropped,
    Noise,
    OfSample,
    Relative,
    Rounded,
    RoundingError,
    Scheduled,
    Shrinkage,
    Silent,
)
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.reading import Reading, read
from shrinkproof.recipes import Recipe, Split, complete
from shrinkproof.strategies import (
    logistics,
    noises,
    oracles,
    positive_rationals,
    quadratics,
    rationals,
    vectors,
    wells,
)
from shrinkproof.verdicts import violated_hypotheses

__all__ = ["NothingToTry", "instances"]

ONE = fmpq(1)
LONGEST, MOST_STATES = 4, 12  # what an example may cost
FACTORS = st.sampled_from([fmpq(*x) for x in ((1, 1), (1, 2), (1, 4), (3, 4), (1, 10), (1, 100))])
PLACES = st.sampled_from([fmpq(*x) for x in ((1, 1), (1, 2), (1, 4), (9, 10), (1, 10), (0, 1))])
SHARP = st.sampled_from((ONE, ONE, fmpq(1, 2)))
CHANCES = st.sampled_from([fmpq(*x) for x in ((1, 1), (1, 2), (1, 10), (1, 100))])
UNITS = st.sampled_from([fmpq(*x) for x in ((1, 1), (3, 1), (1, 3), (1, 100))])
MULTIPLES = tuple(
    Quantizer(f, r, scale=s) for f in FORMATS.values() for r in Rounding for s in (1, 16, 1024)
)
OF_ROUNDING = {
    r.value: st.sampled_from([q for q in MULTIPLES if q.rounding is r]) for r in Rounding
}
SIZES, ORDERS, RANKS = positive_rationals(), st.integers(0, 23), st.integers(0, 3)
HORIZONS = {least: st.sampled_from((*range(LONGEST, least - 1, -1), 2, 3)) for least in (0, 1)}
FOCUS = st.sampled_from(("", "", "", "noiseless", "sampling", "quantization", "both"))
ONCE_IN_THREE = st.sampled_from((False, False, True))


@st.composite
def _isotropic(draw: DrawFn) -> Quadratic:
    d = draw(st.integers(1, 2))
    return Quadratic(eigenvalues=(draw(SIZES),) * d, minimiser=(0,) * d, minimum=draw(rationals()))


@st.composite
def _line(draw: DrawFn) -> Quadratic:
    return Quadratic(eigenvalues=(draw(SIZES),), minimiser=(draw(rationals()),))


FAMILIES: dict[str, SearchStrategy[Objective]] = {
    "isotropic": _isotropic(),
    "strongly convex": quadratics(max_dim=2, strongly_convex=True),
    "convex": quadratics(max_dim=2),
    "attained": wells(max_dim=2).map(lambda f: replace(f, depths=tuple(map(abs, f.depths)))),
    "nonconvex": wells(max_dim=2),
    "logistic": logistics(max_dim=2, max_samples=2),
}


def instances(statement: Statement) -> SearchStrategy[Instance]:
    """Instances on which every hypothesis of the statement holds.

    Raises NothingToTry, with the symbol or hypothesis that is in the way, if there are none.
    """
    reading = read(statement)
    chosen = menu(reading)
    if chosen.base.oracle is None:
        recipes = _of_numbers(chosen.base)
    elif chosen.base.cell is not None:
        recipes = _of_cells(chosen.base)
    elif reading.has_process:
        recipes = _of_processes(reading, chosen)
    else:
        recipes = _of_points(reading, chosen)

    def completed(recipe: Recipe) -> tuple[Instance, ...]:
        found = complete(reading, recipe)
        if found is None or (recipe.rounds and violated_hypotheses(statement, found)):
            return ()  # a real format leaves every model somewhere
        return (found,)

    return recipes.map(completed).filter(len).map(lambda found: found[0])


@st.composite
def _of_numbers(draw: DrawFn, base: Recipe) -> Recipe:
    """Deterministic scalars: anywhere in what the hypotheses allow."""
    places, horizon = draw(st.tuples(*[PLACES] * 5)), draw(HORIZONS[0])
    return replace(base, rest=places, order=draw(ORDERS), unit=draw(UNITS), horizon=horizon)


@st.composite
def _of_cells(draw: DrawFn, base: Recipe) -> Recipe:
    """A number to be rounded, or two, and a format."""
    cell = replace(draw(OF_ROUNDING["stochastic"]), scale=fmpq(2) ** draw(st.integers(-20, 8)))
    f, start, size = draw(_line()), draw(rationals()), draw(SIZES)
    oracle: Oracle = AdditiveNoise(f, coin(size / 7)) if draw(st.booleans()) else ExactGradient(f)
    rest = (draw(PLACES), draw(PLACES))
    return replace(
        base,
        cell=cell,
        noise=RoundingError(cell),
        oracle=oracle,
        start=(start,),
        horizon=1,
        rest=rest,
    )


@st.composite
def _of_points(draw: DrawFn, reading: Reading, chosen: Menu) -> Recipe:
    """An objective and two points, and its minimiser where it has one."""
    f = draw(st.one_of([FAMILIES[name] for name in chosen.objectives]))
    one, other = draw(vectors(f.dimension)), draw(vectors(f.dimension))
    other = other if other != one else tuple(x + 1 for x in one)
    around = [one, other] if f.minimiser is None else [one, other, f.minimiser]
    return replace(
        chosen.base,
        oracle=ExactGradient(f),
        start=one,
        points=points(reading, *around),
        rest=(draw(PLACES),),
        loose=draw(_looseness(reading, chosen)),
    )


@st.composite
def _of_processes(draw: DrawFn, reading: Reading, chosen: Menu) -> Recipe:
    focus = draw(FOCUS)
    f = draw(_objective(chosen, focus))
    centre = f.minimiser or (fmpq(0),) * f.dimension
    oracle = draw(_oracle(chosen, f, focus))
    f = oracle.objective
    start = centre if focus in ("sampling", "quantization") else draw(vectors(f.dimension))
    rule, q_range = draw(_shrinkage(chosen, oracle, centre, start))
    noise = draw(_noise(chosen, f, focus))
    return replace(
        chosen.base,
        oracle=oracle,
        start=start,
        shrinkage=rule,
        q_range=q_range,
        noise=noise,
        states=MOST_STATES,
        horizon=draw(HORIZONS[chosen.shortest]) if f.is_exact else 1,
        stepsizes=(draw(SHARP),) if focus else draw(st.tuples(*[PLACES] * 3)),
        rest=(ONE,) if focus else (ONE, draw(PLACES)),
        loose=(ONE, ONE) if focus and ONE in chosen.loose else draw(_looseness(reading, chosen)),
        points=points(reading, start, tuple(x + 1 for x in start)),
    )


def _looseness(reading: Reading, chosen: Menu) -> SearchStrategy[tuple[fmpq, fmpq]]:
    return st.tuples(st.sampled_from((ONE, fmpq(2))), st.sampled_from(chosen.loose))


def _objective(chosen: Menu, focus: str) -> SearchStrategy[Objective]:
    if focus:
        return _line() if "strongly convex" in chosen.objectives else _isotropic_line()
    return st.one_of([FAMILIES[name] for name in chosen.objectives])


def _isotropic_line() -> SearchStrategy[Objective]:
    return SIZES.map(lambda e: Quadratic(eigenvalues=(e,), minimiser=(0,)))


@st.composite
def _oracle(draw: DrawFn, chosen: Menu, f: Objective, focus: str) -> Oracle:
    if focus in ("noiseless", "quantization"):
        return ExactGradient(f)
    if focus:
        return AdditiveNoise(f, coin(draw(SIZES), f.dimension, draw(CHANCES)))
    kind = draw(st.sampled_from(chosen.oracles))
    return sampled(f, kind) if kind == "biased" else draw(oracles(f, kinds=(kind,)))


@st.composite
def _shrinkage(
    draw: DrawFn, chosen: Menu, oracle: Oracle, centre: Vector, start: Vector
) -> tuple[Shrinkage, tuple[fmpq, fmpq]]:
    """A shrinkage factor no better known than the statement allows, and its declared range."""
    if not chosen.shrinkages:
        return Scheduled((ONE,)), (ONE, ONE)
    # What may depend on the past, or on the sample, does so more often than not.
    kind = draw(st.sampled_from((*chosen.shrinkages, *chosen.shrinkages[2:] * 2)))
    first, second = draw(FACTORS), draw(FACTORS)
    ends = min(first, second), max(first, second)
    if kind == "constant":
        return Scheduled((first,)), draw(st.sampled_from(((first, first), (first, ends[1]))))
    if kind == "scheduled":
        return Scheduled((first, second)), ends
    if kind == "of the sample":
        return OfSample((ONE,) * len(start), first, second), ends
    line = isinstance(oracle, ExactGradient) and len(start) == 1 and oracle.objective.is_exact
    if line and draw(ONCE_IN_THREE):
        quantizer = draw(OF_ROUNDING["toward-zero"])
        lowest = 1 / (1 + 2 * quantizer.format.unit_roundoff)
        return Rounded(oracle.objective, quantizer), (lowest, ONE)
    other = second if second != first else first / 2
    rule = Split(first, other, draw(st.sampled_from((centre, start))), draw(RANKS))
    return rule, (min(first, other), max(first, other))


@st.composite
def _noise(draw: DrawFn, chosen: Menu, f: Objective, focus: str) -> Noise:
    d = f.dimension
    if focus in ("noiseless", "sampling"):
        return Silent()
    kinds = [n for n in chosen.noises if n != "none" or not focus]
    kind = draw(st.sampled_from(kinds)) if kinds else "none"
    if kind in OF_ROUNDING:
        return RoundingError(draw(OF_ROUNDING[kind])) if f.is_exact else Silent()
    if kind == "additive" or kind == "relative and additive":
        tails = draw(CHANCES) if focus else None
        law = coin(draw(SIZES), d, tails) if tails else draw(noises(d, max_support=2))
        noise = Additive(law)
        return noise if kind == "additive" else Both(Relative(draw(FACTORS)), noise)
    if kind == "coordinatewise":
        return Coordinatewise(draw(FACTORS), draw(FACTORS))
    if kind == "biased":
        return Additive(((ONE, draw(vectors(d))),))
    if kind == "relative":
        return Relative(draw(FACTORS))
    return Dropped(draw(FACTORS)) if kind == "dropped" else Silent()
