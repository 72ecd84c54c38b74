"""The experiments of the report: which rules are trained, and how each run is judged.

Minibatch SGD on one problem, its gradients shrunken as in the paper (arXiv:2508.07142) or rounded
to a real format.  All runs see the same minibatches, so they differ by the rule alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq

from shrinkproof.bounds import decimal_up
from shrinkproof.breast_cancer import MinibatchLogistic
from shrinkproof.exact import fraction
from shrinkproof.formats import FORMATS
from shrinkproof.models import ModelReport
from shrinkproof.quantizers import FloatArray, Quantizer, Rounding
from shrinkproof.training import (
    REFUTED_AT,
    Claim,
    DelayedClipping,
    Outside,
    Rounded,
    Rule,
    Run,
    Scheduled,
    e_value,
    train,
    unwatched,
)
from shrinkproof.whole_run import whole_run

# A ridge this strong costs some accuracy, but the proved floor is proportional to L/c (4.3 here,
# 34 at ridge 1/10) and to mu: with these the floor of plain SGD lies a hundred times below the
# start, and 4096 steps are c mu K = 8 time constants, enough to reach it.
RIDGE, BATCH, STEPSIZE = fmpq(1), 64, fmpq(1, 512)
RECORDED = tuple(2**i for i in range(13))
TRAJECTORIES = 32

# The greatest powers of two at which rounding provably never saturates (bfloat16, which has
# float32's range, needs none; float16 could take one more).  For e2m1 that would be 1/16, where
# everything rounds to zero; 16 puts typical gradients inside its range, and saturation with them.
LOSS_SCALES = {"e4m3fn": 16, "e5m2": 1024, "bfloat16": 1, "float16": 1024, "e2m1": 16}

PLAIN = "q = 1 (float64)"
SYNTHETIC: dict[str, Rule] = {
    PLAIN: Scheduled(factors=(fmpq(1),)),
    "q = 1/2": Scheduled(factors=(fmpq(1, 2),)),
    "q = 1/4, 1, 1/4, ..": Scheduled(factors=(fmpq(1, 4), fmpq(1))),
    "q = 1/2, noise 1/8": Scheduled(factors=(fmpq(1, 2),), noise=fmpq(1, 8)),
    "delayed clipping": DelayedClipping(threshold=fmpq(1, 8), q_min=fmpq(1, 4)),
}


def rounded_rules() -> dict[str, Rounded]:
    """One rule per format and rounding, formats first."""
    return {
        f"{name}, {rounding.value}": Rounded(Quantizer(fmt, rounding, scale=LOSS_SCALES[name]))
        for name, fmt in FORMATS.items()
        for rounding in Rounding
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """One rule: what was measured, what is proved, and whether the two agree.

    bounds, e_values: one per recorded step; empty where nothing is proved.  models: the exact
    verdicts on all gradients of the run, for rounded gradients only.
    """

    name: str
    rule: Rule
    run: Run
    claim: Claim | Outside
    bounds: tuple[Fraction, ...]
    e_values: tuple[Fraction, ...]
    models: ModelReport | None

    @property
    def refuted(self) -> bool:
        return any(e >= REFUTED_AT for e in self.e_values)

    @property
    def means(self) -> tuple[float, ...]:
        return tuple(self.run.suboptimality.mean(axis=1).tolist())

    @property
    def in_the_papers_model(self) -> bool:
        """Whether rounding was q g with a predictable q in (0, 1], plus noise of mean zero."""
        return self.models is not None and self.models["Q2"].holds

    @property
    def constants(self) -> dict[str, fmpq]:
        """Of the models that speak of every outcome: q_min and q_max of Q5, u2 and eta2 of Q4."""
        if self.models is None:
            return {}
        return {**self.models["Q4"].constants, **self.models["Q5"].constants}

    def refuted_divisor(self) -> int:
        """The least power of two by which the last bound must be divided to be refuted.

        It shows that the test would notice: a divisor of 1 refutes the bound itself.  2^30 stands
        for everything beyond, where no measured value is large enough.
        """
        last = self.run.suboptimality[-1].tolist()
        divisor = 1
        while divisor < 2**30 and e_value(last, self.bounds[-1] / divisor) < REFUTED_AT:
            divisor *= 2
        return divisor

    def curve(self) -> Iterator[dict[str, object]]:
        """One row per recorded step; suboptimality in nats, the bound rounded up."""
        for i, step in enumerate(self.run.recorded):
            low, high = np.quantile(self.run.suboptimality[i], [0.1, 0.9]).tolist()
            yield {
                "run": self.name,
                "step": step,
                "mean": self.means[i],
                "quantile_10": low,
                "quantile_90": high,
                "bound": decimal_up(self.bounds[i]) if self.bounds else "",
                "e_value": float(self.e_values[i]) if self.bounds else "",
            }

    def factors(self) -> dict[str, object]:
        """One row: the measured factors of the whole run, and what is proved of them."""
        run, claim, constants = self.run, self.claim, self.constants
        least, median, greatest = np.quantile(run.shrinkage, [0, 0.5, 1]).tolist()
        return {
            "run": self.name,
            "q_least": least,
            "q_median": median,
            "q_greatest": greatest,
            "share_above_1": float((run.shrinkage > 1).mean()),
            "share_zero": float((run.shrinkage == 0).mean()),
            "relative_error_greatest": float(run.relative_error.max()),
            "factor_least": _float(constants.get("q_min")),
            "factor_greatest": _float(constants.get("q_max")),
            "underflow": run.zeros,
            "models": " ".join(self.models.holding) if self.models else "",
            "theorem": claim.theorem if isinstance(claim, Claim) else "",
            "no_bound": "" if isinstance(claim, Claim) else claim.reason,
        }


def _float(x: fmpq | None) -> float | str:
    return "" if x is None else float(fraction(x))


def judged_models(rule: Rule, seen: Sequence[FloatArray]) -> ModelReport | None:
    """The verdicts on a run's gradients, a (T, d) array for each step; none without rounding."""
    return whole_run(rule.quantizer, np.array(seen)) if isinstance(rule, Rounded) else None


def silent(_: str) -> None:
    """Reports no progress."""


def measure(
    problem: MinibatchLogistic,
    rules: Mapping[str, Rule],
    *,
    mu: fmpq = STEPSIZE,
    recorded: Sequence[int] = RECORDED,
    trajectories: int = TRAJECTORIES,
    seed: int = 0,
    progress: Callable[[str], None] = silent,
) -> tuple[Outcome, ...]:
    """Trains once per rule and judges the run; errors as in `train`."""
    outcomes = []
    for stream, (name, rule) in enumerate(rules.items()):
        progress(f"training: {name}")
        seen: list[FloatArray] = []
        run = train(
            problem,
            rule,
            mu=mu,
            recorded=recorded,
            trajectories=trajectories,
            seed=seed,
            stream=stream,
            watch=seen.append if isinstance(rule, Rounded) else unwatched,
        )
        claim = rule.claim(problem, mu)
        bounds = tuple(claim.bound(k) for k in recorded) if isinstance(claim, Claim) else ()
        judged = zip(run.suboptimality.tolist(), bounds, strict=True) if bounds else ()
        outcomes.append(
            Outcome(
                name=name,
                rule=rule,
                run=run,
                claim=claim,
                bounds=bounds,
                e_values=tuple(e_value(values, bound) for values, bound in judged),
                models=whole_run(rule.quantizer, np.array(seen))
                if isinstance(rule, Rounded)
                else None,
            )
        )
    return tuple(outcomes)
