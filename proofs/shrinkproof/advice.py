"""``formats`` and ``plan``: what the library says to someone who has to choose a format."""

from __future__ import annotations

import math
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

from shrinkproof import library
from shrinkproof.bounds import BoundError
from shrinkproof.cli import EXIT_OK, EXIT_REFUTED, UsageError
from shrinkproof.exact import rational
from shrinkproof.formats import FORMATS, format_named
from shrinkproof.guarantees import EXACT, MODES, Guarantee, guarantees, rounded_constants
from shrinkproof.output import print_json, print_table
from shrinkproof.planning import Plan, plan
from shrinkproof.quantizers import Quantizer, Rounding

LEGEND = """\
u: unit roundoff. spacing: of the subnormal numbers. overflow: the magnitude from which on a number
no longer rounds to a finite one. Against exact gradients (T1 with q = 1), by the named theorems:
stepsize: the effective over the nominal one, for small stepsizes. floor: a factor on the noise
floor, or a bias that no stepsize removes. steps: a factor on K for the same target, without noise.
All of it while no coordinate of the scaled gradient overflows or is subnormal; `shrinkproof plan`
counts in what underflows."""

PLAN_LEGEND = """\
K: the least with which the theorem's bound reaches the target, at a stepsize that needs hardly more
steps than the best. floor: what the bound tends to as K grows and mu falls to 0; a target at or
below it is not reached."""


def _short(x: Any, *, up: bool = True) -> str:
    """A number in few characters: exactly, as a power of two, or four digits rounded up or down."""
    value = Fraction(int(x.numerator), int(x.denominator))
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    if value < 1 and value == Fraction(2) ** exponent:
        return f"2^{exponent}"
    if len(str(value)) <= 8:
        return str(value)
    rounding = ROUND_CEILING if up else ROUND_FLOOR
    digits = Context(prec=4, rounding=rounding)
    return f"{digits.divide(Decimal(value.numerator), Decimal(value.denominator)):g}"


def _factor(x: Fraction, *, up: bool = True) -> str:
    """A factor near 1 to seven decimals, rounded up or down."""
    scaled = x * 10**7
    return f"{Decimal(math.ceil(scaled) if up else math.floor(scaled)).scaleb(-7):f}"


def formats(options: Namespace) -> int:
    rows = guarantees()
    if options.json:
        print_json([_data(g) for g in rows])
        return EXIT_OK
    heading = (
        "format, rounding, p, u, normal from, spacing, overflow, model, stepsize, floor, steps"
    )
    print_table([(*heading.split(", "), "theorems"), *map(_cells, rows)])
    print(f"\n{LEGEND}")
    return EXIT_OK


def _cells(g: Guarantee) -> tuple[str, ...]:
    fmt, mode = g.format, g.mode
    factor = g.noise_factor
    return (
        fmt.name,
        g.rounding.value,
        str(fmt.precision),
        _short(fmt.unit_roundoff),
        _short(fmt.smallest_normal),
        _short(fmt.subnormal_spacing),
        _short(g.overflow),
        f"{mode.model} ({mode.lemma})",
        _factor(g.stepsize_factor, up=False),
        f"x {_factor(factor)}" if factor else f"+ {_short(g.bias_floor)} sigma2",
        _factor(g.steps_factor),
        f"{mode.nonconvex}, {mode.pl}",
    )


def _data(g: Guarantee) -> dict[str, Any]:
    fmt, mode = g.format, g.mode
    return {
        "format": fmt.name,
        "rounding": g.rounding.value,
        "precision": fmt.precision,
        "unit_roundoff": str(fmt.unit_roundoff),
        "smallest_normal": str(fmt.smallest_normal),
        "subnormal_spacing": str(fmt.subnormal_spacing),
        "largest": str(fmt.largest),
        "overflow": str(g.overflow),
        "model": mode.model,
        "model_constants": {name: str(x) for name, x in g.constants.items()},
        "condition": f"every nonzero coordinate of the scaled gradient is between "
        f"{fmt.smallest_normal} and {fmt.largest} in magnitude",
        "stepsize_factor": str(g.stepsize_factor),
        "bias_floor": str(g.bias_floor),
        "noise_factor": None if g.noise_factor is None else str(g.noise_factor),
        "steps_factor": str(g.steps_factor),
        "lemma": mode.lemma,
        "theorems": [mode.nonconvex, mode.pl],
    }


NAMES = {
    "L": "smoothness",
    "sigma2": "variance of the stochastic gradient",
    "target": "what to reach",
    "c": "Polyak-Lojasiewicz or strong-convexity constant",
    "gap": "F(w_0) - F_star, with c",
    "Delta": "F(w_0) - F_inf, without c",
    "d": "dimension, for what underflows",
    "S": "loss scale (default 1)",
}


def planned(options: Namespace, values: Mapping[str, Any]) -> int:
    """The command ``plan``, its NAME=VALUE arguments read."""
    sys.set_int_max_str_digits(0)  # a number of steps can have more digits than Python converts
    given = _checked(values, options)
    target, scale = given.pop("target"), given.pop("S", Fraction(1))
    dimension = given.pop("d", None)
    rows: list[dict[str, Any]] = []
    for quantizer in _asked(options, scale):
        try:
            found = [plan(*p, target) for p in _problems(quantizer, given, dimension)]
        except BoundError as error:
            raise UsageError(str(error)) from None
        rows.append(_row(quantizer, min(found, key=_steps)))
    reached = any(row["reached"] for row in rows)
    quantity = "E F(w_K) - F_star" if "c" in given else "mean over k < K of E norm(grad F(w_k))^2"
    if options.json:
        data = {"quantity": quantity, "target": str(target), "plans": rows, "reached": reached}
        print_json(data)
    else:
        _print_plans(rows, f"{quantity} <= {_exact(target)}")
    return EXIT_OK if reached else EXIT_REFUTED


def _checked(values: Mapping[str, Any], options: Namespace) -> dict[str, Fraction]:
    """The values, if they are the names that a plan takes, one number each."""
    for name, value in values.items():
        if name not in NAMES:
            raise UsageError(f"unknown name {name}; a plan takes {', '.join(NAMES)}")
        if isinstance(value, tuple):
            raise UsageError(f"{name} is one number, not a list of {len(value)}")
    start, other = ("gap", "Delta") if "c" in values else ("Delta", "gap")
    needed = ["L", "sigma2", "target", start]
    needed += [] if options.format == "exact" else ["d"]
    for name in needed:
        if name not in values:
            raise UsageError(f"missing {name} ({NAMES[name]})")
    if other in values:
        raise UsageError(f"{other} does not go with these: {other} is {NAMES[other]}")
    for name in ("target", "S", "L"):
        if values.get(name, 1) <= 0:
            raise UsageError(f"{name} = {values[name]} is not positive")
    if "d" in values and (values["d"].denominator != 1 or values["d"] < 1):
        raise UsageError(f"d = {values['d']} is not a dimension; give an integer >= 1")
    return dict(values)


def _asked(options: Namespace, scale: Fraction) -> list[Quantizer | None]:
    """The quantizers to plan for; None stands for exact gradients."""
    names = [options.format] if options.format else ["exact", *FORMATS]
    if names[0] != "exact":
        try:
            format_named(names[0])
        except ValueError as error:
            raise UsageError(f"{error}, or exact") from None
    roundings = [Rounding(options.rounding)] if options.rounding else list(Rounding)
    found: list[Quantizer | None] = [None] if "exact" in names else []
    return found + [
        Quantizer(FORMATS[name], rounding, scale=rational(scale))
        for name in names
        if name != "exact"
        for rounding in roundings
    ]


def _problems(
    quantizer: Quantizer | None, given: Mapping[str, Fraction], dimension: Fraction | None
) -> list[tuple[str, Mapping[str, Fraction]]]:
    """The theorems that apply, each with all that it takes but mu and K."""
    if quantizer is None:
        shrunken, relative = ("T3p", "T7d") if "c" in given else ("T1", "T7c")
        return [(shrunken, {**given, **EXACT}), (relative, {**given, "u": Fraction(0)})]
    mode = MODES[quantizer.rounding]
    name = mode.pl if "c" in given else mode.nonconvex
    return [(name, {**given, **rounded_constants(quantizer, int(dimension or 1))})]


def _steps(found: Plan) -> float:
    return math.inf if found.steps is None else found.steps


def _row(quantizer: Quantizer | None, found: Plan) -> dict[str, Any]:
    largest = None if quantizer is None else quantizer.format.largest / quantizer.scale
    return {
        "format": "exact" if quantizer is None else quantizer.format.name,
        "rounding": "" if quantizer is None else quantizer.rounding.value,
        "theorem": library.result(found.theorem).id,
        "label": found.theorem,
        "reached": found.steps is not None,
        "stepsize": None if found.stepsize is None else str(found.stepsize),
        "K": found.steps,
        "largest_stepsize": str(found.largest),
        "least_floor": str(found.limit),
        "largest_coordinate": None if largest is None else str(largest),
    }


def _print_plans(rows: Sequence[Mapping[str, Any]], target: str) -> None:
    print(f"{target}\n")
    heading = ("format", "rounding", "stepsize", "K", "largest stepsize", "floor", "theorem")
    print_table([(*heading, "while abs(g_i) <="), *map(_plan_cells, rows)])
    print(f"\n{PLAN_LEGEND}")


def _plan_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    largest = row["largest_coordinate"]
    return (
        row["format"],
        row["rounding"],
        _exact(Fraction(row["stepsize"])) if row["reached"] else "not reached",
        _whole(row["K"]) if row["reached"] else "",
        _short(Fraction(row["largest_stepsize"]), up=False),
        _short(Fraction(row["least_floor"])),
        row["label"],
        "" if largest is None else _short(Fraction(largest), up=False),
    )


def _exact(x: Fraction) -> str:
    """A fraction in full, as m*2^-n where that is shorter, or roughly where it is very long."""
    power = x.denominator.bit_length() - 1
    short = f"{x.numerator}*2^-{power}"
    found = short if x.denominator == 1 << power and len(short) < len(str(x)) else str(x)
    return found if len(found) <= 30 else _short(x, up=False)


def _whole(n: int) -> str:
    return str(n) if n < 10**15 else _short(Fraction(n))
