r"""SGD under strong convexity, scheduled shrinkage: distances in closed form.

Label: T3e
Statement: $\mathbb{E}[\lVert w_K - w^\star \rVert^2] \le B_d + \biggl(\prod_{k=0}^{K-1} (1 - c \mu
    q_k)^2\biggr) (D^2 - B_d)$
Assumptions: F is c-strongly convex with an L-Lipschitz gradient, c > 0; q_k is a sequence fixed in
    advance between q_min > 0 and q_max; mu q_max <= 2/(L + c). No relation of the start to the
    floor B_d is needed.
Tightness: exact: equality for every K for F = (c/2) norm(w)^2 and constant q_k (LB).
Uses: one-step-distance
Source: new; without noise and shrinkage, Taylor, Hendrickx, Glineur (2018).
Needs: a schedule: a predictable q_k can exceed the floor of every schedule (counterexample C2);
    for those there is T3pd.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, Prod, norm2, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step_distance, strongly_convex
from shrinkproof.theorems.noise_floor import B_d as floor
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import D2, MU_POSITIVE, K, c, k, mu, w, w_star
from shrinkproof.theorems.setting import q_scheduled as q

rate = (1 - c * mu * q[k]) ** 2


def claim(n: Term) -> Term:
    return E(norm2(w[n] - w_star)) <= floor + Prod(k, n, rate) * (D2 - floor)


STATEMENT = Statement(
    id="distance-closed-form",
    label="T3e",
    title="SGD under strong convexity, scheduled shrinkage: distances in closed form",
    hypotheses=strongly_convex.hypotheses(q),
    conclusions=(claim(K),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    one_step = strongly_convex.at_fixed_stepsize(one_step_distance.prove()[0], q)
    contraction = linear(
        E(norm2(w[k + 1] - w_star), past(k)) - floor <= rate * (norm2(w[k] - w_star) - floor),
        using=[(1, one_step), (mu, strongly_convex.noise_below_floor())],
        facts=[given(MU_POSITIVE)],
    )
    contracting = generalise(expect(contraction, past(0)), k)
    return specialise(by_induction(k, claim, contracting, factor=lambda _: rate), K)
