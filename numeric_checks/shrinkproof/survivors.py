"""Why mutants survive the numbers: data, one entry for each, or for each hypothesis left out."""

from __future__ import annotations

from shrinkproof.mutations import Mutant

EXPLAINED: dict[tuple[str, str], str] = {}

WITHOUT: dict[str, str] = {}


def explanation(label: str, mutant: Mutant) -> str:
    """Why no instance refutes the mutant; "" where nobody has said yet."""
    left_out = mutant.dropped.name if mutant.dropped is not None else ""
    return EXPLAINED.get((label, mutant.name)) or WITHOUT.get(left_out, "")
