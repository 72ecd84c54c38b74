"""Rounding: every number of a format obeys the statements, which no smaller constant could say."""

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import fmpq

from shrinkproof.exact import floor_log2, power_of_two
from shrinkproof.formats import FORMATS
from shrinkproof.kernel import ProofError
from shrinkproof.kernel.term import lift
from shrinkproof.language.evaluate import Evaluator
from shrinkproof.language.rewriting import put
from shrinkproof.language.symbols import number, parameter
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.theorems import (
    bernoulli,
    nearest_nonconvex,
    nearest_pl,
    nonconvex_best_stepsize,
    nonconvex_complexity,
    nonconvex_convergence,
    nonconvex_diminishing,
    nonconvex_scheduled,
    nonconvex_square_root_stepsizes,
    pl_complexity,
    round_to_nearest,
    round_toward_zero,
    rounding,
    stochastic_nonconvex,
    stochastic_pl,
    stochastic_rounding,
    subnormal_rounding,
    toward_zero_nonconvex,
    toward_zero_pl,
)
from shrinkproof.theorems.coordinates import d
from shrinkproof.theorems.nonconvex_complexity import epsilon
from shrinkproof.theorems.nonconvex_square_root_stepsizes import mu0
from shrinkproof.theorems.setting import Delta, K, L, gap, q_max, q_min, sigma2, tau2, u

EIGHT_BITS = ["e2m1", "e4m3fn", "e5m2"]
WITHIN = [fmpq(n, 1000) for n in (0, 1, 333, 499, 500, 501, 999)]


class Rounded(Evaluator):
    """A number, what it is rounded to, and for stochastic rounding the law of that."""

    def __init__(self, values, law=()):
        super().__init__(values, fmpq)
        self.law = law

    def _mean(self, t):
        kept, total = dict(self.values), fmpq(0)
        for p, drawn in self.law:
            self.values.update(drawn)
            total += p * self.scalar(t[2])
        self.values = kept
        return total

    def slack(self, prop):
        """Right side minus left side; for equations minus the distance."""
        while prop.op == "forall":
            self.values[prop[1][1]] = 0
            prop = prop[2]
        difference = self.scalar(prop[2]) - self.scalar(prop[1])
        return -abs(difference) if prop.op == "eq" else difference


def always(value):
    return lambda _: value


def cells(fmt):
    """Numbers of the format, the spacing above each, and points of the cells between them."""
    for low, high in pairwise(fmt.values()):
        for share in WITHIN:
            yield low, high - low, low + share * (high - low)


def instances(name):
    """(module, evaluator) for every point, in the statement that its size calls for."""
    fmt = FORMATS[name]
    u = fmt.unit_roundoff
    nearest, zero, stochastic = (Quantizer(fmt, mode) for mode in Rounding)
    for low, spacing, x in cells(fmt):
        near, down = nearest.round(x), zero.round(x)
        law = [
            (p, {"B": always((v - low) / spacing), "Q": always(v)}) for p, v in stochastic.law(x)
        ]
        cell = {"x": always(x), "a": always(low), **law[0][1]}
        if x >= fmt.smallest_normal:
            plain = {"u": u, "x": x, "b": power_of_two(floor_log2(x))}
            yield round_to_nearest, Rounded({**plain, "Q": near})
            yield round_toward_zero, Rounded({**plain, "Q": down})
            yield stochastic_rounding, Rounded({**cell, "u": u, "h": always(spacing)}, law)
        else:
            rounded = {"N": always(near), "Z": always(down), "h": spacing}
            for least in (fmpq(0), 1 / (1 + 2 * u), fmpq(1)):
                yield subnormal_rounding, Rounded({**cell, **rounded, "q_min": least}, law)


@pytest.mark.parametrize("name", EIGHT_BITS)
def test_every_point_of_an_eight_bit_format_obeys_r1_to_r4(name):
    attained = set()
    for module, at in instances(name):
        statement = module.STATEMENT
        for h in statement.hypotheses:
            assert at.slack(h.prop) >= 0, (statement.label, h.name, at.values)
        for i, conclusion in enumerate(statement.conclusions):
            slack = at.slack(conclusion)
            assert slack > 0 if conclusion.op == "lt" else slack >= 0, (statement.label, i)
            attained |= {(statement.label, i)} if slack == 0 else set()
    exact = {("R1", 0), ("R2", 0), ("R2", 1), ("R3", 2), ("R4", 0), ("R4", 2), ("R4", 3)}
    assert exact <= attained


def test_the_variance_of_r3_is_attained():
    u = FORMATS["e4m3fn"].unit_roundoff
    x, spacing = (1 + 2 * u) / (1 + u), 2 * u
    up = (x - 1) / spacing
    law = [(1 - up, {"Q": always(fmpq(1))}), (up, {"Q": always(1 + spacing)})]
    at = Rounded({"u": u, "x": always(x), "a": always(fmpq(1)), "h": always(spacing)}, law)
    assert at.slack(stochastic_rounding.STATEMENT.conclusion) == 0


@pytest.mark.parametrize("module", [round_to_nearest, round_toward_zero, stochastic_rounding])
def test_a_smaller_u_in_a_conclusion_is_refuted_by_a_number(module):
    wrong = put(module.STATEMENT.conclusion, u, u * Fraction(9, 10))
    assert any(at.slack(wrong) < 0 for m, at in instances("e4m3fn") if m is module)


before, after = parameter("before"), parameter("after")
COORDINATE = {
    mode: put(put(h.prop[2][2], rounding.before, before), rounding.after, after)
    for mode, h in {
        Rounding.NEAREST: rounding.NEAREST,
        Rounding.TOWARD_ZERO: rounding.TOWARD_ZERO,
        Rounding.STOCHASTIC: rounding.STOCHASTIC[0],
    }.items()
}


def coordinate_slack(fmt, mode, scale, x):
    """Of the end-to-end theorems' hypothesis, for one coordinate x of a gradient."""
    law = [(p, {"after": v}) for p, v in Quantizer(fmt, mode, scale=scale).law(x)]
    format_of = {"p": fmt.precision, "h": fmt.subnormal_spacing, "S": scale}
    return Rounded({**format_of, "before": x, **law[0][1]}, law).slack(COORDINATE[mode])


@pytest.mark.parametrize("mode", list(Rounding))
@pytest.mark.parametrize("name", EIGHT_BITS)
def test_coordinates_obey_the_end_to_end_hypotheses_until_they_overflow(name, mode):
    fmt = FORMATS[name]
    for i, (_, _, x) in enumerate(cells(fmt)):
        scale, sign = (fmpq(1, 8), fmpq(1), fmpq(3))[i % 3], (-1) ** i
        assert coordinate_slack(fmt, mode, scale, sign * x / scale) >= 0
    for scale in (fmpq(1, 8), fmpq(3)):
        assert coordinate_slack(fmt, mode, scale, 2 * fmt.largest / scale) < 0


# Changed constants are refused

CHANGES = [
    (sigma2, sigma2 / 2),
    (tau2, lift(0)),
    (L, L / 2),
    (q_max, q_min),
    (Delta, Delta / 2),
    (gap, gap / 2),
    (epsilon, epsilon / 2),
    (mu0, 2 * mu0),
    (u, u * Fraction(1, 2)),
    (rounding.u, rounding.u / 2),
    (rounding.S, 2 * rounding.S),
    (number(d), lift(1)),
    (number(K), number(K + 1)),
]
MODULES = [
    round_to_nearest,
    round_toward_zero,
    stochastic_rounding,
    nonconvex_diminishing,
    nonconvex_scheduled,
    nonconvex_convergence,
    nonconvex_square_root_stepsizes,
    nonconvex_best_stepsize,
    nonconvex_complexity,
    pl_complexity,
    nearest_nonconvex,
    nearest_pl,
    toward_zero_nonconvex,
    toward_zero_pl,
    stochastic_nonconvex,
    stochastic_pl,
]


@pytest.mark.parametrize("module", MODULES)
def test_a_changed_constant_in_a_conclusion_is_refused(module, monkeypatch):
    statement = module.STATEMENT
    tried = 0
    for i, conclusion in enumerate(statement.conclusions):
        for change in CHANGES:
            wrong = list(statement.conclusions)
            wrong[i] = put(conclusion, *change)
            if wrong[i] == conclusion:
                continue
            tried += 1
            monkeypatch.setattr(module, "STATEMENT", statement.concluding(*wrong))
            with pytest.raises(ProofError, match=r"^(combine|positivity): "):
                module.prove.__wrapped__()
    assert tried


def test_a_faster_decay_than_bernoullis_is_refused(monkeypatch):
    claim, r = bernoulli.claim, bernoulli.r
    for wrong in (
        lambda n: put(claim(n), 1 - r, 1 - r / 2),
        lambda n: put(claim(n), number(n), number(n + 1)),
    ):
        monkeypatch.setattr(bernoulli, "claim", wrong)
        with pytest.raises(ProofError, match=r"^(combine|positivity|induct): "):
            bernoulli.prove.__wrapped__()


def test_what_the_subnormal_lemma_says_is_refused_with_half_the_spacing(monkeypatch):
    statement, h = subnormal_rounding.STATEMENT, subnormal_rounding.h
    for i, conclusion in enumerate(statement.conclusions[:-1]):  # the last is R3's
        wrong = list(statement.conclusions)
        wrong[i] = put(conclusion, h, h / 2)
        monkeypatch.setattr(subnormal_rounding, "STATEMENT", statement.concluding(*wrong))
        with pytest.raises(ProofError, match="combine: the identity does not hold"):
            subnormal_rounding.prove.__wrapped__()
