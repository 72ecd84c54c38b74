"""Sections of the report: what is proved, what was checked, and what the abstract says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shrinkproof.document import Block, Heading, Paragraph, Table
from shrinkproof.exact import fraction
from shrinkproof.experiments import Outcome
from shrinkproof.long_runs import HORIZONS, SHRINKAGE, comparisons
from shrinkproof.training import Rounded
from shrinkproof.training_sections import short_up

Rows = Sequence[Mapping[str, Any]]


def in_short(verification: Rows, checks: Rows, outcomes: Sequence[Outcome]) -> list[Block]:
    """The report in one line."""
    judged = [outcome.refuted for outcome in outcomes if outcome.bounds]
    rounded = [outcome for outcome in outcomes if isinstance(outcome.rule, Rounded)]
    inside = sum(outcome.in_the_papers_model for outcome in rounded)
    bounded = sum(bool(outcome.bounds) for outcome in rounded)
    counts = [
        (sum(bool(row["verified"]) for row in verification), len(verification), "results verified"),
        (sum(bool(row["held"]) for row in checks), len(checks), "property checks held"),
        (sum(judged), len(judged), "proved bounds contradicted by what was measured"),
        (bounded, len(rounded), "ways to round a gradient have a proved bound"),
        (inside, len(rounded), "are inside the paper's model"),
    ]
    parts = [f"{count} of {total} {words}" for count, total, words in counts if total]
    return [Paragraph(f"In short: {'; '.join(parts)}.")]


def without_scripts(rows: Rows) -> Rows:
    hidden = ("refuted", "script")
    return [{name: x for name, x in row.items() if name not in hidden} for row in rows]


def listing(rows: Rows, verdict: str) -> list[Block]:
    if not rows:
        return [Paragraph("Not part of this run.")]
    good = sum(bool(row[verdict]) for row in rows)
    header = tuple(rows[0])
    cells = tuple(tuple(_words(name, row.get(name)) for name in header) for row in rows)
    return [Paragraph(f"{good} of {len(rows)} {verdict}."), Table(header=header, rows=cells)]


def audited(rows: Rows) -> list[Block]:
    """Each claim with its verdict and the evidence, by name; `shrinkproof claims` says it all."""
    if not rows:
        return [Paragraph("Not part of this run.")]
    cells = tuple(
        (
            str(row["claim"]),
            f"{row['verdict']}: {row['under']}" if row["under"] else str(row["verdict"]),
            _cited(row["evidence"]),
            str(row["words"]),
        )
        for row in rows
    )
    return [Table(header=("claim", "verdict", "shown by", "in words"), rows=cells)]


def _cited(evidence: Sequence[Mapping[str, Any]]) -> str:
    named = [e for e in evidence if e["kind"] != "value" or not e["verified"]]
    names = [f"{'' if e['verified'] else 'NOT '}{e['id']}" for e in named]
    values = len(evidence) - len(named)
    counted = [f"{values} exact value{'s' if values > 1 else ''}"] if values else []
    return "; ".join([*names, *counted])


def _words(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    if name == "digest":
        return f"`{str(value)[:16]}`"  # enough to recognise; `verify --json` prints all of it
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def long_runs() -> list[Block]:
    """Bounds against exact expectations."""
    rows = tuple(
        (
            "c = L" if found.curvature == 1 else f"c = {found.curvature} L",
            found.theorem,
            *("1, exactly" if x == 1 else short_up(fraction(x)) for x in found.ratios),
        )
        for found in comparisons()
    )
    return [
        Heading("How far the bounds are from the truth"),
        Paragraph(
            "The bound over what it bounds, both exact rationals, for SGD on two quadratics with "
            f"sampling noise, quantization noise and q = {SHRINKAGE}. Where all directions are "
            "curved alike, the bounds for strong convexity are attained at every K, rate and floor."
        ),
        Table(header=("problem", "theorem", *(f"K = {k}" for k in HORIZONS)), rows=rows),
    ]
