"""What is known when, in Coq: types for what is random, and the names that surround a term.

An element k of a sequence is a function of k alone (``start``), of the history h of the steps
before k (``past``), of h and the sample xi of step k (``sample``), or of h, xi and the noise
zeta of that step (``next``); Process.v has the same table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shrinkproof.kernel.normal import START
from shrinkproof.kernel.term import INDEX, SCALAR, STAGE, Term

Index = tuple[str, int]  # variable and offset
# What is known at a time: the history, then the sample, then the noise of that step.
DEPTHS = {"past": 0, "sample": 1, "next": 2}


# What these names mean in a printed statement is not up to it.
RESERVED = set(
    """R S nat sum prod inner norm2 grad sqrt Rmax INR time start after always History Sample Noise
    Space Process Objective E_run E_past E_sample M_past M_sample forall fun let in if then else
    match with end return as at cofix exists exists2 fix for by Prop Set Type using where mod
    """.split()  # noqa: SIM905
)


class NotExpressible(ValueError):
    """A statement that has no counterpart in Coq; the message says why."""


@dataclass(frozen=True)
class Names:
    """What a statement calls the space, the process, and what is known of it."""

    space: str = "V"
    process: str = "P"
    history: str = "h"
    sample: str = "xi"
    noise: str = "zeta"

    def type(self, sort: str, known: str) -> str:
        """The type of what is of this sort and known then: an element of a sequence; "" for a
        constant, "never" for a random variable (known at the end of a step)."""
        if sort == INDEX:
            return "nat"
        given = {"": 0, "start": 0, "past": 1, "sample": 2}.get(known, 3)
        draws = [f"{x} {self.process} -> " for x in ("History", "Sample", "Noise")[:given]]
        fixed = "nat -> " if known == "start" else ""
        return fixed + "".join(draws) + ("R" if sort == SCALAR else self.space)


@dataclass(frozen=True)
class Moment:
    """Coq's names for a history, and for as much of the step after it as is known."""

    history: str
    sample: str = ""
    noise: str = ""

    def known(self) -> tuple[str, str, str]:
        return self.history, self.sample, self.noise


@dataclass(frozen=True)
class Scope:
    """What surrounds a term: the numbers and moments that its indices stand for.

    ``variables``: random variables that are no sequence's elements.  ``moment``: what the
    innermost expectation averages over.
    """

    names: Names
    numbers: Mapping[str, str] = field(default_factory=dict)
    moments: Mapping[Index, Moment] = field(default_factory=dict)
    variables: frozenset[str] = frozenset()
    moment: Moment | None = None

    def number(self, i: Term) -> str:
        """An index, as a natural number and an argument."""
        if not i[1]:
            return f"{i[2]}%nat"
        written = self.numbers.get(i[1], called(i[1]))
        for _ in range(i[2]):
            written = f"S {_closed(written)}"
        return _closed(written)

    def at(self, i: Term, depth: int) -> tuple[str, ...]:
        """What is known at time i: arguments for a function of it."""
        moment = self.moments.get(time_of(i))
        before = self.moments.get((i[1], i[2] - 1))
        if depth == 0 and moment is not None:
            return (moment.history,)
        if depth == 0 and i[1:] == ("", 0):
            return ("start",)
        if depth == 0 and before is not None and before.noise:
            return (f"(after {before.history} {before.sample} {before.noise})",)
        if moment is not None and (moment.sample, moment.noise)[depth - 1]:
            return moment.known()[: depth + 1]
        raise NotExpressible(f"what is random at time {shown(i)} stands outside every quantifier")

    def knowing(self, i: Term, moment: Moment) -> Scope:
        """The scope in which this is known of the step from time i."""
        return replace(self, moments={**self.moments, time_of(i): moment}, moment=moment)

    def drawn_at(self, i: Term, depth: int) -> Moment:
        """Names for the history at time i and for that much of the step after it."""
        names = (self.names.history, self.names.sample, self.names.noise)[: depth + 1]
        return Moment(*(self.fresh(x, i) for x in names))

    def fresh(self, name: str, i: Term) -> str:
        """A name that nothing outside the step from time i uses."""
        others = [m for j, m in self.moments.items() if j != time_of(i)]
        used = [x for m in others for x in m.known()]
        known = self.moments.get(time_of(i), Moment(""))
        words = set(re.findall(r"[\w']+", " ".join([*used, *self.numbers.values(), known.history])))
        while name in words:
            name += "'"
        return name


def called(name: str) -> str:
    """A symbol's name in Coq."""
    return f"{name}_" if name in RESERVED else name


def _closed(written: str) -> str:
    return f"({written})" if " " in written else written


def time_of(i: Term) -> Index:
    return i[1], i[2]


def shown(i: Term) -> str:
    """An index in a message."""
    return f"{i[1]}+{i[2]}" if i[1] and i[2] else i[1] or str(i[2])


def anchors(t: Term) -> frozenset[tuple[Index, int]]:
    """The times at which a term is random, outside its own expectations, and how much it needs of
    the step from there."""
    found: set[tuple[Index, int]] = set()
    if t.op == "at" and t[3] in DEPTHS:
        found = {(time_of(t[4]), DEPTHS[t[3]])}
    elif t.op in ("mean", "vmean"):
        return frozenset() if t[1] == START else frozenset({(time_of(t[1][1]), t[1][2])})
    elif t.op == "oracle":
        found = {(time_of(t[2]), 1)}
    for x in t.args:
        if isinstance(x, Term) and x.sort not in (INDEX, STAGE):
            found |= anchors(x)
    if t.op in ("sum", "prod") and any(i[0] == t[1] for i, _ in found):
        raise NotExpressible("a sum of random terms outside every expectation")
    return frozenset(found) - {(("", 0), 0)}


def step_of(t: Term, variable: str | None = None) -> tuple[Index, int] | None:
    """The step that a term is about: its time, and how much of it; None for a deterministic term.

    Everything random must be of that one step, which ends with the history of the next.
    """
    needed = {a for a in anchors(t) if variable in (None, a[0][0])}
    if not needed:
        return None
    base = min(i for i, _ in needed)
    depths = set()
    for i, depth in needed:
        if i == base:
            depths.add(depth)
        elif i == (base[0], base[1] + 1) and depth == 0:
            depths.add(2)
        else:
            raise NotExpressible("random terms of times that are more than one step apart")
    return base, max(depths)


def averaged(t: Term, name: str) -> bool:
    """Whether a variable stands inside expectations, all of which are given the same stage."""
    stages: set[object] = set()

    def walk(x: Term, stage: object) -> None:
        if x.op == "sym" and x[1] == name:
            stages.add(stage)
        inner = x[1][1] if x.op in ("mean", "vmean") else stage
        for y in x.args:
            if isinstance(y, Term):
                walk(y, inner)

    walk(t, None)
    if len(stages) > 1:
        raise NotExpressible(f"{name!r} is averaged over different steps, or averaged and not")
    return bool(stages - {None})
