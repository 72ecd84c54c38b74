"""Sections of the report: low-precision training on real data, and how it compares with theory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
from flint import fmpq

from shrinkproof.bounds import decimal_up
from shrinkproof.breast_cancer import MinibatchLogistic, square_root_up
from shrinkproof.document import Block, Heading, Paragraph, Picture, Table
from shrinkproof.exact import fraction
from shrinkproof.experiments import PLAIN, STEPSIZE, SYNTHETIC, Outcome
from shrinkproof.figures import (
    BLUE,
    GREEN,
    ORANGE,
    Panel,
    Ridge,
    convergence_figure,
    shrinkage_figure,
)
from shrinkproof.models import ModelReport
from shrinkproof.quantizers import Rounding
from shrinkproof.training import REFUTED_AT, Claim, Rounded, Run, sampling_variance

COLOURS = {Rounding.NEAREST: BLUE, Rounding.TOWARD_ZERO: ORANGE, Rounding.STOCHASTIC: GREEN}


def setting(problem: MinibatchLogistic, run: Run) -> list[Block]:
    lower, upper = (fraction(x) for x in problem.minimum_enclosure)
    constants = {
        "L (smoothness)": fraction(problem.smoothness),
        "c (strong convexity, the ridge)": fraction(problem.strong_convexity),
        f"sigma2 (minibatch of {problem.batch}, all w)": fraction(problem.variance_bound),
        "gap (F(0) - F*)": fraction(problem.gap),
        "mu (stepsize)": fraction(STEPSIZE),
    }
    rows = [(name, str(x), decimal_up(x, 6)) for name, x in constants.items()]
    rows.append(("F*", f"enclosed within {float(upper - lower):.0e}", decimal_up(upper, 12)))
    n, d = problem.features.shape
    return [
        Heading("Training on real data: the setting"),
        Paragraph(
            f"Ridge logistic regression on the Wisconsin breast cancer data ({n} samples, {d} "
            "standardised features, taken as exact dyadic rationals). The update is "
            "w - mu (q_k g_k + eps_k) or w - mu Q(g_k), from w = 0, with minibatches of "
            f"{problem.batch} drawn with replacement: {run.suboptimality.shape[1]} independent "
            f"trajectories of {run.recorded[-1]} steps for each rule, the same minibatches for all "
            "rules. The constants are proved, not estimated: exact rational arithmetic for L and "
            "sigma2, rigorous ball arithmetic for F*. They are rounded to the safe side."
        ),
        Table(header=("constant", "exact value", "decimal, rounded up"), rows=tuple(rows)),
    ]


def _panel(outcome: Outcome) -> Panel:
    return Panel(
        title=outcome.name,
        steps=outcome.run.recorded,
        suboptimality=outcome.run.suboptimality,
        bound=tuple(float(bound) for bound in outcome.bounds),
    )


def _results(outcomes: Iterable[Outcome], plain: Outcome) -> Table:
    return Table(
        header=(
            "run",
            "q: least, median, greatest",
            "measured mean",
            f"relative to {PLAIN}",
            "proved bound",
            "theorem",
        ),
        rows=tuple(
            (
                outcome.name,
                ", ".join(f"{q:.5g}" for q in np.quantile(outcome.run.shrinkage, [0, 0.5, 1])),
                f"{outcome.means[-1]:.2e}",
                f"{outcome.means[-1] / plain.means[-1]:.2f}",
                short_up(outcome.bounds[-1]) if outcome.bounds else "none",
                outcome.claim.theorem if isinstance(outcome.claim, Claim) else "none",
            )
            for outcome in outcomes
        ),
    )


def short_up(x: Fraction) -> str:
    """Three significant digits that are not below x > 0."""
    return f"{Decimal(decimal_up(x, 3)):{'.2e' if x < Fraction(1, 100) else 'f'}}"


def shrunken(outcomes: Sequence[Outcome]) -> list[Block]:
    chosen = [outcome for outcome in outcomes if outcome.name in SYNTHETIC]
    plain = next(outcome for outcome in outcomes if outcome.name == PLAIN)
    figure = convergence_figure(
        [_panel(outcome) for outcome in chosen],
        columns=len(chosen),
        reference=_panel(plain),
        title="Gradient shrinkage",
    )
    return [
        Heading("The paper's gradient shrinkage"),
        Paragraph(
            "Scheduled factors use T3; delayed clipping, whose factor is a function of the "
            "previous gradient, is predictable and uses T3p. A smaller q shifts the curve to "
            "the right and, without additive noise, lowers its floor; additive noise raises it."
        ),
        Picture(
            file="shrinkage-convergence.png",
            png=figure,
            caption="Mean suboptimality with its 10 to 90 % band over the trajectories, and the "
            "proved bound of the mean, under synthetic shrinkage. Both axes are logarithmic.",
        ),
        _results(chosen, plain),
    ]


def formats(problem: MinibatchLogistic, outcomes: Sequence[Outcome]) -> list[Block]:
    plain = next(outcome for outcome in outcomes if outcome.name == PLAIN)
    chosen = [outcome for outcome in outcomes if isinstance(outcome.rule, Rounded)]
    curves = convergence_figure(
        [_panel(outcome) for outcome in chosen],
        columns=len(Rounding),
        reference=_panel(plain),
        title="Rounded gradients",
    )
    factors = shrinkage_figure(
        [_ridge(outcome, outcome.rule) for outcome in chosen if isinstance(outcome.rule, Rounded)],
        title="How much real formats shrink a gradient",
    )
    inside = [outcome for outcome in chosen if outcome.in_the_papers_model]
    unbounded = [outcome for outcome in chosen if not outcome.bounds]
    expanding = [outcome for outcome in chosen if outcome.run.shrinkage.max() > 1]
    vanishing = [outcome for outcome in chosen if outcome.run.shrinkage.min() <= 0]
    certified = float(fraction(problem.variance_bound))
    measured = float(sampling_variance(problem, plain.run.final).mean())
    return [
        Heading("Real formats"),
        Paragraph(
            f"Inside the paper's model, with its first version's additive noise: {len(inside)} of "
            f"{len(chosen)} ({_names(inside)}). Stochastic rounding does not shrink, it adds noise "
            "of mean zero. Round to nearest and toward zero are outside: their factor depends on "
            "the sample and differs between coordinates, so q_k is no function of the "
            "past. The bounds are those of the end-to-end theorems instead: E1p for round to "
            "nearest, E2p toward zero, E3p for stochastic rounding, underflow included. They need "
            "that nothing saturates, which is proved for every reachable iterate; it cannot be "
            f"excluded, and nothing is claimed, for: {_names(unbounded)}."
        ),
        Picture(
            file="format-convergence.png",
            png=curves,
            caption="Mean suboptimality with its 10 to 90 % band, per format and rounding, and the "
            "proved bound where there is one. Both axes are logarithmic.",
        ),
        _results(chosen, plain),
        Paragraph(
            f"Why the bounds are far above the measurement: sigma2 = {certified:.3g} has to hold "
            f"at every w, while the variance at the last iterates of plain SGD is {measured:.2g}; "
            "and a rounding error is charged at its largest and in the worst direction. The bounds "
            "are the theorems' worst case, not a prediction."
        ),
        Heading("What q_k really is"),
        Paragraph(
            "The paper asks for q in (0, 1]. Measured on every gradient of the runs, q > 1 occurs "
            f"in: {_names(expanding)}. For stochastic rounding that is scatter around the mean 1; "
            "for round to nearest it breaks the hypothesis. Whole gradients vanish (q = 0) in: "
            f"{_names(vanishing)}."
        ),
        Picture(
            file="shrinkage-factors.png",
            png=factors,
            caption="The distribution of q over all steps and trajectories, each scaled to its "
            "peak; the line marks q = 1. Each format has its own range.",
        ),
        Paragraph(
            "Models, judged exactly on every gradient of every run: Q1 q g with predictable q in "
            "(0, 1]; Q2 the same plus unbiased noise; Q3 unbiased; Q4 relative error u < 1, in the "
            "root mean square; Q5 a positive factor for every coordinate. The factors are those of "
            "every outcome that the rounding of these gradients can have, drawn or not. Where "
            "coordinates underflow, the factor is 0 and Q5 fails; where u >= 1, Q4 is of no use to "
            "a theorem and does not count."
        ),
        Table(
            header=(
                "format, rounding",
                "loss scale",
                "in the paper's model",
                "models that hold",
                "coordinate factors",
                "u of Q4",
                "q > 1",
                "underflow",
            ),
            rows=tuple(
                (
                    outcome.name,
                    str(outcome.rule.quantizer.scale),
                    _verdict(outcome),
                    ", ".join(outcome.models.holding) or "none",
                    " to ".join(_significant(outcome.constants[q]) for q in ("q_min", "q_max")),
                    _relative_error(outcome.models),
                    f"{(outcome.run.shrinkage > 1).mean():.0%}",
                    _share(outcome.run.zeros),
                )
                for outcome in chosen
                if isinstance(outcome.rule, Rounded) and outcome.models
            ),
        ),
    ]


def _share(x: float) -> str:
    return "< 0.01%" if 0 < x < 5e-5 else f"{x:.2%}"


def _relative_error(models: ModelReport) -> str:
    found = models["Q4"]
    u = _significant(square_root_up(found.constants["u2"]))
    return u if found.holds else f"{u}, but theorems need u < 1"


def _significant(x: fmpq) -> str:
    """Four significant digits, for reading."""
    return f"{float(fraction(x)):.4g}"


def _ridge(outcome: Outcome, rule: Rounded) -> Ridge:
    rounding = rule.quantizer.rounding
    return Ridge(
        group=rule.quantizer.format.name,
        label=rounding.value,
        values=outcome.run.shrinkage,
        colour=COLOURS[rounding],
    )


def _names(outcomes: Iterable[Outcome]) -> str:
    return "; ".join(outcome.name for outcome in outcomes) or "none"


def _verdict(outcome: Outcome) -> str:
    found = outcome.models and outcome.models["Q2"]
    if not found or not found.holds:
        return f"no: {found.reason if found else 'not rounded'}"
    ends = dict.fromkeys(str(found.constants[q]) for q in ("q_min", "q_max"))
    return f"yes, q = {' to '.join(ends)}"


def evidence(outcomes: Sequence[Outcome]) -> list[Block]:
    judged = [outcome for outcome in outcomes if outcome.bounds]
    refuted = [outcome for outcome in judged if outcome.refuted]
    tests = sum(len(outcome.e_values) for outcome in judged)
    return [
        Heading("Do the measured means contradict the bounds?"),
        Paragraph(
            f"Refuted: {len(refuted)} of {len(judged)} ({_names(refuted)}). For each recorded step "
            "an e-value tests the claim that the mean is at most the bound; under the claim it "
            f"reaches {REFUTED_AT:,} with probability at most {1 / REFUTED_AT:g}, so a false alarm "
            f"in any of the {tests} tests has probability at most {tests / REFUTED_AT:.1g}. "
            "The last column shows that the test is awake: the last bound divided by that number "
            "is refuted by the same data."
        ),
        Table(
            header=("run", "greatest e-value", "verdict", "refuted when divided by"),
            rows=tuple(
                (
                    outcome.name,
                    f"{float(max(outcome.e_values)):.2g}",
                    "REFUTED" if outcome.refuted else "not contradicted",
                    str(outcome.refuted_divisor()),
                )
                for outcome in judged
            ),
        ),
    ]
