"""T1s"""
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
