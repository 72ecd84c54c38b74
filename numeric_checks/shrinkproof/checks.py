"""Property checks: a statement against instances made by hand and random ones, exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import (
    HealthCheck,
    Phase,
    Verbosity,
    currently_in_test_context,
    given,
    seed,
    settings,
    target,
)

from shrinkproof.evaluation import Instance, Slack
from shrinkproof.instances import instances
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.reading import read
from shrinkproof.sharp import sharp_instances
from shrinkproof.verdicts import Undecided, decided, fails, violated_hypotheses

EXAMPLES = 300


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

    sharp: how many instances made by hand were tried; examples: how many random ones.  tight: how
    many of either had a conclusion with equality.  undecided: how many had one so nearly with
    equality that balls did not settle its sign; they count neither way.
    """

    statement: Statement
    sharp: int
    examples: int
    tight: int
    undecided: int
    refuted: Refuted | None

    @property
    def held(self) -> bool:
        return self.refuted is None


def examine(statement: Statement, instance: Instance) -> int:
    """How many conclusions hold with equality.  Raises Refuted where one fails.

    Inside a Hypothesis test it also steers the search towards equality.
    """
    tight = 0
    for i, conclusion in enumerate(statement.conclusions):
        slack = decided(instance, conclusion)
        if fails(conclusion, slack):
            raise Refuted(statement, instance, conclusion, slack)
        tight += bool(slack.value == 0)
        if currently_in_test_context() and slack.ratio is not None:
            target(slack.ratio, label=f"conclusion {i}")
    return tight


def check(
    statement: Statement,
    *,
    examples: int = EXAMPLES,
    random_seed: int = 0,
    progress: Callable[[], object] = lambda: None,
) -> Report:
    """Look for an instance that refutes the statement: first among those made by hand.

    examples: how many random instances; one that refutes it is shrunk.  Raises NothingToTry, with
    the symbol or hypothesis that is in the way, if no instance can be made.
    """
    counted = Counter[str]()

    def on(instance: Instance, kind: str) -> None:
        counted[kind] += 1
        try:
            counted["tight"] += examine(statement, instance) > 0
        except Undecided:
            counted["undecided"] += 1

    def search(instance: Instance) -> None:
        progress()
        on(instance, "examples")

    refuted: Refuted | None = None
    try:
        for instance in sharp_instances(read(statement)):
            on(instance, "sharp")
        if examples:
            _search(statement, examples, random_seed, search)
    except Refuted as found:
        refuted = found
        if broken := violated_hypotheses(statement, found.instance):
            raise RuntimeError(f"an instance breaks {broken} of {statement.id}") from found
    return Report(
        statement,
        counted["sharp"],
        counted["examples"],
        counted["tight"],
        counted["undecided"],
        refuted,
    )


def _search(
    statement: Statement, examples: int, random_seed: int, on: Callable[[Instance], object]
) -> None:
    """Random instances, one after the other; what ``on`` raises is shrunk."""

    @seed(random_seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.target, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(instances(statement))
    def search(instance: Instance) -> None:
        on(instance)

    search()
