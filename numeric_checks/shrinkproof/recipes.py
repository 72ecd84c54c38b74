"""From a few choices to an instance on which every hypothesis of a statement holds.

A recipe says which objective, oracle, shrinkage factors and quantization noise to run, from where
and how long.  What is left open, the statement's hypotheses settle: stepsizes first, then, once the
process has run, every constant that is not known beforehand (see ``solving``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, permutations
from typing import Any, ClassVar

from flint import fmpq

from shrinkproof.beside import Beside
from shrinkproof.cells import Cell
from shrinkproof.evaluation import Instance, OnInstance
from shrinkproof.exact import Number, Vector, bounds, norm2, subtract
from shrinkproof.kernel.term import Term, free_names
from shrinkproof.known import Known
from shrinkproof.objectives import Objective
from shrinkproof.oracles import Oracle
from shrinkproof.process import (
    Both,
    Noise,
    Predictable,
    Process,
    Rounded,
    RoundingError,
    Scheduled,
    Shrinkage,
    Silent,
)
from shrinkproof.quantizers import Quantizer
from shrinkproof.reading import Reading
from shrinkproof.solving import Interval
from shrinkproof.stepsizes import constrained, cyclic, open_in_stepsize, stepsizes
from shrinkproof.verdicts import violated

MOST_ORDERS = 24
ONE = fmpq(1)


@dataclass(frozen=True)
class Split:
    """q_k is ``near`` within some distance of a centre, ``far`` beyond it.

    The distance lies between two that the process reaches, so that q_k is really random where the
    process is; ``rank`` says between which ones.
    """

    near: fmpq
    far: fmpq
    centre: Vector
    rank: int = 0
    known: ClassVar[str] = "past"

    def factor(self, k: int, w: Vector, g: Vector | None) -> fmpq:
        return self.near

    def settled(self, process: Process) -> Shrinkage:
        """The rule, once it is known how far the process goes."""
        reached = {
            bounds(norm2(subtract(state[0], self.centre)))
            for k in range(min(process.horizon, 3))
            for _, state in process.law(k)
        }
        between = [(a[1] + b[0]) / 2 for a, b in pairwise(sorted(reached)) if a[1] < b[0]]
        if not between:
            return Scheduled((self.near,))
        radius2 = between[self.rank % len(between)]
        return Predictable(self.near, self.far, self.centre, radius2)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The choices of which an instance is made.

    q_range: what is declared to be the range of q_k.  stepsizes, rest: where in its interval each
    stepsize and each other open constant lies; used again from the start where there are more.
    order: in which order open constants are settled.  loose: factors by which L and c are off.
    curvature: the objective's constant that is c.  cell: the quantizer of single numbers.  states:
    the process stops before its law has more of them, which bounds what the instance costs.
    """

    oracle: Oracle | None = None
    start: Vector = ()
    shrinkage: Shrinkage = field(default=Scheduled((ONE,)))
    noise: Noise = field(default=Silent())
    q_range: tuple[fmpq, fmpq] = (ONE, ONE)
    horizon: int = 1
    stepsizes: tuple[fmpq, ...] = (ONE,)
    rest: tuple[fmpq, ...] = (ONE,)
    unit: fmpq = ONE
    order: int = 0
    loose: tuple[fmpq, fmpq] = (ONE, ONE)
    curvature: str = "pl_constant"
    points: tuple[Vector | Term, ...] = ()
    cell: Quantizer | None = None
    states: int = 24

    @property
    def objective(self) -> Objective | None:
        return None if self.oracle is None else self.oracle.objective

    @property
    def rounds(self) -> bool:
        """Whether a real format rounds: then no construction vouches for the hypotheses."""
        return isinstance(self.shrinkage, Rounded) or has_rounding(self.noise)


def complete(reading: Reading, recipe: Recipe, *, orders: int = MOST_ORDERS) -> Instance | None:
    """The instance that a recipe gives; None where no values satisfy the hypotheses on constants.

    orders: in how many orders to settle open constants before giving up, the recipe's own first.
    The hypotheses on random things hold by the ingredients' construction, if these fit the
    statement, but for real formats, which leave every model somewhere.
    """
    constants = Known(reading, recipe).constants()
    fixed = _fixed_points(reading, recipe)
    if constants is None or fixed is None:
        return None
    bare = Instance(constants, recipe.objective, None, recipe.points, fixed)
    cell = None if recipe.cell is None else Cell(recipe.cell)
    bare = replace(bare, recursions=reading.recursions, cell=cell)
    if recipe.oracle is None or not reading.has_process:
        return _settled(reading, recipe, bare, orders)
    at_rest = Process(recipe.oracle, recipe.start, (), recipe.shrinkage, recipe.noise)
    bare = replace(bare, process=at_rest)
    steps = max(recipe.horizon, 1)
    for order in _orders(open_in_stepsize(reading, constants), recipe.order, orders):
        found = stepsizes(reading, recipe, bare, order, steps)
        if found is None:
            continue
        if recipe.rounds and not replace(at_rest, stepsizes=found[1]).is_exact:
            return None  # formats round rationals alone
        process = _run(reading, recipe, at_rest, *found)
        if (short := affordable(process, recipe.states)) < steps:
            return complete(reading, replace(recipe, horizon=short), orders=orders)
        settled = _settled(
            reading, recipe, replace(bare, constants=found[0], process=process), orders
        )
        if settled is not None:
            return settled
    return None


def has_rounding(noise: Noise) -> bool:
    if isinstance(noise, Both):
        return has_rounding(noise.one) or has_rounding(noise.other)
    return isinstance(noise, RoundingError)


def _fixed_points(reading: Reading, recipe: Recipe) -> dict[str, Vector] | None:
    if "w_star" not in reading.symbols:
        return {}
    minimiser = None if recipe.objective is None else recipe.objective.minimiser
    return None if minimiser is None else {"w_star": minimiser}


def _run(
    reading: Reading,
    recipe: Recipe,
    bare: Process,
    constants: Mapping[str, Any],
    mu: tuple[Number, ...],
) -> Process:
    """The process with its stepsizes, and with what its factors and sequences are."""
    process = replace(bare, stepsizes=mu)
    if reading.vector_recursions:
        parts = (bare.oracle, bare.start, mu, bare.shrinkage, bare.noise)
        process = Beside(*parts, reading.vector_recursions, constants)
    if isinstance(recipe.shrinkage, Split):
        return replace(process, shrinkage=recipe.shrinkage.settled(process))
    return process


def affordable(process: Process, states: int) -> int:
    """How many steps can be taken from laws of so many states at most."""
    for k in range(1, process.horizon):
        if len(process.law(k)) > states:
            return k
    return process.horizon


def _orders(names: Sequence[str], first: int, most: int) -> Iterator[tuple[str, ...]]:
    """Orders in which names can be taken, the chosen one first."""
    orders = list(islice(permutations(names), MOST_ORDERS))
    for i in range(min(most, len(orders))):
        yield orders[(first + i) % len(orders)]


def _settled(reading: Reading, recipe: Recipe, instance: Instance, orders: int) -> Instance | None:
    """The instance with every open constant settled, if the hypotheses on constants then hold."""
    names = [n for n in reading.constants if n not in instance.constants]
    if reading.tied & set(names) and not instance.is_exact:
        return None  # balls give no exact constant
    for order in _orders(names, recipe.order, orders):
        view, solved = OnInstance(instance), set[str]()
        for i, name in enumerate(order):

            def put(x: fmpq, view: OnInstance = view, name: str = name) -> None:
                view.values[name] = x

            interval = constrained(reading, view, name, put, Interval(), solved)
            if interval.is_empty:
                break
            put(interval.at(cyclic(recipe.rest, i), recipe.unit))
        else:
            constants = {**instance.constants, **{n: view.values[n] for n in names}}
            done = replace(instance, constants=constants)
            open_ = [
                h
                for h in reading.statement.hypotheses
                if h in reading.about_constants
                or (h.name not in solved and free_names(h.prop) & set(names))
            ]
            if not any(violated(done, h.prop) for h in open_):
                return done
    return None
