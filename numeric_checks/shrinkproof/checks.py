"""Property checks: a statement against random instances, with an exact verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import flint
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from shrinkproof.evaluation import Instance, OnInstance, Slack
from shrinkproof.instances import instances
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement

EXAMPLES = 200
MOST_BITS = 2048


class Undecided(ArithmeticError):
    """A sign that balls of MOST_BITS bits do not settle."""


class Refuted(Exception):
    """A statement and an instance on which its hypotheses hold and a conclusion fails."""

    def __init__(self, statement: Statement, instance: Instance, conclusion: Term, slack: Slack):
        super().__init__(f"{statement.label} fails by {slack.value} {slack.where}".rstrip())
        self.statement = statement
        self.instance = instance
        self.conclusion = conclusion
        self.slack = slack

    def script(self) -> str:
        """Python source that builds the instance and shows the failure when it is run."""
        from shrinkproof.replay import script

        return script(self.conclusion, self.instance, self.statement)


@dataclass(frozen=True)
class Report:
    """What a run of checks found.

    tight: how many examples had a conclusion with equality.  undecided: how many had one so
    nearly with equality that balls did not settle its sign; they count neither way.
    """

    statement: Statement
    examples: int
    tight: int
    undecided: int
    refuted: Refuted | None

    @property
    def held(self) -> bool:
        return self.refuted is None


@contextmanager
def _bits(precision: int) -> Iterator[None]:
    kept = flint.ctx.prec
    flint.ctx.prec = precision
    try:
        yield
    finally:
        flint.ctx.prec = kept


def decided(instance: Instance, prop: Term) -> Slack:
    """The slack of a proposition, as sharp as its sign needs.  Raises Undecided.

    Exact instances are decided at once.  For balls the precision is doubled until the sign is
    certain; an equation never is, so those are checked on exact instances alone.
    """
    precision = 64
    while True:
        with _bits(precision):
            slack = OnInstance(instance).slack(prop)
            if slack.value >= 0 or slack.value < 0:
                return slack
        precision *= 2
        if precision > MOST_BITS:
            raise Undecided(f"the sign of {slack.value} is not settled at {MOST_BITS} bits")


def holds(instance: Instance, prop: Term) -> bool:
    return bool(decided(instance, prop).value >= 0)


def violated_hypotheses(statement: Statement, instance: Instance) -> list[str]:
    """Names of the hypotheses that fail on an instance (points: at those it lists)."""
    return [
        h.name
        for h in statement.hypotheses
        if not (holds(instance, h.prop) and _strictly(instance, h.prop))
    ]


def _strictly(instance: Instance, prop: Term) -> bool:
    while prop[0] == "forall":
        prop = prop[2]
    return prop[0] != "lt" or not OnInstance(instance).slack(prop).value == 0


def examine(statement: Statement, instance: Instance) -> int:
    """How many conclusions hold with equality.  Raises Refuted where one fails."""
    tight = 0
    for conclusion in statement.conclusions:
        slack = decided(instance, conclusion)
        if slack.value < 0:
            raise Refuted(statement, instance, conclusion, slack)
        tight += bool(slack.value == 0)
    return tight


def check(
    statement: Statement,
    *,
    examples: int = EXAMPLES,
    random_seed: int = 0,
    progress: Callable[[], object] = lambda: None,
) -> Report:
    """Look for an instance that refutes the statement, and shrink it if there is one."""
    counted = Counter[str]()

    @seed(random_seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(instances(statement))
    def on(instance: Instance) -> None:
        counted["examples"] += 1
        progress()
        try:
            counted["tight"] += examine(statement, instance) > 0
        except Undecided:
            counted["undecided"] += 1

    refuted: Refuted | None = None
    try:
        on()
    except Refuted as found:
        refuted = found
        if broken := violated_hypotheses(statement, found.instance):
            raise RuntimeError(f"the strategy broke {broken} of {statement.id}") from found
    return Report(
        statement, counted["examples"], counted["tight"], counted["undecided"], refuted
    )


__all__ = ["Refuted", "Report", "Undecided", "check", "decided", "examine", "holds"]
