"""The outcomes of a process, as paths: what has happened up to some stage, with its probability.

Time k has two stages: (k, 0), the past of step k, and (k, 1), which knows its sample too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from shrinkproof.process import Process, State

Stage = tuple[int, int]
START: Stage = (0, 0)


@dataclass(frozen=True)
class Node:
    """One outcome up to some stage: the states, and all values drawn since the path began."""

    stage: Stage
    states: Mapping[int, State]
    draws: Mapping[int, tuple[Any, ...]]  # k -> (xi, q_k, g_k), and eps_k once drawn


def starts(process: Process, time: int) -> Iterator[tuple[fmpq, Node]]:
    """The states at a time, with their probabilities; the paths to them are forgotten."""
    for p, state in process.law(time):
        yield p, Node((time, 0), {time: state}, {})


def extend(process: Process, node: Node, until: Stage) -> Iterator[tuple[fmpq, Node]]:
    """All ways in which a path goes on to a later stage, with their probabilities."""
    if node.stage >= until:
        yield fmpq(1), node
        return
    k, phase = node.stage
    state = node.states[k]
    if phase == 0:
        for xi, (p, q, g) in enumerate(process.samples(k, state[0])):
            new = Node((k, 1), node.states, {**node.draws, k: (xi, q, g)})
            for weight, end in extend(process, new, until):
                yield p * weight, end
        return
    xi, q, g = node.draws[k]
    for p, eps in process.noise.law(g, q):
        after = process.advance(k, state, xi, q, g, eps)
        draws = {**node.draws, k: (xi, q, g, eps)}
        new = Node((k + 1, 0), {**node.states, k + 1: after}, draws)
        for weight, end in extend(process, new, until):
            yield p * weight, end


def up_to(node: Node, stage: Stage) -> Node:
    """The same path, forgetting what came after the stage."""
    k, phase = stage
    states = {i: s for i, s in node.states.items() if i <= k}
    draws = {i: d if i < k else d[:3] for i, d in node.draws.items() if i < k + phase}
    return Node(stage, states, draws)
