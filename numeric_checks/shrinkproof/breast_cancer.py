"""Ridge logistic regression on the Wisconsin breast cancer data, with certified constants.

The data ship inside scikit-learn: 569 samples, 30 features, labels 1 (benign) and -1.  They are
standardised in float64, and the float64 matrix that comes out *is* the data from then on: its
entries are dyadic rationals, so constants proved for it are proved for what is trained on.

F(w) = (1/n) sum_i log(1 + exp(-y_i <x_i, w>)) + (ridge/2) norm(w)^2, from w_0 = 0, where
F(w_0) = log 2.  Source of the data: Wolberg, Mangasarian, Street and Street, Breast Cancer
Wisconsin (Diagnostic), UCI Machine Learning Repository, 1995.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import arb, fmpq, fmpq_mat
from sklearn.datasets import load_breast_cancer

from shrinkproof.exact import bounds, floor_log2, from_float, power_of_two
from shrinkproof.objectives import RidgeLogistic
from shrinkproof.oracles import LogisticSum
from shrinkproof.quantizers import FloatArray

SIGNIFICANT_BITS = 12  # short constants keep exact powers such as (1 - c mu q)^2048 small


def round_up(x: fmpq, bits: int = SIGNIFICANT_BITS) -> fmpq:
    """The least number with that many significant bits that is not below x > 0."""
    unit = power_of_two(floor_log2(x) - bits + 1)
    return fmpq((x / unit).ceil()) * unit


def is_positive_definite(matrix: Sequence[Sequence[fmpq]]) -> bool:
    """Whether a symmetric rational matrix is positive definite: all pivots of LDL^T positive."""
    rows = [list(row) for row in matrix]
    for k, pivot_row in enumerate(rows):
        if not pivot_row[k] > 0:
            return False
        for row in rows[k + 1 :]:
            factor = row[k] / pivot_row[k]
            for j in range(k, len(rows)):
                row[j] -= factor * pivot_row[j]
    return True


def largest_eigenvalue_bound(matrix: fmpq_mat) -> fmpq:
    """A proved, short upper bound of the largest eigenvalue of a nonzero Gram matrix.

    A float eigenvalue suggests t; t is returned only after t I - matrix was found positive
    definite in exact arithmetic.  Usually within a relative 2^-11 of the eigenvalue.
    """
    size = matrix.nrows()
    entries = [[matrix[i, j] for j in range(size)] for i in range(size)]
    floats = [[int(x.numerator) / int(x.denominator) for x in row] for row in entries]
    t = round_up(from_float(float(np.linalg.eigvalsh(floats)[-1])))
    while not is_positive_definite(
        [[t * (i == j) - x for j, x in enumerate(row)] for i, row in enumerate(entries)]
    ):
        t = round_up(t * fmpq(2**SIGNIFICANT_BITS + 1, 2**SIGNIFICANT_BITS))
    return t


@dataclass(frozen=True, kw_only=True, eq=False)
class MinibatchLogistic:
    """Ridge logistic regression, its gradient estimated on `batch` samples drawn with replacement.

    features: float64 of shape (n, d), one sample a row, taken exactly.  labels: n entries 1 or
    -1.  ridge > 0.  Constants are exact rationals of 12 significant bits, rounded to the safe
    side.  Raises ValueError for batch < 1, and as `RidgeLogistic` and `from_float` do.
    """

    features: FloatArray
    labels: tuple[int, ...]
    ridge: fmpq
    batch: int

    def __post_init__(self) -> None:
        if self.batch < 1:
            raise ValueError(f"batch = {self.batch}: expected at least one sample")
        _ = self.objective  # validates the rest

    @cached_property
    def objective(self) -> RidgeLogistic:
        rows = tuple(tuple(from_float(x) for x in row) for row in self.features.tolist())
        return RidgeLogistic(features=rows, labels=self.labels, ridge=self.ridge)

    @cached_property
    def signed(self) -> FloatArray:
        """Rows y_i x_i, shape (n, d)."""
        return self.features * np.array(self.labels, dtype=np.float64)[:, None]

    @cached_property
    def spectral_bound(self) -> fmpq:
        """An upper bound of lambda_max(X^T X) / n."""
        x = fmpq_mat([list(row) for row in self.objective.features])
        return largest_eigenvalue_bound(x.transpose() * x * fmpq(1, len(self.labels)))

    @property
    def smoothness(self) -> fmpq:
        """L: the Hessian is at most X^T X / (4n) + ridge I, since log(1 + exp) bends by <= 1/4."""
        return round_up(self.spectral_bound / 4 + self.ridge)

    @property
    def strong_convexity(self) -> fmpq:
        """c = ridge: the loss part is convex."""
        return self.ridge

    @cached_property
    def variance_bound(self) -> fmpq:
        """sigma2 of the minibatch gradient, at every w.

        The gradient of sample i is ridge w - s_i y_i x_i with 0 < s_i < 1.  The ridge part does
        not depend on i, a variance is at most the second moment (1/n) sum norm(x_i)^2, and
        the variance of the mean of `batch` independent draws is a `batch`-th of that of one.
        """
        return round_up(LogisticSum(self.objective.components()).variance_bound / self.batch)

    @cached_property
    def minimum_enclosure(self) -> tuple[fmpq, fmpq]:
        """Rationals (lower, upper) around F_star, see `RidgeLogistic.minimum_enclosure`."""
        return self.objective.minimum_enclosure()

    @cached_property
    def gap(self) -> fmpq:
        """An upper bound of F(0) - F_star."""
        lower, _ = self.minimum_enclosure
        _, start = bounds(self.objective.value((fmpq(0),) * self.objective.dimension))
        return round_up(start - lower)

    @cached_property
    def entry_bound(self) -> fmpq:
        """max abs(x_ij), exactly."""
        return from_float(float(np.abs(self.features).max()))


def square_root_up(x: fmpq) -> fmpq:
    """A short rational that is not below the square root of x > 0."""
    return round_up(bounds(arb(x).sqrt())[1])


def breast_cancer(*, ridge: fmpq, batch: int) -> MinibatchLogistic:
    """The regression on the standardised data (mean 0 and variance 1 up to float64 rounding)."""
    data = load_breast_cancer()
    features = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    labels = tuple(1 if target else -1 for target in data.target.tolist())
    return MinibatchLogistic(features=features, labels=labels, ridge=ridge, batch=batch)
