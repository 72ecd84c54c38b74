"""Any statement on any instance: the one evaluator that all checks use.

An instance gives every symbol of a statement a meaning: constants, an objective, a process, points.
A proposition is then true or false, and ``slack`` says by how much, exactly: the least value of
right side minus left side over all outcomes, quantified steps and given points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from flint import arb, fmpq

from shrinkproof.exact import Number, Vector, add, dot, norm2, scale, subtract
from shrinkproof.export.printer import text
from shrinkproof.kernel.term import VECTOR, Term, substitute
from shrinkproof.language.evaluate import EvaluationError, Evaluator
from shrinkproof.objectives import Objective
from shrinkproof.process import Process, State

Stage = tuple[int, int]
START: Stage = (0, 0)


@dataclass(frozen=True)
class Instance:
    """A meaning for every symbol of a statement.

    constants: the parameters (``L``, ``c``, ``mu``, ...), and integers for free indices (``K``).
    points: for each universally quantified vector, what to try: vectors, or terms for
    random vectors such as ``g[0]``.
    """

    constants: Mapping[str, Any]
    objective: Objective | None = None
    process: Process | None = None
    points: tuple[Vector | Term, ...] = ()
    fixed_points: Mapping[str, Vector] = field(default_factory=dict)

    @cached_property
    def is_exact(self) -> bool:
        return self.objective is None or self.objective.is_exact


@dataclass(frozen=True)
class Node:
    """One outcome up to some stage: the state, and all values drawn since the path began."""

    stage: Stage
    states: Mapping[int, State]
    draws: Mapping[int, tuple[Any, ...]]  # k -> (xi, q_k, g_k), and eps_k once drawn


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


class OnInstance(Evaluator):
    """The evaluator on one instance."""

    def __init__(self, instance: Instance) -> None:
        super().__init__({**instance.constants, **instance.fixed_points}, fmpq)
        self.instance = instance
        self.node: Node | None = None
        self.taken: list[Any] = []  # what the quantified variables around stand for

    # -- the process ---------------------------------------------------------------------------

    @property
    def process(self) -> Process:
        if self.instance.process is None:
            raise EvaluationError("the instance has no process")
        return self.instance.process

    def _starts(self, time: int) -> Iterator[tuple[fmpq, Node]]:
        for p, state in self.process.law(time):
            yield p, Node((time, 0), {time: state}, {})

    def _extend(self, node: Node, until: Stage) -> Iterator[tuple[fmpq, Node]]:
        """All ways in which the path goes on to a later stage, with their probabilities."""
        if node.stage >= until:
            yield fmpq(1), node
            return
        k, phase = node.stage
        state = node.states[k]
        if phase == 0:
            for xi, (p, q, g) in enumerate(self.process.samples(k, state[0])):
                new = Node((k, 1), node.states, {**node.draws, k: (xi, q, g)})
                for weight, end in self._extend(new, until):
                    yield p * weight, end
            return
        xi, q, g = node.draws[k]
        for p, eps in self.process.noise.law(g, q):
            after = self.process.advance(k, state, xi, q, g, eps)
            draws = {**node.draws, k: (xi, q, g, eps)}
            new = Node((k + 1, 0), {**node.states, k + 1: after}, draws)
            for weight, end in self._extend(new, until):
                yield p * weight, end

    def _stage(self, t: Term) -> Stage:
        return self.index(t[1]), t[2]

    def _span(self, t: Term) -> tuple[int, Stage] | None:
        """The first time and the last stage that a term needs; None where it needs none."""
        wanted = list(self._wanted(t))
        if not wanted:
            return None
        return min(first for first, _ in wanted), max(last for _, last in wanted)

    def _wanted(self, t: Term) -> Iterator[tuple[int, Stage]]:
        if t[0] == "at" and t[3] != "start":
            k = self.index(t[4])
            yield k, {"past": (k, 0), "sample": (k, 1), "next": (k + 1, 0)}[t[3]]
        elif t[0] == "oracle":
            yield self.index(t[2]), (self.index(t[2]), 1)
            yield from self._wanted(t[3])
        elif t[0] in ("mean", "vmean"):
            stage = self._stage(t[1])
            if stage != START:  # otherwise it starts anew, whatever is known here
                yield stage[0], stage
                yield from ((first, stage) for first, _ in self._wanted(t[2]))
        elif t[0] in ("sum", "prod"):
            for _ in self._run(t):
                yield from self._wanted(t[3])
        else:
            for x in t.args:
                if isinstance(x, Term) and x[0] not in ("ix", "stage"):
                    yield from self._wanted(x)

    def _outcomes(self, stage: Stage, body: Term) -> Iterator[tuple[fmpq, Node | None]]:
        """The outcomes of all that body needs, given what is known at the stage."""
        span = self._span(body)
        if span is None:
            yield fmpq(1), self.node
            return
        first, last = span
        if stage == START:
            for p, node in self._starts(first):
                for weight, end in self._extend(node, last):
                    yield p * weight, end
            return
        if self.node is None or stage[0] not in self.node.states:
            raise EvaluationError(f"no outcome is known at stage {stage}")
        yield from self._extend(_up_to(self.node, stage), last)

    # -- values --------------------------------------------------------------------------------

    def _mean(self, t: Term) -> Any:
        kept, total = self.node, fmpq(0)
        for p, node in self._outcomes(self._stage(t[1]), t[2]):
            self.node = node
            total = total + p * self.scalar(t[2])
            self.node = kept
        return total

    def _vmean(self, t: Term) -> Vector:
        kept = self.node
        parts: list[Vector] = []
        for p, node in self._outcomes(self._stage(t[1]), t[2]):
            self.node = node
            parts.append(scale(p, self.vector(t[2])))
            self.node = kept
        total = parts[0]
        for part in parts[1:]:
            total = add(total, part)
        return total

    def _at(self, t: Term) -> Any:
        name, k = t[1], self.index(t[4])
        if name == "mu":
            return self.process.stepsizes[k]
        if name == "q" and t[3] == "start":
            return self.process.shrinkage.factor(k, self.process.start, None)
        if self.node is None:
            raise EvaluationError(f"{name}_{k} is random, and no outcome was chosen")
        if name in self.process.names:
            return self.node.states[k][self.process.names.index(name)]
        draws = self.node.draws.get(k)
        if draws is None and name == "q":
            return self.process.shrinkage.factor(k, self.node.states[k][0], None)
        if draws is None:
            raise EvaluationError(f"{name}_{k} is not drawn yet")
        return draws[("q", "g", "eps").index(name) + 1]

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

    def slack(self, prop: Term) -> Slack:
        """The least slack; for equations minus the squared difference.

        Raises EvaluationError where the instance leaves a symbol open.
        """
        if prop[0] == "forall":
            return self._least(self._instances(prop))
        kept, least = self.node, None
        for _, node in self._outcomes(START, prop):
            self.node = node
            value, right = self._difference(prop)
            self.node = kept
            least = _lesser(least, Slack(value, "" if node is None else _describe(node), right))
        if least is None:
            raise EvaluationError("the process has no outcome")
        return least

    def _difference(self, prop: Term) -> tuple[Number, Number | None]:
        """The slack at the outcome at hand; for inequalities also the right side."""
        if prop[0] == "veq":
            return -norm2(subtract(self.vector(prop[2]), self.vector(prop[1]))), None
        right = self.scalar(prop[2])
        difference = right - self.scalar(prop[1])
        return (-(difference * difference), None) if prop[0] == "eq" else (difference, right)

    def _instances(self, prop: Term) -> Iterator[Slack]:
        name = prop[1][1]
        if prop[1][0] == "ix":
            choices: Any = range(self.process.horizon)
        elif prop[1][2] == VECTOR:
            # Equal points say nothing: there both sides of most inequalities are equal.
            choices = [p for p in self.instance.points if p not in self.taken]
        else:
            raise EvaluationError(f"nothing to try for {name}")
        for choice in choices:
            self.values[name] = choice
            self.taken.append(choice)
            # A random choice is a term: put it in place, so that its outcomes are run through.
            random = isinstance(choice, Term)
            found = self.slack(substitute(prop[2], {name: choice}) if random else prop[2])
            shown = text(choice) if random else _shown(choice)
            self.taken.pop()
            yield replace(found, where=f"{name} = {shown}; {found.where}".rstrip("; "))
        self.values.pop(name, None)

    def _least(self, found: Iterator[Slack]) -> Slack:
        least = None
        for s in found:
            least = _lesser(least, s)
        if least is None:
            raise EvaluationError("there is nothing to try: no steps, or no points")
        return least


def _lesser(a: Slack | None, b: Slack) -> Slack:
    """The smaller slack; for balls that overlap, one whose ball holds the minimum of both."""
    if a is None or b.value < a.value:
        return b
    if b.value >= a.value:
        return a
    return replace(b, value=arb(a.value).min(arb(b.value)))


def _up_to(node: Node, stage: Stage) -> Node:
    """The same path, forgetting what came after the stage."""
    k, phase = stage
    states = {i: s for i, s in node.states.items() if i <= k}
    draws = {i: d if i < k else d[:3] for i, d in node.draws.items() if i < k + phase}
    return Node(stage, states, draws)


def _describe(node: Node) -> str:
    k = max(node.states)
    return f"w_{k} = {_shown(node.states[k][0])}"


def _shown(x: Vector | int) -> str:
    return str(x) if isinstance(x, int) else f"({', '.join(map(str, x))})"
