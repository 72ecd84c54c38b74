"""Hypothesis strategies: random instances that satisfy a statement's hypotheses.

What to draw is read off the statement: which hypotheses it names, whether its stepsize is fixed,
and when its q_k is known.  Constants are certified (see objectives and oracles) or computed
exactly from the process.  Three instances in four are sharp: a quadratic in dimension one, with
no constant looser than it has to be and the largest stepsize allowed, and either no noise at all,
or one kind of noise alone, from the minimiser.  There most bounds are nearly attained, so that a
bound that is a little too small is found out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from shrinkproof.evaluation import Instance
from shrinkproof.exact import Vector, norm2
from shrinkproof.formats import FORMATS
from shrinkproof.kernel.term import free
from shrinkproof.language.statement import Statement
from shrinkproof.objectives import Objective
from shrinkproof.oracles import AdditiveNoise, ExactGradient, Oracle, Outcomes
from shrinkproof.process import (
    Additive,
    Noise,
    OfSample,
    Predictable,
    Process,
    RoundingError,
    Scheduled,
    Shrinkage,
    Silent,
    Twins,
)
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.strategies import (
    logistics,
    noises,
    oracles,
    positive_rationals,
    quadratics,
    vectors,
    wells,
)
from shrinkproof.theorems.setting import eps, g, w

FACTORS = tuple(fmpq(*x) for x in ((1, 1), (1, 2), (1, 4), (3, 4), (1, 10), (1, 100)))
# Multiples of the largest stepsize that the hypotheses allow.
WITHIN = tuple(fmpq(*x) for x in ((1, 1), (1, 2), (1, 4), (9, 10), (1, 10)))
BEYOND = (*WITHIN, fmpq(2), fmpq(3), fmpq(0), fmpq(-1, 2))
LONGEST = 5
MOST_STATES = 24  # at the start of the last step: what an example may cost


def instances(statement: Statement) -> SearchStrategy[Instance]:
    """Instances on which every hypothesis of the statement holds."""
    symbols = {d for h in statement.hypotheses for d in free(h.prop)}
    for conclusion in statement.conclusions:
        symbols |= free(conclusion)
    if any(name == "w" for name, *_ in symbols):
        return on_processes(statement, {d[0]: d for d in symbols})
    return on_points(statement)


@dataclass(frozen=True)
class Truncated:
    """q_k = Q(grad F(w_k)) / grad F(w_k), in dimension one: a deterministic rounding's own factor.

    Without sampling it is a function of the past.
    """

    objective: Objective
    quantizer: Quantizer
    known: ClassVar[str] = "past"

    def factor(self, k: int, w: Vector, g: Vector | None) -> fmpq:
        (slope,) = self.objective.gradient(w)
        return self.quantizer.round(slope) / slope if slope != 0 else fmpq(1)


TRUNCATIONS = tuple(
    Quantizer(f, Rounding.TOWARD_ZERO, scale=s) for f in FORMATS.values() for s in (1, 1024)
)
STOCHASTIC = tuple(
    Quantizer(f, Rounding.STOCHASTIC, scale=s) for f in FORMATS.values() for s in (1, 16)
)


@st.composite
def on_points(draw: DrawFn, statement: Statement) -> Instance:
    """For statements about the objective alone: deterministic points, and random ones too."""
    names = {h.name for h in statement.hypotheses}
    kinds: list[SearchStrategy[Objective]] = [quadratics(max_dim=3), wells(max_dim=3)]
    if "strong_convexity" in names:
        kinds = [quadratics(max_dim=3, strongly_convex=True)]
    elif "t_positive" not in names:
        kinds.append(logistics(max_dim=2))
    objective = draw(st.one_of(kinds))
    d = objective.dimension
    one, other = draw(st.tuples(vectors(d), vectors(d)))
    points: tuple[Any, ...] = (one, other if other != one else tuple(x + 1 for x in one))
    constants = {"L": objective.smoothness, "F_inf": objective.lower_bound}
    constants["t"] = draw(st.sampled_from(FACTORS))
    fixed = {}
    process = None
    if "strong_convexity" in names and objective.minimiser is not None:
        constants |= {"c": objective.strong_convexity, "F_star": objective.minimum}
        fixed["w_star"] = objective.minimiser
    if "t_positive" in names:
        oracle = draw(oracles(objective))
        process = Process(oracle, points[0], (fmpq(1, 2),), Scheduled((fmpq(1, 2),)))
        points = (*points, g[0], w[1], eps[0])
    return Instance(constants, objective, process, points, fixed)


@st.composite
def on_processes(draw: DrawFn, statement: Statement, symbols: dict[str, Any]) -> Instance:
    """For statements about SGD."""
    names = {h.name for h in statement.hypotheses}
    equations = any(x[0] in ("eq", "veq") for c in statement.conclusions for x in (c, c[-1]))
    sharp = draw(st.sampled_from(("", "noiseless", "sampling", "quantization")))
    objective = draw(_objective("polyak_lojasiewicz" in names, equations, bool(sharp)))
    oracle = draw(_oracle(objective, sharp))
    objective = oracle.objective
    L = objective.smoothness * (1 if sharp else draw(st.sampled_from((1, 2))))
    start = draw(_start(objective, sharp))
    shrinkage, q_range = draw(_shrinkage(symbols["q"][3], oracle, sharp))
    noise = draw(_noise(oracle, sharp))
    steps = draw(st.sampled_from(range(LONGEST, 0, -1))) if objective.is_exact else 1
    if "mu" in symbols and symbols["mu"][1] == "sym":
        mu = (1 if sharp else draw(st.sampled_from(WITHIN))) / (L * q_range[1])
        stepsizes = (mu,) * steps
    else:
        allowed = WITHIN if "alpha_small" in names else BEYOND
        multiples = (1,) * steps if sharp else draw(st.tuples(*[st.sampled_from(allowed)] * steps))
        stepsizes = tuple(x / (L * q_range[1]) for x in multiples)
        mu = None
    kind = Twins if "v" in symbols else Process
    process = _affordable(kind(oracle, start, stepsizes, shrinkage, noise))
    process, q_range, tau2 = _measured(process, q_range)
    constants: dict[str, Any] = {
        "L": L,
        "K": process.horizon,
        "q_min": q_range[0],
        "q_max": q_range[1],
        "sigma2": oracle.variance_bound,
        "tau2": tau2,
        "F_inf": objective.lower_bound,
    }
    if mu is not None:
        constants["mu"] = mu
    if "K_positive" not in names and objective.is_exact:
        constants["K"] = draw(st.integers(0, process.horizon))
    if "polyak_lojasiewicz" in names and objective.pl_constant is not None:
        constants |= {
            "c": objective.pl_constant * (1 if sharp else draw(st.sampled_from((1, fmpq(1, 2))))),
            "F_star": objective.minimum,
        }
    return Instance(constants, objective, process, (start, tuple(x + 1 for x in start)))


def _affordable(process: Process) -> Process:
    """The same process, stopped before its law grows beyond MOST_STATES."""
    for k in range(1, process.horizon):
        if len(process.law(k)) > MOST_STATES:
            return replace(process, stepsizes=process.stepsizes[:k])
    return process


def _objective(pl: bool, exact: bool, sharp: bool) -> SearchStrategy[Objective]:
    if sharp:
        return quadratics(max_dim=1, strongly_convex=True)
    kinds: list[SearchStrategy[Objective]] = [quadratics(max_dim=2)]
    kinds += [] if pl else [wells(max_dim=2)]
    kinds += [] if exact else [logistics(max_dim=2, max_samples=2)]
    return st.one_of(kinds)


def _oracle(objective: Objective, sharp: str) -> SearchStrategy[Oracle]:
    if sharp == "sampling":
        return coins().map(lambda coin: AdditiveNoise(objective, coin))
    return st.just(ExactGradient(objective)) if sharp else oracles(objective)


def coins() -> SearchStrategy[Outcomes]:
    """+z or -z, each with probability 1/2, in dimension one."""
    half = fmpq(1, 2)
    return positive_rationals().map(lambda z: ((half, (z,)), (half, (-z,))))


@st.composite
def _start(draw: DrawFn, objective: Objective, sharp: str) -> Vector:
    if sharp in ("sampling", "quantization") and objective.minimiser is not None:
        return objective.minimiser
    return draw(vectors(objective.dimension))


@st.composite
def _shrinkage(
    draw: DrawFn, known: str, oracle: Oracle, sharp: str
) -> tuple[Shrinkage, tuple[fmpq, fmpq]]:
    """A shrinkage factor no better known than the statement allows, and its range."""
    allowed = {"start": (), "past": (2, 3), "sample": (2, 4)}[known]
    steady = (0,) * 4 if sharp in ("sampling", "quantization") else (0,)
    kind = draw(st.sampled_from((*steady, 1, *allowed)))
    first, second = draw(st.tuples(*[st.sampled_from(FACTORS)] * 2))
    ends = min(first, second), max(first, second)
    d = oracle.objective.dimension
    if kind == 0:
        # Where noise alone is to show, the range is as tight as can be; otherwise it may be loose.
        return Scheduled((first,)), (first, first if len(steady) > 1 else ends[1])
    if kind == 2:
        return Predictable(first, second, (fmpq(0),) * d, fmpq(4)), ends
    if kind == 3 and d == 1 and isinstance(oracle, ExactGradient) and oracle.objective.is_exact:
        quantizer = draw(st.sampled_from(TRUNCATIONS))
        return Truncated(oracle.objective, quantizer), (fmpq(0), fmpq(1))
    if kind == 4:
        return OfSample((fmpq(1),) * d, first, second), ends
    return Scheduled((first, second)), ends


@st.composite
def _noise(draw: DrawFn, oracle: Oracle, sharp: str) -> Noise:
    if sharp:
        return Additive(draw(coins())) if sharp == "quantization" else Silent()
    d = oracle.objective.dimension
    kind = draw(st.sampled_from((0, 1, 2)))
    if kind == 1:
        return Additive(draw(noises(d, max_support=2)))
    if kind == 2 and oracle.objective.is_exact:
        return RoundingError(draw(st.sampled_from(STOCHASTIC)))
    return Silent()


def _measured(
    process: Process, q_range: tuple[fmpq, fmpq]
) -> tuple[Process, tuple[fmpq, fmpq], fmpq]:
    """The exact range of q_k and second moment of the noise, over all that can happen.

    Where a real format breaks the model on this run (underflow gives q = 0, saturation a bias), the
    quantizer is left out: its failures are the business of ``models``, not of these theorems.
    """
    if isinstance(process.shrinkage, Truncated):
        # Truncation never increases a factor beyond 1, so the stepsize bound stands.
        states = [s[0] for k in range(process.horizon) for _, s in process.law(k)]
        least = min(process.shrinkage.factor(0, x, None) for x in states)
        if least <= 0:
            process = replace(process, shrinkage=Scheduled((fmpq(1),)))
            return _measured(process, (fmpq(1), fmpq(1)))
        q_range = least, fmpq(1)
    if isinstance(process.noise, Additive):
        return process, q_range, sum((p * norm2(e) for p, e in process.noise.support), fmpq(0))
    if not isinstance(process.noise, RoundingError):
        return process, q_range, fmpq(0)
    worst = fmpq(0)
    for k in range(process.horizon):
        for _, state in process.law(k):
            total = fmpq(0)
            for p, q, gradient in process.samples(k, state[0]):
                law = process.noise.law(gradient, q)
                bias = [sum((x * e[i] for x, e in law), fmpq(0)) for i in range(len(gradient))]
                if any(bias):
                    return replace(process, noise=Silent()), q_range, fmpq(0)
                total += p * sum((x * norm2(e) for x, e in law), fmpq(0))
            worst = max(worst, total)
    return process, q_range, worst
