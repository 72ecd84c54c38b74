"""Exact verdicts: whether a proposition holds on an instance."""

from __future__ import annotations

from flint import ctx

from shrinkproof.construction import by_construction
from shrinkproof.evaluation import Instance, OnInstance, Slack
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement

MOST_BITS = 2048


class Undecided(ArithmeticError):
    """A sign that balls of MOST_BITS bits do not settle."""


def decided(instance: Instance, prop: Term, *, to_first: bool = False) -> Slack:
    """The slack of a proposition, as sharp as its sign needs.  Raises Undecided.

    to_first: the first negative slack will do, if there is one.

    Exact instances are decided at once.  For balls the precision is doubled until the sign is
    certain; an equation never is, so those are checked on exact instances alone.
    """
    precision = 64
    while True:
        with ctx.workprec(precision):
            slack = OnInstance(instance).slack(prop, to_first=to_first)
            if slack.value >= 0 or slack.value < 0:
                return slack
        precision *= 2
        if precision > MOST_BITS:
            raise Undecided(f"the sign of {slack.value} is not settled at {MOST_BITS} bits")


def holds(instance: Instance, prop: Term) -> bool:
    """Whether a proposition holds on an instance.  Raises Undecided."""
    return not fails(prop, decided(instance, prop))


def violated_hypotheses(statement: Statement, instance: Instance) -> list[str]:
    """Names of the hypotheses that certainly fail on an instance."""
    return [h.name for h in statement.hypotheses if violated(instance, h.prop)]


def unestablished_hypotheses(statement: Statement, instance: Instance) -> list[str]:
    """Names of the hypotheses that fail on an instance, or are not decided there."""
    return [h.name for h in statement.hypotheses if violated(instance, h.prop) is not False]


def violated(instance: Instance, prop: Term) -> bool | None:
    """Whether a proposition fails; None where neither trying it nor construction settles it."""
    known = by_construction(instance, prop)
    if known:
        return False
    try:
        failed = fails(prop, decided(instance, prop, to_first=True))
    except Undecided:
        return None
    return None if known is False and not failed else failed


def fails(prop: Term, slack: Slack) -> bool:
    """Whether a proposition of this slack is false: a strict inequality is so with slack zero."""
    inner = prop
    while inner[0] == "forall":
        inner = inner[2]
    return bool(slack.value < 0 or (inner[0] == "lt" and slack.value == 0))
