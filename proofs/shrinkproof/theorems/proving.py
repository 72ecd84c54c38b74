"""What a theorem module is made of: its statement, and a proof that is held to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from shrinkproof.kernel import Theorem, assume
from shrinkproof.language.statement import Hypothesis, Statement

Proof = Callable[[], tuple[Theorem, ...]]


def proof_of(
    statement: Statement,
) -> Callable[[Callable[[], Theorem | tuple[Theorem, ...]]], Proof]:
    """Decorate a proof script: run it once, refuse it unless it proves exactly the statement."""

    def decorate(script: Callable[[], Theorem | tuple[Theorem, ...]]) -> Proof:
        @cache
        def prove() -> tuple[Theorem, ...]:
            found = script()
            theorems = found if isinstance(found, tuple) else (found,)
            statement.require(theorems)
            return theorems

        return prove

    return decorate


def given(hypothesis: Hypothesis) -> Theorem:
    """The hypothesis, assumed."""
    return assume(hypothesis.prop)
