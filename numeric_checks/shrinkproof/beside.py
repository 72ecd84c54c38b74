"""Vector sequences beside w that a statement defines by recursion, such as sums of iterates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shrinkproof.evaluation import Instance, OnInstance
from shrinkproof.exact import Number, Vector
from shrinkproof.kernel.term import VECTOR, Term
from shrinkproof.language.evaluate import Recursion
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.outcomes import Node
from shrinkproof.process import Process, State


@dataclass(frozen=True)
class Beside(Process):
    """The process w, and beside it sequences of vectors that its past determines.

    recursions: each sequence by its name.  constants: what their terms mention.
    """

    recursions: Mapping[str, Recursion] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return ("w", *self.recursions)

    @cached_property
    def initial(self) -> State:
        start = Node((0, 0), {0: (self.start,)}, {})
        return (self.start, *(self._value(r.start, start) for r in self.recursions.values()))

    def advance(self, k: int, state: State, xi: int, q: Number, g: Vector, eps: Vector) -> State:
        (w,) = super().advance(k, state, xi, q, g, eps)
        drawn = Node((k + 1, 0), {k: state}, {k: (xi, q, g, eps)})
        return (
            w,
            *(self._value(r.step, drawn, {r.variable: k}) for r in self.recursions.values()),
        )

    def _value(self, t: Term, node: Node, index: Mapping[str, int] | None = None) -> Vector:
        constants = {**self.constants, **(index or {})}
        evaluator = OnInstance(Instance(constants, self.oracle.objective, self))
        evaluator.node = node
        return evaluator.vector(t)


def vector_recursions(statement: Statement) -> dict[str, Recursion]:
    """The sequences of vectors, other than w, that hypotheses of the statement define."""
    starts: dict[str, Term] = {}
    steps: dict[str, tuple[str, Term]] = {}
    for h in statement.hypotheses:
        name = _defined(h)
        if name and h.prop.op == "veq":
            starts[name] = h.prop[2]
        elif name:
            steps[name] = h.prop[1][1], h.prop[2][2]
    return {n: Recursion(start, *steps[n]) for n, start in starts.items() if n in steps}


def _defined(h: Hypothesis) -> str | None:
    """The sequence of which the hypothesis gives the first element, or the next one."""
    quantified = h.prop.op == "forall"
    equation = h.prop[2] if quantified else h.prop
    if equation.op != "veq" or equation[1].op != "at" or equation[1][2:4] != (VECTOR, "past"):
        return None
    wanted = (h.prop[1][1], 1) if quantified else ("", 0)
    name = str(equation[1][1])
    return name if equation[1][4].args == wanted and name != "w" else None
