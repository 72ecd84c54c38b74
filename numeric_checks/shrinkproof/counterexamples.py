"""Counterexamples: a statement with a hypothesis weakened, and an instance that refutes it.

Each is checked exactly, like any other claim here: every hypothesis of the weakened statement is
established on the instance, and its conclusion fails there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flint import fmpq

from shrinkproof.evaluation import Instance, Slack
from shrinkproof.kernel.term import Term, make
from shrinkproof.language.rewriting import exchange
from shrinkproof.language.statement import Statement
from shrinkproof.objectives import Quadratic
from shrinkproof.oracles import AdditiveNoise, Outcomes
from shrinkproof.process import OfSample, Predictable, Process, Shrinkage
from shrinkproof.theorems import distance_closed_form, pl_predictable, pl_scheduled
from shrinkproof.verdicts import decided, unestablished_hypotheses


@dataclass(frozen=True)
class Counterexample:
    """An instance that refutes ``statement``, a weakening of the result ``weakens``.

    ``weakening`` says in words what q_k is allowed to be.
    """

    id: str
    label: str
    title: str
    weakens: str
    weakening: str
    explanation: str
    statement: Statement
    instance: Instance

    def slack(self) -> Slack:
        """By how much the conclusion fails: negative, if this is a counterexample."""
        return decided(self.instance, self.statement.conclusion)

    def refutes(self) -> bool:
        """Whether all hypotheses are established on the instance and the conclusion fails."""
        open_ = unestablished_hypotheses(self.statement, self.instance)
        return not open_ and bool(self.slack().value < 0)

    def script(self) -> str:
        """Python source that rebuilds the instance and prints the failure."""
        from shrinkproof.replay import script

        return script(self.statement.conclusion, self.instance, self.statement)


def with_shrinkage_known(statement: Statement, known: str) -> Statement:
    """The same statement with another declaration of when q_k is known: "past" or "sample"."""

    def weaken(t: Term) -> Term:
        return exchange(t, declared_anew)

    def declared_anew(t: Term) -> Term | None:
        return make("at", "q", t[2], known, t[4]) if t[:2] == ("at", "q") else None

    return replace(
        statement,
        hypotheses=tuple(replace(h, prop=weaken(h.prop)) for h in statement.hypotheses),
        conclusions=tuple(weaken(c) for c in statement.conclusions),
    )


def _parabola(
    noise: Outcomes,
    shrinkage: Shrinkage,
    *,
    start: int,
    mu: fmpq,
    steps: int,
    q_range: Sequence[fmpq],
) -> Instance:
    """SGD on F(w) = w^2/2 (L = c = 1) with additive noise, every constant as small as it can be."""
    objective = Quadratic(eigenvalues=(1,), minimiser=(0,), minimum=0, reflections=())
    oracle = AdditiveNoise(objective, noise)
    constants: dict[str, Any] = {
        "L": fmpq(1),
        "c": fmpq(1),
        "mu": mu,
        "q_min": q_range[0],
        "q_max": q_range[1],
        "sigma2": oracle.variance_bound,
        "tau2": fmpq(0),
        "F_star": objective.minimum,
        "K": steps,
    }
    process = Process(oracle, (fmpq(start),), (mu,) * steps, shrinkage)
    points = ((fmpq(start),), (fmpq(start + 1),))
    return Instance(constants, objective, process, points, {"w_star": objective.minimiser})


def _coin(size: int) -> Outcomes:
    return (fmpq(1, 2), (fmpq(size),)), (fmpq(1, 2), (fmpq(-size),))


ONE = fmpq(1)

COUNTEREXAMPLES = (
    Counterexample(
        id="sample-dependent-shrinkage",
        label="C1",
        title="Shrinkage that sees the sample can send SGD uphill",
        weakens="pl-predictable",
        weakening="allowed to see the sample",
        explanation=(
            "F(w) = w^2/2 at w = 1. The stochastic gradient is 3 or -1 with probability 1/2, and "
            "is shrunk by 1/4 or by 1. Its mean is 1, but that of the shrunken one is -1/8: the "
            "expected step goes uphill. So the paper's model needs q_k to be a function of the "
            "past."
        ),
        statement=with_shrinkage_known(pl_predictable.STATEMENT, "sample"),
        instance=_parabola(
            _coin(2),
            OfSample(normal=(ONE,), above=fmpq(1, 4), below=ONE),
            start=1,
            mu=fmpq(1, 10),
            steps=1,
            q_range=(fmpq(1, 4), ONE),
        ),
    ),
    Counterexample(
        id="predictable-is-not-scheduled",
        label="C2",
        title="Shrinkage that sees the past can stay above the floor of every schedule",
        weakens="distance-closed-form",
        weakening="allowed to depend on the past",
        explanation=(
            "F(w) = w^2/2, mu = 1/2, and the noise is +1 or -1 with probability 1/2. Take q = 1 "
            "where abs(w) <= 1/2, which moves w away from the minimiser, and q = 1/10 beyond, "
            "which keeps it there. From w_0 = 0, E w_3^2 = 993/2560, which exceeds 1/3: what T3e "
            "allows for every schedule between 1/10 and 1."
        ),
        statement=with_shrinkage_known(distance_closed_form.STATEMENT, "past"),
        instance=_parabola(
            _coin(1),
            Predictable(near=ONE, far=fmpq(1, 10), centre=(fmpq(0),), radius2=fmpq(1, 4)),
            start=0,
            mu=fmpq(1, 2),
            steps=3,
            q_range=(fmpq(1, 10), ONE),
        ),
    ),
    Counterexample(
        id="rare-large-noise",
        label="C3",
        title="Shrinkage that sees the past can nearly double the floor in two steps",
        weakens="pl-scheduled",
        weakening="allowed to depend on the past",
        explanation=(
            "F(w) = w^2/2, mu = 1, and the noise is +10 or -10 with probability 1/100 each, else "
            "0. Take q = 1 where abs(w) <= 1 and q = 1/100 beyond. From w_0 = 0 the rare jumps "
            "accumulate, since nothing takes them back: E F(w_2) is nearly 2, and T3's floor for "
            "every schedule between 1/100 and 1 is 1."
        ),
        statement=with_shrinkage_known(pl_scheduled.STATEMENT, "past"),
        instance=_parabola(
            (
                (fmpq(1, 100), (fmpq(10),)),
                (fmpq(1, 100), (fmpq(-10),)),
                (fmpq(98, 100), (fmpq(0),)),
            ),
            Predictable(near=ONE, far=fmpq(1, 100), centre=(fmpq(0),), radius2=ONE),
            start=0,
            mu=ONE,
            steps=2,
            q_range=(fmpq(1, 100), ONE),
        ),
    ),
)
