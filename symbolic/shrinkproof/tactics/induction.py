"""Telescoping and contraction: the two inductions that convergence proofs are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shrinkproof.kernel.rules import Theorem, assume, induct, rewrite, specialise, unfold
from shrinkproof.kernel.term import Term, subterms
from shrinkproof.language.rewriting import put
from shrinkproof.language.symbols import forall, index
from shrinkproof.tactics.linear import linear

_LENGTHS = ("sum", "prod", "power")


def unfolded(prop: Term, prove: Callable[[Term], Theorem]) -> Theorem:
    """Prove a proposition after each sum, product or power in it gave up its last step."""
    equations = []
    goal = prop
    for t in dict.fromkeys(x for x in subterms(prop) if x.op in _LENGTHS and _has_last(x[2])):
        equations.append(unfold(t))
        goal = put(goal, t, equations[-1].conclusion[2])
    theorem = prove(goal)
    for i, equation in enumerate(equations):
        target = prop
        for other in equations[i + 1 :]:
            target = put(target, other.conclusion[1], other.conclusion[2])
        theorem = rewrite(theorem, equation, target)
    return theorem


def _has_last(length: Term) -> bool:
    return bool(length[1] == "" or length[2] > 0)


def by_induction(
    variable: Term,
    invariant: Callable[[Term], Term],
    one_step: Theorem,
    *,
    factor: Callable[[Term], Any] = lambda _: 1,
    facts: Sequence[Theorem] = (),
    at_each_step: Sequence[Theorem] = (),
) -> Theorem:
    """forall k. invariant(k), from its truth at 0 and ``one_step``, a theorem quantified over k.

    The step is factor(k) x invariant(k) + one_step(k); factor 1 is telescoping, a factor in
    [0, 1] a contraction.  ``at_each_step``: quantified facts about k that give factor(k)'s sign.
    """
    k = variable
    here = [specialise(t, k) for t in at_each_step]

    def step(goal: Term, hypothesis: Theorem) -> Theorem:
        using = [(factor(k), hypothesis), (1, specialise(one_step, k))]
        return linear(goal, using=using, facts=[*facts, *here])

    return inductively(k, invariant, step, base=lambda goal: linear(goal, facts=facts))


def inductively(
    variable: Term,
    claim: Callable[[Term], Term],
    step: Callable[[Term, Theorem], Theorem],
    *,
    base: Callable[[Term], Theorem] = linear,
) -> Theorem:
    """forall k. claim(k): ``base`` proves claim(0), and ``step`` claim(k + 1) from claim(k).

    Both are asked for the claim after each sum, product or power in it gave up its last step.
    """
    hypothesis = assume(claim(variable))
    following = unfolded(claim(variable + 1), lambda goal: step(goal, hypothesis))
    return induct(unfolded(claim(index("")), base), following, forall(variable, claim(variable)))
