"""How tight each result is: whether both sides are equal somewhere, and where.

Found by trying the instances made by hand, in exact rationals, so that it is data and not a claim:
a result is

    identity    if all its conclusions are equations; then both sides are equal on any instance;
    exact       if each of its inequalities is an equality on some instance, and not just because
                both sides are zero; if it is about K steps, for every K that is tried, with noise;
    upper       otherwise: an upper bound, with the largest ratio of left to right side found.

A strict inequality is never an equality, and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from flint import fmpq

from shrinkproof.contrived import SCENES, Scene
from shrinkproof.evaluation import Difference, Instance, OnInstance
from shrinkproof.kernel.term import Term, lift
from shrinkproof.language.statement import Statement
from shrinkproof.reading import Reading, read
from shrinkproof.recipes import Recipe, complete
from shrinkproof.sharp import sharp_recipes
from shrinkproof.verdicts import unestablished_hypotheses

HORIZONS = (1, 2, 3, 4)
STATES = 200  # of the law: a witness may cost more than an example
NOISES = ("sigma2", "tau2", "eta2")
Family = Callable[[int], Instance | None]


@dataclass(frozen=True)
class Witness:
    """An instance and a conclusion of which the left side is ``ratio`` times the right one.

    ratio: None where the right side is zero, as the left side then is.  steps: K, if there is one.
    """

    conclusion: Term
    instance: Instance
    ratio: fmpq | None
    steps: int | None

    @property
    def attained(self) -> bool:
        return self.ratio is None or bool(self.ratio == 1)

    def better_than(self, other: Witness) -> bool:
        """Whether the sides are nearer; zero on both sides counts less than any other equality."""
        if self.ratio is None or other.ratio is None:
            return self.attained and other.ratio != 1 and self.ratio != other.ratio
        return bool(self.ratio > other.ratio)


@dataclass(frozen=True)
class Tightness:
    """kind: "identity", "exact" or "upper".  witnesses: the best found, for each inequality.

    steps: the numbers of steps at which all inequalities are equalities, with noise and, in
    ``quiet``, without; if the result is about K steps.
    """

    kind: str
    witnesses: tuple[Witness, ...]
    steps: tuple[int, ...] = ()
    quiet: tuple[int, ...] = ()


@cache
def tightness(statement: Statement) -> Tightness:
    """How tight a statement is.  Raises NothingToTry where no instance can be made."""
    reading = read(statement)
    inequalities = [c for c in statement.conclusions if _body(c).op == "le"]
    if not inequalities:
        equations = [c for c in statement.conclusions if _body(c).op in ("eq", "veq")]
        equal = tuple(w for c in equations for w in _equal(reading, c))
        return Tightness("identity" if equations else "upper", equal)
    found = [_best(reading, c, noisy=True) for c in inequalities]
    witnesses = tuple(w for best in found for w in best)
    if not _long(reading):
        exact = all(best and best[0].attained for best in found)
        return Tightness("exact" if exact else "upper", witnesses)
    steps = _common(found)
    quiet = _common([_best(reading, c, noisy=False) for c in inequalities])
    return Tightness("exact" if steps == HORIZONS else "upper", witnesses, steps, quiet)


def _common(found: Sequence[tuple[Witness, ...]]) -> tuple[int, ...]:
    """The numbers of steps at which every inequality is an equality."""
    attained = [{w.steps for w in best if w.attained} for best in found]
    return tuple(k for k in HORIZONS if all(k in steps for steps in attained))


def _body(conclusion: Term) -> Term:
    while conclusion.op == "forall":
        conclusion = conclusion[2]
    return conclusion


def _best(reading: Reading, conclusion: Term, *, noisy: bool) -> tuple[Witness, ...]:
    """A witness for each number of steps at which one family gives equality; else the nearest."""
    best: list[Witness] = []
    enough = len(HORIZONS) if _long(reading) else 1
    for instance, at in _families(reading):
        if _long(reading) and _is_noisy(reading, instance) != noisy:
            continue
        witness = _witness(reading, conclusion, instance)
        if witness is None or (best and best[0].better_than(witness)):
            continue
        if unestablished_hypotheses(reading.statement, instance):
            continue
        found = [witness, *_prolonged(reading, conclusion, at, witness)]
        if not best or witness.better_than(best[0]) or len(found) > len(best):
            best = found
        if best[0].ratio == 1 and len(best) == enough:
            break
    return tuple(best)


def _equal(reading: Reading, conclusion: Term) -> tuple[Witness, ...]:
    """Instances on which the sides of an equation are equal, one for each number of steps."""
    for instance, at in _families(reading):
        if _long(reading) and not _is_noisy(reading, instance):
            continue
        steps: tuple[int | None, ...] = HORIZONS if _long(reading) else (None,)
        found = [(k, instance if k is None else at(k)) for k in steps]
        witnesses = tuple(
            Witness(conclusion, x, fmpq(1), k)
            for k, x in found
            if x is not None
            and unestablished_hypotheses(reading.statement, x) == []
            and OnInstance(x).slack(conclusion).value == 0
        )
        if len(witnesses) == len(steps):
            return witnesses
    return ()


def _families(reading: Reading) -> Iterator[tuple[Instance, Family]]:
    """Instances made by hand, and how to make them of another number of steps."""
    for recipe, instance in sharp_recipes(reading):
        yield instance, partial(_of_recipe, reading, recipe)
    for scene in SCENES:
        own = scene.instance(reading)
        if own is not None:
            yield own, partial(_of_scene, reading, scene)


def _of_recipe(reading: Reading, recipe: Recipe, steps: int) -> Instance | None:
    return complete(reading, replace(recipe, horizon=steps, states=STATES))


def _of_scene(reading: Reading, scene: Scene, steps: int) -> Instance | None:
    return replace(scene, steps=scene.steps[:1] * steps).instance(reading)


def _long(reading: Reading) -> bool:
    """Whether the result is about K steps of a process."""
    return "K" in reading.indices and reading.has_process


def _is_noisy(reading: Reading, instance: Instance) -> bool:
    """Whether there is noise, of some kind that the statement allows."""
    sizes = [instance.constants[n] for n in NOISES if n in reading.constants]
    return not sizes or bool(max(sizes) > 0)


def _prolonged(reading: Reading, conclusion: Term, at: Family, witness: Witness) -> list[Witness]:
    """The same at other numbers of steps, where there is equality too."""
    found = []
    for steps in HORIZONS if witness.attained and _long(reading) else ():
        if steps == witness.steps:
            continue
        instance = at(steps)
        if instance is None or unestablished_hypotheses(reading.statement, instance):
            continue
        if _is_noisy(reading, instance) != _is_noisy(reading, witness.instance):
            continue
        other = _witness(reading, conclusion, instance)
        if other is not None and other.attained:
            found.append(other)
    return found


def _witness(reading: Reading, conclusion: Term, instance: Instance) -> Witness | None:
    """The outcome on an instance where the two sides are nearest; None if none counts."""
    steps = int(instance.constants["K"]) if _long(reading) else None
    if steps == 0 or not instance.is_exact:
        return None
    body = _body(conclusion)
    # Zero on both sides says nothing, but in 0 <= x, or where there is no objective.
    zeros = body[1] == lift(0) or not reading.operators & {"value", "grad"}
    ratios = [_ratio(d) for d in OnInstance(instance).differences(conclusion)]
    known = [ratio for _, ratio in ratios if ratio is not None]
    if zeros and (True, None) in ratios and not any(ratio == 1 for ratio in known):
        return Witness(conclusion, instance, None, steps)
    return Witness(conclusion, instance, max(known), steps) if known else None


def _ratio(d: Difference) -> tuple[bool, fmpq | None]:
    """Whether the sides are equal, and left over right side where that means something."""
    equal = bool(d.value == 0)
    if d.right is None or d.right == 0:
        return equal, None
    return equal, 1 - d.value / d.right if equal or d.right > 0 else None
