"""Counterexamples: a statement with a hypothesis weakened, and an instance that refutes it.

Each is checked exactly, like any other claim here: every hypothesis of the weakened statement holds
on the instance, and its conclusion does not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flint import fmpq

from shrinkproof.evaluation import Instance, Slack
from shrinkproof.kernel.term import Term, make
from shrinkproof.language.rewriting import exchange
from shrinkproof.language.statement import Statement
from shrinkproof.objectives import Quadratic
from shrinkproof.oracles import AdditiveNoise
from shrinkproof.process import OfSample, Process
from shrinkproof.replay import script
from shrinkproof.theorems import pl_predictable
from shrinkproof.verdicts import decided, violated_hypotheses


@dataclass(frozen=True)
class Counterexample:
    """An instance that refutes ``statement``, a weakening of the result ``weakens``."""

    id: str
    label: str
    title: str
    weakens: str
    explanation: str
    statement: Statement
    instance: Instance

    def slack(self) -> Slack:
        """By how much the conclusion fails: negative, if this is a counterexample."""
        return decided(self.instance, self.statement.conclusion)

    def refutes(self) -> bool:
        """Whether all hypotheses hold on the instance and the conclusion does not."""
        broken = violated_hypotheses(self.statement, self.instance)
        return not broken and bool(self.slack().value < 0)

    def script(self) -> str:
        """Python source that rebuilds the instance and prints the failure."""
        return script(self.statement.conclusion, self.instance, self.statement)


def seeing_the_sample(statement: Statement) -> Statement:
    """The same statement with q_k allowed to depend on the sample of step k."""

    def seen(t: Term) -> Term | None:
        return make("at", "q", t[2], "sample", t[4]) if t[:2] == ("at", "q") else None

    return replace(
        statement,
        hypotheses=tuple(replace(h, prop=exchange(h.prop, seen)) for h in statement.hypotheses),
        conclusions=tuple(exchange(c, seen) for c in statement.conclusions),
    )


def _uphill() -> Instance:
    """F(w) = w^2/2 at w = 1; g is 3 or -1 with q = 1/4 or 1: E[q g] = -1/8 although E[g] = 1."""
    objective = Quadratic(eigenvalues=(1,), minimiser=(0,), minimum=0, reflections=())
    half = fmpq(1, 2)
    oracle = AdditiveNoise(objective, ((half, (fmpq(2),)), (half, (fmpq(-2),))))
    mu = fmpq(1, 10)
    shrinkage = OfSample(normal=(fmpq(1),), above=fmpq(1, 4), below=fmpq(1))
    constants = {
        "L": fmpq(1),
        "c": fmpq(1),
        "mu": mu,
        "q_min": shrinkage.above,
        "q_max": shrinkage.below,
        "sigma2": oracle.variance_bound,
        "tau2": fmpq(0),
        "F_star": objective.minimum,
        "K": 1,
    }
    process = Process(oracle, (fmpq(1),), (mu,), shrinkage)
    return Instance(constants, objective, process, ((fmpq(1),), (fmpq(0),)))


COUNTEREXAMPLES = (
    Counterexample(
        id="sample-dependent-shrinkage",
        label="C1",
        title="Shrinkage that sees the sample can send SGD uphill",
        weakens="pl-predictable",
        explanation=(
            "F(w) = w^2/2 at w = 1. The stochastic gradient is 3 or -1 with probability 1/2, and "
            "is shrunk by 1/4 or by 1. Its mean is 1, but that of the shrunken one is -1/8: the "
            "expected step goes uphill. So the paper's model needs q_k to be a function of the "
            "past."
        ),
        statement=seeing_the_sample(pl_predictable.STATEMENT),
        instance=_uphill(),
    ),
)
