"""Theorems on one line, for ``repr`` and for messages."""

from __future__ import annotations

from shrinkproof.export.printer import text
from shrinkproof.kernel.rules import Theorem, assumptions


def sequent(theorem: Theorem) -> str:
    """``hypotheses ⊢ conclusion``."""
    hypotheses = ", ".join(
        f"({text(h)})" if h.op == "forall" else text(h) for h in assumptions(theorem)
    )
    return f"{hypotheses} ⊢ {text(theorem.conclusion)}".strip()
