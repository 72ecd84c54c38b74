r"""SGD under strong convexity, scheduled stepsizes and shrinkage: distances.

Label: T3d
Statement: $\mathbb{E}[\lVert w_K - w^\star \rVert^2] \le r_K$
Assumptions: F is c-strongly convex with an L-Lipschitz gradient; stepsizes and q_k are sequences
    fixed in advance, with effective stepsizes between 0 and 2/(L + c). Nothing is assumed of c.
Tightness: exact: equality for every K, and every such schedule, for F = (c/2) norm(w)^2.
Uses: one-step-distance
Source: new; without noise and shrinkage, Taylor, Hendrickx, Glineur (2018).
Needs: a schedule: a predictable q_k can stay above this (counterexample C2).
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, instantiate, specialise
from shrinkproof.kernel.term import SCALAR, Term
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, Sequence, equal, forall, norm2, past
from shrinkproof.tactics.induction import inductively
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step_distance
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    D2,
    SCHEDULED,
    K,
    c,
    k,
    scheduled,
    sigma2,
    stepsize,
    tau2,
    w,
    w_star,
)
from shrinkproof.theorems.setting import q_scheduled as q

mu = stepsize[k]
alpha = mu * q[k]
rate = (1 - c * alpha) ** 2
r = Sequence("r", SCALAR, "start")
RADIUS_START = Hypothesis(
    "radius_start", equal(r[0], D2), "r starts at the squared distance of w_0", defines="r"
)
RADIUS_STEP = Hypothesis(
    "radius_step",
    forall(k, equal(r[k + 1], rate * r[k] + alpha**2 * sigma2 + mu**2 * tau2)),
    "r contracts like an exact step, and grows by the noise",
    defines="r",
)


def claim(n: Term) -> Term:
    return E(norm2(w[n] - w_star)) <= r[n]


STATEMENT = Statement(
    id="distance-scheduled",
    label="T3d",
    title="SGD under strong convexity, scheduled stepsizes and shrinkage: distances",
    hypotheses=(
        *map(scheduled, one_step_distance.STATEMENT.hypotheses),
        RADIUS_START,
        RADIUS_STEP,
    ),
    conclusions=(claim(K),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    one_step = specialise(instantiate(one_step_distance.prove()[0], SCHEDULED), k)

    def step(goal: Term, hypothesis: Theorem) -> Theorem:
        return linear(
            goal,
            using=[
                (1, expect(one_step, past(0))),
                (rate, hypothesis),
                (-1, specialise(given(RADIUS_STEP), k)),
            ],
        )

    def start(goal: Term) -> Theorem:
        return linear(goal, using=[(-1, given(RADIUS_START))])

    return specialise(inductively(k, claim, step, base=start), K)
