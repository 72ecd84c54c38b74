"""The vocabulary of every theorem: symbols, and the hypotheses that they share.

SGD under gradient shrinkage and additive quantization noise (arXiv:2508.07142, v1 and v4):

    w_{k+1} = w_k - mu_k (q_k g_k + eps_k),

on an objective F over a real inner-product space.  What is determined when: the stepsizes mu_k
at the start; the iterate w_k by the past of step k; the stochastic gradient g_k by its sample; the
noise eps_k by the next step's past.  The shrinkage factor q_k is *predictable* (``q``, determined
by the past), *scheduled* (``q_scheduled``, a sequence fixed at the start) or *sample-dependent*
(``q_of_sample``); which one decides what is true.

Real quantizers replace g_k by a vector Q_k, determined by the next step's past:

    w_{k+1} = w_k - mu_k Q_k.

What is assumed of them are the models Q2 to Q5 (``MODELS``; Q1, the paper's, is Q2 without noise).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from shrinkproof.kernel.term import SCALAR, VECTOR, Term, substitute
from shrinkproof.language.statement import Hypothesis
from shrinkproof.language.symbols import (
    ZERO,
    E,
    Function,
    Sequence,
    equal,
    fixed_point,
    forall,
    index,
    inner,
    named,
    norm2,
    number,
    parameter,
    past,
    point,
    sample,
)

L, c, mu = parameter("L"), parameter("c"), parameter("mu")
q_min, q_max = parameter("q_min"), parameter("q_max")
sigma2, tau2 = parameter("sigma2"), parameter("tau2")
omega, u, eta2 = parameter("omega"), parameter("u"), parameter("eta2")
F_inf, F_star = parameter("F_inf"), parameter("F_star")
w_star = fixed_point("w_star")
F = Function("F")
x, y = point("x"), point("y")
k, K = index("k"), index("K")

w = Sequence("w", VECTOR, "past")
g = Sequence("g", VECTOR, "sample")
eps = Sequence("eps", VECTOR, "next")
stepsize = Sequence("mu", SCALAR, "start")
q = Sequence("q", SCALAR, "past")
q_scheduled = Sequence("q", SCALAR, "start")
SCHEDULED = {"q": ("k", q_scheduled[k])}  # instantiate with this: q_k fixed in advance
q_of_sample = Sequence("q", SCALAR, "sample")
Q = Sequence("Q", VECTOR, "next")

Delta = named("Delta", F(w[0]) - F_inf)
gap = named("gap", F(w[0]) - F_star)
D2 = named("D2", norm2(w[0] - w_star))


def gradient_norm2(i: Term) -> Term:
    """G_k, the squared norm of the gradient at w_k."""
    return norm2(F.grad(w[i]))


L_POSITIVE = Hypothesis("L_positive", L > 0, "L is positive")
SMOOTHNESS = Hypothesis(
    "smoothness",
    forall(x, y, norm2(F.grad(y) - F.grad(x)) <= L**2 * norm2(y - x)),
    "the gradient of F is L-Lipschitz",
)
BOUNDED_BELOW = Hypothesis("bounded_below", forall(x, F_inf <= F(x)), "F is bounded below by F_inf")
PL = Hypothesis(
    "polyak_lojasiewicz",
    forall(x, 2 * c * (F(x) - F_star) <= norm2(F.grad(x))),
    "F satisfies the Polyak-Łojasiewicz inequality with constant c",
)
STRONG_CONVEXITY = Hypothesis(
    "strong_convexity",
    forall(x, y, F(x) + inner(F.grad(x), y - x) + c / 2 * norm2(y - x) <= F(y)),
    "F is c-strongly convex",
)
CONVEXITY = Hypothesis(
    "convexity", forall(x, y, F(x) + inner(F.grad(x), y - x) <= F(y)), "F is convex"
)
ATTAINED = Hypothesis("attained", equal(F_star, F(w_star)), "F_star is the value of F at w_star")
STATIONARY = Hypothesis(
    "stationary", equal(F.grad(w_star), ZERO), "the gradient of F vanishes at w_star"
)
C_POSITIVE = Hypothesis("c_positive", c > 0, "c is positive")
C_AT_MOST_L = Hypothesis("c_at_most_L", c <= L, "c is at most L")
C_BELOW_L = Hypothesis("c_below_L", c < L, "c is less than L")

UNBIASED = Hypothesis(
    "unbiased",
    forall(k, equal(E(g[k], past(k)), F.grad(w[k]))),
    "the stochastic gradient is unbiased, given the past",
)
VARIANCE = Hypothesis(
    "variance",
    forall(k, E(norm2(g[k] - F.grad(w[k])), past(k)) <= sigma2),
    "its variance is at most sigma2, given the past",
)
NOISE_UNBIASED = Hypothesis(
    "noise_unbiased",
    forall(k, equal(E(eps[k], sample(k)), ZERO)),
    "the quantization noise has mean zero, given the past and the sample",
)
NOISE_VARIANCE = Hypothesis(
    "noise_variance",
    forall(k, E(norm2(eps[k]), past(k)) <= tau2),
    "its second moment is at most tau2, given the past",
)
SAMPLING = (UNBIASED, VARIANCE, NOISE_UNBIASED, NOISE_VARIANCE)

MU_POSITIVE = Hypothesis("mu_positive", mu > 0, "the stepsize is positive")
Q_MIN_POSITIVE = Hypothesis("q_min_positive", q_min > 0, "q_min is positive")
STEPSIZE_BOUND = Hypothesis("stepsize_bound", mu * q_max <= 1 / L, "mu q_max is at most 1/L")
STEPSIZE_CONTRACTS = Hypothesis(
    "stepsize_contracts", mu * q_max * (L + c) <= 2, "mu q_max is at most 2/(L + c)"
)
K_POSITIVE = Hypothesis("K_positive", number(K) > 0, "there is at least one step")

StepsizeOf = Callable[[Term], Term]


def fixed(_: Term) -> Term:
    """The fixed stepsize mu, at every step."""
    return mu


def update(stepsize_of: StepsizeOf, shrinkage: Sequence) -> Hypothesis:
    step = stepsize_of(k) * (shrinkage[k] * g[k] + eps[k])
    return Hypothesis(
        "update",
        forall(k, equal(w[k + 1], w[k] - step)),
        "the iterates are those of SGD with shrunken, perturbed gradients",
    )


def quantized_update(stepsize_of: StepsizeOf) -> Hypothesis:
    return Hypothesis(
        "update",
        forall(k, equal(w[k + 1], w[k] - stepsize_of(k) * Q[k])),
        "the iterates are those of SGD with quantized gradients",
    )


def shrinkage_bounds(shrinkage: Sequence) -> tuple[Hypothesis, Hypothesis]:
    return (
        Hypothesis("q_lower", forall(k, q_min <= shrinkage[k]), "q_k is at least q_min"),
        Hypothesis("q_upper", forall(k, shrinkage[k] <= q_max), "q_k is at most q_max"),
    )


def scheduled(hypothesis: Hypothesis) -> Hypothesis:
    """The same, of factors q_k that are fixed in advance."""
    return replace(hypothesis, prop=substitute(hypothesis.prop, SCHEDULED))


@dataclass(frozen=True)
class Model:
    """What is assumed of a quantizer: a bundle of hypotheses that theorems use by name."""

    id: str
    title: str
    hypotheses: tuple[Hypothesis, ...]


def _error(bound: Term, words: str) -> Hypothesis:
    return Hypothesis(
        "quantization_error", forall(k, E(norm2(Q[k] - g[k]), sample(k)) <= bound), words
    )


Q1 = Model(
    "Q1",
    "the paper's: the gradient is scaled, by a factor that the past determines",
    (
        Hypothesis(
            "scaled",
            forall(k, equal(Q[k], q[k] * g[k])),
            "the quantized gradient is q_k g_k, with q_k a function of the past",
        ),
    ),
)
Q2 = Model("Q2", "scaled, and perturbed by noise of mean zero", (NOISE_UNBIASED, NOISE_VARIANCE))
Q3 = Model(
    "Q3",
    "unbiased, with relative and absolute variance",
    (
        Hypothesis(
            "quantization_unbiased",
            forall(k, equal(E(Q[k], sample(k)), g[k])),
            "the quantized gradient has mean g_k, given the past and the sample",
        ),
        _error(
            omega * norm2(g[k]) + tau2,
            "its variance is at most omega times the square of g_k, plus tau2",
        ),
        Hypothesis("omega_nonnegative", omega >= 0, "omega is not negative"),
    ),
)
Q4_RELATIVE = Model(
    "Q4, eta = 0",
    "relative error, biased or not",
    (_error(u**2 * norm2(g[k]), "the quantization error is at most u times the size of g_k"),),
)
Q4 = Model(
    "Q4",
    "relative and absolute error, biased or not",
    (
        _error(
            u**2 * norm2(g[k]) + eta2,
            "the squared quantization error is at most u^2 times the square of g_k, plus eta2",
        ),
    ),
)
Q5 = Model(
    "Q5",
    "every coordinate scaled by a factor that may see the sample",
    (
        Hypothesis(
            "sector",
            forall(k, inner(Q[k] - q_min * g[k], q_max * g[k] - Q[k]) >= 0),
            "Q_k lies between q_min g_k and q_max g_k, coordinate by coordinate or on the whole",
        ),
    ),
)
MODELS = {model.id: model for model in (Q1, Q2, Q3, Q4_RELATIVE, Q4, Q5)}
