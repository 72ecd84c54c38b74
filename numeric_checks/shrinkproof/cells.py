"""Single numbers being rounded: what the scalar sequences of a rounding theorem stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flint import fmpq

from shrinkproof.exact import Vector
from shrinkproof.language.evaluate import EvaluationError
from shrinkproof.quantizers import Quantizer, Rounding


def number_of_cell(quantizer: Quantizer, name: str, g: Vector, eps: Sequence[Vector]) -> fmpq:
    """One of the numbers around the rounding of the first coordinate of g, in units of the format.

    ``x``: its size.  ``a``: the largest number of the format up to x.  ``h``: the spacing there.
    ``N``, ``Z``: x rounded to nearest and toward zero.  ``Q``: x rounded as the quantizer does, if
    eps, the rounding error of g, is drawn; ``B``: how many spacings Q lies above a.
    """
    x = abs(quantizer.scale * g[0])
    h = quantizer.format.spacing(x)
    a = int((x / h).floor()) * h
    if name in ("x", "a", "h"):
        return {"x": x, "a": a, "h": h}[name]
    if name in ("N", "Z"):
        rounding = Rounding.NEAREST if name == "N" else Rounding.TOWARD_ZERO
        return replace(quantizer, rounding=rounding, scale=fmpq(1)).round(x)
    if name in ("Q", "B") and eps:
        rounded = abs(quantizer.scale * (g[0] + eps[0][0]))
        return rounded if name == "Q" else (rounded - a) / h
    raise EvaluationError(f"no value for {name}")
