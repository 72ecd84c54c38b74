"""Stepsizes as a statement's hypotheses allow them, settled before the process runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flint import ctx, fmpq

from shrinkproof.evaluation import Difference, Instance, OnInstance
from shrinkproof.exact import Number
from shrinkproof.kernel.term import Term, free_names
from shrinkproof.language.evaluate import EvaluationError
from shrinkproof.outcomes import Node, Stage
from shrinkproof.reading import Reading
from shrinkproof.solving import Interval, NoInterval, allowed
from shrinkproof.verdicts import MOST_BITS

if TYPE_CHECKING:
    from shrinkproof.recipes import Recipe

ONE = fmpq(1)


class BeforeRun(OnInstance):
    """What is known before the process runs; q_k stands for one end of its range, if it is random.

    only: the one step to look at, or None for all.
    """

    def __init__(self, instance: Instance, steps: int, q: fmpq | None) -> None:
        super().__init__(instance)
        self.steps, self.q = steps, q
        self.only: int | None = None

    def _at(self, t: Term) -> Any:
        if t[1] == "q":
            scheduled = self.process.shrinkage.factor(self.index(t[4]), self.process.start, None)
            return scheduled if self.q is None else self.q
        if t[1] == "w" and t[4][1:] == ("", 0):
            return self.process.start
        if t[3] != "start":
            raise EvaluationError(f"{t[1]} is not known before the process runs")
        return super()._at(t)

    def _outcomes(self, stage: Stage, body: Term) -> Iterator[tuple[fmpq, Node | None]]:
        yield fmpq(1), None

    def _choices(self, prop: Term) -> Any:
        if prop[1][0] != "ix":
            raise EvaluationError("not before the process runs")
        return range(self.steps) if self.only is None else (self.only,)

    def _mean(self, t: Term) -> Any:
        raise EvaluationError("no expectations before the process runs")


def open_in_stepsize(reading: Reading, constants: Mapping[str, Any]) -> tuple[str, ...]:
    """The constants without a value in the stepsize, and in hypotheses that bind it to others."""
    if reading.stepsize is None:
        return ()
    names = set(free_names(reading.stepsize[1]))
    for h in reading.about_constants:
        if free_names(h.prop) & names & set(reading.constants) - set(constants):
            names |= free_names(h.prop)
    return tuple(n for n in reading.constants if n in names and n not in constants)


def stepsizes(
    reading: Reading, recipe: Recipe, bare: Instance, order: Sequence[str], steps: int
) -> tuple[dict[str, Any], tuple[Number, ...]] | None:
    """Constants, with those of the stepsize settled, and the stepsizes; None if none is allowed."""
    unit = recipe.unit / (bare.constants.get("L", ONE) * max(recipe.q_range[1], fmpq(1, 100)))
    if reading.stepsize is None:
        free = tuple(cyclic(recipe.stepsizes, k) * unit for k in range(steps))
        return dict(bare.constants), free
    k, term = reading.stepsize
    random = recipe.shrinkage.known != "start"
    ends = sorted(set(recipe.q_range)) if random else [None]
    views = [BeforeRun(bare, steps, end) for end in ends]
    sequence: list[fmpq] = []

    def settled(name: str, i: int, put: Callable[[fmpq], object]) -> bool:
        interval = Interval()
        for view in views:
            interval = constrained(reading, view, name, put, interval)
        place = cyclic(recipe.stepsizes, i)
        if interval.low is None and interval.high is not None and interval.high > 0:
            interval = interval.above(fmpq(0))  # negative stepsizes are allowed, but of no interest
        if interval.low == 0 and interval.high is None:
            put(place * unit)
        elif not interval.is_empty:
            put(interval.at(place, unit))
        return not interval.is_empty

    def constant(name: str) -> Callable[[fmpq], object]:
        return lambda x: [view.values.update({name: x}) for view in views]

    def element(x: fmpq) -> None:
        sequence[-1] = x

    if not all(settled(name, i, constant(name)) for i, name in enumerate(order)):
        return None
    constants = {**bare.constants, **{name: views[0].values[name] for name in order}}
    if term[:2] != ("at", "mu"):
        return constants, given_by(views[0], k, term, steps)
    for view in views:
        view.values["mu"] = lambda i: _element(sequence, i)
    for i in range(steps):
        sequence.append(ONE)
        for view in views:
            view.only = i
        if not settled("mu", i, element):
            return None
    return constants, tuple(sequence)


def _element(sequence: Sequence[fmpq], i: int) -> fmpq:
    if i >= len(sequence):
        raise EvaluationError(f"mu_{i} is not chosen yet")
    return sequence[i]


def given_by(view: OnInstance, k: str, term: Term, steps: int) -> tuple[Number, ...]:
    """The stepsizes that a term in k gives."""
    found = []
    with ctx.workprec(MOST_BITS + 64):  # sharper than whatever will be asked of it
        for i in range(steps):
            view.values[k] = i
            found.append(view.scalar(term))
    return tuple(found)


def constrained(
    reading: Reading,
    view: OnInstance,
    name: str,
    put: Callable[[fmpq], object],
    interval: Interval,
    solved: set[str] | None = None,
) -> Interval:
    """The part of an interval that the hypotheses on one constant leave.

    solved: gathers the names of the hypotheses that were understood; they hold on that part.
    """
    for h in reading.statement.hypotheses:
        if name not in free_names(h.prop) or h.defines:
            continue

        def along(x: fmpq, prop: Term = h.prop) -> list[Difference]:
            put(x)
            view._computed.clear()
            return list(view.differences(prop))

        try:
            interval = allowed(along, interval)
            if solved is not None:
                solved.add(h.name)
        except (EvaluationError, NoInterval):
            view.node, view.chosen = None, []  # left in the middle
    return interval


def cyclic(places: Sequence[fmpq], i: int) -> fmpq:
    """Place i; used again from the start where there are more constants than places."""
    return places[i % len(places)]
