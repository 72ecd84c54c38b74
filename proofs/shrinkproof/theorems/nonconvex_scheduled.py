r"""Nonconvex SGD with varying stepsizes, scheduled shrinkage.

Label: T2s
Statement: $\frac{\sum_{k=0}^{K-1} \mu_k q_k \mathbb{E}\bigl[\lVert \nabla F(w_k)
    \rVert^2\bigr]}{\sum_{k=0}^{K-1} \mu_k q_k} \le \frac{2 \Delta + L \sum_{k=0}^{K-1} \bigl((\mu_k
    q_k)^2 \sigma^2 + \mu_k^2 \tau^2\bigr)}{\sum_{k=0}^{K-1} \mu_k q_k}$
Assumptions: As T2, but the q_k too are fixed in advance, and need no bounds: the effective
    stepsizes alpha_k = mu_k q_k lie between 0 and 1/L and are not all zero. The weighted average
    is at least the least E norm(grad F(w_k))^2 with k < K.
Tightness: upper: attained for every K without noise, for F = (L/2) norm(w)^2 at mu_k q_k = 1/L.
Uses: one-step-small-stepsize
Source: Bottou, Curtis, Nocedal (2018), Theorem 4.10, without shrinkage.
Needs: effective stepsizes of at most 1/L (T1s has any below 2/L); a schedule, for the weights to
    come out of the expectations: for predictable q_k there is T2.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, instantiate, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, Sum, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step_small
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    SCHEDULED,
    Delta,
    F,
    K,
    L,
    gradient_norm2,
    k,
    scheduled,
    sigma2,
    stepsize,
    tau2,
    w,
)
from shrinkproof.theorems.setting import q_scheduled as q

mu = stepsize[k]
alpha = mu * q[k]

WEIGHTS_POSITIVE = Hypothesis(
    "weights_positive", Sum(k, K, alpha) > 0, "the effective stepsizes are not all zero"
)


def gradients(length: Term) -> Term:
    """The sum of the squared gradients, weighted by the effective stepsizes."""
    return Sum(k, length, alpha * E(gradient_norm2(k)))


def noise(length: Term) -> Term:
    return Sum(k, length, alpha**2 * sigma2 + mu**2 * tau2)


STATEMENT = Statement(
    id="nonconvex-scheduled",
    label="T2s",
    title="Nonconvex SGD with varying stepsizes, scheduled shrinkage",
    hypotheses=(
        *map(scheduled, one_step_small.STATEMENT.hypotheses),
        BOUNDED_BELOW,
        WEIGHTS_POSITIVE,
    ),
    conclusions=(gradients(K) / Sum(k, K, alpha) <= (2 * Delta + L * noise(K)) / Sum(k, K, alpha),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    step = specialise(instantiate(one_step_small.prove()[0], SCHEDULED), k)

    def so_far(n: Term) -> Term:
        return E(F(w[n])) + gradients(n) / 2 <= F(w[0]) + L / 2 * noise(n)

    one = generalise(expect(step, past(0)), k)
    telescoped = specialise(by_induction(k, so_far, one), K)
    bounded = expect(specialise(given(BOUNDED_BELOW), w[K]), past(0))
    weight = 2 / Sum(k, K, alpha)
    return linear(
        STATEMENT.conclusion,
        using=[(weight, telescoped), (weight, bounded)],
        facts=[given(WEIGHTS_POSITIVE)],
    )
