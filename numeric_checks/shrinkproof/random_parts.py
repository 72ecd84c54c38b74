"""What of a term may be random, and what its quantified indices number."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from shrinkproof.kernel.term import VECTOR, Term, subterms

R = TypeVar("R")
MOST_REMEMBERED = 10_000


def by_identity(function: Callable[[Term], R]) -> Callable[[Term], R]:
    """A function of terms that computes each value once: hashing a large term costs more."""
    known: dict[int, tuple[Term, R]] = {}

    @wraps(function)
    def remembered(t: Term) -> R:
        found = known.get(id(t))
        if found is None or found[0] is not t:
            if len(known) > MOST_REMEMBERED:  # where random points are put in, terms are new
                known.clear()
            found = known[id(t)] = t, function(t)
        return found[1]

    return remembered


@by_identity
def random_parts(t: Term) -> tuple[Term, ...]:
    """The outermost parts of a term that may be random: what its value waits for."""
    if t[0] in ("oracle", "mean", "vmean") or (t[0] == "at" and t[3] != "start"):
        return (t,)
    inside = tuple(
        found
        for x in t.args
        if isinstance(x, Term) and x[0] not in ("ix", "stage")
        for found in random_parts(x)
    )
    return (t,) if inside and t[0] in ("sum", "prod") else tuple(dict.fromkeys(inside))


def _index(t: Term) -> Term:
    """The step of a stage, or of a draw from an oracle."""
    index: Term = t[1] if t[0] == "stage" else t[2]
    return index


@by_identity
def role_of(prop: Term) -> str:
    """What a quantified index numbers: "coordinate", "step", or "length", a number of steps."""
    name, role = prop[1][1], "length"
    for t in subterms(prop[2]):
        if t[0] == "at" and t[4][1] == name:
            if t[2:4] == (VECTOR, "start"):
                return "coordinate"
            role = "step"
        elif t[0] in ("stage", "oracle") and _index(t)[1] == name:
            role = "step"
    return role
