"""Any statement on any instance: the one evaluator that all checks use.

An instance gives every symbol of a statement a meaning: constants, an objective, a process, points.
A proposition is then true or false, and ``slack`` says by how much, exactly: the least value of
right side minus left side over all outcomes, quantified steps and given points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flint import arb, fmpq

from shrinkproof.exact import Number, Vector, add, dot, norm2, scale, subtract
from shrinkproof.export.printer import text
from shrinkproof.kernel.term import SCALAR, VECTOR, Term, substitute
from shrinkproof.language.evaluate import EvaluationError, Evaluator, Recursion
from shrinkproof.objectives import Objective
from shrinkproof.outcomes import START, Node, Stage, extend, starts, up_to
from shrinkproof.process import Process, State
from shrinkproof.random_parts import random_parts, role_of

if TYPE_CHECKING:  # it needs NumPy, which is slow to import
    from shrinkproof.cells import Cell


@dataclass(frozen=True)
class Instance:
    """A meaning for every symbol of a statement.

    constants: the parameters (``L``, ``c``, ``mu``, ...), and integers for free indices (``K``).
    points: for each universally quantified vector, what to try: vectors, or terms for
    random vectors such as ``g[0]``.  recursions: the scalar sequences that the statement defines.
    A deterministic sequence of vectors stands for the standard basis, or, where a fixed point has
    its name, for that over and over.  cell: what the random scalar sequences stand for.
    """

    constants: Mapping[str, Any]
    objective: Objective | None = None
    process: Process | None = None
    points: tuple[Vector | Term, ...] = ()
    fixed_points: Mapping[str, Vector] = field(default_factory=dict)
    recursions: Mapping[str, Recursion] = field(default_factory=dict)
    cell: Cell | None = None

    @property
    def is_exact(self) -> bool:
        """Whether all is rational, so that every sign is certain."""
        process = self.process is None or self.process.is_exact
        return process and (self.objective is None or self.objective.is_exact)


@dataclass(frozen=True)
class Slack:
    """The least slack of a proposition, where it is attained, and the right side there."""

    value: Number
    where: str = ""
    right: Number | None = None

    @property
    def ratio(self) -> float | None:
        """Left side over right side, roughly: 1 is equality.  For steering and display only."""
        if self.right is None or not self.right > 0:
            return None
        return 1 - float(self.value / self.right)


@dataclass(frozen=True)
class Difference:
    """Right side minus left side at one outcome, for one choice of what is quantified.

    op: "le", "lt" or "eq"; of vectors the squared distance is taken.  right: the right side, for
    inequalities.  chosen: values of the quantified variables.  node: the outcome.
    """

    op: str
    value: Number
    right: Number | None
    chosen: tuple[tuple[str, Any], ...]
    node: Node | None

    @property
    def slack(self) -> Number:
        """Negative where the proposition fails."""
        return -(self.value * self.value) if self.op == "eq" else self.value

    @property
    def where(self) -> str:
        parts = [f"{name} = {_shown(choice)}" for name, choice in self.chosen]
        if self.node is not None:
            k = max(self.node.states)
            parts.append(f"w_{k} = {_shown(self.node.states[k][0])}")
        return "; ".join(parts)


class OnInstance(Evaluator):
    """The evaluator on one instance."""

    def __init__(self, instance: Instance) -> None:
        values = {**instance.constants, **instance.fixed_points}
        super().__init__(values, fmpq, instance.recursions)
        self.instance = instance
        self.node: Node | None = None
        self.chosen: list[tuple[str, Any]] = []  # what the quantified variables around stand for

    # -- outcomes ------------------------------------------------------------------------------

    @property
    def process(self) -> Process:
        if self.instance.process is None:
            raise EvaluationError("the instance has no process")
        return self.instance.process

    def _stage(self, t: Term) -> Stage:
        return self.index(t[1]), t[2]

    def _span(self, t: Term) -> tuple[int, Stage] | None:
        """The first time and the last stage that a term needs; None where it needs none."""
        wanted = list(self._wanted(t))
        if not wanted:
            return None
        return min(first for first, _ in wanted), max(last for _, last in wanted)

    def _wanted(self, t: Term) -> Iterator[tuple[int, Stage]]:
        for x in random_parts(t):
            if x[0] == "at":
                k = self.index(x[4])
                if k == 0 and x[1] in self.process.names:
                    continue  # the start is known, and nothing need be remembered back to it
                yield k, {"past": (k, 0), "sample": (k, 1), "next": (k + 1, 0)}[x[3]]
            elif x[0] == "oracle":
                yield self.index(x[2]), (self.index(x[2]), 1)
                yield from self._wanted(x[3])
            elif x[0] in ("mean", "vmean"):
                stage = self._stage(x[1])
                if stage != START:  # otherwise it starts anew, whatever is known here
                    yield stage[0], stage
                    yield from ((first, stage) for first, _ in self._wanted(x[2]))
            else:
                for _ in self._run(x):
                    yield from self._wanted(x[3])

    def _outcomes(self, stage: Stage, body: Term) -> Iterator[tuple[fmpq, Node | None]]:
        """The outcomes of all that body needs, given what is known at the stage."""
        span = self._span(body)
        if span is None:
            yield fmpq(1), self.node
            return
        first, last = span
        if stage == START:
            for p, node in starts(self.process, first):
                for weight, end in extend(self.process, node, last):
                    yield p * weight, end
            return
        if self.node is None or stage[0] not in self.node.states:
            raise EvaluationError(f"no outcome is known at stage {stage}")
        yield from extend(self.process, up_to(self.node, stage), last)

    # -- values --------------------------------------------------------------------------------

    def _mean(self, t: Term) -> Any:
        kept, total = self.node, fmpq(0)
        for p, node in self._outcomes(self._stage(t[1]), t[2]):
            self.node = node
            total = total + p * self.scalar(t[2])
            self.node = kept
        return total

    def _vmean(self, t: Term) -> Vector:
        kept, total = self.node, self._zero()
        for p, node in self._outcomes(self._stage(t[1]), t[2]):
            self.node = node
            total = add(total, scale(p, self.vector(t[2])))
            self.node = kept
        return total

    def _at(self, t: Term) -> Any:
        name, k = t[1], self.index(t[4])
        if t[3] == "start":
            return self._scheduled(t, name, k)
        if name in self.process.names:
            return self._state(k)[self.process.names.index(name)]
        if self.node is None:
            raise EvaluationError(f"{name}_{k} is random, and no outcome was chosen")
        draws = self.node.draws.get(k)
        if draws is None and name == "q":
            return self.process.shrinkage.factor(k, self.node.states[k][0], None)
        if draws is None:
            raise EvaluationError(f"{name}_{k} is not drawn yet")
        return self._drawn(t, *draws[1:])

    def _state(self, k: int) -> State:
        """The sequences that the past of step k determines."""
        if self.node is not None and k in self.node.states:
            return self.node.states[k]
        if k == 0:
            return self.process.initial
        raise EvaluationError(f"w_{k} is random, and no outcome was chosen")

    def _drawn(self, t: Term, q: Number, g: Vector, *eps: Vector) -> Any:
        """What one step has drawn, by its name."""
        if t[2] == SCALAR and t[1] != "q":
            if self.instance.cell is None:
                raise EvaluationError(f"no value for {t[1]}")
            return self.instance.cell.number(t[1], g, eps)
        values: dict[str, Any] = {"q": q, "g": g}
        if eps:
            values |= {"eps": eps[0], "Q": add(scale(q, g), eps[0])}
        if t[1] not in values:
            raise EvaluationError(f"no value for {t[1]}")
        return values[t[1]]

    def _scheduled(self, t: Term, name: str, k: int) -> Any:
        """Element k of a deterministic sequence."""
        if t[2] == VECTOR and name in self.instance.fixed_points:
            return self.instance.fixed_points[name]
        if t[2] == VECTOR:
            return tuple(fmpq(int(i == k)) for i in range(self._objective().dimension))
        # A number given for "mu" or "q" is a parameter of that name, not the sequence.
        if name == "mu" and not callable(self.values.get(name)):
            if k >= self.process.horizon:
                raise EvaluationError(f"mu_{k}: the process ends before step {k}")
            return self.process.stepsizes[k]
        if name == "q" and not callable(self.values.get(name)):
            return self.process.shrinkage.factor(k, self.process.start, None)
        return super()._at(t)

    def _named(self, t: Term) -> Any:
        return self.scalar(t[2])  # a constant of the same name is another one

    def _root(self, x: Any) -> Any:
        try:
            return super()._root(x) if isinstance(x, fmpq) else x.sqrt()
        except EvaluationError:
            return arb(x).sqrt()

    def _sqrt(self, t: Term) -> Any:
        x = self.scalar(t[1])
        if isinstance(x, arb) and not (x > 0 or x <= 0):
            return arb(0).union(arb(x.upper()).sqrt())
        return self._root(x) if x > 0 else fmpq(0)

    def _max(self, t: Term) -> Any:
        a, b = self.scalar(t[1]), self.scalar(t[2])
        return a if a >= b else b if b >= a else arb(a).max(arb(b))

    def vector(self, t: Term) -> Vector:
        """The value of a vector term."""
        op = t[0]
        if op == "sym":
            value = self._look_up(t[1])
            return self.vector(value) if isinstance(value, Term) else value
        if op == "at":
            found: Vector = self._at(t)
            return found
        if op == "zero":
            return self._zero()
        if op == "vadd":
            total = self.vector(t[1])
            for x in t.args[1:]:
                total = add(total, self.vector(x))
            return total
        if op == "scale":
            return scale(self.scalar(t[1]), self.vector(t[2]))
        if op == "grad":
            return self._objective().gradient(self.vector(t[2]))
        if op == "vmean":
            return self._vmean(t)
        if op == "oracle" and self.node is not None:
            xi = self.node.draws[self.index(t[2])][0]
            drawn: Vector = self.process.oracle.outcomes(self.vector(t[3]))[xi][1]
            return drawn
        raise EvaluationError(f"no value for the vector {op}")

    def _objective(self) -> Objective:
        if self.instance.objective is None:
            raise EvaluationError("the instance has no objective")
        return self.instance.objective

    def _zero(self) -> Vector:
        return (fmpq(0),) * self._objective().dimension

    def _value(self, t: Term) -> Any:
        return self._objective().value(self.vector(t[2]))

    def _inner(self, t: Term) -> Any:
        u = self.vector(t[1])
        return norm2(u) if t[1] == t[2] else dot(u, self.vector(t[2]))

    # -- propositions --------------------------------------------------------------------------

    def slack(self, prop: Term, *, to_first: bool = False) -> Slack:
        """The least slack, or the first negative one; for equations minus the squared difference.

        Raises EvaluationError where the instance leaves a symbol open, or there is nothing to try.
        """
        least: Difference | None = None
        value: Any = None
        for found in self.differences(prop):
            if least is None or found.slack < value:
                least, value = found, found.slack
            elif not found.slack >= value:  # balls that overlap: one that holds both minima
                least, value = found, arb(value).min(arb(found.slack))
            if to_first and value < 0:
                break
        if least is None:
            raise EvaluationError("there is nothing to try: no steps, or no points")
        return Slack(value, least.where, least.right)

    def differences(self, prop: Term) -> Iterator[Difference]:
        """Every outcome, and every choice of what is quantified, one after the other."""
        if prop[0] == "forall":
            name = prop[1][1]
            for choice in self._choices(prop):
                self.values[name] = choice
                self.chosen.append((name, choice))
                # A random choice is a term: put it in place, so that its outcomes are run through.
                random = isinstance(choice, Term)
                yield from self.differences(
                    substitute(prop[2], {name: choice}) if random else prop[2]
                )
                self.chosen.pop()
            self.values.pop(name, None)
            return
        kept = self.node
        for _, node in self._outcomes(START, prop):
            self.node = node
            found = self._difference(prop)
            self.node = kept
            yield found

    def _difference(self, prop: Term) -> Difference:
        chosen = tuple(self.chosen)
        if prop[0] == "veq":
            distance = norm2(subtract(self.vector(prop[2]), self.vector(prop[1])))
            return Difference("le", -distance, None, chosen, self.node)
        right = self.scalar(prop[2])
        shown = None if prop[0] == "eq" else right
        return Difference(prop[0], right - self.scalar(prop[1]), shown, chosen, self.node)

    def _choices(self, prop: Term) -> Any:
        variable = prop[1]
        if variable[0] == "ix":
            role = role_of(prop)
            if role == "coordinate":
                return range(self._objective().dimension)
            return range(self.process.horizon + (role == "length"))
        if variable[2] == VECTOR:
            # Equal points say nothing: there both sides of most inequalities are equal.
            taken = [choice for _, choice in self.chosen]
            return [p for p in self.instance.points if p not in taken]
        raise EvaluationError(f"nothing to try for {variable[1]}")


def _shown(x: Any) -> str:
    if isinstance(x, Term):
        return text(x)
    return str(x) if isinstance(x, int) else f"({', '.join(map(str, x))})"
