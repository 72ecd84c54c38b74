r"""Nonconvex SGD with any stepsizes: the weighted sum of gradients.

Label: T1s
Statement: $\sum_{k=0}^{K-1} \mathbb{E}\bigl[\mu_k q_k (2 - L \mu_k q_k) \lVert \nabla F(w_k)
    \rVert^2\bigr] \le 2 \Delta + L \sum_{k=0}^{K-1} \bigl(\mathbb{E}\bigl[(\mu_k q_k)^2\bigr]
    \sigma^2 + \mu_k^2 \tau^2\bigr)$
Assumptions: As O1, and F is bounded below. Stepsizes and q_k (a function of the past) are
    arbitrary; the bound says something of the gradients as long as 0 < mu_k q_k < 2/L.
Tightness: upper: attained for every K without noise, for F = (L/2) norm(w)^2 at mu_k q_k = 1/L.
Uses: one-step
Source: Bottou, Curtis, Nocedal (2018), Section 4.3, without shrinkage.
Needs: a predictable q_k.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, Sum, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    Delta,
    F,
    K,
    L,
    gradient_norm2,
    k,
    q,
    sigma2,
    stepsize,
    tau2,
    w,
)

mu = stepsize[k]
alpha = mu * q[k]


def decrease(length: Term) -> Term:
    return Sum(k, length, E(alpha * (2 - L * alpha) * gradient_norm2(k)))


def noise(length: Term) -> Term:
    return Sum(k, length, E(alpha**2) * sigma2 + mu**2 * tau2)


STATEMENT = Statement(
    id="nonconvex-weighted",
    label="T1s",
    title="Nonconvex SGD with any stepsizes: the weighted sum of gradients",
    hypotheses=(*one_step.STATEMENT.hypotheses, BOUNDED_BELOW),
    conclusions=(decrease(K) <= 2 * Delta + L * noise(K),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    one = generalise(expect(specialise(one_step.prove()[0], k), past(0)), k)

    def so_far(n: Term) -> Term:
        return E(F(w[n])) + decrease(n) / 2 <= F(w[0]) + L / 2 * noise(n)

    telescoped = specialise(by_induction(k, so_far, one), K)
    return linear(
        STATEMENT.conclusion,
        using=[(2, telescoped), (2, expect(specialise(given(BOUNDED_BELOW), w[K]), past(0)))],
    )
