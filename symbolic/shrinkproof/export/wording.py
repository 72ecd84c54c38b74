"""Sentences with formulas in them, before any format has been chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shrinkproof.kernel.term import Term

Span = str | Term | tuple[Term, Term]  # words, a formula, or a symbol and the value put for it
Words = tuple[Span, ...]


@dataclass(frozen=True)
class Reason:
    """Why a step holds: words before its formula, its certificate, and words after that.

    Where there is a certificate, ``scale`` (1 if None) times the right side minus the left side of
    the formula equals it.
    """

    lead: Words
    certificate: Term | None = None
    scale: Term | None = None
    tail: Words = ()


def listed(items: Iterable[Words]) -> Words:
    """a, b and c; each once."""
    each = list(dict.fromkeys(items))
    words: Words = ()
    for i, item in enumerate(each):
        joint = "" if i == 0 else " and " if i == len(each) - 1 else ", "
        words += (joint, *item)
    return words
