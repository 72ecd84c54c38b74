"""From one step to many: what every theorem with a fixed stepsize does with its one-step bound.

The bound is, for all k,

    E[F(w_{k+1}) | past] <= F(w_k) - (mu theta/2) norm(grad F(w_k))^2 + (mu/2) N

with numbers theta > 0 and N.  Telescoping bounds the average of the squared gradients; under the
Polyak-Łojasiewicz inequality each step contracts, and E F(w_K) - F_star decays to a floor.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from shrinkproof.kernel import Theorem, assume, cut, expect, generalise, instantiate, specialise
from shrinkproof.kernel.term import Term
from shrinkproof.language.symbols import E, Sum, forall, number, parameter, past
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    C_POSITIVE,
    K_POSITIVE,
    MU_POSITIVE,
    PL,
    Delta,
    F,
    F_star,
    K,
    c,
    gap,
    gradient_norm2,
    k,
    mu,
    w,
)

theta, N = parameter("theta"), parameter("N")
ONE_STEP = forall(
    k, E(F(w[k + 1]), past(k)) <= F(w[k]) - mu * theta / 2 * gradient_norm2(k) + mu / 2 * N
)


@dataclass(frozen=True)
class OneStep:
    """A one-step bound: theta and N as terms, a proof of the bound, and one of theta > 0."""

    theta: Term
    noise: Term
    bound: Theorem
    positive: Theorem


def gradients(length: Term) -> Term:
    """The sum of E norm(grad F(w_k))^2 over the first steps."""
    return Sum(k, length, E(gradient_norm2(k)))


def average(floor: Term, alpha: Term) -> Term:
    """The claim that the average of those is at most 2 Delta/(K alpha) + floor."""
    return gradients(K) / number(K) <= 2 * Delta / (number(K) * alpha) + floor


def decay(floor: Term, rate: Term, length: Term = K) -> Term:
    """The claim that E F(w_K) - F_star is at most floor + rate^K (gap - floor)."""
    return E(F(w[length])) - F_star <= floor + rate**length * (gap - floor)


@cache
def _average() -> Theorem:
    one = generalise(expect(specialise(assume(ONE_STEP), k), past(0)), k)

    def so_far(n: Term) -> Term:
        return E(F(w[n])) + mu * theta / 2 * gradients(n) <= F(w[0]) + number(n) * mu / 2 * N

    bounded = expect(specialise(given(BOUNDED_BELOW), w[K]), past(0))
    divisor = number(K) * mu * theta
    return linear(
        average(N / theta, mu * theta),
        using=[
            (2 / divisor, specialise(by_induction(k, so_far, one), K)),
            (2 / divisor, bounded),
        ],
        facts=[given(K_POSITIVE), given(MU_POSITIVE), assume(theta > 0)],
    )


@cache
def _decay() -> Theorem:
    signs = [given(C_POSITIVE), given(MU_POSITIVE), assume(theta > 0)]
    floor, rate = N / (2 * c * theta), 1 - c * mu * theta
    step = linear(
        E(F(w[k + 1]), past(k)) - F_star - floor <= rate * (F(w[k]) - F_star - floor),
        using=[
            (1, specialise(assume(ONE_STEP), k)),
            (mu * theta / 2, specialise(given(PL), w[k])),
        ],
        facts=signs,
    )
    each = by_induction(
        k,
        lambda n: decay(floor, rate, n),
        generalise(expect(step, past(0)), k),
        factor=lambda _: rate,
        facts=[assume(c * mu * theta <= 1)],
    )
    return specialise(each, K)


def averaged(step: OneStep) -> Theorem:
    """The average: at most 2 Delta/(K mu theta) + noise/theta."""
    return _applied(_average(), step)


def decaying(step: OneStep, small: Theorem) -> Theorem:
    """The decay to the floor noise/(2 c theta); ``small`` proves c mu theta <= 1."""
    return cut(small, _applied(_decay(), step))


def _applied(theorem: Theorem, step: OneStep) -> Theorem:
    applied = instantiate(theorem, {"theta": step.theta, "N": step.noise})
    return cut(step.positive, cut(step.bound, applied))


__all__ = ["OneStep", "average", "averaged", "decay", "decaying"]
