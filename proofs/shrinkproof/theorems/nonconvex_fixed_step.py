r"""Nonconvex SGD with a fixed stepsize.

Label: T1
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu q_{\min}} + \frac{L \mu (q_{\max}^2 \sigma^2 + \tau^2)}{q_{\min}}$
Assumptions: F has an L-Lipschitz gradient and is bounded below; q_k is a function of the past
    between q_min > 0 and q_max; mu q_max <= 1/L. Nothing needs q_max <= 1.
Tightness: upper: attained at K = 1; the average hides the last iterate.
Uses: one-step-small-stepsize
Source: Yun, arXiv:2508.07142 (2025); Ghadimi and Lan, SIAM J. Optim. 23 (2013), Theorem 2.1,
    without shrinkage.
Needs: mu q_max <= 1/L (a test has an instance beyond it); the proof needs a predictable q_k.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, Sum, number, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import fixed_stepsize
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    K_POSITIVE,
    MU_POSITIVE,
    Q_MIN_POSITIVE,
    Delta,
    F,
    K,
    L,
    gradient_norm2,
    k,
    mu,
    q,
    q_max,
    q_min,
    sigma2,
    tau2,
    w,
)

floor = L * mu * (q_max**2 * sigma2 + tau2) / q_min


def gradients(length: Term) -> Term:
    return Sum(k, length, E(gradient_norm2(k)))


STATEMENT = Statement(
    id="nonconvex-fixed-step",
    label="T1",
    title="Nonconvex SGD with a fixed stepsize",
    hypotheses=(*fixed_stepsize.hypotheses(q), BOUNDED_BELOW, K_POSITIVE),
    conclusions=(gradients(K) / number(K) <= 2 * Delta / (number(K) * mu * q_min) + floor,),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    one = generalise(expect(specialise(fixed_stepsize.worst_case_step(), k), past(0)), k)

    def so_far(n: Term) -> Term:
        left = E(F(w[n])) + mu * q_min / 2 * gradients(n)
        return left <= F(w[0]) + number(n) * L * mu**2 / 2 * (q_max**2 * sigma2 + tau2)

    telescoped = specialise(by_induction(k, so_far, one), K)
    bounded = expect(specialise(given(BOUNDED_BELOW), w[K]), past(0))
    divisor = number(K) * mu * q_min
    return linear(
        STATEMENT.conclusion,
        using=[(2 / divisor, telescoped), (2 / divisor, bounded)],
        facts=[given(h) for h in (K_POSITIVE, MU_POSITIVE, Q_MIN_POSITIVE)],
    )
