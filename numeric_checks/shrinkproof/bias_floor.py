"""Deterministic rounding has a bias floor at every stepsize; stochastic rounding has none.

Two instances on F(w) = w^2/2 in dimension one, so that norm(grad F(w))^2 = w^2.

`Trap`, a real format: the stochastic gradient is w + a with probability p and w - b otherwise,
where p a = (1 - p) b.  Both samples cross from one rounded value to the next at the same iterate
w = s, which is not the minimiser: the mean step changes its sign there, which holds the iterates
near s.  For *every* stepsize 0 < mu <= 1 and every k, E norm(grad F(w_k))^2 stays above a fixed
fraction of u^2 sigma2; as mu tends to 0 that tends to s^2.  Nothing is simulated and no limit is
taken: on abs(w) <= R, which no run from s leaves, the two rounded values are constant on finitely
many cells, and quadratic inequalities on these give the floor f.  Write h and V for the mean of
Q(g) and of its square, given w.

(a) Small mu.  If (w - s) h >= kappa (w - s)^2 and V <= V_0 + V_1 (w - s)^2 then
    E(w_{k+1} - s)^2 <= (1 - 2 mu kappa + mu^2 V_1) E(w_k - s)^2 + mu^2 V_0, which keeps it below
    r^2 for ever, as long as mu (V_1 r^2 + V_0) <= 2 kappa r^2; then E w_k^2 >= (s - r)^2.
(b) Larger mu.  If w h <= alpha w^2 + delta and V >= V_min then
    E w_{k+1}^2 >= (1 - 2 mu alpha) E w_k^2 + mu^2 V_min - 2 mu delta, which keeps it above f
    for ever, as long as 2 mu alpha <= 1 and mu V_min >= 2 delta + 2 alpha f.
(c) Still larger mu.  E w_{k+1}^2 is at least the mean variance, mu^2 E Var(Q(g) given w_k).

`Attained`, any relative error u: the limit of the floor of T7c as mu tends to 0 is not only an
upper bound; here it is a lower one, at every stepsize.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import ClassVar, NamedTuple

from flint import fmpq

from shrinkproof.evaluation import Instance
from shrinkproof.exact import fraction
from shrinkproof.formats import FORMATS
from shrinkproof.guarantees import rounded_constants
from shrinkproof.objectives import Quadratic
from shrinkproof.oracles import AdditiveNoise
from shrinkproof.planning import Plan, plan
from shrinkproof.process import OfSample, Process, RoundingError, Scheduled, Shrinkage
from shrinkproof.quantizers import Quantizer, Rounding

ZERO, ONE = fmpq(0), fmpq(1)
BOWL = Quadratic(eigenvalues=(1,), minimiser=(0,))


class Cell(NamedTuple):
    """low <= w <= high, inside which Q(w + a) and Q(w - b) are constant: their mean and square."""

    low: fmpq
    high: fmpq
    mean: fmpq
    square: fmpq

    @property
    def variance(self) -> fmpq:
        return self.square - self.mean**2

    def greatest(self, c0: fmpq, c1: fmpq, c2: fmpq) -> fmpq:
        """The maximum of c0 + c1 w + c2 w^2 on the cell."""
        at = [self.low, self.high]
        if c2 < 0 and self.low < -c1 / (2 * c2) < self.high:
            at.append(-c1 / (2 * c2))
        return max(c0 + c1 * w + c2 * w * w for w in at)


@dataclass(frozen=True, kw_only=True)
class Trap:
    """SGD from w_0 = `stuck`, its gradients rounded deterministically.

    quantizer: round to nearest or toward zero, with loss scale 1.  level: a positive number at
    which the rounded value jumps.  stuck: s, less than half a spacing there; a = level - s and
    b = level + s.  radius: r.  alpha: the constant of (b).  reach: R.  V_1 is 2.
    """

    quantizer: Quantizer
    level: fmpq
    stuck: fmpq
    radius: fmpq
    alpha: fmpq
    reach: fmpq

    V_1: ClassVar[fmpq] = fmpq(2)

    @property
    def oracle(self) -> AdditiveNoise:
        a, b = self.level - self.stuck, self.level + self.stuck
        return AdditiveNoise(BOWL, ((b / (a + b), (a,)), (a / (a + b), (-b,))))

    @property
    def variance(self) -> fmpq:
        """sigma2 = a b."""
        return self.oracle.variance_bound

    def instance(self, mu: fmpq, steps: int, quantizer: Quantizer | None = None) -> Instance:
        """The run as an instance; with another quantizer, what that one makes of the problem."""
        noise = RoundingError(quantizer or self.quantizer)
        process = Process(self.oracle, (self.stuck,), (mu,) * steps, Scheduled((ONE,)), noise)
        return Instance({}, BOWL, process)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of abs(w) <= reach, and between them every point where a value jumps."""
        values = self.quantizer.format.values()
        both = sorted({*values, *(-v for v in values)})
        jumps = both
        if self.quantizer.rounding is Rounding.NEAREST:
            jumps = [(x + y) / 2 for x, y in pairwise(both)]
        shifts = [z[0] for _, z in self.oracle.support]
        ends = {-self.reach, self.reach, *(x - z for x in jumps for z in shifts)}
        kept = sorted(w for w in ends if abs(w) <= self.reach)
        inside = [self._cell(low, high) for low, high in pairwise(kept)]
        return (*inside, *(self._cell(w, w) for w in kept))

    def _cell(self, low: fmpq, high: fmpq) -> Cell:
        middle = (low + high) / 2
        rounded = [(p, self.quantizer.round(middle + z[0])) for p, z in self.oracle.support]
        mean = sum((p * x for p, x in rounded), ZERO)
        return Cell(low, high, mean, sum((p * x * x for p, x in rounded), ZERO))

    def stays(self, quantizer: Quantizer | None = None) -> bool:
        """Whether no step of size mu <= 1 leaves abs(w) <= reach; it is enough to look at mu = 1.

        Rounding moves g by at most 2u abs(g) plus a subnormal spacing, in every mode.
        """
        fmt = (quantizer or self.quantizer).format
        u, h = fmt.unit_roundoff, fmt.subnormal_spacing
        noise = self.level + abs(self.stuck)
        return bool(
            noise + 2 * u * (self.reach + noise) + h <= self.reach
            and self.reach + noise <= fmt.largest
        )

    @cached_property
    def kappa(self) -> fmpq:
        """The greatest kappa with (w - s) h >= kappa (w - s)^2; negative if there is none."""
        found = [ONE]
        for cell in self.cells:
            ends = [w - self.stuck for w in (cell.low, cell.high)]
            if ends[0] < 0 < ends[1]:
                return -ONE  # s inside a cell is no trap
            found += [cell.mean / x for x in ends if x]
        return min(found)

    @cached_property
    def floor(self) -> fmpq:
        """f with E norm(grad F(w_k))^2 >= f for all 0 < mu <= 1 and k; 0 where this proves none."""
        s, r, alpha = abs(self.stuck), self.radius, self.alpha
        kappa, v_1 = self.kappa, self.V_1
        if not (self.stays() and kappa > 0 and kappa**2 <= v_1 and 0 < r < s):
            return ZERO  # v_1 >= kappa^2 keeps the factor of (a) from being negative
        v_0 = max(
            cell.greatest(cell.square - v_1 * s**2, 2 * v_1 * self.stuck, -v_1)
            for cell in self.cells
        )
        delta = max(cell.greatest(ZERO, cell.mean, -alpha) for cell in self.cells)
        v_min = min(cell.square for cell in self.cells)
        spread = min(cell.variance for cell in self.cells)
        small = 2 * kappa * r**2 / (v_1 * r**2 + v_0)  # (a) holds up to this mu
        large = 1 / (2 * alpha)  # (b) up to this one, (c) from it on
        found = min((s - r) ** 2, (small * v_min - 2 * delta) / (2 * alpha), large**2 * spread)
        return max(found, ZERO)

    @property
    def share(self) -> fmpq:
        """The floor as a fraction of u^2 sigma2."""
        return self.floor / (self.quantizer.format.unit_roundoff**2 * self.variance)

    def escape(self) -> Plan:
        """How stochastic rounding of the same problem gets below half the floor, by E3p.

        Raises ValueError where a run could overflow, and so leave what that theorem assumes.
        """
        quantizer = replace(self.quantizer, rounding=Rounding.STOCHASTIC)
        if not self.stays(quantizer):
            raise ValueError("stochastic rounding may overflow on this problem")
        constants = {
            "L": ONE,
            "c": ONE,
            "sigma2": self.variance,
            "gap": BOWL.value((self.stuck,)),
        }
        given = {name: fraction(x) for name, x in constants.items()}
        # norm(grad F)^2 = 2 F
        return plan("E3p", {**given, **rounded_constants(quantizer, 1)}, fraction(self.floor) / 4)


def trap(
    name: str, rounding: Rounding, *, above: int, stuck: fmpq, radius: fmpq, alpha: fmpq
) -> Trap:
    """At the jump number `above` beyond 1; stuck and radius in spacings there."""
    fmt = FORMATS[name]
    spacing = fmt.spacing(ONE)
    level = ONE + above * spacing + (spacing / 2 if rounding is Rounding.NEAREST else ZERO)
    return Trap(
        quantizer=Quantizer(fmt, rounding),
        level=level,
        stuck=stuck * spacing,
        radius=radius * spacing,
        alpha=alpha,
        reach=2 * level,
    )


TRAPS = {
    "e4m3fn, nearest": trap(
        "e4m3fn",
        Rounding.NEAREST,
        above=0,
        stuck=fmpq(3, 8),
        radius=fmpq(3, 10),
        alpha=fmpq(19, 8),
    ),
    "e4m3fn, toward-zero": trap(
        "e4m3fn",
        Rounding.TOWARD_ZERO,
        above=1,
        stuck=fmpq(7, 16),
        radius=fmpq(11, 30),
        alpha=fmpq(17, 8),
    ),
}


@dataclass(frozen=True)
class Attained:
    """Positive gradients are shrunk by a factor 1 - u, others stretched by 1 + u.

    At w_0 = u the gradient is 1 with probability (1 + u)/2 and -1 otherwise; sigma2 = 1 - u^2.
    With mu (1 + u) <= 1 every iterate is a mean of the one before and of minus the noise, so each
    sample's gradient keeps its sign, the step is affine in w, and E w_k = u for ever.  Therefore
    E norm(grad F(w_k))^2 >= u^2 = u^2 sigma2/(1 - u^2), the limit of the floor of T7c.
    """

    u: fmpq

    @property
    def oracle(self) -> AdditiveNoise:
        u = self.u
        return AdditiveNoise(BOWL, (((1 + u) / 2, (1 - u,)), ((1 - u) / 2, (-1 - u,))))

    @property
    def shrinkage(self) -> Shrinkage:
        return OfSample((ONE,), 1 - self.u, 1 + self.u)

    def instance(self, mu: fmpq, steps: int) -> Instance:
        process = Process(self.oracle, (self.u,), (mu,) * steps, self.shrinkage)
        return Instance({}, BOWL, process)

    def gradient_norm2(self, mu: fmpq) -> Iterator[fmpq]:
        """E norm(grad F(w_k))^2 for k = 0, 1, 2, ...  Raises ValueError unless mu (1 + u) <= 1."""
        if not 0 < mu * (1 + self.u) <= 1:
            raise ValueError(f"mu = {mu}: expected 0 < mu <= 1/(1 + u) = {1 / (1 + self.u)}")
        factors = 1 - self.u, 1 + self.u
        steps = [
            (p, 1 - mu * q, -mu * q * z[0])  # w <- rate w + shift
            for (p, z), q in zip(self.oracle.support, factors, strict=True)
        ]
        mean, square = self.u, self.u**2
        while True:
            yield square
            square = sum(
                (p * (a * a * square + 2 * a * b * mean + b * b) for p, a, b in steps), ZERO
            )
            mean = sum((p * (a * mean + b) for p, a, b in steps), ZERO)
