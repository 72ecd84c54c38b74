"""The certified constants are attacked: each must hold, and a slightly better one must not."""

import numpy as np
import pytest
from flint import arb, ctx, fmpq, fmpq_mat

from shrinkproof import breast_cancer as module
from shrinkproof.breast_cancer import (
    MinibatchLogistic,
    breast_cancer,
    is_positive_definite,
    largest_eigenvalue_bound,
    round_up,
    square_root_up,
)
from shrinkproof.exact import bounds, dot, from_float, matvec, norm2, transpose, vector


@pytest.fixture(scope="module")
def problem():
    return breast_cancer(ridge=fmpq(1, 4), batch=64)


def small(features, labels, **changes):
    fields = {"ridge": fmpq(1, 2), "batch": 1} | changes
    return MinibatchLogistic(features=np.array(features), labels=labels, **fields)


def test_the_data_are_the_standardised_569_by_30(problem):
    assert problem.features.shape == (569, 30)
    assert (problem.labels.count(1), problem.labels.count(-1)) == (357, 212)
    assert np.abs(problem.features.mean(axis=0)).max() < 1e-13
    assert np.abs(problem.features.std(axis=0) - 1).max() < 1e-13
    assert problem.objective.features[5][7] == from_float(float(problem.features[5, 7]))


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([[2, 1], [1, 1]], True),
        ([[1, 1], [1, 1]], False),  # only semidefinite
        ([[1, 2], [2, 1]], False),
        ([[0]], False),
        ([[fmpq(1, 10**30)]], True),
    ],
)
def test_definiteness_is_decided_exactly(rows, verdict):
    assert is_positive_definite([[fmpq(x) for x in row] for row in rows]) is verdict


def test_an_eigenvector_refutes_a_slightly_smaller_smoothness(problem):
    columns = transpose(problem.objective.features)
    gram = problem.features.T @ problem.features
    direction = vector(from_float(x) for x in np.linalg.eigh(gram)[1][:, -1].tolist())
    image = matvec(problem.objective.features, direction)
    rayleigh = norm2(image) / (norm2(direction) * len(problem.labels))
    assert dot(direction, matvec(columns, image)) == norm2(image)
    assert rayleigh < problem.spectral_bound < rayleigh * fmpq(1001, 1000)
    # The Hessian at 0 is X^T X / (4n) + ridge I, so L itself is nearly attained there.
    curvature = rayleigh / 4 + problem.ridge
    assert curvature < problem.smoothness < curvature * fmpq(101, 100)


def test_a_misleading_float_eigenvalue_is_not_believed(monkeypatch):
    matrix = fmpq_mat([[2, 1], [1, 2]])  # eigenvalues 1 and 3
    monkeypatch.setattr(module.np.linalg, "eigvalsh", lambda _: np.array([0.5, 2.9]))
    assert 3 < largest_eigenvalue_bound(matrix) < fmpq(301, 100)


def test_strong_convexity_is_the_ridge(problem):
    assert problem.strong_convexity == fmpq(1, 4)
    assert problem.strong_convexity <= problem.smoothness


def test_the_minimum_is_enclosed_tightly_around_a_float_optimum(problem):
    x, ridge = problem.signed, 0.25
    w = np.zeros(30)
    for _ in range(30):
        missed = 1 / (1 + np.exp(x @ w))
        hessian = ridge * np.eye(30) + (x.T * (missed * (1 - missed))) @ x / len(x)
        w -= np.linalg.solve(hessian, ridge * w - x.T @ missed / len(x))
    optimum = np.logaddexp(0, -x @ w).mean() + ridge / 2 * w @ w
    lower, upper = problem.minimum_enclosure
    assert 0 <= upper - lower < fmpq(1, 10**10)
    assert float(lower.numerator) / float(lower.denominator) == pytest.approx(optimum, rel=1e-13)
    with ctx.workprec(128):
        value = problem.objective.value(tuple(from_float(entry) for entry in w.tolist()))
    assert bounds(value)[1] >= lower


def test_the_gap_starts_at_log_2(problem):
    lower, upper = problem.minimum_enclosure
    log2 = arb(2).log()
    assert log2 - arb(lower) <= arb(problem.gap)
    assert arb(problem.gap) <= (log2 - arb(upper)) * fmpq(1001, 1000)


def test_no_iterate_found_exceeds_the_variance_bound(problem):
    rng = np.random.default_rng(0)
    bound = float(problem.variance_bound.numerator) / float(problem.variance_bound.denominator)
    mean = problem.signed.mean(axis=0)
    candidates = [scale * rng.standard_normal(30) for scale in (0, 0.1, 1, 10) for _ in range(10)]
    candidates += [-t * mean for t in (0.1, 1, 10, 30)]  # where most samples are misclassified
    worst = 0.0
    for w in candidates:
        losses = problem.signed / (1 + np.exp(problem.signed @ w))[:, None]
        variance = (losses**2).sum(axis=1).mean() - (losses.mean(axis=0) ** 2).sum()
        worst = max(worst, variance / problem.batch)
    assert bound / 2 < worst <= bound  # at most a factor of 2 is given away


def test_variance_of_one_draw_enumerated_exactly():
    problem = small([[1.0], [1.0]], (1, -1))
    assert problem.variance_bound == 1
    assert small([[1.0], [1.0]], (1, -1), batch=8).variance_bound == fmpq(1, 8)


def test_the_greatest_entry_of_the_data(problem):
    assert problem.entry_bound == from_float(float(np.abs(problem.features).max()))


@pytest.mark.parametrize("x", [fmpq(1), fmpq(1, 3), fmpq(10**20, 7), fmpq(1, 10**20), fmpq(4095)])
def test_rounding_up_is_short_and_safe(x):
    rounded = round_up(x)
    assert x <= rounded <= x * fmpq(2049, 2048)
    assert (rounded.numerator // (rounded.numerator & -rounded.numerator)).bit_length() <= 12
    assert x <= square_root_up(x) ** 2 <= x * fmpq(1002, 1000)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="batch = 0"):
        small([[1.0]], (1,), batch=0)
    with pytest.raises(ValueError, match="ridge = 0"):
        small([[1.0]], (1,), ridge=fmpq(0))
    with pytest.raises(ValueError, match="nan"):
        small([[float("nan")]], (1,))
