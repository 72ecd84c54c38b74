"""Low-precision minibatch SGD on ridge logistic regression, and the bound that is proved for it.

A rule turns a stochastic gradient into the vector that is subtracted: `Rounded` quantizes it,
`Scheduled` and `DelayedClipping` are the paper's q_k g_k + eps_k (arXiv:2508.07142).  Each says
what is proved for it on a given problem: a `Claim`, which evaluates a theorem of the library at
certified constants, or `Outside`, the reason why no theorem applies.

What is exact and what is not: constants, bounds and the e-value are exact rationals.  The runs
are float64.  For norm(w) <= 64 the error of the evaluated F is below 2^-30: a margin <x_i, w> is
off by at most 31 * 2^-53 * 20.6 * 64 < 2^-37, log(1 + exp) does not enlarge that, and the mean
and the ridge term add less.  `e_value` gives that allowance away.  The gradient carries a similar
error, and stochastic rounding of a subnormal one is biased by less than 2^-53 of a spacing: a
run is SGD whose gradient is biased by some 1e-13, and that is not certified away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle, islice, repeat
from typing import Protocol

import numpy as np
from flint import fmpq

from shrinkproof.bounds import evaluate_bound
from shrinkproof.breast_cancer import MinibatchLogistic, round_up
from shrinkproof.exact import fraction, from_float, power_of_two, rational
from shrinkproof.guarantees import MODES, rounded_constants
from shrinkproof.quantizers import FloatArray, Quantizer
from shrinkproof.sgd import iterate

_ZERO = fmpq(0)
FLOAT_ALLOWANCE = power_of_two(-30)
GREATEST_NORM = 64.0  # of w, where the allowance is justified
BETS = tuple(fmpq(1, n) for n in (1, 2, 4, 8))
REFUTED_AT = 10**6  # an e-value this large has probability at most 1e-6 under the claim
BOUND_BITS = 30


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A proved bound of E F(w_K) - F_star: a theorem and its constants, K and q_k apart.

    schedule: the factors of a scheduled q_k, repeated for ever; empty if q_k is predictable.
    """

    theorem: str
    constants: Mapping[str, Fraction]
    schedule: tuple[Fraction, ...] = ()

    def bound(self, steps: int) -> Fraction:
        """The bound after that many steps; raises BoundError if a hypothesis fails."""
        values: dict[str, object] = {**self.constants, "K": steps}
        if self.schedule:
            values["q"] = tuple(islice(cycle(self.schedule), steps))
        return evaluate_bound(self.theorem, values).value


@dataclass(frozen=True)
class Outside:
    """Why no theorem applies, and so no bound."""

    reason: str


class Rule(Protocol):
    """One way to disturb gradients.

    apply: the (trajectories, d) array that replaces `gradient` at a step; `previous` is the
    undisturbed gradient of the step before (zeros at step 0), part of the past.
    claim: what is proved for stepsize mu.
    """

    def apply(
        self, step: int, gradient: FloatArray, previous: FloatArray, rng: np.random.Generator
    ) -> FloatArray: ...
    def claim(self, problem: MinibatchLogistic, mu: fmpq) -> Claim | Outside: ...


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """q_k g_k + eps_k with the given factors in turn, and coordinates +-noise as eps_k.

    factors: rationals in (0, 1].  noise: >= 0, either sign with probability 1/2, so that
    E eps = 0 and tau2 = d noise^2 exactly.  With factors (1,) and no noise: plain SGD.
    """

    factors: tuple[fmpq, ...]
    noise: fmpq = _ZERO

    def apply(
        self, step: int, gradient: FloatArray, previous: FloatArray, rng: np.random.Generator
    ) -> FloatArray:
        shrunken = float(fraction(self.factors[step % len(self.factors)])) * gradient
        if not self.noise:
            return shrunken
        signs = 2.0 * rng.integers(0, 2, gradient.shape) - 1.0
        return shrunken + float(fraction(self.noise)) * signs

    def claim(self, problem: MinibatchLogistic, mu: fmpq) -> Claim:
        factors = tuple(fraction(q) for q in self.factors)
        tau2 = problem.objective.dimension * self.noise**2
        return _claim("T3", problem, mu, factors, tau2, schedule=factors)


@dataclass(frozen=True, kw_only=True)
class DelayedClipping:
    """q_k = threshold / norm(g_{k-1}), clipped to [q_min, 1]: predictable, since g_{k-1} is past.

    Gradient clipping as it is implemented with a delayed scale: it does not wait for the norm
    of the gradient that it scales.  q_0 = 1.
    """

    threshold: fmpq
    q_min: fmpq

    def apply(
        self, step: int, gradient: FloatArray, previous: FloatArray, rng: np.random.Generator
    ) -> FloatArray:
        norm = np.sqrt((previous**2).sum(axis=1, keepdims=True))
        threshold, least = float(fraction(self.threshold)), float(fraction(self.q_min))
        q = np.clip(threshold / np.maximum(norm, threshold), least, 1.0)
        shrunken: FloatArray = q * gradient
        return shrunken

    def claim(self, problem: MinibatchLogistic, mu: fmpq) -> Claim:
        return _claim("T3p", problem, mu, (fraction(self.q_min), Fraction(1)), _ZERO)


@dataclass(frozen=True)
class Rounded:
    """Q(g_k): every coordinate of the gradient rounded to a format."""

    quantizer: Quantizer

    def apply(
        self, step: int, gradient: FloatArray, previous: FloatArray, rng: np.random.Generator
    ) -> FloatArray:
        return self.quantizer.round_array(gradient, rng)

    def claim(self, problem: MinibatchLogistic, mu: fmpq) -> Claim | Outside:
        largest = self.quantizer.format.largest / self.quantizer.scale
        reach = coordinate_bound(problem, self.quantizer)
        if reach > largest:
            return Outside(
                f"saturation cannot be excluded: coordinates up to {float(fraction(reach)):.3g} "
                f"are possible, the format ends at {float(fraction(largest)):.3g}"
            )
        of_format = rounded_constants(self.quantizer, problem.objective.dimension)
        return Claim(
            theorem=MODES[self.quantizer.rounding].pl,
            constants={**certified(problem, mu), **of_format},
        )


def certified(problem: MinibatchLogistic, mu: fmpq) -> dict[str, Fraction]:
    """What every theorem takes of the problem, and the stepsize."""
    constants = {
        "L": problem.smoothness,
        "c": problem.strong_convexity,
        "mu": mu,
        "sigma2": problem.variance_bound,
        "gap": problem.gap,
    }
    return {name: fraction(x) for name, x in constants.items()}


def _claim(
    theorem: str,
    problem: MinibatchLogistic,
    mu: fmpq,
    factors: tuple[Fraction, ...],
    tau2: fmpq,
    *,
    schedule: tuple[Fraction, ...] = (),
) -> Claim:
    ends = {"q_min": min(factors), "q_max": max(factors), "tau2": fraction(tau2)}
    return Claim(theorem=theorem, constants={**certified(problem, mu), **ends}, schedule=schedule)


def coordinate_bound(problem: MinibatchLogistic, quantizer: Quantizer) -> fmpq:
    """C with abs(g_j) <= C at every step of every run, whatever the rounding, unless saturated.

    With g = ridge w + D, abs(D_j) <= M = entry_bound, unit roundoff u and least positive value
    h (over the loss scale), rounding in any mode moves g_j by at most 2u abs(g_j) + h.  If
    a = ridge abs(w_j) then the next one is at most
    (1 - mu ridge) a + mu ridge (M + 2u (a + M) + h), so a <= A = ((1 + 2u) M + h) / (1 - 2u)
    stays true from w_0 = 0 on (mu ridge <= 1), and C = A + M = (2M + h) / (1 - 2u).
    """
    u = quantizer.format.unit_roundoff
    h = quantizer.format.subnormal_spacing / quantizer.scale
    return (2 * problem.entry_bound + h) / (1 - 2 * u)


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """What was measured, for T trajectories in dimension d over K steps.

    recorded: the steps at which suboptimality was taken; its shape is (len(recorded), T), and
    it is F(w) minus the certified lower end of F_star, in nats.  shrinkage: <Q(g), g> /
    norm(g)^2, shape (K, T); relative_error: norm(Q(g) - g) / norm(g), shape (K, T).  zeros: the
    part of all coordinates that became zero.  final: the last iterates, shape (T, d).
    """

    recorded: tuple[int, ...]
    suboptimality: FloatArray
    shrinkage: FloatArray
    relative_error: FloatArray
    zeros: float
    final: FloatArray


def unwatched(_: FloatArray) -> None:
    """Looks at no gradient."""


def train(
    problem: MinibatchLogistic,
    rule: Rule,
    *,
    mu: fmpq,
    recorded: Sequence[int],
    trajectories: int,
    seed: int,
    stream: int = 0,
    watch: Callable[[FloatArray], object] = unwatched,
) -> Run:
    """T independent trajectories of w <- w - mu rule(g) from w_0 = 0, up to the last recorded step.

    recorded: increasing steps >= 1.  Runs with one seed see the same minibatches, whatever the
    rule, so they differ by the rule alone; stream separates what else is random.  watch: is
    shown the gradients g_k of every step, shape (T, d), before they are disturbed.

    Raises ValueError for no or unordered steps, and ArithmeticError if an iterate leaves the
    ball in which the float error was bounded.
    """
    if not recorded or recorded[0] < 1 or list(recorded) != sorted(set(recorded)):
        raise ValueError(f"recorded = {tuple(recorded)}: expected increasing steps >= 1")
    sampling = np.random.default_rng([seed, 0])
    rounding = np.random.default_rng([seed, 1, stream])
    start = np.zeros((trajectories, problem.objective.dimension))
    previous = start

    def disturbed(step: int, _: FloatArray, g: FloatArray) -> FloatArray:
        nonlocal previous
        update = rule.apply(step, g, previous, rounding)
        previous = g
        return update

    steps = iterate(
        start,
        repeat(float(fraction(mu)), recorded[-1]),
        lambda w: minibatch_gradient(problem, w, sampling),
        disturbed,
    )
    taken, shrinkage, errors, zeros = [], [], [], 0
    for done, (g, update, w) in enumerate(steps, 1):
        watch(g)
        square = (g**2).sum(axis=1)
        shrinkage.append(_ratio((update * g).sum(axis=1), square))
        errors.append(np.sqrt(_ratio(((update - g) ** 2).sum(axis=1), square)))
        zeros += int(np.count_nonzero((update == 0) & (g != 0)))
        if done in recorded:
            taken.append(suboptimality(problem, w))
    return Run(
        recorded=tuple(recorded),
        suboptimality=np.array(taken),
        shrinkage=np.array(shrinkage),
        relative_error=np.array(errors),
        zeros=zeros / (w.size * recorded[-1]),
        final=w,
    )


def _ratio(x: FloatArray, y: FloatArray) -> FloatArray:
    """x / y, and 1 where y = 0: a gradient that vanishes is not distorted."""
    return np.divide(x, y, out=np.ones_like(y), where=y != 0)


def minibatch_gradient(
    problem: MinibatchLogistic, w: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """One stochastic gradient for each row of w, shape (T, d), from `problem.batch` samples."""
    chosen = rng.integers(0, len(problem.labels), (len(w), problem.batch))
    rows = problem.signed[chosen]
    missed = 1 / (1 + np.exp(np.matmul(rows, w[:, :, None])))
    loss = np.matmul(missed.transpose(0, 2, 1), rows)[:, 0, :] / problem.batch
    gradient: FloatArray = float(fraction(problem.ridge)) * w - loss
    return gradient


def suboptimality(problem: MinibatchLogistic, w: FloatArray) -> FloatArray:
    """F(w) minus the lower end of F_star for each row of w, shape (T,); float error < 2^-30."""
    norm2 = (w**2).sum(axis=1)
    if not norm2.max() <= GREATEST_NORM**2:
        raise ArithmeticError(f"norm(w) exceeds {GREATEST_NORM}: lower the stepsize")
    loss = np.logaddexp(0, -w @ problem.signed.T).mean(axis=1)
    lower, _ = problem.minimum_enclosure
    value: FloatArray = loss + float(fraction(problem.ridge)) / 2 * norm2 - float(fraction(lower))
    return value


def sampling_variance(problem: MinibatchLogistic, w: FloatArray) -> FloatArray:
    """The variance of the minibatch gradient at each row of w, shape (T,), in float64."""
    missed = 1 / (1 + np.exp(w @ problem.signed.T))
    second = (missed**2 * (problem.signed**2).sum(axis=1)).mean(axis=1)
    mean = missed @ problem.signed / len(problem.labels)
    variance: FloatArray = (second - (mean**2).sum(axis=1)) / problem.batch
    return variance


def e_value(observed: Sequence[float], bound: Fraction) -> Fraction:
    """Evidence against "independent suboptimalities have mean at most bound".

    For X_i >= 0 with mean at most b, prod_i (1 + bet (X_i / b - 1)) with a bet in [0, 1] is a
    nonnegative supermartingale; so is the average over `BETS`, which is returned.  Under the
    claim it reaches 1/a with probability at most a (Ville).  Exact: `FLOAT_ALLOWANCE` is taken
    from every X_i, and b is rounded up to 30 bits, both in favour of the claim.

    Source: Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting,
    J. R. Stat. Soc. B 86 (2024).  Raises ValueError unless bound > 0.
    """
    if not bound > 0:
        raise ValueError(f"bound = {bound}: expected a positive number")
    claimed = round_up(rational(bound), BOUND_BITS)
    wealth = [fmpq(1)] * len(BETS)
    for x in observed:
        ratio = max(_ZERO, from_float(float(x)) - FLOAT_ALLOWANCE) / claimed
        wealth = [m * (1 + bet * (ratio - 1)) for m, bet in zip(wealth, BETS, strict=True)]
    return fraction(sum(wealth, _ZERO) / len(BETS))
