"""T1"""
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
    conclusions=(
        gradients(K) / number(K) <= 2 * Delta / (number(K) * mu * q_min) + floor,
    ),
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
